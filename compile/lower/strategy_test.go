package lower_test

import (
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile/internal/lowertest"
	"github.com/tc0lab/tc0/compile/lower"
)

func TestStrategyNames(t *testing.T) {
	for _, s := range lowertest.Strategies {
		got, err := lower.ParseStrategy(s.String())
		if err != nil || got != s {
			t.Errorf("%+v is written %q, which reads as %+v, %v", s, s, got, err)
		}
	}
	for text, want := range map[string]lower.Strategy{
		"min-depth": lower.MinDepth, "balanced": lower.Balanced, "min-size": lower.MinSize,
		"thermometer": {}, "absorb": lower.MinDepth, "digits3+absorb": {Digits: 3, Absorb: true},
		"digits1+binary": {Binary: true}, "digits01+absorb": lower.MinDepth,
		"binary": {Binary: true},
	} {
		if got, err := lower.ParseStrategy(text); err != nil || got != want {
			t.Errorf("ParseStrategy(%q) = %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "fastest", "digits0", "digits+", "digitsx", "min-depth+binary"} {
		_, err := lower.ParseStrategy(text)
		if err == nil || !strings.Contains(err.Error(), "balanced") {
			t.Errorf("ParseStrategy(%q): error %v; want one that lists the presets", text, err)
		}
	}
}
