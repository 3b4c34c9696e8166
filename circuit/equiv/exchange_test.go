package equiv_test

import (
	"bytes"
	"io"
	"math/bits"
	"os"
	"path/filepath"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/equiv"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/format/aiger"
	"github.com/tc0lab/tc0/circuit/format/bench"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/compile/problem"
	"github.com/tc0lab/tc0/gates"
)

// design reads a circuit that somebody else made and whose function is known. These are
// not part of the project, and the tests skip where they are absent.
func design(t *testing.T, name string, read func(io.Reader) (*netlist.Design, error)) *netlist.Design {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "conformance", name))
	if err != nil {
		t.Skipf("the conformance circuits are not here: %v", err)
	}
	d, err := read(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// ourCircuit builds the circuit of a problem.
func ourCircuit(t *testing.T, text string) *circuit.Circuit {
	t.Helper()
	spec, err := problem.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	c, err := spec.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// many is how many random inputs large circuits are compared on.
const many = 1 << 17

func sampled(t *testing.T, a, b *circuit.Circuit, cfg equiv.Config) {
	t.Helper()
	cfg.Method, cfg.Inputs, cfg.Seed = equiv.Simulate, many, 1
	e := equivalent(t, a, b, cfg)
	if e.Verdict != equiv.Consistent || e.Random != many {
		t.Fatalf("%v on %d inputs: %+v", e.Verdict, e.Random, e.Difference)
	}
}

// voter.aig, an AIG of depth 70, is one MAJORITY gate.
func TestExchangeVoterIsOneMajorityGate(t *testing.T) {
	d := design(t, "epfl/voter.aig", aiger.Read)
	one := majorityOf(t, 1001)
	if got := d.Circuit.Depth(); got != 70 {
		t.Errorf("depth %d as an AIG, published as 70", got)
	}
	if got := one.Depth(); got != 1 || one.Size() != 1 {
		t.Errorf("%d gates of depth %d", one.Size(), got)
	}
	sampled(t, d.Circuit, one, equiv.Config{})
	// What was tried has every weight near the tie, many times.
	in := eval.NewVectors(1001, many)
	vector.NewCodec(one.InputPorts()).Random(in, 0, 1)
	near := make([]int, 1002)
	for word := range many / 64 {
		var ones [64]int
		for i := range 1001 {
			for x := in.Row(i)[word]; x != 0; x &= x - 1 {
				ones[bits.TrailingZeros64(x)]++
			}
		}
		for _, n := range ones {
			near[n]++
		}
	}
	for w := 495; w <= 507; w++ {
		if near[w] < 100 {
			t.Errorf("%d inputs of weight %d", near[w], w)
		}
	}
}

// adder.aig is the addition in depth 2.
func TestExchangeAdderIsTheAdditionInDepth2(t *testing.T) {
	d := design(t, "epfl/adder.aig", aiger.Read)
	ours := ourCircuit(t, "addition:n=128")
	if d.Circuit.Depth() != 255 || ours.Depth() != 2 {
		t.Errorf("depths %d and %d, want 255 and 2", d.Circuit.Depth(), ours.Depth())
	}
	sampled(t, d.Circuit, ours, equiv.Config{})
}

func TestExchangeTwoCircuitsOfOneFunction(t *testing.T) {
	a, b := design(t, "iscas85/c499.bench", bench.Read), design(t, "iscas85/c1355.bench", bench.Read)
	e := equivalent(t, a.Circuit, b.Circuit, equiv.Config{})
	if e.Verdict != equiv.Proved {
		t.Errorf("%v: %s %+v", e.Verdict, e.How, e.Solvers)
	}
}

// c6288 multiplies; its last two outputs are exchanged.
func TestExchangeMultiplier(t *testing.T) {
	d := design(t, "iscas85/c6288.bench", bench.Read)
	ours := ourCircuit(t, "multiplication:n=16")
	if got := d.Circuit.Levels(gates.NotCounted()).Depth; got != 124 || ours.Depth() != 3 {
		t.Errorf("depths %d and %d, want 124 and 3", got, ours.Depth())
	}
	order := make([]int, 32)
	for i := range order {
		order[i] = i
	}
	order[30], order[31] = 31, 30
	sampled(t, d.Circuit, ours, equiv.Config{OutputOrder: order})
}
