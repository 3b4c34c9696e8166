package model

import (
	"fmt"
	"math"
	"slices"

	"github.com/tc0lab/tc0/compile/program"
)

// quantiser rounds the tensors of one model and keeps the choices. The first error
// sticks, and harmless numbers stand in for those that could not be had.
type quantiser struct {
	m       *Model
	q       Quantisation
	peaks   map[string]float64
	choices []Choice
	rounded map[string]*Tensor
	length  program.Dim // of a sequence: n
	outer   string      // stages that are open around those of begin
	err     error
}

// within opens a stage that holds other ones.
func (z *quantiser) within(p *program.Program, name string, inside func()) {
	p.Begin(name)
	z.outer = name + "/"
	inside()
	z.outer = ""
	p.End()
}

func (z *quantiser) fail(name, format string, args ...any) {
	if z.err == nil {
		z.err = &QuantiseError{Model: z.m.Config.Name, Name: name, What: fmt.Sprintf(format, args...)}
	}
}

// begin opens a stage of the program, which the choices up to the next one are said
// to belong to from then on.
func (z *quantiser) begin(p *program.Program, format string, args ...any) {
	name := fmt.Sprintf(format, args...)
	p.Begin(name)
	for i := range z.choices {
		if z.choices[i].Stage == "" {
			z.choices[i].Stage = z.outer + name
		}
	}
}

// greatestWeight is the greatest absolute value of an integer weight.
func (z *quantiser) greatestWeight() float64 { return float64(int64(1)<<(z.q.WeightBits-1) - 1) }

// scale checks that a scale is one that can be divided by.
func (z *quantiser) scale(name string, s float64) float64 {
	if s == 0 || math.IsInf(s, 0) || math.IsNaN(s) || s < 1e-150 || s > 1e150 {
		z.fail(name, "its scale would be %v", s)
		return 1
	}
	return s
}

// greatest returns the largest absolute value in a tensor.
func (z *quantiser) greatest(name string) float64 {
	top := 0.0
	for _, v := range z.m.Weights[name].Data {
		top = max(top, absolute(v))
	}
	return top
}

// weight rounds a matrix with its own scale, the finest at which its largest weight
// still fits. A matrix of zeros has scale 1.
func (z *quantiser) weight(name string) (*program.Matrix, float64) {
	s := z.greatest(name) / z.greatestWeight()
	if z.q.WeightScale == perChannel {
		s /= channelParts
	}
	if s == 0 {
		s = 1
	}
	s = z.scale(name, s)
	return z.weightAt(name, s), s
}

// channelParts is how much finer the scale of a tensor is than that of its row with
// the largest weight, if each row has a scale of its own. The scale of a row is a
// whole multiple of that of the tensor, so that all rows still count in one unit.
const channelParts = 256

// weightAt rounds a matrix with a given scale.
func (z *quantiser) weightAt(name string, s float64) *program.Matrix {
	w := z.m.Weights[name]
	m := &program.Matrix{Rows: w.Shape[0], Columns: w.Shape[1]}
	if z.q.WeightScale == perChannel {
		for i := range w.Shape[0] {
			top := 0.0
			for _, v := range w.row(i) {
				top = max(top, absolute(v))
			}
			multiple := max(1, math.Ceil(top/s/z.greatestWeight()-1e-9))
			for _, v := range w.row(i) {
				m.Data = append(m.Data, z.integer(name, v/(s*multiple))*int64(multiple))
			}
		}
	} else {
		m.Data = z.round(name, s)
	}
	z.keep(name, m.Data, s)
	r := symmetric(m.Data)
	z.choices = append(z.choices, Choice{Tensor: name, Kind: Weight, Bits: width(r), Scale: s, Least: r.Lo, Greatest: r.Hi})
	return m
}

// keep notes what became of a tensor.
func (z *quantiser) keep(name string, data []int64, s float64) {
	t := &Tensor{Shape: z.m.Weights[name].Shape}
	for _, v := range data {
		t.Data = append(t.Data, float64(v)*s)
	}
	z.rounded[name] = t
}

