package equiv

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/vector"
)

// Bounds on splitting.
const (
	MostCubeInputs = 16 // inputs that a comparison is split on
	MostDeeper     = 8  // more inputs that a cube is split on
)

// Cubes is a comparison of two circuits that is split on some inputs: each combination of their values is a
// cube, in which both circuits are smaller.
type Cubes struct {
	e      *comparison
	miters []*circuit.Circuit // none if the comparison is decided without cubes
	wires  []int              // input wires of the first circuit, in the order of the bits of an index, low first
	deeper int                // more inputs that a cube is split on
	logic  *circuit.Circuit   // what the proofs are about; nil: none are asked for
}

// CubeResult is what is known of one cube.
type CubeResult struct {
	Index   int       `json:"index"`
	Verdict Judgement `json:"verdict"`
	Leaves  []Leaf    `json:"leaves"` // one, unless the cube was split again
}

// Leaf is a cube that was not split.
type Leaf struct {
	// Cube has the inputs that are fixed: i for input wire i − 1 of the first circuit being 1, −i for 0.
	Cube    []int     `json:"cube"`
	Verdict Judgement `json:"verdict"`
	By      string    `json:"by"`              // what decided it, or why it is not decided
	Input   string    `json:"input,omitempty"` // the wires of an input on which the circuits differ
	Proof   string    `json:"proof,omitempty"` // the name of its file in the folder of the proofs
	Seconds float64   `json:"seconds,omitempty"`
}

// What decides a cube, beside solvers.
const (
	byFolding = "folding and merging"
	byInputs  = "all inputs"
)

// Split splits the comparison of two circuits on a number of inputs, at least 1 and at most
// [MostCubeInputs]. A cube that is not decided in time is split on one more, and its parts again: on
// as many as deeper says, at most [MostDeeper].
//
// The inputs are chosen by look-ahead: one after another, that whose two restrictions make the miter
// smallest. So they depend on the circuits alone. What is random in a comparison comes first here. If
// that finds a difference, or if both are the same gates, there are no cubes. If the circuits depend on fewer inputs,
// they are split on these.
//
// Config is that of [Check], with these changes: Timeout is the limit of each cube and of each part of one;
// the method is Automatic, Exhaustive or Solve; one solver is asked unless some are named, cadical where it is
// installed. The solver that is part of this program cannot be stopped: while it is at a cube whose
// time is up, the next ones wait for it, and their time passes, too.
func Split(ctx context.Context, a, b *circuit.Circuit, cfg Config, inputs, deeper int) (*Cubes, error) {
	switch {
	case inputs < 1 || inputs > MostCubeInputs:
		return nil, fmt.Errorf("%d inputs to split on; they are 1 to %d", inputs, MostCubeInputs)
	case deeper < 0 || deeper > MostDeeper:
		return nil, fmt.Errorf("%d more inputs to split on; they are 0 to %d", deeper, MostDeeper)
	case cfg.Method == Simulate || cfg.Method == Symmetric:
		return nil, fmt.Errorf("method %s does not go by cubes", cfg.Method)
	case cfg.Method != Automatic && !slices.Contains(Methods(), string(cfg.Method)):
		return nil, unknownMethod(cfg.Method)
	}
	if cfg.Solvers == nil {
		cfg.Solvers = []string{solverNamed("gophersat").name}
		if s := solverNamed("cadical"); s.here() == nil {
			cfg.Solvers[0] = s.name
		}
	}
	e, err := newComparison(a, b, cfg)
	if err != nil {
		return nil, err
	}
	c := &Cubes{e: e, deeper: deeper}
	if done, err := e.tryRandom(ctx); done || err != nil {
		return c, err
	}
	if c.miters, err = e.miters(); err != nil {
		return nil, err
	}
	last := c.miters[len(c.miters)-1]
	if cfg.ProofFolder != "" {
		if c.logic, err = e.formula(ctx, last, c.formulaPath()); err != nil {
			return nil, err
		}
	} else if slices.ContainsFunc(c.miters, func(m *circuit.Circuit) bool { return m.Outputs()[0] == circuit.False }) {
		e.found.Verdict, e.found.How = Proved, "both are the same gates, once constants are folded and equal gates merged"
		c.miters = nil
		return c, nil
	}
	left := c.miters[0]
	for range inputs {
		e.progress("looking for inputs to split on", len(c.wires), inputs)
		var harder int
		if harder, left, err = lookAhead(ctx, left); errors.Is(err, errNoInput) {
			break
		} else if err != nil {
			return nil, err
		}
		c.wires = append(c.wires, max(harder, -harder)-1)
	}
	return c, nil
}

