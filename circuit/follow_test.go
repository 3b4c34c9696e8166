package circuit_test

import (
	"slices"
	"testing"

	"github.com/tc0lab/tc0/circuit"
)

// staged has stages within stages, one without gates, one that is returned to, an input
// within a stage and ports without wires.
func staged(t testing.TB) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	x := b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, 3)
	b.InputPort("none", circuit.Format{}, 0)
	b.Begin("attention")
	y := b.Input("y")
	b.Begin("empty")
	b.End()
	b.Begin("scores")
	inner := b.And(x[0], y)
	b.End()
	b.End()
	root := b.Or(inner, x[1])
	b.Begin("attention")
	b.Begin("scores")
	again := b.Xor(root, x[2])
	b.End()
	outer := b.Nand(again, y)
	b.End()
	b.Begin("scores") // another one: its parent is the root
	other := b.Majority(outer, root, x[0])
	b.End()
	b.OutputPort(
		"z",
		circuit.Format{Kind: circuit.Thermometer, Offset: circuit.NewInt(-1)},
		other,
		again.Not(),
		circuit.True,
	)
	b.OutputPort("nothing", circuit.Format{}, nil...)
	b.Output("y", y)
	return built(t, b)
}

func stages(c *circuit.Circuit) (all []circuit.Stage) {
	for id := range circuit.StageID(c.StageCount()) {
		all = append(all, c.Stage(id))
	}
	return all
}

// TestFollow remakes a circuit gate by gate, with other gates in the place of its own:
// the stages are those of the first one, under the same ids, and the ports are the same.
func TestFollow(t *testing.T) {
	c := staged(t)
	b := circuit.NewBuilder()
	b.Keep()
	f := b.Follow(c)
	f.Inputs()
	lits := f.Lits
	made := b.Made()
	for g := range circuit.Gate(c.Len()) {
		if c.Kind(g).IsSource() {
			continue
		}
		f.Enter(c.StageOf(g))
		lits[g] = b.Buf(circuit.True)
		if got, want := made.StageOf(lits[g].Gate()), c.StageOf(g); got != want {
			t.Errorf("gate %d was in stage %d %q and is in %d", g, want, c.StagePath(want), got)
		}
	}
	f.Outputs()
	d := built(t, b) // it fails if a stage is left open
	if got, want := stages(d), stages(c); !slices.Equal(got, want) {
		t.Errorf("stages %v, want %v", got, want)
	}
	for side, ports := range [2][2][]circuit.Port{
		{c.InputPorts(), d.InputPorts()},
		{c.OutputPorts(), d.OutputPorts()},
	} {
		if len(ports[0]) != len(ports[1]) {
			t.Fatalf("side %d has %d ports, want %d", side, len(ports[1]), len(ports[0]))
		}
		for i, p := range ports[0] {
			q := ports[1][i]
			if p.Name != q.Name || p.Format.Kind != q.Format.Kind || p.Format.Offset.Cmp(q.Format.Offset) != 0 ||
				len(p.Wires) != len(q.Wires) {
				t.Errorf(
					"port %q of %d wires, %+v, has become %q of %d, %+v",
					p.Name,
					len(p.Wires),
					p.Format,
					q.Name,
					len(q.Wires),
					q.Format,
				)
				continue
			}
			for k, l := range p.Wires {
				want := lits[l.Gate()].NotIf(l.IsComplement())
				if q.Wires[k] != want || side == 0 && c.StageOf(l.Gate()) != d.StageOf(q.Wires[k].Gate()) {
					t.Errorf("wire %d of port %q is %v, want %v", k, p.Name, q.Wires[k], want)
				}
			}
		}
	}
}

// TestFollowWithin asserts that stages are within the one that is open, continue what has
// their names there, and are made only when they are entered.
func TestFollowWithin(t *testing.T) {
	c := staged(t) // 1 attention, 2 attention/empty, 3 attention/scores, 4 scores
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Inputs("x", 2)
	b.Begin("copy")
	b.Begin("scores")
	mine := b.And(x...)
	b.End()
	f := b.Follow(c)
	var got []string
	for _, id := range []circuit.StageID{3, 3, 1, 4, 0, 3, 0} {
		f.Enter(id)
		l := b.And(x...)
		got = append(got, b.Made().StagePath(b.Made().StageOf(l.Gate())))
	}
	b.End()
	c = built(t, b)
	want := []string{
		"copy/attention/scores",
		"copy/attention/scores",
		"copy/attention",
		"copy/scores",
		"copy",
		"copy/attention/scores",
		"copy",
	}
	if !slices.Equal(got, want) {
		t.Errorf("stages %q, want %q", got, want)
	}
	if got := c.StagePath(c.StageOf(mine.Gate())); got != "copy/scores" || c.StageCount() != 5 {
		t.Errorf("%d stages, the gate made before is in %q; want 5 and copy/scores", c.StageCount(), got)
	}
}
