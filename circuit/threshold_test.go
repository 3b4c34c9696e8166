package circuit_test

import (
	"bytes"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// TestThresholdExhaustive compares [w·x ≥ t] with arithmetic for all weights in
// −3..3 on three inputs and all bounds, together in one circuit, and asserts the
// kind of gate that each one is.
func TestThresholdExhaustive(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	type bound struct {
		w [3]int64
		t int64
	}
	var bounds []bound
	var lits []circuit.Lit
	for code := range 343 {
		w := [3]int64{int64(code%7 - 3), int64(code/7%7 - 3), int64(code/49 - 3)}
		s := b.Sum(circuit.Weigh(w[0], x[0]), circuit.Weigh(w[1], x[1]), circuit.Weigh(w[2], x[2]))
		for t := int64(-10); t <= 10; t++ {
			bounds = append(bounds, bound{w, t})
			lits = append(lits, b.Threshold(s, circuit.NewInt(t)))
		}
	}
	b.OutputPort("y", circuit.Format{}, lits...)
	c := built(t, b)

	table := make([]int, len(lits)) // the truth table of each, one bit an input vector
	for v := range 8 {
		for i, out := range evalBits(t, c, v) {
			w := bounds[i].w
			want := w[0]*int64(v&1)+w[1]*int64(v>>1&1)+w[2]*int64(v>>2) >= bounds[i].t
			if out != want {
				t.Fatalf("[%v·%03b ≥ %d] is %v", w, v, bounds[i].t, out)
			}
			if out {
				table[i] |= 1 << v
			}
		}
	}
	for i, l := range lits {
		want := gates.Threshold
		switch n := ones(table[i]); {
		case n == 0 || n == 8:
			want = gates.Const
		case isLiteral(table[i]):
			want = gates.Input
		case isAnd(table[i]), isAnd(^table[i] & 0xff):
			want = gates.And // or an OR, its complement
		case isMajority(table[i]):
			want = gates.Majority
		}
		got := c.Kind(l.Gate())
		if got == gates.Or {
			got = gates.And
		}
		// Terms that never decide stay in the sum: [2x + 2y + z ≥ 2] is an OR of two,
		// and the sum does not say so.
		if got != want && got != gates.Threshold && got != gates.Majority {
			t.Errorf("[%v ≥ %d] with table %08b is a %v, want a %v", bounds[i].w, bounds[i].t, table[i], got, want)
		}
		if w := bounds[i].w; abs(w[0]) <= 1 && abs(w[1]) <= 1 && abs(w[2]) <= 1 && got != want {
			t.Errorf("[%v ≥ %d] with table %08b is a %v, want a %v", w, bounds[i].t, table[i], got, want)
		}
	}
}

func abs(w int64) int64 { return max(w, -w) }

func ones(table int) int {
	n := 0
	for ; table != 0; table &= table - 1 {
		n++
	}
	return n
}

// The truth tables of x₀, x₁ and x₂ over vectors 0 to 7.
var inputTables = [3]int{0xaa, 0xcc, 0xf0}

func isLiteral(table int) bool {
	for _, x := range inputTables {
		if table == x || table == ^x&0xff {
			return true
		}
	}
	return false
}

// isAnd reports whether the table is that of a conjunction of two or three
// literals.
func isAnd(table int) bool { return anyConjunction(table, 0xff, 0) }

func anyConjunction(table, so int, input int) bool {
	if input == 3 {
		return table == so && ones(so) <= 2
	}
	x := inputTables[input]
	return anyConjunction(table, so, input+1) || anyConjunction(table, so&x, input+1) ||
		anyConjunction(table, so&^x, input+1)
}

func isMajority(table int) bool {
	for signs := range 8 {
		var in [3]int
		for i, x := range inputTables {
			in[i] = x
			if signs>>i&1 == 1 {
				in[i] = ^x & 0xff
			}
		}
		if table == in[0]&in[1]|in[0]&in[2]|in[1]&in[2] {
			return true
		}
	}
	return false
}

// TestWeighted compares Weighted with Threshold on a Sum of the same terms, gate by gate: with literals in order or
// not, repeated, complemented or constant, and weights from 0 to beyond what is added up without looking.
func TestWeighted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one, other := circuit.NewBuilder(), circuit.NewBuilder()
		if rapid.Bool().Draw(t, "keep") {
			one.Keep()
			other.Keep()
		}
		if rapid.Bool().Draw(t, "expect") {
			one.ExpectSums(3)
		}
		lits := one.Inputs("x", 6)
		other.Inputs("x", 6)
		weight := rapid.OneOf(rapid.Int64Range(-2, 3), rapid.Int64Range(-1<<29-1, 1<<29+1), rapid.Int64())
		for range rapid.IntRange(1, 12).Draw(t, "gates") {
			var in []circuit.Lit
			var weights []int64
			sum := other.Linear()
			for i := range rapid.IntRange(0, 6).Draw(t, "inputs") {
				l := lits[min(i, len(lits)-1)]
				if rapid.IntRange(0, 5).Draw(t, "odd") == 0 {
					l = rapid.SampledFrom(append(lits, circuit.False)).Draw(t, "literal").NotIf(rapid.Bool().Draw(t, "not"))
				}
				w := weight.Draw(t, "weight")
				in, weights = append(in, l), append(weights, w)
				sum.AddLit(circuit.NewInt(w), l)
			}
			bound := weight.Draw(t, "bound")
			got, want := one.Weighted(in, weights, bound), other.Threshold(sum.Sum(), circuit.NewInt(bound))
			if got != want {
				t.Fatalf("%v weighted %v, at least %d, is %v, want %v", in, weights, bound, got, want)
			}
			lits = append(lits, got)
		}
		one.OutputPort("y", circuit.Format{}, lits...)
		other.OutputPort("y", circuit.Format{}, lits...)
		if a, b := fileOf(t, built(t, one)), fileOf(t, built(t, other)); !bytes.Equal(a, b) {
			t.Fatalf("the circuits differ")
		}
	})
}

