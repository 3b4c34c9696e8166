package model

import (
	"math"
	"testing"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/compile/lower"
)

// What the shipped networks are worth, as floats, as integers and as circuits. The
// ranges leave room for processors that round differently in the last place.
func TestShippedModels(t *testing.T) {
	for _, test := range []struct {
		name            string
		inputs          int
		float, integers [2]int // correct answers, at least and at most
		depth           int    // under min-depth
		mean            float64
	}{
		// Measured: 1937 in floating point, 1938 in integers.
		{"digits", 2000, [2]int{1935, 1939}, [2]int{1930, 1946}, 4, 0.25},
		// Measured: all.
		{"most-frequent", 2000, [2]int{1999, 2000}, [2]int{1998, 2000}, 6, 0.6},
	} {
		m := mustLoad(t, tc0.Models(), test.name)
		if m.Test.Len() != test.inputs {
			t.Errorf("%s: %d test inputs, want %d", test.name, m.Test.Len(), test.inputs)
		}
		float := m.Correct(m.Test)
		if float < test.float[0] || float > test.float[1] {
			t.Errorf("%s: %d right in floating point, want %v", test.name, float, test.float)
		}
		q := mustQuantise(t, m, Quantisation{})
		integers, err := q.Correct(m.Test)
		if err != nil || integers < test.integers[0] || integers > test.integers[1] {
			t.Errorf("%s: %d right in integers, %v, want %v", test.name, integers, err, test.integers)
		}
		if d := float - integers; 100*max(d, -d) > test.inputs {
			t.Errorf("%s: %d right in floating point and %d in integers", test.name, float, integers)
		}
		mean, _, _, err := q.LogitError(m.Test)
		if err != nil || mean > test.mean {
			t.Errorf("%s: the logits are off by %v on average (%v)", test.name, mean, err)
		}
		for _, s := range []lower.Strategy{lower.MinDepth, lower.Balanced, lower.MinSize} {
			c := mustLower(t, q.Program, s)
			if s == lower.MinDepth && c.Depth() != test.depth {
				t.Errorf("%s: depth %d, want %d", test.name, c.Depth(), test.depth)
			}
			for i := 0; i < test.inputs; i += test.inputs / 60 {
				same(t, q.Program, c, m.Test.Inputs[i])
			}
			for _, in := range extremes(m) {
				same(t, q.Program, c, in)
			}
		}
		c := mustLower(t, q.Logits().Program, lower.MinDepth)
		for i := range 5 {
			same(t, q.Logits().Program, c, m.Test.Inputs[i])
		}
	}
}

// extremes returns inputs that saturate what can be saturated.
func extremes(m *Model) [][]int64 {
	ports, top := m.Config.Input.Ports(), m.Config.Input.Top()
	var list [][]int64
	for _, at := range []func(i int) int64{
		func(int) int64 { return 0 },
		func(int) int64 { return top },
		func(i int) int64 { return int64(i%2) * top },
		func(i int) int64 { return int64(i) % (top + 1) },
	} {
		in := make([]int64, ports)
		for i := range in {
			in[i] = at(i)
		}
		list = append(list, in)
	}
	return list
}

// The shipped networks say themselves how well they were when they were trained.
func TestShippedAccuracyIsWhatTheConfigSays(t *testing.T) {
	for _, name := range tc0.ModelNames() {
		m := mustLoad(t, tc0.Models(), name)
		if want, ok := m.Config.Accuracy["float_perplexity"]; ok {
			got, err := m.Test.Perplexity(
				len(m.Config.Labels),
				func(i int) ([]float64, error) { return m.Forward(m.Test.Inputs[i]), nil },
			)
			if err != nil || math.Abs(got-want) > 0.001 {
				t.Errorf("%s: perplexity %v, %v, and its folder says %v", name, got, err, want)
			}
			continue
		}
		got := float64(m.Correct(m.Test)) / float64(m.Test.Len())
		if want := m.Config.Accuracy["float_test"]; math.Abs(got-want) > 0.001 {
			t.Errorf("%s: %v, and its folder says %v", name, got, want)
		}
	}
}

func BenchmarkLower(b *testing.B) {
	for _, name := range tc0.ModelNames() {
		b.Run(name, func(b *testing.B) {
			q := mustQuantise(b, mustLoad(b, tc0.Models(), name), Quantisation{})
			for b.Loop() {
				if _, err := lower.Program(q.Program, lower.MinDepth); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
