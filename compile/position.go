package compile

import (
	"fmt"
	"math"
	"slices"

	"github.com/tc0lab/tc0/compile/program"
)

// Positions enter a network as constants. They are added to its features, or they rotate queries
// and keys. Neither way costs depth.

// Sinusoidal returns the sinusoidal position code of n positions (Vaswani et al.
// 2017), row-major [n,d]: feature 2i is sin(t/base^(2i/d)), feature 2i+1 the cosine.
func Sinusoidal(n, d int, base float64) []float64 {
	code := make([]float64, 0, n*d)
	for t := range n {
		for f := range d {
			angle := float64(t) / math.Pow(base, float64(f/2*2)/float64(d))
			if f%2 == 0 {
				code = append(code, math.Sin(angle))
			} else {
				code = append(code, math.Cos(angle))
			}
		}
	}
	return code
}

// Rotation turns pairs of features of queries and keys by angles that grow with the position (Su et
// al. 2021). The pairs stand among the first 2·len(Frequencies) features of a head. The other features stay
// as they are.
type Rotation struct {
	Frequencies []float64 // angle of each pair at position 1, in radians
	// Interleaved pairs are features 2i and 2i+1; else feature i of the first half and of the second.
	Interleaved bool
}

// Frequencies returns the angles base^(−2i/e) of e/2 pairs at position 1.
func Frequencies(e int, base float64) []float64 {
	f := make([]float64, e/2)
	for i := range f {
		f[i] = math.Pow(base, -2*float64(i)/float64(e))
	}
	return f
}

// Llama3Scaling slows the turns of long waves, as Llama 3.1 does (Grattafiori et al. 2024).
type Llama3Scaling struct {
	Factor    float64 // by which long waves are slower
	Low, High float64 // a wave is long if fewer than Low, and short if more than High of them fit the length
	Length    float64 // positions that the network was trained on first
}

// Frequencies returns scaled frequencies. Short waves stay. Those between are between.
func (l Llama3Scaling) Frequencies(f []float64) []float64 {
	scaled := make([]float64, len(f))
	for i, x := range f {
		waves := l.Length * x / (2 * math.Pi)
		// 0 for long waves, 1 for short ones
		keep := math.Min(math.Max((waves-l.Low)/(l.High-l.Low), 0), 1)
		scaled[i] = float64((1-keep)*x/l.Factor) + float64(keep*x)
	}
	return scaled
}

// pair returns the pair of feature f and the other feature of the pair. The pair is −1 if the feature
// does not turn.
func (r Rotation) pair(f int) (pair, other int) {
	half := len(r.Frequencies)
	switch {
	case f >= 2*half:
		return -1, f
	case r.Interleaved:
		return f / 2, f ^ 1
	case f < half:
		return f, f + half
	}
	return f - half, f - half
}

// Rotary appends rotary positions: pairs of features of each head are turned by the angle of the
// pair times the position. Sines and cosines are rounded to 2^−bits. So one unit of x is 2^bits units of
// the result.
//
// Shapes: x [n,heads,e]; result likewise. Depth 0.
func Rotary(p *program.Program, x program.Value, r Rotation, bits int) program.Value {
	s := x.Shape()
	if len(s) != 3 || 2*len(r.Frequencies) > s[2].Size() || bits < 1 || bits > 30 {
		p.Failf(program.OpContract, "rotary positions of %d pairs of shape %v in %d bits",
			len(r.Frequencies), s, bits)
		return x
	}
	e, one := s[2].Size(), int64(1)<<bits
	// Row f of the turn of position t has its entries in the columns of the pair of f.
	m := p.ConstFunc(program.Shape{s[0], program.NewDim(s[2].Name+"'", e), s[2]}, program.Range{Lo: -one, Hi: one},
		func(at int) int64 {
			t, f, g := at/(e*e), at/e%e, at%e
			pair, other := r.pair(f)
			if pair < 0 && f == g {
				return one
			}
			if pair < 0 || g != f && g != other {
				return 0
			}
			sin, cos := math.Sincos(float64(t) * r.Frequencies[pair])
			switch {
			case f == g:
				return int64(math.RoundToEven(math.Ldexp(cos, bits)))
			case f < g:
				return -int64(math.RoundToEven(math.Ldexp(sin, bits)))
			}
			return int64(math.RoundToEven(math.Ldexp(sin, bits)))
		})
	out := p.Contract("tfe,the->thf", m, x)
	// The new features take the name of the old ones.
	return p.Reshape(out, s, "rotated")
}

