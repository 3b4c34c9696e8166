package th

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// constant is the name of the constant 1.
const constant = "CONST1"

// isConstant is the payload of the driver of a constant; the payloads of gates are 0 and up.
const isConstant = -1

// Read reads a file of threshold gates. Every gate is kept as it stands.
//
// Size:  one THRESHOLD gate for each gate of the file.
// Error: a [*netlist.Error], or the error of r.
func Read(r io.Reader) (*netlist.Design, error) {
	f := &file{large: map[int]circuit.Int{}}
	f.File = netlist.NewFile(r, netlist.Lexis{Plain: f.plain})
	n := f.Expect(r, bytesPerGate, 3)
	f.first, f.numbers = make([]int, 0, n), make([]byte, 0, 5*n)
	first, ok := f.Line()
	if !ok {
		if err := f.Err(); err != nil {
			return nil, err
		}
		return nil, &netlist.Error{Err: errors.New("the file is empty")}
	}
	if words := bytes.Fields(first); (len(words) == 1 || len(words) == 2) && string(words[0]) == ".model" {
		f.opening = bytes.Clone(first)
		if err := f.line(f.Tokens()); err != nil {
			return nil, err
		}
	} else {
		f.comment(first)
	}
	if err := f.read(); err != nil {
		if reader := f.Err(); reader != nil { // rather than that the file ends too early
			return nil, reader
		}
		return nil, err
	}
	var sum *circuit.Linear // nil before the first gate
	var weights []int64     // scratch: of a gate, and its bound
	return f.Design(func(b *circuit.Builder, payload int, in []circuit.Lit) circuit.Lit {
		if payload == isConstant {
			return circuit.True
		}
		if sum == nil {
			sum = b.Linear()
			b.ExpectSums(len(f.first))
		}
		at := f.first[payload]
		if len(f.large) > 0 {
			return f.exact(b, sum, in, at)
		}
		list, numbers := weights[:0], f.numbers
		for range len(in) + 1 {
			w := int64(-1)
			if code := numbers[at]; code < 0x80 { // as nearly all
				w, at = int64(code>>1)^-int64(code&1), at+1
			} else {
				w, at = number(numbers, at)
			}
			list = append(list, w)
		}
		weights = list
		return b.Weighted(in, list, list[len(in)])
	})
}

// bytesPerGate is about what a gate of three inputs with short names takes.
const bytesPerGate = 46

// comment takes the first line as a comment.
func (f *file) comment(line []byte) {
	for part := range bytes.SplitSeq(line, []byte("\t")) {
		if len(bytes.TrimSpace(part)) > 0 {
			f.Comment(part)
		}
	}
}

// file is the part of the file that is read so far.
type file struct {
	*netlist.File
	opening []byte // the first line, if it was read as a model
	part    part
	numbers []byte              // weights and bound, gate by gate, where they fit, in the code of [number]
	large   map[int]circuit.Int // by place in numbers, those that do not
	first   []int               // where the weights of a gate begin

	waiting bool // the weights of the last gate are in the next line
	inputs  int  // of the last gate
	gateAt  int  // its line
}

// exact makes the gate whose weights begin at a place in numbers, some of which may not fit there.
func (f *file) exact(b *circuit.Builder, sum *circuit.Linear, in []circuit.Lit, at int) circuit.Lit {
	next := func() circuit.Int {
		big, ok := f.large[at]
		var small int64
		if small, at = number(f.numbers, at); ok {
			return big
		}
		return circuit.NewInt(small)
	}
	for _, l := range in {
		sum.AddLit(next(), l)
	}
	return b.Threshold(sum.Sum(), next())
}

// addNumber appends a number to a list of them. Most numbers of a file are small, and take one byte; the others are as
// [binary.AppendVarint] writes them.
func addNumber(list []byte, v int64) []byte {
	if code := uint64(v)<<1 ^ uint64(v>>63); code < 0x80 {
		return append(list, byte(code))
	}
	return binary.AppendVarint(list, v)
}

// number returns the number at a place of a list, and the place behind it.
func number(list []byte, at int) (int64, int) {
	if code := list[at]; code < 0x80 {
		return int64(code>>1) ^ -int64(code&1), at + 1
	}
	v, n := binary.Varint(list[at:])
	return v, at + n
}

// part is the part of the file that the next line may belong to: .input, .output and .threshold
// lines may be followed by others of their kind.
type part uint8

// The parts of a file, in order.
const (
	inModel part = iota
	inInputs
	inOutputs
	inGates
	inNothing // after .end
)

// wanted names the words that must still come in a part.
var wanted = [...]string{inModel: ".model", inInputs: ".input", inOutputs: ".output"}

