package analysis

import (
	"context"
	"fmt"
	"math/bits"
	"slices"
	"sync"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/compile/program"
)

// VerifyConfig says which inputs a circuit is verified on. The zero value tries all
// of them where there are at most [ExhaustiveLimit], else 10 000 adversarial and
// random ones.
type VerifyConfig struct {
	Inputs     int  // sample so many, even where all could be tried; 0: see above
	Exhaustive bool // try all, however many there are
	Seed       uint64
	Vectors    *Vectors // try these and nothing else, such as a test set

	Progress func(done, all int) // called now and then from one goroutine at a time; may be nil
}

// DefaultInputs is the number of inputs that are tried where not all are.
const DefaultInputs = 10_000

// hardLimit is the greatest number of inputs that Exhaustive accepts.
const hardLimit = 1 << 36

// Verification is what [Verify] found.
type Verification struct {
	Inputs     int     `json:"inputs"`         // input vectors tried
	Mismatches int     `json:"mismatches"`     // of them, those on which some output was wrong
	Exhaustive bool    `json:"exhaustive"`     // they are all the valid ones
	Seed       *uint64 `json:"seed,omitempty"` // of the random ones among them; nil if there are none
}

// Verify compares c with the integer reference of p on many inputs: every output
// wire in formats with one code for each integer, the integers in the others.
//
// If they differ anywhere the error is a [*MismatchError] with the first witness, and
// the result is valid. If the ports of c are not those of p it is a [*PortError]. All
// cores share the work, tile by tile.
func Verify(ctx context.Context, c *circuit.Circuit, p *program.Program, cfg VerifyConfig) (*Verification, error) {
	v := &verifier{reference: p.Reference, in: newCodec(c.InputPorts()), out: newCodec(c.OutputPorts())}
	if err := p.Err(); err != nil {
		return nil, err
	}
	ports := p.Inputs()
	if err := v.in.fits("input", ports); err != nil {
		return nil, err
	}
	if err := v.out.fits("output", p.Outputs()); err != nil {
		return nil, err
	}
	return v.run(ctx, c, ports, cfg)
}

// VerifyFunction compares c with a function on many inputs, as Verify does with a program:
// for the integers on the input ports, in order, it returns those on the output ports.
func VerifyFunction(ctx context.Context, c *circuit.Circuit, function func(in []int64) []int64, cfg VerifyConfig) (*Verification, error) {
	ports, err := inputPorts(c)
	if err != nil {
		return nil, err
	}
	outputs := len(c.OutputPorts())
	reference := func(in []int64) ([]int64, error) {
		out := function(slices.Clone(in))
		if len(out) != outputs {
			return nil, &PortError{"", fmt.Sprintf("the function returns %d integers for %d output ports", len(out), outputs)}
		}
		return out, nil
	}
	v := &verifier{reference: reference, in: newCodec(c.InputPorts()), out: newCodec(c.OutputPorts())}
	return v.run(ctx, c, ports, cfg)
}

// inputPorts returns the input ports of a circuit with the integers that they can carry.
func inputPorts(c *circuit.Circuit) ([]program.Port, error) {
	var ports []program.Port
	for _, p := range c.InputPorts() {
		k := len(p.Wires)
		r := program.Range{Hi: int64(k)}
		switch p.Format.Kind {
		case circuit.Unsigned, circuit.TwosComplement:
			if k > 62 {
				return nil, &PortError{p.Name, fmt.Sprintf("%d bits; at most 62 are compared", k)}
			}
			r.Hi = 1<<k - 1
			if p.Format.Kind == circuit.TwosComplement {
				r = program.Range{Lo: -1 << (k - 1), Hi: 1<<(k-1) - 1}
			}
		case circuit.OneHot:
			r.Hi = int64(k - 1)
		case circuit.Thermometer:
			offset, ok := p.Format.Offset.Int64()
			if !ok {
				return nil, &PortError{p.Name, "an offset beyond 64 bits"}
			}
			r = program.Range{Lo: offset, Hi: offset + int64(k)}
		default:
			return nil, &PortError{p.Name, "a format without a code for each integer"}
		}
		ports = append(ports, program.Port{Name: p.Name, Bounds: r})
	}
	return ports, nil
}

