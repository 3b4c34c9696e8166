package handwritten

import (
	"io"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// file is the part of a file that is read so far.
type file struct {
	*netlist.Scanner
	line line
	done bool
	size int64 // bytes of the lines so far, comments apart

	b       *circuit.Builder
	terms   *circuit.Linear // scratch
	lits    []circuit.Lit   // scratch
	names   map[string]meaning
	defines string // what the line at hand defines
	sums    []circuit.Sum
	wide    map[string]int // bits of the input ports whose own name has no meaning
	model   string
	open    []string // stages, outermost first
	ports   [2]map[string]int
	inputs  int
	outputs []output
	signals []signal
	wires   int64
}

// signal is a gate with its name.
type signal struct {
	gate circuit.Gate
	name string
}

// Read reads a circuit. Every gate is kept as it stands.
//
// Size:  a gate for each line of a gate.
// Error: a [*netlist.Error] with line and column, or the error of r.
func Read(r io.Reader) (*netlist.Design, error) {
	b := circuit.NewBuilder()
	b.Keep()
	f := &file{
		Scanner: netlist.NewScanner(r, netlist.Lexis{Comment: '#'}),
		b:       b, terms: b.Linear(), names: map[string]meaning{}, wide: map[string]int{},
		ports: [2]map[string]int{{}, {}},
	}
	err := f.next()
	for err == nil && !f.done {
		if err = f.statement(); err == nil {
			err = f.next()
		}
	}
	if reader := f.Err(); reader != nil { // rather than that a line ends too early
		return nil, reader
	}
	if err != nil {
		return nil, err
	}
	return f.design()
}

// next cuts the next line.
func (f *file) next() (err error) {
	if _, ok := f.Next(); !ok {
		f.done = true
		return f.Err()
	}
	f.line.at = 0
	f.size += int64(len(f.Text())) + 1
	if f.line.tokens, err = cut(f.line.tokens[:0], f.Text(), f.Pos().Line); err != nil {
		return err
	}
	f.line.end = f.End()
	return nil
}

// statement reads the line at hand.
func (f *file) statement() error {
	l, begin := &f.line, f.line.tokens[0]
	f.defines = ""
	if begin.kind == word && (len(l.tokens) == 1 || l.tokens[1].kind != '=') {
		if read := f.reader(begin); read != nil {
			l.at = 1
			if err := read(); err != nil {
				return err
			}
			return l.ended()
		}
		if near := gates.Meant(string(begin.Text), statements); near != "" && len(l.tokens) > 1 {
			return begin.Errorf("begins no line;%s a gate is written NAME = and(a, b)", near)
		}
	}
	if f.isCall() && isCallable(begin) {
		return begin.Errorf("a gate has a name to read it by: NAME = %s(a, b)", strings.ToLower(string(begin.Text)))
	}
	t, err := f.name("the name of a gate, or input, output, sum, stage or model,")
	if err != nil {
		return err
	}
	if err := l.want('='); err != nil {
		return err
	}
	f.defines = string(t.Text)
	if old, ok := f.names[f.defines]; ok {
		return t.Errorf("is defined already, in line %d; every name has one meaning", old.line)
	}
	lit, err := f.gate()
	if err != nil {
		return err
	}
	f.signals = append(f.signals, signal{lit.Gate(), f.defines})
	if err := f.define(t, meaning{lit: lit}); err != nil {
		return err
	}
	return l.ended()
}

// reader returns what reads the line that begins with a word; nil: the word begins no line.
func (f *file) reader(begin token) func() error {
	switch string(begin.Text) {
	case "model":
		return f.readModel
	case "input":
		return f.readInput
	case "output":
		return f.readOutput
	case "stage":
		return f.readStage
	case "sum":
		return f.readSum
	}
	return nil
}

func (f *file) readModel() error {
	t, err := f.name("the name of the circuit")
	f.model = string(t.Text)
	return err
}

// readStage reads the path of the stage that the gates below belong to.
func (f *file) readStage() error {
	var path []string
	for f.line.peek().kind != atEnd {
		if len(path) > 0 && !f.line.accept('/') {
			return f.line.expected(`"/"`)
		}
		t := f.line.peek()
		if !t.isName() {
			return f.line.expected("the name of a stage")
		}
		f.line.at++
		path = append(path, string(t.Text))
	}
	same := 0
	for same < min(len(path), len(f.open)) && path[same] == f.open[same] {
		same++
	}
	for range f.open[same:] {
		f.b.End()
	}
	for _, name := range path[same:] {
		f.b.Begin(name)
	}
	f.open = path
	return nil
}

// readSum reads a sum that the lines below may read.
func (f *file) readSum() error {
	t, err := f.name("the name of a sum")
	if err != nil {
		return err
	}
	if err := f.line.want('='); err != nil {
		return err
	}
	f.defines = string(t.Text)
	sum, err := f.sum()
	if err != nil {
		return err
	}
	f.sums = append(f.sums, sum)
	return f.define(t, meaning{sum: int32(len(f.sums))})
}

// design ends the circuit.
func (f *file) design() (*netlist.Design, error) {
	for range f.open {
		f.b.End()
	}
	for i := range f.outputs {
		if err := f.outputs[i].make(f); err != nil {
			return nil, err
		}
	}
	if f.size == 0 {
		return nil, f.Pos().Errorf("the file has no line; a gate is written NAME = and(a, b)")
	}
	c, err := f.b.Circuit()
	if err != nil {
		return nil, &netlist.Error{Err: err}
	}
	d := &netlist.Design{
		Circuit: c, Name: f.model, Comments: f.Comments(), Signals: make([]string, c.Len()), Wires: f.wires,
	}
	for _, s := range f.signals {
		d.Signals[s.gate] = s.name
	}
	return d, nil
}
