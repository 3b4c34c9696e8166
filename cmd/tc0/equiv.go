package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tc0lab/tc0/analysis/cubes"
	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/circuit/equiv"
	"github.com/tc0lab/tc0/circuit/format/exchange"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/internal/scratch"
	"github.com/tc0lab/tc0/internal/table"
)

type equivCmd struct {
	A string `arg:"" help:"A circuit: a file, a family, a problem or a model."`
	B string `arg:"" help:"Another one, with the same ports, or as many wires."`

	Method      string        `placeholder:"NAME" help:"How far to go: ${methods}. Unless given: random inputs first, then all inputs where there are at most 2^24, else merging of equal gates and solvers."`
	Inputs      int           `placeholder:"N" help:"Random inputs to begin with (65,536)."`
	Timeout     time.Duration `default:"60s" placeholder:"TIME" help:"Limit of what comes after the random inputs (${default})."`
	Solver      []string      `placeholder:"NAME" help:"Solvers to ask: ${solvers}. The first two are part of tc0, the others are asked where they are installed; all but the second unless given."`
	InputOrder  string        `placeholder:"LIST" help:"Input wires of B in the order of those of A, such as 0-7,9,8. By their names unless given, or in order where names differ."`
	OutputOrder string        `placeholder:"LIST" help:"The same for output wires."`
	Proof       string        `placeholder:"FILE" help:"Write a proof in DRAT form that the circuits are equivalent, and beside it what it is about, in FILE.cnf; both are read again and checked."`
	Cubes       int           `placeholder:"K" help:"Split the comparison into 2^K cubes, by the values of K inputs that make both circuits small; each has the time of --timeout. At most ${mostCubes}."`
	Deeper      int           `placeholder:"N" help:"With --cubes: split a cube that is not decided in time in two, and those again, N times at most (0)."`
	Miter       string        `placeholder:"FILE" help:"Write the circuit that is 1 where the two differ, in the format of the extension, too."`
	Strategy    string        `placeholder:"NAME" help:"How values are encoded in B, if B is a family or a model."`
	Basis       string        `placeholder:"NAME" help:"Basis of B: ${bases}."`
	fileFlags
	estimateFlag
	shardFlags
}

func (equivCmd) Help() string {
	return `Exit status: 0 if the circuits are shown to be equivalent (or agree on all random inputs, with
--method simulate), 1 if they differ, which is shown with an input, or if nothing is decided in
time (the verdict in --json tells the two apart).

That a solver finds no difference is taken at its word, if it ends well (with one answer, the exit
status of that answer and no error), and that is said; an input that it finds is tried. With --proof
nobody is taken at their word: a proof is written of the whole, merged gates and what cadical or
gophersat finds, and a checker that shares nothing with the rest goes through it. What is trusted
then is that the clauses say that the circuits differ, and the checker. tc0 check goes through the
two files again, and so can others, such as drat-trim.

With --method symmetric both circuits are proved to depend on the number of ones only, by n − 1
swaps of two inputs, and then compared for each number.

With --cubes K the comparison is split on K inputs, chosen one after another as that which leaves the fewest
wires of both circuits. In each of the 2^K cubes the two are smaller, and all inputs of a cube are tried if
there are at most 2^24, else equal gates are merged and one solver is asked. They are equivalent if they are in every
cube; one difference is enough. Cubes are compared several at a time, and --shard has many processes
share them. With --proof FILE.cubes there is a proof for each cube, FILE.cubes.INDEX.drat, under the clauses
in FILE.cubes.cnf, and FILE.cubes lists them; tc0 check FILE.cubes checks that they cover all inputs, too. Install cadical for it: the
solver that is part of tc0 cannot be stopped, so a cube that is past its time holds up those behind it.

Ports are matched by name; where the names differ, wires are by name or else by order, which is
said. Outputs of one name in other codes are compared as integers.

Examples:

  tc0 equiv c499.bench c1355.bench
  tc0 equiv c432.bench mine.blif --proof c432.drat
  tc0 equiv voter.aig majority:n=1001 --method symmetric --timeout 30m
  tc0 equiv attention:n=2,d=1,bits=2 attention:n=2,d=1,bits=2 --strategy min-size
  tc0 equiv c6288.bench multiplication:n=16 --output-order 0-29,31,30
  tc0 equiv c6288.bench multiplication:n=16 --output-order 0-29,31,30 --cubes 8
  tc0 equiv majority:n=9 half.th --miter miter.opb
`
}

// comparedCircuits is the JSON of two circuits that were compared.
type comparedCircuits struct {
	A circuitOutline `json:"a"`
	B circuitOutline `json:"b"`
	*equiv.Result
	File    *exported `json:"file,omitempty"`  // the miter, if it was written
	Proof   []string  `json:"proof,omitempty"` // the files of the proof
	Seconds float64   `json:"seconds,omitempty"`
}

