package equiv

import (
	"bufio"
	"fmt"
	"io"
	"strconv"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/pb"
	"github.com/tc0lab/tc0/gates"
)

// trace writes the proof of a reduction: a proof in the form of DRAT for the clauses of the circuit
// that is reduced. Each gate of the new circuit is defined as a variable. Each gate of the old one
// is shown to be equal to what it becomes. Its variables are those of the clauses, then one that is
// always false, then the gates of the new circuit.
type trace struct {
	out     *bufio.Writer
	old     *circuit.Circuit
	e       *pb.Encoding
	view    *circuit.Nodes
	vars    []int // by gate of the new circuit
	next    int   // the first free variable
	derive  *deriver
	lines   int64
	output  circuit.Lit // of the new circuit, once it is made
	rest    *rest       // what is left to show then
	failure error       // a step that cannot be written
	word    []byte
	fanin   []int
	near    map[circuit.Gate]bool // gates whose clauses the deriver has
}

// newTrace begins a proof about a circuit whose outputs are asserted.
func newTrace(w io.Writer, old *circuit.Circuit) (*trace, error) {
	e, err := pb.New(old, pb.Config{Assert: old.Outputs()})
	if err != nil {
		return nil, err
	}
	t := &trace{
		out: bufio.NewWriterSize(w, 1<<16), old: old, e: e, next: e.Variables() + 1, near: map[circuit.Gate]bool{},
	}
	t.derive = newDeriver(t.add, t.remove)
	return t, nil
}

// begin takes the builder's gates, of which there are the constant and the inputs.
func (t *trace) begin(view *circuit.Nodes, inputs []circuit.Gate, lits []circuit.Lit) {
	t.view = view
	t.vars = append(t.vars, t.next)
	t.add([]int{-t.next})
	t.next++
	t.vars = append(t.vars, make([]int, view.Len()-1)...)
	for i, g := range inputs {
		t.vars[lits[g].Gate()] = i + 1
	}
}

// end shows that the output of the new circuit has to be 1, as that of the old one: a contradiction
// if it is the constant 0.
func (t *trace) end(lits []circuit.Lit) {
	l := t.old.Outputs()[0]
	t.output = lits[l.Gate()].NotIf(l.IsComplement())
	t.add([]int{t.lit(t.output)})
	if t.output == circuit.False {
		t.add(nil)
		return
	}
	t.rest = newRest(t)
}

func (t *trace) add(clause []int) { t.write("", clause) }

func (t *trace) remove(clause []int) { t.write("d ", clause) }

func (t *trace) write(before string, clause []int) {
	t.word = append(t.word[:0], before...)
	for _, l := range clause {
		t.word = append(strconv.AppendInt(t.word, int64(l), 10), ' ')
	}
	t.word = append(t.word, "0\n"...)
	t.out.Write(t.word) // an error stays until the end
	t.lines++
}

// lit is the literal of a literal of the new circuit.
func (t *trace) lit(l circuit.Lit) int {
	v := t.vars[l.Gate()]
	if l.IsComplement() {
		return -v
	}
	return v
}

// was is the literal of a literal of the old circuit; 0 if nothing depends on it.
func (t *trace) was(l circuit.Lit) int { return t.e.Lit(l) }

// definitions calls emit with the clauses that say what y is: a gate of inputs in.
func definitions(k gates.Kind, y int, in []int, emit func(clause ...int)) error {
	switch {
	case k == gates.Or:
		y = -y
		for i := range in {
			in[i] = -in[i]
		}
		fallthrough
	case k == gates.And:
		all := []int{y}
		for _, l := range in {
			all = append(all, -l)
		}
		emit(all...)
		for _, l := range in {
			emit(-y, l)
		}
	case k == gates.Xor && len(in) == 2:
		pb.Xor(y, in[0], in[1], pb.IfOne|pb.IfZero, emit)
	default:
		return fmt.Errorf("a gate of kind %v and %d inputs has no clauses in a proof", k, len(in))
	}
	return nil
}

