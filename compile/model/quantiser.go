package model

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/floats"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/precision"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/brief"
)

// quantiser rounds the tensors of one model for one program, and keeps the choices. It keeps the
// first error. After an error it goes on with harmless numbers.
type quantiser struct {
	m       *Model
	q       Quantisation
	p       *program.Program
	peaks   map[string]float64
	choices []Choice
	rounded Weights
	bits    *precision.Chooser
	length  program.Dim // of a sequence: n
	outer   string      // open stages around the stages of begin
	unit    float64     // real value of one unit of logit
	limits  Limits      // of numbers, if the weights are not known
	err     error
}

// scaled is a value of the program, with the real value of its unit.
type scaled struct {
	program.Value
	unit float64
}

// within opens a stage that holds other ones.
func (z *quantiser) within(name string, inside func()) {
	z.p.Begin(name)
	z.outer = name + "/"
	inside()
	z.outer = ""
	z.p.End()
}

func (z *quantiser) fail(name, format string, args ...any) {
	if z.err == nil {
		z.err = &QuantiseError{Model: z.m.Config.Name, Name: name, What: fmt.Sprintf(format, args...)}
	}
}

// begin opens a stage of the program. All choices since the last call belong to it.
func (z *quantiser) begin(format string, args ...any) {
	name := fmt.Sprintf(format, args...)
	if z.m.unknown { // scales are, too
		name, _, _ = strings.Cut(name, " [")
	}
	z.p.Begin(name)
	for i := range z.choices {
		if z.choices[i].Stage == "" {
			z.choices[i].Stage = z.outer + name
		}
	}
}

// choose notes a choice. Its integers are in the range r.
func (z *quantiser) choose(c Choice, r program.Range) {
	c.Bits, c.Least, c.Greatest = width(r), r.Lo, r.Hi
	z.choices = append(z.choices, c)
}

// label writes how a weight tensor is rounded, such as "w7 s=0.0185".
func (z *quantiser) label(letter, name string, scale float64) string {
	return fmt.Sprintf("%s%d s=%.3g", letter, z.weightBits(name), scale)
}

// scale checks that it is possible to divide by a scale.
func (z *quantiser) scale(name string, s float64) float64 {
	if s == 0 || math.IsInf(s, 0) || math.IsNaN(s) || s < 1e-150 || s > 1e150 {
		z.fail(name, "its scale would be %v", s)
		return 1
	}
	return s
}

// most is the greatest integer of a weight.
func (z *quantiser) most(name string) float64 { return float64(signedBits(z.weightBits(name)).Hi) }

// greatest returns the largest absolute value in a tensor; 0 if there is no such tensor.
func (z *quantiser) greatest(name string) float64 {
	if z.m.Weights[name] == nil {
		return 0
	}
	return floats.Norm(z.m.Weights[name].Data, math.Inf(1))
}

// weight rounds a matrix with its own scale, the finest at which its largest weight
// still fits. A matrix of zeros has the scale zero, if that is not 0, or else 1.
func (z *quantiser) weight(name string, zero float64) (*program.Matrix, float64) {
	s := z.scale(name, cmp.Or(z.natural(name), zero, 1))
	return z.weightAt(name, s), s
}

// natural returns the finest scale at which a matrix fits its bits; 0 if it is a matrix of zeros.
func (z *quantiser) natural(name string) float64 {
	s := z.greatest(name) / z.most(name)
	if z.q.WeightScale == perChannel {
		s /= channelParts
	}
	return s
}

// finest returns the finest unit in which a tensor has at most 40 bits. What is added to it and is smaller than that
// changes no level of their sum.
func (z *quantiser) finest(name string) float64 { return math.Ldexp(z.greatest(name), -finestBits) }

const finestBits = 40

// channelParts compares scales if each row has a scale of its own. The scale of the row with the
// largest weight is channelParts times the scale of the tensor. The scale of each row is a whole
// multiple of the scale of the tensor, so all rows count in one unit.
const channelParts = 256

