package compile

import (
	"fmt"
	"math"

	"github.com/tc0lab/tc0/compile/program"
)

// Positions enter a network as constants: added to its features, or as rotations of
// queries and keys. Neither costs depth.

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

// RotaryAngle returns the angle by which pair i of e/2 is turned at position t (Su et
// al. 2021).
func RotaryAngle(t, i, e int, base float64) float64 {
	return float64(t) * math.Pow(base, -2*float64(i)/float64(e))
}

// Rotary appends rotary positions: features i and i + e/2 of each head are turned by
// [RotaryAngle]. Sines and cosines are rounded to 2^−bits, so that the result counts
// in units of 2^−bits of those of x.
//
// Shapes: x [n,heads,e]; result likewise. Depth 0.
func Rotary(p *program.Program, x program.Value, base float64, bits int) program.Value {
	s := x.Shape()
	if len(s) != 3 || s[2].Size()%2 != 0 || bits < 1 || bits > 30 || !(base > 0) {
		p.Failf(program.OpContract, "rotary positions of shape %v with base %g in %d bits; the last axis must be even", s, base, bits)
		return x
	}
	e, one := s[2].Size(), int64(1)<<bits
	// Row f of the turn of position t has its entries in columns f and f ± e/2.
	m := p.ConstFunc(program.Shape{s[0], program.NewDim(s[2].Name+"'", e), s[2]}, program.Range{Lo: -one, Hi: one}, func(at int) int64 {
		t, f, g := at/(e*e), at/e%e, at%e
		sin, cos := math.Sincos(RotaryAngle(t, f%(e/2), e, base))
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

// realRotary turns one head at position t by the textbook formula.
func realRotary(x []float64, t int, base float64) []float64 {
	e := len(x)
	y := make([]float64, e)
	for i := range e / 2 {
		sin, cos := math.Sincos(RotaryAngle(t, i, e, base))
		y[i] = float64(x[i]*cos) - float64(x[i+e/2]*sin)
		y[i+e/2] = float64(x[i+e/2]*cos) + float64(x[i]*sin)
	}
	return y
}

// PositionKinds returns the kinds of positions that [Attention] knows.
func PositionKinds() []string { return []string{"none", "learned", "sinusoidal", "rotary"} }

// addPositions adds a code of the given kind to x [n,d], one unit of which is scale;
// rotary positions enter later.
func addPositions(p *program.Program, x program.Value, kind string, seed uint64, scale float64) program.Value {
	if kind != "learned" && kind != "sinusoidal" {
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
	return p.Add(x, p.ConstFunc(s, program.Range{Lo: -most, Hi: most}, func(i int) int64 { return int64(math.RoundToEven(code[i] / scale)) }))
}

// positions returns the code of n positions that is added to the features, row-major
// [n,d]; nil if there is none. Learned codes are generic: they are fixed by the
// position and the seed, in quarters of 1.
func positions(kind string, n, d int, seed uint64) []float64 {
	switch kind {
	case "learned":
		code := make([]float64, 0, n*d)
		for t := range n {
			for _, w := range genericBias(d, 3, seed, fmt.Sprintf("position %d", t)) {
				code = append(code, float64(w)/4)
			}
		}
		return code
	case "sinusoidal":
		return Sinusoidal(n, d, 10000)
	}
	return nil
}
