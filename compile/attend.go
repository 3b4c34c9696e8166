package compile

import (
	"math"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// The kinds of attention.
const (
	Softmaxed   = "softmax"      // weights exp(score)
	Stable      = "stable"       // weights exp(score − greatest score of the row)
	AverageHard = "average-hard" // equal weights on all positions with the greatest score
	UniqueHard  = "unique-hard"  // all weight on the leftmost of them
)

// AttentionKinds returns the kinds of attention.
func AttentionKinds() []string { return []string{Softmaxed, Stable, AverageHard, UniqueHard} }

// AttendConfig are the numbers of [Attend].
type AttendConfig struct {
	Kind   string        // one of AttentionKinds; "" means softmax
	Causal bool          // a position attends to itself and those before it
	Alpha  float64       // the weights are exp(Alpha·score); hard kinds do not use it
	Domain program.Range // softmax: the scores that occur, as far as known; zero means their bounds, as far as Span goes
	Span   float64       // Alpha·score beyond ±Span counts as Span, for stable softmax the distance to the greatest; 0 means 8
	Levels int           // thresholds of the exponential
	Guard  int           // bits by which the least weight is finer than 1; 0 means 6: rounding adds less than 1 % to the error
	Unit   int64         // units of the values in one unit of output; unique-hard does not divide
	Out    program.Range // of the output; unique-hard does not clip

	// Weights is the number of thresholds of the exponential in the program's symbols, for
	// formulas; nil for a plain number. It is Levels at most.
	Weights *poly.Poly
}

// Attend appends multi-head attention (Vaswani et al. 2017), grouped-query if there
// are fewer heads of keys than of queries (Ainslie et al. 2023): head h of h heads
// reads head ⌊h·g/heads⌋ of the keys and values. The result is Σ_j w_ij·v_j/Σ_j w_ij
// in units of output, rounded, halves up; for unique-hard attention it is v_j of the
// leftmost j with the greatest score, in units of the values and unrounded.
//
// Shapes: q [n,heads,e], k [m,g,e], v [m,g,e]; result [n,heads,e]. The scores are
// exact products q·k.
// Depth, from the literals of q, k and v on one level, with absorption: softmax 3,
// stable and average-hard 4, unique-hard 3.
// Source: softmax and hard attention as in Merrill and Sabharwal (TACL 2023) and Hao,
// Angluin and Frank (TACL 2022); the constructions are in the package's comment.
func Attend(p *program.Program, q, k, v program.Value, c AttendConfig) program.Value {
	qs, ks, vs := q.Shape(), k.Shape(), v.Shape()
	if len(qs) != 3 || len(ks) != 3 || !ks.Equal(vs) || qs[2].Size() != ks[2].Size() || ks[1].Size() < 1 || qs[1].Size()%ks[1].Size() != 0 || c.Causal && !ks[0].Open() && qs[0].Size() > ks[0].Size() {
		p.Failf(program.OpContract, "attention of queries %v to keys %v and values %v", qs, ks, vs)
		return q
	}
	p.Begin("scores")
	scores := p.Contract("ihe,jhe->hij", q, p.Grouped(k, qs[1], "keys"))
	p.End()
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
	if c.Weights != nil {
		p.Literals(p.Unmasked(weights), *c.Weights)
	}
	p.Begin("mix")
	num := p.Contract("hij,jhe->ihe", weights, v)
	p.End()
	return mean(p, num, p.Reduce(weights, scores.Shape()[2].Name), c)
}

// mean returns num/(Unit·den), rounded: num is [n,heads,e], den [heads,n].
func mean(p *program.Program, num, den program.Value, c AttendConfig) program.Value {
	p.Begin("quotient")
	defer p.End()
	den = p.Transpose(p.Affine(c.Unit, den, 0), 1, 0)
	// round(num/den) = ⌊(2·num + den) / (2·den)⌋
	half := p.Broadcast(den, num.Shape()[2])
	return p.Quotient(p.Add(p.Affine(2, num, 0), half), p.Affine(2, den, 0), c.Out)
}

// weigh returns the unnormalised weights of a row of scores.
func weigh(p *program.Program, scores program.Value, c AttendConfig) program.Value {
	guard := c.Guard
	if guard == 0 {
		guard = 6
	}
	if c.Span == 0 {
		c.Span = 8
	}
	// A score of ±limit is as far as the exponential goes.
	b, limit := scores.Bounds(), math.Inf(1)
	if c.Alpha > 0 {
		limit = math.Ceil(c.Span / c.Alpha)
	}
	switch c.Kind {
	case "", Softmaxed:
		p.Begin("exp")
		defer p.End()
		if c.Domain == (program.Range{}) {
			c.Domain = b
			if float64(b.Lo) < -limit && float64(b.Hi) > -limit {
				c.Domain.Lo = -int64(limit)
			}
			if float64(b.Hi) > limit && float64(b.Lo) < limit {
				c.Domain.Hi = int64(limit)
			}
		}
		w := p.Step(scores, exp(p, c.Alpha, c.Domain, c.Levels, guard))
		p.WidenWeight(w)
		if c.Causal {
			w = p.CausalMask(w, 1, 2, 0)
		}
		return w
	case Stable:
		p.Begin("exp")
		defer p.End()
		width := math.Min(float64(b.Hi)-float64(b.Lo), limit)
		if !(width < 1<<53) {
			width = 1 << 53 // Exp refuses it
		}
		return maxStep(p, scores, exp(p, c.Alpha, program.Range{Lo: -int64(width), Hi: 0}, c.Levels, guard), c.Causal)
	case AverageHard:
		p.Begin("maximum")
		defer p.End()
		return maxStep(p, scores, program.Staircase{At: []int64{0}, Jump: []int64{1}}, c.Causal)
	}
	p.Fail(&UnknownError{"kind of attention", c.Kind, AttentionKinds()})
	return scores
}

// maxStep returns a function of each score less the greatest that its position sees.
func maxStep(p *program.Program, scores program.Value, f program.Staircase, causal bool) program.Value {
	var w program.Value
	if causal {
		w = p.CausalMaxStep(scores, f, 1, 2)
	} else {
		w = p.MaxStep(scores, f, nil)
	}
	p.WidenWeight(w)
	return w
}

// exp is [Exp] with the error left to the program.
func exp(p *program.Program, alpha float64, domain program.Range, levels, guard int) program.Staircase {
	f, err := program.Exp(alpha, domain, levels, guard)
	p.Fail(err)
	return f
}
