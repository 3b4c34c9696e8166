package compile

import (
	"fmt"
	"math"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// AttentionKind says how attention gives weights to the positions.
type AttentionKind string

// The kinds of attention.
const (
	Softmaxed   AttentionKind = "softmax"      // weights exp(score)
	Stable      AttentionKind = "stable"       // weights exp(score − greatest score of the row)
	AverageHard AttentionKind = "average-hard" // equal weights on all positions with the greatest score
	UniqueHard  AttentionKind = "unique-hard"  // all weight on the leftmost such position
)

// AttentionKinds returns the kinds of attention.
func AttentionKinds() []AttentionKind {
	return []AttentionKind{Softmaxed, Stable, AverageHard, UniqueHard}
}

// AttendConfig are the numbers of [Attend].
type AttendConfig struct {
	Kind   AttentionKind // "" means softmax
	Causal bool          // a position attends to itself and those before it
	Alpha  float64       // the weights are exp(Alpha·score); hard kinds do not use it
	// Domain is the range of the scores that occur, for softmax. The zero value means the
	// bounds of the scores, cut at ±Span.
	Domain program.Range
	// Alpha·score beyond ±Span counts as ±Span. For stable softmax this holds for the distance
	// to the greatest score. 0 means 8.
	Span   float64
	Levels int // thresholds of the exponential
	// Bias is added to the score of query i and key j of a head; nil for 0. It is from BiasLeast to 0.
	Bias      func(head, i, j int) int64
	BiasLeast int64
	// Cut is for stable softmax: weights beyond the span are 0, and the thresholds are closer where
	// weights are larger, see [program.ExpTail].
	Cut bool
	// Guard is the number of bits after the point of the least weight. 0 means 6: then rounding
	// adds less than 1 % to the error.
	Guard int
	Unit  int64         // units of the values in one unit of output; unique-hard does not divide
	Out   program.Range // range of the output; unique-hard does not clip

	// Weights is the number of thresholds of the exponential as a formula in the program's
	// symbols, at most Levels. It is nil for a plain number.
	Weights *poly.Poly
}

// Attend appends multi-head attention (Vaswani et al. 2017). It is grouped-query attention if
// the keys have fewer heads than the queries (Ainslie et al. 2023): head h of the queries
// reads head ⌊h·g/heads⌋ of the keys and values. The result is Σ_j w_ij·v_j/Σ_j w_ij in units
// of output, rounded, halves up. For unique-hard attention it is v_j of the leftmost j with
// the greatest score. That value counts in units of the values and is not rounded.
//
// Shapes: q [n,heads,e], k [m,g,e], v [m,g,e]; result [n,heads,e]. The scores are
// exact products q·k.
// Depth, with absorption, if the literals of q, k and v are on one level: softmax 3, stable
// and average-hard 4, unique-hard 3.
// Source: softmax and hard attention as in Merrill and Sabharwal (TACL 2023) and Hao,
// Angluin and Frank (TACL 2022). The package comment has the constructions.
func Attend(p *program.Program, q, k, v program.Value, c AttendConfig) program.Value {
	qs, ks, vs := q.Shape(), k.Shape(), v.Shape()
	if len(qs) != 3 || len(ks) != 3 || !ks.Equal(vs) || qs[2].Size() != ks[2].Size() || ks[1].Size() < 1 ||
		qs[1].Size()%ks[1].Size() != 0 || c.Causal && !ks[0].Open() && qs[0].Size() > ks[0].Size() {
		p.Failf(program.OpContract, "attention of queries %v to keys %v and values %v", qs, ks, vs)
		return q
	}
	scores := biased(p, scored(p, q, k), c)
	v = p.Grouped(v, qs[1], "values")
	if c.Kind == UniqueHard {
		p.Begin("maximum")
		var marks program.Value
		if c.Causal {
			marks = p.CausalArgMax(scores, 1, 2)
		} else {
			marks = p.ArgMax(scores, nil)
		}
		p.End()
		p.Begin("select")
		defer p.End()
		return p.Contract("hij,jhe->ihe", marks, v)
	}
	weights := weigh(p, scores, c)
	p.Begin("mix")
	num := p.Contract("hij,jhe->ihe", weights, v)
	p.End()
	return mean(p, num, p.Reduce(weights, scores.Shape()[2].Name), c)
}

// scored returns the products of queries and keys.
func scored(p *program.Program, q, k program.Value) program.Value {
	p.Begin("scores")
	defer p.End()
	return p.Contract("ihe,jhe->hij", q, p.Grouped(k, q.Shape()[1], "keys"))
}

// biased adds the constants of a configuration to the scores.
func biased(p *program.Program, scores program.Value, c AttendConfig) program.Value {
	if c.Bias == nil {
		return scores
	}
	s := scores.Shape()
	return p.Add(scores, p.ConstFunc(s, program.Range{Lo: c.BiasLeast}, func(at int) int64 {
		n, m := s[1].Size(), s[2].Size()
		return c.Bias(at/(n*m), at/m%n, at%m)
	}))
}

// mean returns num/(Unit·den), rounded. The shapes are num [n,heads,e] and den [heads,n], or
// num [n,d] and den [n].
func mean(p *program.Program, num, den program.Value, c AttendConfig) program.Value {
	p.Begin("quotient")
	defer p.End()
	den = p.Affine(c.Unit, den, 0)
	if len(den.Shape()) == 2 {
		den = p.Transpose(den, 1, 0)
	}
	// round(num/den) = ⌊(2·num + den) / (2·den)⌋
	half := p.Broadcast(den, num.Shape()[len(num.Shape())-1])
	return p.Quotient(p.Add(p.Affine(2, num, 0), half), p.Affine(2, den, 0), c.Out)
}

// weigh returns the unnormalised weights of a row of scores, and declares their literals.
func weigh(p *program.Program, scores program.Value, c AttendConfig) program.Value {
	w := unnormalised(p, scores, c)
	if c.Weights != nil {
		p.Literals(p.Unmasked(w), *c.Weights)
	}
	return w
}

func unnormalised(p *program.Program, scores program.Value, c AttendConfig) program.Value {
	fill(&c.Guard, 6)
	fill(&c.Span, 8)
	// A score of ±limit is as far as the exponential goes.
	limit := math.Inf(1)
	if c.Alpha > 0 {
		limit = math.Ceil(c.Span / c.Alpha)
	}
	switch c.Kind {
	case "", Softmaxed:
		p.Begin("exp")
		defer p.End()
		if c.Domain == (program.Range{}) {
			b := scores.Bounds()
			c.Domain = b
			if float64(b.Lo) < -limit && float64(b.Hi) > -limit {
				c.Domain.Lo = -int64(limit)
			}
			if float64(b.Hi) > limit && float64(b.Lo) < limit {
				c.Domain.Hi = int64(limit)
			}
			if c.Domain == b { // no limit cuts the range, so it must be known
				p.Domain(scores, "exp")
			}
		}
		w := p.Step(scores, exp(p, c.Domain, c))
		p.WidenWeight(w, program.ExpMost(c.Alpha, c.Domain, c.Levels, c.Guard))
		if c.Causal {
			w = p.CausalMask(w, 1, 2, 0)
		}
		return w
	case Stable:
		p.Begin("exp")
		defer p.End()
		if c.Cut {
			f, err := program.ExpTail(c.Alpha, c.Span, max(1, c.Levels-1), c.Guard)
			p.Fail(err)
			return maxStep(p, scores, f, f.Apply(0), c.Causal)
		}
		width := limit
		if lo, hi, bounded := scores.Ends(); bounded {
			if d, ok := hi.Sub(lo).Int64(); ok {
				width = math.Min(float64(d), limit)
			}
		}
		if !(width < 1<<53) {
			width = 1 << 53 // Exp refuses it
		}
		domain := program.Range{Lo: -int64(width)}
		most := program.ExpMost(c.Alpha, domain, c.Levels, c.Guard)
		return maxStep(p, scores, exp(p, domain, c), most, c.Causal)
	case AverageHard:
		p.Begin("maximum")
		defer p.End()
		return maxStep(p, scores, program.Staircase{At: []int64{0}, Jump: []int64{1}}, 1, c.Causal)
	}
	p.Fail(oneOf("kind of attention", c.Kind, AttentionKinds()))
	return scores
}

// maxStep returns f of the difference between each score and the greatest score that its
// position sees. No weight is above most at any size.
func maxStep(p *program.Program, scores program.Value, f program.Staircase, most int64, causal bool) program.Value {
	var w program.Value
	if causal {
		w = p.CausalMaxStep(scores, f, 1, 2)
	} else {
		w = p.MaxStep(scores, f, nil)
	}
	p.WidenWeight(w, most)
	return w
}

// exp is [program.Exp]. The program keeps the error.
func exp(p *program.Program, domain program.Range, c AttendConfig) program.Staircase {
	f, err := program.Exp(c.Alpha, domain, c.Levels, c.Guard)
	p.Fail(err)
	return f
}

// SoftmaxConfig are the numbers of a [Softmax] block.
type SoftmaxConfig struct {
	Alpha  float64       // the weights are exp(Alpha·score)
	Domain program.Range // the scores that occur, as far as known; the zero value means their bounds
	Levels int           // thresholds of the exponential, equally spaced over the domain
	Unit   int64         // units of the values in one unit of output
	Out    program.Range // of the output
	// Span is for scores that span too much for one table: if it is not 0, weights are those of
	// stable softmax, and 0 if Alpha·score is more than Span below the greatest of its row.
	Span float64
}

// Softmax appends Σ_j exp(Alpha·s_ij)·v_jf / (Unit·Σ_j exp(Alpha·s_ij)), rounded to the
// nearest integer, halves up, and clipped to Out. A score outside the domain counts as the
// nearer end of the domain.
//
// Shapes: scores s [n,m], values v [m,d]; result [n,d].
// Depth: 2 after the scores if the strategy absorbs and the literals of the values are at
// most as deep as the scores; otherwise 3. A Span costs one more.
// Errors: a [*RangeError] of the program if the scores span more than the
// exponential's 52 bits.
func Softmax(p *program.Program, scores, values program.Value, c SoftmaxConfig) program.Value {
	if len(scores.Shape()) != 2 || len(values.Shape()) != 2 {
		p.Failf(program.OpContract, "softmax of scores %v and values %v; both must have two axes", scores.Shape(),
			values.Shape())
		return scores
	}
	a := AttendConfig{Alpha: c.Alpha, Domain: c.Domain, Levels: c.Levels, Unit: c.Unit, Out: c.Out}
	switch {
	case c.Span != 0:
		a.Kind, a.Span, a.Cut = Stable, c.Span, true
	case a.Domain == (program.Range{}):
		a.Domain = p.Domain(scores, "exp")
	}
	e := weigh(p, scores, a)
	p.Begin("mix")
	num := p.Contract("ij,jf->if", e, values)
	p.End()
	return mean(p, num, p.Reduce(e, scores.Shape()[1].Name), a)
}

// memory is the cache of a decoder: the keys and values of the positions that a causal
// attention has seen. It has one pair for each section of the sequence. The prompt is the
// first section; each later token is a section.
type memory struct {
	keys, values []program.Value
	// open says that the number of tokens is open. Then the second section stands for those of all tokens but the
	// last two, see [program.Stand].
	open bool
}

func (m *memory) len() int {
	if m == nil {
		return 0
	}
	return len(m.keys)
}

func (m *memory) add(k, v program.Value) {
	if m != nil {
		m.keys, m.values = append(m.keys, k), append(m.values, v)
	}
}

// attendAll is softmax [Attend] of one position to all sections of the past. The last section
// is its own. The numerators of the sections add up, and so do the denominators, so the depth
// is the depth of one section. The result is the same as the result of Attend on one tensor
// with all positions, because the exponential of a score is the same everywhere.
//
// Shapes: q [1,heads,e], keys and values [m,g,e] each; result [1,heads,e].
func attendAll(p *program.Program, q program.Value, past *memory, c AttendConfig) program.Value {
	if c.Kind != "" && c.Kind != Softmaxed {
		p.Failf(program.OpContract, "attention of kind %s over several sections: it has to know them all at once",
			c.Kind)
		return q
	}
	c.Causal = false
	var num, den program.Value
	var first []int
	for i, k := range past.keys {
		first = append(first, len(p.Nodes()))
		p.Begin(fmt.Sprintf("section %d", i+1))
		scores := scored(p, q, k)
		weights := weigh(p, scores, c)
		p.Begin("mix")
		over := p.Contract("hij,jhe->ihe", weights, p.Grouped(past.values[i], q.Shape()[1], "values"))
		p.End()
		sum := p.Reduce(weights, scores.Shape()[2].Name)
		if i > 0 {
			over, sum = p.Add(num, over), p.Add(den, sum)
		}
		num, den = over, sum
		p.End()
	}
	if past.open {
		p.Stand(first[1], first[2])
	}
	return mean(p, num, den, c)
}
