package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile/model"
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
}

func (runCmd) Help() string {
	return `The answers are computed by the circuit. The network in integers and the network in floating point answer, too, to compare with.

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
}

// answer is the JSON of one input.
type answer struct {
	From      string  `json:"from"`
	Input     []int64 `json:"input"`
	Label     string  `json:"label,omitempty"` // the right answer, if it is known
	Circuit   string  `json:"circuit"`
	Reference string  `json:"reference"`
	Float     string  `json:"float"`

	same bool // circuit and reference, the answers that are not asked for included
}

func (cmd *runCmd) Run(a *app) error {
	s, err := a.open(target{Subject: cmd.Model, Strategy: cmd.Strategy, basisFlag: cmd.basisFlag})
	if err != nil {
		return err
	}
	if s.kind == isSampler {
		return cmd.denoise(a, s)
	}
	if cmd.Noise != 0 {
		return fmt.Errorf("--noise=%v: %s is no diffusion model", cmd.Noise, s.name)
	}
	if s.kind != isModel {
		return fmt.Errorf("%s is a %s, and only a model is run; tc0 eval computes any circuit", s.name, s.kind)
	}
	if s.quantised.Model.Config.Language() && (cmd.Input != "" || cmd.In != "") {
		return cmd.generate(a, s)
	}
	tasks, err := cmd.tasks(a, s.quantised.Model)
	if err != nil {
		return err
	}
	m, err := a.outline(s)
	if err != nil {
		return err
	}
	answers, err := a.answer(s, tasks)
	if err != nil {
		return err
	}
	differ := slices.ContainsFunc(answers, func(x answer) bool { return !x.same })
	if a.flags.JSON {
		err = a.emit(struct {
			Subject    string   `json:"subject"`
			Depth      int      `json:"depth"`
			DepthModel string   `json:"depth_model"`
			Size       int      `json:"size"`
			Basis      string   `json:"basis"`
			Answers    []answer `json:"answers"`
		}{s.name, m.Depth, m.DepthModel, m.Size, m.Basis, answers})
	} else {
		a.printf("%s: %s\ncircuit of %s, depth %s\n", s.name, s.description, plural(m.Size, "gate"), m.depthText())
		a.printBasis(s)
		a.printAnswers(&s.quantised.Model.Config, tasks, answers)
	}
	if differ {
		err = errors.Join(err, errFalse)
	}
	return err
}

// answer lets all three forms of the network answer.
func (a *app) answer(s *subject, tasks []task) ([]answer, error) {
	q := s.quantised
	vectors := make([][]int64, len(tasks))
	for i, t := range tasks {
		vectors[i] = t.in
	}
	out, err := analysis.Evaluate(a.ctx, s.circuit, vectors)
	if err != nil {
		return nil, err
	}
	answers := []answer{}
	for i, t := range tasks {
		reference, err := q.Predict(t.in)
		if err != nil {
			return nil, err
		}
		circuit, _ := q.Split(out[i])
		x := answer{
			From: t.from, Input: t.in, Circuit: labelText(q.Model, circuit, t.right), Reference: labelText(q.Model, reference, t.right),
			Float: labelText(q.Model, q.Model.Predict(t.in), t.right), same: slices.Equal(circuit, reference),
		}
		if t.right != nil {
			x.Label = labelText(q.Model, t.right, t.right)
		}
		answers = append(answers, x)
	}
	return answers, nil
}

// labelText writes the answers that are asked for.
func labelText(m *model.Model, answers, right []int) string {
	var names []string
	for k, v := range answers {
		if right == nil || right[k] >= 0 {
			names = append(names, m.Config.Labels[v])
		}
	}
	return joinTokens(names)
}

// tasks collects the inputs that the flags name.
func (cmd *runCmd) tasks(a *app, m *model.Model) ([]task, error) {
	in := &m.Config.Input
	switch {
	case cmd.Input != "" && cmd.In != "":
		return nil, errors.New("an input is given twice, as an argument and with --in")
	case cmd.Input != "" && in.Kind != "tokens":
		return nil, fmt.Errorf("%s does not read sequences but %d integers of 0..%d; give them with --in FILE", cmd.Model, in.Ports(), in.Top())
	case cmd.Input != "":
		v, err := readSequence(&m.Config, []token{{cmd.Input, 1}})
		if err != nil {
			return nil, fmt.Errorf("%q: %s", short(cmd.Input), err.what)
		}
		return []task{{"the command line", v, nil}}, nil
	case cmd.In != "":
		return cmd.file(a, &m.Config)
	}
	if m.Test == nil && m.Config.Language() {
		return nil, fmt.Errorf("%s has no held-out inputs (test.safetensors); give a text to continue, or a file of texts with --in FILE", cmd.Model)
	}
	if m.Test == nil {
		return nil, fmt.Errorf("%s has no held-out inputs (test.safetensors); give inputs with --in FILE", cmd.Model)
	}
	if cmd.Count < 1 {
		return nil, fmt.Errorf("--count=%d: at least 1 is needed", cmd.Count)
	}
	if cmd.Index < 0 || cmd.Index >= m.Test.Len() {
		return nil, fmt.Errorf("--index=%d is outside 0..%d, the held-out inputs of %s", cmd.Index, m.Test.Len()-1, cmd.Model)
	}
	if cmd.Count > m.Test.Len()-cmd.Index {
		return nil, fmt.Errorf("--count=%d: %s has %d held-out inputs from --index=%d on", cmd.Count, cmd.Model, m.Test.Len()-cmd.Index, cmd.Index)
	}
	var tasks []task
	for i := cmd.Index; i < cmd.Index+cmd.Count; i++ {
		tasks = append(tasks, task{fmt.Sprintf("held-out input %d", i), m.Test.Inputs[i], m.Test.Labels[i]})
	}
	return tasks, nil
}

// file reads inputs from a file.
func (cmd *runCmd) file(a *app, config *model.Config) ([]task, error) {
	f, err := os.Open(cmd.In)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(interruptible{a, f})
	if err != nil {
		return nil, err
	}
	var tasks []task
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		words := tokens(strings.TrimRight(line, "\r\n"))
		if len(words) == 0 {
			continue
		}
		v, err := readSequence(config, words)
		if err != nil {
			err.file, err.line = cmd.In, n
			return nil, err
		}
		tasks = append(tasks, task{fmt.Sprintf("%s:%d", cmd.In, n), v, nil})
	}
	if len(tasks) == 0 {
		return nil, fmt.Errorf("%s: no inputs in it", cmd.In)
	}
	return tasks, nil
}

// letters returns the names of the tokens of a model whose labels are its tokens,
// each of one letter; "" if it is none such.
func letters(config *model.Config) string {
	if config.Input.Kind != "tokens" || len(config.Labels) != config.Input.Vocab {
		return ""
	}
	all := strings.Join(config.Labels, "")
	if len(all) != len(config.Labels) {
		return ""
	}
	return all
}

// readSequence reads one input of a model: letters in any grouping if its tokens
// have names of one letter, else integers.
func readSequence(config *model.Config, words []token) ([]int64, *vectorError) {
	in := &config.Input
	want := in.Ports()
	var v []int64
	names := letters(config)
	first := words[0].text[0]
	if names != "" && (first < '0' || first > '9') {
		for _, w := range words {
			for i := range len(w.text) {
				k := strings.IndexByte(names, w.text[i])
				if k < 0 {
					return nil, &vectorError{column: w.column + i, what: fmt.Sprintf("letter %q is none of %s", w.text[i], names)}
				}
				v = append(v, int64(k))
			}
		}
	} else {
		for _, w := range words {
			var x int64
			if _, err := fmt.Sscanf(w.text+"\n", "%d\n", &x); err != nil {
				return nil, &vectorError{column: w.column, what: fmt.Sprintf("%q is not an integer", short(w.text))}
			}
			if x < 0 || x > in.Top() {
				return nil, &vectorError{column: w.column, what: fmt.Sprintf("%d is outside 0..%d", x, in.Top())}
			}
			v = append(v, x)
		}
	}
	if len(v) != want {
		last := words[len(words)-1]
		what := "integers"
		if names != "" {
			what = fmt.Sprintf("symbols of %s", names)
		}
		return nil, &vectorError{column: last.column + len(last.text), what: fmt.Sprintf("%d given; the model reads exactly %d %s", len(v), want, what)}
	}
	return v, nil
}

// mostPictures is how many inputs are shown one by one; more make a table.
const mostPictures = 4

func (a *app) printAnswers(config *model.Config, tasks []task, answers []answer) {
	if len(tasks) > mostPictures {
		var rows [][]string
		for _, x := range answers {
			rows = append(rows, []string{x.From, inputText(config, x.Input), x.Label, x.Circuit, x.Float})
		}
		a.printf("\n")
		a.table(cols("input", "", "label", "circuit", "floating point"), rows, nil)
	} else {
		for _, x := range answers {
			a.printf("\n%s\n", x.From)
			if config.Input.Kind == "image" {
				a.printf("%s", picture(x.Input, config.Input.Columns, config.Input.Top()))
			} else {
				a.printf("  %s\n", inputText(config, x.Input))
			}
			verdict := ""
			if x.Label != "" {
				a.printf("  label           %s\n", x.Label)
				verdict = "   wrong"
				if x.Circuit == x.Label {
					verdict = "   right"
				}
			}
			a.printf("  circuit         %s%s\n", x.Circuit, verdict)
			a.printf("  floating point  %s\n", x.Float)
		}
	}
	right, known, same, equal := 0, 0, 0, 0
	for _, x := range answers {
		known += btoi(x.Label != "")
		right += btoi(x.Label == x.Circuit)
		same += btoi(x.Circuit == x.Float)
		equal += btoi(x.same)
	}
	a.printf("\n")
	if known > 0 {
		a.printf("The circuit is right on %d of %d.\n", right, known)
	}
	a.printf("It gives the answer of the network in integers on %d of %d, that of the network in floating point on %d.\n", equal, len(answers), same)
}
