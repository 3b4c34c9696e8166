package circuit

import "github.com/tc0lab/tc0/gates"

// Live marks the gates and sums that an output depends on. Inputs and the constant
// are live always.
func (c *Circuit) Live() (gate, sum []bool) {
	gate, sum = make([]bool, c.Len()), make([]bool, c.SumCount())
	gate[0], sum[0] = true, true
	for _, g := range c.inputs {
		gate[g] = true
	}
	for _, p := range c.outs {
		for _, x := range p.Wires {
			gate[x.Gate()] = true
		}
	}
	// A gate's users come after it, and a sum's users are either later sums or
	// gates made later than it. Both lists are gone through backwards in step: when
	// gate g is reached, every sum that reads it is done.
	markRefs := func(s int) {
		if !sum[s] {
			return
		}
		for _, r := range c.Refs(SumID(s)) {
			if r.IsSum() {
				sum[r.Sum()] = true
			} else {
				gate[r.Gate()] = true
			}
		}
	}
	newest := c.newestGates()
	next := c.SumCount() - 1
	for g := c.Len() - 1; g >= 0; g-- {
		for next >= 0 && newest[next] >= uint32(g) {
			markRefs(next)
			next--
		}
		if !gate[g] || c.kind[g].IsSource() {
			continue
		}
		if s, ok := c.ReadsSum(Gate(g)); ok {
			sum[s] = true
			continue
		}
		for _, x := range c.Fanin(Gate(g)) {
			gate[x.Gate()] = true
		}
	}
	return gate, sum
}

// newestGates returns, for each sum, the greatest gate that it or an earlier sum
// reads; a gate that reads the sum is greater.
func (c *Circuit) newestGates() []uint32 {
	newest := make([]uint32, c.SumCount())
	last := uint32(0)
	for s := range newest {
		for _, r := range c.Refs(SumID(s)) {
			if !r.IsSum() {
				last = max(last, uint32(r.Gate()))
			}
		}
		newest[s] = last
	}
	return newest
}

// Prune returns the circuit without the gates and sums that no output depends on.
// Inputs stay.
func (c *Circuit) Prune() *Circuit {
	gate, sum := c.Live()
	newGate, newSum := make([]uint32, c.Len()), make([]uint32, c.SumCount())
	kept, sums, args, terms := uint32(0), uint32(0), 0, 0
	for g := range newGate {
		newGate[g] = kept
		if gate[g] {
			kept++
			args += int(c.first[g+1] - c.first[g])
		}
	}
	for s := range newSum {
		newSum[s] = sums
		if sum[s] {
			sums++
			terms += int(c.sumFirst[s+1] - c.sumFirst[s])
		}
	}
	p := &Circuit{
		kind: make([]gates.Kind, 0, kept), first: make([]uint32, 1, kept+1), args: make([]uint32, 0, args),
		sumFirst: make([]uint32, 1, sums+1), sumFlag: make([]sumFlag, 0, sums),
		sumLo: make([]int64, 0, sums), sumHi: make([]int64, 0, sums),
		termRef: make([]Ref, 0, terms), termWeight: make([]int64, 0, terms),
		bigs: c.bigs, mods: c.mods, stages: c.stages, inputs: make([]Gate, 0, len(c.inputs)),
	}
	mapLit := func(a uint32) uint32 { return newGate[a>>1]<<1 | a&1 }

	for g, keep := range gate {
		if keep {
			p.copyGate(c, Gate(g), mapLit, newSum)
		}
	}
	for s, keep := range sum {
		if !keep {
			continue
		}
		for _, r := range c.Refs(SumID(s)) {
			if r.IsSum() {
				r = sumRef(SumID(newSum[r.Sum()]))
			} else {
				r = gateRef(Gate(newGate[r.Gate()]))
			}
			p.termRef = append(p.termRef, r)
		}
		p.termWeight = append(p.termWeight, c.termWeight[c.sumFirst[s]:c.sumFirst[s+1]]...)
		p.sumFirst = append(p.sumFirst, uint32(len(p.termRef)))
		p.sumFlag = append(p.sumFlag, c.sumFlag[s])
		p.sumLo, p.sumHi = append(p.sumLo, c.sumLo[s]), append(p.sumHi, c.sumHi[s])
	}
	for _, g := range c.inputs {
		p.inputs = append(p.inputs, Gate(newGate[g]))
	}
	p.inPorts, p.outs = mapPorts(c.inPorts, mapLit), mapPorts(c.outs, mapLit)
	return p
}

func (p *Circuit) copyGate(c *Circuit, g Gate, mapLit func(uint32) uint32, newSum []uint32) {
	p.stageAt(Gate(len(p.kind)), c.StageOf(g))
	k := c.kind[g]
	p.kind = append(p.kind, k)
	args := c.args[c.first[g]:c.first[g+1]]
	if k.ReadsSum() {
		p.args = append(p.args, newSum[args[0]])
		p.args = append(p.args, args[1:]...)
	} else {
		for _, a := range args {
			p.args = append(p.args, mapLit(a))
		}
	}
	p.first = append(p.first, uint32(len(p.args)))
}

func mapPorts(ports []Port, mapLit func(uint32) uint32) []Port {
	out := make([]Port, len(ports))
	for i, p := range ports {
		out[i] = Port{p.Name, p.Format, make([]Lit, len(p.Wires))}
		for j, x := range p.Wires {
			out[i].Wires[j] = Lit(mapLit(uint32(x)))
		}
	}
	return out
}
