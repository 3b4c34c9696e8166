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

	fanin [][2]Lit // of ANDs; zero for leaves
	dead  []bool
	cuts  [][]cut
	table

	plan  [][2]Lit // by node of the caller: what it will read, if it is the first to read that
	turn  uint32   // the node of the caller that is made
	early []bool   // by node of the caller: it was made before its turn

	mark    []uint32 // which nodes were counted last
	stamp   uint32
	offer   offer
	scratch []cut
}

// NewGraph returns a graph of n nodes, all leaves so far.
func NewGraph(n int, cost int32) *Graph {
	return &Graph{
		Cost: cost, Level: make([]int32, n), Refs: make([]int32, n),
		fanin: make([][2]Lit, n), dead: make([]bool, n), cuts: make([][]cut, n), mark: make([]uint32, n),
		table: newTable(n), plan: make([][2]Lit, n), early: make([]bool, n),
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

// find returns the AND of two literals, or 0 if there is none, and the node of the caller that will be it, or 0.
func (g *Graph) find(a, b Lit) (there, planned uint32) {
	key := [2]Lit{min(a, b), max(a, b)}
	g.walk(key, func(node uint32) bool {
		if g.fanin[node] == key && !g.dead[node] {
			there = node
			return true
		}
		if g.planned(node) == key && node > g.turn && g.Refs[node] != 0 {
			planned = node
		}
		return false
	})
	return there, planned
}

// planned returns what a node of the caller will read, or zero.
func (g *Graph) planned(node uint32) [2]Lit {
	if int(node) < len(g.plan) {
		return g.plan[node]
	}
	return [2]Lit{}
}

// enter makes a node the AND of two literals, and finds its cuts.
func (g *Graph) enter(node uint32, a, b Lit) {
	key := [2]Lit{min(a, b), max(a, b)}
	g.fanin[node] = key
	g.Level[node] = max(g.Level[a.Node()], g.Level[b.Node()]) + g.Cost
	g.cuts[node] = g.cutsOf(key[0], key[1])
	if g.planned(node) != key { // or it is in the table
		g.put(key, node)
	}
}

// put enters a node in the table, and makes that larger if it is half full.
func (g *Graph) put(key [2]Lit, node uint32) {
	g.place(key, node)
	if 2*g.used <= len(g.slots) {
		return
	}
	g.table = newTable(len(g.slots))
	for n := range uint32(len(g.fanin)) {
		made := g.isAnd(n) && !g.dead[n]
		if made {
			g.place(g.fanin[n], n)
		}
		if key := g.planned(n); key != [2]Lit{} && n > g.turn && !(made && g.fanin[n] == key) {
			g.place(key, n)
		}
	}
}

// Plan says that a node of the caller will be the AND of two literals unless they change before. So
// what comes before it may read it.
func (g *Graph) Plan(node uint32, a, b Lit) {
	key := [2]Lit{min(a, b), max(a, b)}
	if !g.walk(key, func(n uint32) bool { return g.plan[n] == key }) {
		g.plan[node] = key
		g.put(key, node)
	}
}

// make returns the AND of two literals, which is a new node if it has to be. Nothing reads that yet.
func (g *Graph) make(a, b Lit) Lit {
	if l, ok := folded(a, b); ok {
		return l
	}
	node, planned := g.find(a, b)
	if node == 0 && planned != 0 {
		node = planned
		g.early[node] = true
		g.enter(node, a, b)
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
	if old, _ := g.find(a, b); old != 0 {
		return g.Alias(node, Lit(old<<1), a, b)
	}
	g.enter(node, a, b)
	return g.rewrite(node, required)
}
