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
		of := &known[f.class]
		g.offers(of, inputs)
		for i := range of.list {
			if made, ok := g.price(node, &of.list[i], saved-best.gain-1, required); ok {
				best = choice{c, f, &of.list[i], saved - made}
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

// offer is what the ANDs of a family are for one cut, as far as they are known. Each is looked up once, however many
// structures have it.
type offer struct {
	of    *family
	ands  []offered // by input, then by AND
	stamp uint32
}

type offered struct {
	lit   Lit
	level int32
	stamp uint32 // it is known if this is that of the offer
	cost  uint8
}

// What an AND costs: nothing if it is there already and stays anyway, 1 if it is made, or would go with the node;
// nothing if the caller will make it; and it cannot be had if it is the node itself.
const (
	costNone = iota
	costOne
	costPlanned
	costNever
)

// fresh is an AND that is not there.
const fresh = ^Lit(0)

// offers begins a cut.
func (g *Graph) offers(of *family, in [4]Lit) {
	o := &g.offer
	if n := 4 + len(of.ands); len(o.ands) < n {
		o.ands = make([]offered, 2*n)
		o.stamp = 0
	}
	if o.stamp++; o.stamp == 0 {
		clear(o.ands)
		o.stamp = 1
	}
	o.of = of
	for i, l := range in {
		o.ands[i].lit, o.ands[i].level = l, g.Level[l.Node()]
	}
}

// price returns how many ANDs a structure would take in the place of a node, those that it keeps of
// the marked ones with it. It reports false if that is more than most, or too late.
func (g *Graph) price(node uint32, s *structure, most int, required int32) (made int, ok bool) {
	o := &g.offer
	level := int32(0)
	for _, at := range s.at {
		p := &o.ands[4+at]
		if p.stamp != o.stamp {
			g.look(node, p, o.of.ands[at])
		}
		level = p.level
		switch p.cost {
		case costPlanned:
			continue
		case costNever:
			return 0, false
		case costOne:
			made++
		}
		if made > most {
			return 0, false
		}
	}
	return made, level <= max(required, g.Level[node])
}

// look finds out what an AND is that would be made in the place of a node.
func (g *Graph) look(node uint32, p *offered, and [2]uint16) {
	o := &g.offer
	x, y := &o.ands[and[0]>>1], &o.ands[and[1]>>1]
	p.stamp, p.lit, p.cost = o.stamp, fresh, costOne
	p.level = max(x.level, y.level) + g.Cost
	if x.lit == fresh || y.lit == fresh {
		return
	}
	a, b := x.lit^Lit(and[0]&1), y.lit^Lit(and[1]&1)
	l, ok := folded(a, b)
	if !ok {
		there, planned := g.find(a, b)
		switch {
		case there != 0:
			l = Lit(there << 1)
		case planned != 0:
			p.lit, p.cost = Lit(planned<<1), costPlanned
			return
		default:
			return
		}
	}
	p.lit, p.level, p.cost = l, g.Level[l.Node()], costNone
	if l.Node() == node {
		p.cost = costNever
	} else if g.mark[l.Node()] == g.stamp { // it stays; a leaf is not marked
		p.cost = costOne
	}
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
