package compile

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile/internal/lowertest"
	"github.com/tc0lab/tc0/compile/lower"
)

func TestDenoiserIsExact(t *testing.T) {
	for _, spec := range []string{
		"denoiser:n=1", "denoiser:n=2", "denoiser:n=1,steps=3", "denoiser:n=2,bits=2,noise_bits=1,hidden=3,steps=2",
		"denoiser:n=1,bits=4,noise_bits=4",
		"denoiser:n=5,seed=3", "denoiser:n=3,steps=2",
	} {
		exactly(t, spec)
	}
}

func TestDenoiserDepthIsTwoAStep(t *testing.T) {
	for _, n := range []int{1, 2, 4, 8, 16} {
		for steps := 1; steps <= 3; steps++ {
			p := instance(t, fmt.Sprintf("denoiser:n=%d,steps=%d", n, steps)).Program
			for _, s := range []lower.Strategy{lower.MinDepth, {}} {
				c := lowertest.Circuit(t, p, s)
				want := 2 * steps
				if n == 1 { // a bound on one thermometer code is one of its literals
					want = 1 + steps
				}
				if c.Depth() != want {
					t.Errorf("denoiser n=%d, %v: depth %d with %d steps, want %d", n, s, c.Depth(), steps, want)
				}
			}
		}
	}
}

func TestDenoiserIsNearTheTextbook(t *testing.T) {
	// Half a unit, and |b| = 1/2 of what a row of the output layer, of at most one unit
	// of sum, makes of half a unit of each hidden unit.
	const one = 0.5 + 0.5*0.5
	nearTextbook(t, 500, "denoiser:n=2", 0.4, one)
	nearTextbook(t, 500, "denoiser:n=4,bits=4,noise_bits=4", 0.4, one)
	nearTextbook(t, 500, "denoiser:n=3,bits=8", 0.4, one)
	// A step makes an error of x at most a + |b|·2 as large, since a row of each layer
	// of f adds up to 2 and 1 in units of x. That is the worst case, in which all weights
	// conspire, 2.3 and 5.7 units; the bounds are just above what is measured.
	const grow = 1.125 + 0.5*2
	nearTextbook(t, 500, "denoiser:n=3,bits=5,steps=2", 0.5, min(1.25, one*(1+grow)))
	nearTextbook(t, 500, "denoiser:n=3,bits=5,steps=3", 0.5, min(1.6, one*(1+grow*(1+grow))))
}

func TestDenoiserInputsComeInOrder(t *testing.T) {
	for spec, want := range map[string]string{
		"denoiser:n=2":         "x[0] x[1] noise[0] noise[1]",
		"denoiser:n=1,steps=2": "x[0] noise1[0] noise2[0]",
	} {
		var names []string
		for _, port := range instance(t, spec).Program.Inputs() {
			names = append(names, port.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: inputs %s, want %s", spec, got, want)
		}
	}
}

// The noise of every step reaches the output, and none of it is lost to clipping
// everywhere.
func TestDenoiserListensToItsNoise(t *testing.T) {
	p := instance(t, "denoiser:n=1,steps=3,bits=4").Program
	heard := make([]bool, len(p.Inputs()))
	lowertest.Sample(p, 300, func(in []int64) {
		base, err := p.Reference(in)
		if err != nil {
			t.Fatal(err)
		}
		for i, port := range p.Inputs() {
			other := slices.Clone(in)
			other[i] = port.Bounds.Lo + port.Bounds.Hi - in[i]
			out, err := p.Reference(other)
			if err != nil {
				t.Fatal(err)
			}
			heard[i] = heard[i] || !slices.Equal(out, base)
		}
	})
	if slices.Contains(heard, false) {
		t.Errorf("inputs that change an output: %v", heard)
	}
}

func TestDenoiserErrors(t *testing.T) {
	for text, want := range map[string]string{
		"denoiser:n=0":               "n=0 is outside",
		"denoiser:n=2,bits=13":       "bits=13 is outside 1..12",
		"denoiser:n=2,noise_bits=13": "noise_bits=13 is outside 1..12",
		"denoiser:n=2,steps=1001":    "steps=1001 is outside",
		"denoiser:n=2,hidden=20000":  "hidden=20000 is outside",
	} {
		s, err := ParseSpec(text)
		if err != nil {
			t.Errorf("ParseSpec(%q): %v", text, err)
			continue
		}
		if _, err := s.Instance(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", text, err, want)
		}
	}
}
