package optimise_test

import (
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/optimise"
	"github.com/tc0lab/tc0/gates"
)

// twoInput makes a circuit of gates of two inputs, and of some others among them.
func twoInput(t testing.TB, choose func(int) int, inputs, steps int) *circuit.Circuit {
	b := keeper()
	x := b.Inputs("x", inputs)
	lit := func() circuit.Lit { return x[len(x)-1-choose(min(len(x), 14))].NotIf(choose(2) == 0) }
	kinds := []gates.Kind{gates.And, gates.Or, gates.Nand, gates.Nor}
	for range steps {
		switch choose(16) {
		case 0:
			x = append(x, b.Xor(lit(), lit()))
		case 1:
			x = append(x, b.Not(lit()))
		case 2:
			x = append(x, b.And(lit(), lit(), lit()))
		case 3:
			x = append(x, b.Majority(lit(), lit(), lit()))
		default:
			x = append(x, b.Logic(kinds[choose(4)], lit(), lit()))
		}
	}
	for _, name := range []string{"p", "q", "r", "s"} {
		b.Output(name, lit())
	}
	return built(t, b)
}

// Rewriting keeps the function on every input, and raises neither depth nor size; optimised asserts
// that. It comes to the same circuit each time, and it does save something.
func TestRewriteRandom(t *testing.T) {
	cfg := optimise.Config{Passes: []string{"rewrite"}}
	saved := 0
	for seed := range uint64(300) {
		c := twoInput(t, seeded(seed), 3+int(seed%6), 10+int(seed%90))
		first, report := optimised(t, c, cfg)
		again, _ := optimised(t, c, cfg)
		if written(t, first) != written(t, again) {
			t.Fatalf("seed %d: two runs make two circuits", seed)
		}
		for _, s := range report.Savings {
			if s.Dropped {
				t.Errorf("seed %d: the result was worse: %+v after %+v", seed, s.After, s.Before)
			}
		}
		saved += report.Before.Size - report.After.Size
	}
	if saved < 3000 {
		t.Errorf("%d gates are saved, want at least 3000", saved)
	}
}

// A circuit in which something is to be saved at once becomes the least one.
func TestRewriteLaws(t *testing.T) {
	for _, test := range []struct {
		name string
		make func(b *circuit.Builder, x []circuit.Lit) circuit.Lit
		want int
	}{
		{"a multiplexer of equal inputs", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Or(b.And(x[0], x[1]), b.And(x[0].Not(), x[1]))
		}, 0},
		{"xy ∨ xz", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Or(b.And(x[0], x[1]), b.And(x[0], x[2]))
		}, 2},
		{"xyz ∨ xyw", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Or(b.And(b.And(x[0], x[1]), x[2]), b.And(b.And(x[0], x[3]), x[1]))
		}, 3},
		{"a majority of five gates", func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Or(b.Or(b.And(x[0], x[1]), b.And(x[0], x[2])), b.And(x[1], x[2]))
		}, 4},
	} {
		b := keeper()
		b.Output("y", test.make(b, b.Inputs("x", 4)))
		if _, r := optimised(t, built(t, b), optimise.Config{Passes: []string{"rewrite"}}); r.After.Size != test.want {
			t.Errorf("%s takes %d gates, want %d", test.name, r.After.Size, test.want)
		}
	}
}
