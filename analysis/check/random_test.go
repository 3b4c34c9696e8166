package check_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/check"
	"github.com/tc0lab/tc0/analysis/internal/random"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/internal/longtest"
)

var errNone = errors.New("there is no circuit")

// none is a family of which no circuit is asked for.
func none(context.Context, int) (*circuit.Circuit, error) { return nil, errNone }

// TestRandomProofsHold derives the proofs about random families and programs again: the rows of the prover and
// those of the checker are the same.
func TestRandomProofsHold(t *testing.T) { randomProofs(t, 1, 600) }

func TestLongRandomProofsHold(t *testing.T) {
	longtest.Need(t)
	randomProofs(t, 1<<32, 4_000)
}

func randomProofs(t *testing.T, seed uint64, trials int) {
	t.Helper()
	held := 0
	for k := range uint64(trials) {
		trial, err := random.DrawTrial(rand.New(rand.NewPCG(seed+k, 7)))
		if err != nil {
			t.Fatal(err)
		}
		p, err := analysis.Prove(t.Context(), analysis.Claim{
			Name: trial.String(), Family: trial.Family, Strategy: trial.Strategy, N: []int{},
		})
		if err != nil {
			continue // refused
		}
		open, err := trial.Family.OpenProgram()
		if err != nil {
			t.Fatal(err)
		}
		report, err := check.Proof(t.Context(), p, open, none)
		if err != nil || report.Rows != len(p.Derivation) {
			t.Errorf("%s: %d rows, error %v", trial, report.Rows, err)
		}
		held++
	}
	if held < trials/2 {
		t.Errorf("%d proofs of %d trials; at least half are wanted", held, trials)
	}
	t.Logf("%d proofs of %d trials", held, trials)
}
