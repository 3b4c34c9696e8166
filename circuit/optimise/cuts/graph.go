package cuts

// Lit is a node, or its complement: node<<1 | complement. Node 0 is the constant false.
type Lit uint32

// Node returns the node of a literal.
func (l Lit) Node() uint32 { return uint32(l >> 1) }

// Graph is a graph of ANDs of two literals over leaves. The caller numbers its own nodes from 1 on,
// in the order in which they read each other, and makes them in that order; the graph adds nodes.
type Graph struct {
	Cost  int32   // what an AND adds to the level
	Level []int32 // by node
	Refs  []int32 // by node: how many read it; the caller fills in those of its own nodes

	fanin   [][2]Lit // of ANDs; zero for leaves
	dead    []bool
	cuts    [][]cut
	slots   []uint32 // a hash table of the ANDs by what they read; 0 is free
	entered int      // with those that are dead

	planned map[[2]Lit]uint32 // nodes of the caller that are not made yet, by what they read
	turn    uint32            // the node of the caller that is made
	early   []bool            // by node of the caller: it was made before its turn

	mark    []uint32 // which nodes were counted last
	stamp   uint32
	scratch []cut
}

// NewGraph returns a graph of n nodes, all leaves so far.
func NewGraph(n int, cost int32) *Graph {
	return &Graph{
		Cost: cost, Level: make([]int32, n), Refs: make([]int32, n),
		fanin: make([][2]Lit, n), dead: make([]bool, n), cuts: make([][]cut, n), mark: make([]uint32, n),
		slots: make([]uint32, 1<<10), planned: map[[2]Lit]uint32{}, early: make([]bool, n),
	}
}

// Len returns the number of nodes.
func (g *Graph) Len() int { return len(g.fanin) }

// Fanin returns the literals that a node reads that is an AND.
func (g *Graph) Fanin(node uint32) [2]Lit { return g.fanin[node] }

// Early reports whether a node of the caller was made before its turn, as an AND, since others read it.
// It must not be made again.
func (g *Graph) Early(node uint32) bool { return g.early[node] }

// Dead reports whether a node was an AND and is not needed any more.
func (g *Graph) Dead(node uint32) bool { return g.dead[node] }

func (g *Graph) isAnd(node uint32) bool { return g.fanin[node] != [2]Lit{} }

// folded returns the AND of two literals if that is one of them or a constant.
func folded(a, b Lit) (Lit, bool) {
	switch {
	case a == 0 || b == 0 || a == b^1:
		return 0, true
	case a == 1 || a == b:
		return b, true
	case b == 1:
		return a, true
	}
	return 0, false
}

func hash(a, b Lit) uint32 {
	h := (uint64(a)<<32 | uint64(b)) * 0x9E3779B97F4A7C15
	return uint32(h >> 32)
}

// find returns the AND of two literals, the lesser first, or 0 if there is none.
func (g *Graph) find(a, b Lit) uint32 {
	if a > b {
		a, b = b, a
	}
	mask := uint32(len(g.slots) - 1)
	for slot := hash(a, b) & mask; ; slot = (slot + 1) & mask {
		node := g.slots[slot]
		if node == 0 || g.fanin[node] == [2]Lit{a, b} && !g.dead[node] {
			return node
		}
	}
}

// enter makes a node the AND of two literals, and finds its cuts.
func (g *Graph) enter(node uint32, a, b Lit) {
	if a > b {
		a, b = b, a
	}
	g.fanin[node] = [2]Lit{a, b}
	g.Level[node] = max(g.Level[a.Node()], g.Level[b.Node()]) + g.Cost
	g.cuts[node] = g.cutsOf(a, b)
	if g.entered++; 2*g.entered > len(g.slots) {
		g.slots, g.entered = make([]uint32, 2*len(g.slots)), 0
		for n := range uint32(len(g.fanin)) {
			if n != node && g.isAnd(n) && !g.dead[n] {
				g.place(n)
				g.entered++
			}
		}
		g.entered++
	}
	g.place(node)
}

func (g *Graph) place(node uint32) {
	mask := uint32(len(g.slots) - 1)
	slot := hash(g.fanin[node][0], g.fanin[node][1]) & mask
	for g.slots[slot] != 0 {
		slot = (slot + 1) & mask
	}
	g.slots[slot] = node
}

// Plan says that a node of the caller will be the AND of two literals unless they change before. So
// what comes before it may read it.
func (g *Graph) Plan(node uint32, a, b Lit) {
	key := [2]Lit{min(a, b), max(a, b)}
	if g.planned[key] == 0 {
		g.planned[key] = node
	}
}

// plannedAs returns the node of the caller that will be the AND of two literals, or 0.
func (g *Graph) plannedAs(a, b Lit) uint32 {
	n := g.planned[[2]Lit{min(a, b), max(a, b)}]
	if n == 0 || n <= g.turn || g.Refs[n] == 0 {
		return 0
	}
	return n
}

// make returns the AND of two literals, which is a new node if it has to be. Nothing reads that yet.
func (g *Graph) make(a, b Lit) Lit {
	if l, ok := folded(a, b); ok {
		return l
	}
	node := g.find(a, b)
	if node == 0 {
		if node = g.plannedAs(a, b); node != 0 {
			g.early[node] = true
			g.enter(node, a, b)
		}
	}
	if node == 0 {
		node = uint32(len(g.fanin))
		g.Level, g.Refs = append(g.Level, 0), append(g.Refs, 0)
		g.fanin, g.dead = append(g.fanin, [2]Lit{}), append(g.dead, false)
		g.cuts, g.mark = append(g.cuts, nil), append(g.mark, 0)
		g.enter(node, a, b)
		g.Refs[a.Node()]++
		g.Refs[b.Node()]++
	}
	return Lit(node << 1)
}

// drop takes back that something reads a literal. ANDs that nothing reads then are dead.
func (g *Graph) drop(l Lit) {
	todo := append(make([]uint32, 0, 8), l.Node())
	for len(todo) > 0 {
		node := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if g.Refs[node]--; g.Refs[node] == 0 && g.isAnd(node) {
			g.dead[node], g.cuts[node] = true, nil
			todo = append(todo, g.fanin[node][0].Node(), g.fanin[node][1].Node())
		}
	}
}

// Alias says that a node of the caller, which reads what is given, is a literal that is there.
func (g *Graph) Alias(node uint32, is Lit, reads ...Lit) Lit {
	g.Refs[is.Node()] += g.Refs[node]
	g.Refs[node] = 0
	for _, l := range reads {
		g.drop(l)
	}
	return is
}

// And makes a node of the caller the AND of two literals, and returns the literal that is that AND
// then: the node, an older one, or a new one that takes fewer nodes. Its level is at most required,
// unless that of the AND is greater anyway.
func (g *Graph) And(node uint32, a, b Lit, required int32) Lit {
	g.turn = node
	if l, ok := folded(a, b); ok {
		return g.Alias(node, l, a, b)
	}
	if old := g.find(a, b); old != 0 {
		return g.Alias(node, Lit(old<<1), a, b)
	}
	g.enter(node, a, b)
	return g.rewrite(node, required)
}
