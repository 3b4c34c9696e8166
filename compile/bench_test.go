package compile

import (
	"fmt"
	"testing"

	"github.com/tc0lab/tc0/compile/lower"
)

// BenchmarkLower measures how fast attention becomes a circuit.
func BenchmarkLower(b *testing.B) {
	for _, n := range []int{8, 32} {
		b.Run(fmt.Sprintf("attention/n=%d", n), func(b *testing.B) {
			p := instance(b, fmt.Sprintf("attention:n=%d", n)).Program
			gates := 0
			for b.Loop() {
				c, err := lower.Program(p, lower.MinDepth)
				if err != nil {
					b.Fatal(err)
				}
				gates = c.Size()
			}
			b.ReportMetric(float64(gates)*float64(b.N)/b.Elapsed().Seconds(), "gates/s")
		})
	}
}

// BenchmarkReference measures the integer reference, which verification computes
// for every input.
func BenchmarkReference(b *testing.B) {
	p := instance(b, "attention:n=32").Program
	in := make([]int64, len(p.Inputs()))
	for b.Loop() {
		if _, err := p.Reference(in); err != nil {
			b.Fatal(err)
		}
	}
}
