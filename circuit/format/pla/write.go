package pla

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// MostInputs is how many inputs a circuit has at most that is written by its truth table.
const MostInputs = 16

// LimitError says that a circuit is neither of two levels nor of few inputs.
type LimitError struct {
	Output string // the first that is not of two levels
	Inputs int
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("pla: output %s is no OR of ANDs of inputs, and the circuit has %d inputs: "+
		"a truth table is written for at most %d, which is a limit", e.Output, e.Inputs, MostInputs)
}

// Repertoire returns the gates that can be written, which are all.
func Repertoire() basis.Repertoire {
	return basis.Repertoire{
		Or: true, Xor: true, Wide: true, WideXor: true, Complements: true, Threshold: true, Mod: true,
	}
}

// spelling keeps names apart from what begins a line of another kind.
func spelling() netlist.Spelling {
	return netlist.Spelling{
		Legal: func(r rune, first bool) bool {
			return r > ' ' && r <= '~' && r != '#' && r != '|' && !(first && r == '.')
		},
		Apart: true,
	}
}

// Write writes a design as a table.
//
// Size: a row for each product, those of several outputs once.
// Error: a [*LimitError], or the error of w.
func Write(w io.Writer, d *netlist.Design) error {
	c := d.Circuit
	t, err := tableOf(c)
	if err != nil {
		return err
	}
	p := netlist.NewPrinter(w)
	names := netlist.NewNames(d, spelling())
	p.Comments("# ", names.PortComments(c), d.Remarks())
	p.Text(".i ", len(names.Inputs), "\n.o ", len(names.Outputs), "\n")
	for side, list := range [][]string{names.Inputs, names.Outputs} {
		if len(list) > 0 {
			p.Text(sides[side].names, " ", strings.Join(list, " "), "\n")
		}
	}
	p.Text(".p ", len(t.cubes), "\n")
	for r, cube := range t.cubes {
		values := slices.Repeat([]byte("0"), len(names.Outputs))
		for _, o := range t.outputs[r] {
			values[o] = '1'
		}
		separator := " "
		if cube == "" || len(values) == 0 {
			separator = ""
		}
		p.Text(cube, separator, string(values), "\n")
	}
	p.Text(".e\n")
	return p.Flush() // its error sticks from the first write on
}

// cover is the rows of a circuit.
type cover struct {
	cubes   []string
	outputs [][]int // by row
	row     map[string]int
}

// add adds a cube of an output.
func (t *cover) add(output int, cube string) {
	r, ok := t.row[cube]
	if !ok {
		r = len(t.cubes)
		t.row[cube] = r
		t.cubes, t.outputs = append(t.cubes, cube), append(t.outputs, nil)
	}
	if n := len(t.outputs[r]); n == 0 || t.outputs[r][n-1] != output {
		t.outputs[r] = append(t.outputs[r], output)
	}
}

// tableOf returns the rows of a circuit.
func tableOf(c *circuit.Circuit) (*cover, error) {
	t := &cover{row: map[string]int{}}
	l := newLevels(c)
	var truth *eval.Vectors
	o := 0
	for _, p := range c.OutputPorts() {
		for i, lit := range p.Wires {
			cubes, ok := l.products(lit)
			if !ok {
				n := len(c.Inputs())
				if n > MostInputs {
					return nil, &LimitError{netlist.WireName(&p, i), n}
				}
				var err error
				if truth == nil {
					if truth, err = values(c); err != nil {
						return nil, err
					}
				}
				cubes = covered(truth.Row(o), n)
			}
			for _, cube := range cubes {
				t.add(o, cube)
			}
			o++
		}
	}
	return t, nil
}

// values evaluates a circuit on all inputs.
func values(c *circuit.Circuit) (*eval.Vectors, error) {
	n := len(c.Inputs())
	in := eval.NewVectors(n, 1<<n)
	for w := range n {
		for lane := range 1 << n {
			if lane>>w&1 != 0 {
				in.Set(w, lane, true)
			}
		}
	}
	return eval.Compile(c, eval.Config{}).Run(context.Background(), in)
}

