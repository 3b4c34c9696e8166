package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// row is one operation of a derivation.
type row struct {
	node         *program.Node
	adds, depth  polynomial
	gates, wires polynomial // of one copy, in the symbols
	weight, most polynomial // Σ|w| of its gates, and of each gate, in n alone
	copies       polynomial
	shares       []int
	indices      int // positions that tell a gate from the others
	// of each gate, and of each that is not an AND or an OR, in n alone
	fanIn, counting polynomial
}

// derivation is the costs of a program for every n, with their sums.
type derivation struct {
	rows                       []row
	depth                      polynomial
	gates, wires, weight, most polynomial
	symbols                    map[string]int64 // that occur, with their values
	from                       int64            // the least n
	outputs                    []output
}

// derived derives the costs of an open program under a strategy.
func derived(open *program.Program, s lower.Strategy) (*derivation, error) {
	d, err := newDeriver(open, s)
	if err != nil {
		return nil, err
	}
	out := &derivation{symbols: map[string]int64{}, from: 1}
	var scans []*program.Repeated
	for k := range open.Repeats() {
		if r := &open.Repeats()[k]; r.Open {
			scans = append(scans, r)
		}
	}
	switch len(scans) {
	case 0:
		err = out.straight(d)
	case 1:
		if err = out.scanned(d, scans[0]); scans[0].Symbol != "" {
			err = fmt.Errorf("%s has an open number of steps", open.Name())
		}
	default:
		err = fmt.Errorf("%s has two scans; one can be derived for every n", open.Name())
	}
	if err == nil {
		err = out.names(open)
	}
	if err == nil {
		err = d.err
	}
	return out, err
}

// names finds the symbols that occur and the least n.
func (out *derivation) names(open *program.Program) error {
	all := open.Symbols()
	for _, r := range out.rows {
		for _, s := range append(r.gates.symbols(), r.wires.symbols()...) {
			for _, name := range []string{s, strings.TrimPrefix(s, "2^")} {
				if v, ok := all[name]; ok && name != "n" {
					out.symbols[name] = v.Int64()
				}
			}
		}
	}
	named, formulas := false, false
	for id := range open.Nodes() {
		n := &open.Nodes()[id]
		formulas = formulas || n.Count != nil && inN(n.Count) || n.Most != nil && inN(n.Most)
		for _, dim := range n.Shape {
			named = named || dim.Name == "n" && !dim.Open()
		}
		out.from = max(out.from, int64(n.Least))
		// Of two candidates one comparison tells which is the greater, and there is no conjunction.
		if (n.Op == program.OpArgMax || n.Op == program.OpMaxStep) && n.Shape[len(n.Shape)-1].Open() {
			out.from = max(out.from, 3)
		}
	}
	for _, rep := range open.Repeats() {
		if !rep.Open {
			continue
		}
		for _, state := range rep.States {
			for k, id := range state { // what comes after the scan may be made otherwise for a one-hot state
				if open.Nodes()[id].OneHot != open.Nodes()[rep.States[rep.Count][k]].OneHot {
					out.from = max(out.from, int64(rep.Count))
				}
			}
		}
	}
	if named && formulas {
		return fmt.Errorf("%s has a dimension n of a fixed size, and formulas in n", open.Name())
	}
	return nil
}

// inN reports whether n occurs in a formula of the program.
func inN(of fmt.Stringer) bool {
	p, err := read(of.String())
	return err != nil || p.degree() > 0
}

func (out *derivation) add(r row) {
	out.rows = append(out.rows, r)
	out.gates = sum(out.gates, product(r.gates, r.copies))
	out.wires = sum(out.wires, product(r.wires, r.copies))
	out.weight = sum(out.weight, product(r.weight, r.copies))
	out.most = sum(out.most, r.most)
}

// straight derives a program in which each operation stands once.
func (out *derivation) straight(d *deriver) error {
	for id := range d.open.Nodes() {
		n := &d.open.Nodes()[id]
		d.derive(n, n.Args)
	}
	depth := 0
	for _, o := range d.open.Results() {
		mark(d.values[o.Value].views)
		depth = max(depth, d.values[o.Value].level())
		out.outputs = append(out.outputs, d.output(o.Name, o.Value))
	}
	out.depth = number(int64(depth))
	for at := range d.values {
		r := d.row(at)
		r.shares = d.values[at].shares
		out.add(r)
	}
	return d.err
}

