package compile

import (
	"fmt"
	"math"
	"slices"

	"github.com/tc0lab/tc0/compile/program"
)

// NormConfig are the numbers of a normalisation layer.
type NormConfig struct {
	Center  bool          // subtract the mean, as a layer norm does; an RMS norm does not
	Gain    []float64     // for each feature; nil for 1
	Bias    []float64     // for each feature; nil for 0
	Epsilon float64       // added to the mean square, in real units; see Normalise
	Scale   float64       // real value of one unit of the input
	Unit    float64       // real value of one unit of the output
	Out     program.Range // of the output

	// Resolution is how many parts of a unit of output gains and biases are rounded to.
	// The weights of the circuit go with its square; 0 means 1024.
	Resolution int
}

// Normalise appends a layer norm (Ba, Kiros and Hinton 2016) or an RMS norm (Zhang
// and Sennrich 2019) along the last axis: γ·x/√(mean x² + ε) + β, for x from which
// the mean has been subtracted if Center is set, rounded to the nearest unit of
// output, halves up, and clipped. Gains and biases are rounded to parts of a unit of
// output, see Resolution. ε is at least 2^−12 units of the sum of squares (the inverse
// square of a resolution below 64), so that no denominator is 0.
//
// Shapes: x [..., d]; result likewise.
// Depth: 2 if the literals of x meet in products, 1 if x is a thermometer code that
// is not centred, since then its square is another sum over the same literals.
func Normalise(p *program.Program, x program.Value, c NormConfig) program.Value {
	shape := x.Shape()
	d := shape.Last()
	resolution := int64(c.Resolution)
	if resolution == 0 {
		resolution = 1 << 10
	}
	if len(shape) == 0 || len(shape) > 8 || !(c.Scale > 0 && c.Unit > 0 && c.Epsilon >= 0 && resolution > 0) ||
		c.Gain != nil && len(c.Gain) != d || c.Bias != nil && len(c.Bias) != d {
		p.Failf(program.OpRootQuotient, "a norm of shape %v with %d gains, %d biases, scales %g and %g, ε %g", shape, len(c.Gain), len(c.Bias), c.Scale, c.Unit, c.Epsilon)
		return x
	}
	name := shape[len(shape)-1].Name
	epsilon := float64(d) * c.Epsilon / (c.Scale * c.Scale)
	if c.Center {
		// d·x − Σx is d times the centred value.
		x = p.Linear(x, program.NewMatrix(d, d, func(i, j int) int64 {
			if i == j {
				return int64(d) - 1
			}
			return -1
		}), nil, name)
		epsilon *= float64(d) * float64(d)
	}
	all := "abcdefgh"[:len(shape)]
	squares := p.Contract(all+","+all+"->"+all[:len(all)-1], x, x)
	if !(epsilon < 1<<60) {
		p.Failf(program.OpRootQuotient, "ε = %g is too large", c.Epsilon)
		return x
	}
	// A small ε is kept by counting the squares in finer units: root² of them, as far
	// as 64 bits go.
	root := int64(1)
	for epsilon < 8 && root < min(64, resolution) && squares.Bounds().Hi < 1<<61/(4*root*root) {
		root, epsilon = 2*root, 4*epsilon
	}
	radicand := p.Affine(root*root, squares, max(1, int64(math.RoundToEven(epsilon))))
	gain, offset := make([]int64, d), make([]int64, d)
	for i := range d {
		g, b := math.Sqrt(float64(d)), 0.5
		if c.Gain != nil {
			g *= c.Gain[i]
		}
		if c.Bias != nil {
			b += c.Bias[i] / c.Unit
		}
		g *= float64(resolution) / c.Unit * float64(root)
		b *= float64(resolution)
		if !(math.Abs(g) < 1<<40 && math.Abs(b) < 1<<40) {
			p.Failf(program.OpRootQuotient, "gain or bias %d is too large for units of %g", i, c.Unit)
			return x
		}
		gain[i], offset[i] = int64(math.RoundToEven(g)), int64(math.RoundToEven(b))
	}
	factors := p.Const(program.Shape{shape[len(shape)-1]}, gain)
	scaled := p.Contract(all+","+all[len(all)-1:]+"->"+all, x, factors)
	y := p.RootQuotient(scaled, radicand, resolution, offset, c.Out)
	if y.Op() == program.OpRootQuotient {
		p.Literals(y, levelsOf(p, c.Out))
	}
	return y
}

// Norm is a normalisation layer with generic gains, and biases if it is a layer
// norm, on n positions. Its real inputs are x·2^−(Bits−1) in [−1, 1).
//
// Depth: 2 from the input bits, for every n and d.
type Norm struct {
	Center     bool   // layer norm; else RMS norm
	Features   int    // d; 0 means 4
	Bits       int    // bits of an input feature, two's complement; 0 means 3
	OutputBits int    // bits of an output feature, two's complement; 0 means Bits
	Resolution int    // as that of a NormConfig
	Seed       uint64 // of the generic gains and biases
}

// normEpsilon is the ε of generic norms.
const normEpsilon = 1e-5

func (m Norm) defaults() Norm {
	if m.Features == 0 {
		m.Features = 4
	}
	if m.Bits == 0 {
		m.Bits = 3
	}
	if m.OutputBits == 0 {
		m.OutputBits = m.Bits
	}
	return m
}