// made defines the gates that the builder has made since.
func (t *trace) made() {
	for g := circuit.Gate(len(t.vars)); int(g) < t.view.Len(); g++ {
		t.vars = append(t.vars, t.next)
		t.next++
		t.define(g, func(clause ...int) {
			// Its own literal is first: a checker sees by it that this is a definition.
			for i, l := range clause {
				if max(l, -l) == t.vars[g] {
					clause[0], clause[i] = clause[i], clause[0]
				}
			}
			t.add(clause)
		})
	}
}

// define calls emit with the clauses of a gate of the new circuit.
func (t *trace) define(g circuit.Gate, emit func(clause ...int)) {
	k := t.view.Kind(g)
	if k.IsSource() {
		if g == 0 {
			emit(-t.vars[0]) // the constant false
		}
		return
	}
	t.fanin = t.fanin[:0]
	for _, l := range t.view.Fanin(g) {
		t.fanin = append(t.fanin, t.lit(l))
	}
	if err := definitions(k, t.vars[g], t.fanin, emit); err != nil && t.failure == nil {
		t.failure = err
	}
}

// nearDepth is how far before a gate its clauses are looked for, to show what it has become.
const nearDepth = 2

// know gives the deriver the clauses of a gate of the new circuit and of those before it.
func (t *trace) know(g circuit.Gate, depth int) {
	if t.near[g] {
		return
	}
	t.near[g] = true
	t.define(g, t.derive.know)
	if depth > 0 {
		for _, l := range t.view.Fanin(g) {
			t.know(l.Gate(), depth-1)
		}
	}
}

// forget leaves the deriver only what the constant is.
func (t *trace) forget() {
	t.derive.reset()
	clear(t.near)
	t.know(0, 0)
}

// knowEqual gives the deriver the two clauses that say that a and b are equal.
func (t *trace) knowEqual(a, b int) {
	t.derive.know(-a, b)
	t.derive.know(a, -b)
}

// equal writes the two clauses that say that a and b are equal.
func (t *trace) equal(a, b int) {
	if t.failure == nil && !t.isEqual(a, b) {
		t.failure = fmt.Errorf("the equality of variables %d and %d takes too many steps", a, b)
	}
}

// isEqual is equal, but for that it reports whether that went well. What it has written if not follows, too.
func (t *trace) isEqual(a, b int) bool {
	return a == b || t.derive.derive(-a, b) && t.derive.derive(a, -b)
}

// became shows that gate g of the old circuit is what a literal of the new one is.
func (t *trace) became(g circuit.Gate, lits []circuit.Lit) {
	t.made()
	y := t.was(g.Lit())
	if y == 0 {
		return
	}
	t.forget()
	t.know(lits[g].Gate(), nearDepth)
	var in []int
	for _, l := range t.old.Fanin(g) {
		x, z := t.was(l), t.lit(lits[l.Gate()].NotIf(l.IsComplement()))
		in = append(in, x)
		if x != z {
			t.knowEqual(x, z)
		}
		t.know(lits[l.Gate()].Gate(), nearDepth)
	}
	if err := definitions(t.old.Kind(g), y, in, t.derive.know); err != nil && t.failure == nil {
		t.failure = err
	}
	t.equal(y, t.lit(lits[g]))
}

// merged shows that two literals of the new circuit are equal, by the gates of a window; and so is
// gate g of the old circuit, which has become the first of them. It reports false if the first takes too many
// steps: then the two are not to be merged.
func (t *trace) merged(g circuit.Gate, x, into circuit.Lit, window []circuit.Gate) bool {
	t.forget()
	for _, w := range window {
		t.define(w, t.derive.know)
	}
	if t.failure != nil || !t.isEqual(t.lit(x), t.lit(into)) {
		return false
	}
	y := t.was(g.Lit())
	if y == 0 {
		return true
	}
	t.derive.reset()
	t.knowEqual(y, t.lit(x))
	t.knowEqual(t.lit(x), t.lit(into))
	t.equal(y, t.lit(into))
	return true
}
