package compile

import (
	"fmt"
	"math"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/room"
)

// MLP is a multilayer perceptron with generic weights. Every layer is a linear map with bias,
// followed by ReLU and rounding to Bits bits. The real input of an unsigned integer x is
// x·2^−Bits, in [0, 1).
//
// If the Activation f is not ReLU (GELU: Hendrycks and Gimpel 2016; SiLU: Elfwing, Uchibe and
// Doya 2018), a hidden layer is f(4·(W·x + b))/4, because in [0, 1) these functions are nearly
// straight lines. It has the same ceiling, and it may be negative.
//
// Depth: one a layer, a Step on a Sum.
type MLP struct {
	Sizes []int  // inputs, hidden layers, outputs; nil means 4, 8, 4
	Bits  int    `param:"bits" zero:"3" most:"12"` // bits of an input and of an activation, unsigned; 0 means 3
	Seed  uint64 `param:"seed"`                    // of the generic weights

	// Activation of hidden layers: "gelu", "gelu_tanh", "relu" or "silu"; "" means relu.
	Activation string `param:"activation" zero:"relu"`
}

// mlpActivations are the functions that hidden layers may have.
var mlpActivations = []string{"gelu", "gelu_tanh", "relu", "silu"}

// mlpReach is a factor for functions other than ReLU: the sum of a hidden layer is multiplied by
// it before the function, and divided by it afterwards.
const mlpReach = 4

func (m MLP) defaults() MLP {
	if m.Sizes == nil {
		m.Sizes = []int{4, 8, 4}
	}
	return filled(m)
}

func (m MLP) check() error {
	if err := checkSizes("mlp", m); err != nil {
		return err
	}
	if len(m.Sizes) < 2 {
		return fmt.Errorf("compile: mlp: %d sizes; at least inputs and outputs are needed", len(m.Sizes))
	}
	for _, s := range m.Sizes {
		if s < 1 || s > 1<<16 {
			return fmt.Errorf("compile: mlp: a layer of %d units", s)
		}
	}
	if err := oneOf("activation of mlp", m.Activation, mlpActivations); err != nil {
		return err
	}
	total := int64(0)
	for k := range len(m.Sizes) - 1 {
		weights := m.Sizes[k] * m.Sizes[k+1]
		if weights > program.MostElements {
			return fmt.Errorf("compile: mlp: a layer of %d×%d weights, more than %d", m.Sizes[k+1], m.Sizes[k],
				program.MostElements)
		}
		total += int64(weights)
	}
	return room.Ask(fmt.Sprintf("compile: mlp: %d weights", total), room.Product(total, 8))
}

func (m MLP) top() int64 { return int64(1)<<m.Bits - 1 }

// layer returns the integer weights and bias of layer k, and how many units of its sum make one
// unit of its output. The unit is half of the least absolute row sum. The bias brings the
// middle of the range of each sum near the middle of the output. So every unit reaches every
// level and clips at both ends, whatever its weights are.
func (m MLP) layer(k int) (w *program.Matrix, bias []int64, unit int64) {
	in, out := m.Sizes[k], m.Sizes[k+1]
	w = genericMatrix(out, in, m.top(), m.Seed, fmt.Sprintf("weight %d", k))
	bias = genericBias(out, m.top(), m.Seed, fmt.Sprintf("bias %d", k))
	unit = math.MaxInt64
	for o := range out {
		total := int64(0)
		for _, x := range w.Row(o) {
			total += x
		}
		bias[o] -= total << (m.Bits - 1)
		unit = min(unit, max(1, absolute(w.Row(o))/2))
	}
	for o := range bias {
		bias[o] += unit << (m.Bits - 1)
	}
	return w, bias, unit
}

// OutputScale returns the real value of one unit of output. An input has the same unit.
func (m MLP) OutputScale() float64 { return math.Exp2(-float64(m.defaults().Bits)) }

// Program returns the network: input "x" [d0], output "y" [dk].
func (m MLP) Program() (*program.Program, error) {
	m = m.defaults()
	dims := make([]program.Dim, len(m.Sizes))
	for k, s := range m.Sizes {
		dims[k] = program.NewDim(fmt.Sprintf("d%d", k), s)
	}
	p, _, err := m.program(dims)
	return p, err
}

