package exchange_test

import (
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

// different is what ABC prints of two circuits that differ.
const different = "Networks are NOT EQUIVALENT"

// TestABCAgreesOnThresholds compares threshold circuits, expressed as gates of a netlist, with
// others, and finds a planted difference.
func TestABCAgreesOnThresholds(t *testing.T) {
	gate, sets := majority(t, 9)
	thresholds, ripple := adder(t, 8, false)
	_, flawed := adder(t, 8, true)
	for end, f := range map[string]formattest.Format{".bench": benchFormat, ".blif": blifFormat} {
		t.Run(end, func(t *testing.T) {
			files := map[string][]byte{
				"majority" + end: f.Expressed(t, gate), "sets" + end: f.Expressed(t, sets),
				"adder" + end:  f.Expressed(t, thresholds),
				"ripple" + end: f.Expressed(t, ripple), "flawed" + end: f.Expressed(t, flawed),
			}
			cec := func(a, b string) string { return formattest.ABC(t, files, "cec "+a+end+" "+b+end) }
			formattest.Says(t, cec("majority", "sets"), formattest.Equal)
			formattest.Says(t, cec("adder", "ripple"), formattest.Equal)
			formattest.Says(t, cec("adder", "flawed"), different)
		})
	}
}

// TestABCAgreesOnTh writes threshold circuits, reads them back, and has ABC compare
// them with others. ABC itself reads no threshold gates.
func TestABCAgreesOnTh(t *testing.T) {
	gate, sets := majority(t, 9)
	thresholds, ripple := adder(t, 8, false)
	_, flawed := adder(t, 8, true)
	files := map[string][]byte{}
	for name, c := range map[string]*circuit.Circuit{
		"majority": gate, "sets": sets, "adder": thresholds,
		"ripple": ripple, "flawed": flawed,
	} {
		file := thFormat.Expressed(t, c)
		files[name+".th"] = file
		files[name+".blif"] = blifFormat.Expressed(t, c)
		files[name+"_th.blif"] = blifFormat.Expressed(t, thFormat.Parsed(t, file).Circuit)
	}
	for _, commands := range []string{
		"cec majority_th.blif sets.blif", "cec sets_th.blif majority_th.blif",
		"cec adder_th.blif ripple.blif", "cec ripple_th.blif adder.blif",
	} {
		formattest.Says(t, formattest.ABC(t, files, commands), formattest.Equal)
	}
	formattest.Says(t, formattest.ABC(t, files, "cec adder_th.blif flawed_th.blif"), different)
}

// TestWrittenSizes asserts what a majority and an adder of two layers cost as threshold
// gates: nothing more than they are.
func TestWrittenSizes(t *testing.T) {
	gate, _ := majority(t, 9)
	thresholds, _ := adder(t, 8, false)
	for name, test := range map[string]struct {
		c    *circuit.Circuit
		want formattest.Counts
	}{
		"majority": {gate, formattest.Counts{Inputs: 9, Outputs: 1, Gates: 1, Wires: 9, Depth: 1}},
		// Carry i reads 2(i+1) bits, sum bit i two bits and two carries, the lowest one less.
		"adder": {thresholds, formattest.Counts{Inputs: 16, Outputs: 9, Gates: 16, Wires: 72 + 31, Depth: 2}},
	} {
		if got := formattest.CountsOf(thFormat.Parsed(t, thFormat.Expressed(t, test.c)).Circuit); got != test.want {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
}

// majority returns a majority of n inputs, as one gate and as the disjunction of all the
// conjunctions of half of them and one more.
func majority(t testing.TB, n int) (gate, sets *circuit.Circuit) {
	t.Helper()
	built := func(y func(b *circuit.Builder, x []circuit.Lit) circuit.Lit) *circuit.Circuit {
		b := circuit.NewBuilder()
		b.Output("y", y(b, b.Inputs("x", n)))
		return formattest.Built(t, b)
	}
	gate = built(func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Majority(x...) })
	sets = built(func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		var terms []circuit.Lit
		for set := range 1 << n {
			var in []circuit.Lit
			for i := range x {
				if set>>i&1 != 0 {
					in = append(in, x[i])
				}
			}
			if len(in) == n/2+1 {
				terms = append(terms, b.And(in...))
			}
		}
		return b.Or(terms...)
	})
	return gate, sets
}

// adder returns an adder of n bits in two layers of threshold gates, and one of a ripple of
// full adders. If flaw, the second takes no carry into its last sum bit.
func adder(t testing.TB, n int, flaw bool) (thresholds, ripple *circuit.Circuit) {
	t.Helper()
	built := func(sum func(b *circuit.Builder, x, y []circuit.Lit) []circuit.Lit) *circuit.Circuit {
		b := circuit.NewBuilder()
		x, y := b.InputPort("x", circuit.Format{}, n), b.InputPort("y", circuit.Format{}, n)
		b.OutputPort("sum", circuit.Format{}, sum(b, x, y)...)
		return formattest.Built(t, b)
	}
	// c = [Σ 2^j(x_j + y_j) ≥ 2^(i+1)], s = [x + y + c_in − 2c ≥ 1]
	thresholds = built(func(b *circuit.Builder, x, y []circuit.Lit) (sum []circuit.Lit) {
		low, carry := circuit.Sum{}, circuit.False
		for i := range n {
			both := b.Count(x[i], y[i])
			low = b.Sum(
				circuit.Term{Weight: circuit.NewInt(1), Of: low},
				circuit.Term{Weight: circuit.Pow2(i), Of: both},
			)
			next := b.Threshold(low, circuit.Pow2(i+1))
			bit := b.Sum(
				circuit.Weigh(1, x[i]),
				circuit.Weigh(1, y[i]),
				circuit.Weigh(1, carry),
				circuit.Weigh(-2, next),
			)
			sum = append(sum, b.Threshold(bit, circuit.NewInt(1)))
			carry = next
		}
		return append(sum, carry)
	})
	ripple = built(func(b *circuit.Builder, x, y []circuit.Lit) (sum []circuit.Lit) {
		carry := circuit.False
		for i := range n {
			in := carry
			if flaw && i == n-1 {
				in = circuit.False
			}
			sum = append(sum, b.Xor(x[i], y[i], in))
			carry = b.Or(b.And(x[i], y[i]), b.And(b.Or(x[i], y[i]), carry))
		}
		return append(sum, carry)
	})
	return thresholds, ripple
}
