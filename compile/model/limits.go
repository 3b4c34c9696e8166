package model

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
)

// Limits bound the integers of a quantised network that [Model.Bounds] speaks of. They matter to the weight of circuits
// alone. A field that is 0 has the greatest number that quantisation can give.
type Limits struct {
	Weight      int64              // of the entries of matrices and kernels
	Constant    int64              // of biases
	Factor      int64              // of the factors that take the terms of a sum to one unit
	Unit        int64              // of the units of values in one unit of what attention reads
	Exponential int64              // of the weights of scores; the least weight is 64
	Norm        compile.NormLimits // of all norms
}

// leastExponential is the least limit of weights of scores: they span something.
const leastExponential = 128

// greatestLimits are the limits that every quantised network keeps to.
func greatestLimits() Limits {
	return Limits{mostInteger, mostInteger, mostFactor, mostInteger, 1 << 52, compile.GreatestNorm()}
}

// merge fills in the fields that are 0.
func (l Limits) merge(m Limits) Limits {
	return Limits{
		cmp.Or(l.Weight, m.Weight), cmp.Or(l.Constant, m.Constant), cmp.Or(l.Factor, m.Factor), cmp.Or(l.Unit, m.Unit),
		cmp.Or(l.Exponential, m.Exponential),
		compile.NormLimits{
			Gain: cmp.Or(l.Norm.Gain, m.Norm.Gain), Shift: cmp.Or(l.Norm.Shift, m.Norm.Shift),
			Root: cmp.Or(l.Norm.Root, m.Norm.Root), Epsilon: cmp.Or(l.Norm.Epsilon, m.Norm.Epsilon),
		},
	}
}

// widestScores returns a scale and a span with the largest weights. No level of the exponential is idle. The kind of
// softmax depends on the weights of the network. With a span it is one level deeper and has the thresholds of the plain
// one for each pair of scores, not for each score.
func (l Limits) widestScores() (alpha, span float64) {
	span = math.Log(float64(max(l.Exponential, leastExponential))/64) * (1 - 1e-9)
	return math.Ldexp(span, -41), span
}

// greatestNorm returns the limits of norms if the weights are not known; else nil.
func (z *quantiser) greatestNorm() *compile.NormLimits {
	if !z.m.unknown {
		return nil
	}
	return &z.limits.Norm
}

// Limits returns the least limits that the network keeps to.
func (q *Quantised) Limits() (l Limits) {
	l = q.limits
	for _, c := range q.Choices {
		switch c.Kind {
		case Weight:
			l.Weight = max(l.Weight, c.Greatest)
		case Bias:
			l.Constant = max(l.Constant, c.Greatest)
		case Residual:
			l.Factor = max(l.Factor, c.Unit)
		}
	}
	for id := range q.Program.Nodes() {
		switch n := &q.Program.Nodes()[id]; n.Op {
		case program.OpQuotient: // 2·unit·den
			l.Unit = max(l.Unit, n.Arg(1).Arg(0).Arg(0).Scale, n.Arg(1).Arg(0).Scale, n.Arg(1).Scale/2)
		case program.OpRootQuotient:
			for _, of := range [][]int64{n.Arg(0).Arg(0).Data, n.Arg(0).Arg(1).Data} {
				l.Norm.Gain = max(l.Norm.Gain, greatestOf(of))
			}
			l.Norm.Shift = max(l.Norm.Shift, greatestOf(n.Data))
			l.Norm.Root = max(l.Norm.Root, int64(math.Sqrt(float64(n.Arg(1).Scale))))
			l.Norm.Epsilon = max(l.Norm.Epsilon, n.Arg(1).Offset)
		case program.OpStep, program.OpMaxStep:
			if n.Func { // the weights of scores
				l.Exponential = max(l.Exponential, n.Bounds.Hi)
			}
		}
	}
	return l
}

// greatestOf returns the greatest absolute number of a list.
func greatestOf(list []int64) int64 {
	most := int64(0)
	for _, v := range list {
		most = max(most, v, -v)
	}
	return most
}

// fields are the limits by name.
func (l *Limits) fields() map[string]*int64 {
	return map[string]*int64{
		"weight": &l.Weight, "constant": &l.Constant, "factor": &l.Factor, "unit": &l.Unit, "exp": &l.Exponential,
		"gain": &l.Norm.Gain, "shift": &l.Norm.Shift, "root": &l.Norm.Root, "epsilon": &l.Norm.Epsilon,
	}
}

// ParseLimits reads limits such as "weight=127,gain=100000". The text "" has none.
func ParseLimits(text string) (l Limits, err error) {
	if text == "" {
		return l, nil
	}
	all, greatest := l.fields(), greatestLimits()
	most := greatest.fields()
	for _, part := range strings.Split(text, ",") {
		name, value, _ := strings.Cut(part, "=")
		to := all[name]
		if to == nil {
			return l, fmt.Errorf("%s is no limit; known: %s", quote(name), list(sortedKeys(all)))
		}
		least := int64(1)
		if name == "exp" {
			least = leastExponential
		}
		if *to, err = strconv.ParseInt(value, 10, 64); err != nil || *to < least || *to > *most[name] {
			return l, fmt.Errorf("%s is no number from %d to %d", quote(part), least, *most[name])
		}
	}
	return l, nil
}