// TestMajorityKinds asserts which of the thresholds of a count are called majority:
// the one at ⌊k/2⌋+1, whatever is complemented, and no other.
func TestMajorityKinds(t *testing.T) {
	for k := 3; k <= 9; k++ {
		for complemented := range k + 1 {
			b := circuit.NewBuilder()
			x := b.Inputs("x", k)
			for i := range complemented {
				x[i] = x[i].Not()
			}
			var all []circuit.Lit
			for at := 2; at < k; at++ {
				all = append(all, b.AtLeast(at, x...))
			}
			b.Output("y", all...)
			c := built(t, b)
			for i, l := range all {
				at := i + 2
				// A sum that starts with a complement is stored negated: [k−1−at or
				// fewer of the complements], which is a majority where k−at+1 is.
				bound := at
				if l.IsComplement() {
					bound = k - at + 1
				}
				want := gates.Threshold
				if bound == k/2+1 {
					want = gates.Majority
				}
				if got := c.Kind(l.Gate()); got != want {
					t.Errorf("%d of %d, %d complemented: %v, want %v", at, k, complemented, got, want)
				}
			}
		}
	}
}

// TestThresholdAtEveryLevel makes all the thresholds of one huge sum, as a
// quantiser does, and compares their number with the sum.
func TestThresholdAtEveryLevel(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, 8)
	a := b.Linear()
	for i, l := range x {
		w := circuit.Pow2(i + 100)
		if i == 7 {
			w = w.Neg()
		}
		a.AddLit(w, l)
	}
	s := a.Sum()
	var level []circuit.Lit
	for v := -127; v < 128; v++ {
		level = append(level, b.Threshold(s, circuit.NewInt(int64(v)).Mul(circuit.Pow2(100)).Sub(circuit.NewInt(1))))
	}
	b.OutputPort("level", circuit.Format{Kind: circuit.Thermometer, Offset: circuit.NewInt(-128)}, level...)
	c := built(t, b)
	if c.SumCount() != 2 {
		t.Errorf("%d sums, want one besides the empty one", c.SumCount())
	}
	in := make([]bool, 8)
	for v := int64(-128); v < 128; v++ {
		if err := c.InputPorts()[0].Format.Encode(circuit.NewInt(v), in); err != nil {
			t.Fatal(err)
		}
		out, err := c.Eval(in)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.OutputPorts()[0].Format.Decode(out)
		if err != nil {
			t.Fatal(err)
		}
		if got.Cmp(circuit.NewInt(v)) != 0 {
			t.Errorf("%d is quantised to %v", v, got)
		}
	}
}

// TestBoundsBeyondReach asserts that bounds a sum can never or always reach are
// constants, however large, and in a builder that keeps gates, gates.
func TestBoundsBeyondReach(t *testing.T) {
	for _, keep := range []bool{false, true} {
		b := circuit.NewBuilder()
		if keep {
			b.Keep()
		}
		x := b.Inputs("x", 2)
		s := b.Sum(circuit.Weigh(3, x[0]), circuit.Weigh(-2, x[1]))
		huge := circuit.Pow2(100)
		lits := []circuit.Lit{
			b.Threshold(
				s,
				huge.Neg(),
			), b.Threshold(s, circuit.NewInt(-2)), b.Threshold(s, circuit.NewInt(4)), b.Threshold(s, huge),
		}
		b.OutputPort("y", circuit.Format{}, lits...)
		c := built(t, b)
		for v := range 4 {
			out := evalBits(t, c, v)
			if !out[0] || !out[1] || out[2] || out[3] {
				t.Errorf("keep %v, inputs %02b: %v", keep, v, out)
			}
		}
		if want := map[bool]int{false: 0, true: 4}[keep]; c.Size() != want {
			t.Errorf("keep %v: %d gates, want %d", keep, c.Size(), want)
		}
	}
}

// TestModExhaustive compares MOD gates of every modulus up to 5, all sets of
// residues and signed weights with arithmetic.
func TestModExhaustive(t *testing.T) {
	weights := []int64{1, -2, 3, 7}
	for m := int64(1); m <= 5; m++ {
		b := circuit.NewBuilder()
		x := b.Inputs("x", len(weights))
		a := b.Linear()
		for i, w := range weights {
			a.AddLit(circuit.NewInt(w), x[i])
		}
		s := a.Sum().Plus(circuit.NewInt(-9))
		for set := range 1 << m {
			b.OutputPort(
				string(rune('A'+set)),
				circuit.Format{},
				b.ModSum(m, residues(set, m), s),
				b.Mod(m, residues(set, m), x...),
			)
		}
		c := built(t, b)
		for v := range 1 << len(weights) {
			sum, count := int64(-9), int64(0)
			for i, w := range weights {
				if v>>i&1 == 1 {
					sum += w
					count++
				}
			}
			out := evalBits(t, c, v)
			for set := range 1 << m {
				of := func(k int64) bool {
					return set>>new(big.Int).Mod(big.NewInt(k), big.NewInt(m)).Int64()&1 == 1
				}
				if out[2*set] != of(sum) || out[2*set+1] != of(count) {
					t.Errorf(
						"modulus %d, residues %v, inputs %04b: %v, %v",
						m,
						residues(set, m),
						v,
						out[2*set],
						out[2*set+1],
					)
				}
			}
		}
	}
}

func residues(set int, m int64) []int64 {
	var r []int64
	for i := range m {
		if set>>i&1 == 1 {
			r = append(r, i)
		}
	}
	return r
}