type circuitOutline struct {
	Subject    string `json:"subject"`
	Depth      int    `json:"depth"`
	DepthModel string `json:"depth_model"`
	Size       int    `json:"size"`
	Wires      int64  `json:"wires"`

	short string
}

func (cmd *equivCmd) Run(a *app) error {
	cfg, err := cmd.config(a)
	if err != nil {
		return err
	}
	format, err := circuitFormat(cmd.Miter)
	if err != nil {
		return err
	}
	first := target{Subject: cmd.A, fileFlags: cmd.about(cmd.A, cmd.B)}
	second := target{
		Subject: cmd.B, Strategy: cmd.Strategy, basisFlag: basisFlag{cmd.Basis}, fileFlags: cmd.about(cmd.B, cmd.A),
	}
	if cmd.Estimate {
		return a.foreseeEach(first, second)
	}
	x, mx, err := a.openMeasured(first)
	if err != nil {
		return err
	}
	y, my, err := a.openMeasured(second)
	if err != nil {
		return err
	}
	cfg.Signals[0], cfg.Signals[1] = designOf(x).Signals, designOf(y).Signals
	var written *exported
	if format != nil {
		if written, err = cmd.writeMiter(a, x, y, cfg, format); err != nil {
			return err
		}
	}
	m := a.meter(fmt.Sprintf("comparing %s and %s", x.short(), y.short()))
	cfg.Progress = func(_ string, done, all int) { m.set(done, all) }
	if cmd.Proof != "" {
		dir, remove, err := scratch.Folder("", "tc0-proof-")
		if err != nil {
			return err
		}
		defer remove()
		cfg.ProofFolder = dir
	}
	start := time.Now()
	var found *equiv.Result
	var proofs *cubes.Proofs
	if cmd.Cubes > 0 {
		found, proofs, err = cubes.Compare(a.ctx, x.its().circuit, y.its().circuit, cfg, cmd.Cubes, cmd.Deeper,
			filepath.Base(cmd.Proof))
	} else {
		found, err = equiv.Check(a.ctx, x.its().circuit, y.its().circuit, cfg)
	}
	m.end()
	if err != nil {
		return errf("%s and %s cannot be compared: %w", x.short(), y.short(), err)
	}
	if found == nil { // a part, which has no result
		return nil
	}
	if a.flags.Deterministic {
		forgetTimes(found)
	}
	r := &comparedCircuits{outlineOf(x, mx), outlineOf(y, my), found, written, nil, a.took(start)}
	if c := found.Certificate; c != nil {
		r.Proof = []string{cmd.Proof, cmd.Proof + ".cnf"}
		for i, from := range []string{c.Proof, c.Formula} {
			if err := a.copyFile(r.Proof[i], from); err != nil {
				return err
			}
		}
	}
	if proofs != nil {
		if r.Proof, err = cmd.saveProofs(a, proofs); err != nil {
			return err
		}
	}
	return a.show(r, func() { cmd.print(a, r) },
		found.Verdict == equiv.Proved || found.Verdict == equiv.Consistent && cfg.Method == equiv.Simulate)
}

// forgetTimes leaves out how long solvers and cubes took.
func forgetTimes(found *equiv.Result) {
	if found.Cubes != nil {
		found.Cubes.Slowest = 0
	}
	for i := range found.Solvers {
		found.Solvers[i].Seconds = 0
	}
}

// saveProofs copies the proofs of cubes from their folder, and writes the list of them last.
func (cmd *equivCmd) saveProofs(a *app, p *cubes.Proofs) ([]string, error) {
	for _, name := range p.Names() {
		if err := a.copyFile(filepath.Join(filepath.Dir(cmd.Proof), name), p.Path(name)); err != nil {
			return nil, err
		}
	}
	_, err := a.writeFile(cmd.Proof, func(w io.Writer) error { return writeJSON(w, p.Cover) })
	return []string{cmd.Proof, cmd.Proof + ".cnf"}, err
}

// copyFile writes a file with the content of another one.
func (a *app) copyFile(path, from string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = a.writeFile(path, func(w io.Writer) error {
		_, err := io.Copy(w, f)
		return err
	})
	return err
}

func outlineOf(s subject, m *measured) circuitOutline {
	return circuitOutline{s.name(), m.Depth, m.DepthModel, m.Size, m.Wires, s.short()}
}

