package compile

import (
	"cmp"
	"fmt"
	"sync"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// GLU is a gated linear unit (Shazeer 2020) with generic weights: y = act(W₁·x) ⊙ (W₂·x), with
// n inputs and Hidden outputs. Its real inputs are x·2^−(Bits−1) in [−1, 1). W₁·x stays in
// [−2, 2], and W₂·x stays in [−1, 1]. The gate act(W₁·x) is rounded to units of an input. The
// product is rounded again and clipped to Bits bits.
//
// Depth: 2 for every n. The thresholds of the gate absorb the bits of W₂·x, so the products
// need no level. Without absorption the depth is 3.
type GLU struct {
	Hidden     int    `param:"hidden" most:"16384"`     // outputs; 0 means as the inputs
	Activation string `param:"activation" zero:"silu"`  // of the gate, "" means silu; else "gelu", "relu" or "sigmoid"
	Bits       int    `param:"bits" zero:"3" most:"12"` // of inputs and outputs, two's complement; 0 means 3
	Seed       uint64 `param:"seed"`                    // of the generic weights
}

// gluActivations are the gates of the variants with names of their own: GEGLU,
// ReGLU, GLU and SwiGLU.
var gluActivations = []string{"gelu", "relu", "sigmoid", "silu"}

func (u GLU) defaults() GLU { return filled(u) }

func (u GLU) check(n int) error {
	fill(&u.Hidden, n)
	return cmp.Or(
		checkSizes("glu", u, size{name: "n", v: n, most: 1 << 14}),
		oneOf("activation of glu", u.Activation, gluActivations),
	)
}

// gluReach is the greatest real value of W₁·x. Up to it the functions are neither nearly
// straight nor flat.
const gluReach = 2

func (u GLU) weights(n int, tag string) *program.Matrix {
	return genericMatrix(cmp.Or(u.Hidden, n), n, int64(1)<<u.Bits-1, u.Seed, tag)
}

// Scale returns the real value of one unit of an input, of the gate and of an
// output.
func (u GLU) Scale() float64 { return unitOf(u.defaults().Bits) }

// Program returns the unit for n inputs: input "x" [n], output "y" [h].
func (u GLU) Program(n int) (*program.Program, error) { return sized(u, n) }

// OpenProgram returns the unit for every n; h outputs, n if that is 0.
func (u GLU) OpenProgram() (*program.Program, error) { return opened(u) }

func (u GLU) build(n program.Dim) (*program.Program, float64) {
	h := n.Renamed("h")
	if u.Hidden > 0 {
		h = program.NewDim("h", u.Hidden)
	}
	p := program.New(fmt.Sprintf("glu %v %v activation=%s bits=%d", n, h, u.Activation, u.Bits))
	x := featureInput(p, "x", u.Bits, true, n)
	w1 := sync.OnceValue(func() *program.Matrix { return u.weights(n.Size(), "gate") })
	w2 := sync.OnceValue(func() *program.Matrix { return u.weights(n.Size(), "up") })
	most := poly.Int(1<<u.Bits - 1)
	linear := func(w func() *program.Matrix) program.Value {
		return p.LinearFunc(x, h, most, func() (*program.Matrix, []int64) { return w(), nil })
	}
	p.Begin("gate")
	// Except for rounding, no function exceeds its greatest argument. So the gate is not clipped.
	top := int64(gluReach) << (u.Bits - 1)
	sum, out := linear(w1), program.Range{Lo: -top, Hi: top}
	// A function that falls and then rises reaches a level at most twice.
	gate := p.TurningFunc(sum, out, poly.Int(6*top), func() program.Staircase {
		return activationOf(p, sum, u.Activation, gluReach*u.Scale()/float64(greatestRow(w1())), out, u.Scale())
	})
	p.End()
	p.Begin("product")
	product := p.Contract("h,h->h", gate, linear(w2))
	out = program.Signed(u.Bits)
	y := p.RoundFunc(product, out, levels(), sizeOf(n).Times(most).Times(poly.Int(-out.Lo)), func() int64 {
		return -greatestRow(w2()) * out.Lo
	})
	p.End()
	p.Output("y", y)
	return p, u.Scale()
}

// Real computes the unit from the textbook formula in float64. It does not round, but it keeps
// the range of the output: act(W₁·x)·(W₂·x), clipped to [−1, 1 − 2^−(Bits−1)].
func (u GLU) Real(x []float64) []float64 {
	n := len(x)
	u = u.defaults()
	w1, w2 := u.weights(n, "gate"), u.weights(n, "up")
	gate, f := times(nil, realMatrix(w1, gluReach, float64(greatestRow(w1))), x), textbook[u.Activation]
	y := times(nil, realMatrix(w2, 1, float64(greatestRow(w2))), x)
	for k, v := range gate {
		y[k] *= f(v)
	}
	return clipped(y, -1, 1-u.Scale())
}

var gluFamily = Family{
	Name: "glu", Doc: "gated linear unit", Depth: "2",
	Params: []Param{
		length("inputs"),
		number("hidden", "outputs; 0: as the inputs", 0),
		choice("activation", "function of the gate", "silu", gluActivations),
		number("bits", "bits of an input and of an output", 3),
	},
	block: func(a Args) (block, error) {
		u := given[GLU](a)
		return realBlock(u, u.Bits), nil
	},
}
