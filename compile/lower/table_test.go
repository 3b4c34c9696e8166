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

// A code is a chain: it answers a comparison by one of its literals.
func TestCodesAreChains(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	rising := codeOf(x, -1, func(i int) int64 { return int64(i + 1) })     // -1, 0, 2, 5
	falling := rising.times(-2, 1)                                         // 3, 1, -3, -9
	mixed := codeOf(x, 0, func(i int) int64 { return 2 - int64(3*(i%2)) }) // 0, 2, 1, 3
	for _, test := range []struct {
		of   *code
		t    int64
		want circuit.Lit
		ok   bool
	}{
		{rising, -1, circuit.True, true},
		{rising, 0, x[0], true},
		{rising, 1, x[1], true},
		{rising, 5, x[2], true},
		{rising, 6, circuit.False, true},
		{falling, 4, circuit.False, true},
		{falling, 2, x[0].Not(), true},
		{falling, -3, x[2].Not(), true},
		{mixed, 1, x[0], true},
		{mixed, 2, 0, false},
		{mixed, 3, x[2], true},
		{codeOf(nil, 5, nil).times(-2, 1), -9, circuit.True, true},
	} {
		if got, ok := test.of.AtLeast(circuit.NewInt(test.t)); ok != test.ok || ok && got != test.want {
			t.Errorf("%v at least %d is %v, %v", test.of.Values, test.t, got, ok)
		}
	}
}
