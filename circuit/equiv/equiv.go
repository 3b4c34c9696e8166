package equiv

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/vector"
)

// Config says how [Check] compares two circuits. The zero value works.
type Config struct {
	Method  Method
	Inputs  int           // random inputs to begin with; 0: [DefaultRandomInputs]
	Seed    uint64        // of those
	Timeout time.Duration // of all steps after the random inputs; 0: [DefaultTimeout]

	// Solvers may be asked, by name; nil: all of [Solvers] that are here, but only the first of the
	// two solvers that are part of this program, since these two take turns.
	Solvers []string

	// InputOrder and OutputOrder list wires of the second circuit, each once, in the order of the
	// wires of the first. nil: matched by the names of ports, or by the names of wires, or in
	// order.
	InputOrder, OutputOrder []int

	// Signals has names of the gates of the two circuits, by gate, to say where they begin to
	// differ; nil: there are no names.
	Signals [2][]string

	// ProofFolder is a folder that exists. If it is given, a proof is written into it that the
	// circuits are equivalent, and checked: nothing but that counts as a proof then.
	ProofFolder string

	// Progress is called from time to time, from one goroutine, with the phase that is running; all
	// is 0 if the amount of work is not known. It may be nil.
	Progress func(phase string, done, all int)
}

// Method says how far a comparison goes: [Automatic], which is the zero value,
// [Simulate], [Exhaustive], [Solve] or [Symmetric].
type Method string

// The methods.
const (
	Automatic  Method = ""           // random inputs; then all inputs, if they are few, or a solver
	Simulate   Method = "simulate"   // random inputs and no proof
	Exhaustive Method = "exhaustive" // all inputs
	Solve      Method = "solve"      // a solver
	Symmetric  Method = "symmetric"  // swaps of inputs, and one input for each number of ones
)

// Methods returns all but Automatic.
func Methods() []string {
	return []string{string(Simulate), string(Exhaustive), string(Solve), string(Symmetric)}
}

func unknownMethod(m Method) error {
	return fmt.Errorf("unknown method %q; known: %s", string(m), strings.Join(Methods(), ", "))
}

// Defaults of a comparison.
const (
	DefaultRandomInputs = 1 << 16
	DefaultTimeout      = time.Minute
)

// Bounds on trying all inputs: the most bits without a request, and the most inputs on request.
const (
	exhaustiveBits  = 24
	exhaustiveLimit = 1 << 36
)

// Judgement is what is known of two circuits.
type Judgement string

// The judgements.
const (
	Proved     Judgement = "proved"     // they are equivalent
	Consistent Judgement = "consistent" // they agree on the inputs that were tried, and more is not known
	Refuted    Judgement = "refuted"    // they differ on an input
)

// Result is what a comparison of two circuits found.
type Result struct {
	Verdict   Judgement `json:"verdict"`   // proved: they are equivalent; refuted: they differ; consistent: undecided
	How       string    `json:"how"`       // what decided it, or why it is not decided
	InputsBy  string    `json:"inputs_by"` // how ports were matched: port names, wire names, order
	OutputsBy string    `json:"outputs_by"`
	Random    int       `json:"random_inputs"` // tried, without repetitions told apart
	Seed      *uint64   `json:"seed,omitempty"`

	Exhaustive int `json:"exhaustive_inputs,omitempty"` // all of them, if they were all tried
	// Misplaced has names of wires that both circuits have and that were not matched with
	// each other, since not all names are the same and so the order decided.
	Misplaced []string `json:"misplaced,omitempty"`
	// OnlyCodes says that the first circuit has one-hot or thermometer inputs, and the second has
	// not. Other combinations of bits are not inputs, and were not compared.
	OnlyCodes bool `json:"only_codes,omitempty"`

	Miter   *MiterSize  `json:"miter,omitempty"` // if a solver was asked
	Solvers []SolverRun `json:"solvers,omitempty"`

	Certificate *Certificate `json:"certificate,omitempty"` // if a proof was written, and checked
	Cubes       *CubeReport  `json:"cubes,omitempty"`       // if the comparison was split

	Difference *Difference `json:"difference,omitempty"`
}

// MiterSize is the size of the circuit that has to be 0 for equivalent circuits.
type MiterSize struct {
	Size   int    `json:"size"`
	Wires  int64  `json:"wires"`
	Depth  int    `json:"depth"`
	Model  string `json:"depth_model"` // the standard one
	Merged int    `json:"merged"`      // pairs of gates shown equal in it, once thresholds are adder trees
	Left   int    `json:"left"`        // gates left then; 0 if it is too large for that
}

// Check compares two circuits: whether they have the same outputs on every valid
// input. Their ports must be the same, or as many wires; outputs of one name in other
// formats are compared as integers.
//
// Check first evaluates both circuits as they are, on random inputs of several kinds, unless there
// are fewer inputs than that. Then it tries all inputs if there are at most 2^24. If there are
// more, it merges equal gates of the miter and gives the rest to solvers ([Miter], [Solvers]). The
// result is proved, or refuted with an input, or consistent when time is up: then it is only known
// that they agree on the inputs tried. It fails with a [*vector.PortError], for a method or a
// solver that is not known or not here, and when ctx ends.
func Check(ctx context.Context, a, b *circuit.Circuit, cfg Config) (*Result, error) {
	e, err := newComparison(a, b, cfg)
	if err != nil {
		return nil, err
	}
	return e.found, e.run(ctx)
}