// run tries the inputs that cfg names.
func (v *verifier) run(ctx context.Context, c *circuit.Circuit, ports []program.Port, cfg VerifyConfig) (*Verification, error) {
	found := &Verification{}
	all := InputCount(ports)
	switch {
	case cfg.Vectors != nil:
		v.vectors = cfg.Vectors
	case cfg.Exhaustive && all > hardLimit:
		return nil, fmt.Errorf("%s valid inputs are too many to try them all; at most %d can be", countText(all), uint64(hardLimit))
	case cfg.Exhaustive, all <= ExhaustiveLimit && cfg.Inputs == 0:
		v.vectors, found.Exhaustive = AllVectors(ports), true
	default:
		n := cfg.Inputs
		if n == 0 {
			n = DefaultInputs
		}
		v.vectors, found.Seed = SampleVectors(ports, n, cfg.Seed), &cfg.Seed
	}
	v.progress = cfg.Progress
	plan := eval.Compile(c, eval.Config{})
	if err := plan.Stream(ctx, v.vectors.Len(), v.fill, v.compare); err != nil {
		return nil, err
	}
	found.Inputs, found.Mismatches = v.vectors.Len(), v.mismatches
	if v.mismatches > 0 {
		v.witness.Mismatches, v.witness.Of = v.mismatches, found.Inputs
		return found, v.witness
	}
	return found, nil
}

func countText(n uint64) string {
	if n == 1<<64-1 {
		return "more than 2^64"
	}
	return fmt.Sprint(n)
}

// verifier is one comparison under way.
type verifier struct {
	reference func(in []int64) ([]int64, error)
	in, out   *codec
	vectors   *Vectors
	progress  func(done, all int)

	lock       sync.Mutex
	mismatches int
	firstTile  int // of the witness
	witness    *MismatchError
	done       int
}

// fill writes the codes of a tile of inputs.
func (v *verifier) fill(tile int, in *eval.Vectors) error {
	return v.in.encode(v.vectors.Tile(tile), in)
}

// compare compares what the circuit made of a tile with the reference.
func (v *verifier) compare(tile int, _, got *eval.Vectors) error {
	vectors := v.vectors.Tile(tile)
	want := make([][]int64, len(vectors))
	for k, in := range vectors {
		var err error
		if want[k], err = v.reference(in); err != nil {
			return err
		}
	}
	wrong, err := v.out.differ(got, want)
	if err != nil {
		return err
	}
	count, first := 0, -1
	for w, x := range wrong {
		if x != 0 && first < 0 {
			first = w*64 + bits.TrailingZeros64(x)
		}
		count += bits.OnesCount64(x)
	}
	v.lock.Lock()
	defer v.lock.Unlock()
	v.mismatches += count
	if first >= 0 && (v.witness == nil || tile < v.firstTile) {
		v.witness, v.firstTile = v.witnessOf(vectors[first], want[first], got, first), tile
	}
	v.done += len(vectors)
	if v.progress != nil {
		v.progress(v.done, v.vectors.Len())
	}
	return nil
}

func (v *verifier) witnessOf(in, want []int64, got *eval.Vectors, lane int) *MismatchError {
	e := &MismatchError{}
	for i, p := range v.in.ports {
		e.Inputs = append(e.Inputs, PortValue{Port: p.Name, Value: Number{circuit.I(in[i])}})
	}
	wire := 0
	for i, p := range v.out.ports {
		value := v.out.decode(got, i, wire, lane)
		if value.Invalid != "" || value.Value.Cmp(circuit.I(want[i])) != 0 {
			e.Want = append(e.Want, PortValue{Port: p.Name, Value: Number{circuit.I(want[i])}})
			e.Got = append(e.Got, value)
		}
		wire += len(p.Wires)
	}
	return e
}
