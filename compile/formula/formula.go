package formula

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// Costs says what a program costs for every n. It is the reading of the list of operations with the sizes
// as symbols. All costs are upper bounds, by construction. If an operation is General, its number of gates
// is exact for weights in general position.
type Costs struct {
	Operations []Operation
	Depth      poly.Poly // in n alone
	Gates      poly.Poly
	Wires      poly.Poly
	Weight     poly.Poly // Σ|w| of all gates, in n alone
	MostWeight poly.Poly // a bound on Σ|w| of each gate, in n alone
	Constant   bool      // the depth does not depend on n

	// Values has the values of the symbols other than n.
	Values map[string]int64
	// From is the least n for which the formulas hold. Below it the circuits are degenerate.
	From int64
}

// Operation is the cost of one operation of a program.
type Operation struct {
	ID     int        `json:"id"`   // number of the value in the program
	Args   []int      `json:"args"` // numbers of its operands
	Stage  string     `json:"stage"`
	Op     program.Op `json:"-"`
	What   string     `json:"operation"` // with its operands
	Shape  string     `json:"shape"`     // of its value
	Adds   poly.Poly  `json:"adds"`      // levels between its operands and its value
	Depth  poly.Poly  `json:"depth"`     // level of its value: of the deepest literal that codes it
	Gates  poly.Poly  `json:"gates"`     // of one copy, in the symbols
	Wires  poly.Poly  `json:"wires"`
	Weight poly.Poly  `json:"weight"` // in n alone

	MostWeight poly.Poly `json:"max_weight"`    // a bound on Σ|w| of each of its gates, in n alone
	Copies     poly.Poly `json:"copies"`        // in n: how often it stands in the program: 1 outside a Scan
	Why        string    `json:"why,omitempty"` // what makes the number of gates so

	// General says that the number of gates is exact for weights in general position: weights are
	// not 0, sums do not coincide, and every level of a code is reached. Otherwise the number is
	// only an upper bound.
	General bool `json:"-"`
	// Indices is how many positions tell a gate of the operation from the others.
	Indices int `json:"-"`
	// Unbounded says that its gates read more and more wires as n grows.
	Unbounded bool `json:"-"`
}

// Of reads the program for every n under a strategy. The program must be open.
//
// The reading is an induction over the list of operations. The elements of a value are sums of gates. The
// reading keeps these gates as families with index axes, their level and their kind. So the depth of a sum
// is the greatest level. The depth of a comparison is one more. The depth of a product follows from what
// [circuit.Builder.Absorb] can do with gates of these levels and kinds. The number of gates of an operation
// is the number of different settings of the indices that the gates depend on.
func Of(p *program.Program, s lower.Strategy) (*Costs, error) {
	if p.Err() != nil {
		return nil, p.Err()
	}
	r := &formulaReader{
		p:        p,
		strategy: s,
		values:   make([]content, len(p.Nodes())),
		made:     make([][]*gateGroup, len(p.Nodes())),
		pairs:    map[string]*gateGroup{},
	}
	r.multiplied = lower.Multiplied(p)
	for _, rep := range p.Repeats() {
		if each := (rep.End - rep.First) / rep.Count; rep.Open { // no copy is the last one
			copy(r.multiplied[rep.End-each:rep.End], r.multiplied[rep.End-2*each:])
		}
	}
	r.findCausal()
	for id := range p.Nodes() {
		if err := r.read(&p.Nodes()[id]); err != nil {
			return nil, err
		}
	}
	for _, o := range p.Results() {
		r.live(r.values[o.Value].parts)
	}
	f := &Costs{Values: map[string]int64{}, From: 1}
	copies, scan, err := r.scanned()
	if err != nil {
		return nil, err
	}
	depth := 0
	for _, o := range p.Results() {
		depth = max(depth, r.values[o.Value].level())
	}
	f.Depth, f.Constant = scan.at(scan.count-1, depth+scan.slack), scan.slope == 0
	for id := range p.Nodes() {
		if p.Nodes()[id].Most != nil { // a layer with one input has proportional rows
			f.From = max(f.From, 2)
		}
		// The conjunction of one comparison needs no gate.
		if n := &p.Nodes()[id]; (n.Op == program.OpArgMax || n.Op == program.OpMaxStep) &&
			n.Shape[len(n.Shape)-1].Open() {
			f.From = max(f.From, 3)
		}
		if copies[id].IsZero() {
			continue
		}
		f.add(r.operation(id, copies[id], scan))
	}
	f.findValues(p)
	return f, nil
}

