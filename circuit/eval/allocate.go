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
	out, now := 0, uint32(0)
	var dying, unread []uint32
	use := func(r *reg) {
		if *r != 0 && lastUse[*r] == now {
			lastUse[*r] = 0 // once, however often the step reads it
			dying = append(dying, slotOf[*r])
		}
		*r = slotOf[*r]
	}
	define := func(r *reg) {
		take(*r)
		if lastUse[*r] == 0 { // one of several results that is not read
			unread = append(unread, slotOf[*r])
		}
		*r = slotOf[*r]
	}
	for i := range c.steps.count {
		s := c.steps.at(i)
		if !c.needed(s, lastUse) {
			continue
		}
		dying, unread, now = dying[:0], unread[:0], uint32(i)+1
		c.eachUse(s, use)
		safe := s.safe()
		if safe {
			free = append(free, dying...)
		}
		c.eachDef(s, define)
		free = append(free, unread...)
		if !safe {
			free = append(free, dying...)
		}
		*c.steps.at(out) = *s
		out++
	}
	c.steps.truncate(out)
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
	now := uint32(0)
	use := func(r *reg) {
		if last[*r] == 0 {
			last[*r] = now
		}
	}
	for i := c.steps.count - 1; i >= 0; i-- {
		if s := c.steps.at(i); c.needed(s, last) {
			now = uint32(i) + 1
			c.eachUse(s, use)
		}
	}
	last[0] = ^uint32(0)
	return last
}

func (c *code) needed(s *instruction, lastUse []uint32) bool {
	switch s.op {
	case opHalf, opFull:
		return lastUse[s.d] != 0 || lastUse[s.e] != 0
	case opFixed, opCount:
		needed := false
		c.eachDef(s, func(r *reg) { needed = needed || lastUse[*r] != 0 })
		return needed
	}
	return lastUse[s.d] != 0
}