// scanned derives a program with a scan: a row for each operation before it, of the first copy, of the others, and
// after it.
func (out *derivation) scanned(d *deriver, rep *program.Repeated) error {
	s, err := d.scan(rep)
	if err != nil {
		return err
	}
	period, err := s.run()
	if err != nil {
		return err
	}
	body := func(t int) []int { return s.copies[t].values }
	after := func(t int) []int { return s.copies[t].after }
	s.together(body)
	s.together(after)
	n, first := symbol("n"), 0
	if rep.Count > 1 { // the first copy is often cheaper
		n, first = n.less(number(1)), 1
	}
	rows := s.numbers(first)
	for at := range len(s.before) {
		r := d.row(at)
		r.shares = s.shared(rows, r.node.ID, at)
		out.add(r)
	}
	if first > 0 {
		for _, at := range body(0) {
			r := d.row(at)
			r.shares = s.shared(rows, r.node.ID, at)
			out.add(r)
		}
	}
	for k := range body(0) {
		out.add(s.rowOf(body, k, first, n, period, rows))
	}
	for k := range after(0) {
		out.add(s.rowOf(after, k, 0, number(1), period, rows))
	}
	out.depth, out.outputs = line(s.depths, period), s.outputs
	return nil
}

// numbers returns for each value the operation in whose row it counts: that of the program, and for all copies of
// the body from one on that of this copy.
func (s *scan) numbers(first int) []int {
	rows := make([]int, len(s.values))
	for at := range rows {
		rows[at] = s.values[at].node.ID
	}
	for _, c := range s.copies[first:] {
		for k, at := range c.values {
			rows[at] = s.of.First + first*s.each + k
		}
	}
	return rows
}

// shared returns the other rows with gates that values use as their own.
func (s *scan) shared(rows []int, own int, values ...int) []int {
	set := map[int]bool{}
	for _, at := range values {
		for _, by := range s.values[at].shares {
			set[rows[by]] = true
		}
	}
	delete(set, own)
	return slices.Sorted(maps.Keys(set))
}

// rowOf returns the row of a place of the copies from one on. Its costs are at least those of each.
func (s *scan) rowOf(places func(t int) []int, k, first int, copies polynomial, period int, rows []int) row {
	out := s.row(places(first)[k])
	out.node = &s.open.Nodes()[rows[places(first)[k]]]
	var levels, values []int
	for t := range s.copies {
		at := places(t)[k]
		levels = append(levels, s.values[at].level())
		if t < first {
			continue
		}
		r := s.row(at)
		out.gates, out.wires = above(out.gates, r.gates), above(out.wires, r.wires)
		out.weight, out.most = above(out.weight, r.weight), above(out.most, r.most)
		out.adds, out.indices = above(out.adds, r.adds), max(out.indices, r.indices)
		out.fanIn, out.counting = above(out.fanIn, r.fanIn), above(out.counting, r.counting)
		values = append(values, at)
	}
	out.copies, out.depth = copies, line(levels, period)
	out.shares = s.shared(rows, out.node.ID, values...)
	return out
}

// row adds up the families that a value makes and an output depends on.
func (d *deriver) row(at int) row {
	v := &d.values[at]
	r := row{
		node: v.node, copies: number(1), adds: number(int64(v.adds)), depth: number(int64(v.level())),
	}
	for _, f := range v.made {
		if !f.live {
			continue
		}
		size := f.size()
		r.gates = sum(r.gates, size)
		r.wires = sum(r.wires, product(size, f.fanIn))
		r.weight = sum(r.weight, product(d.inN(size), f.weight))
		r.most = sum(r.most, f.weight) // at least the greatest
		r.indices = max(r.indices, size.degree())
		r.fanIn = sum(r.fanIn, d.inN(f.fanIn))
		if !f.logic {
			r.counting = sum(r.counting, d.inN(f.fanIn))
		}
	}
	return r
}
