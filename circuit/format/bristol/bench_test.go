package bristol_test

import (
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/bristol"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

// large is a circuit of a million ANDs and XORs, most of which read gates made shortly before.
func large(b *testing.B) *netlist.Design {
	rng := rand.New(rand.NewPCG(1, 2))
	const inputs, gates = 1000, 1 << 20
	build := circuit.NewBuilder()
	build.Keep()
	lits := build.Inputs("x", inputs)
	pick := func() circuit.Lit {
		back := 1 + rng.IntN(100)
		if rng.IntN(8) == 0 {
			back = 1 + rng.IntN(len(lits))
		}
		return lits[len(lits)-back]
	}
	for range gates {
		if rng.IntN(2) == 0 {
			lits = append(lits, build.And(pick(), pick()))
		} else {
			lits = append(lits, build.Xor(pick(), pick()))
		}
	}
	build.Output("y", lits[len(lits)-100:]...)
	c := formattest.Built(b, build)
	return netlist.Of(c)
}

func BenchmarkRead(b *testing.B) {
	d := large(b)
	file := written(b, d.Circuit)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := bristol.Read(strings.NewReader(file)); err != nil {
			b.Fatal(err)
		}
	}
	report(b, d)
}

func BenchmarkWrite(b *testing.B) {
	d := large(b)
	for b.Loop() {
		if err := bristol.Write(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
	report(b, d)
}

func report(b *testing.B, d *netlist.Design) {
	b.ReportMetric(float64(b.N)*float64(d.Circuit.Size())/b.Elapsed().Seconds(), "gates/s")
}
