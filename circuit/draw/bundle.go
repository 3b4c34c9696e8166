package draw

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/circuit"
)

// bundle draws gates that are alike as one shape, which says how many they are and in what they
// differ, if the figure has more gates than [Config.Bundle]. Lines that then have the same ends
// become one.
//
// Gates are alike if they have the same sign, stand in the same stage and column and read the same
// shapes: the thresholds of one sum, the ANDs of one product. Beside a sum, any value of one
// tensor will do. Bundles read by gates count as one shape, so that repeats of several levels
// become bundles level by level.
//
// A coarse figure bundles sums and ports too: those of one tensor, and sums of the same shapes.
func (s *scene) bundle() {
	many := 0
	for i := range s.nodes {
		if s.nodes[i].isGate() {
			many++
		}
	}
	if s.cfg.Bundle < 0 || many <= s.cfg.Bundle {
		return
	}
	b := newBundler(s)
	for b.join() {
	}
	b.rebuild()
	s.dissolve()
}

// isGate reports whether a shape is a gate.
func (n *node) isGate() bool {
	return n.role == roleLogic || n.role == roleParity || n.role == roleThreshold
}

// bundler finds the bundles of a scene.
type bundler struct {
	*scene
	of   []int   // by node: the first of its bundle
	into [][]int // by node: the edges into it
	rank []int   // by node: where it stands if there are no columns
}

func newBundler(s *scene) *bundler {
	n := len(s.nodes)
	b := &bundler{scene: s, of: make([]int, n), into: make([][]int, n), rank: make([]int, n)}
	for i := range b.of {
		b.of[i] = i
	}
	for i := range s.edges {
		b.into[s.edges[i].to] = append(b.into[s.edges[i].to], i)
	}
	for i, rank := range s.ranks {
		for _, n := range rank {
			b.rank[n] = i + 1
		}
	}
	return b
}

// join puts each gate into the bundle of the first gate that is like it and reports whether a gate
// changed its bundle.
func (b *bundler) join() (changed bool) {
	first := map[string]int{}
	for i := range b.nodes {
		if n := &b.nodes[i]; n.path || !n.isGate() && !(b.cfg.coarse && n.canJoin()) {
			continue
		}
		key := b.key(i)
		at, ok := first[key]
		if !ok {
			first[key], at = i, i
		}
		changed = changed || b.of[i] != at
		b.of[i] = at
	}
	return changed
}

// key is what gates that are alike have in common.
func (b *bundler) key(i int) string {
	n := &b.nodes[i]
	if n.role == roleInput || n.role == roleOutput {
		return fmt.Sprintf("%d %q %q", n.role, tensor(n.label), n.cells)
	}
	integer := slices.ContainsFunc(b.into[i], func(e int) bool { return b.edges[e].integer })
	var sources []string
	for _, e := range b.into[i] {
		e := &b.edges[e]
		from := &b.nodes[e.from]
		switch {
		case e.integer || n.role == roleSum:
			sources = append(sources, fmt.Sprintf("sum %d %v", b.of[e.from], e.negative))
		case integer && from.role == roleInput:
			sources = append(sources, "input "+tensor(from.label))
		default:
			sources = append(sources, fmt.Sprintf("%d", b.of[e.from]))
		}
	}
	slices.Sort(sources)
	return fmt.Sprintf("%d %q %d %d %d %s",
		n.role, n.label, n.stage, n.column, b.rank[i], strings.Join(slices.Compact(sources), ","))
}

// canJoin reports whether a shape can be in a bundle of a coarse figure: a sum, or a port that is
// part of a tensor.
func (n *node) canJoin() bool {
	return n.role == roleSum || (n.role == roleInput || n.role == roleOutput) && tensor(n.label) != n.label
}

// tensor is the part of the name of a port before the indices.
func tensor(name string) string {
	if before, _, ok := strings.Cut(name, "["); ok && before != "" {
		return before
	}
	return name
}

// indexRange writes the names of ports of one tensor as one: x[0…1,0] of x[0,0] and x[1,0].
func indexRange(names []string) string {
	name := tensor(names[0])
	lo, hi := map[int]int{}, map[int]int{}
	count := -1
	for _, n := range names {
		index := strings.Split(strings.TrimSuffix(strings.TrimPrefix(n, name+"["), "]"), ",")
		if count >= 0 && len(index) != count {
			return name
		}
		count = len(index)
		for i, word := range index {
			v, err := strconv.Atoi(word)
			if err != nil {
				return name
			}
			if old, ok := lo[i]; !ok || v < old {
				lo[i] = v
			}
			hi[i] = max(hi[i], v)
		}
	}
	words := make([]string, count)
	for i := range words {
		words[i] = strconv.Itoa(lo[i])
		if lo[i] != hi[i] {
			words[i] += "…" + strconv.Itoa(hi[i])
		}
	}
	return name + "[" + strings.Join(words, ",") + "]"
}

// rebuild makes the scene of the bundles.
func (b *bundler) rebuild() {
	s, old := b.scene, b.nodes
	at := s.keep(func(i int) bool { return b.of[i] == i })
	for i := range old {
		if b.of[i] == i {
			continue
		}
		at[i] = at[b.of[i]]
		n := &s.nodes[at[i]]
		n.bounds = append(n.bounds, old[i].bounds...)
		n.more = append(n.more, old[i].id)
		n.names = append(n.names, old[i].label)
	}
	for i := range s.nodes {
		n := &s.nodes[i]
		if len(n.more) == 0 {
			continue
		}
		if n.role == roleInput || n.role == roleOutput {
			n.label = indexRange(append([]string{n.label}, n.names...))
			continue
		}
		n.note = fmt.Sprintf("%d alike: %s, %s", len(n.more)+1, n.id, strings.Join(n.more, ", "))
	}
	s.renumber(at)
	s.mergeEdges()
}

