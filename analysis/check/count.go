package check

import (
	"fmt"

	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// count counts a circuit by itself: levels gate by gate, wires from the flattened sums.
func count(c *circuit.Circuit, n int) proof.Check {
	k := proof.Check{N: n}
	shapes := c.Shapes()
	level, sumLevel := make([]int, c.Len()), make([]int, 0, c.SumCount())
	for g := range circuit.Gate(c.Len()) {
		kind := c.Kind(g)
		if kind.IsSource() {
			continue
		}
		shape := shapes.Of(g)
		k.Size++
		k.Wires += int64(shape.FanIn)
		k.Weight = k.Weight.Add(shape.Weight)
		k.MaxWeight = k.MaxWeight.Max(shape.Weight) // of all its wires, as the bound is
		for _, l := range c.Fanin(g) {
			level[g] = max(level[g], level[l.Gate()])
		}
		if s, ok := c.ReadsSum(g); ok {
			for len(sumLevel) <= int(s) { // a sum reads sums and gates made before
				deepest := 0
				for _, r := range c.Refs(circuit.SumID(len(sumLevel))) {
					if r.IsSum() {
						deepest = max(deepest, sumLevel[r.Sum()])
					} else {
						deepest = max(deepest, level[r.Gate()])
					}
				}
				sumLevel = append(sumLevel, deepest)
			}
			level[g] = sumLevel[s]
		}
		if kind != gates.Not && kind != gates.Buf {
			level[g]++
		}
	}
	for _, l := range c.Outputs() {
		k.Depth = max(k.Depth, level[l.Gate()])
	}
	return k
}

func text(k proof.Check) string {
	return fmt.Sprintf("depth %d, %d gates, %d wires, weight %v, heaviest gate %v",
		k.Depth, k.Size, k.Wires, k.Weight, k.MaxWeight)
}
