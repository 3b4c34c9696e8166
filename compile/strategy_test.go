package compile

import (
	"strings"
	"testing"
)

func TestStrategyNames(t *testing.T) {
	for _, s := range strategies {
		got, err := ParseStrategy(s.String())
		if err != nil || got != s {
			t.Errorf("%+v is written %q, which reads as %+v, %v", s, s, got, err)
		}
	}
	for text, want := range map[string]Strategy{
		"min-depth": MinDepth, "balanced": Balanced, "min-size": MinSize,
		"thermometer": {}, "absorb": MinDepth, "digits3+absorb": {Digits: 3, Absorb: true}, "binary": {Binary: true},
	} {
		if got, err := ParseStrategy(text); err != nil || got != want {
			t.Errorf("ParseStrategy(%q) = %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "fastest", "digits0", "digits+", "digitsx", "min-depth+binary"} {
		_, err := ParseStrategy(text)
		if err == nil || !strings.Contains(err.Error(), "balanced") {
			t.Errorf("ParseStrategy(%q): error %v; want one that lists the presets", text, err)
		}
	}
}
