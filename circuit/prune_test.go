package circuit_test

import (
	"slices"
	"testing"

	"github.com/tc0lab/tc0/circuit"
)

// TestPruneByHand removes dead gates and sums, also those that only dead ones read,
// and leaves the rest in order.
func TestPruneByHand(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 4)
	deadGate := b.And(x[0], x[1])
	live := b.Or(x[0], x[1])
	deadSum := b.Sum(circuit.Weigh(2, deadGate), circuit.Weigh(3, x[2]))
	b.Threshold(deadSum, circuit.NewInt(3))
	liveSum := b.Sum(circuit.Weigh(2, live), circuit.Weigh(3, x[2]))
	b.Sum(circuit.Term{Weight: circuit.NewInt(5), Of: liveSum}, circuit.Weigh(1, x[3])) // read by nobody
	top := b.Sum(circuit.Term{Weight: circuit.NewInt(7), Of: liveSum}, circuit.Weigh(1, x[3]))
	ge := b.Threshold(top, circuit.NewInt(15))
	b.Xor(ge, live)
	b.Output("y", ge.Not())
	c := built(t, b)
	p := c.Prune()
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	// The constant, four inputs, the OR and the threshold; the empty sum, 2·or + 3x₂
	// and 7·that + x₃.
	if p.Len() != 7 || p.SumCount() != 3 {
		t.Errorf("%d nodes and %d sums, want 7 and 3", p.Len(), p.SumCount())
	}
	gate, sum := c.Live()
	liveGates, liveSums := 0, 0
	for _, l := range gate {
		if l {
			liveGates++
		}
	}
	for _, l := range sum {
		if l {
			liveSums++
		}
	}
	if liveGates != p.Len() || liveSums != p.SumCount() {
		t.Errorf("%d live gates and %d live sums, pruned to %d and %d", liveGates, liveSums, p.Len(), p.SumCount())
	}
	for v := range 16 {
		if got, want := evalBits(t, p, v), evalBits(t, c, v); got[0] != want[0] {
			t.Errorf("inputs %04b: %v, before %v", v, got, want)
		}
	}
	if diff := circuitDiff(p, p.Prune()); diff != "" {
		t.Errorf("pruning a pruned circuit changes it:\n%s", diff)
	}
}

// TestPruneOfNothingDead asserts that a circuit without dead parts stays what it is.
func TestPruneOfNothingDead(t *testing.T) {
	c := smallCircuit(t)
	if diff := circuitDiff(c.Prune(), c.Prune().Prune()); diff != "" {
		t.Error(diff)
	}
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	b.Begin("part")
	b.Output("y", b.Majority(x...), b.And(x...))
	b.End()
	c = built(t, b)
	if diff := circuitDiff(c, c.Prune()); diff != "" {
		t.Error(diff)
	}
}

// TestPruneUnreadInputs asserts that inputs stay though nothing reads them.
func TestPruneUnreadInputs(t *testing.T) {
	b := circuit.NewBuilder()
	b.Inputs("x", 3)
	b.InputPort("y", circuit.Format{Kind: circuit.OneHot}, 4)
	b.Output("one", circuit.True)
	c := built(t, b)
	p := c.Prune()
	if diff := circuitDiff(c, p); diff != "" {
		t.Error(diff)
	}
}

// TestPruned asserts that a builder prunes in its own memory as the circuit does in new memory.
func TestPruned(t *testing.T) {
	for seed := range uint64(20) {
		for _, all := range []bool{false, true} {
			c, err := randomMirror(seed, false, 200).finish(all)
			if err != nil {
				t.Fatal(err)
			}
			m := randomMirror(seed, false, 200)
			m.outputs(all)
			p, err := m.b.Pruned()
			if err != nil {
				t.Fatal(err)
			}
			if diff := circuitDiff(c.Prune(), p); diff != "" {
				t.Fatalf("seed %d: -in new memory, +in the same:\n%s", seed, diff)
			}
		}
	}
	b := circuit.NewBuilder()
	b.Begin("open")
	if c, err := b.Pruned(); c != nil || err == nil {
		t.Errorf("a stage is open: %v, %v", c, err)
	}
}

// Sweep marks what Live marks, and leaves how often that is read by what is live and by outputs.
func TestSweep(t *testing.T) {
	for seed := range uint64(20) {
		c, err := randomMirror(seed, true, 200).finish(false)
		if err != nil {
			t.Fatal(err)
		}
		gate, sum := make([]uint32, c.Len()), make([]uint32, c.SumCount())
		live, liveSum := make([]bool, c.Len()), make([]bool, c.SumCount())
		c.CountReads(0, 0, gate, sum)
		c.Sweep(gate, sum, live, liveSum)
		wantLive, wantSum := c.Live()
		if !slices.Equal(live, wantLive) || !slices.Equal(liveSum, wantSum) {
			t.Errorf("circuit %d: %v and %v are live, want %v and %v", seed, live, liveSum, wantLive, wantSum)
		}
		reads, sumReads := make([]uint32, c.Len()), make([]uint32, c.SumCount())
		for g := range circuit.Gate(c.Len()) {
			if s, ok := c.ReadsSum(g); ok && live[g] {
				sumReads[s]++
			}
			for _, x := range c.Fanin(g) {
				if live[g] {
					reads[x.Gate()]++
				}
			}
		}
		for s := range circuit.SumID(c.SumCount()) {
			for _, r := range c.Refs(s) {
				if liveSum[s] && r.IsSum() {
					sumReads[r.Sum()]++
				} else if liveSum[s] {
					reads[r.Gate()]++
				}
			}
		}
		for _, x := range c.Outputs() {
			reads[x.Gate()]++
		}
		if !slices.Equal(gate, reads) || !slices.Equal(sum, sumReads) {
			t.Errorf("circuit %d: read %v and %v, want %v and %v", seed, gate, sum, reads, sumReads)
		}
	}
}
