package compile

import (
	"cmp"
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

	// Counted says that the program is only counted. Then large matrices have no numbers.
	Counted bool

	// Greatest, unless it is nil, makes a norm with the greatest numbers that a norm can have, in place of those that
	// follow from gains, biases, ε and scales. It is for bounds; it is no norm of any model.
	Greatest *NormLimits
}

// NormLimits bound the integers of a norm.
type NormLimits struct {
	Gain    int64 // of a gain, in parts of a unit of output
	Shift   int64 // of a bias, in parts of a unit of output
	Root    int64 // of the root of how many units of the squares make one; at most 64
	Epsilon int64 // of ε, in units of the squares
}

// GreatestNorm are the limits that every norm keeps to.
func GreatestNorm() NormLimits {
	return NormLimits{greatestGain - 1, greatestGain - 1, 64, greatestEpsilon}
}

// The greatest numbers of a norm: of a gain and of a bias in parts of a unit, and of ε in units of the squares.
const (
	greatestGain    = 1 << 40
	greatestEpsilon = 1 << 60
)

// Normalise appends a layer norm (Ba, Kiros and Hinton 2016) or an RMS norm (Zhang and Sennrich
// 2019) along the last axis: γ·x/√(mean x² + ε) + β. If Center is set, it first subtracts the
// mean from x. The result is rounded to the nearest unit of output, halves up, and clipped.
// Gains and biases are rounded to parts of a unit of output, see Resolution. ε is at least
// 2^−12 units of the sum of squares (for a resolution below 64: its inverse square), so a
// denominator is never 0.
//
// Shapes: x [..., d]; result likewise.
// Depth: 2 if the literals of x meet in products. It is 1 if x is a thermometer code that is
// not centred, because then its square is another sum over the same literals.
func Normalise(p *program.Program, x program.Value, c NormConfig) program.Value {
	shape := x.Shape()
	d := shape.Last()
	fill(&c.Resolution, 1<<10)
	resolution := int64(c.Resolution)
	if len(shape) == 0 || len(shape) > 8 || !(c.Scale > 0 && c.Unit > 0 && c.Epsilon >= 0 && resolution > 0) ||
		c.Gain != nil && len(c.Gain) != d || c.Bias != nil && len(c.Bias) != d {
		p.Failf(program.OpRootQuotient, "a norm of shape %v with %d gains, %d biases, scales %g and %g, ε %g", shape,
			len(c.Gain), len(c.Bias), c.Scale, c.Unit, c.Epsilon)
		return x
	}
	name := shape[len(shape)-1].Name
	epsilon := float64(d) * c.Epsilon / (c.Scale * c.Scale)
	if c.Center {
		// d·x − Σx is d times the centred value.
		x = p.Linear(x, centring(d, c.Counted || c.Greatest != nil), nil, name)
		epsilon *= float64(d) * float64(d)
	}
	all := "abcdefgh"[:len(shape)]
	squares := p.Contract(all+","+all+"->"+all[:len(all)-1], x, x)
	if !(epsilon < greatestEpsilon) {
		p.Failf(program.OpRootQuotient, "ε = %g is too large for units of %.3g", c.Epsilon, c.Scale)
		return x
	}
	// To keep a small ε, the squares count in finer units: root² in one, as far as 64 bits go.
	root := int64(1)
	for c.Greatest == nil && epsilon < 8 && root < min(64, resolution) && squares.Bounds().Hi < 1<<61/(4*root*root) {
		root, epsilon = 2*root, 4*epsilon
	}
	if c.Greatest != nil {
		root, epsilon = min(c.Greatest.Root, resolution), float64(c.Greatest.Epsilon)
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
		if c.Greatest != nil {
			g, b = float64(c.Greatest.Gain), float64(c.Greatest.Shift)
		}
		if !(math.Abs(g) < greatestGain && math.Abs(b) < greatestGain) {
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

// centring returns the matrix d·1 − J that subtracts the sum from d times each feature. The absolute sum of a row is
// 2·(d − 1).
func centring(d int, counted bool) *program.Matrix {
	if counted && d > mostMade/d {
		return &program.Matrix{Rows: d, Columns: d, Most: 2}
	}
	return program.NewMatrix(d, d, func(i, j int) int64 {
		if i == j {
			return int64(d) - 1
		}
		return -1
	})
}

// Norm is a normalisation layer with generic gains on n positions. A layer norm has biases, too.
// Its real inputs are x·2^−(Bits−1) in [−1, 1).
//
// Depth: 2 from the input bits, for every n and d.
type Norm struct {
	Center     bool   // layer norm; else RMS norm
	Features   int    `param:"d" zero:"4" most:"1024" count:"1048576"` // d; 0 means 4
	Bits       int    `param:"bits" zero:"3" most:"12"`                // bits of an input feature, two's complement; 0 means 3
	OutputBits int    `param:"out_bits" most:"12"`                     // bits of an output feature, two's complement; 0 means Bits
	Resolution int    `param:"resolution"`                             // as in a NormConfig
	Seed       uint64 `param:"seed"`                                   // of the generic gains and biases

	counting
}

// normEpsilon is the ε of generic norms.
const normEpsilon = 1e-5

func (m Norm) defaults() Norm {
	m = filled(m)
	fill(&m.OutputBits, m.Bits)
	return m
}

func (m Norm) check(n int) error {
	return cmp.Or(checkSizes("norm", m, size{name: "n", v: n, most: 1 << 20}),
		checkSizes("norm", struct{}{}, size{name: "resolution", v: m.Resolution + 1, most: mostResolution + 1}))
}

// config returns the numbers of the layer. Normalised features are at most √d, and the unit of
// output is chosen so that they are not clipped from above.
func (m Norm) config() NormConfig {
	c := NormConfig{
		Center: m.Center, Resolution: m.Resolution, Epsilon: normEpsilon, Scale: unitOf(m.Bits),
		Gain: genericReals(m.Features, 7, 7, m.Seed, "gain"), Out: program.Signed(m.OutputBits), Counted: m.on,
	}
	most := math.Sqrt(float64(m.Features))
	if m.Center {
		c.Bias = genericReals(m.Features, 7, 28, m.Seed, "bias")
		most += 0.25
	}
	c.Unit = most / float64(max(1, c.Out.Hi))
	return c
}

// Program returns the layer for n positions: input "x" [n,d], output "y" [n,d].
func (m Norm) Program(n int) (*program.Program, error) { return sized(m, n) }

// OpenProgram returns the layer for every n.
func (m Norm) OpenProgram() (*program.Program, error) { return opened(m) }

func (m Norm) build(n program.Dim) (*program.Program, float64) {
	name := "rmsnorm"
	if m.Center {
		name = "layernorm"
	}
	p, x := sequence(n, m.Features, m.Bits, "%s %v d=%d bits=%d", name, n, m.Features, m.Bits)
	c := m.config()
	p.Begin("norm")
	y := Normalise(p, x, c)
	p.End()
	p.Output("y", y)
	return p, c.Unit
}

// Real computes the layer from the textbook formula in float64. The shapes are x [n,d] and
// result [n,d], row-major, in real units.
func (m Norm) Real(x []float64) []float64 {
	m = m.defaults()
	c := m.config()
	var y []float64
	for row := range slices.Chunk(x, m.Features) {
		y = append(y, c.real(row)...)
	}
	return y
}

// real is the textbook formula of a layer norm or an RMS norm of one row.
func (c NormConfig) real(x []float64) []float64 {
	mean := 0.0
	if c.Center {
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
		y[i] = (v - mean) / math.Sqrt(square+c.Epsilon)
		if c.Gain != nil {
			y[i] *= c.Gain[i]
		}
		if c.Bias != nil {
			y[i] += c.Bias[i]
		}
	}
	return y
}

// mostResolution is the greatest resolution of a norm.
const mostResolution = 1 << 12

// resolutionParam is a parameter of blocks with norms.
var resolutionParam = number("resolution",
	"parts of a unit that gains and biases of norms are rounded to; 0: 1024. Few make small weights, for basis=MAJ", 0)

// normFamily is the family of layer norms or of RMS norms.
func normFamily(name, doc string, center bool) Family {
	return Family{
		Name: name, Doc: doc, Depth: "2",
		Params: []Param{
			length("positions"),
			number("d", "features", 4),
			number("bits", "bits of an input feature", 3),
			number("out_bits", "bits of an output feature; 0: as bits", 0),
			resolutionParam,
		},
		block: func(a Args) (block, error) {
			m := given[Norm](a)
			m.Center = center
			return realBlock(m, m.Bits), nil
		},
	}
}
