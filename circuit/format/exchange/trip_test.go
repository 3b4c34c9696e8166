package exchange_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/circuit/internal/random"
)

func TestRandomBench(t *testing.T) {
	randomTrips(t, benchFormat, func(_ *rapid.T, cfg *random.Config) { cfg.Set.WideXor = true }, nil)
}

func TestRandomBLIF(t *testing.T) {
	const mostParity = 4 // the greatest fan-in of a XOR that is written
	randomTrips(t, blifFormat, func(t *rapid.T, cfg *random.Config) {
		cfg.FanIn = rapid.IntRange(2, 9).Draw(t, "fan-in")
		cfg.Set.WideXor = cfg.FanIn <= mostParity
	}, func(t *rapid.T, c, back *circuit.Circuit) {
		if got, most := formattest.CountsOf(back).Gates, formattest.CountsOf(c).Gates+c.OutputCount(); got > most {
			t.Errorf("%d gates, want %d at most", got, most)
		}
	})
}

func TestRandomTh(t *testing.T) {
	randomTrips(t, thFormat, func(t *rapid.T, cfg *random.Config) {
		cfg.Bits = rapid.SampledFrom([]int{0, 30, 63, 100}).Draw(t, "bits")
	}, nil)
}

// TestExpressed asserts of threshold gates, besides, that the depth under the standard model
// grows by the gates of one input at most.
func TestExpressed(t *testing.T) {
	expressedTrips(t, benchFormat, nil)
	expressedTrips(t, blifFormat, nil)
	expressedTrips(t, thFormat, func(expressed, back *circuit.Circuit) {
		if got, most := back.Depth(), expressed.Depth()+1; got > most {
			t.Errorf("depth %d, want %d at most", got, most)
		}
	})
}

// TestNames asserts that names that would mean something else, or that clash with those the
// writer makes, become others, and come back by the comments.
func TestNames(t *testing.T) {
	d := namedTrip(t, benchFormat, "vdd", "gnd", "INPUTS", "OUTPUT", "a b", "a_b", "a,b", "a(b)", "#", "=", "",
		"é", "\xff", "g7", "g_not1", "g_", "\u200b")
	for _, name := range d.Signals {
		for _, bad := range []string{"INPUT", "OUTPU"} {
			if strings.HasPrefix(name, bad) {
				t.Errorf("a signal is called %q", name)
			}
		}
	}
	namedTrip(t, thFormat, "CONST1", ".end", ".threshold", "a b", "a_b", "a\tb", "a\nb", "#", "", "é", "\xff",
		"g7", "g_", "-1", "\u200b", "tc0 input 1 unsigned x")
	namedTrip(t, blifFormat, hardNames()...)
}

// hardNames are hard names for BLIF.
func hardNames() []string {
	return []string{
		".end", ".names", "a b", "a_b", `\`, "a\\\n", "#", "=", "", "é", "\xff", "g7", "g_zero0", "g_", "1", "-1",
		"$true", "\u200b",
	}
}

// TestABCReadsNames asserts that ABC understands hard names as they are meant: it compares
// the circuit with its AIG.
func TestABCReadsNames(t *testing.T) {
	c := named(t, hardNames()...)
	aig := blifFormat
	aig.Repertoire = basis.Repertoire{}
	files := map[string][]byte{"a.blif": blifFormat.Written(t, netlist.Of(c)), "b.blif": aig.Expressed(t, c)}
	formattest.Says(t, formattest.ABC(t, files, "cec a.blif b.blif"), formattest.Equal)
}

// randomTrips takes random circuits there and back, and what came back once more, exactly. The
// configuration may be changed, and the first way back be looked at; both may be nil.
func randomTrips(
	t *testing.T, f formattest.Format,
	change func(*rapid.T, *random.Config), look func(t *rapid.T, c, back *circuit.Circuit),
) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		cfg := random.Config{
			Seed: rapid.Uint64().Draw(t, "seed"), Inputs: rapid.IntRange(1, 12).Draw(t, "inputs"),
			Gates: rapid.IntRange(1, 60).Draw(t, "gates"), Set: f.Repertoire, Keep: rapid.Bool().Draw(t, "keep"),
		}
		if change != nil {
			change(t, &cfg)
		}
		c := formattest.Random(t, cfg)
		back := f.Trip(t, netlist.Of(c))
		if look != nil {
			look(t, c, back.Circuit)
		}
		f.ExactTrip(t, back)
	})
}

// expressedTrips takes random circuits of all gates there and back, expressed in those of the
// format. What comes back may be looked at.
func expressedTrips(t *testing.T, f formattest.Format, look func(expressed, back *circuit.Circuit)) {
	t.Helper()
	all := basis.Repertoire{
		Or: true, Xor: true, Wide: true, WideXor: true, Complements: true, Threshold: true, Mod: true,
	}
	for seed := range uint64(40) {
		c := formattest.Random(t, random.Config{Seed: seed, Inputs: 8, Gates: 12, Set: all, Keep: seed%2 == 0})
		e := must(basis.Express(t.Context(), c, f.Repertoire))(t)
		back := f.Trip(t, netlist.Of(e)).Circuit
		if !formattest.Same(t, c, back) {
			t.Fatalf("seed %d", seed)
		}
		if look != nil {
			look(e, back)
		}
	}
}

// namedTrip takes a circuit there and back whose inputs and outputs have the names, which mean
// something else in the format, or clash with those that its writer makes.
func namedTrip(t *testing.T, f formattest.Format, names ...string) *netlist.Design {
	t.Helper()
	return f.Trip(t, netlist.Of(named(t, names...)))
}

// named returns a circuit whose inputs and outputs have the names.
func named(t rapid.TB, names ...string) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	var x []circuit.Lit
	for _, name := range names {
		x = append(x, b.Input(name))
	}
	for i, name := range names {
		b.Output(name, b.And(x[i].Not(), x[(i+1)%len(x)]))
	}
	return formattest.Built(t, b)
}
