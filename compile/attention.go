package compile

import (
	"fmt"
	"math"
	"slices"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// Attention is attention with its query, key and value projections and generic
// weights: one or more heads, whose outputs stand side by side, of any of the
// [AttentionKinds], full or causal. Its real inputs are x·2^−(Bits−1) in [−1, 1) for
// the integers x, and the rows of its real weight matrices have an absolute sum of at
// most 1.
//
// It computes in integers: exact projections and scores; a quantised exponential of
// ExpLevels + 1 values; and the quotient Σ w·v / Σ w, rounded to OutputBits bits,
// halves up. Unique-hard attention has no quotient, and its output is exact.
//
// Depth, from the input bits, projections included, for every n: softmax 3 (4 without
// absorption), stable 4, average-hard 4, unique-hard 3. (Less in degenerate cases:
// one position; two for the last three kinds, since an AND of one comparison is no
// gate; one feature of one bit.)
// Source: the constructions in the comment of package compile; upper bounds without
// explicit circuits are in Merrill and Sabharwal (TACL 2023) and, for unique-hard
// attention, Hao, Angluin and Frank (TACL 2022).
type Attention struct {
	Features   int    // d; 0 means 4
	Bits       int    // bits of an input feature, two's complement; 0 means 3
	ExpLevels  int    // thresholds of the exponential; 0 means 2^Bits − 1
	OutputBits int    // bits of an output feature, two's complement; 0 means Bits
	Seed       uint64 // of the generic weights
	Kind       string // one of AttentionKinds; "" means softmax
	Heads      int    // must divide Features; 0 means 1
	KeyHeads   int    // heads of keys and values, which must divide Heads; 0 means Heads
	Causal     bool   // a position attends to itself and those before it
	Positions  string // one of PositionKinds; "" means none

	// Of a layer that is to have small weights; see AttendConfig.
	span  float64
	guard int
}

func (a Attention) defaults() Attention {
	if a.Features == 0 {
		a.Features = 4
	}
	if a.Bits == 0 {
		a.Bits = 3
	}
	if a.Kind == "" {
		a.Kind = Softmaxed
	}
	if a.Heads == 0 {
		a.Heads = 1
	}
	if a.KeyHeads == 0 {
		a.KeyHeads = a.Heads
	}
	if a.Positions == "" {
		a.Positions = "none"
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
	}{{"n", n, 1 << 20}, {"d", a.Features, 1 << 12}, {"bits", a.Bits, 12}, {"exp_levels", a.ExpLevels, 1 << 16}, {"out_bits", a.OutputBits, 16}, {"heads", a.Heads, 1 << 12}, {"kv_heads", a.KeyHeads, 1 << 12}} {
		if p.v < 1 || p.v > p.most {
			return fmt.Errorf("compile: attention: %s=%d is outside 1..%d", p.name, p.v, p.most)
		}
	}
	switch {
	case a.Features%a.Heads != 0:
		return fmt.Errorf("compile: attention: heads=%d does not divide d=%d", a.Heads, a.Features)
	case a.Heads%a.KeyHeads != 0:
		return fmt.Errorf("compile: attention: kv_heads=%d does not divide heads=%d", a.KeyHeads, a.Heads)
	case !slices.Contains(AttentionKinds(), a.Kind):
		return &UnknownError{"kind of attention", a.Kind, AttentionKinds()}
	case !slices.Contains(PositionKinds(), a.Positions):
		return &UnknownError{"kind of positions", a.Positions, PositionKinds()}
	case a.Positions == "rotary" && a.Features/a.Heads%2 != 0:
		return fmt.Errorf("compile: attention: rotary positions turn pairs of features, and a head has %d", a.Features/a.Heads)
	}
	return nil
}

// width returns the number of features of one head.
func (a Attention) width() int { return a.Features / a.Heads }

// top is the greatest absolute value of an integer weight.
func (a Attention) top() int64 { return max(1, int64(1)<<(a.Bits-1)-1) }

func (a Attention) weights() (query, key, value *program.Matrix) {
	d, g := a.Features, a.KeyHeads*a.width()
	return genericMatrix(d, d, a.top(), a.Seed, "query"),
		genericMatrix(g, d, a.top(), a.Seed, "key"),
		genericMatrix(g, d, a.top(), a.Seed, "value")
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
	if a.Positions == "learned" || a.Positions == "sinusoidal" {
		most *= 2 // the code that is added to the features is as large as they are
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
	if a.Kind == UniqueHard {
		return a.inputScale() * a.weightScale()
	}
	return float64(a.outputUnit()) * a.inputScale() * a.weightScale()
}

// Program returns the head for n positions: input "x" [n,d], output "y" [n,d].
func (a Attention) Program(n int) (*program.Program, error) {
	a = a.defaults()
	if err := a.check(n); err != nil {
		return nil, err
	}
	return a.program(program.NewDim("n", n))
}

// OpenProgram returns the head for every n.
func (a Attention) OpenProgram() (*program.Program, error) {
	a = a.defaults()
	if err := a.check(1); err != nil {
		return nil, err
	}
	return a.program(program.OpenDim("n"))
}

func (a Attention) program(n program.Dim) (*program.Program, error) {
	p := program.New(fmt.Sprintf("attention %v d=%d bits=%d", n, a.Features, a.Bits))
	x := featureInput(p, "x", program.Shape{n, program.NewDim("d", a.Features)}, a.Bits, true)
	p.Output("y", a.append(p, x))
	return p, p.Err()
}

// featureInput is Input of numbers of p bits.
func featureInput(p *program.Program, name string, shape program.Shape, bits int, signed bool) program.Value {
	x := p.Input(name, shape, bits, signed)
	p.Literals(x, p.Symbol("p", bits))
	return x
}

// levels is 2^p − 1, the levels of a number of p bits but the least.
func levels() poly.Poly { return poly.Symbol("2^p").Minus(poly.Int(1)) }

// expLevels is the number of thresholds of an exponential: 2^p − 1 where it is that, else a
// symbol of its own.
func expLevels(p *program.Program, count int) poly.Poly {
	if v, ok := levels().At(p.Symbols()); ok && v.IsInt64() && v.Int64() == int64(count) {
		return levels()
	}
	return p.Symbol("exp_levels", count)
}

// levelsOf is the number of levels of a range but the least, in terms of p where it is
// that of the numbers of p bits.
func levelsOf(p *program.Program, out program.Range) poly.Poly {
	if count, ok := levels().At(p.Symbols()); ok && count.IsInt64() && count.Int64() == out.Hi-out.Lo {
		return levels()
	}
	return poly.Int(out.Hi - out.Lo)
}

// append adds the attention to p; x is [n,d] and the result, too.
func (a Attention) append(p *program.Program, x program.Value) program.Value {
	y, _ := a.appendAt(p, addPositions(p, x, a.Positions, a.Seed, a.inputScale()), a.inputScale())
	return y
}

// appendAt adds the attention without the positions that are added to the features;
// one unit of x is scale. It returns the result and its scale.
func (a Attention) appendAt(p *program.Program, x program.Value, scale float64) (program.Value, float64) {
	return a.appendAfter(p, x, scale, nil)
}

// appendAfter is appendAt of positions that come after those of the past, to which
// their own keys and values are added. With no past, nil, there are none before them
// and none will come.
func (a Attention) appendAfter(p *program.Program, x program.Value, scale float64, past *memory) (program.Value, float64) {
	query, key, value := a.weights()
	n, e := x.Shape()[0], program.NewDim("e", a.width())
	heads, groups := program.NewDim("h", a.Heads), program.NewDim("g", a.KeyHeads)
	// The key positions are another axis of the same length.
	m := n.Renamed("m")
	if past.len() > 0 {
		m = n.Renamed("seen")
	}
	p.Begin("projections")
	q := p.Reshape(p.Linear(x, query, nil, "d"), program.Shape{n, heads, e}, "queries")
	k := p.Reshape(p.Linear(x, key, nil, "ge"), program.Shape{m, groups, e}, "keys")
	v := p.Reshape(p.Linear(x, value, nil, "ge"), program.Shape{m, groups, e}, "values")
	unit := scale * a.weightScale()
	alpha := float64(unit*unit) / math.Sqrt(float64(e.Size()))
	if a.Positions == "rotary" {
		q, k = Rotary(p, q, rotaryBase, rotaryBits), Rotary(p, k, rotaryBase, rotaryBits)
		alpha *= math.Exp2(-2 * rotaryBits)
	}
	p.End()
	out := program.Range{Lo: -1 << (a.OutputBits - 1), Hi: 1<<(a.OutputBits-1) - 1}
	c := AttendConfig{
		Kind: a.Kind, Causal: a.Causal, Alpha: alpha, Span: a.span, Levels: a.ExpLevels, Guard: a.guard, Unit: a.outputUnit(), Out: out,
	}
	if a.Kind == Softmaxed || a.Kind == Stable {
		weights := expLevels(p, a.ExpLevels)
		c.Weights = &weights
	}
	past.add(k, v)
	var y program.Value
	if past.len() > 1 {
		y = attendAll(p, q, past, c)
	} else {
		y = Attend(p, q, k, v, c)
	}
	if y.Op() == program.OpQuotient {
		p.Literals(y, levelsOf(p, out))
	}
	y = p.Reshape(y, x.Shape(), "side by side")
	if a.Kind == UniqueHard {
		return y, unit // a value as it is
	}
	return y, float64(a.outputUnit()) * unit
}

// rotaryBits is the precision of sines and cosines, rotaryBase the base of the
// frequencies.
const (
	rotaryBits = 6
	rotaryBase = 10000
)

// SoftmaxConfig are the numbers of a [Softmax] block.
type SoftmaxConfig struct {
	Alpha  float64       // the weights are exp(Alpha·score)
	Domain program.Range // the scores that occur, as far as known; the zero value means their bounds
	Levels int           // thresholds of the exponential, equally spaced over the domain
	Unit   int64         // units of the values in one unit of output
	Out    program.Range // of the output
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
func Softmax(p *program.Program, scores, values program.Value, c SoftmaxConfig) program.Value {
	if len(scores.Shape()) != 2 || len(values.Shape()) != 2 {
		p.Failf(program.OpContract, "softmax of scores %v and values %v; both must have two axes", scores.Shape(), values.Shape())
		return scores
	}
	p.Begin("exp")
	if c.Domain == (program.Range{}) {
		c.Domain = scores.Bounds()
	}
	const guard = 6 // bits: rounding adds less than 1 % to the quantisation error
	f, err := program.Exp(c.Alpha, c.Domain, c.Levels, guard)
	p.Fail(err)
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
	width := p.Broadcast(scaled, num.Shape()[1])
	return p.Quotient(p.Add(p.Affine(2, num, 0), width), p.Affine(2, scaled, 0), c.Out)
}

// Real computes the attention from the textbook formula in float64: x [n,d] in real
// units, row-major; result likewise. Scores that differ by less than 10^−9 count as
// ties in hard attention.
func (a Attention) Real(x []float64) []float64 {
	a = a.defaults()
	query, key, value := a.weights()
	real := func(m *program.Matrix) func(row []float64) []float64 {
		return func(row []float64) []float64 {
			y := make([]float64, m.Rows)
			for o := range y {
				for f := range row {
					y[o] += float64(float64(m.Data[o*m.Columns+f]) * a.weightScale() * row[f])
				}
			}
			return y
		}
	}
	code := positions(a.Positions, len(x)/a.Features, a.Features, a.Seed)
	var rows [][]float64
	for i := 0; i < len(x); i += a.Features {
		row := slices.Clone(x[i : i+a.Features])
		if code != nil {
			for f := range row {
				row[f] += code[i+f]
			}
		}
		rows = append(rows, row)
	}
	return slices.Concat(a.attend(rows, real(query), real(key), real(value))...)
}

// attend is the textbook formula, given the projections.
func (a Attention) attend(x [][]float64, query, key, value func(row []float64) []float64) [][]float64 {
	e := a.width()
	turn := func(row []float64, t int) []float64 {
		if a.Positions != "rotary" {
			return row
		}
		var y []float64
		for head := range slices.Chunk(row, e) {
			y = append(y, realRotary(head, t, rotaryBase)...)
		}
		return y
	}
	var k, v, out [][]float64
	for t, row := range x {
		k, v = append(k, turn(key(row), t)), append(v, value(row))
	}
	for i, row := range x {
		q := turn(query(row), i)
		y := make([]float64, a.Features)
		last := len(x)
		if a.Causal {
			last = i + 1
		}
		for h := range a.Heads {
			from := h * a.KeyHeads / a.Heads * e
			scores := make([]float64, last)
			for j := range scores {
				for f := range e {
					scores[j] += float64(q[h*e+f] * k[j][from+f])
				}
				scores[j] /= math.Sqrt(float64(e))
			}
			for j, w := range realWeights(a.Kind, scores) {
				for f := range e {
					y[h*e+f] += float64(w * v[j][from+f])
				}
			}
		}
		out = append(out, y)
	}
	return out
}

// realWeights returns the weights of a row of scores, which add up to 1.
func realWeights(kind string, scores []float64) []float64 {
	top := slices.Max(scores)
	w, total := make([]float64, len(scores)), 0.0
	for j, s := range scores {
		switch hit := s > top-1e-9; {
		case kind == Softmaxed || kind == Stable:
			w[j] = math.Exp(s - top) // subtracting the maximum changes nothing
		case hit && (kind == AverageHard || total == 0):
			w[j] = 1
		}
		total += w[j]
	}
	for j := range w {
		w[j] /= total
	}
	return w
}

// attentionFamilies returns the families of attention heads.
func attentionFamilies() []Family {
	return []Family{
		{
			Name: "attention", Doc: "attention with its projections", Depth: "3 (softmax, unique-hard), 4 (stable, average-hard)", Class: "TC0",
			Params: append([]Param{
				{Name: "n", Doc: "positions"},
				{Name: "d", Doc: "features", Default: "4"},
				{Name: "bits", Doc: "bits of an input feature", Default: "3"},
				{Name: "kind", Doc: "kind of attention", Default: "softmax", Choices: AttentionKinds()},
				{Name: "heads", Doc: "heads, which share the features", Default: "1"},
				{Name: "kv_heads", Doc: "heads of keys and values; 0: as heads", Default: "0"},
				{Name: "causal", Doc: "1: a position attends to itself and those before it", Default: "0", Choices: []string{"0", "1"}},
				{Name: "positions", Doc: "kind of positions", Default: "none", Choices: PositionKinds()},
				{Name: "exp_levels", Doc: "thresholds of the exponential; 0: 2^bits − 1", Default: "0"},
				{Name: "out_bits", Doc: "bits of an output feature; 0: as bits", Default: "0"},
			}, common...),
			build: buildAttention,
			open: func(a Args) (*program.Program, error) {
				head, err := attentionOf(a)
				if err != nil {
					return nil, err
				}
				return head.OpenProgram()
			},
		},
	}
}

func attentionOf(a Args) (Attention, error) {
	head := Attention{
		Features: a.Int("d"), Bits: a.Int("bits"), ExpLevels: a.Int("exp_levels"),
		OutputBits: a.Int("out_bits"), Seed: uint64(a.Int("seed")),
		Kind: a["kind"], Heads: a.Int("heads"), KeyHeads: a.Int("kv_heads"), Causal: a["causal"] == "1", Positions: a["positions"],
	}
	if head.Features == 0 || head.Bits == 0 {
		return head, fmt.Errorf("attention: d=%d and bits=%d must both be at least 1", head.Features, head.Bits)
	}
	return head, nil
}

func buildAttention(a Args) (*Instance, error) {
	head, err := attentionOf(a)
	if err != nil {
		return nil, err
	}
	p, err := head.Program(a.Int("n"))
	if err != nil {
		return nil, err
	}
	scale := head.inputScale()
	return &Instance{p, func(in []int64) []float64 { return head.Real(scaled(in, scale)) }, head.OutputScale()}, nil
}