// bias rounds a bias to the scale of the sum it is added to.
func (z *quantiser) bias(name string, s float64) []int64 {
	b := z.round(name, s)
	z.keep(name, b, s)
	r := symmetric(b)
	z.choices = append(z.choices, Choice{Tensor: name, Kind: Bias, Bits: width(r), Scale: s, Least: r.Lo, Greatest: r.Hi})
	return b
}

// symmetric returns the least range −t..t that holds all values.
func symmetric(values []int64) program.Range {
	top := int64(0)
	for _, v := range values {
		top = max(top, v, -v)
	}
	return program.Range{Lo: -top, Hi: top}
}

// round divides a tensor by a scale and rounds, halves to even.
func (z *quantiser) round(name string, s float64) []int64 {
	data := z.m.Weights[name].Data
	out := make([]int64, len(data))
	for i, v := range data {
		out[i] = z.integer(name, v/s)
	}
	return out
}

// integer rounds half to even. Beyond 2^53 the units are no longer exact, so that
// is where it ends.
func (z *quantiser) integer(name string, v float64) int64 {
	const end = 1 << 53
	if !(v > -end && v < end) {
		z.fail(name, "would be the integer %v, which needs more than 53 bits", v)
		return 1
	}
	return int64(math.RoundToEven(v))
}

// factor returns the whole number, 1 or more, that is nearest to v, up to 2^20.
func factor(v float64) int64 {
	const end = 1 << 20
	if !(v >= 1) {
		return 1
	}
	return int64(math.RoundToEven(min(v, end)))
}

// activation chooses the unit of an activation, a whole number of units of the sum
// it rounds, whose real value is sum. Its levels are those of out, and the
// calibrated percentile becomes the last of them.
func (z *quantiser) activation(name string, sum float64, out program.Range) (unit int64, scale float64) {
	peak := z.peaks[name]
	unit = max(1, z.integer(name, peak/float64(out.Hi)/sum))
	scale = z.scale(name, float64(unit)*sum)
	z.choices = append(z.choices, Choice{
		Tensor: name, Kind: Activation, Bits: width(out), Scale: scale, Least: out.Lo, Greatest: out.Hi, Unit: unit, Peak: peak,
	})
	return unit, scale
}

// unsigned is the range of an activation after a ReLU.
func (z *quantiser) unsigned() program.Range {
	return program.Range{Lo: 0, Hi: 1<<z.q.ActivationBits - 1}
}

// signed is the range of an activation of either sign.
func (z *quantiser) signed() program.Range {
	top := int64(1)<<(z.q.ActivationBits-1) - 1
	return program.Range{Lo: -top, Hi: top}
}

// residual puts the sum of a residual x and W·y on one scale: k·x + W', where k is
// a whole number such that W' keeps about the bits of a weight. The scale of x is
// divided by k.
func (z *quantiser) residual(name, weight string, x, y float64) (k int64, w *program.Matrix, scale float64) {
	k = 1
	if top := z.greatest(weight); top > 0 {
		fine := z.greatestWeight() * x / (top * y)
		if z.q.WeightScale == perChannel {
			fine *= channelParts
		}
		k = factor(fine)
	}
	scale = z.scale(name, x/float64(k))
	z.choices = append(z.choices, Choice{Tensor: name, Kind: Residual, Scale: scale, Unit: k})
	// W' has the unit scale/y, since y counts in its own.
	return k, z.weightAt(weight, z.scale(weight, scale/y)), scale
}

// sized fills in the range of the residual that was chosen last.
func (z *quantiser) sized(name string, r program.Range) {
	i := slices.IndexFunc(z.choices, func(c Choice) bool { return c.Tensor == name })
	z.choices[i].Least, z.choices[i].Greatest, z.choices[i].Bits = r.Lo, r.Hi, width(r)
}
