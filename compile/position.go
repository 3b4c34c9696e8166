package compile

import (
	"fmt"
	"math"

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

// rotaryAngle returns the angle by which pair i of e/2 is turned at position t (Su et
// al. 2021).
func rotaryAngle(t, i, e int, base float64) float64 {
	return float64(t) * math.Pow(base, -2*float64(i)/float64(e))
}

// Rotary appends rotary positions: features i and i + e/2 of each head are turned by
// [rotaryAngle]. Sines and cosines are rounded to 2^−bits. So one unit of x is 2^bits units of
// the result.
//
// Shapes: x [n,heads,e]; result likewise. Depth 0.
func Rotary(p *program.Program, x program.Value, base float64, bits int) program.Value {
	s := x.Shape()
	if len(s) != 3 || s[2].Size()%2 != 0 || bits < 1 || bits > 30 || !(base > 0) {
		p.Failf(program.OpContract, "rotary positions of shape %v with base %g in %d bits; the last axis must be even",
			s, base, bits)
		return x
	}
	e, one := s[2].Size(), int64(1)<<bits
	// Row f of the turn of position t has its entries in columns f and f ± e/2.
	m := p.ConstFunc(program.Shape{s[0], program.NewDim(s[2].Name+"'", e), s[2]}, program.Range{Lo: -one, Hi: one},
		func(at int) int64 {
			t, f, g := at/(e*e), at/e%e, at%e
			sin, cos := math.Sincos(rotaryAngle(t, f%(e/2), e, base))
			switch {
			case f == g:
				return int64(math.RoundToEven(math.Ldexp(cos, bits)))
			case f == g-e/2:
				return -int64(math.RoundToEven(math.Ldexp(sin, bits)))
			case f == g+e/2:
				return int64(math.RoundToEven(math.Ldexp(sin, bits)))
			}
			return 0
		})
	out := p.Contract("tfe,the->thf", m, x)
	// The new features take the name of the old ones.
	return p.Reshape(out, s, "rotated")
}

// Rotate turns one head at position t by the textbook formula.
func Rotate(x []float64, t int, base float64) []float64 {
	e := len(x)
	y := make([]float64, e)
	for i := range e / 2 {
		sin, cos := math.Sincos(rotaryAngle(t, i, e, base))
		y[i] = float64(x[i]*cos) - float64(x[i+e/2]*sin)
		y[i+e/2] = float64(x[i+e/2]*cos) + float64(x[i]*sin)
	}
	return y
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
