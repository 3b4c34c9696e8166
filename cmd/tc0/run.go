package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/internal/table"
)

type runCmd struct {
	Model    string  `arg:"" help:"A shipped model (tc0 list names them) or a model folder."`
	Input    string  `arg:"" optional:"" help:"For a model of sequences: the sequence, such as abacabadabacabae; for a language model: the text to continue, such as 123+989; for a diffusion model that answers questions: the bits of one."`
	Index    int     `default:"0" placeholder:"I" help:"The first held-out input to use (${default})."`
	Count    int     `default:"1" placeholder:"N" help:"How many held-out inputs to use, from --index on, or how often a diffusion model draws (${default})."`
	Noise    float64 `placeholder:"T" help:"For a diffusion model of images: denoise the held-out images from --index on, with noise of this time added, 0 for none to 1 for nothing but noise. Unless given, draw new images."`
	In       string  `placeholder:"FILE" help:"Use the inputs in a file, one a line: integers, or sequences of letters."`
	Strategy string  `placeholder:"NAME" help:"How values are encoded: min-depth, balanced, min-size, or parts joined by +."`
	basisFlag
	estimateFlag
	shardFlags
}

func (runCmd) Help() string {
	return `The answers are computed by the circuit. The network in integers and the network in floating point
answer, too, to compare with. With --json there are their logits, too: of the network in floating point, and of the
circuit if they are outputs of it, as in a language model; a row for each position or token that answers.

Examples:

  tc0 run digits --index 7
  tc0 run digits --count 100
  tc0 run most-frequent abacabadabacabae
  tc0 run most-frequent --index 3 --count 5 --json
  tc0 run adder 123+989
  tc0 run words capt
  tc0 run digit-denoiser:steps=16 --count 3 --seed 5
  tc0 run digit-denoiser:steps=16 --index 7 --noise 0.6
  tc0 run parity-denoiser 101100 --count 25
`
}

// task is one input of a model, and where it comes from.
type task struct {
	from  string
	in    []int64
	right []int // the right answers, −1 where none is asked for; nil if they are not known

	target []float64 // the right numbers of a regression; nil if they are not known
}

// answer is the JSON of one input.
type answer struct {
	From      string  `json:"from"`
	Input     []int64 `json:"input"`
	Label     string  `json:"label,omitempty"` // the right answer, if it is known
	Circuit   string  `json:"circuit"`
	Reference string  `json:"reference"`
	Float     string  `json:"float"`
	Unit      float64 `json:"unit,omitempty"` // of a regression: real value of the integer 1 of an output

	// For each output that answers in turn, a logit for each label; of a regression, its numbers.
	CircuitLogits [][]float64 `json:"circuit_logits,omitempty"` // nil if the circuit has the labels alone
	FloatLogits   [][]float64 `json:"float_logits,omitempty"`

	same bool // circuit and reference, the answers that are not asked for included
}

func (cmd *runCmd) Run(a *app) error {
	s, err := a.open(target{
		Subject: cmd.Model, Strategy: cmd.Strategy, basisFlag: cmd.basisFlag, estimateFlag: cmd.estimateFlag,
	})
	if err != nil {
		return err
	}
	if _, ok := s.(interface{ draws() int }); !ok && cmd.Noise != 0 {
		return errf("--noise=%v: %s is no diffusion model", cmd.Noise, s.name())
	}
	m, ok := s.(interface {
		run(a *app, cmd *runCmd) error
	})
	if !ok {
		return errf("%s is a %s, and only a model is run; tc0 eval computes any circuit", s.name(), s.its().kind)
	}
	return m.run(a, cmd)
}

// outline is the JSON of the circuit of a model that is run. Its wires are not counted: that
// takes long in a large circuit.
type outline struct {
	Depth      int    `json:"depth"`
	DepthModel string `json:"depth_model"`
	Size       int    `json:"size"`
	Basis      string `json:"basis"`
}

// outline builds the circuit of s.
func (a *app) outline(s subject) (outline, error) {
	c, err := a.build(s)
	if err != nil {
		return outline{}, err
	}
	return outline{c.Levels(a.model).Depth, a.model.Name, c.Size(), s.its().basis.String()}, nil
}

func (a *app) printOutline(s subject, o outline) {
	a.Printf("%s: %s\ncircuit of %s, depth %d (%s model: %s)\n",
		s.name(), s.its().description, plural(o.Size, "gate"), o.Depth, o.DepthModel, a.model.Note)
	a.printBasis(s)
}

// classified is the JSON of inputs that a model answered.
type classified struct {
	Subject string `json:"subject"`
	outline
	Answers []answer `json:"answers"`
}

