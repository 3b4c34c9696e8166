package compile

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// GLU is a gated linear unit (Shazeer 2020) with generic weights: y = act(W₁·x) ⊙
// (W₂·x) of n inputs and Hidden outputs. Its real inputs are x·2^−(Bits−1) in
// [−1, 1); W₁·x stays in [−2, 2] and W₂·x in [−1, 1]. The gate act(W₁·x) is rounded
// to units of an input, and the product is rounded again and clipped to Bits bits.
//
// Depth: 2 for every n: the thresholds of the gate absorb the bits of W₂·x, so that
// the products are no layer of their own; without absorption 3.
type GLU struct {
	Hidden     int    // outputs; 0 means as the inputs
	Activation string // of the gate: "gelu", "relu", "sigmoid" or "silu"; "" means silu
	Bits       int    // bits of an input and of an output, two's complement; 0 means 3
	Seed       uint64 // of the generic weights
}

// gluActivations are the gates of the variants with names of their own: GEGLU,
// ReGLU, GLU and SwiGLU.
var gluActivations = []string{"gelu", "relu", "sigmoid", "silu"}

func (u GLU) defaults(n int) GLU {
	if u.Hidden == 0 {
		u.Hidden = n
	}
	if u.Activation == "" {
		u.Activation = "silu"
	}
	if u.Bits == 0 {
		u.Bits = 3
	}
	return u
}

func (u GLU) check(n int) error {
	for _, p := range []struct {
		name    string
		v, most int
	}{{"n", n, 1 << 14}, {"hidden", u.Hidden, 1 << 14}, {"bits", u.Bits, 12}} {
		if p.v < 1 || p.v > p.most {
			return fmt.Errorf("compile: glu: %s=%d is outside 1..%d", p.name, p.v, p.most)
		}
	}
	if !slices.Contains(gluActivations, u.Activation) {
		return &UnknownError{"activation of glu", u.Activation, gluActivations}
	}
	return nil
}

// gluReach is the greatest real value of W₁·x, where the functions are far from
// straight and yet not flat.
const gluReach = 2

func (u GLU) weights(n int, tag string) *program.Matrix {
	return genericMatrix(u.Hidden, n, int64(1)<<u.Bits-1, u.Seed, tag)
}

// Scale returns the real value of one unit of an input, of the gate and of an
// output.
func (u GLU) Scale() float64 { return math.Exp2(1 - float64(u.defaults(1).Bits)) }

// Program returns the unit for n inputs: input "x" [n], output "y" [h].
func (u GLU) Program(n int) (*program.Program, error) {
	u = u.defaults(n)
	if err := u.check(n); err != nil {
		return nil, err
	}
	return u.program(program.NewDim("n", n), program.NewDim("h", u.Hidden))
}

// OpenProgram returns the unit for every n; h outputs, n if that is 0.
func (u GLU) OpenProgram() (*program.Program, error) {
	h := program.OpenDim("h")
	if u.Hidden > 0 {
		h = program.NewDim("h", u.Hidden)
	}
	u = u.defaults(1)
	if err := u.check(1); err != nil {
		return nil, err
	}
	return u.program(program.OpenDim("n"), h)
}

func (u GLU) program(n, h program.Dim) (*program.Program, error) {
	p := program.New(fmt.Sprintf("glu %v %v activation=%s bits=%d", n, h, u.Activation, u.Bits))
	x := featureInput(p, "x", program.Shape{n}, u.Bits, true)
	w1 := sync.OnceValue(func() *program.Matrix { return u.weights(n.Size(), "gate") })
	w2 := sync.OnceValue(func() *program.Matrix { return u.weights(n.Size(), "up") })
	most := poly.Int(1<<u.Bits - 1)
	linear := func(w func() *program.Matrix) program.Value {
		return p.LinearFunc(x, h, most, func() (*program.Matrix, []int64) { return w(), nil })
	}
	p.Begin("gate")
	// No function exceeds its argument by more than what rounding adds, so that
	// nothing of the gate is clipped.
	top := int64(gluReach) << (u.Bits - 1)
	sum := linear(w1)
	// A function that falls and rises reaches a level twice at most.
	gate := p.StepFunc(sum, program.Range{Lo: -top, Hi: top}, poly.Int(6*top), func() program.Staircase {
		return activationOf(p, sum, u.Activation, gluReach*u.Scale()/float64(greatestRow(w1())), program.Range{Lo: -top, Hi: top}, u.Scale())
	})
	p.End()
	p.Begin("product")
	product := p.Contract("h,h->h", gate, linear(w2))
	half := int64(1) << (u.Bits - 1)
	y := p.StepFunc(product, program.Range{Lo: -half, Hi: half - 1}, levels(), func() program.Staircase {
		return program.Round(greatestRow(w2())*half, program.Range{Lo: -half, Hi: half - 1})
	})
	p.End()
	p.Output("y", y)
	return p, p.Err()
}

// Real computes the unit from the textbook formula in float64, with no rounding but
// with the range of the output: act(W₁·x)·(W₂·x), clipped to [−1, 1 − 2^−(Bits−1)].
func (u GLU) Real(x []float64) []float64 {
	n := len(x)
	u = u.defaults(n)
	w1, w2 := u.weights(n, "gate"), u.weights(n, "up")
	y := make([]float64, u.Hidden)
	for k := range y {
		var gate, up float64
		for i, v := range x {
			gate += float64(gluReach * float64(w1.Row(k)[i]) / float64(greatestRow(w1)) * v)
			up += float64(float64(w2.Row(k)[i]) / float64(greatestRow(w2)) * v)
		}
		switch u.Activation {
		case "gelu":
			gate *= 0.5 * (1 + math.Erf(gate/math.Sqrt2))
		case "relu":
			gate = math.Max(gate, 0)
		case "sigmoid":
			gate = 1 / (1 + math.Exp(-gate))
		case "silu":
			gate /= 1 + math.Exp(-gate)
		}
		y[k] = math.Min(math.Max(gate*up, -1), 1-u.Scale())
	}
	return y
}

func gluFamily() Family {
	return Family{
		Name: "glu", Doc: "gated linear unit", Depth: "2", Class: "TC0",
		Params: append([]Param{
			{Name: "n", Doc: "inputs"},
			{Name: "hidden", Doc: "outputs; 0: as the inputs", Default: "0"},
			{Name: "activation", Doc: "function of the gate", Default: "silu", Choices: gluActivations},
			{Name: "bits", Doc: "bits of an input and of an output", Default: "3"},
		}, common...),
		build: buildGLU,
		open: func(a Args) (*program.Program, error) {
			return GLU{Hidden: a.Int("hidden"), Activation: a["activation"], Bits: a.Int("bits"), Seed: uint64(a.Int("seed"))}.OpenProgram()
		},
	}
}

func buildGLU(a Args) (*Instance, error) {
	if a.Int("bits") == 0 {
		return nil, fmt.Errorf("glu: bits=0 must be at least 1")
	}
	u := GLU{Hidden: a.Int("hidden"), Activation: a["activation"], Bits: a.Int("bits"), Seed: uint64(a.Int("seed"))}
	p, err := u.Program(a.Int("n"))
	if err != nil {
		return nil, err
	}
	scale := u.Scale()
	return &Instance{p, func(in []int64) []float64 { return u.Real(scaled(in, scale)) }, scale}, nil
}