// program returns the network with layers of the given dimensions, which may be open.
func (m MLP) program(dims []program.Dim) (p *program.Program, scale float64, err error) {
	defer room.Catch(&err)
	m = m.defaults()
	if err := m.check(); err != nil {
		return nil, 0, err
	}
	name := fmt.Sprintf("mlp %v bits=%d", m.Sizes, m.Bits)
	if m.Activation != "relu" {
		name += " activation=" + m.Activation
	}
	p = program.New(name)
	x := featureInput(p, "x", m.Bits, false, dims[0])
	for k := range len(dims) - 1 {
		last := k == len(dims)-2
		stage := fmt.Sprintf("hidden %d", k+1)
		if last {
			stage = "output"
		}
		p.Begin(stage)
		// A bias is at most top, plus half the range of a row of weights, plus half a unit.
		most := sizeOf(dims[k]).Plus(poly.Int(1)).Times(poly.Int(m.top() << m.Bits))
		// The weights come with the sizes.
		unit := int64(0)
		sum := p.LinearFunc(x, dims[k+1], most, func() (w *program.Matrix, bias []int64) {
			w, bias, unit = m.layer(k)
			return w, bias
		})
		if m.Activation == "relu" || last {
			out := program.Range{Hi: m.top()}
			// The unit is at most half of a row of weights.
			row := sizeOf(dims[k]).Times(poly.Int(m.top()))
			x = p.RoundFunc(sum, out, levels(), row, func() int64 { return unit })
		} else {
			unitReal, out := mlpReach*m.OutputScale(), program.Range{Lo: -m.top(), Hi: m.top()}
			// A function that falls and then rises reaches a level at most twice.
			x = p.TurningFunc(sum, out, levels().Times(poly.Int(3)), func() program.Staircase {
				return activationOf(p, sum, m.Activation, unitReal/float64(unit), out, unitReal)
			})
		}
		p.End()
	}
	p.Output("y", x)
	return p, m.OutputScale(), p.Err()
}

// Real computes the network from the textbook formula in float64. It does not round, but it
// keeps the ceiling of the activations: y = min(max(W·x + b, 0), 1 − 2^−Bits). Hidden layers
// have the chosen function in place of max(·, 0).
func (m MLP) Real(x []float64) []float64 {
	m = m.defaults()
	hidden := textbook[m.Activation]
	for k := range len(m.Sizes) - 1 {
		w, bias, unit := m.layer(k)
		y := times(over(bias, m.OutputScale(), float64(unit)), realMatrix(w, 1, float64(unit)), x)
		if k < len(m.Sizes)-2 {
			for i, v := range y {
				y[i] = hidden(mlpReach*v) / mlpReach
			}
			x = clipped(y, math.Inf(-1), 1-m.OutputScale())
		} else {
			x = clipped(y, 0, 1-m.OutputScale())
		}
	}
	return x
}

var mlpFamily = Family{
	Name: "mlp", Doc: "multilayer perceptron with ReLU", Depth: "number of layers",
	Params: []Param{
		length("inputs"),
		number("hidden", "units of a hidden layer; 0: twice the inputs", 0),
		number("out", "outputs; 0: as the inputs", 0),
		number("layers", "layers", 2),
		number("bits", "bits of an input and of an activation", 3),
		choice("activation", "function of the hidden layers", "relu", mlpActivations),
	},
	block: func(a Args) (block, error) {
		return block{
			program: func(n program.Dim) (*program.Program, float64, error) {
				m, dims, err := mlpOf(a, n)
				if err != nil {
					return nil, 0, err
				}
				return m.program(dims)
			},
			real: func(in []int64) []float64 {
				m, _, _ := mlpOf(a, program.MemberDim("n", len(in)))
				return m.Real(scaled(in, m.OutputScale()))
			},
		}, nil
	},
}

// mlpOf returns the network that the parameters describe, for n inputs, and the dimensions
// of its layers. Its sizes are those for n = 1 if n is open.
func mlpOf(a Args, n program.Dim) (MLP, []program.Dim, error) {
	m, layers := given[MLP](a), a.Int("layers")
	if n.OrOne() < 1 || layers < 1 || layers > MostSteps || m.Bits == 0 {
		return m, nil, fmt.Errorf("mlp: n=%d, bits=%d and layers=%d must be at least 1, and layers at most %d",
			n.OrOne(), m.Bits, layers, MostSteps)
	}
	var dims []program.Dim
	add := func(given int, otherwise program.Dim) {
		d, size := otherwise, otherwise.Factor()
		if given > 0 {
			d = program.NewDim("", given)
		}
		if !d.Open() {
			size = d.Size()
		}
		m.Sizes, dims = append(m.Sizes, size), append(dims, d.Renamed(fmt.Sprintf("d%d", len(dims))))
	}
	add(0, n)
	for range layers - 1 {
		add(a.Int("hidden"), n.Times(2))
	}
	add(a.Int("out"), n)
	return m, dims, nil
}
