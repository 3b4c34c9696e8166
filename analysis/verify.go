package analysis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/compile/program"
)

// VerifyConfig says which inputs a circuit is verified on. The zero value tries all inputs if there
// are at most [ExhaustiveLimit], otherwise 10 000 adversarial and random ones.
type VerifyConfig struct {
	Inputs     int  // sample so many, even where all could be tried; 0: see above
	Exhaustive bool // try all, however many there are
	Seed       uint64
	Vectors    *vector.List // try only these, such as a test set
	By         *Evaluator   // of the circuit, whose plan is made once for all that it does; nil for a plan of its own

	Progress func(done, all int) // called from time to time from one goroutine at a time; may be nil
}

// ExhaustiveLimit is the greatest number of valid inputs that are all tried by default.
const ExhaustiveLimit = 1 << 20

// DefaultInputs is the number of inputs that are tried where not all are.
const DefaultInputs = 10_000

// hardLimit is the greatest number of inputs that Exhaustive accepts.
const hardLimit = 1 << 36

// Verification is the result of [Verify].
type Verification struct {
	Inputs     int     `json:"inputs"`         // input vectors tried
	Mismatches int     `json:"mismatches"`     // those on which some output was wrong
	Exhaustive bool    `json:"exhaustive"`     // they are all the valid ones
	Seed       *uint64 `json:"seed,omitempty"` // of the random inputs; nil if there are none
}

// Judgement is [Refuted] if there was a mismatch, and else [Consistent]: inputs prove nothing
// of a family.
func (v *Verification) Judgement() Judgement {
	if v.Mismatches > 0 {
		return Refuted
	}
	return Consistent
}

// Verify compares c with the integer reference of p on many inputs: every output
// wire in formats with one code for each integer, the integers in the others.
//
// If they differ anywhere the error is a [*vector.MismatchError] with the first witness, and the
// result is valid. If the ports of c do not fit those of p, it is a [*vector.PortError]. All cores
// share the work, tile by tile.
func Verify(ctx context.Context, c *circuit.Circuit, p *program.Program, cfg VerifyConfig) (*Verification, error) {
	if err := p.Err(); err != nil {
		return nil, err
	}
	ports := p.Inputs()
	if err := fits("input", c.InputPorts(), ports); err != nil {
		return nil, err
	}
	if err := fits("output", c.OutputPorts(), p.Outputs()); err != nil {
		return nil, err
	}
	return verify(ctx, c, p.Reference, Ranges(ports), cfg)
}

// VerifyFunction compares c with a function on many inputs, as Verify does with a program:
// for the integers on the input ports, in order, it returns those on the output ports.
func VerifyFunction(
	ctx context.Context, c *circuit.Circuit, function func(in []int64) []int64, cfg VerifyConfig,
) (*Verification, error) {
	bounds, err := vector.Ranges(c.InputPorts())
	if err != nil {
		return nil, err
	}
	outputs := len(c.OutputPorts())
	reference := func(in []int64) ([]int64, error) {
		out := function(slices.Clone(in))
		if len(out) != outputs {
			return nil, &vector.PortError{
				What: fmt.Sprintf("the function returns %d integers for %d output ports", len(out), outputs),
			}
		}
		return out, nil
	}
	return verify(ctx, c, reference, bounds, cfg)
}

// Ranges returns the integers that ports of a program may carry.
func Ranges(ports []program.Port) []vector.Range {
	bounds := make([]vector.Range, len(ports))
	for i, p := range ports {
		bounds[i] = vector.Range(p.Bounds)
	}
	return bounds
}

// fits compares the ports of a circuit with those of a program: their names, and whether each has a
// code for every integer in its bounds. Weighted wires are an exception.
func fits(what string, have []circuit.Port, ports []program.Port) error {
	if len(have) != len(ports) {
		return &vector.PortError{What: fmt.Sprintf("%d %s ports instead of %d", len(have), what, len(ports))}
	}
	for i, p := range have {
		want := ports[i]
		if p.Name != want.Name {
			return &vector.PortError{Port: p.Name, What: fmt.Sprintf("the %s port in its place is %s", what, want.Name)}
		}
		if p.Format.Kind == circuit.Weighted {
			// Interval arithmetic may allow integers that its wires never reach. If they should
			// reach an integer and do not, it is found as a mismatch.
			continue
		}
		lo, hi := p.Format.Range(len(p.Wires))
		if lo.Cmp(circuit.NewInt(want.Bounds.Lo)) > 0 || hi.Cmp(circuit.NewInt(want.Bounds.Hi)) < 0 {
			what := fmt.Sprintf("its range is %v..%v, which does not hold %v", lo, hi, want.Bounds)
			return &vector.PortError{Port: p.Name, What: what}
		}
	}
	return nil
}

