package model

import (
	"fmt"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
)

// Lengths is a quantised network as a family over the length n of its input, with the
// roundings that were chosen for its own length.
type Lengths struct{ q *Quantised }

// Lengths returns the family of the network over the length of its input. A network whose
// input is no sequence has none: false.
func (q *Quantised) Lengths() (Lengths, bool) {
	return Lengths{q}, q.Model.Config.Input.Length > 0
}

// Least returns the least length: that of the outputs.
func (l Lengths) Least() int { return max(1, l.q.Model.Config.Outputs) }

// Most returns the greatest length; 0 if there is none. Learned positions are a table, of
// a certain length.
func (l Lengths) Most() int {
	if d := l.q.Model.Config.Decoder; d != nil && d.Learned {
		return l.q.Model.Weights[l.q.Model.Config.tensor(positions, 0, "weight")].Shape[0]
	}
	return 0
}

// Program returns the network for inputs of n tokens.
func (l Lengths) Program(n int) (*program.Program, error) {
	if most := l.Most(); n < l.Least() || most > 0 && n > most {
		return nil, fmt.Errorf("model: %s: n=%d is outside the lengths it has, from %d%s", l.q.Model.Config.Name, n, l.Least(), upTo(most))
	}
	return l.program(program.NewDim("n", n))
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
	m := l.q.Model
	z, p, _ := m.build(l.q.Quantisation, l.q.peaks, n, m.Config.Name, m.answer)
	if z.err != nil {
		return nil, z.err
	}
	return p, p.Err()
}