// read reads everything except the first line.
func (f *file) read() error {
	if err := f.Lines(f.line); err != nil {
		return err
	}
	switch {
	case f.waiting:
		return f.Pos().Errorf("the file ends where the weights of the gate in line %d are expected", f.gateAt)
	case f.part < inGates:
		return f.Pos().Errorf("the file ends where %s is expected", wanted[f.part])
	}
	if t, ok := f.Missing(constant); ok {
		return f.Define(t, nil, isConstant)
	}
	return nil
}

// line reads a statement.
func (f *file) line(line []netlist.Token) error {
	word, rest, part := line[0], line[1:], f.part
	switch {
	case f.waiting:
		return f.weights(line)
	case part == inNothing:
		return word.Errorf("nothing is expected after .end")
	case word.Is(".model") && part == inModel:
		f.part = inInputs
		return f.Name(rest)
	case word.Is(".model") && part == inInputs && f.opening != nil: // so that was a comment
		f.comment(f.opening)
		f.opening = nil
		return f.Name(rest)
	case (word.Is(".input") || word.Is(".inputs")) && (part == inInputs || part == inOutputs):
		f.part = inOutputs
		return netlist.Each(rest, variable, f.Input)
	case (word.Is(".output") || word.Is(".outputs")) && (part == inOutputs || part == inGates && len(f.first) == 0):
		f.part = inGates
		return f.Outputs(rest, variable)
	case word.Is(".threshold") && part == inGates:
		return f.gate(word, rest)
	case word.Is(".end") && part == inGates:
		if len(rest) > 0 {
			return rest[0].Errorf("nothing is expected after .end")
		}
		f.part = inNothing
		return nil
	case part == inModel:
		return word.Errorf(".model is expected here, " +
			"in the first line that is no comment; the first line of a file is one, unless it is .model")
	case part == inGates:
		return word.Errorf(".threshold or .end is expected here")
	}
	return word.Errorf("%s is expected here", wanted[part])
}

// variable returns an error if t is not a name of an input, an output or a gate.
func variable(t netlist.Token) error {
	if t.Is(constant) {
		return t.Errorf("is the constant 1, and no input, output or gate")
	}
	return signal(t)
}

// signal returns an error if t is not a name of a signal.
func signal(t netlist.Token) error {
	if t.Text[0] == '.' {
		return t.Errorf("a name is expected here")
	}
	return t.Name()
}

// gate reads the names of a gate, whose weights are in the next line.
func (f *file) gate(word netlist.Token, names []netlist.Token) error {
	if len(names) == 0 {
		return f.End().Errorf("the name of what the gate drives is expected here")
	}
	in, out := names[:len(names)-1], names[len(names)-1]
	if err := netlist.Each(in, signal); err != nil {
		return err
	}
	if err := variable(out); err != nil {
		return err
	}
	if err := f.Define(out, in, len(f.first)); err != nil {
		return err
	}
	f.begin(len(in), word.Pos.Line)
	return nil
}

// begin begins a gate, whose weights are in the next line.
func (f *file) begin(inputs, line int) {
	netlist.Double(&f.first, 1)
	f.first = append(f.first, len(f.numbers))
	f.waiting, f.inputs, f.gateAt = true, inputs, line
}

// weights reads the weights and the bound of the last gate.
func (f *file) weights(numbers []netlist.Token) error {
	f.waiting = false
	for i, t := range numbers {
		if i > f.inputs {
			return t.Errorf("%d weights and a bound are expected, for the gate in line %d; this is more",
				f.inputs, f.gateAt)
		}
		small, end, ok := shortInt(t.Text, 0)
		if !ok || end < len(t.Text) {
			v, err := circuit.ParseInt(string(t.Text))
			if err != nil {
				return t.Errorf("%s", whyNot(t))
			}
			if small, ok = v.Int64(); !ok {
				f.large[len(f.numbers)] = v
			}
		}
		f.numbers = addNumber(f.numbers, small)
	}
	if len(numbers) <= f.inputs {
		return f.End().Errorf("%d weights and a bound are expected, for the gate in line %d; there are %d numbers",
			f.inputs, f.gateAt, len(numbers))
	}
	return nil
}

// whyNot says what is wrong with a number.
func whyNot(t netlist.Token) string {
	if len(t.Text) > 1 && bytes.IndexByte([]byte("+-"), t.Text[0]) >= 0 {
		t.Text = t.Text[1:]
	}
	if !t.IsDigits() {
		return "an integer is expected here"
	}
	return "more digits than a circuit holds"
}