// newComparison pairs the ports of two circuits.
func newComparison(a, b *circuit.Circuit, cfg Config) (*comparison, error) {
	ask, err := toAsk(cfg.Solvers)
	if err != nil {
		return nil, err
	}
	p, err := pair(a, b, &cfg)
	if err != nil {
		return nil, err
	}
	compare, err := p.comparer()
	if err != nil {
		return nil, err
	}
	e := &comparison{
		a: a, b: b, cfg: cfg, pairing: p, solvers: ask, inputs: vector.NewCodec(a.InputPorts()),
		found: &Result{
			Verdict: Consistent, InputsBy: p.inBy, OutputsBy: p.outBy, Misplaced: p.misplaced(), OnlyCodes: p.codes,
		},
	}
	e.differs = e.witness
	for i, c := range []*circuit.Circuit{a, b, compare} {
		e.plans[i] = eval.Compile(c, eval.Config{})
	}
	return e, nil
}

type comparison struct {
	a, b    *circuit.Circuit
	cfg     Config
	pairing *pairing
	solvers []*solver
	plans   [3]*eval.Plan // of a, of b, of the comparison
	inputs  *vector.Codec
	found   *Result

	// differs tries an input that a solver found, and notes it.
	differs func(in []bool) (bool, error)

	cube  []int              // of a cube: its literals, see [Leaf]
	given []*circuit.Circuit // of a cube: its miters; nil: they are made
}

func (e *comparison) progress(phase string, done, all int) {
	if e.cfg.Progress != nil {
		e.cfg.Progress(phase, done, all)
	}
}

func (e *comparison) run(ctx context.Context) error {
	all, few := e.inputs.Count(1 << exhaustiveBits)
	switch m := e.cfg.Method; {
	case m == Exhaustive:
		if all, few = e.inputs.Count(exhaustiveLimit); !few {
			return fmt.Errorf("%d input bits are too many to try all inputs; at most 2^36 can be tried", e.inputs.Wires)
		}
	case m != Automatic && !slices.Contains(Methods(), string(m)):
		return unknownMethod(m)
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
	timeout := cmp.Or(e.cfg.Timeout, DefaultTimeout)
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var err error
	switch {
	case e.cfg.Method == Symmetric:
		err = e.symmetric(limited)
	case e.cfg.ProofFolder != "":
		err = e.certify(limited)
	case few && e.cfg.Method != Solve:
		err = e.tryAll(limited, all)
	default:
		err = e.solve(limited)
	}
	if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		e.found.How = fmt.Sprintf("no proof within the time limit of %v", timeout)
		return nil
	}
	return err
}

// tryRandom reports whether random inputs have settled it.
func (e *comparison) tryRandom(ctx context.Context) (bool, error) {
	n, seed := cmp.Or(e.cfg.Inputs, DefaultRandomInputs), e.cfg.Seed
	e.found.Seed = &seed
	fill := func(in *eval.Vectors, first int) { e.inputs.Random(in, first, seed) }
	var err error
	e.found.Random, err = e.simulate(ctx, "random inputs", n, fill)
	if err == nil && e.found.Difference != nil {
		e.found.Verdict, e.found.How = Refuted, "a random input on which they differ"
	}
	return e.found.Difference != nil, err
}

func (e *comparison) tryAll(ctx context.Context, all int) error {
	tried, err := e.simulate(ctx, "all inputs", all, e.inputs.Counted)
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
// difference. It returns how many it tried. The lanes of a batch are filled by tiles.
func (e *comparison) simulate(
	ctx context.Context, phase string, n int, fill func(in *eval.Vectors, first int),
) (tried int, err error) {
	rows := max(1, len(e.a.Inputs())+len(e.b.Inputs())+2*(e.a.OutputCount()+e.b.OutputCount()))
	batch := max(4, min(64, batchWords*64/eval.TileLanes/rows)) * eval.TileLanes
	for first := 0; first < n; first += batch {
		e.progress(phase, first, n)
		if err := ctx.Err(); err != nil {
			return tried, err
		}
		in := eval.NewVectors(e.inputs.Wires, min(batch, n-first))
		fill(in, first)
		lane, err := e.firstDifference(ctx, in)
		if err != nil {
			return tried, err
		}
		tried = first + in.Lanes()
		if lane >= 0 {
			ok, err := e.witness(in.Lane(lane))
			if err == nil && !ok {
				err = errEvaluators
			}
			return tried, err
		}
	}
	e.progress(phase, n, n)
	return tried, nil
}

// firstDifference returns the first lane on which the circuits differ, or −1.
func (e *comparison) firstDifference(ctx context.Context, in *eval.Vectors) (int, error) {
	other := in
	if e.pairing.inBy != ByOrder {
		other = eval.NewVectors(len(e.pairing.inputs), in.Lanes())
		for i, w := range e.pairing.inputs {
			copy(other.Row(i), in.Row(w))
		}
	}
	both := eval.NewVectors(e.a.OutputCount()+e.b.OutputCount(), in.Lanes())
	row := 0
	for i, in := range []*eval.Vectors{in, other} {
		out, err := e.plans[i].Run(ctx, in)
		if err != nil {
			return -1, err
		}
		for k := range out.Wires() {
			copy(both.Row(row), out.Row(k))
			row++
		}
	}
	differ, err := e.plans[2].Run(ctx, both)
	if err != nil {
		return -1, err
	}
	return firstOne(differ.Row(0)), nil
}

// firstOne returns the first lane that is 1, or −1.
func firstOne(row []uint64) int {
	for w, word := range row {
		if word != 0 {
			return w*64 + bits.TrailingZeros64(word)
		}
	}
	return -1
}
