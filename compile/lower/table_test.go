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

// A one-hot value picks a column of a table. The columns have other jumps, so no literal is one of each.
func TestPickedColumns(t *testing.T) {
	p, row, d := program.New("columns"), program.NewDim("n", 1), program.NewDim("c", 3)
	x, marks := p.Input("x", program.Shape{row}, 2, false), p.Tokens("m", program.Shape{row}, d)
	table := program.NewMatrix(4, 3, func(i, j int) int64 { return int64([]int{i / 2, 7 * i, 5 - i}[j]) })
	p.Output("y", p.Contract("ic,ic->i", marks, p.Lookup(x, table, "c")))
	for _, s := range []Strategy{{Select: true}, {Select: true, Absorb: true}} {
		c, err := Program(p, s)
		if err != nil {
			t.Fatal(err)
		}
		for i := range int64(4) {
			for j := range int64(3) {
				out, err := c.Eval([]bool{i&1 > 0, i&2 > 0, j == 0, j == 1, j == 2})
				if err != nil {
					t.Fatal(err)
				}
				got, err := c.OutputPorts()[0].Format.Decode(out)
				if want := table.Row(int(i))[j]; err != nil || got.Cmp(circuit.NewInt(want)) != 0 {
					t.Errorf("%v: column %d of row %d is %v, %v, want %d", s, j, i, got, err, want)
				}
			}
		}
	}
}
