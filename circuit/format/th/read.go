package th

import (
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// constant is the name of the constant 1.
const constant = "CONST1"

// isConstant is the payload of what drives it; those of gates are 0 and up.
const isConstant = -1

// Read reads a file of threshold gates. Every gate is kept as it stands.
//
// Size: one THRESHOLD gate for each gate of the file.
// Error: a [*netlist.Error], or that of r.
func Read(r io.Reader) (*netlist.Design, error) {
	f := &file{scan: netlist.NewScanner(r, netlist.Lexis{}), net: netlist.New()}
	first, ok := f.scan.Line()
	if !ok {
		if err := f.scan.Err(); err != nil {
			return nil, err
		}
		return nil, &netlist.Error{Err: errors.New("the file is empty")}
	}
	comments := commentsOf(string(first))
	if err := f.read(); err != nil {
		if reader := f.scan.Err(); reader != nil { // rather than that the file ends too early
			return nil, reader
		}
		return nil, err
	}
	b := circuit.NewBuilder()
	b.Keep()
	sum := b.Linear()
	d, err := f.net.Build(b, func(payload int, in []circuit.Lit, _ netlist.Pos) (circuit.Lit, error) {
		if payload == isConstant {
			return circuit.True, nil
		}
		numbers := f.numbers[f.first[payload]:]
		for i, l := range in {
			sum.AddLit(numbers[i], l)
		}
		return b.Threshold(sum.Sum(), numbers[len(in)]), nil
	})
	if err != nil {
		return nil, err
	}
	d.Name, d.Comments = f.name, comments
	if err := d.TakePorts(slices.Repeat([]int{1}, len(comments))); err != nil {
		return nil, err
	}
	return d, nil
}

// commentsOf divides the first line.
func commentsOf(line string) []string {
	var comments []string
	for part := range strings.SplitSeq(line, "\t") {
		if part = strings.TrimSpace(part); part != "" {
			comments = append(comments, part)
		}
	}
	return comments
}

// file is what is read so far.
type file struct {
	scan    *netlist.Scanner
	net     *netlist.Netlist
	name    string
	numbers []circuit.Int // weights and bound, gate by gate
	first   []int         // where those of a gate begin
}

// The parts of a file, in order.
const (
	inModel = iota
	inInputs
	inOutputs
	inGates
	inNothing // after .end
)

// read reads all but the first line.
func (f *file) read() error {
	part := inModel
	for {
		line, ok := f.scan.Next()
		if !ok {
			break
		}
		next, err := f.line(line, part)
		if err != nil {
			return err
		}
		part = next
	}
	if err := f.scan.Err(); err != nil {
		return err
	}
	if want := wanted(part); want != "" {
		return f.scan.Pos().Errorf("the file ends where %s is expected", want)
	}
	if t, ok := f.net.Missing(constant); ok {
		return f.net.Define(t, nil, isConstant)
	}
	return nil
}

// wanted says what must still come, if anything.
func wanted(part int) string {
	switch part {
	case inModel:
		return ".model"
	case inInputs:
		return ".input"
	case inOutputs:
		return ".output"
	}
	return ""
}

// line reads a statement. The part of the file is one that the next line may belong to:
// .input, .output and .threshold lines may be followed by others of their kind.
func (f *file) line(line []netlist.Token, part int) (int, error) {
	word, rest := line[0], line[1:]
	switch {
	case part == inNothing:
		return 0, word.Errorf("nothing is expected after .end")
	case word.Is(".model") && part == inModel:
		if len(rest) > 1 {
			return 0, rest[1].Errorf("a model has one name")
		}
		for _, t := range rest {
			if err := t.Name(); err != nil {
				return 0, err
			}
			f.name = string(t.Text)
		}
		return inInputs, nil
	case (word.Is(".input") || word.Is(".inputs")) && (part == inInputs || part == inOutputs):
		return inOutputs, f.ports(rest, f.net.Input)
	case (word.Is(".output") || word.Is(".outputs")) && (part == inOutputs || part == inGates && len(f.first) == 0):
		return inGates, f.ports(rest, f.net.Output)
	case word.Is(".threshold") && part == inGates:
		return inGates, f.gate(word, rest)
	case word.Is(".end") && part == inGates:
		if len(rest) > 0 {
			return 0, rest[0].Errorf("nothing is expected after .end")
		}
		return inNothing, nil
	case part == inModel:
		return 0, word.Errorf(".model is expected here, in the first line that is no comment; the first line of a file is one")
	case part == inGates:
		return 0, word.Errorf(".threshold or .end is expected here")
	}
	return 0, word.Errorf("%s is expected here", wanted(part))
}

func (f *file) ports(names []netlist.Token, declare func(netlist.Token) error) error {
	for _, t := range names {
		if err := variable(t); err != nil {
			return err
		}
		if err := declare(t); err != nil {
			return err
		}
	}
	return nil
}

// variable returns an error if t is no name of an input, an output or a gate.
func variable(t netlist.Token) error {
	if t.Is(constant) {
		return t.Errorf("is the constant 1, and no input, output or gate")
	}
	return signal(t)
}

// signal returns an error if t is no name of a signal.
func signal(t netlist.Token) error {
	if t.Text[0] == '.' {
		return t.Errorf("a name is expected here")
	}
	return t.Name()
}

// gate reads the names of a gate and the line of its weights.
func (f *file) gate(word netlist.Token, names []netlist.Token) error {
	if len(names) == 0 {
		return f.scan.End().Errorf("the name of what the gate drives is expected here")
	}
	in, out := names[:len(names)-1], names[len(names)-1]
	for _, t := range in {
		if err := signal(t); err != nil {
			return err
		}
	}
	if err := variable(out); err != nil {
		return err
	}
	if err := f.net.Define(out, in, len(f.first)); err != nil {
		return err
	}
	inputs, where := len(in), word.Pos
	numbers, ok := f.scan.Next() // the names are gone from here on
	if !ok {
		return f.scan.Pos().Errorf("the file ends where the weights of the gate in line %d are expected", where.Line)
	}
	f.first = append(f.first, len(f.numbers))
	for i, t := range numbers {
		if i > inputs {
			return t.Errorf("%d weights and a bound are expected, for the gate in line %d; this is more", inputs, where.Line)
		}
		v, err := circuit.ParseInt(string(t.Text))
		if err != nil {
			return t.Errorf("%s", whyNot(t))
		}
		f.numbers = append(f.numbers, v)
	}
	if len(numbers) <= inputs {
		return f.scan.End().Errorf("%d weights and a bound are expected, for the gate in line %d; there are %d numbers", inputs, where.Line, len(numbers))
	}
	return nil
}

// whyNot says what is wrong with a number.
func whyNot(t netlist.Token) string {
	for i, b := range t.Text {
		if sign := b == '-' || b == '+'; (b < '0' || b > '9') && (!sign || i > 0 || len(t.Text) == 1) {
			return "an integer is expected here"
		}
	}
	return "more digits than a circuit holds"
}
