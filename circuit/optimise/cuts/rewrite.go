package cuts

// choice is a structure for a cut.
type choice struct {
	cut  cut
	form form
	with *structure // nil: the function is a leaf or a constant
	gain int
}

// rewrite puts the structure in the place of an AND that saves the most, if any saves something.
func (g *Graph) rewrite(node uint32, required int32) Lit {
	known, forms := structures(), allClasses().forms
	var best choice
	for _, c := range g.cuts[node] {
		saved := g.saved(node, &c)
		if saved <= best.gain {
			continue
		}
		f := forms[c.table]
		if _, ok := c.literal(); ok {
			best = choice{c, f, nil, saved}
			continue
		}
		inputs := c.inputs(f)
		list := known[f.class]
		for i := range list {
			if made, ok := g.price(node, &list[i], inputs, saved-best.gain-1, required); ok {
				best = choice{c, f, &list[i], saved - made}
			}
		}
	}
	if best.gain == 0 {
		return Lit(node << 1)
	}
	first := g.Len()
	is, ok := best.cut.literal()
	if !ok {
		is = g.build(best.with, best.cut.inputs(best.form)) ^ Lit(best.form.flip)
	}
	a, b := g.fanin[node][0], g.fanin[node][1]
	g.dead[node], g.cuts[node] = true, nil
	g.Alias(node, is, a, b)
	for n := g.Len() - 1; n >= first; n-- { // of ANDs that folded away what was made for them
		if g.Refs[n] == 0 && !g.dead[n] {
			g.Refs[n]++
			g.drop(Lit(n << 1))
		}
	}
	return is
}

// literal returns the function of a cut if it is a constant or a leaf.
func (c *cut) literal() (Lit, bool) {
	switch c.table {
	case 0:
		return 0, true
	case 0xffff:
		return 1, true
	}
	for i, leaf := range c.leaves[:c.n] {
		switch c.table {
		case Inputs[i]:
			return Lit(leaf << 1), true
		case ^Inputs[i]:
			return Lit(leaf<<1 | 1), true
		}
	}
	return 0, false
}

// inputs returns the inputs of a structure of the class: the leaves, in order and complemented as the
// form says. An input that does not matter is 0.
func (c *cut) inputs(f form) (in [4]Lit) {
	for j, i := range f.order {
		if i < c.n {
			in[j] = Lit(c.leaves[i]<<1) | Lit(f.phase>>j&1)
		}
	}
	return in
}

// saved returns how many ANDs are not needed without a node, down to the leaves of a cut, and marks
// them.
func (g *Graph) saved(node uint32, c *cut) int {
	for _, leaf := range c.leaves[:c.n] {
		g.Refs[leaf]++
	}
	g.stamp++
	count := g.release(node)
	g.reclaim(node)
	for _, leaf := range c.leaves[:c.n] {
		g.Refs[leaf]--
	}
	return count
}

// release takes back that a node reads others, as if nothing read it, and that those read others which
// nothing else reads, up to the leaves of a cut; reclaim undoes that.
func (g *Graph) release(node uint32) int {
	g.mark[node] = g.stamp
	count := 1
	for _, l := range g.fanin[node] {
		n := l.Node()
		if g.Refs[n]--; g.Refs[n] == 0 && g.isAnd(n) {
			count += g.release(n)
		}
	}
	return count
}

func (g *Graph) reclaim(node uint32) {
	for _, l := range g.fanin[node] {
		n := l.Node()
		if g.Refs[n] == 0 && g.isAnd(n) {
			g.reclaim(n)
		}
		g.Refs[n]++
	}
}

// mostAnds is the greatest number of ANDs of a structure.
const mostAnds = 16

// price returns how many ANDs a structure would take in the place of a node, those that it keeps of
// the marked ones with it. It reports false if that is more than most, or too late.
func (g *Graph) price(node uint32, s *structure, in [4]Lit, most int, required int32) (made int, ok bool) {
	const fresh = ^Lit(0) // an AND that is not there
	var lits [4 + mostAnds]Lit
	var levels [4 + mostAnds]int32
	copy(lits[:], in[:])
	for i, l := range in {
		levels[i] = g.Level[l.Node()]
	}
	for i, and := range s.ands {
		a, b := lits[and[0]>>1], lits[and[1]>>1]
		level := max(levels[and[0]>>1], levels[and[1]>>1]) + g.Cost
		l := fresh
		if a != fresh && b != fresh {
			a, b = a^Lit(and[0]&1), b^Lit(and[1]&1)
			if is, ok := folded(a, b); ok {
				l = is
			} else if n := g.find(a, b); n != 0 {
				l = Lit(n << 1)
			} else if n := g.plannedAs(a, b); n != 0 {
				lits[4+i], levels[4+i] = Lit(n<<1), level
				continue
			}
		}
		switch {
		case l == fresh:
			made++
		case l.Node() == node:
			return 0, false
		default:
			level = g.Level[l.Node()]
			if g.mark[l.Node()] == g.stamp { // it stays; a leaf is not marked
				made++
			}
		}
		if made > most {
			return 0, false
		}
		lits[4+i], levels[4+i] = l, level
	}
	return made, levels[3+len(s.ands)] <= max(required, g.Level[node])
}

// build makes a structure.
func (g *Graph) build(s *structure, in [4]Lit) Lit {
	var lits [4 + mostAnds]Lit
	copy(lits[:], in[:])
	for i, and := range s.ands {
		lits[4+i] = g.make(lits[and[0]>>1]^Lit(and[0]&1), lits[and[1]>>1]^Lit(and[1]&1))
	}
	return lits[3+len(s.ands)] ^ Lit(s.flip)
}
