package exchange_test

import (
	"io"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/exchange"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

// BenchmarkWrite measures how fast a circuit of a million ANDs of two inputs is written in the
// formats that are only written.
func BenchmarkWrite(b *testing.B) {
	build := circuit.NewBuilder()
	x := build.Inputs("x", 64)
	const n = 1_000_000
	for i := range n {
		x = append(x, build.And(x[len(x)-1].NotIf(i%3 == 0), x[len(x)-2-i%61]))
	}
	build.Output("y", x[len(x)-1])
	d := netlist.Of(formattest.Built(b, build))
	for _, f := range exchange.Formats() {
		if f.Readable() {
			continue
		}
		b.Run(f.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := f.Write(io.Discard, d, exchange.Options{Assert: []circuit.Lit{}}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "gates/s")
		})
	}
}