func (m Norm) check(n int) error {
	for _, p := range []struct {
		name    string
		v, most int
	}{{"n", n, 1 << 20}, {"d", m.Features, 1 << 10}, {"bits", m.Bits, 12}, {"out_bits", m.OutputBits, 12}, {"resolution", m.Resolution + 1, mostResolution + 1}} {
		if p.v < 1 || p.v > p.most {
			return fmt.Errorf("compile: norm: %s=%d is outside 1..%d", p.name, p.v, p.most)
		}
	}
	return nil
}

// config returns the numbers of the layer. The unit of output is such that nothing
// is clipped from above: no normalised feature is larger than √d.
func (m Norm) config() NormConfig {
	c := NormConfig{
		Center: m.Center, Resolution: m.Resolution, Epsilon: normEpsilon, Scale: math.Exp2(float64(1 - m.Bits)),
		Out: program.Range{Lo: -1 << (m.OutputBits - 1), Hi: 1<<(m.OutputBits-1) - 1},
	}
	most := math.Sqrt(float64(m.Features))
	for _, w := range genericBias(m.Features, 7, m.Seed, "gain") {
		c.Gain = append(c.Gain, float64(w)/7)
	}
	if m.Center {
		for _, w := range genericBias(m.Features, 7, m.Seed, "bias") {
			c.Bias = append(c.Bias, float64(w)/28)
		}
		most += 0.25
	}
	c.Unit = most / float64(max(1, c.Out.Hi))
	return c
}

// Program returns the layer for n positions: input "x" [n,d], output "y" [n,d].
func (m Norm) Program(n int) (*program.Program, error) {
	m = m.defaults()
	if err := m.check(n); err != nil {
		return nil, err
	}
	return m.program(program.NewDim("n", n))
}

// OpenProgram returns the layer for every n.
func (m Norm) OpenProgram() (*program.Program, error) {
	m = m.defaults()
	if err := m.check(1); err != nil {
		return nil, err
	}
	return m.program(program.OpenDim("n"))
}

func (m Norm) program(n program.Dim) (*program.Program, error) {
	name := "rmsnorm"
	if m.Center {
		name = "layernorm"
	}
	p := program.New(fmt.Sprintf("%s %v d=%d bits=%d", name, n, m.Features, m.Bits))
	x := featureInput(p, "x", program.Shape{n, program.NewDim("d", m.Features)}, m.Bits, true)
	p.Begin("norm")
	y := Normalise(p, x, m.config())
	p.End()
	p.Output("y", y)
	return p, p.Err()
}

// Real computes the layer from the textbook formula in float64: x [n,d] in real
// units, row-major; result likewise.
func (m Norm) Real(x []float64) []float64 {
	m = m.defaults()
	c := m.config()
	var y []float64
	for row := range slices.Chunk(x, m.Features) {
		y = append(y, realNorm(row, m.Center, c.Gain, c.Bias, c.Epsilon)...)
	}
	return y
}

// realNorm is the textbook formula of a layer norm or an RMS norm of one row.
func realNorm(x []float64, center bool, gain, bias []float64, epsilon float64) []float64 {
	mean := 0.0
	if center {
		for _, v := range x {
			mean += v / float64(len(x))
		}
	}
	square := 0.0
	for _, v := range x {
		square += float64((v-mean)*(v-mean)) / float64(len(x))
	}
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = (v - mean) / math.Sqrt(square+epsilon)
		if gain != nil {
			y[i] *= gain[i]
		}
		if bias != nil {
			y[i] += bias[i]
		}
	}
	return y
}

// mostResolution is the greatest resolution of a norm.
const mostResolution = 1 << 12

// resolutionParam is a parameter of blocks with norms.
var resolutionParam = Param{
	Name: "resolution", Doc: "parts of a unit that gains and biases of norms are rounded to; 0: 1024. Few make small weights, for basis=MAJ", Default: "0",
}

// normFamilies returns the families of normalisation layers.
func normFamilies() []Family {
	params := func() []Param {
		return append([]Param{
			{Name: "n", Doc: "positions"},
			{Name: "d", Doc: "features", Default: "4"},
			{Name: "bits", Doc: "bits of an input feature", Default: "3"},
			{Name: "out_bits", Doc: "bits of an output feature; 0: as bits", Default: "0"},
			resolutionParam,
		}, common...)
	}
	of := func(center bool, a Args) (Norm, error) {
		if a.Int("d") == 0 || a.Int("bits") == 0 {
			return Norm{}, fmt.Errorf("norm: d=%d and bits=%d must both be at least 1", a.Int("d"), a.Int("bits"))
		}
		return Norm{Center: center, Features: a.Int("d"), Bits: a.Int("bits"), OutputBits: a.Int("out_bits"), Resolution: a.Int("resolution"), Seed: uint64(a.Int("seed"))}, nil
	}
	open := func(center bool) func(Args) (*program.Program, error) {
		return func(a Args) (*program.Program, error) {
			m, err := of(center, a)
			if err != nil {
				return nil, err
			}
			return m.OpenProgram()
		}
	}
	build := func(center bool) func(Args) (*Instance, error) {
		return func(a Args) (*Instance, error) {
			m, err := of(center, a)
			if err != nil {
				return nil, err
			}
			p, err := m.Program(a.Int("n"))
			if err != nil {
				return nil, err
			}
			c := m.defaults().config()
			return &Instance{p, func(in []int64) []float64 { return m.Real(scaled(in, c.Scale)) }, c.Unit}, nil
		}
	}
	return []Family{
		{Name: "layernorm", Doc: "layer norm with gain and bias", Depth: "2", Class: "TC0", Params: params(), build: build(true), open: open(true)},
		{Name: "rmsnorm", Doc: "RMS norm with gain", Depth: "2", Class: "TC0", Params: params(), build: build(false), open: open(false)},
	}
}
