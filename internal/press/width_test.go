package press

import (
	"math"
	"testing"
)

func TestTextWidth(t *testing.T) {
	for text, want := range map[string]float64{
		"": 0, "0": 5.56, "il": 4.44, "~": 5.84, " ": 2.78, "−2": 11.26, "∧": 7, "1\u202f000": 5.56 + 2 + 3*5.56, "a…b": 21.12,
	} {
		if got := TextWidth(text, 10); math.Abs(got-want) > 1e-9 {
			t.Errorf("%q is %v wide, want %v", text, got, want)
		}
	}
}
