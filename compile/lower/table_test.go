package lower

import (
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// Every operation is lowered, and one that makes gates, but a Contract, compares.
func TestTableOfOperationsIsComplete(t *testing.T) {
	all := 0
	for o := program.OpInput; o <= program.OpArgMax; o++ {
		all++
		f, ok := operations[o]
		if !ok || f.lower == nil {
			t.Errorf("%v is not lowered", o)
		}
		if compares := !o.Exact() && o != program.OpContract; compares != (f.compared != nil) {
			t.Errorf("%v compares: %v", o, f.compared != nil)
		}
	}
	if all != len(operations) {
		t.Errorf("%d operations, and %d rows", all, len(operations))
	}
}

// A code answers a comparison by one of its literals.
func TestCodesCompare(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	lits := []literal{{lit: x[0]}, {lit: x[1]}, {lit: x[2]}}
	rising := codeOf(lits, -1, func(i int) int64 { return int64(i + 1) }) // -1, 0, 2, 5
	falling := rising.times(-2, 1)                                        // 3, 1, -3, -9
	for _, test := range []struct {
		of   *code
		t    int64
		want circuit.Lit
	}{
		{rising, -1, circuit.True},
		{rising, 0, x[0]},
		{rising, 1, x[1]},
		{rising, 5, x[2]},
		{rising, 6, circuit.False},
		{falling, 4, circuit.False},
		{falling, 2, x[0].Not()},
		{falling, -3, x[2].Not()},
		{codeOf(nil, 5, nil).times(-2, 1), -9, circuit.True},
	} {
		if got := test.of.atLeast(circuit.NewInt(test.t)).lit; got != test.want {
			t.Errorf("%v at least %d is %v", test.of.values, test.t, got)
		}
	}
}
