package circuit_test

import (
	"fmt"
	"testing"

	"github.com/tc0lab/tc0/circuit"
)

// Unmarked lists each sum once, after those that it reads.
func TestUnmarked(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 4)
	one := circuit.NewInt(1)
	p := b.Sum(circuit.Weigh(1, x[0]), circuit.Weigh(2, x[1]))
	q := b.Sum(circuit.Weigh(3, x[2]), circuit.Term{Weight: one, Of: p})
	r := b.Sum(circuit.Weigh(5, x[3]), circuit.Term{Weight: one, Of: q}, circuit.Term{Weight: one, Of: p})
	other := b.Sum(circuit.Weigh(7, x[3]), circuit.Weigh(2, x[0]))
	for _, s := range []circuit.Sum{r, other} {
		b.Output(fmt.Sprint("y", b.Len()), b.Threshold(s, circuit.NewInt(6)))
	}
	c := built(t, b)
	id := func(s circuit.Sum) circuit.SumID {
		ref, _, _ := s.Parts()
		return ref.Sum()
	}
	marked := make([]bool, c.SumCount())
	for _, test := range []struct {
		of   circuit.SumID
		want []circuit.SumID
	}{
		{id(q), []circuit.SumID{id(p), id(q)}},
		{id(r), []circuit.SumID{id(r)}},
		{id(p), nil},
		{id(other), []circuit.SumID{id(other)}},
	} {
		if got := c.Unmarked(test.of, marked); fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("Unmarked(%d) = %v, want %v", test.of, got, test.want)
		}
	}
}