// weightAt rounds a matrix with a given scale.
func (z *quantiser) weightAt(name string, s float64) *program.Matrix {
	w := z.m.Weights[name]
	m := &program.Matrix{Rows: w.Shape[0], Columns: w.Shape[1]}
	if z.m.unknown {
		z.keep(Weight, name, nil, s)
		return m
	}
	for row := range slices.Chunk(w.Data, m.Columns) {
		multiple := 1.0
		if z.q.WeightScale == perChannel {
			top := floats.Norm(row, math.Inf(1))
			multiple = max(1, math.Ceil(top/s/z.most(name)-1e-9))
		}
		for _, v := range row {
			m.Data = append(m.Data, z.integer(name, v/(s*multiple))*int64(multiple))
		}
	}
	z.keep(Weight, name, m.Data, s)
	return m
}

// keep notes the rounded form of a tensor.
func (z *quantiser) keep(kind Kind, name string, data []int64, s float64) {
	z.rounded[name] = &Tensor{z.m.Weights[name].Shape, inUnits(data, s)}
	top := int64(0)
	for _, v := range data {
		top = max(top, v, -v)
	}
	if z.m.unknown {
		top = z.limits.Constant
		if kind == Weight {
			top = z.limits.Weight
		}
	}
	z.choose(Choice{Tensor: name, Kind: kind, Scale: s}, program.Range{Lo: -top, Hi: top})
}

// affine is a linear map in integers, with its bias if it has one.
type affine struct {
	weight *program.Matrix
	bias   []int64
	scale  float64 // real value of one unit of the weight
	sum    float64 // and of W·x + b
}

// affine rounds a linear map of an x in the given unit, and its bias to the scale of the sum.
func (z *quantiser) affine(weight string, x float64) affine {
	// The bias of a matrix of zeros is all there is. It must not be rounded away.
	zero := z.greatest(biasOf(weight)) / (z.most(weight) * channelParts) / x
	s := z.scale(weight, max(cmp.Or(z.natural(weight), zero, 1), z.finest(biasOf(weight))/x))
	w, sum := z.weightAt(weight, s), z.scale(weight, s*x)
	return affine{w, z.bias(weight, sum), s, sum}
}

// bias rounds the bias of a weight to the scale of its sum. It returns nil if the weight has no bias.
func (z *quantiser) bias(weight string, s float64) []int64 {
	name := biasOf(weight)
	if z.m.Weights[name] == nil {
		return nil
	}
	return z.tensor(Bias, name, s)
}

// tensor rounds any tensor with a given scale, such as a bias or the taps of a convolution.
func (z *quantiser) tensor(kind Kind, name string, s float64) []int64 {
	out := []int64{} // not nil, if the weights are unknown, too
	for _, v := range z.m.Weights[name].Data {
		out = append(out, z.integer(name, v/s))
	}
	z.keep(kind, name, out, s)
	return out
}

// linear appends W·x + b.
func (z *quantiser) linear(a affine, x program.Value, dim string) scaled {
	if z.m.unknown {
		return scaled{z.unknownLinear(a, x, program.NewDim(dim, a.weight.Rows)), a.sum}
	}
	return scaled{z.p.Linear(x, a.weight, a.bias, dim), a.sum}
}

// unknownLinear appends W·x + b for all W and b that there can be.
func (z *quantiser) unknownLinear(a affine, x program.Value, out program.Dim) program.Value {
	y := z.p.LinearFunc(x, out, poly.Int(z.limits.Weight), nil) // an open program asks for no numbers
	if a.bias == nil {
		return y
	}
	return z.p.Add(y, z.constants(out, nil))
}

