package eval

// allocate drops the steps that nothing reads and replaces registers by slots. A slot is free again
// after the last step that reads it. So there are as many slots as values that live at one time,
// and not as many as gates.
func (c *code) allocate() (slots int) {
	lastUse := c.markUses()
	slotOf := make([]uint32, c.regs)
	var free []uint32
	next := uint32(1)
	take := func(r reg) {
		if n := len(free); n > 0 {
			slotOf[r], free = free[n-1], free[:n-1]
			return
		}
		slotOf[r] = next
		next++
	}
	for _, r := range c.input { // an input that is not read stays at slot 0
		if lastUse[r] != 0 {
			take(r)
		}
	}
	out := 0
	var dying, unread []uint32
	for i := range c.steps {
		if !c.needed(i, lastUse) {
			continue
		}
		dying = dying[:0]
		c.eachUse(i, func(r *reg) {
			if *r != 0 && lastUse[*r] == uint32(i)+1 {
				lastUse[*r] = 0 // once, however often the step reads it
				dying = append(dying, slotOf[*r])
			}
			*r = slotOf[*r]
		})
		// Kernels read a word of every operand before they write that word of a
		// result, so a result may take the slot of an operand. The lists of counts
		// and comparisons are read in several passes, and get slots of their own.
		safe := c.steps[i].op < opAndN || c.steps[i].op == opHalf || c.steps[i].op == opFull
		if safe {
			free = append(free, dying...)
		}
		unread = unread[:0]
		c.eachDef(i, func(r *reg) {
			take(*r)
			if lastUse[*r] == 0 { // one of several results that is not read
				unread = append(unread, slotOf[*r])
			}
			*r = slotOf[*r]
		})
		free = append(free, unread...)
		if !safe {
			free = append(free, dying...)
		}
		c.steps[out] = c.steps[i]
		out++
	}
	c.steps = c.steps[:out]
	for _, list := range [][]reg{c.input, c.output} {
		for i, r := range list {
			list[i] = slotOf[r]
		}
	}
	return int(next)
}

// markUses returns, for each register, 1 + the last step that reads it, 0 if none does, and the
// greatest number if it is an output. A step with a result that is not read is not counted as a
// reader.
func (c *code) markUses() []uint32 {
	last := make([]uint32, c.regs)
	for _, r := range c.output {
		last[r] = ^uint32(0)
	}
	for i := len(c.steps) - 1; i >= 0; i-- {
		if !c.needed(i, last) {
			continue
		}
		c.eachUse(i, func(r *reg) {
			if last[*r] == 0 {
				last[*r] = uint32(i) + 1
			}
		})
	}
	last[0] = ^uint32(0)
	return last
}

func (c *code) needed(i int, lastUse []uint32) bool {
	needed := false
	c.eachDef(i, func(r *reg) { needed = needed || lastUse[*r] != 0 })
	return needed
}
