package compile

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile/internal/lowertest"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

func TestStateSpaceDepthDoesNotDependOnN(t *testing.T) {
	for _, test := range []struct {
		spec  string
		depth int
	}{
		{"s4:n=%d", 1},
		{"s4:n=%d,d=1,state=4,bits=4", 1},
		{"mamba:n=%d", 3},
		{"mamba:n=%d,bits=3,d=1", 3},
		{"mamba:n=%d,kind=block,d=2,bits=3,state=1", 5},
		{"s4:n=%d,memory=all", 1},
		{"mamba:n=%d,memory=all", 3},
		{"mamba:n=%d,kind=block,d=2,bits=3,state=1,memory=all", 5},
	} {
		for _, n := range []int{2, 3, 4, 6} {
			spec := fmt.Sprintf(test.spec, n)
			if got := lowertest.Circuit(t, instance(t, spec).Program, lower.MinDepth).Depth(); got != test.depth {
				t.Errorf("%s: depth %d, want %d", spec, got, test.depth)
			}
		}
	}
}

func TestStateSpaceExhaustively(t *testing.T) {
	for _, spec := range []string{
		"s4:n=3,d=2,bits=2", "s4:n=4,d=1,bits=3,state=1", "mamba:n=3,d=1,bits=3",
		"mamba:n=2,d=2,bits=2", "mamba:n=3,d=1,bits=3,kind=block", "mamba:n=2,d=2,bits=2,kind=block,state=1",
		"s4:n=3,d=2,bits=2,memory=all", "s4:n=9,d=1,bits=1,state=1,memory=all", "ssm:n=3,d=2,bits=2,memory=all",
		"mamba:n=6,d=1,bits=2,exp_levels=2,memory=all", "mamba:n=3,d=1,bits=3,exp_levels=1,kind=block,memory=all",
	} {
		for _, s := range lowertest.Strategies {
			p := instance(t, spec).Program
			c := lowertest.Circuit(t, p, s)
			lowertest.Exhaust(p, func(in []int64) { lowertest.Compare(t, p, c, in) })
		}
	}
}

// S4 rounds its kernel and its output: half a unit and a little. The mixing of Mamba
// rounds δ, its decays and its output, and a block two values more, whose
// units are coarser than that of the output; the bounds are in units of output.
func TestStateSpaceIsNearTheTextbook(t *testing.T) {
	for _, test := range []struct {
		spec  string
		bound float64
	}{
		{"s4:n=8,bits=6", 0.6},
		{"s4:n=20,bits=5,state=3", 0.6},
		{"mamba:n=6,bits=6,exp_levels=127", 0.7},
		{"mamba:n=6,bits=6,exp_levels=127,kind=block", 4},
		{"s4:n=8,bits=6,memory=all", 0.6},
		{"s4:n=300,d=1,bits=4,memory=all", 0.6}, // many outputs are clipped
		{"mamba:n=6,bits=6,exp_levels=127,memory=all", 0.7},
		{"mamba:n=40,d=1,bits=6,exp_levels=4095,memory=all", 0.7}, // some outputs are clipped
	} {
		nearTextbook(t, 300, test.spec, 0.3, test.bound)
	}
}

// row runs the program on inputs and returns its outputs, by position.
func row(t *testing.T, p *program.Program, in []int64) []int64 {
	t.Helper()
	out, err := p.Reference(in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// With memory=all an input alone changes the output of its feature at its position and at all later
// ones, at every n. With a window it changes none that is far away.
func TestS4RemembersEveryPosition(t *testing.T) {
	for _, spec := range []string{"d=1", "d=3,state=1", "d=2,bits=1,seed=5", "d=2,bits=5,state=4,seed=9"} {
		for _, n := range []int{1, 2, 7, 150} {
			i := instance(t, fmt.Sprintf("s4:n=%d,%s,memory=all", n, spec))
			in := make([]int64, len(i.Program.Inputs()))
			d, least := len(in)/n, i.Program.Nodes()[0].Bounds.Lo
			none := row(t, i.Program, in)
			for at := 0; at < len(in); at += 1 + len(in)/40 {
				in[at] = least
				for o, v := range row(t, i.Program, in) {
					if reads := o%d == at%d && o >= at; (v != none[o]) != reads {
						t.Fatalf("s4:%s, n=%d: input %d alone gives output %d = %d, without it %d", spec, n, at, o, v, none[o])
					}
				}
				in[at] = 0
			}
		}
	}
}

// The first of 40 positions counts at the last, if nothing is forgotten.
func TestFarPositions(t *testing.T) {
	for _, test := range []struct {
		spec   string
		counts bool
	}{
		{"s4:n=%d,d=1,state=1", false},
		{"s4:n=%d,d=1,state=1,memory=all", true},
		{"mamba:n=%d,d=1,bits=3", false},
		{"mamba:n=%d,d=1,bits=3,memory=all", true},
		{"mamba:n=%d,d=2", false},
		{"mamba:n=%d,d=2,memory=all", true},
		{"mamba:n=%d,d=1,bits=4,kind=block,memory=all", true},
	} {
		p, changed := instance(t, fmt.Sprintf(test.spec, 40)).Program, 0
		d := len(p.Inputs()) / 40
		lowertest.Sample(p, 300, func(in []int64) {
			in = slices.Clone(in)
			var last [2][]int64
			for k, b := range []int64{p.Nodes()[0].Bounds.Lo, p.Nodes()[0].Bounds.Hi} {
				for f := range d {
					in[f] = b
				}
				out := row(t, p, in)
				last[k] = out[len(out)-d:]
			}
			if !slices.Equal(last[0], last[1]) {
				changed++
			}
		})
		if (changed > 0) != test.counts {
			t.Errorf("%s: the first position changes the last output in %d of 300 inputs", test.spec, changed)
		}
	}
}

// The fan-in of a window ends; that of a memory of all positions goes on with n.
func TestFanInOfMemories(t *testing.T) {
	for _, test := range []struct {
		spec  string
		grows bool
	}{
		{"s4:n=%d,d=1,state=1", false},
		{"s4:n=%d,d=1,state=1,memory=all", true},
		{"mamba:n=%d,d=1,state=1", false},
		{"mamba:n=%d,d=1,state=1,memory=all", true},
	} {
		var fanIn []int
		for _, n := range []int{24, 48} {
			p := instance(t, fmt.Sprintf(test.spec, n)).Program
			fanIn = append(fanIn, lowertest.Circuit(t, p, lower.MinDepth).Stats().MaxFanIn)
		}
		if (fanIn[1] > fanIn[0]) != test.grows {
			t.Errorf("%s: fan-in %v at n = 24 and 48", test.spec, fanIn)
		}
	}
}

func TestMemoryIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"s4:n=2,memory=none":                 "memory",
		"ssm:n=2,kind=recurrence,memory=all": "recurrence has memory=window only",
	} {
		s, err := ParseSpec(text)
		if err == nil {
			_, err = s.Instance()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one about %q", text, err, want)
		}
	}
	if _, err := (Mamba{Memory: "some"}).Program(2); err == nil || !strings.Contains(err.Error(), "some") {
		t.Errorf("error %v", err)
	}
}