// constants appends one constant for each element of a dimension. If the weights are not known, they are the greatest.
func (z *quantiser) constants(d program.Dim, numbers []int64) program.Value {
	if !z.m.unknown {
		return z.p.Const(program.Shape{d}, numbers)
	}
	all := program.Range{Lo: -z.limits.Constant, Hi: z.limits.Constant}
	return z.p.ConstFunc(program.Shape{d}, all, func(int) int64 { return all.Hi })
}

// mostInteger is the greatest integer of a tensor.
const mostInteger = 1<<53 - 1

// integer rounds half to even. It refuses numbers beyond 2^53, because their units are not exact.
func (z *quantiser) integer(name string, v float64) int64 {
	const end = mostInteger + 1
	if !(v > -end && v < end) {
		z.fail(name, "would be the integer %v, beyond the limit of 53 bits: what stands beside it, or is multiplied by it, is "+
			"that much smaller", v)
		return 1
	}
	return int64(math.RoundToEven(v))
}

// factor returns the whole number, 1 or more, that is nearest to v, up to 2^20.
func factor(v float64) int64 {
	if !(v >= 1) {
		return 1
	}
	return int64(math.RoundToEven(min(v, mostFactor)))
}

const mostFactor = 1 << 20

// levels is how a sum is rounded: to a whole number of its units, clipped to a range.
type levels struct {
	unit  int64
	scale float64 // real value of one level
	out   program.Range
}

// activation chooses the unit of an activation, as a whole number of units of its sum. The real
// value of one unit of the sum is sum. The activation has the levels of out. The calibrated
// percentile becomes the last level.
func (z *quantiser) activation(name string, sum float64, out program.Range) levels {
	if z.m.unknown {
		return levels{z.limits.Unit, 1, out}
	}
	peak := z.peaks[name]
	unit := max(1, z.integer(name, peak/float64(out.Hi)/sum))
	scale := z.scale(name, float64(unit)*sum)
	z.choose(Choice{Tensor: name, Kind: Activation, Scale: scale, Unit: unit, Peak: peak}, out)
	return levels{unit, scale, out}
}

// round appends the rounding of a sum.
func (z *quantiser) round(x program.Value, l levels) scaled {
	if z.m.unknown {
		return scaled{z.p.RoundFunc(x, l.out, poly.Int(l.out.Hi-l.out.Lo), poly.Int(mostInteger), nil), l.scale}
	}
	return scaled{z.p.Step(x, program.Round(l.unit, l.out)), l.scale}
}

// activate appends an activation function of a sum in the given unit.
func (z *quantiser) activate(
	x program.Value, function string, sum float64, out program.Range, unit float64,
) program.Value {
	if !z.m.unknown {
		return compile.Activate(z.p, x, function, sum, out, unit)
	}
	jumps, err := compile.ActivationJumps(function, out)
	z.p.Fail(err)
	v := z.p.TurningFunc(x, out, poly.Int(jumps), nil)
	z.p.Varies(v)
	return v
}

// real chooses the unit of an activation as a real number. The calibrated percentile becomes the last level.
func (z *quantiser) real(name string, out program.Range) float64 {
	peak := z.peaks[name]
	unit := z.scale(name, cmp.Or(peak/float64(out.Hi), 1))
	z.choose(Choice{Tensor: name, Kind: Activation, Scale: unit, Peak: peak}, out)
	return unit
}

// unsigned is the range of an activation after a ReLU.
func (z *quantiser) unsigned(name string) program.Range {
	return program.Range{Lo: 0, Hi: 1<<z.activationBits(name) - 1}
}

// signed is the range of an activation of either sign.
func (z *quantiser) signed(name string) program.Range { return signedBits(z.activationBits(name)) }

// weightBits, activationBits and residualBits are the bits of a rounding: those that it has by name, or else those of
// all of its sort.
func (z *quantiser) weightBits(name string) int {
	if role := z.m.role(name); role != "" {
		return z.bits.Of(name, z.q.WeightBits, role, "weights")
	}
	return z.bits.Of(name, z.q.WeightBits, "weights")
}