// run classifies inputs, or lets a language model continue texts.
func (s *modelSubject) run(a *app, cmd *runCmd) error {
	m := s.quantised.Model
	if m.Config.Language() && (cmd.Input != "" || cmd.In != "") {
		return cmd.generate(a, s)
	}
	tasks, err := cmd.tasks(a, m)
	if err != nil {
		return err
	}
	o, err := a.outline(s)
	if err != nil {
		return err
	}
	answers, err := a.answers(s, tasks)
	if err != nil {
		return err
	}
	return a.show(classified{s.path, o, answers}, func() {
		a.printOutline(s, o)
		a.printAnswers(&m.Config, tasks, answers)
	}, !slices.ContainsFunc(answers, func(x answer) bool { return !x.same }))
}

// answerRecord is an answer with what its JSON leaves out.
type answerRecord struct {
	answer
	Same bool `json:"same"`
}

// answers lets all three forms of the network answer; the tasks that other shards do are left out.
func (a *app) answers(s *modelSubject, tasks []task) ([]answer, error) {
	about := func(w io.Writer) error {
		for _, t := range tasks {
			fmt.Fprintln(w, t.from, t.in, t.right, t.target)
		}
		return nil
	}
	if err := shard.Of(a.ctx).About("inputs", about); err != nil {
		return nil, err
	}
	records, err := shard.List(a.ctx, "inputs", len(tasks), func(ctx context.Context, u shard.Units) ([]answerRecord, error) {
		own := make([]task, u.Len)
		vectors := make([][]int64, u.Len)
		for k := range own {
			own[k] = tasks[u.At(k)]
			vectors[k] = own[k].in
		}
		out, err := s.evaluator().Evaluate(ctx, vectors)
		if err != nil {
			return nil, err
		}
		records := make([]answerRecord, u.Len)
		for k, t := range own {
			x, err := a.answer(s, t, out[k])
			if err != nil {
				return nil, err
			}
			records[k] = answerRecord{x, x.same}
		}
		return records, nil
	})
	answers := make([]answer, len(tasks))
	for i, r := range records {
		if r != nil {
			answers[i], answers[i].same = r.answer, r.Same
		}
	}
	return answers, err
}

// answer lets all three forms of the network answer to one input, of which the circuit has computed out.
func (a *app) answer(s *modelSubject, t task, out []int64) (answer, error) {
	q := s.quantised
	if q.Model.Config.Regression() {
		return number(q, t, out)
	}
	reference, err := q.Predict(t.in)
	if err != nil {
		return answer{}, err
	}
	circuit, logits := q.Split(out)
	label := func(answers []int) string { return labelText(q.Model, answers, t.right) }
	x := answer{
		From: t.from, Input: t.in, Label: label(t.right), Circuit: label(circuit), Reference: label(reference),
		Float: label(q.Model.Predict(t.in)), same: slices.Equal(circuit, reference),
	}
	if a.flags.JSON || shard.Of(a.ctx) != nil { // JSON may be asked for when it is gathered
		x.CircuitLogits, x.FloatLogits = byLabel(q, logits), byLabel(q, q.Model.Forward(t.in))
	}
	return x, nil
}

// byLabel cuts logits into a row for each output that answers.
func byLabel(q *model.Quantised, logits []float64) [][]float64 {
	return slices.Collect(slices.Chunk(logits, len(q.Labels)))
}

// number answers with the numbers of a regression, in real units.
func number(q *model.Quantised, t task, out []int64) (answer, error) {
	reference, err := q.Program.Reference(t.in)
	write := func(values []float64) string {
		var words []string
		for _, v := range values {
			words = append(words, fmt.Sprintf("%.6g", v))
		}
		return strings.Join(words, " ")
	}
	circuit, float := q.Values(out), q.Model.Forward(t.in)
	return answer{
		From: t.from, Input: t.in, Label: write(t.target), Circuit: write(circuit),
		Reference: write(q.Values(reference)), Float: write(float), Unit: q.Unit(),
		CircuitLogits: [][]float64{circuit}, FloatLogits: [][]float64{float}, same: slices.Equal(out, reference),
	}, err
}

// labelText writes the answers that are asked for, in the order in which a person writes them.
func labelText(m *model.Model, answers, right []int) string {
	var names []string
	for k, v := range answers {
		if right == nil || right[k] >= 0 {
			names = append(names, m.Config.Labels[v])
		}
	}
	if m.Config.Text.Reversed {
		slices.Reverse(names)
	}
	return joinTokens(names)
}

