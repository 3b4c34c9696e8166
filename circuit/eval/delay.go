package eval

import "slices"

// delay moves steps to just before the first step that reads them, so that fewer values live at one time. What they
// read lives longer then, if nothing else reads it so late. It is worth that if its readers are so many that a step has
// less than one value to itself: a conjunction of inputs is moved, or one of many comparisons of a sum, and a gate of a
// multiplier is not. So the plan of the shipped model words has a sixth of the slots.
func (c *code) delay() {
	const never = ^uint32(0)
	readers, last := make([]uint32, c.regs), make([]uint32, c.regs) // last: the place of the last reader
	first := slices.Repeat([]uint32{never}, int(c.regs))
	for i := range c.steps.count {
		c.eachUse(c.steps.at(i), func(r *reg) { readers[*r]++ })
	}
	end := uint32(c.steps.count)
	for _, r := range c.output {
		first[r], last[r] = end, end
	}
	place := make([]uint32, end) // of a step: that of the step before which it stands
	starts := make([]uint32, end+2)
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
	var moved steps
	order := make([]uint32, end)
	for i, at := range place {
		order[starts[at]] = uint32(i)
		starts[at]++
	}
	for _, i := range order {
		moved.add(*c.steps.at(int(i)))
	}
	c.steps = moved
}
