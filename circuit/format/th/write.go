package th

import (
	"io"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// Repertoire returns the gates that Write accepts as they stand: all except XOR, XNOR and MOD.
func Repertoire() basis.Repertoire {
	return basis.Repertoire{Or: true, Wide: true, Complements: true, Threshold: true}
}

func spelling() netlist.Spelling {
	return netlist.Spelling{
		Legal:    func(r rune, first bool) bool { return netlist.IsNameRune(r) && !(first && r == '.') },
		Reserved: []string{constant},
	}
}

// Write writes a design as a file of threshold gates.
//
// Size: two lines for each gate except NOT and BUF, and for each output that is not another gate.
// Error: a [*netlist.UnfitError] if a gate is not in the repertoire, or the error of w.
func Write(w io.Writer, d *netlist.Design) error {
	c := d.Circuit
	if err := netlist.Fit("th", c, Repertoire().Has); err != nil {
		return err
	}
	p := &printer{
		Printer: netlist.NewPrinter(w), c: c, names: netlist.NewNames(d, spelling()),
		outputs: c.Outputs(), absorbed: make([]string, c.Len()),
	}
	p.header(d)
	p.lookThrough()
	p.absorb()
	written := make([]bool, c.Len())
	for i, l := range p.outputs {
		if g := l.Gate(); !p.isGate(i) {
			p.wire(i)
		} else if !written[g] {
			written[g] = true
			p.gate(g)
		}
	}
	for g := range circuit.Gate(c.Len()) {
		if p.isOwn(g) && !written[g] {
			p.gate(g)
		}
	}
	p.Text(".end\n")
	return p.Flush() // its error sticks from the first write on
}

// printer is the state of writing one design.
type printer struct {
	netlist.Printer
	c        *circuit.Circuit
	names    *netlist.Names
	outputs  []circuit.Lit
	root     []circuit.Lit // by gate, the literal that it is; itself unless it is a NOT or BUF
	absorbed []string      // by gate that is written as its complement, the name of that

	line    []byte        // both lines of the gate at hand
	weights []circuit.Int // in the second
	bound   circuit.Int

	sum        circuit.SumID // that was multiplied out last
	from       []circuit.Gate
	sumWeights []circuit.Int
}

// header writes the comments, all in one line, the model and its ports.
func (p *printer) header(d *netlist.Design) {
	var first []string
	for _, line := range d.Comments {
		if line = strings.TrimSpace(netlist.Remark(strings.ReplaceAll(line, "\t", " "))); line != "" {
			first = append(first, line)
		}
	}
	p.Text(strings.Join(append(first, p.names.PortComments(p.c)...), "\t"), "\n")
	p.Model(d.Name, spelling(), p.names, ".input", ".output")
}

// lookThrough finds the literals that NOT and BUF gates are.
func (p *printer) lookThrough() {
	p.root = make([]circuit.Lit, p.c.Len())
	for g := range circuit.Gate(p.c.Len()) {
		p.root[g] = g.Lit()
		if p.isFree(g) {
			p.root[g] = p.literal(p.c.Fanin(g)[0]).NotIf(p.c.Kind(g) == gates.Not)
		}
	}
}

// isFree reports whether g is a NOT or BUF, which is a literal to its readers.
func (p *printer) isFree(g circuit.Gate) bool {
	k := p.c.Kind(g)
	return k == gates.Not || k == gates.Buf
}

// isOwn reports whether g is always written as a gate.
func (p *printer) isOwn(g circuit.Gate) bool { return !p.c.Kind(g).IsSource() && !p.isFree(g) }

func (p *printer) literal(l circuit.Lit) circuit.Lit {
	return p.root[l.Gate()].NotIf(l.IsComplement())
}

// absorb finds the gates that only one output reads, complemented. They are written as their
// complements.
func (p *printer) absorb() {
	readers := make([]uint8, p.c.Len()) // 2: two or more
	read := func(l circuit.Lit) {
		g := p.literal(l).Gate()
		readers[g] = min(readers[g]+1, 2)
	}
	for g := range circuit.Gate(p.c.Len()) {
		if p.isFree(g) {
			continue
		}
		for _, l := range p.c.Fanin(g) {
			read(l)
		}
	}
	for s := range circuit.SumID(p.c.SumCount()) {
		for _, r := range p.c.Refs(s) {
			if !r.IsSum() {
				read(r.Gate().Lit())
			}
		}
	}
	for _, l := range p.outputs {
		read(l)
	}
	for i, l := range p.outputs {
		if g := l.Gate(); l.IsComplement() && readers[g] == 1 && p.isOwn(g) {
			p.absorbed[g] = p.names.Outputs[i]
		}
	}
}

// isGate reports whether a gate drives output wire i.
func (p *printer) isGate(i int) bool {
	l := p.outputs[i]
	g := l.Gate()
	if l.IsComplement() {
		return p.absorbed[g] != ""
	}
	return p.isOwn(g) && p.names.Gate(g) == p.names.Outputs[i]
}

// wire writes the gate of one input that output wire i is, if it is not an input itself.
func (p *printer) wire(i int) {
	l, name := p.literal(p.outputs[i]), p.names.Outputs[i]
	from := constant
	if !l.IsConst() {
		from = p.names.Gate(l.Gate())
	}
	if from == name && !l.IsComplement() {
		return
	}
	numbers := "1 1"
	if l.IsComplement() != l.IsConst() { // the constant false is the complement of CONST1
		numbers = "-1 0"
	}
	p.Text(".threshold ", from, " ", name, "\n", numbers, "\n")
}

// gate writes the gate g.
func (p *printer) gate(g circuit.Gate) {
	p.line = append(p.line[:0], ".threshold"...)
	p.weights = p.weights[:0]
	absorbed := p.absorbed[g]
	negate := absorbed != ""
	switch kind := p.c.Kind(g); kind {
	case gates.Nand, gates.Nor:
		negate = !negate
		fallthrough
	case gates.And, gates.Or:
		p.logic(g, kind == gates.Or || kind == gates.Nor)
	default:
		p.threshold(g)
	}
	p.line = append(p.line, ' ')
	if absorbed != "" {
		p.line = append(p.line, absorbed...)
	} else {
		p.line = p.names.Append(p.line, g)
	}
	p.line = append(p.line, '\n')
	for _, w := range p.weights {
		if negate {
			w = w.Neg()
		}
		p.line = append(netlist.AppendInt(p.line, w), ' ')
	}
	if negate { // ¬[S ≥ t] is [−S ≥ 1 − t]
		p.bound = circuit.NewInt(1).Sub(p.bound)
	}
	p.line = append(netlist.AppendInt(p.line, p.bound), '\n')
	p.Write(p.line)
}

// logic writes the inputs of a conjunction or disjunction of literals: as many of the
// literals as there are, or one, must be 1.
func (p *printer) logic(g circuit.Gate, or bool) {
	in := p.c.Fanin(g)
	p.bound = circuit.NewInt(int64(len(in)))
	if or {
		p.bound = circuit.NewInt(1)
	}
	for _, l := range in {
		p.term(p.literal(l), circuit.NewInt(1))
	}
}

// threshold writes the inputs of a gate that reads a sum.
func (p *printer) threshold(g circuit.Gate) {
	s, t := p.c.Bound(g)
	p.bound = t
	if s != p.sum { // gates that quantise one number come one after another
		p.sum = s
		p.flatten(s)
	}
	for i, from := range p.from {
		p.term(p.root[from], p.sumWeights[i])
	}
}

// flatten multiplies out a sum. Most sums are of gates only, which takes no memory.
func (p *printer) flatten(s circuit.SumID) {
	refs := p.c.Refs(s)
	if n := len(refs); n > 0 && refs[n-1].IsSum() { // sums stand last
		p.from, p.sumWeights = p.c.Flatten(s)
		return
	}
	p.from, p.sumWeights = p.from[:0], p.sumWeights[:0]
	for i, r := range refs {
		p.from, p.sumWeights = append(p.from, r.Gate()), append(p.sumWeights, p.c.Weight(s, i))
	}
}

// term writes an input of the gate at hand.
func (p *printer) term(l circuit.Lit, w circuit.Int) {
	if l.IsComplement() { // w·(1 − x), and w times the constant true
		p.bound = p.bound.Sub(w)
		w = w.Neg()
	}
	if !l.IsConst() {
		p.line = p.names.Append(append(p.line, ' '), l.Gate())
		p.weights = append(p.weights, w)
	}
}
