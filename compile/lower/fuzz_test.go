package lower_test

import (
	"testing"

	"github.com/tc0lab/tc0/compile/lower"
)

func FuzzParseStrategy(f *testing.F) {
	for _, text := range []string{"min-depth", "digits2+absorb+select", "thermometer", "digits+binary", "digits062", "digits63", "+", "binary+binary"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := lower.ParseStrategy(text)
		if err != nil {
			return
		}
		if again, err := lower.ParseStrategy(s.String()); err != nil || again != s {
			t.Fatalf("%q is %v, which reads as %v, %v", text, s, again, err)
		}
	})
}
