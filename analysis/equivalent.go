package analysis

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"strings"
	"time"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
)

// EquivalenceConfig says how two circuits are compared. The zero value works.
type EquivalenceConfig struct {
	Method  EquivalenceMethod
	Inputs  int           // random inputs to begin with; 0: [DefaultRandomInputs]
	Seed    uint64        // of those
	Timeout time.Duration // of all that comes after them; 0: [DefaultTimeout]

	// Solvers may be asked, by name; nil: all of [SolverNames] that are here, but only the
	// first of the two that are part of this program, which take turns.
	Solvers []string

	// InputOrder and OutputOrder list wires of the second circuit, each once, in the order
	// of those of the first. nil: by the names of ports, else of wires, else in order.
	InputOrder, OutputOrder []int

	// Signals has names of the gates of the two circuits, by gate, for telling where they
	// part; nil: none.
	Signals [2][]string

	// Progress is called now and then, from one goroutine, with the phase that is at work;
	// all is 0 where nobody knows how much there is to do. It may be nil.
	Progress func(phase string, done, all int)
}

// EquivalenceMethod says how far a comparison goes: [Automatic], which is the zero value,
// [Simulate], [Exhaustive] or [Solve].
type EquivalenceMethod string

// The methods.
const (
	Automatic  EquivalenceMethod = ""           // random inputs; then all inputs, if they are few; else a solver
	Simulate   EquivalenceMethod = "simulate"   // random inputs and no proof
	Exhaustive EquivalenceMethod = "exhaustive" // all inputs
	Solve      EquivalenceMethod = "solve"      // a solver
)

// EquivalenceMethods returns all but Automatic.
func EquivalenceMethods() []string {
	return []string{string(Simulate), string(Exhaustive), string(Solve)}
}

// Defaults of a comparison.
const (
	DefaultRandomInputs = 1 << 16
	DefaultTimeout      = time.Minute
)

// exhaustiveBits is up to how many bits of input all inputs are tried of itself.
const exhaustiveBits = 24

// Equivalence is what a comparison of two circuits found.
type Equivalence struct {
	Verdict   Judgement `json:"verdict"`   // proved: they are equivalent; refuted: they differ; consistent: undecided
	How       string    `json:"how"`       // what decided it, or why nothing did
	InputsBy  string    `json:"inputs_by"` // how ports were matched: port names, wire names, order
	OutputsBy string    `json:"outputs_by"`
	Random    int       `json:"random_inputs"` // tried, without repetitions told apart
	Seed      *uint64   `json:"seed,omitempty"`

	Exhaustive int `json:"exhaustive_inputs,omitempty"` // all of them, if they were all tried
	// Misplaced has names of wires that both circuits have and that were not matched with
	// each other, since not all names are the same and so the order decided.
	Misplaced []string `json:"misplaced,omitempty"`
	// OnlyCodes says that the first circuit has one-hot or thermometer inputs and the other
	// one has not: other combinations of bits are no inputs, and were not compared.
	OnlyCodes bool `json:"only_codes,omitempty"`

	Miter   *MiterSize  `json:"miter,omitempty"` // if a solver was asked
	Solvers []SolverRun `json:"solvers,omitempty"`

	Difference *Difference `json:"difference,omitempty"`
}

// MiterSize is how large the circuit is that is to be shown to be 0.
type MiterSize struct {
	Size   int    `json:"size"`
	Wires  int64  `json:"wires"`
	Depth  int    `json:"depth"`
	Model  string `json:"depth_model"` // the standard one
	Merged int    `json:"merged"`      // pairs of gates shown equal in it, once thresholds are adder trees
	Left   int    `json:"left"`        // gates left then; 0 if it is too large for that
}

// Equivalent compares two circuits: whether they have the same outputs on every valid
// input. Their ports must be the same, or as many wires; outputs of one name in other
// formats are compared as integers.
//
// Both circuits are first evaluated as they are, on random inputs of several kinds, unless
// all are fewer; then on all inputs if those are at most 2^24; else equal gates of their
// miter are merged, and what is left is given to solvers ([Miter], [SolverNames]). The
// result is proved, refuted with an input, or, when time is up, consistent: nothing more is
// known than that they agree on the inputs tried. It fails with a [*PortError], for a method or a solver that
// is not known or not here, and when ctx ends.
func Equivalent(ctx context.Context, a, b *circuit.Circuit, cfg EquivalenceConfig) (*Equivalence, error) {
	if err := checkSolvers(cfg.Solvers); err != nil {
		return nil, err
	}
	p, err := pair(a, b, cfg.InputOrder, cfg.OutputOrder)
	if err != nil {
		return nil, err
	}
	compare, err := p.comparer(a, b)
	if err != nil {
		return nil, err
	}
	e := &equivalence{
		a: a, b: b, cfg: cfg, pairing: p,
		plans:  [3]*eval.Plan{eval.Compile(a, eval.Config{}), eval.Compile(b, eval.Config{}), eval.Compile(compare, eval.Config{})},
		source: newBitSource(a.InputPorts(), cfg.Seed),
		found:  &Equivalence{Verdict: Consistent, InputsBy: p.inBy, OutputsBy: p.outBy, Misplaced: p.misplaced(a, b), OnlyCodes: p.codes},
	}
	return e.found, e.run(ctx)
}

