package analysis_test

import (
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// A circuit of 10 gates on level 1, 3 on level 2 and 1 on level 3.
func TestParallel(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 12)
	var first, second []circuit.Lit
	for i := range 10 {
		first = append(first, b.And(x[i], x[i+1], x[i+2]))
	}
	for i := range 3 {
		second = append(second, b.Or(first[3*i:3*i+4]...))
	}
	b.Output("y", b.AtLeast(2, second...))
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	p := analysis.ParallelOf(analysis.Measure(c, gates.Standard()))
	if p.Work != 14 || p.Span != 3 || p.MaxWidth != 10 || p.WidestLevel != 1 || p.Wires != 30+12+3 {
		t.Errorf("%+v", p)
	}
	for _, test := range []struct{ processors, time, least, most int }{
		{1, 14, 14, 14}, {2, 5 + 2 + 1, 7, 8}, {3, 4 + 1 + 1, 5, 6}, {4, 3 + 1 + 1, 4, 5}, {10, 3, 3, 4}, {1000, 3, 3, 3},
	} {
		least, most := p.Brent(test.processors)
		if got := p.Time(test.processors); got != test.time || least != test.least || most != test.most {
			t.Errorf("%d processors: %d in %d..%d, want %d in %d..%d", test.processors, got, least, most, test.time, test.least, test.most)
		}
		if got := p.Time(test.processors); got < least {
			t.Errorf("%d processors: %d is below %d", test.processors, got, least)
		}
	}
	// The greatest speed-up is 14/3, and half of it 2.33: three processors have 14/6.
	if p.HalfWidth != 3 || p.Latency(2.5) != 7.5 {
		t.Errorf("half at %d, latency %v", p.HalfWidth, p.Latency(2.5))
	}
}