// covered returns the cubes of a function of n inputs.
func covered(truth []uint64, n int) (cubes []string) {
	truth = slices.Clone(truth)
	if n < 6 { // the table repeats itself
		truth[0] &= 1<<(1<<n) - 1
		for k := n; k < 6; k++ {
			truth[0] |= truth[0] << (1 << k)
		}
	}
	for _, p := range basis.Cover(truth, n) {
		cube := slices.Repeat([]byte("-"), n)
		for i := range cube {
			switch {
			case p.Plain>>i&1 != 0:
				cube[i] = '1'
			case p.Complemented>>i&1 != 0:
				cube[i] = '0'
			}
		}
		cubes = append(cubes, string(cube))
	}
	return cubes
}

// levels reads circuits of two levels.
type levels struct {
	c     *circuit.Circuit
	input []int         // by gate: its input wire, or −1
	root  []circuit.Lit // by gate: the literal that a NOT or BUF is
}

func newLevels(c *circuit.Circuit) *levels {
	l := &levels{c, slices.Repeat([]int{-1}, c.Len()), make([]circuit.Lit, c.Len())}
	for i, g := range c.Inputs() {
		l.input[g] = i
	}
	for g := range circuit.Gate(c.Len()) {
		l.root[g] = g.Lit()
		if k := c.Kind(g); k == gates.Not || k == gates.Buf {
			l.root[g] = l.of(c.Fanin(g)[0]).NotIf(k == gates.Not)
		}
	}
	return l
}

// of looks through NOT and BUF gates.
func (l *levels) of(x circuit.Lit) circuit.Lit { return l.root[x.Gate()].NotIf(x.IsComplement()) }

// fanin returns the literals whose AND, or OR, x is, if its gate is one.
func (l *levels) fanin(x circuit.Lit, or bool) ([]circuit.Lit, bool) {
	kind, complement := l.c.Kind(x.Gate()).Plain()
	complement = complement != x.IsComplement()
	// ¬(a ∧ b) is the OR of complements, and ¬(a ∨ b) the AND.
	if kind != gates.And && kind != gates.Or || or != (complement == (kind == gates.And)) {
		return nil, false
	}
	in := make([]circuit.Lit, 0, len(l.c.Fanin(x.Gate())))
	for _, y := range l.c.Fanin(x.Gate()) {
		in = append(in, l.of(y).NotIf(complement))
	}
	return in, true
}

// products returns the cubes of a literal that is of two levels.
func (l *levels) products(x circuit.Lit) (cubes []string, ok bool) {
	x = l.of(x)
	if cube, holds, ok := l.product(x); ok {
		if holds {
			cubes = append(cubes, cube)
		}
		return cubes, true
	}
	in, ok := l.fanin(x, true)
	if !ok {
		return nil, false
	}
	for _, y := range in {
		cube, holds, ok := l.product(y)
		if !ok {
			return nil, false
		}
		if holds {
			cubes = append(cubes, cube)
		}
	}
	return cubes, true
}

// product returns the cube of a literal that is a constant, a literal of an input, or an AND of such. It
// holds nowhere if holds is false.
func (l *levels) product(x circuit.Lit) (cube string, holds, ok bool) {
	in, isAnd := l.fanin(x, false)
	if !isAnd {
		in = []circuit.Lit{x}
	}
	signs := slices.Repeat([]byte("-"), len(l.c.Inputs()))
	holds = true
	for _, y := range in {
		sign, at := byte('1'), l.input[y.Gate()]
		if y.IsComplement() {
			sign = '0'
		}
		switch {
		case y.IsConst():
			holds = holds && y == circuit.True
		case at < 0:
			return "", false, false
		case signs[at] != '-' && signs[at] != sign:
			holds = false
		default:
			signs[at] = sign
		}
	}
	return string(signs), holds, true
}
