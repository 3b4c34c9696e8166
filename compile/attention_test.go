package compile

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile/internal/lowertest"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// kindDepths are the depths of the kinds of attention: with absorption, and without.
var kindDepths = []struct {
	kind           string
	depth, plainly int
}{{Softmaxed, 3, 4}, {Stable, 4, 5}, {AverageHard, 4, 5}, {UniqueHard, 3, 4}}

func TestAttentionKindsHaveTheirDepthForEveryN(t *testing.T) {
	for _, k := range kindDepths {
		for _, n := range []int{3, 4, 6, 8, 12} {
			for _, more := range []string{"", ",causal=1", ",d=4,heads=2,kv_heads=1,positions=rotary"} {
				spec := fmt.Sprintf("attention:n=%d,d=2,bits=2,kind=%s", n, k.kind)
				if more == ",d=4,heads=2,kv_heads=1,positions=rotary" {
					if n > 4 {
						continue
					}
					spec = fmt.Sprintf("attention:n=%d,bits=2,kind=%s%s", n, k.kind, more)
				} else {
					spec += more
				}
				p := instance(t, spec).Program
				if got := lowertest.Circuit(t, p, lower.MinDepth).Depth(); got != k.depth {
					t.Errorf("%s: depth %d, want %d", spec, got, k.depth)
				}
				if got := lowertest.Circuit(t, p, lower.Strategy{}).Depth(); got != k.plainly {
					t.Errorf("%s without absorption: depth %d, want %d", spec, got, k.plainly)
				}
			}
		}
	}
}

func TestAttentionKindsExhaustively(t *testing.T) {
	for _, kind := range AttentionKinds() {
		for _, parameters := range []string{
			"n=2,d=1,bits=3", "n=3,d=1,bits=2,causal=1", "n=2,d=2,bits=2,heads=2", "n=2,d=2,bits=2,positions=rotary",
			"n=2,d=2,bits=2,heads=2,kv_heads=1,causal=1,positions=learned", "n=3,d=1,bits=2,positions=sinusoidal", "n=4,d=1,bits=2",
		} {
			spec := "attention:" + parameters + ",kind=" + kind
			for _, s := range append([]lower.Strategy{{Absorb: true, Select: true}, {Binary: true, Select: true}}, lowertest.Strategies[:4]...) {
				p := instance(t, spec).Program
				c := lowertest.Circuit(t, p, s)
				lowertest.Exhaust(p, func(in []int64) { lowertest.Compare(t, p, c, in) })
			}
		}
	}
}

// The bounds hold as that of softmax attention does: half a unit for the rounding,
// plus what the few levels of the exponential add; nothing but the rounding for
// average-hard attention, and nothing at all for unique-hard attention. Sinusoidal
// positions are rounded to units of the input, which adds up to half a unit.
func TestAttentionKindsAreNearTheTextbook(t *testing.T) {
	for _, test := range []struct {
		parameters   string
		least, bound float64
	}{
		{"kind=stable,exp_levels=63", 0.1, 1},
		{"kind=stable,exp_levels=63,causal=1", 0.1, 1},
		{"kind=average-hard", 0.1, 0.5 + 1e-6},
		{"kind=average-hard,causal=1,positions=learned", 0.1, 0.5 + 1e-6},
		{"bits=6,d=2,positions=sinusoidal,exp_levels=63", 0.1, 1.1},
		{"kind=unique-hard", 0, 1e-6},
		{"kind=unique-hard,causal=1,heads=2", 0, 1e-6},
		{"kind=unique-hard,positions=learned", 0, 1e-6},
		{"heads=2,kv_heads=1", 0.1, 0.75},
		{"heads=4,causal=1", 0.1, 0.75},
		{"positions=learned", 0.1, 0.85},
		{"heads=2,positions=rotary", 0.1, 0.75},
	} {
		i := instance(t, "attention:n=6,"+test.parameters)
		worst := 0.0
		lowertest.Sample(i.Program, 300, func(in []int64) {
			out, err := i.Program.Reference(in)
			if err != nil {
				t.Fatal(err)
			}
			for k, want := range i.Real(in) {
				worst = max(worst, math.Abs(float64(out[k])-want/i.Scale))
			}
		})
		if worst > test.bound || worst < test.least {
			t.Errorf("%s: the greatest error is %.3f units, want %.3g to %.3g", test.parameters, worst, test.least, test.bound)
		}
	}
}

// Leftmost and average: three positions of which two tie, worked out by hand.
func TestHardAttentionOnTies(t *testing.T) {
	for _, test := range []struct {
		kind string
		want []int64
	}{{AverageHard, []int64{3, 3, 3}}, {UniqueHard, []int64{2, 2, 2}}} {
		p := program.New("ties")
		n, one := program.NewDim("n", 3), program.NewDim("one", 1)
		q := p.Const(program.Shape{n, program.NewDim("h", 1), one}, []int64{1, 1, 1})
		x := p.Input("k", program.Shape{program.NewDim("m", 3), program.NewDim("g", 1), one}, 3, false)
		v := p.Input("v", program.Shape{program.NewDim("m", 3), program.NewDim("g", 1), one}, 3, false)
		p.Output("y", Attend(p, q, x, v, AttendConfig{Kind: test.kind, Unit: 1, Out: program.Range{Lo: 0, Hi: 7}}))
		in := []int64{5, 1, 5, 2, 7, 4} // keys 5, 1, 5 with values 2, 7, 4
		got, err := p.Reference(in)
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			if got[i] != test.want[i] {
				t.Errorf("%s: %v, want %v", test.kind, got, test.want)
			}
		}
		lowertest.Compare(t, p, lowertest.Circuit(t, p, lower.MinDepth), in)
	}
}

func TestAttentionRefusesWhatItDoesNotKnow(t *testing.T) {
	var unknown *UnknownError
	if _, err := (Attention{Kind: "linear"}).Program(2); !errors.As(err, &unknown) || len(unknown.Known) != 4 {
		t.Errorf("kind linear: %v", err)
	}
	for _, a := range []Attention{{Features: 4, Heads: 3}, {Features: 4, Heads: 2, KeyHeads: 3}, {Features: 3, Positions: "rotary"}, {Positions: "alibi"}} {
		if _, err := a.Program(2); err == nil {
			t.Errorf("no error for %+v", a)
		}
	}
}

func TestListing(t *testing.T) {
	p, err := Attention{Features: 1, Bits: 2}.Program(2)
	if err != nil {
		t.Fatal(err)
	}
	listing := p.String()
	for _, want := range []string{
		`%0 [n=2, d=1] in -2..1 = Input("x", 2 bits two's complement)`,
		"Contract(%2, %7, ihe,jhe->hij)  # scores",
		"output y = %",
	} {
		if !strings.Contains(listing, want) {
			t.Errorf("the listing lacks %q:\n%s", want, listing)
		}
	}
}