// findValues keeps the values of the symbols that occur.
func (f *Costs) findValues(p *program.Program) {
	all := p.Symbols()
	for _, o := range f.Operations {
		for _, of := range []poly.Poly{o.Gates, o.Wires} {
			for _, s := range of.Symbols() {
				if base, ok := strings.CutPrefix(s, "2^"); ok {
					f.Values[base] = all[base].Int64()
				}
				if v, ok := all[s]; ok && s != "n" {
					f.Values[s] = v.Int64()
				}
			}
		}
	}
}

func (f *Costs) add(o Operation) {
	f.Operations = append(f.Operations, o)
	f.MostWeight = f.MostWeight.Plus(o.MostWeight)
	f.Gates = f.Gates.Plus(o.Gates.Times(o.Copies))
	f.Wires = f.Wires.Plus(o.Wires.Times(o.Copies))
	f.Weight = f.Weight.Plus(o.Weight.Times(o.Copies))
}

// At returns the exact value of a formula at n, with the values of the other symbols.
func (f *Costs) At(p poly.Poly, n *big.Int) (*big.Int, bool) {
	values := map[string]*big.Int{"n": n}
	for name, v := range f.Values {
		values[name] = big.NewInt(v)
	}
	return p.At(values)
}

// InN returns a formula with the values of all symbols except n.
func (f *Costs) InN(p poly.Poly) poly.Poly {
	values := map[string]poly.Poly{}
	for name, v := range f.Values {
		if name != "n" {
			values[name] = poly.Int(v)
		}
	}
	return p.Substitute(values)
}

// operation returns the row of one operation.
func (r *formulaReader) operation(id int, copies poly.Poly, scan scanShape) Operation {
	n := &r.p.Nodes()[id]
	before := 0
	for _, a := range n.Args {
		before = max(before, r.values[a].level())
	}
	level := r.values[id].level()
	o := Operation{
		ID: id, Args: n.Args, Stage: n.Path(), Op: n.Op, What: n.String(), Shape: n.Shape.String(),
		Adds: poly.Int(int64(max(0, level-before))), Depth: poly.Int(int64(level)), Copies: copies, General: true,
	}
	if t := scan.copy(id); t > 0 && level > 0 { // copy t of the body, at its level for t = n
		o.Depth = scan.at(t, level)
	}
	var why []string
	for _, g := range r.made[id] {
		if !g.live {
			continue
		}
		count := g.size()
		o.Gates = o.Gates.Plus(count)
		o.Wires = o.Wires.Plus(count.Times(g.fanIn))
		o.Weight = o.Weight.Plus(r.inN(count).Times(g.mass))
		// The sum over all operations is at least the greatest.
		o.MostWeight = o.MostWeight.Plus(g.mass)
		why = append(why, g.why)
		o.General = o.General && !g.loose
		o.Indices = max(o.Indices, count.Degree("n"))
		o.Unbounded = o.Unbounded || g.fanIn.Degree("n") > 0
	}
	o.Why = joinWhy(why)
	return o
}

func joinWhy(parts []string) string {
	text := ""
	for i, w := range slices.Compact(slices.DeleteFunc(parts, func(s string) bool { return s == "" })) {
		if i > 0 {
			text += "; "
		}
		text += w
	}
	return text
}

// scanShape is the Scan of a program, if it has one.
type scanShape struct {
	first, end, each int // its operations, and how many each copy has
	count            int // copies
	slope            int // levels that a copy adds
	slack            int // levels by which a first copy exceeds the line through the last
}

// at takes a level in copy t to the level of the same gate in copy n.
func (s scanShape) at(t, level int) poly.Poly {
	return poly.Symbol("n").Minus(poly.Int(int64(t + 1))).Times(poly.Int(int64(s.slope))).Plus(poly.Int(int64(level)))
}

// copy returns the copy of the body in which an operation stands, counted from 0. It is −1 outside.
func (s scanShape) copy(id int) int {
	if id < s.first || id >= s.end {
		return -1
	}
	return (id - s.first) / s.each
}