// Rotate turns one head at position t by the textbook formula.
func Rotate(x []float64, t int, r Rotation) []float64 {
	y := slices.Clone(x)
	for i, frequency := range r.Frequencies {
		a, b := i, i+len(r.Frequencies)
		if r.Interleaved {
			a, b = 2*i, 2*i+1
		}
		sin, cos := math.Sincos(float64(t) * frequency)
		y[a] = float64(x[a]*cos) - float64(x[b]*sin)
		y[b] = float64(x[b]*cos) + float64(x[a]*sin)
	}
	return y
}

// ALiBiSlopes returns how fast the scores of each head fall with the distance: a geometric sequence from
// 2^(−8/heads) on (Press, Smith and Lewis 2022). If heads is no power of two, the sequence of the power
// below comes first, and then every other slope of the power above.
func ALiBiSlopes(heads int) []float64 {
	power := 1
	for 2*power <= heads {
		power *= 2
	}
	var slopes []float64
	for i := range power {
		slopes = append(slopes, math.Exp2(-8*float64(i+1)/float64(power)))
	}
	for i := range heads - power {
		slopes = append(slopes, math.Exp2(-4*float64(2*i+1)/float64(power)))
	}
	return slopes
}

// PositionKind says how an [Attention] knows the positions of its inputs.
type PositionKind string

// The kinds of positions.
const (
	NoPositions         PositionKind = "none"
	LearnedPositions    PositionKind = "learned"    // a code of each position, added to its features
	SinusoidalPositions PositionKind = "sinusoidal" // a code as [Sinusoidal] has it
	RotaryPositions     PositionKind = "rotary"     // turns of queries and keys, see [Rotary]
)

// PositionKinds returns the kinds of positions.
func PositionKinds() []PositionKind {
	return []PositionKind{NoPositions, LearnedPositions, SinusoidalPositions, RotaryPositions}
}

// added reports whether positions are a code that is added to the features.
func (k PositionKind) added() bool { return k == LearnedPositions || k == SinusoidalPositions }

// addPositions adds a code of the given kind to x [n,d]. One unit of x is scale. Rotary positions
// enter later.
func addPositions(p *program.Program, x program.Value, kind PositionKind, seed uint64, scale float64) program.Value {
	if !kind.added() {
		return x
	}
	s := x.Shape()
	var code []float64
	if !s.Open() {
		code = positions(kind, s[0].Size(), s[1].Size(), seed)
	}
	p.Begin(fmt.Sprintf("%s positions", kind))
	defer p.End()
	most := int64(math.Ceil(1 / scale))
	return p.Add(x, p.ConstFunc(s, program.Range{Lo: -most, Hi: most},
		func(i int) int64 { return int64(math.RoundToEven(code[i] / scale)) }))
}

// addCode adds the code of each position to x [n,d]. The entries of a code are within ±most.
func addCode(p *program.Program, x program.Value, most int64, code func(t int) []int64) program.Value {
	s := x.Shape()
	return p.Add(x, p.ConstFunc(s, program.Range{Lo: -most, Hi: most}, func(i int) int64 {
		return code(i / s[1].Size())[i%s[1].Size()]
	}))
}

// positions returns the code of n positions that is added to the features, row-major [n,d]. It
// is nil if the kind adds no code. Learned codes are generic: the position and the seed give
// them, in quarters of 1.
func positions(kind PositionKind, n, d int, seed uint64) []float64 {
	switch kind {
	case LearnedPositions:
		var code []float64
		for t := range n {
			code = append(code, genericReals(d, 3, 4, seed, fmt.Sprintf("position %d", t))...)
		}
		return code
	case SinusoidalPositions:
		return Sinusoidal(n, d, 10000)
	}
	return nil
}
