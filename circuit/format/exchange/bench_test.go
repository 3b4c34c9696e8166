package exchange_test

import (
	"bytes"
	"io"
	"slices"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/exchange"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/gates"
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

// BenchmarkNames measures how fast files of a million gates are read and written whose signals have names: gates of
// two inputs, or of three with weights. The rates are by processor time.
func BenchmarkNames(b *testing.B) {
	const n = 1_000_000
	for _, test := range []struct {
		format string
		gate   func(build *circuit.Builder, i int, x []circuit.Lit) circuit.Lit
	}{
		{"bench", logicGate},
		{"blif", logicGate},
		{"th", func(build *circuit.Builder, i int, x []circuit.Lit) circuit.Lit {
			s := build.Sum(circuit.Weigh(int64(i%5+1), x[len(x)-1]), circuit.Weigh(-2, x[len(x)-2-i%61]),
				circuit.Weigh(3, x[len(x)-63]))
			return build.Threshold(s, circuit.NewInt(2))
		}},
	} {
		b.Run(test.format, func(b *testing.B) {
			build := circuit.NewBuilderSize(n)
			build.Keep()
			x := build.Inputs("x", 64)
			for i := range n {
				x = append(x, test.gate(build, i, x))
			}
			build.Output("y", x[len(x)-1])
			f := find(b, "x."+test.format)
			var file bytes.Buffer
			if err := f.Write(&file, netlist.Of(formattest.Built(b, build)), exchange.Options{}); err != nil {
				b.Fatal(err)
			}
			b.Run("read", func(b *testing.B) {
				rate(b, n, func() error {
					_, err := f.Read(bytes.NewReader(file.Bytes()))
					return err
				})
				b.ReportMetric(float64(file.Len())/n, "bytes/gate")
			})
			d, err := f.Read(bytes.NewReader(file.Bytes()))
			if err != nil {
				b.Fatal(err)
			}
			b.Run("write", func(b *testing.B) {
				rate(b, n, func() error { return f.Write(io.Discard, d, exchange.Options{}) })
			})
		})
	}
}

// rate reports the median rate of work on so many gates.
func rate(b *testing.B, n int, work func() error) {
	b.ReportAllocs()
	var rates []float64
	for b.Loop() {
		start := formattest.Clock()
		if err := work(); err != nil {
			b.Fatal(err)
		}
		rates = append(rates, float64(n)/(formattest.Clock()-start)/1e6)
	}
	slices.Sort(rates)
	b.ReportMetric(rates[len(rates)/2], "Mgates/s")
}

func logicGate(build *circuit.Builder, i int, x []circuit.Lit) circuit.Lit {
	kind := []gates.Kind{gates.And, gates.Nor, gates.Xor}[i%3]
	return build.Logic(kind, x[len(x)-1], x[len(x)-2-i%61])
}
