package model

import (
	"cmp"
	"math"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
)

// Limits bound the integers of a quantised network that [Model.Bounds] speaks of. They matter to the weight of circuits
// alone. A field that is 0 has the greatest number that quantisation can give.
type Limits struct {
	Weight      int64 // of the entries of matrices and kernels
	Factor      int64 // of the factors that take the terms of a sum to one unit
	Gain        int64 // of gains and biases of norms, in parts of a unit
	Exponential int64 // of the weights of scores; the least weight is 64
}

// greatestLimits are the limits that every quantised network keeps to.
func greatestLimits() Limits {
	return Limits{mostInteger, mostFactor, compile.GreatestNorm().Gain, 1 << 52}
}

// merge fills in the fields that are 0.
func (l Limits) merge(m Limits) Limits {
	return Limits{
		cmp.Or(l.Weight, m.Weight), cmp.Or(l.Factor, m.Factor), cmp.Or(l.Gain, m.Gain),
		cmp.Or(l.Exponential, m.Exponential),
	}
}

// widestScores returns a scale and a span with the largest weights. No level of the exponential is idle. The kind of
// softmax depends on the weights of the network. With a span it is one level deeper and has the thresholds of the plain
// one for each pair of scores, not for each score.
func (l Limits) widestScores() (alpha, span float64) {
	span = math.Log(float64(l.Exponential)/64) * (1 - 1e-9)
	return math.Ldexp(span, -41), span
}

// greatestNorm returns the limits of norms if the weights are not known; else nil.
func (z *quantiser) greatestNorm() *compile.NormLimits {
	if !z.m.unknown {
		return nil
	}
	l := compile.GreatestNorm()
	l.Gain = z.limits.Gain
	return &l
}

// Limits returns the least limits that the network keeps to.
func (q *Quantised) Limits() (l Limits) {
	l = q.limits // factors
	for _, c := range q.Choices {
		switch c.Kind {
		case Weight:
			l.Weight = max(l.Weight, c.Greatest)
		case Residual:
			l.Factor = max(l.Factor, c.Unit)
		}
	}
	for id := range q.Program.Nodes() {
		switch n := &q.Program.Nodes()[id]; n.Op {
		case program.OpRootQuotient:
			for _, of := range [][]int64{n.Arg(0).Arg(0).Data, n.Arg(0).Arg(1).Data, n.Data} {
				for _, v := range of {
					l.Gain = max(l.Gain, v, -v)
				}
			}
		case program.OpStep, program.OpMaxStep:
			if n.Func { // the weights of scores
				l.Exponential = max(l.Exponential, n.Bounds.Hi)
			}
		}
	}
	return l
}