// keep keeps some of the nodes and returns where each is now; −1 for those that went.
func (s *scene) keep(stays func(int) bool) (at []int) {
	old := s.nodes
	s.nodes = nil
	for i := range old {
		if !stays(i) {
			at = append(at, -1)
			continue
		}
		at = append(at, len(s.nodes))
		s.nodes = append(s.nodes, old[i])
	}
	return at
}

// renumber changes the numbers of nodes where the scene has them.
func (s *scene) renumber(at []int) {
	for i := range s.edges {
		e := &s.edges[i]
		e.from, e.to = at[e.from], at[e.to]
	}
	var ordered [][2]int
	for _, p := range s.ordered {
		if p = [2]int{at[p[0]], at[p[1]]}; 0 <= p[0] && 0 <= p[1] && p[0] != p[1] && !slices.Contains(ordered, p) {
			ordered = append(ordered, p)
		}
	}
	s.ordered = ordered
	for i, rank := range s.ranks {
		var now []int
		for _, n := range rank {
			now = append(now, at[n])
		}
		slices.Sort(now)
		s.ranks[i] = slices.Compact(now)
	}
	ends := s.ends
	s.ends = func(g circuit.Gate) (terminal, bool) {
		t, ok := ends(g)
		if ok {
			t.node = at[t.node]
		}
		return t, ok
	}
}

// dissolve leaves out sums that only one line goes into: the line of a bundle. It goes on to the
// readers of the sum, with the weights of the wires there.
func (s *scene) dissolve() {
	for gone := s.single(); gone >= 0; gone = s.single() {
		in := s.edges[slices.IndexFunc(s.edges, func(e edge) bool { return e.to == gone })]
		var edges []edge
		for _, e := range s.edges {
			switch {
			case e.to == gone:
			case e.from == gone:
				edges = append(edges, e.after(&in))
				if to := &s.nodes[e.to]; strings.HasPrefix(to.label, "≥") {
					to.label = "Σ " + to.label // the lines are now its own
				}
			default:
				edges = append(edges, e)
			}
		}
		s.edges = edges
		s.renumber(s.keep(func(i int) bool { return i != gone }))
		s.mergeEdges()
	}
	s.closeColumns()
}

// single finds a sum that can be left out, or returns −1. A sum that stands for several can be only
// if each of them has the weights of all: of several weights before it and several behind, not every
// product need be there.
func (s *scene) single() int {
	into, out := make([][]int, len(s.nodes)), make([][]int, len(s.nodes))
	for i := range s.edges {
		into[s.edges[i].to] = append(into[s.edges[i].to], i)
		out[s.edges[i].from] = append(out[s.edges[i].from], i)
	}
	several := func(i int) bool { return len(distinct(s.edges[i].weights)) > 1 }
	for i := range s.nodes {
		n := &s.nodes[i]
		if n.role != roleSum || n.path || len(into[i]) != 1 || len(out[i]) == 0 {
			continue
		}
		if len(n.more) == 0 || !several(into[i][0]) || !slices.ContainsFunc(out[i], several) {
			return i
		}
	}
	return -1
}

// after is the line that a sum with one line into it passes on.
func (e *edge) after(in *edge) edge {
	to := *in
	to.to, to.toCell = e.to, e.toCell
	to.path = e.path
	if len(e.weights) == 0 { // a gate reads the sum
		return to
	}
	to.weights = nil
	for _, by := range distinct(e.weights) {
		for _, w := range in.weights {
			to.weights = append(to.weights, w.Mul(by))
		}
	}
	to.negative = in.negative != e.negative
	return to
}

// closeColumns leaves out columns between levels in which nothing stands any more.
func (s *scene) closeColumns() {
	if len(s.columns) == 0 {
		return
	}
	used := make([]bool, len(s.columns))
	for i := range s.nodes {
		used[s.nodes[i].column] = true
	}
	at := make([]int, len(s.columns))
	var columns []string
	for i, label := range s.columns {
		at[i] = len(columns)
		if used[i] || label != "" {
			columns = append(columns, label)
		}
	}
	s.columns = columns
	for i := range s.nodes {
		s.nodes[i].column = at[s.nodes[i].column]
	}
}

// mergeEdges moves the lines to new nodes. Lines of bundles that have the same ends and look alike
// become one, which leaves the port as a whole if they leave different wires of it.
func (s *scene) mergeEdges() {
	type look struct {
		from, to, fromCell, toCell          int
		negative, complement, integer, path bool
	}
	old := s.edges
	s.edges = nil
	index := map[look]int{}
	for _, e := range old {
		k := look{e.from, e.to, e.fromCell, e.toCell, e.negative, e.complement, e.integer, e.path}
		if len(s.nodes[e.from].more)+len(s.nodes[e.to].more) > 0 {
			k.fromCell, k.toCell = -1, -1
		}
		i, ok := index[k]
		if !ok {
			index[k] = len(s.edges)
			s.edges = append(s.edges, e)
			continue
		}
		m := &s.edges[i]
		m.weights = append(m.weights, e.weights...)
		m.count += e.count
		if m.fromCell != e.fromCell {
			m.fromCell = -1
		}
		if m.toCell != e.toCell {
			m.toCell = -1
		}
	}
}
