package optimise_test

import (
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/optimise"
)

// BenchmarkOptimise optimises about a million gates: a multiplier made of NORs, and
// layers of threshold gates on shared and on own sums.
func BenchmarkOptimise(b *testing.B) {
	for _, test := range []struct {
		name string
		c    *circuit.Circuit
	}{
		{"nor", norMultiplier(b, 322)},
		{"thresholds", layers(b, 1000, 1000)},
		{"chain", chain(b, 1_000_000)},
	} {
		b.Run(test.name, func(b *testing.B) {
			var r *optimise.Report
			for b.Loop() {
				var err error
				if _, r, err = optimise.Optimise(b.Context(), test.c, optimise.Config{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(r.Before.Size), "gates-before")
			b.ReportMetric(float64(r.After.Size), "gates-after")
			b.ReportMetric(float64(r.Rounds), "rounds")
		})
	}
}

// layers makes a network of threshold gates of eight inputs.
func layers(t testing.TB, width, depth int) *circuit.Circuit {
	b := circuit.NewBuilderSize(width * depth)
	b.Keep()
	row := b.Inputs("x", width)
	choose := seeded(9)
	for range depth {
		next := make([]circuit.Lit, width)
		for i := 0; i < width; i += 4 {
			a := b.Linear()
			for range 8 {
				a.AddLit(circuit.NewInt(int64(choose(9)-4)), row[choose(width)])
			}
			s := a.Sum()
			for k := range 4 {
				next[i+k] = b.Threshold(s, circuit.NewInt(int64(2*k-3)))
			}
		}
		row = next
	}
	b.Output("y", row...)
	return built(t, b)
}

// chain makes a chain of ANDs, each of which reads the one before.
func chain(t testing.TB, n int) *circuit.Circuit {
	b := circuit.NewBuilderSize(n)
	b.Keep()
	x := b.Inputs("x", 100)
	y := b.Majority(x[:3]...)
	for i := range n {
		if i%1000 == 0 {
			y = b.Xor(y, x[i/1000%100])
		} else {
			y = b.And(y, x[i%100].NotIf(i%1000 < 3))
		}
	}
	b.Output("y", y)
	return built(t, b)
}
