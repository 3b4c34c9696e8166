package diagram

import (
	"math/big"

	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// costs holds the costs of the operations by the formulas of the program. They are numbers,
// or polynomials in n if n is open.
type costs struct {
	of   []cost
	adds []int64                   // by operation: layers between its operands and its value
	all  []poly.Poly               // by operation: its gates in all copies it stands for
	at   func(poly.Poly) poly.Poly // puts the sizes of the program into a formula
}

func newCosts(p *program.Program, f *formula.Costs) *costs {
	n := len(p.Nodes())
	c := &costs{
		of: make([]cost, n), adds: make([]int64, n), all: make([]poly.Poly, n),
		at: inSizes(p, f),
	}
	for _, o := range f.Operations {
		gates := c.at(o.Gates)
		c.of[o.ID] = cost{adds: o.Adds, gates: gates}
		if !gates.IsZero() || !o.Adds.IsZero() {
			c.of[o.ID].level = c.at(o.Depth).Pretty()
		}
		if v, ok := number(o.Adds); ok {
			c.adds[o.ID] = v.Int64()
		}
		c.all[o.ID] = gates.Times(c.at(o.Copies))
	}
	c.moveToLast(p)
	return c
}

// moveToLast moves the costs of the copies of an open repeat to the last copy, which is drawn. The formulas have
// them at the second copy.
func (c *costs) moveToLast(p *program.Program) {
	for _, r := range p.Repeats() {
		first, each, ok := r.Copies(p)
		if !r.Open || !ok || len(first) <= 2 {
			continue
		}
		for k := range each {
			from, to := first[1]+k, first[len(first)-1]+k
			c.of[to], c.adds[to], c.all[to] = c.of[from], c.adds[from], c.all[from]
			c.of[from], c.adds[from], c.all[from] = cost{}, 0, poly.Poly{}
		}
	}
}

// inSizes returns what puts the sizes of p into a formula; n stays where it is open.
func inSizes(p *program.Program, f *formula.Costs) func(poly.Poly) poly.Poly {
	if p.Open() {
		return f.InN
	}
	values := map[string]*big.Int{}
	for name, v := range f.Values {
		values[name] = big.NewInt(v)
	}
	for _, op := range p.Nodes() {
		for _, d := range op.Shape {
			values[d.Name] = big.NewInt(int64(d.Size()))
		}
	}
	return func(formula poly.Poly) poly.Poly {
		if v, ok := formula.At(values); ok {
			return poly.Big(v)
		}
		return formula
	}
}

// stage returns the cost of the operations that are drawn from first to last: the layers
// of the longest way within them, and all their gates.
func (c *costs) stage(r *copies, first, last int) cost {
	longest := make([]int64, last+1-first)
	var most int64
	var all cost
	for id := range r.between(first, last) {
		for _, a := range r.nodes[id].Args {
			if a >= first && r.show[a] == a {
				longest[id-first] = max(longest[id-first], longest[a-first])
			}
		}
		longest[id-first] += c.adds[id]
		most = max(most, longest[id-first])
		for _, twin := range r.same[id] {
			all.gates = all.gates.Plus(c.all[twin])
		}
	}
	all.adds = poly.Int(most)
	return all
}
