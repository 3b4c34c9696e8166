package compile

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// MLP is a multilayer perceptron with generic weights: every layer a linear map
// with bias, then ReLU and rounding to Bits bits. Its real inputs are x·2^−Bits in
// [0, 1) for the unsigned integers x.
//
// With another Activation f than ReLU (GELU: Hendrycks and Gimpel 2016; SiLU: Elfwing,
// Uchibe and Doya 2018), a hidden layer is f(4·(W·x + b))/4, since in [0, 1) these
// functions are nearly straight lines; it has the same ceiling and may be negative.
//
// Depth: one a layer, a Step on a Sum.
type MLP struct {
	Sizes []int  // inputs, hidden layers, outputs; nil means 4, 8, 4
	Bits  int    // bits of an input and of an activation, unsigned; 0 means 3
	Seed  uint64 // of the generic weights

	Activation string // of hidden layers: "gelu", "gelu_tanh", "relu" or "silu"; "" means relu
}

// mlpActivations are the functions that hidden layers may have.
var mlpActivations = []string{"gelu", "gelu_tanh", "relu", "silu"}

// mlpReach is what a hidden layer's sum is multiplied by before a function that is
// not ReLU, and divided by after it.
const mlpReach = 4

func (m MLP) defaults() MLP {
	if m.Activation == "" {
		m.Activation = "relu"
	}
	if m.Sizes == nil {
		m.Sizes = []int{4, 8, 4}
	}
	if m.Bits == 0 {
		m.Bits = 3
	}
	return m
}

func (m MLP) check() error {
	if m.Bits < 1 || m.Bits > 12 {
		return fmt.Errorf("compile: mlp: bits=%d is outside 1..12", m.Bits)
	}
	if len(m.Sizes) < 2 {
		return fmt.Errorf("compile: mlp: %d sizes; at least inputs and outputs are needed", len(m.Sizes))
	}
	for _, s := range m.Sizes {
		if s < 1 || s > 1<<16 {
			return fmt.Errorf("compile: mlp: a layer of %d units", s)
		}
	}
	if !slices.Contains(mlpActivations, m.Activation) {
		return &UnknownError{"activation of mlp", m.Activation, mlpActivations}
	}
	for k := range len(m.Sizes) - 1 {
		if m.Sizes[k]*m.Sizes[k+1] > program.MostElements {
			return fmt.Errorf("compile: mlp: a layer of %d×%d weights, more than %d", m.Sizes[k+1], m.Sizes[k], program.MostElements)
		}
	}
	return nil
}

// mlpRest is what a layer has beside its weights.
type mlpRest struct {
	bias []int64
	unit int64
}

// sizeOf is the size of a dimension as a formula: n if it is open.
func sizeOf(p *program.Program, d program.Dim) poly.Poly {
	if d.Open() {
		return poly.Symbol("n").Times(poly.Int(int64(d.Factor())))
	}
	return poly.Int(int64(d.Size()))
}

func (m MLP) top() int64 { return int64(1)<<m.Bits - 1 }

// layer returns the integer weights and bias of layer k, and how many units of its
// sum make one unit of its output. The unit is half the least absolute row sum, and the
// bias brings the middle of each sum's range near that of the output, so that every unit
// reaches every level and clips at both ends, whatever its weights.
func (m MLP) layer(k int) (w *program.Matrix, bias []int64, unit int64) {
	in, out := m.Sizes[k], m.Sizes[k+1]
	w = genericMatrix(out, in, m.top(), m.Seed, fmt.Sprintf("weight %d", k))
	bias = genericBias(out, m.top(), m.Seed, fmt.Sprintf("bias %d", k))
	unit = math.MaxInt64
	for o := range out {
		total, absolute := int64(0), int64(0)
		for _, x := range w.Row(o) {
			total += x
			absolute += max(x, -x)
		}
		bias[o] -= total << (m.Bits - 1)
		unit = min(unit, max(1, absolute/2))
	}
	for o := range bias {
		bias[o] += unit << (m.Bits - 1)
	}
	return w, bias, unit
}

// OutputScale returns the real value of one unit of output: that of an input.
func (m MLP) OutputScale() float64 { return math.Exp2(-float64(m.defaults().Bits)) }

// Program returns the network: input "x" [d0], output "y" [dk].
func (m MLP) Program() (*program.Program, error) {
	m = m.defaults()
	if err := m.check(); err != nil {
		return nil, err
	}
	dims := make([]program.Dim, len(m.Sizes))
	for k, s := range m.Sizes {
		dims[k] = program.NewDim(fmt.Sprintf("d%d", k), s)
	}
	return m.program(dims)
}

