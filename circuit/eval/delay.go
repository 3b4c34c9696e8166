package eval

import "slices"

// delay moves steps to just before the first step that reads them, so that fewer values live at one time. What they
// read lives longer then, if nothing else reads it so late. It is worth that if its readers are so many that a step has
// less than one value to itself: a conjunction of inputs is moved, or one of many comparisons of a sum, and a gate of a
// multiplier is not. So the plan of the shipped model flip-flop has a third of the slots. Where gates come depth first
// there is nothing to move.
func (c *code) delay() {
	place, starts := c.later()
	moved := steps{pages: make([][]instruction, len(c.steps.pages)), count: c.steps.count}
	for i, before := range place {
		to := int(starts[before])
		starts[before]++
		if page := &moved.pages[to/pageSteps]; *page == nil {
			*page = make([]instruction, min(pageSteps, moved.count-to/pageSteps*pageSteps))
		}
		*moved.at(to) = *c.steps.at(i)
		if (i+1)%pageSteps == 0 { // most steps stay near, so that not all pages are there twice
			c.steps.pages[i/pageSteps] = nil
		}
	}
	c.steps = moved
}

// later returns for each step the one before which it is to stand, which is itself if it stays, and for each of these
// how many steps come before all that do.
func (c *code) later() (place, starts []uint32) {
	const never = ^uint32(0)
	readers, last := make([]uint8, c.regs), make([]uint32, c.regs) // last: the place of the last reader
	first := slices.Repeat([]uint32{never}, int(c.regs))
	for i := range c.steps.count {
		c.eachUse(c.steps.at(i), func(r *reg) { readers[*r] = max(readers[*r], readers[*r]+1) }) // 255: or more
	}
	end := uint32(c.steps.count)
	for _, r := range c.output {
		first[r], last[r] = end, end
	}
	place, starts = make([]uint32, end), make([]uint32, end+2)
	for i := int(end) - 1; i >= 0; i-- {
		s := c.steps.at(i)
		at := uint32(i)
		if s.oneResult() && first[s.d] != never {
			to, share := first[s.d], float32(0)
			c.eachUse(s, func(r *reg) {
				if *r != 0 && last[*r] < to {
					share += 1 / float32(readers[*r])
				}
			})
			if share < 1 {
				at = to
			}
		}
		place[i] = at
		starts[at+1]++
		c.eachUse(s, func(r *reg) { first[*r], last[*r] = min(first[*r], at), max(last[*r], at) })
	}
	for i := range end {
		starts[i+1] += starts[i]
	}
	return place, starts
}
