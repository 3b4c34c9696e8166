package bench

import (
	"errors"
	"io"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// What a definition's payload says: a kind of gate, or a constant, or the number of a
// table.
const (
	constFalse = gates.NumKinds + iota
	constTrue
	firstTable
)

// Read reads a .bench file. Every gate is kept as it stands.
//
// Size: a gate for each definition, for a LUT as the package comment says.
// Error: a [*netlist.Error], or that of r.
func Read(r io.Reader) (*netlist.Design, error) {
	f := &file{
		scan: netlist.NewScanner(r, netlist.Lexis{Comment: '#', Signs: "(),="}),
		net:  netlist.New(),
	}
	empty := true
	for {
		line, ok := f.scan.Next()
		if !ok {
			break
		}
		if err := f.statement(line); err != nil {
			return nil, err
		}
		empty = false
	}
	if err := f.scan.Err(); err != nil {
		return nil, err
	}
	if empty {
		return nil, &netlist.Error{Err: errors.New("it has no INPUT, no OUTPUT and no gate")}
	}
	if err := f.implied(); err != nil {
		return nil, err
	}
	b := circuit.NewBuilder()
	b.Keep()
	d, err := f.net.Build(b, func(payload int, in []circuit.Lit, _ netlist.Pos) (circuit.Lit, error) {
		return f.gate(b, payload, in), nil
	})
	if err != nil {
		return nil, err
	}
	d.Comments = f.scan.Comments()
	if err := d.TakePorts(f.scan.CommentLines()); err != nil {
		return nil, err
	}
	return d, nil
}

// file is what is read so far.
type file struct {
	scan   *netlist.Scanner
	net    *netlist.Netlist
	tables []table
}

func (f *file) statement(line []netlist.Token) error {
	switch {
	case len(line) > 1 && line[1].Is("="):
		return f.definition(line)
	case is(line[0], "INPUT"), is(line[0], "OUTPUT"):
		in, err := f.list(line[1:])
		if err != nil {
			return err
		}
		if len(in) != 1 {
			return line[0].Errorf("declares one signal in a line, not %d", len(in))
		}
		if is(line[0], "INPUT") {
			return f.net.Input(in[0])
		}
		return f.net.Output(in[0])
	}
	return line[0].Errorf("INPUT(name), OUTPUT(name) or name = KIND(name, ...) is expected here")
}

func (f *file) definition(line []netlist.Token) error {
	out := line[0]
	if err := name(out); err != nil {
		return err
	}
	if len(line) < 3 {
		return f.scan.End().Errorf("a kind of gate is expected here")
	}
	kind, rest := line[2], line[3:]
	payload, ok := payloadOf(kind)
	switch {
	case !ok && isLatch(kind):
		return kind.Errorf("is a latch: only combinational circuits are read")
	case !ok && !is(kind, "LUT"):
		return kind.Errorf("is no kind of gate here: those are AND, OR, NAND, NOR, XOR, XNOR, NOT, BUFF, LUT, vdd and gnd")
	case ok && payload >= constFalse:
		if len(rest) == 2 && rest[0].Is("(") && rest[1].Is(")") {
			rest = nil
		}
		if len(rest) > 0 {
			return rest[0].Errorf("a constant has no inputs")
		}
		return f.net.Define(out, nil, payload)
	case !ok && len(rest) == 0:
		return f.scan.End().Errorf("the table of the LUT is expected here")
	}
	var digits netlist.Token
	if !ok {
		digits, rest = rest[0], rest[1:]
	}
	in, err := f.list(rest)
	if err != nil {
		return err
	}
	if !ok {
		t, err := newTable(digits, len(in))
		if err != nil {
			return err
		}
		payload = firstTable + len(f.tables)
		f.tables = append(f.tables, t)
	} else if want := gates.Kind(payload).FanIn(); want == 1 && len(in) != want {
		return kind.Errorf("has one input, not %d", len(in))
	}
	return f.net.Define(out, in, payload)
}

// implied defines the constants that the file names as if they were signals.
func (f *file) implied() error {
	for i, name := range []string{"gnd", "vdd"} {
		if t, ok := f.net.Missing(name); ok {
			if err := f.net.Define(t, nil, constFalse+i); err != nil {
				return err
			}
		}
	}
	return nil
}

// list reads names in parentheses up to the end of the line, one at least. It returns them
// in the memory of the tokens.
func (f *file) list(tokens []netlist.Token) ([]netlist.Token, error) {
	names := tokens[:0]
	for i, t := range tokens {
		last := i == len(tokens)-1
		switch {
		case i == 0:
			if !t.Is("(") {
				return nil, t.Errorf(`"(" is expected here`)
			}
		case i%2 == 1:
			if err := name(t); err != nil {
				return nil, err
			}
			names = append(names, t)
		case t.Is(")") && last:
			return names, nil
		case t.Is(")"):
			return nil, tokens[i+1].Errorf("the end of the line is expected here")
		case !t.Is(","):
			return nil, t.Errorf(`"," or ")" is expected here`)
		}
	}
	want := `"," or ")"`
	switch {
	case len(tokens) == 0:
		want = `"("`
	case len(tokens)%2 == 1:
		want = "a name"
	}
	return nil, f.scan.End().Errorf("%s is expected here", want)
}

// name returns an error if t is a sign, or no name for other reasons.
func name(t netlist.Token) error {
	if len(t.Text) == 1 && strings.IndexByte("(),=", t.Text[0]) >= 0 {
		return t.Errorf("a name is expected here")
	}
	return t.Name()
}

// is compares with a word in upper case.
func is(t netlist.Token, word string) bool {
	if len(t.Text) != len(word) {
		return false
	}
	for i, b := range t.Text {
		if upper(b) != word[i] {
			return false
		}
	}
	return true
}

func upper(b byte) byte {
	if b >= 'a' && b <= 'z' {
		b -= 'a' - 'A'
	}
	return b
}

// isLatch reports whether a kind is one of the latches that .bench files have: DFF and
// those that begin like it, such as DFFRSE.
func isLatch(t netlist.Token) bool {
	t.Text = t.Text[:min(len(t.Text), 3)]
	return is(t, "DFF")
}

// payloadOf returns the kind of gate or the constant that a word means.
func payloadOf(t netlist.Token) (int, bool) {
	var buf [6]byte
	if len(t.Text) > len(buf) {
		return 0, false
	}
	for i, b := range t.Text {
		buf[i] = upper(b)
	}
	switch string(buf[:len(t.Text)]) {
	case "AND":
		return int(gates.And), true
	case "OR":
		return int(gates.Or), true
	case "NAND":
		return int(gates.Nand), true
	case "NOR":
		return int(gates.Nor), true
	case "XOR":
		return int(gates.Xor), true
	case "XNOR", "NXOR":
		return int(gates.Xnor), true
	case "NOT", "INV":
		return int(gates.Not), true
	case "BUFF", "BUF":
		return int(gates.Buf), true
	case "GND", "CONST0":
		return constFalse, true
	case "VDD", "CONST1":
		return constTrue, true
	}
	return 0, false
}

func (f *file) gate(b *circuit.Builder, payload int, in []circuit.Lit) circuit.Lit {
	switch {
	case payload == constFalse:
		return circuit.False
	case payload == constTrue:
		return circuit.True
	case payload >= firstTable:
		return f.tables[payload-firstTable].gate(b, in)
	}
	switch gates.Kind(payload) {
	case gates.And:
		return b.And(in...)
	case gates.Or:
		return b.Or(in...)
	case gates.Nand:
		return b.Nand(in...)
	case gates.Nor:
		return b.Nor(in...)
	case gates.Xor:
		return b.Xor(in...)
	case gates.Xnor:
		return b.Xnor(in...)
	case gates.Not:
		return b.Not(in[0])
	}
	return b.Buf(in[0])
}
