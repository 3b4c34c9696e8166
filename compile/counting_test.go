package compile

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/compile/internal/lowertest"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// Every block in every basis computes what the reference computes.
func TestFamiliesInEveryBasis(t *testing.T) {
	for _, f := range Families() {
		small := ""
		kinds := []string{""}
		for _, p := range f.Params {
			switch {
			case p.Name == "bits":
				small += ",bits=2"
			case p.Name == "d":
				small += ",d=1"
			case p.Name == "kind":
				kinds = nil
				for _, k := range p.Choices {
					kinds = append(kinds, ",kind="+k)
				}
			}
		}
		for _, kind := range kinds {
			spec := f.Name + ":n=3" + small + kind
			p := instance(t, spec).Program
			for _, b := range []basis.Basis{basis.MAJ, basis.NC1, basis.AC0} {
				for _, s := range []lower.Strategy{lower.MinDepth, lower.Balanced} {
					c, err := lowered(p, s, b)
					var limit *basis.Error
					if errors.As(err, &limit) {
						t.Logf("%s, %v, %v: %v", spec, s, b, err)
						continue
					}
					if err != nil {
						t.Fatalf("%s, %v, %v: %v", spec, s, b, err)
					}
					if err := basis.Conforms(c, b); err != nil {
						t.Errorf("%s, %v: %v", spec, s, err)
					}
					lowertest.Sample(p, 40, func(in []int64) { lowertest.Compare(t, p, c, in) })
				}
			}
		}
	}
}

// lowered lowers a program to a basis; for AC0 with Select, which makes no sum of what is
// picked.
func lowered(p *program.Program, s lower.Strategy, b basis.Basis) (*circuit.Circuit, error) {
	s.Select = s.Select || b == basis.AC0
	c, err := lower.Program(p, s)
	if err != nil {
		return nil, err
	}
	return basis.Legalise(context.Background(), c, b)
}

func TestUniqueHardAttentionIsInAC0(t *testing.T) {
	depths := map[int]bool{}
	for _, n := range []int{3, 4, 6, 8} {
		text := fmt.Sprintf("attention:n=%d,d=1,bits=2,kind=unique-hard", n)
		spec, err := ParseSpec(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := spec.CheckBasis(basis.AC0); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		p := instance(t, text).Program
		c, err := lowered(p, lower.MinDepth, basis.AC0)
		if err != nil {
			t.Fatal(err)
		}
		if err := basis.Conforms(c, basis.AC0); err != nil {
			t.Error(err)
		}
		depths[c.Depth()] = true
		lowertest.Sample(p, 200, func(in []int64) { lowertest.Compare(t, p, c, in) })
	}
	if len(depths) != 1 {
		t.Errorf("the depths %v differ with n", depths)
	}
}

func TestCountingIsRefusedInAC0(t *testing.T) {
	for text, want := range map[string]CountingError{
		"attention:n=2,d=1,bits=2":                   {Op: program.OpQuotient, Stage: "quotient"},
		"attention:n=3,d=1,bits=2,kind=stable":       {Op: program.OpQuotient, Stage: "quotient"},
		"attention:n=3,d=1,bits=2,kind=average-hard": {Op: program.OpQuotient, Stage: "quotient"},
		"mlp:n=2": {Op: program.OpStep, Stage: "hidden 1"},
	} {
		spec, err := ParseSpec(text)
		if err != nil {
			t.Fatal(err)
		}
		var e *CountingError
		if err := spec.CheckBasis(basis.AC0); !errors.As(err, &e) || e.Op != want.Op || e.Stage != want.Stage ||
			e.More <= e.Literals {
			t.Errorf("%s: %v", text, err)
		}
		if err := spec.CheckBasis(basis.NC1); err != nil {
			t.Errorf("%s in NC1: %v", text, err)
		}
	}
	for _, text := range []string{"layernorm:n=3", "rmsnorm:n=3", "attention:n=2,d=1,bits=2,kind=unique-hard"} {
		spec, err := ParseSpec(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := spec.CheckBasis(basis.AC0); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Majorities have the depth of the threshold circuit; gates of fan-in 2 have a depth
// that grows by a bounded amount each time n doubles.
func TestDepthInOtherBases(t *testing.T) {
	last := 0
	for _, n := range []int{2, 4, 8, 16} {
		p := instance(t, fmt.Sprintf("attention:n=%d,d=1,bits=2", n)).Program
		c := lowertest.Circuit(t, p, lower.MinDepth)
		if n <= 8 {
			m, err := basis.Legalise(context.Background(), c, basis.MAJ)
			if err != nil {
				t.Fatal(err)
			}
			if m.Depth() != c.Depth() || fmt.Sprint(m.Stats().MaxWeight) != "1" {
				t.Errorf("n=%d: depth %d and weight %v in MAJ, depth %d in TC0", n, m.Depth(), m.Stats().MaxWeight,
					c.Depth())
			}
		}
		d, err := basis.Legalise(context.Background(), c, basis.NC1)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Stats().MaxFanIn; got != 2 {
			t.Errorf("n=%d: fan-in %d in NC1", n, got)
		}
		if grown := d.Depth() - last; last > 0 && (grown < 1 || grown > 12) {
			t.Errorf("n=%d: depth %d in NC1, %d at half of n", n, d.Depth(), last)
		}
		last = d.Depth()
	}
}
