package compile

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"strings"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// All blocks share this: the defaults and limits of their sizes, and how sizes enter formulas.

// MostSteps is the greatest number of steps of an unrolled model, and of layers of a perceptron.
const MostSteps = 1000

// fill sets a zero value to its default.
func fill[T comparable](v *T, otherwise T) { *v = cmp.Or(*v, otherwise) }

// The fields of blocks have tags. The tag param names the parameter of the family that sets the
// field. For a bool it also has the value that means true. The tag zero is the default, which
// 0 or "" stands for. The tag most is the greatest size, and count is the greatest one of a program that is only
// counted.

// counting is the part of a block that may be too large to build: its program for every n is made with bounds in
// place of the numbers of large matrices.
type counting struct{ on bool }

// mostMade is the greatest number of entries of a matrix that is made only to be counted.
const mostMade = 1 << 20

// generic is [genericMatrix]; a large matrix that is only counted has no numbers.
func (c counting) generic(rows, columns int, top int64, seed uint64, tag string) *program.Matrix {
	if c.on && rows > mostMade/columns {
		return &program.Matrix{Rows: rows, Columns: columns, Most: top}
	}
	return genericMatrix(rows, columns, top, seed, tag)
}

// filled returns a block with the defaults of its tags.
func filled[B any](b B) B {
	for f, v := range reflect.ValueOf(&b).Elem().Fields() {
		if text := f.Tag.Get("zero"); text != "" && v.IsZero() {
			Args{text: text}.set(v, text)
		}
	}
	return b
}

// given returns the block that the parameters describe.
func given[B any](a Args) (b B) {
	a.read(reflect.ValueOf(&b).Elem())
	return b
}

// read sets the fields of a block, and those of blocks that it embeds.
func (a Args) read(block reflect.Value) {
	for f, v := range block.Fields() {
		if f.Anonymous {
			a.read(v)
		} else if name := f.Tag.Get("param"); name != "" {
			a.set(v, name)
		}
	}
}

// set sets a field to the parameter that its tag names.
func (a Args) set(v reflect.Value, tag string) {
	switch name, value, _ := strings.Cut(tag, "="); v.Kind() {
	case reflect.Bool:
		v.SetBool(a[name] == value)
	case reflect.String:
		v.SetString(a[name])
	case reflect.Uint64:
		v.SetUint(uint64(a.Int(name)))
	default:
		v.SetInt(int64(a.Int(name)))
	}
}

// size is a parameter that must be from 1 to most.
type size struct {
	name    string
	v, most int
	counted int // the greatest that is counted, if it is above most
}

// counts reports whether a block is only counted.
func (c counting) counts() bool { return c.on }

func (c *counting) count() { c.on = true }

// checkSizes refuses sizes that are too small or too large. It checks the given sizes, and then
// the fields of the block with the tag most.
func checkSizes(block string, b any, sizes ...size) error {
	count, _ := b.(interface{ counts() bool })
	for f, v := range reflect.ValueOf(b).Fields() {
		if text := f.Tag.Get("most"); text != "" {
			s := size{name: f.Tag.Get("param"), v: int(v.Int()), most: Args{text: text}.Int(text)}
			if text := f.Tag.Get("count"); text != "" {
				s.counted = Args{text: text}.Int(text)
				if count != nil && count.counts() {
					s.most, s.counted = s.counted, 0
				}
			}
			sizes = append(sizes, s)
		}
	}
	for _, s := range sizes {
		switch {
		case s.v >= 1 && s.v <= s.most:
		case s.v > s.most && s.v <= s.counted:
			return fmt.Errorf("compile: %s: %s=%d is above %d, so it is only counted: tc0 prove and tc0 stat --estimate "+
				"need no circuit", block, s.name, s.v, s.most)
		default:
			return fmt.Errorf("compile: %s: %s=%d is outside 1..%d", block, s.name, s.v, s.most)
		}
	}
	return nil
}

// unitOf is the real value of one unit of numbers in two's complement that reach from −1 to 1.
func unitOf(bits int) float64 { return math.Exp2(float64(1 - bits)) }

// featureInput is Input of numbers of p bits.
func featureInput(p *program.Program, name string, bits int, signed bool, shape ...program.Dim) program.Value {
	x := p.Input(name, shape, bits, signed)
	p.Literals(x, p.Symbol("p", bits))
	return x
}

// sequence begins the program of a block that reads n positions of d features, its input
// "x" [n,d]. The name of the program is a format.
func sequence(n program.Dim, d, bits int, name string, args ...any) (p *program.Program, x program.Value) {
	p = program.New(fmt.Sprintf(name, args...))
	return p, featureInput(p, "x", bits, true, n, program.NewDim("d", d))
}

// levels is 2^p − 1, the number of levels of a number of p bits without the least level.
func levels() poly.Poly { return poly.Symbol("2^p").Minus(poly.Int(1)) }

// inBits is a count in terms of p: levels() if the count equals it, else otherwise().
func inBits(p *program.Program, count int64, otherwise func() poly.Poly) poly.Poly {
	if v, ok := levels().At(p.Symbols()); ok && v.IsInt64() && v.Int64() == count {
		return levels()
	}
	return otherwise()
}

// expLevels is the number of thresholds of an exponential: 2^p − 1 if it equals that, else a
// symbol of its own.
func expLevels(p *program.Program, count int) poly.Poly {
	return inBits(p, int64(count), func() poly.Poly { return p.Symbol("exp_levels", count) })
}

// levelsOf is the number of levels of a range without the least level. It is in terms of p if
// numbers of p bits have as many.
func levelsOf(p *program.Program, out program.Range) poly.Poly {
	return inBits(p, out.Hi-out.Lo, func() poly.Poly { return poly.Int(out.Hi - out.Lo) })
}

// roundTo is x/unit, rounded to the nearest integer and clipped to out. It declares the literals
// of the result.
func roundTo(p *program.Program, x program.Value, unit int64, out program.Range) program.Value {
	y := p.Step(x, program.Round(unit, out))
	p.Literals(y, levelsOf(p, out))
	return y
}

// lastRow is the value at the last position of x [n,...].
func lastRow(p *program.Program, x program.Value) program.Value {
	return p.Select(p.Last(x, program.NewDim("last", 1)), 0)
}

// sizeOf is the size of a dimension as a formula: n if it is open.
func sizeOf(d program.Dim) poly.Poly {
	if d.Open() {
		return poly.Symbol("n").Times(poly.Int(int64(d.Factor())))
	}
	return poly.Int(int64(d.Size()))
}