func (cmd *equivCmd) config(a *app) (equiv.Config, error) {
	cfg := equiv.Config{
		Method: equiv.Method(cmd.Method), Inputs: cmd.Inputs, Seed: a.flags.Seed, Timeout: cmd.Timeout,
		Solvers: cmd.Solver,
	}
	switch {
	case cmd.Inputs < 0:
		return cfg, errf("--inputs=%d: at least 1 is needed", cmd.Inputs)
	case cmd.Method != "" && !slices.Contains(equiv.Methods(), cmd.Method):
		return cfg, unknown("method", cmd.Method, equiv.Methods())
	case cmd.Proof != "" && cmd.Method != "" && cmd.Method != string(equiv.Solve):
		return cfg, errf("--proof with --method %s: a proof is of --method solve", cmd.Method)
	case cmd.Cubes < 0 || cmd.Cubes > equiv.MostCubeInputs:
		return cfg, errf("--cubes=%d: it is 1 to %d", cmd.Cubes, equiv.MostCubeInputs)
	case cmd.Deeper < 0 || cmd.Deeper > equiv.MostDeeper:
		return cfg, errf("--deeper=%d: it is 0 to %d", cmd.Deeper, equiv.MostDeeper)
	case cmd.Deeper > 0 && cmd.Cubes == 0:
		return cfg, errf("--deeper=%d is of --cubes", cmd.Deeper)
	case cmd.Cubes > 0 && (cmd.Method == string(equiv.Simulate) || cmd.Method == string(equiv.Symmetric)):
		return cfg, errf("--cubes with --method %s: a cube is compared by exhaustive or solve", cmd.Method)
	case cmd.Proof != "" && (cmd.Cubes > 0) != (filepath.Ext(cmd.Proof) == cubesExtension):
		return cfg, errf("--proof=%s: with --cubes, and only then, the name ends with %s", cmd.Proof, cubesExtension)
	case cmd.Cubes == 0 && shard.Of(a.ctx) != nil:
		return cfg, errors.New("--shard is of --cubes: else all is done at once")
	case cmd.Timeout <= 0:
		return cfg, errf("--timeout=%v: more than nothing is needed", cmd.Timeout)
	}
	var err error
	if cfg.InputOrder, err = parseOrder("input-order", cmd.InputOrder); err != nil {
		return cfg, err
	}
	cfg.OutputOrder, err = parseOrder("output-order", cmd.OutputOrder)
	return cfg, err
}

// cubesExtension ends the names of lists of proofs.
const cubesExtension = ".cubes"

// mostWires bounds the lists of wires that a person can give.
const mostWires = 1 << 20

// parseOrder reads a list of numbers and ranges, such as 0-7,9,8.
func parseOrder(flag, text string) ([]int, error) {
	if text == "" {
		return nil, nil
	}
	var list []int
	for part := range strings.SplitSeq(text, ",") {
		from, to, isRange := strings.Cut(part, "-")
		first, err := strconv.Atoi(from)
		last := first
		if err == nil && isRange {
			last, err = strconv.Atoi(to)
		}
		if err != nil || first < 0 || last < 0 {
			return nil, errf("--%s=%s: %q is no number of a wire and no range such as 0-7", flag, text, part)
		}
		step := 1
		if last < first { // 7-0 counts down
			step = -1
		}
		for w := first; ; w += step {
			if len(list) == mostWires {
				return nil, errf("--%s: more than %d wires", flag, mostWires)
			}
			list = append(list, w)
			if w == last {
				break
			}
		}
	}
	return list, nil
}

func (cmd *equivCmd) writeMiter(a *app, x, y subject, cfg equiv.Config, format *exchange.Format) (*exported, error) {
	c, err := equiv.Miter(x.its().circuit, y.its().circuit, cfg)
	if err != nil {
		return nil, errf("%s and %s cannot be compared: %w", x.short(), y.short(), err)
	}
	s := newFile("miter", fmt.Sprintf("where %s and %s differ", x.short(), y.short()), c)
	e, err := a.export(cmd.Miter, format, designOf(s), a.measureAs(s, c), nil)
	if err == nil && !a.flags.JSON {
		a.printExport(s.path, e)
		a.Printf("\n")
	}
	return e, err
}

// fewPorts is how many ports a line shows; an input of more is shown in bits, too.
const fewPorts = 16

// verdicts says what the judgements mean of two circuits.
var verdicts = map[equiv.Judgement]string{
	equiv.Proved:     "EQUIVALENT",
	equiv.Refuted:    "DIFFERENT",
	equiv.Consistent: "UNDECIDED",
}