func (z *quantiser) activationBits(name string) int {
	return z.bits.Of(name, z.q.ActivationBits, precision.Kind(name))
}

func (z *quantiser) residualBits(name string) int {
	return z.bits.Of(name, z.q.ResidualBits, precision.Kind(name))
}

// named refuses bits with a name that nothing has.
func (z *quantiser) named() {
	if name := z.bits.Unused(); name != "" {
		names, kinds := z.bits.Chosen()
		z.fail("bits."+brief.Clip(name), "names nothing that is rounded; known: %s, and each tensor and activation by its name, "+
			"such as %s", list(kinds.Names()), brief.Quote(names.Names()[0]))
	}
}

// signedBits is the range of b bits that is the same on either side of 0.
func signedBits(b int) program.Range {
	top := int64(1)<<(b-1) - 1
	return program.Range{Lo: -top, Hi: top}
}

// residual puts the sum of a residual x and W·y + b on one scale: k·x + W'. The whole number k is
// chosen so that W' keeps about the bits of a weight. The scale of x is divided by k.
func (z *quantiser) residual(name, weight string, x, y float64) (k int64, a affine) {
	k = 1
	if z.m.unknown {
		k = z.limits.Factor
	}
	if top := z.greatest(weight); top > 0 {
		fine := z.most(weight) * x / (top * y)
		if z.q.WeightScale == perChannel {
			fine *= channelParts
		}
		k = factor(fine)
	} else if top := z.greatest(biasOf(weight)); top > 0 {
		k = factor(z.most(weight) * x / top) // the bias is all there is
	}
	sum := z.scale(name, x/float64(k))
	z.choose(Choice{Tensor: name, Kind: Residual, Scale: sum, Unit: k}, program.Range{})
	// W' has the unit sum/y, since y counts in its own.
	s := z.scale(weight, sum/y)
	return k, affine{z.weightAt(weight, s), z.bias(weight, sum), s, sum}
}

// coarse rounds a residual x once more if W·y + b, which is added to it, is so much larger that its integers would
// not fit in units of x. If all of x is less than a half of the coarser unit, it is 0 there.
func (z *quantiser) coarse(name, weight string, x scaled, y float64) scaled {
	times := math.Ceil(max(z.finest(weight)*y, z.finest(biasOf(weight))) / x.unit)
	if z.m.unknown || !(times > 1) || math.IsInf(times, 1) { // the scale of W will be refused
		return x
	}
	r := x.Bounds()
	most, unit := max(-float64(r.Lo), float64(r.Hi)), z.scale(name, times*x.unit)
	l := levels{unit: 1, scale: unit}
	if 2*most > times {
		l.unit = z.integer(name, times)
		l.out.Hi = int64(math.Ceil(most / times))
		l.out.Lo = -l.out.Hi
	}
	z.choose(Choice{Tensor: name, Kind: Activation, Scale: unit, Unit: l.unit, Peak: most * x.unit}, l.out)
	z.begin("coarser %s [u=%g]", strings.TrimPrefix(name, z.outer), times)
	defer z.p.End()
	if l.out.Hi == 0 {
		return scaled{z.p.Affine(0, x.Value, 0), unit}
	}
	return z.round(x.Value, l)
}

// add appends a residual sum k·x + W·y + b.
func (z *quantiser) add(name string, k int64, x program.Value, a affine, y program.Value) scaled {
	total := z.p.Add(z.p.Affine(k, x, 0), z.linear(a, y, "d").Value)
	if !z.m.unknown {
		z.sized(name, total.Bounds())
	}
	return scaled{total, a.sum}
}

// sized fills in the range of the residual that was chosen last. An end beyond 64 bits is cut.
func (z *quantiser) sized(name string, r program.Range) {
	i := slices.IndexFunc(z.choices, func(c Choice) bool { return c.Tensor == name })
	z.choices[i].Least, z.choices[i].Greatest, z.choices[i].Bits = r.Lo, r.Hi, width(r)
}
