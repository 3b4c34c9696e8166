package model

import (
	"cmp"
	"fmt"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
)

// Lengths is a quantised network as a family over the length n of its input. All members have the
// roundings that were chosen for its own length.
type Lengths struct{ q *Quantised }

// Lengths returns the family of the network over the length of its input. It reports false if the
// input is not a sequence.
func (q *Quantised) Lengths() (Lengths, bool) {
	return Lengths{q}, q.Model.Config.Input.Length > 0
}

// Bounds returns the family over the length for which costs bound those of every set of weights of the model, at the
// given bits and within limits of the integers; the zero limits are those of every network. The model is one of [LoadShape]. The family has the program for every length, and no members.
//
// The program has the sizes of the model, the levels of its roundings, and for all numbers that follow from weights,
// scales and calibration their limits; see [Lengths.Assumptions]. Its matrices
// are not there. How many gates and wires there are, and on which levels, follows from sizes and levels alone.
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

// Grows reports whether there are lengths. An mlp has inputs of one size.
func (l Lengths) Grows() bool { return l.q.Model.Config.Input.Kind == "tokens" }

// OneCode reports whether values have the same codes for all weights under strategies with binary codes. Activations of a
// Mamba and of recurrent networks that are multiplied are binary or not as their jumps are, so no bound is said of them.
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