// scanned returns how often each operation counts. It shows that the copies of a Scan repeat: the last
// copies are alike, so all later copies are, too, and each copy adds the same levels to the copy before it.
// The first copy counts once. The last copy has the most gates, and counts for all the others.
func (r *formulaReader) scanned() ([]poly.Poly, scanShape, error) {
	copies := make([]poly.Poly, len(r.p.Nodes()))
	for id := range copies {
		copies[id] = poly.Int(1)
	}
	var s scanShape
	for _, rep := range r.p.Repeats() {
		if !rep.Open {
			continue
		}
		if s.end > 0 {
			return nil, s, fmt.Errorf("compile: %s has two scans; one can be read for every n", r.p.Name())
		}
		if (rep.End-rep.First)%rep.Count != 0 {
			return nil, s, fmt.Errorf("compile: the copies of scan %q differ in their operations", rep.Name)
		}
		s = scanShape{first: rep.First, end: rep.End, each: (rep.End - rep.First) / rep.Count, count: rep.Count}
		if err := r.repeats(rep, &s, copies); err != nil {
			return nil, s, err
		}
	}
	return copies, s, nil
}

// repeats is the part of scanned about one Scan.
func (r *formulaReader) repeats(rep program.Repeated, s *scanShape, copies []poly.Poly) error {
	at := func(t, k int) int { return rep.First + t*s.each + k }
	for k := range s.each {
		b, c := at(rep.Count-2, k), at(rep.Count-1, k)
		if r.p.Nodes()[b].Bounds != r.p.Nodes()[c].Bounds ||
			withoutOperands((&r.p.Nodes()[b])) != withoutOperands((&r.p.Nodes()[c])) ||
			!r.alike(b, c) {
			return fmt.Errorf(
				"compile: operation %d of scan %q differs from copy to copy: %s in %v, then %s in %v",
				k,
				rep.Name,
				r.p.Nodes()[b].String(),
				r.p.Nodes()[b].Bounds,
				r.p.Nodes()[c].String(),
				r.p.Nodes()[c].Bounds,
			)
		}
		here, before := r.values[c].level(), r.values[b].level()
		slope := here - before
		if slope != before-r.values[at(rep.Count-3, k)].level() || slope != 0 && s.slope != 0 && slope != s.slope {
			return fmt.Errorf("compile: the copies of scan %q add different numbers of levels", rep.Name)
		}
		s.slope = max(s.slope, slope)
		for t := 1; t < rep.Count; t++ {
			if !r.noMore(at(t, k), c) {
				return fmt.Errorf("compile: copy %d of scan %q has more gates than the last", t+1, rep.Name)
			}
			copies[at(t, k)] = poly.Int(0)
		}
		copies[c] = poly.Symbol("n").Minus(poly.Int(1))
	}
	for t := range rep.Count {
		for k := range s.each {
			last, before := r.values[at(rep.Count-1, k)].level(), r.values[at(rep.Count-2, k)].level()
			line := last - (rep.Count-1-t)*(last-before)
			s.slack = max(s.slack, r.values[at(t, k)].level()-line)
		}
	}
	return nil
}

// noMore reports whether an operation makes at most as many gates as another.
func (r *formulaReader) noMore(a, b int) bool {
	total := func(id int) *big.Int {
		out := poly.Poly{}
		for _, g := range r.made[id] {
			out = out.Plus(r.inN(g.size()))
		}
		v, ok := out.AtN(big.NewInt(1))
		if !ok {
			return new(big.Int)
		}
		return v
	}
	return total(a).Cmp(total(b)) <= 0
}

// describeWithout describes the operation without its operands, because these differ in every copy.
func withoutOperands(n *program.Node) string {
	if n.Op == program.OpGather && len(n.Layout) > 0 && len(n.Layout[0].Axes) == 0 {
		return "select" // another element in every copy
	}
	m := *n
	m.Args = nil
	return m.String()
}

// alike reports whether two operations make as many gates.
func (r *formulaReader) alike(a, b int) bool {
	if len(r.made[a]) != len(r.made[b]) {
		return false
	}
	for i, g := range r.made[a] {
		h := r.made[b][i]
		if !g.size().Equal(h.size()) || !g.fanIn.Equal(h.fanIn) || g.kind != h.kind {
			return false
		}
	}
	return true
}
