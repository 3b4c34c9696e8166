package basis_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

func TestLegaliseComputesTheSame(t *testing.T) {
	for seed := range uint64(60) {
		for _, to := range others {
			r := generator{choose: seeded(seed), wide: 6, large: to == basis.NC1 || to == basis.AC0}
			c := randomCircuit(t, r, 10, 25, seed%3 == 2)
			t.Run(fmt.Sprintf("%v/%d", to, seed), func(t *testing.T) {
				formattest.SameFunction(t, c, legalised(t, c, to))
			})
		}
	}
}

// TestLegaliseWide has more inputs than a truth table of AC0 has variables.
func TestLegaliseWide(t *testing.T) {
	done := map[basis.Basis]int{}
	for seed := range uint64(20) {
		for _, to := range others {
			r := generator{choose: seeded(100 + seed), wide: 24}
			c := randomCircuit(t, r, 30, 12, seed%3 == 2)
			if _, err := basis.Legalise(context.Background(), c, to); to == basis.AC0 && err != nil {
				var e *basis.Error
				if !errors.As(err, &e) {
					t.Fatal(err)
				}
				continue // its sums are too large
			}
			formattest.SameFunction(t, c, legalised(t, c, to))
			done[to]++
		}
	}
	if done[basis.AC0] < 10 || done[basis.MAJ] != 20 || done[basis.NC1] != 20 {
		t.Errorf("circuits that could be made: %v", done)
	}
}

func TestLegaliseProperty(t *testing.T) {
	for _, to := range others {
		t.Run(to.String(), rapid.MakeCheck(func(t *rapid.T) {
			choice := rapid.IntRange(0, 1<<20)
			r := generator{
				choose: func(n int) int { return choice.Draw(t, "choice") % n },
				wide:   5, large: to != basis.MAJ,
			}
			keep := rapid.Bool().Draw(t, "keep")
			c := randomCircuit(
				t,
				r,
				rapid.IntRange(2, 8).Draw(t, "inputs"),
				rapid.IntRange(0, 15).Draw(t, "steps"),
				keep,
			)
			formattest.SameFunction(t, c, legalised(t, c, to))
		}))
	}
}

func TestLegaliseKeepsStages(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 5)
	b.Begin("layer")
	b.Begin("sum")
	y := b.AtLeast(3, x...)
	b.End()
	z := b.Xor(append([]circuit.Lit{y}, x...)...)
	b.End()
	b.Output("z", z)
	c := formattest.Built(t, b)
	for _, to := range others {
		got := legalised(t, c, to)
		inner, outer := 0, 0
		for g := range circuit.Gate(got.Len()) {
			if got.Kind(g).IsSource() {
				continue
			}
			switch path := got.StagePath(got.StageOf(g)); path {
			case "layer/sum":
				inner++
			case "layer":
				outer++
			default:
				t.Errorf("%v: gate %d is in stage %q", to, g, path)
			}
		}
		// For AC0 the cut of the XOR gate is the five inputs, below the threshold.
		if outer == 0 || inner == 0 && to != basis.AC0 {
			t.Errorf("%v: %d gates in the inner stage, %d in the outer", to, inner, outer)
		}
		if got.StageCount() != c.StageCount() {
			t.Errorf("%v: %d stages, want %d", to, got.StageCount(), c.StageCount())
		}
	}
}

func TestLegaliseTC0(t *testing.T) {
	c := majorityCircuit(t, 9)
	if got, err := basis.Legalise(context.Background(), c, basis.TC0); got != c || err != nil {
		t.Errorf("%p, %v, want the circuit %p itself", got, err, c)
	}
}

func TestLegaliseStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := generator{choose: seeded(1), wide: 6}
	c := randomCircuit(t, r, 10, 2000, false)
	for _, to := range others {
		if _, err := basis.Legalise(ctx, c, to); !errors.Is(err, context.Canceled) {
			t.Errorf("%v: %v, want %v", to, err, context.Canceled)
		}
	}
	if _, err := basis.Legalise(context.Background(), c, basis.Basis(9)); err == nil {
		t.Error("Basis(9) is accepted")
	}
}

func TestLegaliseTwiceIsTheSame(t *testing.T) {
	c := randomCircuit(t, generator{choose: seeded(5), wide: 8}, 12, 40, false)
	for _, to := range others {
		var files [2]string
		for i := range files {
			files[i] = written(t, legalised(t, c, to))
		}
		if files[0] != files[1] {
			t.Errorf("%v: two runs differ", to)
		}
	}
}

func TestNames(t *testing.T) {
	for i, name := range basis.Names() {
		b, err := basis.Parse(name)
		if err != nil || int(b) != i || b.String() != name {
			t.Errorf("%q is %v, %v", name, b, err)
		}
	}
	_, err := basis.Parse("maj")
	if want := `unknown basis "maj"; did you mean MAJ? known: TC0, AC0, MAJ, NC1`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if got := basis.Basis(9).String(); got != "Basis(9)" {
		t.Errorf("got %s", got)
	}
}
