package aiger

import (
	"slices"
	"strconv"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// ascii is an ASCII file up to the symbols, as it stands.
type ascii struct {
	inputs  []uint32    // and then the latches
	latches int         // how many
	outputs []uint32    // and then the next values of the latches
	ands    [][3]uint32 // lhs, rhs, rhs
	defined *netlist.Index
	done    []circuit.Gate // by the numbers of defined: which gate it is
}

// The lines of a file are counted from 1, the header.
func (a *ascii) inputLine(i int) int { return 2 + i }
func (a *ascii) andLine(i int) int   { return 2 + len(a.inputs) + len(a.outputs) - a.latches + i }

func (a *ascii) outputLine(i int) int {
	if latch := i - (len(a.outputs) - a.latches); latch >= 0 {
		return a.inputLine(len(a.inputs) - a.latches + latch)
	}
	return 2 + len(a.inputs) + i
}

// readASCII reads an ASCII file up to the symbols.
func (g *graph) readASCII(s *source, h header) error {
	a := &ascii{}
	for i := range h.inputs {
		l, err := s.literal(h.variables, i, h.inputs, inputField)
		if err != nil {
			return err
		}
		if l < 2 || l%2 == 1 {
			return s.token(0).Errorf("an input is a literal that is even and not 0")
		}
		a.inputs = append(a.inputs, l)
	}
	var nexts []uint32
	for i := range h.latches {
		l, next, err := s.latch(i, h)
		if err != nil {
			return err
		}
		a.inputs, nexts = append(a.inputs, l), append(nexts, next)
	}
	outputs, err := s.readOutputs(h)
	if err != nil {
		return err
	}
	a.latches, a.outputs = len(nexts), append(outputs, nexts...)
	for i := range h.ands {
		if !s.line() {
			return s.end("after %d of %s", i, count(h.ands, andField))
		}
		var and [3]uint32
		if err := s.numbers(2*h.variables+1, and[:]); err != nil {
			return err
		}
		if and[0] < 2 || and[0]%2 == 1 {
			return s.token(0).Errorf("the output of a gate is a literal that is even and not 0")
		}
		if n := len(a.ands); n == cap(a.ands) { // doubling, where append would copy much more often
			a.ands = slices.Grow(a.ands, max(n, firstGates))
		}
		a.ands = append(a.ands, and)
	}
	if err := a.define(h.variables); err != nil {
		return err
	}
	order, err := a.order()
	if err != nil {
		return err
	}
	return g.take(a, order)
}

// define finds out what each variable is: inputs count from 1 on, AND gates after them, and 0 is an
// unused variable.
func (a *ascii) define(variables uint32) error {
	a.defined = netlist.NewIndex(variables, len(a.inputs)+len(a.ands))
	n := uint32(0)
	set := func(l uint32, line int) error {
		n++
		if old := a.defined.Of(l / 2); old != 0 {
			first := a.inputLine(int(old) - 1)
			if k := int(old) - 1 - len(a.inputs); k >= 0 {
				first = a.andLine(k)
			}
			return at(line, 1, l).Errorf("is defined already, in line %d", first)
		}
		a.defined.Set(l/2, n)
		return nil
	}
	for i, l := range a.inputs {
		if err := set(l, a.inputLine(i)); err != nil {
			return err
		}
	}
	for i := range a.ands {
		if err := set(a.ands[i][0], a.andLine(i)); err != nil {
			return err
		}
	}
	return nil
}

// at is a literal in a file.
func at(line, col int, l uint32) netlist.Token {
	return netlist.Token{Text: strconv.AppendUint(nil, uint64(l), 10), Pos: netlist.Pos{Line: line, Col: col}}
}

// order returns the AND gates so that each comes after those that it reads, otherwise as
// in the file.
func (a *ascii) order() ([]int32, error) {
	for i, and := range a.ands {
		for k, l := range and[1:] {
			if l >= 2 && a.defined.Of(l/2) == 0 {
				return nil, a.input(int32(i), 1+k).Errorf("is read and never defined")
			}
		}
	}
	return netlist.Order(len(a.ands), func(i int32, k int) (int32, bool) {
		if k == 2 {
			return 0, false
		}
		n := a.defined.Of(a.ands[i][1+k] / 2)
		return int32(n) - 1 - int32(len(a.inputs)), true
	}, func(i int32) netlist.Token { return at(a.andLine(int(i)), 1, a.ands[i][0]) })
}

// input returns an input of gate i as it stands in the file, where numbers do not have leading
// zeros and one space stands between them.
func (a *ascii) input(i int32, side int) netlist.Token {
	col := 1
	for _, l := range a.ands[i][:side] {
		col += len(strconv.Itoa(int(l))) + 1
	}
	return at(a.andLine(int(i)), col, a.ands[i][side])
}

// take puts the gates of a in the given order.
func (g *graph) take(a *ascii, order []int32) error {
	g.inputs = len(a.inputs)
	a.done = make([]circuit.Gate, 1+len(a.inputs)+len(a.ands))
	for i := range a.inputs {
		a.done[1+i] = circuit.Gate(1 + i)
	}
	for place, i := range order {
		a.done[1+len(a.inputs)+int(i)] = circuit.Gate(1 + len(a.inputs) + place)
	}
	ands := make([][2]circuit.Lit, len(order))
	for place, i := range order {
		for k := range 2 {
			ands[place][k] = a.lit(a.ands[i][1+k])
		}
	}
	g.size, g.ands = len(ands), append(g.ands, ands)
	for i, l := range a.outputs {
		if l >= 2 && a.defined.Of(l/2) == 0 {
			col := 1
			if latch := i - (len(a.outputs) - a.latches); latch >= 0 { // behind its own literal
				col += len(strconv.Itoa(int(a.inputs[len(a.inputs)-a.latches+latch]))) + 1
			}
			return at(a.outputLine(i), col, l).Errorf("is an output and never defined")
		}
		g.outputs = append(g.outputs, a.lit(l))
	}
	return nil
}

// lit returns the literal of the circuit for a literal of the file.
func (a *ascii) lit(l uint32) circuit.Lit {
	return a.done[a.defined.Of(l/2)].Lit().NotIf(l%2 == 1)
}
