package compile

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/tc0lab/tc0/compile/program"
)

// Attention is attention with generic weights, together with its query, key and value
// projections. It has one or more heads, and their outputs stand side by side. It is of any of
// the [AttentionKinds], full or causal. The real input of an integer x is x·2^−(Bits−1), in
// [−1, 1). In each real weight matrix the absolute sum of a row is at most 1.
//
// It computes in integers. Projections and scores are exact. The exponential is quantised to
// ExpLevels + 1 values. The quotient Σ w·v / Σ w is rounded to OutputBits bits, halves up.
// Unique-hard attention does not divide, and its output is exact.
//
// Depth from the input bits, with the projections, for every n: softmax 3 (4 without
// absorption), stable 4, average-hard 4, unique-hard 3. It is less in degenerate cases: one
// position; one feature of one bit; two positions for the last three kinds, because an AND of
// one comparison needs no gate.
// Source: the constructions are in the comment of package compile. Upper bounds without
// explicit circuits are in Merrill and Sabharwal (TACL 2023) and, for unique-hard attention,
// in Hao, Angluin and Frank (TACL 2022).
type Attention struct {
	Features   int           `param:"d" zero:"4" most:"4096" count:"1048576"`     // d; 0 means 4
	Bits       int           `param:"bits" zero:"3" most:"12"`                    // of an input feature, two's complement; 0 means 3
	ExpLevels  int           `param:"exp_levels" most:"65536"`                    // thresholds of the exponential; 0 means 2^Bits − 1
	OutputBits int           `param:"out_bits" most:"16"`                         // of an output feature; 0 means Bits
	Seed       uint64        `param:"seed"`                                       // of the generic weights
	Kind       AttentionKind `param:"kind" zero:"softmax"`                        // "" means softmax
	Heads      int           `param:"heads" zero:"1" most:"4096" count:"1048576"` // must divide Features; 0 means 1
	KeyHeads   int           `param:"kv_heads" most:"4096" count:"1048576"`       // of keys and values; divides Heads; 0 means Heads
	Causal     bool          `param:"causal=1"`                                   // a position attends to itself and those before it
	Positions  PositionKind  `param:"positions" zero:"none"`                      // "" means none

	counting

	// These are for a layer that must have small weights; see AttendConfig.
	span  float64
	guard int
}

func (a Attention) defaults() Attention {
	a = filled(a)
	fill(&a.KeyHeads, a.Heads)
	if a.Bits < 1 || a.Bits > 12 { // check refuses it; the formula below must not meet it
		return a
	}
	fill(&a.ExpLevels, 1<<a.Bits-1)
	fill(&a.OutputBits, a.Bits)
	return a
}

func (a Attention) check(n int) error {
	if err := cmp.Or(
		checkSizes("attention", a, size{name: "n", v: n, most: 1 << 20}),
		oneOf("kind of attention", a.Kind, AttentionKinds()),
		oneOf("kind of positions", a.Positions, PositionKinds()),
	); err != nil {
		return err
	}
	switch {
	case a.Features%a.Heads != 0:
		return fmt.Errorf("compile: attention: heads=%d does not divide d=%d", a.Heads, a.Features)
	case a.Heads%a.KeyHeads != 0:
		return fmt.Errorf("compile: attention: kv_heads=%d does not divide heads=%d", a.KeyHeads, a.Heads)
	case a.Positions == RotaryPositions && a.Features/a.Heads%2 != 0:
		return fmt.Errorf("compile: attention: rotary positions turn pairs of features, and a head has %d",
			a.Features/a.Heads)
	}
	return nil
}

// width returns the number of features of one head.
func (a Attention) width() int { return a.Features / a.Heads }

// top is the greatest absolute value of an integer weight.
func (a Attention) top() int64 { return max(1, int64(1)<<(a.Bits-1)-1) }

func (a Attention) weights() (query, key, value *program.Matrix) {
	d, g := a.Features, a.KeyHeads*a.width()
	return a.generic(d, d, a.top(), a.Seed, "query"),
		a.generic(g, d, a.top(), a.Seed, "key"),
		a.generic(g, d, a.top(), a.Seed, "value")
}

// inputScale is the real value of one unit of input. weightScale is the real value of one
// unit of weight.
func (a Attention) inputScale() float64  { return unitOf(a.Bits) }
func (a Attention) weightScale() float64 { return 1 / float64(int64(a.Features)*a.top()) }

// outputUnit is the number of units of Σ w·x in one unit of output. With it the range of the
// output is just what the values can reach.
func (a Attention) outputUnit() int64 {
	_, _, value := a.weights()
	most := greatestRow(value)
	if a.Positions.added() {
		most *= 2 // the code that is added to the features is as large as they are
	}
	return max(1, int64(math.RoundToEven(float64(most)*math.Exp2(float64(a.Bits-a.OutputBits)))))
}

