package explore_test

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/explore"
)

// Whatever is toggled or set, every gate has the value that the circuit's own evaluator gives it,
// and the list of what changed is right.
func TestValuesAreThoseOfEval(t *testing.T) {
	for name, c := range circuits(t) {
		r := rand.New(rand.NewPCG(2, 3))
		v := explore.NewValues(explore.New(c, explore.Options{}))
		before, err := c.EvalAll(make([]bool, len(c.Inputs())))
		if err != nil {
			t.Fatal(err)
		}
		for step := range 60 {
			in := randomInput(r, len(c.Inputs()))
			var moved []circuit.Gate
			if step%3 == 0 {
				moved, err = v.Set(in)
			} else {
				in = slices.Clone(v.Input())
				i := r.IntN(len(in))
				in[i] = !in[i]
				moved, err = v.Toggle(i)
			}
			if err != nil {
				t.Fatal(err)
			}
			after, err := c.EvalAll(in)
			if err != nil {
				t.Fatal(err)
			}
			for g := range circuit.Gate(c.Len()) {
				if v.Gate(g) != after[g] {
					t.Fatalf("%s, step %d: gate %d is %v, want %v", name, step, g, v.Gate(g), after[g])
				}
				if slices.Contains(moved, g) != (before[g] != after[g]) {
					t.Fatalf("%s, step %d: gate %d went from %v to %v; among the changed: %v", name, step, g,
						before[g], after[g], slices.Contains(moved, g))
				}
			}
			for s := range circuit.SumID(c.SumCount()) {
				if want := sumOf(c, s, after); v.Sum(s).Big().Cmp(want) != 0 {
					t.Fatalf("%s, step %d: sum %d is %v, want %v", name, step, s, v.Sum(s), want)
				}
			}
			before = after
		}
	}
}

// sumOf multiplies a sum out and adds up what is 1.
func sumOf(c *circuit.Circuit, s circuit.SumID, value []bool) *big.Int {
	sum := new(big.Int)
	from, weights := c.Flatten(s)
	for i, g := range from {
		if value[g] {
			sum.Add(sum, weights[i].Big())
		}
	}
	return sum
}

// An input flips a gate exactly if the gate differs once the input is flipped.
func TestFlips(t *testing.T) {
	for name, c := range circuits(t) {
		r := rand.New(rand.NewPCG(4, 5))
		v := explore.NewValues(explore.New(c, explore.Options{}))
		for range 6 {
			in := randomInput(r, len(c.Inputs()))
			if _, err := v.Set(in); err != nil {
				t.Fatal(err)
			}
			base, _ := c.EvalAll(in)
			want := make([][]int, c.Len())
			for i := range in {
				in[i] = !in[i]
				flipped, err := c.EvalAll(in)
				if err != nil {
					t.Fatal(err)
				}
				in[i] = !in[i]
				for g := range want {
					if base[g] != flipped[g] {
						want[g] = append(want[g], i)
					}
				}
			}
			for g := range circuit.Gate(c.Len()) {
				got, tried := v.Flips(g)
				if !slices.Equal(got, want[g]) || tried < len(got) {
					t.Fatalf("%s: gate %d flips with inputs %v of %d, want %v", name, g, got, tried, want[g])
				}
			}
		}
	}
}

// More inputs than lanes: the parity of 150 bits flips with each of them.
func TestFlipsOfManyInputs(t *testing.T) {
	c := parity(t, 150)
	v := explore.NewValues(explore.New(c, explore.Options{}))
	got, tried := v.Flips(c.Outputs()[0].Gate())
	if tried != 150 || len(got) != 150 || got[0] != 0 || got[149] != 149 {
		t.Errorf("%d of %d inputs flip the parity, from %v on", len(got), tried, got[:min(3, len(got))])
	}
}

// What is said of a gate fits its value: the sum of the terms that are 1, the bound, the margin.
func TestDescriptionsAreTrue(t *testing.T) {
	for name, c := range circuits(t) {
		r := rand.New(rand.NewPCG(6, 7))
		v := explore.NewValues(explore.New(c, explore.Options{}))
		in := randomInput(r, len(c.Inputs()))
		if _, err := v.Set(in); err != nil {
			t.Fatal(err)
		}
		value, _ := c.EvalAll(in)
		for g := range circuit.Gate(c.Len()) {
			d := v.Describe(g)
			if d.Value != value[g] {
				t.Fatalf("%s: gate %d is said to be %v", name, g, d.Value)
			}
			if c.Kind(g).IsSource() {
				continue
			}
			sum := new(big.Int)
			for _, term := range d.Terms {
				if term.Value != (value[term.Gate] != term.Not) {
					t.Fatalf("%s: gate %d: its term %+v has another value", name, g, term)
				}
				if w, ok := new(big.Int).SetString(term.Weight, 10); ok && term.Value {
					sum.Add(sum, w)
				}
			}
			if sum.String() != d.Sum || len(d.Terms) != d.Count {
				t.Fatalf("%s: gate %d: the terms add up to %v, not %s", name, g, sum, d.Sum)
			}
			holds := false
			if d.Modulus > 0 {
				m := new(big.Int).Mod(sum, big.NewInt(d.Modulus)).Int64()
				holds = slices.Contains(d.Residues, m)
			} else {
				bound, _ := new(big.Int).SetString(d.Bound, 10)
				margin := new(big.Int).Sub(sum, bound)
				if margin.String() != d.Margin {
					t.Fatalf("%s: gate %d: margin %s of %v − %v", name, g, d.Margin, sum, bound)
				}
				holds = (margin.Sign() >= 0) != d.Inverse
			}
			if holds != value[g] {
				t.Fatalf("%s: gate %d is %v, but its condition is %v: %s", name, g, value[g], holds, d.Text)
			}
		}
	}
}

func TestInputsOutOfRange(t *testing.T) {
	v := explore.NewValues(explore.New(parity(t, 3), explore.Options{}))
	if _, err := v.Toggle(3); err == nil || err.Error() != "explore: no input 3; the circuit has 3, from 0 on" {
		t.Errorf("toggling input 3 of 3: %v", err)
	}
	if _, err := v.Set(make([]bool, 2)); err == nil || err.Error() != "explore: 2 input bits for 3 inputs" {
		t.Errorf("setting 2 of 3 inputs: %v", err)
	}
}