// program returns the network with layers of the given dimensions, which may be open.
func (m MLP) program(dims []program.Dim) (*program.Program, error) {
	name := fmt.Sprintf("mlp %v bits=%d", m.Sizes, m.Bits)
	if m.Activation != "relu" {
		name += " activation=" + m.Activation
	}
	p := program.New(name)
	x := featureInput(p, "x", program.Shape{dims[0]}, m.Bits, false)
	for k := range len(dims) - 1 {
		// The weights come with the sizes.
		layer := sync.OnceValues(func() (w *program.Matrix, rest mlpRest) {
			w, rest.bias, rest.unit = m.layer(k)
			return w, rest
		})
		unit := func() int64 { _, rest := layer(); return rest.unit }
		stage := fmt.Sprintf("hidden %d", k+1)
		if k == len(m.Sizes)-2 {
			stage = "output"
		}
		p.Begin(stage)
		// A bias is at most top, half a range of a row of weights and half a unit, which is
		// as much again.
		most := sizeOf(p, dims[k]).Plus(poly.Int(1)).Times(poly.Int(m.top() << m.Bits))
		sum := p.LinearFunc(x, dims[k+1], most, func() (*program.Matrix, []int64) { w, rest := layer(); return w, rest.bias })
		if m.Activation == "relu" || k == len(m.Sizes)-2 {
			x = p.StepFunc(sum, program.Range{Lo: 0, Hi: m.top()}, levels(), func() program.Staircase { return program.Round(unit(), program.Range{Lo: 0, Hi: m.top()}) })
		} else {
			unitReal := mlpReach * m.OutputScale()
			// A function that falls and rises reaches a level twice at most.
			x = p.StepFunc(sum, program.Range{Lo: -m.top(), Hi: m.top()}, levels().Times(poly.Int(3)), func() program.Staircase {
				return activationOf(p, sum, m.Activation, unitReal/float64(unit()), program.Range{Lo: -m.top(), Hi: m.top()}, unitReal)
			})
		}
		p.End()
	}
	p.Output("y", x)
	return p, p.Err()
}

// Real computes the network from the textbook formula in float64, with no rounding
// but with the activations' ceiling: y = min(max(W·x + b, 0), 1 − 2^−Bits), and with
// the chosen function in place of max(·, 0) in hidden layers.
func (m MLP) Real(x []float64) []float64 {
	m = m.defaults()
	ceiling := 1 - math.Exp2(-float64(m.Bits))
	for k := range len(m.Sizes) - 1 {
		w, bias, unit := m.layer(k)
		y := make([]float64, w.Rows)
		for o := range y {
			sum := float64(bias[o]) * m.OutputScale() / float64(unit)
			for i := range x {
				sum += float64(float64(w.Data[o*w.Columns+i]) / float64(unit) * x[i])
			}
			if k < len(m.Sizes)-2 {
				sum = m.hidden(sum)
			} else {
				sum = math.Max(sum, 0)
			}
			y[o] = math.Min(sum, ceiling)
		}
		x = y
	}
	return x
}

// hidden is the function of a hidden layer in real numbers.
func (m MLP) hidden(x float64) float64 {
	z := mlpReach * x
	switch m.Activation {
	case "gelu":
		return x * 0.5 * (1 + math.Erf(z/math.Sqrt2))
	case "gelu_tanh":
		return x * 0.5 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(z+float64(0.044715*z*z*z))))
	case "silu":
		return x / (1 + math.Exp(-z))
	}
	return math.Max(x, 0)
}

// mlpFamilies returns the families of feed-forward networks.
func mlpFamilies() []Family {
	return []Family{
		{
			Name: "mlp", Doc: "multilayer perceptron with ReLU", Depth: "number of layers", Class: "TC0",
			Params: append([]Param{
				{Name: "n", Doc: "inputs"},
				{Name: "hidden", Doc: "units of a hidden layer; 0: twice the inputs", Default: "0"},
				{Name: "out", Doc: "outputs; 0: as the inputs", Default: "0"},
				{Name: "layers", Doc: "layers", Default: "2"},
				{Name: "bits", Doc: "bits of an input and of an activation", Default: "3"},
				{Name: "activation", Doc: "function of the hidden layers", Default: "relu", Choices: mlpActivations},
			}, common...),
			build: buildMLP,
			open: func(a Args) (*program.Program, error) {
				m, err := mlpOf(a, 1)
				if err != nil {
					return nil, err
				}
				dims := make([]program.Dim, len(m.Sizes))
				for k := range dims {
					given := a.Int("hidden")
					if k == 0 {
						given = 0
					} else if k == len(dims)-1 {
						given = a.Int("out")
					}
					dims[k] = program.NewDim(fmt.Sprintf("d%d", k), given)
					switch {
					case given == 0 && k > 0 && k < len(dims)-1:
						dims[k] = program.OpenDim(dims[k].Name).Times(2)
					case given == 0:
						dims[k] = program.OpenDim(dims[k].Name)
					}
				}
				return m.program(dims)
			},
		},
		gluFamily(),
	}
}

// mlpOf returns the network that the parameters describe, for n inputs.
func mlpOf(a Args, n int) (MLP, error) {
	hidden, out, layers := a.Int("hidden"), a.Int("out"), a.Int("layers")
	if n < 1 || layers < 1 || layers > 1000 || a.Int("bits") == 0 {
		return MLP{}, fmt.Errorf("mlp: n=%d, bits=%d and layers=%d must be at least 1, and layers at most 1000", n, a.Int("bits"), layers)
	}
	if hidden == 0 {
		hidden = 2 * n
	}
	if out == 0 {
		out = n
	}
	m := MLP{Sizes: []int{n}, Bits: a.Int("bits"), Seed: uint64(a.Int("seed")), Activation: a["activation"]}
	for range layers - 1 {
		m.Sizes = append(m.Sizes, hidden)
	}
	m.Sizes = append(m.Sizes, out)
	return m, nil
}

func buildMLP(a Args) (*Instance, error) {
	m, err := mlpOf(a, a.Int("n"))
	if err != nil {
		return nil, err
	}
	p, err := m.Program()
	if err != nil {
		return nil, err
	}
	scale := m.OutputScale()
	return &Instance{p, func(in []int64) []float64 { return m.Real(scaled(in, scale)) }, scale}, nil
}
