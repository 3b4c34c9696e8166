package compile

import (
	"fmt"
	"math"
)

// Attention is one softmax attention head with its query, key and value
// projections, full (not causal), with generic weights. Its real inputs are
// x·2^−(Bits−1) in [−1, 1) for the integers x, and the rows of its real weight
// matrices have an absolute sum of at most 1.
//
// The head computes in integers: exact projections and scores; a quantised
// exponential of ExpLevels + 1 values; and the quotient Σ exp·v / Σ exp, rounded to
// OutputBits bits, halves up.
//
// Depth: 3 from the input bits, projections included, for every n; 4 without
// absorption. (Less in degenerate cases: one position, or one feature of one bit.) Source: the construction in the comment of package compile; an upper
// bound without explicit circuits is in Merrill and Sabharwal (TACL 2023).
type Attention struct {
	Features   int    // d; 0 means 4
	Bits       int    // bits of an input feature, two's complement; 0 means 3
	ExpLevels  int    // thresholds of the exponential; 0 means 2^Bits − 1
	OutputBits int    // bits of an output feature, two's complement; 0 means Bits
	Seed       uint64 // of the generic weights
}

func (a Attention) defaults() Attention {
	if a.Features == 0 {
		a.Features = 4
	}
	if a.Bits == 0 {
		a.Bits = 3
	}
	if a.Bits < 1 || a.Bits > 12 { // check refuses it; the formula below must not meet it
		return a
	}
	if a.ExpLevels == 0 {
		a.ExpLevels = 1<<a.Bits - 1
	}
	if a.OutputBits == 0 {
		a.OutputBits = a.Bits
	}
	return a
}

func (a Attention) check(n int) error {
	for _, p := range []struct {
		name    string
		v, most int
	}{{"n", n, 1 << 20}, {"d", a.Features, 1 << 12}, {"bits", a.Bits, 12}, {"exp_levels", a.ExpLevels, 1 << 16}, {"out_bits", a.OutputBits, 16}} {
		if p.v < 1 || p.v > p.most {
			return fmt.Errorf("compile: attention: %s=%d is outside 1..%d", p.name, p.v, p.most)
		}
	}
	return nil
}

// top is the greatest absolute value of an integer weight.
func (a Attention) top() int64 { return max(1, int64(1)<<(a.Bits-1)-1) }

func (a Attention) weights() (query, key, value *Matrix) {
	d := a.Features
	return genericMatrix(d, d, a.top(), a.Seed, "query"),
		genericMatrix(d, d, a.top(), a.Seed, "key"),
		genericMatrix(d, d, a.top(), a.Seed, "value")
}

// inputScale is the real value of one unit of input, weightScale that of one unit
// of weight.
func (a Attention) inputScale() float64  { return math.Exp2(float64(1 - a.Bits)) }
func (a Attention) weightScale() float64 { return 1 / float64(int64(a.Features)*a.top()) }

// outputUnit is how many units of Σ w·x make one unit of output, so that the range
// of the output is what the values can reach.
func (a Attention) outputUnit() int64 {
	_, _, value := a.weights()
	most := int64(0)
	for i := range value.Rows {
		sum := int64(0)
		for _, w := range value.Row(i) {
			sum += max(w, -w)
		}
		most = max(most, sum)
	}
	return max(1, int64(math.RoundToEven(float64(most)*math.Exp2(float64(a.Bits-a.OutputBits)))))
}

// OutputScale returns the real value of one unit of output; NaN if the head's numbers
// are out of range.
func (a Attention) OutputScale() float64 {
	a = a.defaults()
	if a.check(1) != nil {
		return math.NaN()
	}
	return float64(a.outputUnit()) * a.inputScale() * a.weightScale()
}

// Program returns the head for n positions: input "x" [n,d], output "y" [n,d].
func (a Attention) Program(n int) (*Program, error) {
	a = a.defaults()
	if err := a.check(n); err != nil {
		return nil, err
	}
	p := NewProgram(fmt.Sprintf("attention n=%d d=%d bits=%d", n, a.Features, a.Bits))
	x := p.Input("x", Shape{{"n", n}, {"d", a.Features}}, a.Bits, true)
	p.Output("y", a.append(p, x))
	return p, p.Err()
}

// append adds the head to p.
func (a Attention) append(p *Program, x Value) Value {
	query, key, value := a.weights()
	p.Begin("scores")
	q := p.Linear(x, query, nil, "d")
	k := p.Linear(x, key, nil, "d")
	// The key positions are another axis of the same length.
	m := Dim{"m", x.Shape()[0].Size}
	k = p.Gather(k, Shape{m, k.Shape()[1]}, "keys", func(i int) int { return i })
	scores := p.Contract("if,jf->ij", q, k)
	p.End()
	v := p.Linear(x, value, nil, "d")
	v = p.Gather(v, Shape{m, v.Shape()[1]}, "values", func(i int) int { return i })
	unit := a.inputScale() * a.weightScale()
	out := Range{-1 << (a.OutputBits - 1), 1<<(a.OutputBits-1) - 1}
	return Softmax(p, scores, v, SoftmaxConfig{
		Alpha:  float64(unit*unit) / math.Sqrt(float64(a.Features)),
		Levels: a.ExpLevels, Unit: a.outputUnit(), Out: out,
	})
}

