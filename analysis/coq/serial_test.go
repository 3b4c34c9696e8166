package coq_test

import (
	"math/big"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile/lower"
)

// serial are families whose steps have a certificate for every number of them, with the bounds of a step.
var serial = []struct {
	spec     string
	symbol   string
	depth    string
	gates    string
	textbook string
}{
	{"denoiser", "T", "2·T", "21·n·T", ""},
	{"denoiser:bits=2,noise_bits=1,hidden=3,seed=4", "T", "2·T", "3·n·T + 9·T", ""},
	{"diffusion", "T", "2·T", "90·T", ""},
	{"diffusion:kind=ddim", "T", "2·T", "90·T", ""},
	{"looped", "T", "8·T", "987·n^2·T + 268·n·T", ""},
	{"looped:norm=layer", "T", "10·T", "987·n^2·T + 3340·n·T", ""},
	{"looped:causal=1,kind=stable", "T", "9·T", "7·n^3·T + 987·n^2·T + 268·n·T", ""},
	{"rnn", "n", "n", "10·n", "an Elman network"},
	{"rnn:d=3,bits=2,seed=5", "n", "n", "6·n", "an Elman network"},
	{"gru", "n", "3·n", "232·n", "a gated recurrent unit"},
	{"lstm", "n", "4·n", "206·n", "long short-term memory"},
	{"ssm:kind=recurrence", "n", "n + 1", "120·n + 28", "a state-space model as a recurrence"},
}

// refused are families without a certificate for every number of steps, with the reason.
var refused = map[string]string{
	"diffusion:kind=masked": "is no value of thresholds",
	"cot":                   "read all that came before",
}

// TestSerial asserts the bounds of all steps. The circuits of package lower keep to them.
func TestSerial(t *testing.T) {
	for _, test := range serial {
		c, s := certificate(t, test.spec)
		if c.Serial == nil {
			t.Errorf("%s: %s", test.spec, c.NotEveryStep)
			continue
		}
		depth, size := c.Serial.Depth(), c.Serial.Size()
		if c.Serial.Symbol != test.symbol || depth.String() != test.depth || size.String() != test.gates {
			t.Errorf("%s: depth %v and %v gates of %s steps; want %s and %s of %s", test.spec, depth, size, c.Serial.Symbol,
				test.depth, test.gates, test.symbol)
		}
		if test.symbol == "n" && c.Textbook != test.textbook {
			t.Errorf("%s: of %q, want %q", test.spec, c.Textbook, test.textbook)
		}
		for steps := 1; steps <= 4; steps++ {
			n := 2
			member := s.With("steps", steps)
			if test.symbol == "n" {
				n, member = steps, s
			}
			p, err := member.Program(n)
			if err != nil {
				t.Fatal(err)
			}
			flat, err := lower.Program(p, lower.MinDepth)
			if err != nil {
				t.Fatal(err)
			}
			at := map[string]*big.Int{"n": big.NewInt(int64(n)), "T": big.NewInt(int64(steps))}
			deepest, _ := depth.At(at)
			most, _ := size.At(at)
			if int64(flat.Depth()) > deepest.Int64() || int64(flat.Size()) > most.Int64() {
				t.Errorf("%s, %d steps: depth %d and %d gates, beyond %v and %v", test.spec, steps, flat.Depth(), flat.Size(),
					deepest, most)
			}
		}
	}
}

// TestNotEveryStep has families without a certificate for every number of steps, with the reason.
func TestNotEveryStep(t *testing.T) {
	for spec, want := range refused {
		c, _ := certificate(t, spec)
		if c.Serial != nil || !strings.Contains(c.NotEveryStep, want) || !strings.Contains(c.Text, want) {
			t.Errorf("%s: %+v because of %q, want %q", spec, c.Serial, c.NotEveryStep, want)
		}
	}
}
