package random_test

import (
	"testing"

	"github.com/tc0lab/tc0/analysis/internal/random"
)

func FuzzParseTrial(f *testing.F) {
	for _, text := range []string{
		"program:0102030405 min-depth true", "attention:d=2 digits2+absorb false", "program: binary 1", "mlp:n=2 x y",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		trial, err := random.ParseTrial(text)
		if err != nil {
			return
		}
		again, err := random.ParseTrial(trial.String())
		if err != nil || again.String() != trial.String() {
			t.Fatalf("%q is %s, which reads as %s, %v", text, trial, again, err)
		}
	})
}