// SoftmaxConfig are the numbers of a [Softmax] block.
type SoftmaxConfig struct {
	Alpha  float64 // the weights are exp(Alpha·score)
	Domain Range   // the scores that occur, as far as known; the zero value means their bounds
	Levels int     // thresholds of the exponential, equally spaced over the domain
	Unit   int64   // units of the values in one unit of output
	Out    Range   // of the output
}

// Softmax appends Σ_j exp(Alpha·s_ij)·v_jf / (Unit·Σ_j exp(Alpha·s_ij)), rounded to
// the nearest integer, halves up, and clipped to Out. Scores outside the domain
// count as its nearer end.
//
// Shapes: scores s [n,m], values v [m,d]; result [n,d].
// Depth: 2 after the scores if the strategy absorbs and the literals of the values
// are no deeper than the scores, 3 otherwise.
// Errors: a [*RangeError] of the program if the scores span more than the
// exponential's 52 bits.
func Softmax(p *Program, scores, values Value, c SoftmaxConfig) Value {
	if len(scores.Shape()) != 2 || len(values.Shape()) != 2 {
		p.failf(OpContract, "softmax of scores %v and values %v; both must have two axes", scores.Shape(), values.Shape())
		return scores
	}
	p.Begin("exp")
	if c.Domain == (Range{}) {
		c.Domain = scores.Bounds()
	}
	const guard = 6 // bits: rounding adds less than 1 % to the quantisation error
	f, err := Exp(c.Alpha, c.Domain, c.Levels, guard)
	if err != nil && p.err == nil {
		p.err = err
	}
	e := p.Step(scores, f)
	p.End()
	p.Begin("mix")
	num := p.Contract("ij,jf->if", e, values)
	p.End()
	den := p.Reduce(e, scores.Shape()[1].Name)
	p.Begin("quotient")
	defer p.End()
	// round(num/(unit·den)) = ⌊(2·num + unit·den) / (2·unit·den)⌋
	scaled := p.Affine(c.Unit, den, 0)
	width := p.Gather(scaled, num.Shape(), "broadcast", func(i int) int { return i / num.Shape().last() })
	return p.Quotient(p.Add(p.Affine(2, num, 0), width), p.Affine(2, scaled, 0), c.Out)
}

// Real computes the head from the textbook formula, softmax(q·kᵀ/√d)·v, in
// float64: x [n,d] in real units, row-major; result likewise.
func (a Attention) Real(x []float64) []float64 {
	a = a.defaults()
	d := a.Features
	n := len(x) / d
	query, key, value := a.weights()
	project := func(m *Matrix) []float64 {
		y := make([]float64, n*d)
		for i := range n {
			for o := range d {
				for f := range d {
					y[i*d+o] += float64(float64(m.Data[o*d+f]) * a.weightScale() * x[i*d+f])
				}
			}
		}
		return y
	}
	q, k, v := project(query), project(key), project(value)
	y := make([]float64, n*d)
	for i := range n {
		weight, total := make([]float64, n), 0.0
		for j := range n {
			dot := 0.0
			for f := range d {
				dot += float64(q[i*d+f] * k[j*d+f])
			}
			weight[j] = math.Exp(dot / math.Sqrt(float64(d)))
			total += weight[j]
		}
		for j := range n {
			for f := range d {
				y[i*d+f] += float64(weight[j] / total * v[j*d+f])
			}
		}
	}
	return y
}

// attentionFamilies returns the families of attention heads.
func attentionFamilies() []Family {
	return []Family{
		{
			Name: "attention", Doc: "softmax attention head with its projections", Depth: "3", Class: "TC0",
			Params: append([]Param{
				{Name: "n", Doc: "positions"},
				{Name: "d", Doc: "features", Default: "4"},
				{Name: "bits", Doc: "bits of an input feature", Default: "3"},
				{Name: "kind", Doc: "kind of attention", Default: "softmax", Choices: []string{"softmax"}},
				{Name: "exp_levels", Doc: "thresholds of the exponential; 0: 2^bits − 1", Default: "0"},
				{Name: "out_bits", Doc: "bits of an output feature; 0: as bits", Default: "0"},
			}, common...),
			build: buildAttention,
		},
	}
}

func buildAttention(a Args) (*Instance, error) {
	head := Attention{
		Features: a.Int("d"), Bits: a.Int("bits"), ExpLevels: a.Int("exp_levels"),
		OutputBits: a.Int("out_bits"), Seed: uint64(a.Int("seed")),
	}
	if head.Features == 0 || head.Bits == 0 {
		return nil, fmt.Errorf("attention: d=%d and bits=%d must both be at least 1", head.Features, head.Bits)
	}
	p, err := head.Program(a.Int("n"))
	if err != nil {
		return nil, err
	}
	scale := head.inputScale()
	return &Instance{p, func(in []int64) []float64 { return head.Real(scaled(in, scale)) }, head.OutputScale()}, nil
}
