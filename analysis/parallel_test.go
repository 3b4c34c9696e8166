package analysis_test

import (
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/problem"
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
		{1, 14, 14, 14},
		{2, 5 + 2 + 1, 7, 8},
		{3, 4 + 1 + 1, 5, 6},
		{4, 3 + 1 + 1, 4, 5},
		{10, 3, 3, 4},
		{1000, 3, 3, 3},
	} {
		least, most := p.Brent(test.processors)
		if got := p.Time(test.processors); got != test.time || least != test.least || most != test.most {
			t.Errorf("%d processors: %d in %d..%d, want %d in %d..%d",
				test.processors, got, least, most, test.time, test.least, test.most)
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

// In every depth model the schedule level by level is within Brent's bounds, and no speed-up
// is greater than work over span.
func TestParallelInEveryDepthModel(t *testing.T) {
	for _, spec := range []string{"sudoku:n=2", "rule110:n=12,steps=6", "addition:n=4", "multiplication:n=6", "parity:n=9,kind=gate"} {
		s, err := problem.Parse(spec)
		if err != nil {
			t.Fatal(err)
		}
		c, err := s.Circuit()
		if err != nil {
			t.Fatal(err)
		}
		for _, model := range gates.DepthModels() {
			p := analysis.ParallelOf(analysis.Measure(c, model))
			if len(p.Width) != p.Span || p.Span == 0 && p.Work != 0 {
				t.Errorf("%s, %s: %d levels, span %d, work %d", spec, model.Name, len(p.Width), p.Span, p.Work)
			}
			for processors := 1; processors < 5000; processors = processors*3/2 + 1 {
				least, most := p.Brent(processors)
				if time := p.Time(processors); time < least || time > most {
					t.Errorf("%s, %s: %d processors take %d, outside %d..%d",
						spec, model.Name, processors, time, least, most)
				}
				if p.Span > 0 && p.Speedup(processors) > p.Parallelism+1e-9 {
					t.Errorf("%s, %s: speed-up %v of %v", spec, model.Name, p.Speedup(processors), p.Parallelism)
				}
			}
		}
	}
}
