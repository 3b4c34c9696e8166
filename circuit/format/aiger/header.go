package aiger

import (
	"bytes"
	"fmt"
	"math"

	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// header is the first line of a file.
type header struct {
	binary bool
	cut    bool // latches are to be cut

	variables, inputs, latches, outputs, ands uint32
}

// mostVariables is the greatest number of variables in literals of 32 bits.
const mostVariables = math.MaxInt32

// fieldName is the name of a field of a header in messages, and the letter of the symbols for the
// things it counts.
type fieldName struct {
	one, many string
	letter    byte
}

// counts are the fields of a header, in order.
var counts = [...]fieldName{
	{"variable", "variables", 0},
	{"input", "inputs", 'i'},
	{"latch", "latches", 'l'},
	{"output", "outputs", 'o'},
	{"AND gate", "AND gates", 0},
	{"bad-state property", "bad-state properties", 'b'},
	{"invariant constraint", "invariant constraints", 'c'},
	{"justice property", "justice properties", 'j'},
	{"fairness constraint", "fairness constraints", 'f'},
}

// Indices in counts that the reader looks at.
const (
	inputField  = 1
	latchField  = 2
	outputField = 3
	andField    = 4
)

// required is how many fields every header has, M I L O A; the properties B C J F follow.
const required = 5

// header reads the first line.
func (s *source) header() (header, error) {
	var h header
	if !s.line() {
		if s.err != nil {
			return h, s.failed()
		}
		return h, s.here.Errorf("the file is empty")
	}
	kind := s.token(0)
	switch {
	case kind.Is("aag"):
	case kind.Is("aig"):
		h.binary = true
	default:
		return h, kind.Errorf("an AIGER file begins with aag or aig")
	}
	fields := bytes.Count(s.text, []byte{' '})
	if fields < required || fields > len(counts) {
		return h, s.place(len(s.text)).Errorf("the header has %d numbers; there are 5 to 9: M I L O A B C J F", fields)
	}
	var v [len(counts)]uint32
	if err := s.numbersFrom(len(kind.Text)+1, mostVariables, v[:fields]); err != nil {
		return h, err
	}
	h.variables = v[0]
	h.inputs, h.latches, h.outputs, h.ands = v[inputField], v[latchField], v[outputField], v[andField]
	sum := uint64(h.inputs) + uint64(h.latches) + uint64(h.ands)
	switch m := s.field(0); {
	case uint64(h.variables) < sum:
		return h, m.Errorf("fewer variables than the %d of inputs, latches and AND gates", sum)
	case h.binary && uint64(h.variables) > sum:
		return h, m.Errorf("more variables than the %d of inputs, latches and AND gates; the binary form has no gaps",
			sum)
	}
	for i := required; i < fields; i++ {
		if v[i] > 0 {
			return h, s.field(i).
				Errorf("%s: only combinational circuits, of inputs, outputs and AND gates, can be read",
					count(v[i], i))
		}
	}
	return h, nil
}

// field returns a number of the header, which is the line that was read last.
func (s *source) field(i int) netlist.Token {
	offset := 0
	for range i + 1 {
		offset += bytes.IndexByte(s.text[offset:], ' ') + 1
	}
	return s.token(offset)
}

// count writes how many there are of the things that a field counts.
func count(n uint32, field int) string {
	if n == 1 {
		return "1 " + counts[field].one
	}
	return fmt.Sprintf("%d %s", n, counts[field].many)
}
