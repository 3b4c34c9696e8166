package check

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// deriver derives the costs of an open program for every n. It is an induction over the list of operations, with
// a rule for each. Each rule says what lowering makes for the operation: families of gates with their
// indices, fan-in, weights and level.
type deriver struct {
	open     *program.Program
	strategy lower.Strategy
	known    map[string]polynomial // values of the symbols except n
	factors  []bool                // by operation: its literals meet those of other elements in products
	masked   []*program.CausalAxes // by operation: its only elements that are asked for
	values   []value
	now      int                  // the value that is being derived
	met      map[string]metFamily // conjunctions, by what meets in them
	families int
	compared func(a, b int) // unless nil, is told each two levels of which the greater one matters
	err      error
}

// metFamily is a family with the value that made it.
type metFamily struct {
	*family
	by int
}

// newDeriver prepares the derivation of an open program under a strategy.
func newDeriver(open *program.Program, s lower.Strategy) (*deriver, error) {
	if open.Err() != nil {
		return nil, open.Err()
	}
	d := &deriver{open: open, strategy: s, known: map[string]polynomial{}, met: map[string]metFamily{}}
	for name, v := range open.Symbols() {
		if name != "n" {
			d.known[name] = whole(v)
		}
	}
	d.factors, d.masked = factors(open), masked(open)
	return d, nil
}

// fail keeps the first error.
func (d *deriver) fail(n *program.Node, format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("%s in stage %q: %s", n, n.Path(), fmt.Sprintf(format, args...))
	}
}

// size returns the size of a dimension as a formula. The text of the program's formula is read anew, and has to
// have the size as its value.
func (d *deriver) size(dim program.Dim) polynomial {
	if dim.Open() {
		return product(symbol("n"), number(int64(dim.Factor())))
	}
	p := d.formula(d.open.SizeOf(dim))
	if !d.inN(p).equal(number(int64(dim.Size()))) {
		d.err = fmt.Errorf("dimension %v: its formula is %v", dim, p)
	}
	return p
}

// formula reads a formula of the program.
func (d *deriver) formula(of fmt.Stringer) polynomial {
	p, err := read(of.String())
	if err != nil && d.err == nil {
		d.err = err
	}
	return p
}

// inN returns a formula in n alone.
func (d *deriver) inN(p polynomial) polynomial { return p.with(d.known) }

func (d *deriver) length(dim program.Dim) polynomial { return d.inN(d.size(dim)) }

// deeper returns the greater of levels.
func (d *deriver) deeper(levels ...int) int {
	out := 0
	for _, l := range levels {
		if d.compared != nil {
			d.compared(out, l)
		}
		out = max(out, l)
	}
	return out
}

// level returns the greatest level of kinds.
func (d *deriver) level(lists ...[]kind) int {
	out := 0
	for _, k := range slices.Concat(lists...) {
		out = d.deeper(out, k.level)
	}
	return out
}

// kinds returns the kinds that occur in lists, sorted.
func (d *deriver) kinds(lists ...[]kind) []kind {
	all := slices.Concat(lists...)
	slices.SortFunc(all, func(a, b kind) int {
		switch {
		case a.level != b.level:
			return a.level - b.level
		case a.and == b.and:
			return 0
		case a.and:
			return 1
		}
		return -1
	})
	all = slices.Compact(all)
	for k := 1; k < len(all); k++ {
		d.deeper(all[k-1].level, all[k].level) // their order matters, and that they differ
	}
	return all
}

// make adds a family to the value that is being derived.
func (d *deriver) make(f *family) *family {
	v := &d.values[d.now]
	v.made = append(v.made, f)
	return d.numbered(f)
}

func (d *deriver) numbered(f *family) *family {
	d.families++
	f.number = d.families
	return f
}

