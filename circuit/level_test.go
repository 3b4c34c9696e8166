package circuit_test

import (
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// TestLevelsByHand counts the levels of a small circuit under all the models.
func TestLevelsByHand(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 4)
	and := b.And(x[0], x[1].Not())
	xor := b.Xor(and.Not(), x[2]) // is ¬Xor(and, x₂)
	maj := b.Majority(x[0], x[1], xor)
	s := b.Sum(circuit.Weigh(3, maj), circuit.Weigh(2, and), circuit.Weigh(2, x[3]))
	nested := b.Sum(circuit.Term{Weight: circuit.NewInt(1), Of: s}, circuit.Weigh(1, x[0]))
	ge := b.Threshold(nested, circuit.NewInt(3))
	or := b.Or(ge, xor)
	b.Output("y", or.Not())
	c := built(t, b)
	for _, test := range []struct {
		model                      gates.DepthModel
		and, xor, maj, sum, ge, or uint32
		depth                      int
	}{
		{gates.Standard(), 1, 2, 3, 3, 4, 5, 5},
		// The complements of x₁, of Xor(…) in or, and of the output count; in the
		// sum of maj they do not, since that is no gate.
		{gates.NotCounted(), 2, 3, 4, 4, 5, 6, 7},
		{gates.FreeXor(), 1, 1, 2, 2, 3, 4, 4},
		{gates.MajorityDepth(), 0, 0, 1, 1, 2, 2, 2},
	} {
		l := c.Levels(test.model)
		sum, _ := c.ReadsSum(ge.Gate())
		got := []uint32{
			l.Gate[and.Gate()],
			l.Gate[xor.Gate()],
			l.Gate[maj.Gate()],
			l.Sum[sum],
			l.Gate[ge.Gate()],
			l.Gate[or.Gate()],
		}
		want := []uint32{test.and, test.xor, test.maj, test.sum, test.ge, test.or}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: levels %v, want %v", test.model.Name, got, want)
				break
			}
		}
		if l.Depth != test.depth {
			t.Errorf("%s: depth %d, want %d", test.model.Name, l.Depth, test.depth)
		}
	}
}

// TestParityLevels asserts that a parity is free where XOR is, as a gate of two inputs and as one of
// many, and that no other MOD gate is.
func TestParityLevels(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Inputs("x", 5)
	parity := b.Mod(2, []int64{1}, x...)
	even := b.Mod(2, []int64{0}, parity, x[0])
	third := b.Mod(3, []int64{1}, even, x[1], x[2])
	b.Output("y", b.And(third, x[0]))
	c := built(t, b)
	for _, test := range []struct {
		model gates.DepthModel
		want  [4]uint32
	}{
		{gates.Standard(), [4]uint32{1, 2, 3, 4}},
		{gates.NotCounted(), [4]uint32{1, 2, 3, 4}},
		{gates.FreeXor(), [4]uint32{0, 0, 1, 2}},
		{gates.MajorityDepth(), [4]uint32{0, 0, 0, 0}},
	} {
		l := c.Levels(test.model)
		got := [4]uint32{l.Gate[parity.Gate()], l.Gate[even.Gate()], l.Gate[third.Gate()], uint32(l.Depth)}
		if got != test.want {
			t.Errorf("%s: levels %v, want %v", test.model.Name, got, test.want)
		}
	}
}

// TestBuilderLevel asserts that the levels which the builder tells while it builds
// are those of the finished circuit.
func TestBuilderLevel(t *testing.T) {
	for seed := range uint64(5) {
		m := randomMirror(seed, seed%2 == 1, 0)
		var gateLevel []int
		for range 150 {
			m.step()
			for len(gateLevel) < len(m.lits) { // as they come, so that the cache grows in pieces
				gateLevel = append(gateLevel, m.b.Level(m.lits[len(gateLevel)]))
			}
		}
		lits := m.lits
		c, err := m.finish(true)
		if err != nil {
			t.Fatal(err)
		}
		levels := c.Levels(gates.Standard())
		for i, l := range lits {
			if want := levels.Gate[l.Gate()]; gateLevel[i] != int(want) {
				t.Errorf("seed %d: %v was at level %d, is at %d", seed, l, gateLevel[i], want)
			}
		}
	}
}

// TestConstantsAreFree asserts that a constant costs nothing, complemented or not.
func TestConstantsAreFree(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	b.Output("y", b.And(circuit.True, circuit.False), circuit.True)
	c := built(t, b)
	for _, m := range gates.DepthModels() {
		if got := c.Levels(m).Depth; got != m.Cost[gates.And] {
			t.Errorf("%s: depth %d, want %d", m.Name, got, m.Cost[gates.And])
		}
	}
}