// verify tries the inputs that cfg names.
func verify(
	ctx context.Context, c *circuit.Circuit, reference func(in []int64) ([]int64, error),
	bounds []vector.Range, cfg VerifyConfig,
) (*Verification, error) {
	by := cfg.By
	if by == nil {
		by = NewEvaluator(c)
	} else if by.c != c {
		return nil, errors.New("analysis: the evaluator is one of another circuit")
	}
	v := &verifier{
		reference: reference, progress: cfg.Progress,
		in: by.in, out: by.out,
	}
	found := &Verification{}
	all := vector.Count(bounds)
	switch {
	case cfg.Vectors != nil:
		v.vectors = cfg.Vectors
	case cfg.Exhaustive && all > hardLimit:
		return nil, fmt.Errorf("%s valid inputs are too many to try them all; at most %d can be",
			countText(all), uint64(hardLimit))
	case cfg.Exhaustive, all <= ExhaustiveLimit && cfg.Inputs == 0:
		v.vectors, found.Exhaustive = vector.All(bounds), true
	default:
		v.vectors, found.Seed = vector.Sample(bounds, cmp.Or(cfg.Inputs, DefaultInputs), cfg.Seed), &cfg.Seed
	}
	parts, err := shard.Over(ctx, "tiles", v.vectors.Tiles(), func(ctx context.Context, u shard.Units) (compared, error) {
		v.units = u
		lanes := u.Len * eval.TileLanes
		if u.At(u.Len-1) == v.vectors.Tiles()-1 { // the last tile may be short
			lanes -= v.vectors.Tiles()*eval.TileLanes - v.vectors.Len()
		}
		v.lanes = lanes
		err := by.compiled().Stream(ctx, lanes, v.fill, v.compare)
		return v.found, err
	})
	if err != nil {
		return nil, err
	}
	var first *compared
	for _, p := range parts {
		found.Inputs += p.Result.Inputs
		found.Mismatches += p.Result.Mismatches
		if p.Result.Witness != nil && (first == nil || p.Result.Tile < first.Tile) {
			first = &p.Result
		}
	}
	if first != nil {
		first.Witness.Mismatches, first.Witness.Of = found.Mismatches, found.Inputs
		return found, first.Witness
	}
	return found, nil
}

func countText(n uint64) string {
	if n == 1<<64-1 {
		return "more than 2^64"
	}
	return fmt.Sprint(n)
}

// compared is what a process found on its tiles.
type compared struct {
	Inputs     int                   `json:"inputs"`
	Mismatches int                   `json:"mismatches"`
	Tile       int                   `json:"tile"`              // of the witness
	Witness    *vector.MismatchError `json:"witness,omitempty"` // the first mismatch
}

// verifier is one comparison under way.
type verifier struct {
	reference func(in []int64) ([]int64, error)
	in, out   *vector.Codec
	vectors   *vector.List
	units     shard.Units // the tiles that are tried
	lanes     int         // how many vectors they have
	progress  func(done, all int)
	tiles     sync.Map // by tile: its vectors, between fill and compare

	lock  sync.Mutex
	found compared
}

// fill writes the codes of the k-th tile of inputs that is tried.
func (v *verifier) fill(k int, in *eval.Vectors) error {
	vectors := v.vectors.Tile(v.units.At(k))
	v.tiles.Store(k, vectors)
	return v.in.Encode(vectors, in)
}

// compare compares the outputs of the circuit for a tile with the reference.
func (v *verifier) compare(k int, _, got *eval.Vectors) error {
	filled, _ := v.tiles.LoadAndDelete(k)
	vectors := filled.([][]int64)
	want := make([][]int64, len(vectors))
	for k, in := range vectors {
		var err error
		if want[k], err = v.reference(in); err != nil {
			return err
		}
	}
	wrong, err := v.out.Differ(got, want)
	if err != nil {
		return err
	}
	tile := v.units.At(k)
	v.lock.Lock()
	defer v.lock.Unlock()
	f := &v.found
	f.Mismatches += len(wrong)
	if len(wrong) > 0 && (f.Witness == nil || tile < f.Tile) {
		f.Witness, f.Tile = v.witnessOf(vectors[wrong[0]], want[wrong[0]], got, wrong[0]), tile
	}
	f.Inputs += len(vectors)
	if v.progress != nil {
		v.progress(f.Inputs, v.lanes)
	}
	return nil
}

func (v *verifier) witnessOf(in, want []int64, got *eval.Vectors, lane int) *vector.MismatchError {
	e := &vector.MismatchError{}
	for i, p := range v.in.Ports {
		e.Inputs = append(e.Inputs, vector.ValueOf(p.Name, in[i]))
	}
	for i, value := range vector.Values(v.out.Ports, got.Lane(lane)) {
		if !value.Is(want[i]) {
			e.Want = append(e.Want, vector.ValueOf(value.Port, want[i]))
			e.Got = append(e.Got, value)
		}
	}
	return e
}
