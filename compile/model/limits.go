package model

import (
	"cmp"
	"math"

	"github.com/tc0lab/tc0/compile"
)

// Limits bound the integers of a quantised network that [Model.Bounds] speaks of. They matter to the weight of circuits
// alone. A field that is 0 has the greatest number that quantisation can give.
type Limits struct {
	Weight      int64 // of the entries of matrices and kernels
	Factor      int64 // of the factors that take the terms of a sum to one unit
	Gain        int64 // of gains and biases of norms, in parts of a unit
	Exponential int   // bits of the weights of scores, of which 6 are after the point
}

// merge fills in the fields that are 0.
func (l Limits) merge(Quantisation) Limits {
	return Limits{
		Weight: cmp.Or(l.Weight, mostInteger), Factor: cmp.Or(l.Factor, mostFactor),
		Gain: cmp.Or(l.Gain, compile.GreatestNorm().Gain), Exponential: cmp.Or(l.Exponential, 52),
	}
}

// widestScores returns a scale and a span with the largest weights. No level of the exponential is idle. The kind of
// softmax depends on the weights of the network. With a span it is one level deeper and has the thresholds of the plain
// one for each pair of scores, not for each score.
func (l Limits) widestScores() (alpha, span float64) {
	span = float64(l.Exponential-6) * math.Ln2 * (1 - 1e-9)
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
