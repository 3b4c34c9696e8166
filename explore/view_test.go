package explore_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/explore"
)

func view(t testing.TB, x *explore.Circuit, s explore.State) *explore.View {
	t.Helper()
	v, err := x.View(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// everything unfolds all that folds, as far as there is room.
func everything(t testing.TB, x *explore.Circuit) *explore.View {
	t.Helper()
	var s explore.State
	for {
		v := view(t, x, s)
		n := len(s.Open)
		for _, it := range v.Items {
			if it.Fold && !slices.Contains(s.Open, it.ID) {
				s.Open = append(s.Open, it.ID)
			}
		}
		if len(s.Open) == n {
			return v
		}
	}
}

// Unfolding an item leaves the others in their columns, and those that share a column in their order.
func TestUnfoldingIsStable(t *testing.T) {
	for name, c := range circuits(t) {
		x := explore.New(c, explore.Options{})
		r := rand.New(rand.NewPCG(8, 9))
		var s explore.State
		before := view(t, x, s)
		for {
			var fold []string
			for _, it := range before.Items {
				if it.Fold {
					fold = append(fold, it.ID)
				}
			}
			if len(fold) == 0 {
				break
			}
			s.Open = append(s.Open, fold[r.IntN(len(fold))])
			after := view(t, x, s)
			stable(t, fmt.Sprintf("%s, unfolding %v", name, s.Open), before, after)
			before = after
		}
		if len(before.Items) < c.Size() {
			t.Errorf("%s: all unfolded, %d items for %d gates", name, len(before.Items), c.Size())
		}
	}
}

func stable(t *testing.T, what string, before, after *explore.View) {
	t.Helper()
	now := map[string]explore.Item{}
	for _, it := range after.Items {
		now[it.ID] = it
	}
	var kept []explore.Item
	for _, it := range before.Items {
		if a, ok := now[it.ID]; ok && it.Kind != "sum" {
			if a.Column != it.Column || a.Span != it.Span || a.X != it.X || a.W != it.W {
				t.Fatalf("%s: %s went from column %d, x %d to column %d, x %d", what, it.ID, it.Column, it.X, a.Column, a.X)
			}
			kept = append(kept, it)
		}
	}
	for _, a := range kept {
		for _, b := range kept {
			share := a.Column < b.Column+b.Span && b.Column < a.Column+a.Span
			if share && a.Y < b.Y && now[a.ID].Y >= now[b.ID].Y {
				t.Fatalf("%s: %s was above %s and is not", what, a.ID, b.ID)
			}
		}
	}
}

// No two shapes overlap, each lies in its frame, and frames lie in frames.
func TestNothingOverlaps(t *testing.T) {
	for name, c := range circuits(t) {
		v := everything(t, explore.New(c, explore.Options{}))
		frames := map[string]explore.Frame{}
		for _, f := range v.Frames {
			frames[f.ID] = f
		}
		for i, a := range v.Items {
			if f, ok := frames[a.Parent]; ok && a.Kind != "sum" &&
				(a.X < f.X || a.X+a.W > f.X+f.W || a.Y < f.Y || a.Y+a.H > f.Y+f.H) {
				t.Fatalf("%s: %s at %d,%d is not in its frame %+v", name, a.ID, a.X, a.Y, f)
			}
			for _, b := range v.Items[:i] {
				if a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H {
					t.Fatalf("%s: %s and %s overlap", name, b.ID, a.ID)
				}
			}
		}
		for _, f := range v.Frames {
			if p, ok := frames[f.Parent]; ok && (f.X <= p.X || f.X+f.W >= p.X+p.W || f.Y <= p.Y || f.Y+f.H >= p.Y+p.H) {
				t.Fatalf("%s: frame %+v is not in %+v", name, f, p)
			}
		}
	}
}

// The wires between items are those of the circuit, counted gate by gate.
func TestEdgesCountTheWires(t *testing.T) {
	for name, c := range circuits(t) {
		x := explore.New(c, explore.Options{})
		for _, v := range []*explore.View{view(t, x, explore.State{}), everything(t, x)} {
			got := map[string]int64{}
			readers := map[string][]string{} // of a sum
			into := map[string]map[string]int64{}
			for _, e := range v.Edges {
				from, to := v.Items[e.From], v.Items[e.To]
				switch {
				case from.Kind == "sum":
					readers[from.ID] = append(readers[from.ID], to.ID)
				case to.Kind == "sum":
					if into[to.ID] == nil {
						into[to.ID] = map[string]int64{}
					}
					into[to.ID][from.ID] = e.Wires
				default:
					got[from.ID+" "+to.ID] += e.Wires
				}
			}
			for z, list := range readers {
				for _, to := range list {
					for from, n := range into[z] {
						if from != to {
							got[from+" "+to] += n
						}
					}
				}
			}
			want := countWires(t, c, x, v)
			for pair, n := range want {
				if got[pair] != n {
					t.Fatalf("%s: %d wires from and to %s, want %d", name, got[pair], pair, n)
				}
			}
			if len(got) != len(want) {
				t.Fatalf("%s: wires between %d pairs of items, want %d", name, len(got), len(want))
			}
		}
	}
}

// countWires counts wires by what the search says of where each gate is.
func countWires(t *testing.T, c *circuit.Circuit, x *explore.Circuit, v *explore.View) map[string]int64 {
	t.Helper()
	shown := map[string]bool{}
	for _, it := range v.Items {
		shown[it.ID] = true
	}
	place := make([]string, c.Len())
	for g := range place {
		hits := x.Search(fmt.Sprintf("g%d", g), 1)
		if len(hits) == 0 {
			continue // the constant
		}
		for _, id := range append(hits[0].Open, hits[0].Item) {
			if shown[id] {
				place[g] = id
			}
		}
	}
	want := map[string]int64{}
	add := func(from circuit.Gate, to string) {
		if place[from] != "" && to != "" && place[from] != to {
			want[place[from]+" "+to]++
		}
	}
	for g := range circuit.Gate(c.Len()) {
		for _, l := range c.Fanin(g) {
			add(l.Gate(), place[g])
		}
		if s, ok := c.ReadsSum(g); ok {
			from, _ := c.Flatten(s)
			for _, f := range from {
				add(f, place[g])
			}
		}
	}
	for i, l := range c.Outputs() {
		hits := x.Search(outputNames(c)[i], 50)
		at := slices.IndexFunc(hits, func(h explore.Hit) bool { return h.Item == fmt.Sprintf("y%d", i) })
		to := ""
		for _, id := range append(hits[at].Open, hits[at].Item) {
			if shown[id] {
				to = id
			}
		}
		add(l.Gate(), to)
	}
	return want
}

func outputNames(c *circuit.Circuit) (names []string) {
	for _, p := range c.OutputPorts() {
		for i := range p.Wires {
			names = append(names, p.WireName(i))
		}
	}
	return names
}

// support returns the gates that come into a sum, each once.
func support(c *circuit.Circuit, s circuit.SumID) []circuit.Gate {
	var list []circuit.Gate
	for _, r := range c.Refs(s) {
		if r.IsSum() {
			list = append(list, support(c, r.Sum())...)
		} else {
			list = append(list, r.Gate())
		}
	}
	slices.SortFunc(list, func(a, b circuit.Gate) int { return cmp.Compare(a, b) })
	return slices.Compact(list)
}

// wide is a circuit of many gates in one stage.
func wide(t testing.TB, n int) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	x := b.Inputs("x", n+1)
	b.Begin("pairs")
	var pairs []circuit.Lit
	for i := range n {
		pairs = append(pairs, b.And(x[i], x[i+1]))
	}
	b.End()
	b.Output("y", b.Or(pairs...))
	return finish(t, b)
}

// A stage of thousands of gates unfolds into blocks, and these to gates, until the view is full.
func TestManyGatesStayWithinTheLimit(t *testing.T) {
	x := explore.New(wide(t, 20000), explore.Options{})
	v := view(t, x, explore.State{Open: []string{"s1"}})
	blocks := 0
	for _, it := range v.Items {
		if it.Kind == "block" && it.Parent == "s1" {
			blocks++
		}
	}
	if blocks < 5 || blocks > 256 || len(v.Full) != 0 {
		t.Fatalf("20000 gates unfold into %d blocks, %v", blocks, v.Full)
	}
	v = everything(t, x)
	if len(v.Items) > explore.MostItems || len(v.Items) < explore.MostItems/2 {
		t.Errorf("%d items in view", len(v.Items))
	}
	if len(v.Full) == 0 || !strings.Contains(v.Full[0], "stays folded") {
		t.Errorf("what stays folded is not named: %v", v.Full)
	}
	hit := x.Search("g39000", 1)
	if len(hit) != 1 {
		t.Fatal("gate 39000 is not found")
	}
	v = view(t, x, explore.State{Open: hit[0].Open, Select: "g39000"})
	if !slices.ContainsFunc(v.Items, func(it explore.Item) bool { return it.ID == "g39000" }) {
		t.Errorf("gate 39000 is not seen with %v unfolded", hit[0].Open)
	}
}

// A filter leaves the gates of the cone, the fan or the longest paths, and items that hold some.
func TestFilters(t *testing.T) {
	c := attention(t)
	x := explore.New(c, explore.Options{})
	all := everything(t, x)
	p, err := x.Path(-1)
	if err != nil {
		t.Fatal(err)
	}
	if p.Depth != 3 || len(p.Gates) != 4 {
		t.Errorf("a longest path of attention is %v, of depth %d", p.Gates, p.Depth)
	}
	for i, g := range p.Gates[1:] {
		if f := circuit.Gate(g); !reads(c, f, circuit.Gate(p.Gates[i])) {
			t.Errorf("the path goes from %d to %d, which does not read it", p.Gates[i], g)
		}
	}
	out := int(c.Outputs()[0].Gate())
	for _, f := range []explore.Filter{
		{Kind: "cone", Gate: out}, {Kind: "cone", Gate: out, Depth: 1}, {Kind: "fan", Gate: int(c.Inputs()[1])}, {Kind: "path"},
	} {
		v := view(t, x, explore.State{Open: all.State.Open, Filter: &f})
		want := map[int]bool{}
		switch f.Kind {
		case "path":
			for _, g := range p.All {
				want[g] = true
			}
		case "cone":
			within(c, f.Gate, f.Depth, want)
		default:
			for g := range c.Len() {
				cone := map[int]bool{}
				within(c, g, 0, cone)
				if cone[f.Gate] {
					want[g] = true
				}
			}
		}
		got := map[int]bool{}
		for _, it := range v.Items {
			if it.Kind == "gate" {
				got[*it.Gate] = true
			}
			if it.In == 0 {
				t.Errorf("%+v: item %s has nothing in it", f, it.ID)
			}
		}
		for g := range c.Len() {
			if got[g] != want[g] {
				t.Errorf("%+v: gate %d is in view: %v, want %v", f, g, got[g], want[g])
			}
		}
	}
}

func reads(c *circuit.Circuit, g, from circuit.Gate) bool {
	if s, ok := c.ReadsSum(g); ok {
		return slices.Contains(support(c, s), from)
	}
	return slices.ContainsFunc(c.Fanin(g), func(l circuit.Lit) bool { return l.Gate() == from })
}

// within marks what a gate reads to a depth.
func within(c *circuit.Circuit, g, depth int, marks map[int]bool) {
	marks[g] = true
	for f := range g {
		if reads(c, circuit.Gate(g), circuit.Gate(f)) {
			if depth == 1 {
				marks[f] = true
			} else {
				within(c, f, max(0, depth-1), marks)
			}
		}
	}
}

// Circuits that have next to nothing can be looked at.
func TestOddCircuits(t *testing.T) {
	empty := circuit.NewBuilder()
	constant := circuit.NewBuilder()
	constant.Output("yes", circuit.True)
	wire := circuit.NewBuilder()
	wire.Output("not", wire.Input("x").Not())
	unread := circuit.NewBuilder()
	unread.Inputs("x", 3)
	unread.InputPort("nothing", circuit.Format{}, 0)
	unread.OutputPort("none", circuit.Format{})
	stages := circuit.NewBuilder()
	stages.Begin("empty")
	stages.End()
	stages.Output("y", stages.Inputs("x", 2)...)
	for name, test := range map[string]struct {
		b     *circuit.Builder
		items []string // once all is unfolded
	}{
		"empty":    {empty, nil},
		"constant": {constant, []string{"g0", "y0"}},
		"wire":     {wire, []string{"g1", "y0"}},
		"unread":   {unread, []string{"g1", "g2", "g3", "p3", "q0"}},
		"stages":   {stages, []string{"g1", "g2", "y0", "y1"}},
	} {
		c := finish(t, test.b)
		x := explore.New(c, explore.Options{})
		v := everything(t, x)
		var items []string
		for _, it := range v.Items {
			items = append(items, it.ID)
		}
		slices.Sort(items)
		if !slices.Equal(items, test.items) {
			t.Errorf("%s: the items are %v, want %v", name, items, test.items)
		}
		s := open(t, c)
		for _, call := range []string{"start", "about", "values", "reset", "paint"} {
			if _, err := s.Do(call, nil); err != nil {
				t.Errorf("%s: %s: %v", name, call, err)
			}
		}
		for _, it := range append(v.Items, view(t, x, explore.State{}).Items...) {
			if answer := s.Answer("item", []byte(`{"item":"`+it.ID+`"}`)); !strings.HasPrefix(string(answer), `{"ok"`) {
				t.Errorf("%s: item %s: %s", name, it.ID, answer)
			}
		}
		if _, err := s.Do("path", []byte(`{"output":-1}`)); err != nil {
			t.Errorf("%s: path: %v", name, err)
		}
	}
}
