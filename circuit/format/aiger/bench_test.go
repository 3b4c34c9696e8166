package aiger_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/aiger"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

// large is a circuit of a million ANDs, most of which read gates made shortly before.
func large(b *testing.B) *netlist.Design {
	rng := rand.New(rand.NewPCG(1, 2))
	const inputs, ands = 1000, 1 << 20
	build := circuit.NewBuilder()
	build.Keep()
	lits := build.Inputs("x", inputs)
	pick := func() circuit.Lit {
		back := 1 + rng.IntN(100)
		if rng.IntN(8) == 0 {
			back = 1 + rng.IntN(len(lits))
		}
		return lits[len(lits)-back].NotIf(rng.IntN(2) == 1)
	}
	for range ands {
		lits = append(lits, build.And(pick(), pick()))
	}
	build.Output("y", lits[len(lits)-100:]...)
	c := formattest.Built(b, build)
	return netlist.Of(c)
}

func BenchmarkRead(b *testing.B) {
	d := large(b)
	for _, f := range forms {
		b.Run(f.kind, func(b *testing.B) {
			var file bytes.Buffer
			if err := f.write(&file, d); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := aiger.Read(bytes.NewReader(file.Bytes())); err != nil {
					b.Fatal(err)
				}
			}
			report(b, d)
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	d := large(b)
	for _, f := range forms {
		b.Run(f.kind, func(b *testing.B) {
			for b.Loop() {
				if err := f.write(io.Discard, d); err != nil {
					b.Fatal(err)
				}
			}
			report(b, d)
		})
	}
}

func report(b *testing.B, d *netlist.Design) {
	b.ReportMetric(float64(b.N)*float64(d.Circuit.Size())/b.Elapsed().Seconds(), "gates/s")
}
