package equiv

import (
	"bytes"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/equiv/drat"
	"github.com/tc0lab/tc0/circuit/format/cnf"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// TestMergeTooLong asserts that gates are not merged whose proof takes too many steps, that the rest of the
// proof is one all the same, and that a solver finds what is left.
func TestMergeTooLong(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 6)
	odd, even := x[0], x[5] // the parity, from both ends
	for i := range 5 {
		odd, even = b.Xor(odd, x[i+1]), b.Xor(even, x[4-i])
	}
	b.Output("differ", b.Xor(odd, even))
	m, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	var formula strings.Builder
	if err := cnf.Write(&formula, netlist.Of(m), cnf.Config{Assert: m.Outputs()}); err != nil {
		t.Fatal(err)
	}
	merged := map[int]int{} // by the most branches
	for _, most := range []int{2, deriveBranches} {
		var proof bytes.Buffer
		trace, err := newTrace(&proof, m)
		if err != nil {
			t.Fatal(err)
		}
		trace.derive.most = most
		_, found, err := reduce(t.Context(), m, reduceLanes, 1, nil, trace, silent)
		if err != nil || trace.failure != nil {
			t.Fatal(err, trace.failure)
		}
		merged[most] = found.Merged
		if trace.output != circuit.False {
			if answer, err := trace.rest.ask(t.Context(), solverNamed("gophersat")); err != nil || answer.sat {
				t.Fatalf("%+v, %v", answer, err)
			}
		}
		if err := trace.out.Flush(); err != nil {
			t.Fatal(err)
		}
		if r, err := drat.Check(t.Context(), strings.NewReader(formula.String()), &proof); err != nil || r.Added == 0 {
			t.Errorf("at most %d branches: %+v, %v", most, r, err)
		}
	}
	if merged[2] >= merged[deriveBranches] {
		t.Errorf("pairs that were merged, by the most branches: %v", merged)
	}
}
