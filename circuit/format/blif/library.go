package blif

import (
	"errors"
	"io"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// Library is a library of cells in the genlib format of SIS, which says what the gates compute that
// .gate names. Read-only once it is read.
type Library struct {
	cells []*cell
	index map[string]int // by name of the cell
}

// cell is a gate of a library.
type cell struct {
	output string
	inputs []string       // in the order in which the function names them
	pins   map[string]int // by name, which input
	value  *expr
}

// expr is a function of the inputs of a cell: an input, or a gate of others.
type expr struct {
	op   byte // '*', '+', '^', or 'x' for an input, or '0' for the constant
	not  bool // it is the complement of that
	pin  int
	args []*expr
}

// deepestExpr is how many parentheses of a function may be open.
const deepestExpr = 1000

// ReadLibrary reads a library of gates.
//
//	cell = "GATE" name area output "=" function ";" { pins }
//
// A function has the operators ! and ' (complement, before and behind), * and & and none (and), ^
// (exclusive or), + and | (or), in this order, parentheses, and CONST0 and CONST1. Areas and pins,
// which tell of time, are read over. A LATCH is read over, too: a file that names it is refused.
//
// Error: a [*netlist.Error], or the error of r.
func ReadLibrary(r io.Reader) (*Library, error) {
	p := &libraryReader{
		s:   netlist.NewScanner(r, netlist.Lexis{Comment: '#', Signs: ";=()!'*&^+|", Continue: true}),
		lib: &Library{index: map[string]int{}},
	}
	for p.next(); p.err == nil && !p.ended; {
		if !p.at.Is("GATE") {
			p.next() // of pins and latches
			continue
		}
		p.next()
		p.cell()
	}
	if p.err == nil && len(p.lib.cells) == 0 {
		p.fail(&netlist.Error{Err: errors.New("there is no GATE in it")})
	}
	return p.lib, p.err
}

// libraryReader reads a library token by token.
type libraryReader struct {
	s     *netlist.Scanner
	line  []netlist.Token // what is left of the line
	at    netlist.Token   // the token to be read
	ended bool
	err   error // the first
	lib   *Library
	cur   *cell
	depth int
}

func (p *libraryReader) fail(err error) *expr {
	if p.err == nil {
		p.err = err
	}
	return &expr{op: '0'}
}

// next reads a token.
func (p *libraryReader) next() {
	if len(p.line) == 0 {
		var ok bool
		if p.line, ok = p.s.Next(); !ok {
			p.ended, p.at = true, netlist.Token{Pos: p.s.Pos()}
			if err := p.s.Err(); err != nil {
				p.fail(err)
			}
			return
		}
	}
	p.at, p.line = p.line[0], p.line[1:]
}

// take reads a sign if it is there.
func (p *libraryReader) take(signs ...string) bool {
	for _, sign := range signs {
		if p.at.Is(sign) {
			p.next()
			return true
		}
	}
	return false
}

// word reads a token that is no sign.
func (p *libraryReader) word(what string) string {
	if !p.atWord() {
		p.fail(p.at.Errorf("%s is expected here", what))
		return ""
	}
	text := string(p.at.Text)
	if err := p.at.Name(); err != nil {
		p.fail(err)
	}
	p.next()
	return text
}

func (p *libraryReader) atWord() bool {
	return !p.ended && !(len(p.at.Text) == 1 && isOperator(p.at.Text[0]))
}

func isOperator(b byte) bool {
	switch b {
	case ';', '=', '(', ')', '!', '\'', '*', '&', '^', '+', '|':
		return true
	}
	return false
}

// cell reads a gate, from its name on.
func (p *libraryReader) cell() {
	at := p.at
	at.Text = append([]byte(nil), at.Text...)
	name := trimQuotes(p.word("the name of the gate"))
	p.word("the area of the gate")
	c := &cell{output: p.word("the output of the gate"), pins: map[string]int{}}
	p.cur = c
	if !p.take("=") {
		p.fail(p.at.Errorf(`"=" is expected here`))
	}
	c.value = p.or()
	if p.err == nil && !p.at.Is(";") {
		p.fail(p.at.Errorf(`an operator or ";" is expected here`))
	}
	if _, ok := p.lib.index[name]; ok {
		p.fail(at.Errorf("is a gate of the library already, or a second output of one, which is not read"))
	}
	p.lib.index[name] = len(p.lib.cells)
	p.lib.cells = append(p.lib.cells, c)
}

func trimQuotes(name string) string {
	if len(name) > 2 && name[0] == '"' && name[len(name)-1] == '"' {
		return name[1 : len(name)-1]
	}
	return name
}

// or, xor and and read what their operators join.
func (p *libraryReader) or() *expr {
	return p.joined('+', p.xor, func() bool { return p.take("+", "|") })
}

func (p *libraryReader) xor() *expr {
	return p.joined('^', p.and, func() bool { return p.take("^") })
}

func (p *libraryReader) and() *expr {
	return p.joined('*', p.factor, func() bool {
		return p.take("*", "&") || p.err == nil && (p.atWord() || p.at.Is("(") || p.at.Is("!"))
	})
}

func (p *libraryReader) joined(op byte, part func() *expr, more func() bool) *expr {
	first := part()
	if p.err != nil || !more() {
		return first
	}
	e := &expr{op: op, args: []*expr{first, part()}}
	for p.err == nil && more() {
		e.args = append(e.args, part())
	}
	return e
}

// factor reads an input, a constant, or something in parentheses, with its complements.
func (p *libraryReader) factor() *expr {
	not := false
	for p.take("!") {
		not = !not
	}
	var e *expr
	switch {
	case p.err != nil:
		return p.fail(p.err)
	case p.at.Is("("):
		if p.depth++; p.depth > deepestExpr {
			return p.fail(p.at.Errorf("more than %d parentheses are open", deepestExpr))
		}
		p.next()
		e = p.or()
		p.depth--
		if !p.take(")") {
			return p.fail(p.at.Errorf(`an operator or ")" is expected here`))
		}
	case !p.atWord():
		return p.fail(p.at.Errorf("an input of the gate is expected here"))
	default:
		e = p.input()
	}
	for p.take("'") {
		not = !not
	}
	e.not = e.not != not
	return e
}

// input reads an input or a constant.
func (p *libraryReader) input() *expr {
	switch name := p.word("an input"); name {
	case "CONST0", "0":
		return &expr{op: '0'}
	case "CONST1", "1":
		return &expr{op: '0', not: true}
	default:
		k, ok := p.cur.pins[name]
		if !ok {
			k = len(p.cur.inputs)
			p.cur.inputs = append(p.cur.inputs, name)
			p.cur.pins[name] = k
		}
		return &expr{op: 'x', pin: k}
	}
}

// gate makes the gates of a cell: one for each operator, and a NOT or BUF if there is none.
func (c *cell) gate(b *circuit.Builder, in []circuit.Lit) circuit.Lit {
	if c.value.op == 'x' {
		return disjunction(b, []circuit.Lit{c.value.lit(b, in)}, false)
	}
	return c.value.lit(b, in)
}

// lit makes the gates of an expression. They come in the forms of covers.
func (e *expr) lit(b *circuit.Builder, in []circuit.Lit) circuit.Lit {
	switch e.op {
	case 'x':
		return in[e.pin].NotIf(e.not)
	case '0':
		return circuit.False.NotIf(e.not)
	}
	not := e.not
	lits := make([]circuit.Lit, len(e.args))
	for i, a := range e.args {
		lits[i] = a.lit(b, in)
		switch {
		case e.op == '*': // a conjunction is a complemented disjunction of complements
			lits[i] = lits[i].Not()
		case e.op == '^' && lits[i].IsComplement():
			lits[i], not = lits[i].Not(), !not
		}
	}
	switch {
	case e.op == '^' && not:
		return b.Xnor(lits...)
	case e.op == '^':
		return b.Xor(lits...)
	}
	return disjunction(b, lits, not != (e.op == '*'))
}
