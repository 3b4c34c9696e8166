package analysis_test

import (
	"testing"

	"github.com/tc0lab/tc0/analysis/internal/random"
)

// TestStatesThatBecomeOne has a scan with states that are one value after some copies, and are not before.
func TestStatesThatBecomeOne(t *testing.T) {
	trial, err := random.ParseTrial("program:000000000000000000000000000000002f00810027920000005af031d129c06b balanced false")
	if err != nil {
		t.Fatal(err)
	}
	if p, err := trial.Prove(); err == nil {
		t.Errorf("%s: %s", p.Verdict.Verdict, p.Verdict.Reason)
	}
}