// Len returns the number of cubes; 0 if the comparison is decided without.
func (c *Cubes) Len() int {
	if c.miters == nil {
		return 0
	}
	return 1 << len(c.wires)
}

// literals is the cube of an index: its bits are the values of the inputs, the low bit first.
func (c *Cubes) literals(index int) []int {
	cube := make([]int, len(c.wires))
	for i, w := range c.wires {
		if cube[i] = w + 1; index>>i&1 == 0 {
			cube[i] = -cube[i]
		}
	}
	return cube
}

// Cube compares the circuits in one cube. Its result depends on the two circuits, on how they are
// split and on the index alone, but for what is not decided in time. It fails when ctx ends, and if
// files cannot be written.
func (c *Cubes) Cube(ctx context.Context, index int) (*CubeResult, error) {
	if index < 0 || index >= c.Len() {
		return nil, fmt.Errorf("cube %d of %d", index, c.Len())
	}
	r := &CubeResult{Index: index, Verdict: Proved}
	return r, c.decide(ctx, r, c.literals(index), 0)
}

// decide decides a part of a cube, or splits it.
func (c *Cubes) decide(ctx context.Context, r *CubeResult, cube []int, depth int) error {
	leaf, err := c.leaf(ctx, r.Index, cube)
	if err != nil {
		return err
	}
	if leaf.Verdict == Consistent && depth < c.deeper {
		m, err := within(c.miters[0], cube)
		if err != nil {
			return err
		}
		switch l, _, err := lookAhead(ctx, m); {
		case errors.Is(err, errNoInput): // then it stays as it is
		case err != nil:
			return err
		default:
			for _, l := range []int{l, -l} {
				err := c.decide(ctx, r, append(cube[:len(cube):len(cube)], l), depth+1)
				if err != nil || r.Verdict == Refuted {
					return err
				}
			}
			return nil
		}
	}
	r.Leaves = append(r.Leaves, *leaf)
	switch {
	case leaf.Verdict == Refuted:
		r.Verdict = Refuted
	case leaf.Verdict == Consistent:
		r.Verdict = Consistent
	}
	return nil
}

