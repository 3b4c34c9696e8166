package formula

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// Costs says what a program costs for every n. It is the reading of the list of operations with the sizes
// as symbols. All costs are upper bounds, by construction.
type Costs struct {
	Operations []Operation
	Depth      poly.Poly // in n alone
	Gates      poly.Poly
	Wires      poly.Poly
	Weight     poly.Poly // Σ|w| of all gates, in n alone
	MostWeight poly.Poly // a bound on Σ|w| of each gate, in n alone
	Constant   bool      // the depth does not depend on n
	Outputs    []Output

	// Values has the values of the symbols other than n.
	Values map[string]int64
	// From is the least n for which the formulas hold. Below it the circuits are degenerate.
	From int64
}

// Operation is the cost of one operation of a program.
type Operation struct {
	ID     int   // number of the value in the program
	Args   []int // numbers of its operands
	Stage  string
	Op     program.Op
	What   string    // with its operands
	Shape  string    // of its value
	Adds   poly.Poly // levels between its operands and its value
	Depth  poly.Poly // level of its value: of the deepest literal that codes it
	Gates  poly.Poly // of one copy, in the symbols
	Wires  poly.Poly
	Weight poly.Poly // in n alone

	MostWeight poly.Poly // a bound on Σ|w| of each of its gates, in n alone
	Copies     poly.Poly // in n: how often it stands in the program: 1 outside a Scan
	// Shares are the operations that made gates which this one needs, too. Such gates are counted there.
	Shares []int
	Why    string // what makes the number of gates so

	// Indices is how many positions tell a gate of the operation from the others.
	Indices int
	// FanIn bounds the fan-in of each of its gates, and Counting that of each that is not an AND or an OR, in n alone.
	FanIn, Counting poly.Poly
}

// Of reads the program for every n under a strategy. The program must be open.
//
// The reading is an induction over the list of operations. It follows the plan of the strategy
// ([lower.PlanOf]), as lowering does. The elements of a value are sums of literals. The
// reading keeps these literals as groups with index axes, their class, and bounds on the fan-in and the
// weights of their gates. The number of gates of an operation
// is at most the number of different settings of the indices that its groups have.
func Of(p *program.Program, s lower.Strategy) (*Costs, error) {
	if p.Err() != nil {
		return nil, p.Err()
	}
	f := &Costs{Values: map[string]int64{}, From: 1}
	r, open, err := f.open(p, s)
	switch {
	case err != nil:
		return nil, err
	case open == nil:
		r.straight(f)
	case open.Symbol != "":
		return nil, fmt.Errorf("compile: %s has an open number of steps; only its depth is read", p.Name())
	default:
		if err := r.scan(f, open); err != nil {
			return nil, err
		}
	}
	f.findValues(p)
	return f, r.err
}

// open returns a reader of a program, and its open repeat if it has one.
func (f *Costs) open(p *program.Program, s lower.Strategy) (*reader, *program.Repeated, error) {
	r := &reader{
		p: p, plan: lower.NewPlan(p, s), symbols: map[string]poly.Poly{}, pairs: map[string]*group{},
		row: map[*group]int{}, shares: map[int][]int{}, shared: map[int][]*group{},
		compared: map[int][][2]int{},
	}
	for name, v := range p.Symbols() {
		if name != "n" {
			r.symbols[name] = poly.Big(v)
		}
	}
	r.findCausal()
	if err := f.begin(p); err != nil {
		return nil, nil, err
	}
	var open *program.Repeated
	for k := range p.Repeats() {
		switch rep := &p.Repeats()[k]; {
		case rep.Open && open != nil:
			return nil, nil, fmt.Errorf("compile: %s has two scans; one can be read for every n", p.Name())
		case rep.Open:
			open = rep
		}
	}
	return r, open, nil
}

// begin finds the least n for which the formulas hold. It refuses names that would mean two things.
func (f *Costs) begin(p *program.Program) error {
	formulas, named := false, false
	for id := range p.Nodes() {
		n := &p.Nodes()[id]
		for _, of := range []*poly.Poly{n.Count, n.Most} {
			formulas = formulas || of != nil && of.Degree("n") > 0
		}
		for _, d := range n.Shape {
			named = named || d.Name == "n" && !d.Open()
		}
		f.From = max(f.From, int64(n.Least))
		// The conjunction of one comparison needs no gate, and is not of the class of conjunctions.
		if (n.Op == program.OpArgMax || n.Op == program.OpMaxStep) && n.Shape[len(n.Shape)-1].Open() {
			f.From = max(f.From, 3)
		}
	}
	if formulas && named {
		return fmt.Errorf("compile: %s has a dimension n of a fixed size, and formulas in n", p.Name())
	}
	return nil
}

// straight reads a program without a scan.
func (r *reader) straight(f *Costs) {
	for id := range r.p.Nodes() {
		n := &r.p.Nodes()[id]
		r.read(n, n.Args)
	}
	depth := 0
	for _, o := range r.p.Results() {
		live(r.values[o.Value].parts)
		depth = max(depth, r.values[o.Value].level())
		f.Outputs = append(f.Outputs, r.output(o.Name, o.Value))
	}
	f.Depth, f.Constant = poly.Int(int64(depth)), true
	for at := range r.values {
		o := r.operation(at)
		o.Shares = r.shares[at]
		f.add(o)
	}
}

// findValues keeps the values of the symbols that occur.
func (f *Costs) findValues(p *program.Program) {
	all := p.Symbols()
	for _, o := range f.Operations {
		for _, of := range []poly.Poly{o.Gates, o.Wires} {
			for _, s := range of.Symbols() {
				if base, ok := strings.CutPrefix(s, "2^"); ok && base != "n" {
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

// operation returns the row of one value, as a row of one copy.
func (r *reader) operation(at int) Operation {
	v := &r.values[at]
	n := v.n
	o := Operation{
		ID: n.ID, Args: n.Args, Stage: n.Path(), Op: n.Op, What: n.String(), Shape: n.Shape.String(),
		Adds: poly.Int(int64(v.adds)), Depth: poly.Int(int64(v.level())), Copies: poly.Int(1),
	}
	var why []string
	for _, g := range v.made {
		if !g.live {
			continue
		}
		count := g.size()
		o.Gates = o.Gates.Plus(count)
		o.Wires = o.Wires.Plus(count.Times(g.fanIn))
		o.Weight = o.Weight.Plus(r.inN(count).Times(g.mass))
		// Sums over all groups are at least the greatest.
		o.MostWeight = o.MostWeight.Plus(g.mass)
		why = append(why, g.why)
		o.Indices = max(o.Indices, count.Degree("n"))
		o.FanIn = o.FanIn.Plus(r.inN(g.fanIn))
		if !g.logic {
			o.Counting = o.Counting.Plus(r.inN(g.fanIn))
		}
	}
	o.Why = joinWhy(why)
	return o
}

func joinWhy(parts []string) string {
	return strings.Join(slices.Compact(slices.DeleteFunc(parts, func(s string) bool { return s == "" })), "; ")
}

// sorted returns the keys of a set.
func sorted(set map[int]bool) []int { return slices.Sorted(maps.Keys(set)) }
