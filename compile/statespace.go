package compile

import (
	"fmt"
	"math"
	"slices"

	"github.com/tc0lab/tc0/compile/program"
)

// S4 is a time-invariant state-space model with a diagonal state of its own for each
// feature, in its convolutional form, with generic weights:
//
//	h_t = a ⊙ h_{t−1} + B·x_t,  y_t = C·h_t + D·x_t,
//
// which is y_t = Σ_{s≤t} K[t−s]·x_s + D·x_t with the constant kernel K[k] = Σ_j C_j·B_j·a_j^k
// (Gu, Goel and Ré 2022). The kernel is rounded to 2^−kernelBits
// = 2^−8, so that an output is off by half a unit of its own for the last rounding and
// by up to n·2^−9 of the largest input for the kernel: a unit at n = 256.
//
// Depth: 1, a Step on a Sum, for every n.
type S4 struct {
	Features int    // d; 0 means 4
	State    int    // 0 means 2
	Bits     int    // of an input and of an output, two's complement; 0 means 3
	Seed     uint64 // of the generic weights
}

// kernelBits is the precision of kernels and skip weights.
const kernelBits = 8

func (m S4) defaults() S4 {
	if m.Features == 0 {
		m.Features = 4
	}
	if m.State == 0 {
		m.State = 2
	}
	if m.Bits == 0 {
		m.Bits = 3
	}
	return m
}

func (m S4) check(n int) error {
	return checkSizes("s4", []size{{"n", n, 1 << 12}, {"d", m.Features, 1 << 10}, {"state", m.State, 1 << 10}, {"bits", m.Bits, 12}})
}

// size is a parameter that must be from 1 to most.
type size struct {
	name    string
	v, most int
}

func checkSizes(block string, sizes []size) error {
	for _, s := range sizes {
		if s.v < 1 || s.v > s.most {
			return fmt.Errorf("compile: %s: %s=%d is outside 1..%d", block, s.name, s.v, s.most)
		}
	}
	return nil
}

// weights returns the real decays a [d][state], the products C·B [d][state] and the
// skip weights D [d].
func (m S4) weights() (decay, gain [][]float64, skip []float64) {
	a := genericMatrix(m.Features, m.State, 7, m.Seed, "decay")
	c := genericMatrix(m.Features, m.State, 7, m.Seed, "gain")
	for f := range m.Features {
		decay, gain = append(decay, nil), append(gain, nil)
		for j := range m.State {
			decay[f] = append(decay[f], 0.5+math.Abs(float64(a.Row(f)[j]))/16)
			gain[f] = append(gain[f], float64(c.Row(f)[j])/float64(7*m.State))
		}
	}
	for _, w := range genericBias(m.Features, 7, m.Seed, "skip") {
		skip = append(skip, float64(w)/7)
	}
	return decay, gain, skip
}

// unit returns how many units of the sum make one unit of output: so many that no
// output is clipped, however long the input.
func (m S4) unit() int64 {
	decay, gain, skip := m.weights()
	most := 0.0
	for f := range skip {
		sum := math.Abs(skip[f])
		for j, c := range gain[f] {
			sum += math.Abs(c) / (1 - decay[f][j])
		}
		most = max(most, sum)
	}
	return int64(math.Ceil(math.Ldexp(most, kernelBits)))
}

func (m S4) scale() float64 { return math.Exp2(float64(1 - m.Bits)) }

// OutputScale returns the real value of one unit of output.
func (m S4) OutputScale() float64 {
	m = m.defaults()
	return m.scale() * math.Ldexp(float64(m.unit()), -kernelBits)
}

// Program returns the model for n positions: input "x" [n,d], output "y" [n,d].
func (m S4) Program(n int) (*program.Program, error) {
	m = m.defaults()
	if err := m.check(n); err != nil {
		return nil, err
	}
	if n*n > program.MostElements/m.Features {
		return nil, fmt.Errorf("compile: s4: the kernel of n=%d, d=%d has more than %d entries", n, m.Features, program.MostElements)
	}
	return m.program(program.NewDim("n", n))
}

