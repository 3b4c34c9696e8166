package circuit

import "slices"

// single is a sum of one gate and one other sum, as a threshold gate that has absorbed a literal reads. If the other
// sum reads that gate, too, its weight there is all that has to be looked up.
type single struct {
	sum    SumID
	inside int64 // the weight of the gate within the other sum, not 0
}

// inside returns the weight of a gate within s, whose numbers are small, by the sums alone whose gates span it.
func (f *flattener) inside(s SumID, g Gate, spans []span) int64 {
	c, n := f.c, f.c.Len()
	if f.marked == nil {
		f.marked = make([]bool, c.SumCount())
	}
	need := append(f.need[:0], s)
	for i := 0; i < len(need); i++ {
		for _, r := range slices.Backward(c.Refs(need[i])) {
			if !r.IsSum() { // the sums stand last
				break
			}
			if t := r.Sum(); spans[t].has(g) && !f.marked[t] {
				f.marked[t] = true
				need = append(need, t)
			}
		}
	}
	if len(need) > 1 {
		slices.Sort(need) // a sum reads earlier sums only
	}
	f.need = need
	f.small[n+int(s)] = 1
	total := int64(0)
	for _, t := range slices.Backward(need) {
		mul := f.small[n+int(t)]
		f.small[n+int(t)], f.marked[t] = 0, false
		refs := c.Refs(t)
		weights, _ := c.SmallWeights(t)
		if at, found := slices.BinarySearch(refs, gateRef(g)); found {
			total += mul * weights[at]
		}
		for i := len(refs) - 1; i >= 0 && refs[i].IsSum(); i-- {
			if spans[refs[i].Sum()].has(g) {
				f.small[n+int(refs[i].Sum())] += mul * weights[i]
			}
		}
	}
	return total
}

// withInside is the shape of a sum of one gate and one other sum, whose shape is known, in which that gate has the
// weight inside. The weights of the sum itself may be great, as those that decide are.
func (sh *Shapes) withInside(s SumID, inside int64) Shape {
	of := &sh.sums[sh.c.Refs(s)[1].Sum()]
	times := sh.c.Weight(s, 1)
	part := times.Mul(NewInt(inside))
	before, now := part.Abs(), part.Add(sh.c.Weight(s, 0)).Abs()
	times = times.Abs()
	most := times.Mul(of.MaxWeight)
	if before.Cmp(most) == 0 && now.Cmp(before) < 0 { // the greatest weight may be that of the gate: look at the others
		return sh.flattened(s, sh.f)
	}
	fanIn := of.FanIn
	if now.IsZero() {
		fanIn--
	}
	return Shape{fanIn, times.Mul(of.Weight).Sub(before).Add(now), most.Max(now)}
}