type equivalence struct {
	a, b    *circuit.Circuit
	cfg     EquivalenceConfig
	pairing *pairing
	plans   [3]*eval.Plan // of a, of b, of the comparison
	source  *bitSource
	found   *Equivalence
}

func (e *equivalence) progress(phase string, done, all int) {
	if e.cfg.Progress != nil {
		e.cfg.Progress(phase, done, all)
	}
}

func (e *equivalence) run(ctx context.Context) error {
	all, few := e.source.count(1 << exhaustiveBits)
	switch m := e.cfg.Method; {
	case m == Exhaustive:
		if all, few = e.source.count(hardLimit); !few {
			return fmt.Errorf("%d input bits are too many to try all inputs; at most 2^36 can be tried", e.source.wires)
		}
	case m != Automatic && m != Simulate && m != Solve:
		return fmt.Errorf("unknown method %q; known: %s", string(m), strings.Join(EquivalenceMethods(), ", "))
	}
	if e.cfg.Method != Exhaustive && (!few || all > DefaultRandomInputs || e.cfg.Method == Simulate) {
		if done, err := e.tryRandom(ctx); done || err != nil {
			return err
		}
	}
	if e.cfg.Method == Simulate {
		e.found.How = "on all random inputs tried; no proof was asked for"
		return nil
	}
	timeout := e.cfg.Timeout
	if timeout == 0 {
		timeout = DefaultTimeout
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var err error
	if few && e.cfg.Method != Solve {
		err = e.tryAll(limited, all)
	} else {
		err = e.solve(limited)
	}
	if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		e.found.How = fmt.Sprintf("no proof within the time limit of %v", timeout)
		return nil
	}
	return err
}

// tryRandom reports whether random inputs have settled it.
func (e *equivalence) tryRandom(ctx context.Context) (bool, error) {
	n := e.cfg.Inputs
	if n == 0 {
		n = DefaultRandomInputs
	}
	seed := e.cfg.Seed
	e.found.Seed = &seed
	err := e.simulate(ctx, "random inputs", n, func(first int, in *eval.Vectors) {
		for t := range (in.Lanes() + tileLanes - 1) / tileLanes {
			e.source.random(in, t, first/tileLanes+t)
		}
	}, &e.found.Random)
	if err == nil && e.found.Difference != nil {
		e.found.Verdict, e.found.How = Refuted, "a random input on which they differ"
	}
	return e.found.Difference != nil, err
}

func (e *equivalence) tryAll(ctx context.Context, all int) error {
	tried := 0
	err := e.simulate(ctx, "all inputs", all, func(first int, in *eval.Vectors) { e.source.counted(in, first) }, &tried)
	switch {
	case err != nil:
		return err
	case e.found.Difference != nil:
		e.found.Verdict, e.found.How = Refuted, "an input on which they differ"
	default:
		e.found.Verdict, e.found.How, e.found.Exhaustive = Proved, "all inputs", tried
	}
	return nil
}

// batchWords bounds the memory of the inputs and outputs of a batch.
const batchWords = 1 << 22

// simulate evaluates both circuits on n inputs, a batch at a time, and notes the first
// difference. The lanes of a batch are filled by tiles.
func (e *equivalence) simulate(ctx context.Context, phase string, n int, fill func(first int, in *eval.Vectors), tried *int) error {
	rows := max(1, len(e.a.Inputs())+len(e.b.Inputs())+2*(e.a.OutputCount()+e.b.OutputCount()))
	batch := max(4, min(64, batchWords*wordLanes/tileLanes/rows)) * tileLanes
	for first := 0; first < n; first += batch {
		e.progress(phase, first, n)
		if err := ctx.Err(); err != nil {
			return err
		}
		in := eval.NewVectors(e.source.wires, min(batch, n-first))
		fill(first, in)
		lane, err := e.firstDifference(ctx, in)
		if err != nil {
			return err
		}
		*tried = first + in.Lanes()
		if lane >= 0 {
			ok, err := e.witness(in.Lane(lane))
			if err == nil && !ok {
				err = errEvaluators
			}
			return err
		}
	}
	e.progress(phase, n, n)
	return nil
}

// firstDifference returns the first lane on which the circuits differ, or −1.
func (e *equivalence) firstDifference(ctx context.Context, in *eval.Vectors) (int, error) {
	other := in
	if e.pairing.inBy != ByOrder {
		other = eval.NewVectors(len(e.pairing.inputs), in.Lanes())
		for i, w := range e.pairing.inputs {
			copy(other.Row(i), in.Row(w))
		}
	}
	x, err := e.plans[0].Run(ctx, in)
	if err != nil {
		return -1, err
	}
	y, err := e.plans[1].Run(ctx, other)
	if err != nil {
		return -1, err
	}
	both := eval.NewVectors(x.Wires()+y.Wires(), in.Lanes())
	for i := range x.Wires() {
		copy(both.Row(i), x.Row(i))
	}
	for i := range y.Wires() {
		copy(both.Row(x.Wires()+i), y.Row(i))
	}
	differ, err := e.plans[2].Run(ctx, both)
	if err != nil {
		return -1, err
	}
	for w, word := range differ.Row(0) {
		if word != 0 {
			return w*wordLanes + bits.TrailingZeros64(word), nil
		}
	}
	return -1, nil
}
