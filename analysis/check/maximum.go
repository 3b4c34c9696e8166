package check

import "github.com/tc0lab/tc0/compile/program"

// maximum is the rule for a MaxStep and an ArgMax: comparisons of the elements of a row by pairs, and a
// conjunction of those of one element.
func (d *deriver) maximum(n *program.Node, x, v *value) {
	last := len(n.Shape) - 1
	level := d.level(x.kinds)
	row := d.size(n.Shape[last])
	others, jumps := row.less(number(1)), number(1)
	pairs := row.pairs() // each comparison serves both
	if n.Op == program.OpMaxStep {
		jumps = d.digits(n)
		pairs = product(row, others, jumps)
	}
	compared := distinct(x.views, seen(x.views, func(axis int) place {
		if axis == last {
			return along(last + 1)
		}
		return along(axis)
	}))
	compare := &family{
		index: d.indices(n.Shape[:last], pairs), kind: kind{level: level + 1},
		fanIn: literals(compared), weight: sum(x.weight, x.weight), reads: x.views,
	}
	if c := triangle(n, n.Causal); c != nil && c[1] == last && c[0] < last {
		// Position t has t + 1 candidates: Σ (t+1)·t ordered pairs, (n−1)·n·(n+1)/3.
		compare.count = product(row, others, sum(row, number(1)), jumps).over(3)
		if n.Op == program.OpArgMax {
			compare.count = compare.count.over(2)
		}
		for k, dim := range n.Shape[:last] {
			if k != c[0] {
				compare.count = product(compare.count, d.size(dim))
			}
		}
	}
	d.make(compare)
	f := &family{index: d.indices(n.Shape, jumps), triangle: d.asked(n)}
	if dim := n.Shape[last]; !dim.Open() && dim.Size() == 2 { // of one comparison, which is no gate
		f.kind, f.fanIn, f.weight, f.reads = compare.kind, compare.fanIn, compare.weight, compare.reads
		f.borrowed = []view{compare.all(last)}
		d.numbered(f)
	} else {
		f.kind, f.fanIn, f.weight = kind{level + 2, true}, others, d.inN(others)
		f.reads, f.logic = []view{compare.all(last)}, true
		d.make(f)
	}
	d.fresh(n, f.kind, v)
	v.code, v.single, v.views = false, n.Op == program.OpArgMax, []view{f.all(len(n.Shape))}
	if n.Keep != nil || n.Causal != nil {
		clear(v.alike)
	}
	if n.Op == program.OpArgMax {
		v.weight = number(1)
		return
	}
	d.jumps(n, v)
	v.constant = n.Steps.Base != 0
	if n.Steps.Unit() && !n.Func {
		d.binary(n, f, len(n.Steps.At), false, v)
	}
}
