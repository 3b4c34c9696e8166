package model

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/brief"
)

// Lengths is a quantised network as a family over the length n of its input. All members have the
// roundings that were chosen for its own length.
type Lengths struct{ q *Quantised }

// Lengths returns the family of the network over the length of its input. It reports false if the
// input is not a sequence: images and vectors have one size.
func (q *Quantised) Lengths() (Lengths, bool) {
	l := Lengths{q}
	return l, l.Grows()
}

// Bounds returns the family over the length for which costs bound those of every set of weights of the model, at the
// given bits and within limits of the integers; the zero limits are those of every network. The model is one of
// [LoadShape]. The family has the program for every length, and no members.
//
// The program has the sizes of the model, the levels of its roundings, and for all numbers that follow from weights,
// scales and calibration their limits; see [Lengths.Assumptions]. Its matrices are not there. How many gates and wires
// there are, and on which levels, follows from sizes and levels alone.
func (m *Model) Bounds(q Quantisation, within Limits) (Lengths, error) {
	if !m.unknown {
		return Lengths{}, fmt.Errorf("model: %s: has its weights; bounds for every set of weights are of a shape",
			m.Config.Name)
	}
	q, err := m.chosen(q)
	return Lengths{&Quantised{
		Model: m, Quantisation: q, Labels: m.Config.Labels, limits: within.merge(greatestLimits()),
	}}, err
}

// Grows reports whether there are lengths: the input is a sequence. An mlp has inputs of one size.
func (l Lengths) Grows() bool { return l.q.Model.Config.Input.Kind == "tokens" }

// OneCode reports whether values have the same codes for all weights under strategies with binary codes. Activations of
// a Mamba and of recurrent networks that are multiplied are binary or not as their jumps are, so no bound is said of
// them.
func (l Lengths) OneCode() bool {
	c := &l.q.Model.Config
	return c.Selective == nil && c.Recurrent == nil
}

// Quantisation returns the bits and levels of the family.
func (l Lengths) Quantisation() Quantisation { return l.q.Quantisation }

// Assumptions says in a line each what is bounded and under which assumptions, for a family of [Model.Bounds].
func (l Lengths) Assumptions() []string {
	q, most := l.q.Quantisation, l.q.limits
	others := ""
	for _, name := range sortedKeys(q.Bits) {
		others += fmt.Sprintf("; %s of %d", name, q.Bits[name])
	}
	return []string{
		fmt.Sprintf("every set of weights of this shape, every calibration and every scale; activations of %d bits, "+
			"residual sums of %d, an exponential of %d thresholds%s", q.ActivationBits, q.ResidualBits, q.ExpLevels, others),
		"no residual is so small beside what is added to it that it is rounded once more, in a stage called coarser: a " +
			"network that has one is not bounded",
		"depth, gates and wires follow from sizes and levels; the bits of weights do not matter to them",
		fmt.Sprintf("the weight takes the limits of each number: entries of matrices up to %d, biases up to %d, factors "+
			"up to %d, units of what attention reads up to %d, weights of scores up to %d, gains of norms up to %d, "+
			"their biases up to %d, ε up to %d, roots up to %d", most.Weight, most.Constant, most.Factor, most.Unit,
			most.Exponential, most.Norm.Gain, most.Norm.Shift, most.Norm.Epsilon, most.Norm.Root),
	}
}

// Least returns the least length: the number of outputs.
func (l Lengths) Least() int { return max(1, l.q.Model.Config.Outputs) }

// Most returns the greatest length, or 0 if any length is possible. Learned positions are a table
// of a certain length, and a window ends.
func (l Lengths) Most() int {
	switch d := l.q.Model.Config.Decoder; {
	case d == nil:
		return 0
	case d.Learned && d.Window > 0:
		return min(d.Positions, d.Window)
	case d.Learned:
		return d.Positions
	default:
		return d.Window
	}
}

// Numbers says what the numbers of the network take for a length.
func (l Lengths) Numbers() compile.Numbers {
	switch d := l.q.Model.Config.Decoder; {
	case d == nil:
		return compile.SameNumbers
	case d.Learned:
		return compile.TableNumbers
	case d.Rotary != nil:
		return compile.Sines
	}
	// What ALiBi adds to a score is a table of distances, which is the same beyond the last of them.
	return compile.SameNumbers
}

// Program returns the network for inputs of n tokens.
func (l Lengths) Program(n int) (*program.Program, error) {
	if l.q.Model.unknown {
		return nil, fmt.Errorf("model: %s: its weights are not known, so it has no circuit", l.q.Model.Config.Name)
	}
	if most := l.Most(); n < l.Least() || most > 0 && n > most {
		return nil, fmt.Errorf("model: %s: n=%d is outside the lengths it has, from %d%s",
			l.q.Model.Config.Name, n, l.Least(), upTo(most))
	}
	return l.program(program.MemberDim("n", n))
}

// Shorter is the network for inputs of n tokens, fewer than it has, of which as large a share of the positions answers.
// Its circuit tells about what that of the network is like, before this is built.
func (q *Quantised) Shorter(n int) (*program.Program, error) {
	m, own := *q.Model, q.Model.Config.Input.Length
	if m.Config.Input.Kind != "tokens" || n < 1 || n > own {
		return nil, fmt.Errorf("model: %s: n=%d is no shorter input of tokens", m.Config.Name, n)
	}
	m.Config.Outputs = (m.Config.Outputs*n + own - 1) / own
	of := *q
	of.Model = &m
	return Lengths{&of}.Program(n)
}

func upTo(most int) string {
	if most == 0 {
		return " on"
	}
	return fmt.Sprintf(" to %d", most)
}

// OpenProgram returns the network for inputs of every length.
func (l Lengths) OpenProgram() (*program.Program, error) {
	return compile.FamilyFunc(func(program.Dim) (*program.Program, error) {
		return l.program(program.OpenDim("n"))
	}).OpenProgram()
}

func (l Lengths) program(n program.Dim) (*program.Program, error) {
	z := l.q.build(n, l.q.Model.Config.Name, l.q.Model.answer)
	return z.p, cmp.Or(z.err, z.p.Err())
}

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
			return l, fmt.Errorf("%s is no limit; known: %s", brief.Quote(name), list(sortedKeys(all)))
		}
		least := int64(1)
		if name == "exp" {
			least = leastExponential
		}
		if *to, err = strconv.ParseInt(value, 10, 64); err != nil || *to < least || *to > *most[name] {
			return l, fmt.Errorf("%s is no number from %d to %d", brief.Quote(part), least, *most[name])
		}
	}
	return l, nil
}
