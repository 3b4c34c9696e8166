package blif

import (
	"bytes"
	"fmt"

	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// model is a model of the file. Of the first, which is the circuit, it has the instances only.
type model struct {
	name  string
	ports map[string]bool // by name: whether it is an output, and no input
	order []string        // of the ports
	items []item
	open  bool // an instance of it is being put in its place
}

// item is a definition, a latch or an instance in a model.
type item struct {
	what  int             // a payload, isLatch or isInstance
	names []netlist.Token // the last is what is defined; of a latch the input and the output
	of    string          // an instance: of which model
	bound []string        // and the names of its ports, each as the names has it outside
}

// What an item is that is no definition; below all cells.
const (
	isLatch    = -1 << 40
	isInstance = isLatch - 1
)

// kept copies tokens out of the memory of the line.
func kept(tokens []netlist.Token) []netlist.Token {
	list := make([]netlist.Token, len(tokens))
	for i, t := range tokens {
		list[i] = netlist.Token{Text: bytes.Clone(t.Text), Pos: t.Pos}
	}
	return list
}

func (m *model) add(what int, names []netlist.Token) {
	m.items = append(m.items, item{what: what, names: kept(names)})
}

// model begins a model.
func (f *file) model(word netlist.Token, rest []netlist.Token) error {
	f.part = inModel
	m := &model{ports: map[string]bool{}}
	if f.first == nil {
		f.first, f.at = m, m
		if len(rest) == 1 {
			m.name = string(rest[0].Text)
			f.models[m.name] = m
		}
		return f.Name(rest)
	}
	switch {
	case len(rest) != 1:
		return word.Errorf("a model behind the first has one name")
	case f.models[string(rest[0].Text)] != nil:
		return rest[0].Errorf("is a model already")
	}
	m.name = string(rest[0].Text)
	f.models[m.name], f.at = m, m
	return rest[0].Name()
}

func (f *file) input(t netlist.Token) error {
	if f.at == f.first {
		return f.Input(t)
	}
	return f.port(t, false)
}

func (f *file) output(t netlist.Token) error {
	if f.at == f.first {
		f.Output(t)
		return nil
	}
	return f.port(t, true)
}

// port adds a port to a model behind the first. An output may be there before.
func (f *file) port(t netlist.Token, isOutput bool) error {
	name := string(t.Text)
	was, ok := f.at.ports[name]
	if ok && !was && !isOutput {
		return t.Errorf("is an input of the model already")
	}
	if !ok {
		f.at.order = append(f.at.order, name)
	}
	f.at.ports[name] = isOutput && (was || !ok)
	return nil
}

func (f *file) define(out netlist.Token, in []netlist.Token, payload int) error {
	if payload == isConnection && f.at == f.first {
		f.connections++
	}
	if f.at == f.first {
		return f.Define(out, in, payload)
	}
	f.at.add(payload, append(in[:len(in):len(in)], out))
	return nil
}

// instance reads an instance of a model, which may come later.
func (f *file) instance(rest []netlist.Token) error {
	if len(rest) == 0 {
		return f.End().Errorf("the name of a model is expected here")
	}
	bound, names, err := bindings(rest[1:])
	if err != nil {
		return err
	}
	f.at.items = append(f.at.items, item{
		what: isInstance, names: kept(append(names, rest[0])), of: string(rest[0].Text), bound: bound,
	})
	return nil
}

// bindings reads port=name pairs: the ports, and the names as tokens of their own.
func bindings(pairs []netlist.Token) (ports []string, names []netlist.Token, err error) {
	seen := make(map[string]bool, len(pairs))
	for _, t := range pairs {
		port, name, ok := bytes.Cut(t.Text, []byte("="))
		if !ok || len(port) == 0 || len(name) == 0 {
			return nil, nil, t.Errorf("a port, = and a name are expected here")
		}
		if seen[string(port)] {
			return nil, nil, t.Errorf("the port has a name already")
		}
		seen[string(port)] = true
		t.Text, t.Pos.Col = name, t.Pos.Col+len(port)+1
		if err := t.Name(); err != nil {
			return nil, nil, err
		}
		ports, names = append(ports, string(port)), append(names, t)
	}
	return ports, names, nil
}

// cell reads an instance of a cell of the library.
func (f *file) cell(word netlist.Token, rest []netlist.Token) error {
	switch {
	case f.Library == nil:
		return word.Errorf("is a gate of a cell library, which says what it computes: --library reads one")
	case len(rest) == 0:
		return f.End().Errorf("the name of a cell is expected here")
	}
	n, ok := f.Library.index[string(rest[0].Text)]
	if !ok {
		return rest[0].Errorf("is no cell of the library")
	}
	c := f.Library.cells[n]
	ports, names, err := bindings(rest[1:])
	if err != nil {
		return err
	}
	in, out := make([]netlist.Token, len(c.inputs)), netlist.Token{}
	for i, port := range ports {
		k, isInput := c.pins[port]
		switch {
		case isInput:
			in[k] = names[i]
		case port == c.output:
			out = names[i]
		default:
			return rest[1+i].Errorf("%s is no pin of the cell %s", port, rest[0].Text)
		}
	}
	for k, t := range in {
		if t.Text == nil {
			return rest[0].Errorf("the pin %s of the cell has no name here", c.inputs[k])
		}
	}
	if out.Text == nil {
		return rest[0].Errorf("the pin %s of the cell has no name here", c.output)
	}
	return f.define(out, in, firstCell-n)
}

// Bounds on what instances may become: this many bytes of names in any case, and this many for each
// byte of the file. A few lines could ask for 2^30 gates.
const (
	freeFlat    = 1 << 26
	flatPerByte = 64
	perName     = 64   // a name counts as so many bytes more
	deepest     = 1000 // models in models
)

// flattening puts models in the place of their instances.
type flattening struct {
	*file
	separator           string // in new names; no name of the file has it
	bytes, count, depth int
}

// separators may part the names of an instance from those in it.
const separators = "/:"

// flatten puts the models in the place of the instances in the first.
func (f *file) flatten() error {
	g := &flattening{file: f, separator: " "} // which no name of a file has
	for i, sign := range separators {
		if !f.found[i] {
			g.separator = string(sign)
			break
		}
	}
	f.first.open = true
	for _, it := range f.first.items {
		if err := g.place(it, func(t netlist.Token) netlist.Token { return t }); err != nil {
			return err
		}
	}
	return nil
}

// place puts a model in the place of an instance. Outside is the name in the circuit of a name
// beside the instance.
func (g *flattening) place(it item, outside func(netlist.Token) netlist.Token) error {
	word := it.names[len(it.names)-1]
	m, ok := g.models[it.of]
	switch {
	case !ok:
		return word.Errorf("is no model in this file")
	case m.open:
		return word.Errorf("is an instance of a model in itself")
	case g.depth == deepest:
		return word.Errorf("models in models, more than %d deep", deepest)
	}
	names := make(map[string][]byte, len(it.bound))
	for i, port := range it.bound {
		if _, ok := m.ports[port]; !ok {
			return word.Errorf("the model has no port %s", port)
		}
		names[port] = outside(it.names[i]).Text
	}
	for _, port := range m.order {
		if names[port] == nil && !m.ports[port] {
			return word.Errorf("the input %s of the model has no name here", port)
		}
	}
	g.count++
	prefix := fmt.Sprintf("%s%s%d%s", m.name, g.separator, g.count, g.separator)
	inside := func(t netlist.Token) netlist.Token {
		name, ok := names[string(t.Text)]
		if !ok {
			name = append([]byte(prefix), t.Text...)
		}
		g.bytes += len(name) + perName
		return netlist.Token{Text: name, Pos: t.Pos}
	}
	m.open = true
	g.depth++
	defer func() { m.open = false; g.depth-- }()
	for _, inner := range m.items {
		if g.bytes += perName; g.bytes > freeFlat+flatPerByte*g.size {
			return word.Errorf("the models become too many gates in the place of their instances for a file of this length")
		}
		if err := g.placeItem(inner, inside); err != nil {
			return err
		}
	}
	return nil
}

func (g *flattening) placeItem(it item, inside func(netlist.Token) netlist.Token) error {
	if it.what == isInstance {
		return g.place(it, inside)
	}
	names := make([]netlist.Token, len(it.names))
	for i, t := range it.names {
		names[i] = inside(t)
	}
	last := len(names) - 1
	switch it.what {
	case isLatch:
		return g.Latch(names[0], names[1])
	case isConnection:
		g.connections++
	}
	return g.Define(names[last], names[:last], it.what)
}