// indices returns indices along a shape, and more after them.
func (d *deriver) indices(shape program.Shape, more ...polynomial) []index {
	var out []index
	for _, dim := range shape {
		out = append(out, index{size: d.size(dim)})
	}
	for _, p := range more {
		out = append(out, index{size: p})
	}
	return out
}

// derive appends the value of an operation on values.
func (d *deriver) derive(n *program.Node, args []int) int {
	d.now = len(d.values)
	d.values = append(d.values, value{node: n, args: args})
	var x, y value
	before := 0
	for k, a := range args {
		before = max(before, d.values[a].level())
		if k == 0 {
			x = d.values[a]
		} else {
			y = d.values[a]
		}
	}
	v := value{alike: make([]bool, len(n.Shape)), origin: d.now}
	switch n.Op {
	case program.OpInput, program.OpTokens:
		d.input(n, &v)
	case program.OpStep:
		d.step(n, &x, &v)
	case program.OpLookup:
		d.lookup(n, &x, &v)
	case program.OpContract:
		d.contract(n, &x, &y, &v)
	case program.OpQuotient, program.OpRootQuotient:
		d.quotient(n, &x, &y, &v)
	case program.OpMaxStep, program.OpArgMax:
		d.maximum(n, &x, &v)
	default:
		d.sums(n, &x, &y, &v)
	}
	have := &d.values[d.now]
	v.node, v.args, v.made, v.shares = n, args, have.made, have.shares
	v.adds = max(0, v.level()-before)
	*have = v
	return d.now
}

// input has the ports: they are no gates.
func (d *deriver) input(n *program.Node, v *value) {
	f := &family{fanIn: number(1), weight: number(1), index: d.indices(n.Shape)}
	v.weight, v.single = number(1), n.Op == program.OpTokens
	if n.Op == program.OpInput {
		f.index = d.indices(n.Shape, d.digits(n))
		v.weight, v.bitwise = ones(n.Bits), !n.Given
	}
	v.views, v.kinds, v.alike = []view{d.numbered(f).all(len(n.Shape))}, []kind{{}}, everyAxis(n)
}

// ones returns 2^bits − 1.
func ones(bits int) polynomial {
	return whole(new(big.Int).Lsh(big.NewInt(1), uint(bits))).less(number(1))
}

func everyAxis(n *program.Node) []bool { return slices.Repeat([]bool{true}, len(n.Shape)) }

// digits bounds the literals that code an element: as declared, or as they are.
func (d *deriver) digits(n *program.Node) polynomial {
	switch {
	case n.Count != nil:
		return d.formula(n.Count)
	case n.Op == program.OpInput:
		return number(int64(n.Bits))
	case n.Op == program.OpStep:
		return number(int64(len(n.Steps.At)))
	case n.Op == program.OpMaxStep: // no element is above the maximum, so no jump above 0 is reached
		reached := 0
		for _, at := range n.Steps.At {
			if at <= 0 {
				reached++
			}
		}
		return number(int64(reached))
	case n.Op == program.OpQuotient, n.Op == program.OpRootQuotient:
		return whole(new(big.Int).Sub(big.NewInt(n.Bounds.Hi), big.NewInt(n.Bounds.Lo)))
	}
	return number(1)
}

// triangle returns the axes of a causal mask over two axes of positions that are equally long; else nil.
func triangle(n *program.Node, mask *program.CausalAxes) *[2]int {
	if mask == nil {
		return nil
	}
	a, b := n.Shape[mask.First], n.Shape[mask.Second]
	if !a.Open() || !b.Open() || a.Factor() != b.Factor() {
		return nil
	}
	return &[2]int{mask.First, mask.Second}
}

// asked returns the axes of the causal mask under which an operation is read only.
func (d *deriver) asked(n *program.Node) *[2]int {
	mask := d.masked[n.ID]
	if mask == nil && (n.Op == program.OpArgMax || n.Op == program.OpMaxStep) {
		mask = n.Causal
	}
	return triangle(n, mask)
}
