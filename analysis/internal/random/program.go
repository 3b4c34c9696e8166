package random

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
)

// Program is a family of random programs. Its bytes choose the inputs, and then the operations, one
// after another. Any bytes are a family, so that it can be shrunk and fuzzed.
type Program []byte

// mostOperations is how many operations are chosen at most.
const mostOperations = 8

// DrawProgram returns a random family.
func DrawProgram(r *rand.Rand) Program {
	q := make(Program, width*(3+r.IntN(mostOperations-1)))
	for i := range q {
		q[i] = byte(r.Uint32())
	}
	return q
}

// ParseProgram reads what [Program.String] writes.
func ParseProgram(text string) (Program, error) {
	q, err := hex.DecodeString(text)
	return q, err
}

func (q Program) String() string { return hex.EncodeToString(q) }

// Program returns the member for n.
func (q Program) Program(n int) (*program.Program, error) {
	return compile.FamilyFunc(q.build).Program(n)
}

// OpenProgram returns the program for every n.
func (q Program) OpenProgram() (*program.Program, error) {
	return compile.FamilyFunc(q.build).OpenProgram()
}

// choices cuts the bytes; the last choice is filled up with zeros.
func (q Program) choices() []choice {
	var list []choice
	for c := range slices.Chunk(slices.Concat(q, make([]byte, (width-len(q)%width)%width)), width) {
		list = append(list, choice(c))
	}
	return list[:min(len(list), 1+mostOperations)]
}

// Uses returns the names of the operations that are chosen.
func (q Program) Uses() []string {
	var list []string
	for i, c := range q.choices() {
		if i > 0 {
			list = append(list, operations[c.of(0, len(operations))].name)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Operations returns the names of all operations.
func Operations() []string {
	var list []string
	for _, o := range operations {
		list = append(list, o.name)
	}
	return slices.Compact(list)
}

// Smaller returns families that are a little smaller: without one of the operations, or with one
// byte cleared.
func (q Program) Smaller() []Program {
	var list []Program
	for at := width; at < len(q); at += width {
		list = append(list, slices.Delete(slices.Clone(q), at, min(at+width, len(q))))
	}
	for i, b := range q {
		if b != 0 {
			smaller := slices.Clone(q)
			smaller[i] = 0
			list = append(list, smaller)
		}
	}
	return list
}

// build appends the operations.
func (q Program) build(n program.Dim) (*program.Program, error) {
	choices := q.choices()
	if len(choices) == 0 {
		choices = []choice{make(choice, width)}
	}
	head := choices[0]
	b := &builder{p: program.New("random"), n: n, d: program.NewDim("d", 1+head.of(0, 3)), head: head}
	if head.of(1, 16) == 15 { // a fixed dimension has the name that the open one usually has
		b.n, b.d = n.Renamed("t"), program.NewDim("n", b.d.Size())
	}
	b.m = n.Renamed("m")
	b.rows = []entry{b.input("x", program.Shape{b.n, b.d}, 2)}
	if head.of(5, 3) == 2 {
		b.rows = append(b.rows, b.input("y", program.Shape{b.n, b.d}, 6))
	}
	for i, c := range choices[1:] {
		before := len(b.made)
		operations[c.of(0, len(operations))].apply(b, c)
		for k, e := range b.made[before:] {
			if last := i+2 == len(choices) || c.flag(width-1); last && k+1 == len(b.made)-before {
				b.output(fmt.Sprintf("out%d", i+1), e, c)
			}
		}
	}
	if head.of(12, 2) == 1 && len(b.rows) > 1 { // all rows with all rows
		b.output("all", b.scores(head, 13), head)
	}
	if len(b.p.Results()) == 0 {
		b.p.Output("out", b.rows[0].v)
	}
	return b.p, b.p.Err()
}

// builder appends operations. What it does may depend on choices, but not on n or on ranges, which
// may be others in the program for every n.
type builder struct {
	p       *program.Program
	n, m, d program.Dim
	head    choice
	rows    []entry // [n,d]
	totals  []entry // [d]
	pairs   []entry // [n,m]
	made    []entry // all of them
	inputs  int
}

// entry is a value, and how much it has grown since it was rounded last. Up to few it may be
// multiplied, beyond many it has to be rounded.
type entry struct {
	v     program.Value
	grown int
}

const few, many = 1, 5

func (b *builder) input(name string, shape program.Shape, at int) entry {
	bits := 1 + b.head.of(at, 3)
	v := b.p.Input(name, shape, bits, b.head.flag(at+1))
	if b.head.of(at+1, 5) == 4 {
		b.p.Literals(v, b.p.Symbol(b.name("p"), bits))
	}
	return entry{v, bits / 3 * 2}
}

// row returns a value of shape [n,d] that byte i chooses.
func (b *builder) row(c choice, i int) entry { return b.rows[c.of(i, len(b.rows))] }

// total returns a value of shape [d]. The first one is an input.
func (b *builder) total(c choice, i int) entry {
	if len(b.totals) == 0 {
		b.totals = append(b.totals, b.input("h", program.Shape{b.d}, 10))
	}
	return b.totals[c.of(i, len(b.totals))]
}

// pair returns a value of shape [n,m]. The first ones are scores.
func (b *builder) pair(c choice, i int) entry {
	if k := c.of(i, len(b.pairs)+1); k < len(b.pairs) {
		return b.pairs[k]
	}
	return b.scores(c, i)
}

// scores multiplies each row by each row.
func (b *builder) scores(c choice, i int) entry {
	x, y := b.small(b.row(c, i+1), c, i+2), b.small(b.row(c, i+3), c, i+4)
	return entry{b.p.Contract("if,jf->ij", x, b.copied(y)), few + 1}
}

// copied is a value of shape [n,d] along the other positions.
func (b *builder) copied(v program.Value) program.Value {
	return b.p.Reshape(v, program.Shape{b.m, b.d}, "copy")
}

// small returns a value that may be multiplied: as it is if it can be and a byte says so, else
// rounded.
func (b *builder) small(e entry, c choice, i int) program.Value {
	if e.grown < few || e.grown == few && c.of(i, 4) > 0 {
		return e.v
	}
	return b.p.Step(e.v, staircase(c, i))
}

// mild returns a value that may grow by so much.
func (b *builder) mild(e entry, by int, c choice, i int) entry {
	if e.grown+by <= many {
		return entry{e.v, e.grown + by}
	}
	return entry{b.p.Step(e.v, staircase(c, i)), by}
}

func (b *builder) addRow(v program.Value, grown int) {
	b.rows, b.made = append(b.rows, entry{v, grown}), append(b.made, entry{v, grown})
}

func (b *builder) addTotal(v program.Value, grown int) {
	b.totals, b.made = append(b.totals, entry{v, grown}), append(b.made, entry{v, grown})
}

func (b *builder) addPair(v program.Value, grown int) {
	b.pairs, b.made = append(b.pairs, entry{v, grown}), append(b.made, entry{v, grown})
}

// output names a result. A sum has no gates, so most are rounded.
func (b *builder) output(name string, e entry, c choice) {
	if e.grown > 0 && c.of(14, 8) > 0 {
		e.v = b.p.Step(e.v, staircase(c, 13))
	}
	b.p.Output(name, e.v)
}

// name returns a new name.
func (b *builder) name(of string) string {
	b.inputs++
	return fmt.Sprintf("%s%d", of, b.inputs)
}
