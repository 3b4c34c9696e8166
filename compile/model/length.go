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
