package bristol

import (
	"math"

	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// header is the part of a file in front of the gates.
type header struct {
	gates, wires    int
	inputs, outputs []value
}

// value is an input or output of several wires.
type value struct {
	width int
	at    netlist.Pos
}

// total returns how many wires the values have.
func total(values []value) int {
	n := 0
	for _, v := range values {
		n += v.width
	}
	return n
}

// most is the greatest number that makes sense: the most wires that a circuit can have.
const most = math.MaxInt32

// header reads everything up to the gates, and the first of them.
func (r *reader) header() (*header, error) {
	counts, err := r.values("the numbers of gates and wires")
	if err != nil {
		return nil, err
	}
	if len(counts) != 2 {
		return nil, r.s.Pos().Errorf("%d numbers instead of 2: of gates and of wires", len(counts))
	}
	h := &header{gates: counts[0].width, wires: counts[1].width}
	second, err := r.values("the widths of the inputs")
	if err != nil {
		return nil, err
	}
	line := r.s.Pos()
	tokens, ok := r.s.Next()
	if !ok {
		return nil, r.end("before the widths of the outputs")
	}
	if old := !tokens[len(tokens)-1].IsDigits(); old && len(second) == 3 {
		h.inputs, h.outputs = second[:2], second[2:]
		if second[1].width == 0 {
			h.inputs = second[:1]
		}
		r.ahead = tokens
	} else {
		third, err := numbers(tokens)
		if err != nil {
			return nil, err
		}
		if h.inputs, err = take(second, "input", line); err != nil {
			return nil, err
		}
		if h.outputs, err = take(third, "output", r.s.Pos()); err != nil {
			return nil, err
		}
	}
	for _, side := range []struct {
		name   string
		values []value
	}{{"inputs", h.inputs}, {"outputs", h.outputs}} {
		if n := total(side.values); n > h.wires {
			return nil, side.values[0].at.Errorf("the %s have %d wires, and there are %d", side.name, n, h.wires)
		}
	}
	return h, nil
}

// values reads a line of numbers.
func (r *reader) values(what string) ([]value, error) {
	tokens, ok := r.s.Next()
	if !ok {
		return nil, r.end("before " + what)
	}
	return numbers(tokens)
}

func numbers(tokens []netlist.Token) ([]value, error) {
	list := make([]value, len(tokens))
	for i, t := range tokens {
		n, err := t.Int(most)
		if err != nil {
			return nil, err
		}
		list[i] = value{n, t.Pos}
	}
	return list, nil
}

// take returns the values behind their number.
func take(list []value, side string, line netlist.Pos) ([]value, error) {
	if n := list[0].width; n != len(list)-1 {
		return nil, line.Errorf("%d %s values, and %d widths", n, side, len(list)-1)
	}
	return list[1:], nil
}
