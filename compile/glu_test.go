package compile

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile/internal/lowertest"
	"github.com/tc0lab/tc0/compile/lower"
)

func TestGLUIsExact(t *testing.T) {
	for _, name := range gluActivations {
		for _, spec := range []string{"glu:n=1,activation=", "glu:n=3,activation=", "glu:n=2,bits=4,hidden=3,activation=", "glu:n=6,bits=4,hidden=2,activation="} {
			exactly(t, spec+name)
		}
	}
	exactly(t, "glu:n=4,hidden=2,bits=1")
	exactly(t, "glu:n=12,hidden=2,seed=5")
}

func TestGLUDepthDoesNotDependOnN(t *testing.T) {
	for _, name := range gluActivations {
		for _, n := range []int{1, 2, 4, 8, 16} {
			p := instance(t, fmt.Sprintf("glu:n=%d,activation=%s", n, name)).Program
			for _, test := range []struct {
				strategy lower.Strategy
				want     int
			}{{lower.MinDepth, 2}, {lower.Strategy{}, 3}} {
				c := lowertest.Circuit(t, p, test.strategy)
				if c.Depth() != test.want {
					t.Errorf("glu n=%d with %s, %v: depth %d, want %d", n, name, test.strategy, c.Depth(), test.want)
				}
			}
		}
	}
}

// Half a unit of output, and half a unit of the gate times W₂·x, which is at most 1.
func TestGLUIsNearTheTextbook(t *testing.T) {
	for _, name := range gluActivations {
		near(t, "glu:n=2,activation="+name, 0.4, 1)
		near(t, "glu:n=4,activation="+name, 0.4, 1)
		near(t, "glu:n=3,bits=6,activation="+name, 0.4, 1)
	}
}

func TestGLUErrors(t *testing.T) {
	for text, want := range map[string]string{
		"glu:n=0":                      "n=0 is outside",
		"glu:n=2,bits=0":               "bits=0 must be at least 1",
		"glu:n=2,bits=13":              "bits=13 is outside 1..12",
		"glu:n=2,hidden=20000":         "hidden=20000 is outside",
		"glu:n=2,activation=gelu_tanh": "unknown activation",
	} {
		s, err := ParseSpec(text)
		if err == nil {
			_, err = s.Instance()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", text, err, want)
		}
	}
	var unknown *UnknownError
	if _, err := (GLU{Activation: "tanh"}).Program(2); !errors.As(err, &unknown) {
		t.Errorf("error %v", err)
	}
}