// leaf compares the circuits in a cube, within the time limit.
func (c *Cubes) leaf(ctx context.Context, index int, cube []int) (*Leaf, error) {
	start := time.Now()
	sub := *c.e
	sub.cube, sub.cfg.Progress = cube, nil
	sub.found = &Result{Verdict: Consistent, Miter: &MiterSize{}}
	leaf := &Leaf{Cube: cube}
	sub.differs = func(in []bool) (bool, error) {
		in = slices.Clone(in)
		for _, l := range cube {
			in[max(l, -l)-1] = l > 0
		}
		ok, err := sub.witness(in)
		if ok {
			leaf.Input = wireText(in)
		}
		return ok, err
	}
	timeout := cmp.Or(c.e.cfg.Timeout, DefaultTimeout)
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var err error
	if c.logic != nil {
		leaf.Proof = c.proofName(index, cube)
		var proved bool
		files := c.proofFiles(leaf.Proof)
		if proved, err = sub.certifyFormula(limited, c.logic, files, true); !proved {
			leaf.Proof = ""
			os.Remove(files.Proof) // what is there of it is of no use
		}
		if err != nil && limited.Err() == nil {
			sub.found.How, err = "there is no proof: "+err.Error(), nil
		}
	} else {
		err = sub.decideCube(limited, c.miters)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if limited.Err() != nil && sub.found.Verdict == Consistent {
		sub.found.How, err = fmt.Sprintf("no proof within the time limit of %v", timeout), nil
	}
	leaf.Verdict, leaf.By, leaf.Seconds = sub.found.Verdict, decidedBy(sub.found), time.Since(start).Seconds()
	return leaf, err
}

// decidedBy says what decided a cube, in a way that is the same for many cubes.
func decidedBy(r *Result) string {
	if r.Verdict == Consistent {
		return r.How
	}
	for _, s := range r.Solvers {
		if s.Answer == answerUnsat || s.Answer == answerSat {
			return s.Name
		}
	}
	if r.Exhaustive > 0 {
		return byInputs
	}
	return byFolding
}

// decideCube compares the circuits in the cube, without a proof in a file.
func (e *comparison) decideCube(ctx context.Context, miters []*circuit.Circuit) error {
	for _, m := range miters {
		m, err := within(m, e.cube)
		if err != nil {
			return err
		}
		if m.Outputs()[0] == circuit.False {
			e.found.Verdict = Proved
			return nil
		}
		e.given = append(e.given, m)
	}
	live := liveInputs(e.given[0])
	limit := exhaustiveBits
	switch {
	case e.cfg.Method == Exhaustive:
		if limit = exhaustiveBitsAsked; len(live) > limit {
			e.found.How = fmt.Sprintf("it has %d free inputs; all inputs can be tried of at most %d", len(live), limit)
			return nil
		}
	case e.cfg.Method == Solve:
		limit = -1
	}
	if len(live) <= limit {
		return e.tryCube(ctx, e.given[0], live)
	}
	return e.solve(ctx)
}

// exhaustiveBitsAsked are the most input bits of which all inputs are tried on request.
const exhaustiveBitsAsked = 36

// liveInputs returns the input wires that a pruned circuit depends on.
func liveInputs(c *circuit.Circuit) []int {
	var live []int
	for i, n := range readersOf(c) {
		if n > 0 {
			live = append(live, i)
		}
	}
	return live
}

// tryCube looks for an input on which a miter is 1 among all values of the inputs that it depends on.
func (e *comparison) tryCube(ctx context.Context, miter *circuit.Circuit, live []int) error {
	b := circuit.NewBuilderSize(miter.Len())
	lits := make([]circuit.Lit, len(miter.Inputs()))
	for i, l := range b.Inputs("x", len(live)) {
		lits[live[i]] = l
	}
	out, err := imported(b.Import, miter, lits)
	if err != nil {
		return err
	}
	b.Output("differ", out...)
	small, err := b.Circuit()
	if err != nil {
		return err
	}
	plan := eval.Compile(small, eval.Config{Workers: max(1, runtime.GOMAXPROCS(0)/e.atOnce())})
	codec := vector.NewCodec(small.InputPorts())
	for first, all := 0, 1<<len(live); first < all; first += cubeLanes {
		in := eval.NewVectors(len(live), min(cubeLanes, all-first))
		codec.Counted(in, first)
		out, err := plan.Run(ctx, in)
		if err != nil {
			return err
		}
		lane := firstOne(out.Row(0))
		if lane < 0 {
			continue
		}
		whole := make([]bool, len(miter.Inputs()))
		for i, one := range in.Lane(lane) {
			whole[live[i]] = one
		}
		if ok, err := e.differs(whole); err != nil || !ok {
			return cmp.Or(err, errEvaluators)
		}
		e.found.Verdict, e.found.Exhaustive = Refuted, first+lane+1
		return nil
	}
	e.found.Verdict, e.found.Exhaustive = Proved, 1<<len(live)
	return nil
}

// cubeLanes is how many inputs of a cube are tried at a time.
const cubeLanes = 64 * eval.TileLanes

func wireText(in []bool) string {
	var b strings.Builder
	for _, one := range in {
		b.WriteByte("01"[bit(one)])
	}
	return b.String()
}

// CubesFormula is the name of the file, in the folder of the proofs, of what the proofs of all cubes are about.
const CubesFormula = "miter.cnf"

func (c *Cubes) formulaPath() string { return filepath.Join(c.e.cfg.ProofFolder, CubesFormula) }

// proofName is the name of the proof of a part of a cube: its index, and the values of the inputs that it was
// split on again.
func (c *Cubes) proofName(index int, cube []int) string {
	name := fmt.Sprint(index)
	for i, l := range cube[len(c.wires):] {
		if i == 0 {
			name += "."
		}
		name += "01"[bit(l > 0):][:1]
	}
	return name + ".drat"
}

func (c *Cubes) proofFiles(name string) *Certificate {
	return &Certificate{Formula: c.formulaPath(), Proof: filepath.Join(c.e.cfg.ProofFolder, name)}
}