// OutputScale returns the real value of one unit of output. It returns NaN if the numbers of
// the head are out of range.
func (a Attention) OutputScale() float64 {
	a = a.defaults()
	if a.check(1) != nil {
		return math.NaN()
	}
	return a.outputScale(a.inputScale())
}

// outputScale is OutputScale for inputs of another scale.
func (a Attention) outputScale(scale float64) float64 {
	if a.Kind == UniqueHard { // a value as it is
		return scale * a.weightScale()
	}
	return float64(a.outputUnit()) * scale * a.weightScale()
}

// Program returns the head for n positions: input "x" [n,d], output "y" [n,d].
func (a Attention) Program(n int) (*program.Program, error) { return sized(a, n) }

// OpenProgram returns the head for every n.
func (a Attention) OpenProgram() (*program.Program, error) { return opened(a) }

func (a Attention) build(n program.Dim) (*program.Program, float64) {
	p, x := sequence(n, a.Features, a.Bits, "attention %v d=%d bits=%d", n, a.Features, a.Bits)
	y, scale := a.append(p, addPositions(p, x, a.Positions, a.Seed, a.inputScale()), a.inputScale(), nil)
	p.Output("y", y)
	return p, scale
}

// append adds the attention to p, without the positions that are added to the features. One
// unit of x is scale. It returns the result and its scale.
//
// The positions come after the positions of the past, and append adds their keys and values to
// the past. A past of nil means that no positions come before or after them.
func (a Attention) append(
	p *program.Program, x program.Value, scale float64, past *memory,
) (program.Value, float64) {
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
	if a.Positions == RotaryPositions {
		r := Rotation{Frequencies: Frequencies(e.Size(), rotaryBase)}
		q, k = Rotary(p, q, r, rotaryBits), Rotary(p, k, r, rotaryBits)
		alpha *= math.Exp2(-2 * rotaryBits)
	}
	p.End()
	out := program.Signed(a.OutputBits)
	c := AttendConfig{
		Kind: a.Kind, Causal: a.Causal, Alpha: alpha, Span: a.span, Levels: a.ExpLevels, Guard: a.guard,
		Unit: a.outputUnit(), Out: out,
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
	return p.Reshape(y, x.Shape(), "side by side"), a.outputScale(scale)
}

// rotaryBits is the precision of sines and cosines. rotaryBase is the base of the frequencies.
// A few bits are enough for generic weights, and they keep the scores small. Trained models
// have finer turns, see package model.
const (
	rotaryBits = 6
	rotaryBase = 10000
)

// Real computes the attention from the textbook formula in float64. The shapes are x [n,d] and
// result [n,d], row-major, in real units. In hard attention, scores that differ by less than
// 10^−9 count as equal.
func (a Attention) Real(x []float64) []float64 {
	a = a.defaults()
	code := positions(a.Positions, len(x)/a.Features, a.Features, a.Seed)
	var rows [][]float64
	for row := range slices.Chunk(x, a.Features) {
		if code != nil {
			row, code = plus(row, code), code[a.Features:]
		}
		rows = append(rows, row)
	}
	return slices.Concat(a.attend(rows)...)
}

// attend is the textbook formula without the positions that are added to the features.
func (a Attention) attend(x [][]float64) [][]float64 {
	query, key, value := a.weights()
	project := func(w *program.Matrix, row []float64) []float64 {
		return times(nil, realMatrix(w, a.weightScale(), 1), row)
	}
	e := a.width()
	turn := func(row []float64, t int) []float64 {
		if a.Positions != RotaryPositions {
			return row
		}
		var y []float64
		for head := range slices.Chunk(row, e) {
			y = append(y, Rotate(head, t, Rotation{Frequencies: Frequencies(e, rotaryBase)})...)
		}
		return y
	}
	var k, v, out [][]float64
	for t, row := range x {
		k, v = append(k, turn(project(key, row), t)), append(v, project(value, row))
	}
	for i, row := range x {
		q := turn(project(query, row), i)
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
func realWeights(kind AttentionKind, scores []float64) []float64 {
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

var attentionFamily = Family{
	Name: "attention", Doc: "attention with its projections",
	Depth: "3 (softmax, as a thermometer code; unique-hard, as a weighted sum), 4 (stable, average-hard)",
	Params: []Param{
		length("positions"),
		number("d", "features", 4),
		number("bits", "bits of an input feature", 3),
		choice("kind", "kind of attention", Softmaxed, AttentionKinds()),
		number("heads", "heads, which share the features", 1),
		number("kv_heads", "heads of keys and values; 0: as heads", 0),
		flag("causal", "1: a position attends to itself and those before it"),
		choice("positions", "kind of positions", NoPositions, PositionKinds()),
		number("exp_levels", "thresholds of the exponential; 0: 2^bits − 1", 0),
		number("out_bits", "bits of an output feature; 0: as bits", 0),
	},
	block: func(a Args) (block, error) {
		m := given[Attention](a)
		return realBlock(m, m.Bits), nil
	},
}