// OpenProgram returns the model for every n.
func (m S4) OpenProgram() (*program.Program, error) {
	m = m.defaults()
	if err := m.check(1); err != nil {
		return nil, err
	}
	return m.program(program.OpenDim("n"))
}

func (m S4) program(n program.Dim) (*program.Program, error) {
	d := program.NewDim("d", m.Features)
	p := program.New(fmt.Sprintf("s4 %v d=%d state=%d bits=%d", n, m.Features, m.State, m.Bits))
	x := featureInput(p, "x", program.Shape{n, d}, m.Bits, true)
	p.Begin("convolution")
	y := p.Convolve(x, m.kernel())
	out := program.Range{Lo: -1 << (m.Bits - 1), Hi: 1<<(m.Bits-1) - 1}
	y = p.Step(y, program.Round(m.unit(), out))
	p.Literals(y, levelsOf(p, out))
	p.End()
	p.Output("y", y)
	return p, p.Err()
}

// kernel returns the rounded taps of each feature, up to the last that is not 0. The
// decays are below 1, so that there is a last one.
func (m S4) kernel() [][]int64 {
	decay, gain, skip := m.weights()
	kernel := make([][]int64, m.Features)
	for f := range kernel {
		powers := slices.Clone(gain[f])
		for lag, rest := 0, math.Inf(1); rest >= math.Ldexp(0.5, -kernelBits); lag++ {
			k := 0.0
			rest = 0
			for j := range powers {
				k += powers[j]
				powers[j] *= decay[f][j]
				rest += math.Abs(powers[j])
			}
			if lag == 0 {
				k += skip[f]
			}
			kernel[f] = append(kernel[f], int64(math.RoundToEven(math.Ldexp(k, kernelBits))))
		}
	}
	return kernel
}

// Real computes the model from the textbook recurrence in float64: x [n,d] in real
// units, row-major; result likewise.
func (m S4) Real(x []float64) []float64 {
	m = m.defaults()
	decay, gain, skip := m.weights()
	h := make([][]float64, m.Features)
	for f := range h {
		h[f] = make([]float64, m.State)
	}
	y := make([]float64, len(x))
	for i, v := range x {
		f := i % m.Features
		y[i] = float64(skip[f] * v)
		for j := range h[f] {
			h[f][j] = float64(decay[f][j]*h[f][j]) + v
			y[i] += float64(gain[f][j] * h[f][j])
		}
	}
	return y
}

// s4Of returns the model that the parameters describe.
func s4Of(a Args) S4 {
	return S4{Features: a.Int("d"), State: a.Int("state"), Bits: a.Int("bits"), Seed: uint64(a.Int("seed"))}
}

// stateSpaceFamilies returns the families of state-space models.
func stateSpaceFamilies() []Family {
	return []Family{
		{
			Name: "s4", Doc: "time-invariant state-space model in convolutional form", Depth: "1", Class: "TC0",
			Params: append([]Param{
				{Name: "n", Doc: "positions"},
				{Name: "d", Doc: "features", Default: "4"},
				{Name: "state", Doc: "size of the state of one feature", Default: "2"},
				{Name: "bits", Doc: "bits of an input and of an output", Default: "3"},
			}, common...),
			open: func(a Args) (*program.Program, error) {
				m := s4Of(a)
				if err := m.check(1); err != nil {
					return nil, err
				}
				return m.OpenProgram()
			},
			build: func(a Args) (*Instance, error) {
				m := s4Of(a)
				if err := m.check(a.Int("n")); err != nil {
					return nil, err
				}
				p, err := m.Program(a.Int("n"))
				if err != nil {
					return nil, err
				}
				return &Instance{p, func(in []int64) []float64 { return m.Real(scaled(in, m.scale())) }, m.OutputScale()}, nil
			},
		},
		mambaFamily(),
	}
}