func (cmd *equivCmd) print(a *app, r *comparedCircuits) {
	t := table.New(" | circuit | #depth | #gates:, | #wires:,")
	for i, c := range []circuitOutline{r.A, r.B} {
		t.Row("AB"[i:i+1], c.short, c.Depth, c.Size, c.Wires)
	}
	a.Table(t)
	a.Printf("  Depth under the %s model: %s.\n\n", a.model.Name, a.model.Note)
	verdict := verdicts[r.Verdict]
	if r.Verdict == equiv.Consistent && cmd.Method == string(equiv.Simulate) {
		verdict = "AGREE"
	}
	how := r.How
	if r.Certificate != nil {
		how = "(checked) " + how
	}
	a.Text(verdict, how)
	a.Field("ports", "inputs matched by %s, outputs by %s", r.InputsBy, r.OutputsBy)
	if len(r.Misplaced) > 0 {
		a.Field("NOTE",
			"%s: names in both circuits, but of wires at other places. Names are not all the same, and so wires were "+
				"matched in order; --input-order and --output-order give another one", commas(r.Misplaced))
	}
	if r.OnlyCodes {
		a.Field("inputs",
			"only those that are codes of the one-hot and thermometer ports of A; B has other ports, and what it "+
				"does on other bits was not compared")
	}
	if r.Random > 0 {
		a.Field("simulated", "%s of several kinds, seed %d", plural(r.Random, "random input"), *r.Seed)
	}
	if r.Exhaustive > 0 {
		a.Text("all inputs", count(r.Exhaustive))
	}
	cmd.printCubes(a, r.Cubes)
	if r.Miter != nil {
		a.Field("miter", "%s, %s, depth %d (standard model)", plural(r.Miter.Size, "gate"),
			plural(r.Miter.Wires, "wire"), r.Miter.Depth)
		if r.Miter.Merged > 0 {
			a.Field("", "%s of gates shown equal; %s of AND, OR and XOR left", plural(r.Miter.Merged, "pair"),
				plural(r.Miter.Left, "gate"))
		}
	}
	for _, s := range r.Solvers {
		why := ""
		if s.Why != "" {
			why = " (" + s.Why + ")"
		}
		a.Text(s.Name, s.Answer+why+after(s.Seconds))
	}
	if c := r.Certificate; c != nil {
		a.Field("proof", "%s, from %s of the miter; each was checked. Trusted: that the clauses say that the "+
			"circuits differ, and the checker", plural(c.Checked.Added, "clause"), plural(c.Checked.Clauses, "clause"))
	}
	if verdict == "UNDECIDED" {
		a.Field("known", "no input on which they differ was found; that is no proof")
	}
	if d := r.Difference; d != nil {
		a.Heading("An input on which they differ")
		a.Text("input", vector.PortText(d.Inputs))
		if len(d.Inputs) > fewPorts {
			a.Text("in bits", bitText(d.Bits)) // as tc0 eval reads them
		}
		a.Field("outputs", "that differ:")
		a.Text("A", vector.PortText(d.A))
		a.Text("B", vector.PortText(d.B))
		var wires, gates []string
		for _, w := range d.Wires {
			wires = append(wires,
				fmt.Sprintf("%s of A is %d, %s of B is %d", printable(w.NameA), w.A, printable(w.NameB), w.B))
		}
		for _, s := range d.Signals {
			gates = append(gates, fmt.Sprintf("%s at level %d: %d in A, %d in B", printable(s.Name), s.Level, s.A, s.B))
		}
		a.Fields("wires", wires)
		a.Fields("gates", gates)
	}
	a.printTook(r.Seconds)
	a.printSaved(r.Proof...)
}

// mostReasons is how many of what decided cubes, or why they are not decided, are told.
const mostReasons = 6

// mostUndecided is how many cubes that are not decided are named.
const mostUndecided = 8

// printCubes says what became of the cubes, if there are any.
func (cmd *equivCmd) printCubes(a *app, c *equiv.CubeReport) {
	if c == nil {
		return
	}
	text := fmt.Sprintf("%d, by the values of %s", c.Cubes, commas(c.Inputs))
	if len(c.Inputs) < cmd.Cubes {
		text += ", on which alone the circuits depend"
	}
	if c.Leaves > c.Cubes {
		text += fmt.Sprintf("; with those that were split again, %d", c.Leaves)
	}
	a.Field("cubes", "%s", text)
	for i, n := range c.By {
		if i == mostReasons {
			a.Field("", "and %s", plural(len(c.By)-i, "more reason"))
			break
		}
		a.Field("", "%s: %s", plural(n.Leaves, "cube"), n.By)
	}
	if n := len(c.Undecided); n > 0 {
		some := make([]string, min(n, mostUndecided))
		for i := range some {
			some[i] = strconv.Itoa(c.Undecided[i])
		}
		if n > len(some) {
			some = append(some, "…")
		}
		a.Field("", "not decided: %s", strings.Join(some, ", "))
	}
	if c.Slowest > 0 {
		a.Field("", "the slowest took %s", seconds(c.Slowest))
	}
}