// tasks collects the inputs that the flags name.
func (cmd *runCmd) tasks(a *app, m *model.Model) ([]task, error) {
	if in := &m.Config.Input; cmd.Input != "" && cmd.In == "" && in.Kind != "tokens" {
		return nil, errf("%s does not read sequences but %d integers of 0..%d; give them with --in FILE", cmd.Model,
			in.Ports(), in.Top())
	}
	if cmd.Input != "" || cmd.In != "" {
		return cmd.given(a, "inputs", func(line string, n int) ([]int64, error) {
			return cmd.sequence(&m.Config, line, n)
		})
	}
	if m.Test == nil {
		what := "inputs"
		if m.Config.Language() {
			what = "a text to continue, or a file of texts"
		}
		return nil, errf("%s has no held-out inputs (test.safetensors); give %s with --in FILE", cmd.Model, what)
	}
	if cmd.Count < 1 {
		return nil, errf("--count=%d: at least 1 is needed", cmd.Count)
	}
	if cmd.Index < 0 || cmd.Index >= m.Test.Len() {
		return nil, errf("--index=%d is outside 0..%d, the held-out inputs of %s", cmd.Index, m.Test.Len()-1, cmd.Model)
	}
	if cmd.Count > m.Test.Len()-cmd.Index {
		return nil, errf("--count=%d: %s has %d held-out inputs from --index=%d on", cmd.Count, cmd.Model,
			m.Test.Len()-cmd.Index, cmd.Index)
	}
	var tasks []task
	for i := cmd.Index; i < cmd.Index+cmd.Count; i++ {
		t := task{from: fmt.Sprintf("held-out input %d", i), in: m.Test.Inputs[i]}
		if m.Test.Labels != nil {
			t.right = m.Test.Labels[i]
		}
		if m.Test.Targets != nil {
			t.target = m.Test.Targets[i]
		}
		tasks = append(tasks, t)
	}
	return tasks, nil
}

// given reads the inputs on the command line, which is line 0, or in a file, one a line.
// Lines that nothing is read from are skipped.
func (cmd *runCmd) given(a *app, things string, read func(line string, n int) ([]int64, error)) ([]task, error) {
	switch {
	case cmd.Input != "" && cmd.In != "":
		return nil, errors.New("an input is given twice, as an argument and with --in")
	case cmd.Input != "":
		in, err := read(cmd.Input, 0)
		return []task{{from: "the command line", in: in}}, err
	}
	f, err := openInput(cmd.In)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var tasks []task
	err = eachLine(cmd.In, interruptible{a, f}, func(line string, n int) error {
		in, err := read(line, n)
		if err == nil && in != nil {
			tasks = append(tasks, task{from: fmt.Sprintf("%s:%d", cmd.In, n), in: in})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(tasks) == 0 {
		return nil, errf("%s: no %s in it", cmd.In, things)
	}
	return tasks, nil
}

// sequence reads such a line, as integers or as letters.
func (cmd *runCmd) sequence(config *model.Config, line string, n int) ([]int64, error) {
	words := []token{{line, 1}}
	if n > 0 {
		words = tokens(line)
	}
	if len(words) == 0 {
		return nil, nil
	}
	in, err := readSequence(config, words)
	switch {
	case err == nil:
		return in, nil
	case n == 0:
		return nil, errf("%q: %s", short(line), err.what)
	}
	err.file, err.line = cmd.In, n
	return nil, &ownError{err}
}

// mostPictures is how many inputs are shown one by one; more make a table.
const mostPictures = 4

func (a *app) printAnswers(config *model.Config, tasks []task, answers []answer) {
	right, wrong, label := "   right", "   wrong", "label"
	if config.Regression() {
		right, wrong, label = "", "", "target"
	}
	if len(tasks) > mostPictures {
		t := table.New("input |  | " + label + " | circuit | floating point")
		for _, x := range answers {
			t.Row(x.From, inputText(config, x.Input), x.Label, x.Circuit, x.Float)
		}
		a.Printf("\n")
		a.Table(t)
	} else {
		for _, x := range answers {
			a.Printf("\n%s\n", x.From)
			if config.Input.Kind == "image" {
				a.Printf("%s", picture(x.Input, config.Input.Columns, config.Input.Top()))
			} else {
				a.Printf("  %s\n", inputText(config, x.Input))
			}
			verdict := ""
			if x.Label != "" {
				a.Printf("  %-15s %s\n", label, x.Label)
				verdict = wrong
				if x.Circuit == x.Label {
					verdict = right
				}
			}
			a.Printf("  circuit         %s%s\n", x.Circuit, verdict)
			a.Printf("  floating point  %s\n", x.Float)
		}
	}
	hits, known, same, equal := 0, 0, 0, 0
	for _, x := range answers {
		known += btoi(x.Label != "")
		hits += btoi(x.Label == x.Circuit)
		same += btoi(x.Circuit == x.Float)
		equal += btoi(x.same)
	}
	a.Printf("\n")
	if config.Regression() {
		a.Printf("The circuit gives the numbers of the network in integers on %d of %d. The integer 1 is %.6g.\n", equal,
			len(answers), answers[0].Unit)
		return
	}
	if known > 0 {
		a.Printf("The circuit is right on %d of %d.\n", hits, known)
	}
	a.Printf(
		"It gives the answer of the network in integers on %d of %d, that of the network in floating point on %d.\n",
		equal, len(answers), same)
}
