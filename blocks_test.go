package tc0

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/internal/longtest"
)

// mostLegalised is the size beyond which a circuit is not rewritten in another basis
// here: adder trees and unrolled weights make it many times as large.
const mostLegalised = 3000

// mostInAC0 is the same for AND and OR alone, where sums of many literals take up to a million gates.
const mostInAC0 = 200

// mostUnrolled is the same for the wires that weights are unrolled into.
const mostUnrolled = 1_000_000

// TestLongBlocks compares every block in every strategy and every basis with its
// integer reference: on all inputs if there are at most 2^20, else on 10 000 random
// and adversarial ones.
func TestLongBlocks(t *testing.T) {
	longtest.Need(t)
	strategies := slices.Concat(
		statsStrategies,
		[]string{"thermometer", "digits2+binary", "thermometer+binary", "digits+absorb+select"},
	)
	exhaustive, sampled := 0, 0
	inMajorities := map[string]int{} // circuits of each family
	verified := map[basis.Basis]int{}
	for _, subject := range append(statsSubjects(), smallWeights()...) {
		for _, n := range []int{2, 3} {
			spec, err := compile.ParseSpec(fmt.Sprintf(subject, n))
			if err != nil {
				t.Fatal(err)
			}
			i, err := spec.Instance()
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range strategies {
				s, err := lower.ParseStrategy(name)
				if err != nil {
					t.Fatal(err)
				}
				for _, b := range []basis.Basis{basis.TC0, basis.AC0, basis.MAJ, basis.NC1} {
					chosen := s
					chosen.Select = chosen.Select || b == basis.AC0
					c, err := lower.Program(i.Program, chosen)
					if err != nil {
						t.Fatalf("%v, %s: %v", spec.Short(), name, err)
					}
					depth := c.Depth()
					if b != basis.TC0 && (c.Size() > mostLegalised || !slices.Contains(statsStrategies, name)) {
						continue
					}
					if b == basis.AC0 && c.Size() > mostInAC0 {
						continue
					}
					if b == basis.MAJ && c.Stats().Weight.Cmp(circuit.NewInt(mostUnrolled)) > 0 {
						continue
					}
					c, err = basis.Legalise(t.Context(), c, b)
					if err != nil {
						// AC0 and MAJ have gates that they refuse, with a reason; NC1 has none.
						var refused *basis.Error
						if b == basis.TC0 || b == basis.NC1 || !errors.As(err, &refused) || refused.What == "" {
							t.Errorf("%v, %s in %v: %v", spec.Short(), name, b, err)
						}
						continue
					}
					if b == basis.MAJ {
						inMajorities[spec.Family.Name]++
						// A gate whose bound its inputs never reach is left out.
						if c.Depth() > depth {
							t.Errorf("%v, %s: depth %d in MAJ, and %d before", spec.Short(), name, c.Depth(), depth)
						}
						if w := c.Stats().MaxWeight; w.Cmp(circuit.NewInt(1)) > 0 {
							t.Errorf("%v, %s: a weight of %v in MAJ", spec.Short(), name, w)
						}
					}
					found, err := analysis.Verify(
						t.Context(),
						c,
						i.Program,
						analysis.VerifyConfig{Exhaustive: vector.Count(analysis.Ranges(i.Program.Inputs())) <= 1<<20},
					)
					if err != nil || found.Mismatches != 0 ||
						!found.Exhaustive && found.Inputs < analysis.DefaultInputs {
						t.Errorf("%v, %s in %v: %+v, %v", spec.Short(), name, b, found, err)
						continue
					}
					verified[b]++
					if found.Exhaustive {
						exhaustive++
					} else {
						sampled++
					}
				}
			}
		}
	}
	t.Logf(
		"%d circuits on all inputs, %d on %d each; by basis %v",
		exhaustive,
		sampled,
		analysis.DefaultInputs,
		verified,
	)
	for _, b := range []basis.Basis{basis.TC0, basis.AC0, basis.MAJ, basis.NC1} {
		if verified[b] == 0 {
			t.Errorf("no circuit in %v", b)
		}
	}
	for _, f := range compile.Families() {
		if inMajorities[f.Name] == 0 {
			t.Errorf("no circuit of %s in MAJ", f.Name)
		}
	}
}

// smallWeights are blocks of so few bits, those with norms at such a resolution, that
// their weights can be unrolled into wires.
func smallWeights() []string {
	var list []string
	for _, block := range []string{"layernorm", "rmsnorm", "layer", "transformer", "looped", "cot"} {
		list = append(list, block+":n=%d,d=2,bits=2,resolution=4")
	}
	return append(
		list,
		"mamba:n=%d,d=2,bits=2",
		"layer:n=%d,d=2,bits=2,norm=layer,resolution=2",
		"layer:n=%d,d=2,bits=2,kind=stable,resolution=4",
	)
}

// TestLongLanguageModels measures the shipped language models through their circuits,
// on all held-out inputs. None loses more than a point.
func TestLongLanguageModels(t *testing.T) {
	longtest.Need(t)
	for _, name := range []string{"adder", "flip-flop", "long-adder", "words"} {
		q, c := shippedCircuit(t, name)
		a, err := analysis.MeasureAccuracy(t.Context(), c, q, q.Model.Test)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: depth %d, %d gates, %+v", name, c.Depth(), c.Size(), *a)
		if a.SameAsReference != a.Inputs {
			t.Errorf(
				"%s: the circuit answers as the network in integers on %d of %d inputs",
				name,
				a.SameAsReference,
				a.Inputs,
			)
		}
		if name == "words" {
			if a.CircuitPerplexity > 1.03*a.FloatPerplexity {
				t.Errorf(
					"words: perplexity %.4f through the circuit, %.4f in floating point",
					a.CircuitPerplexity,
					a.FloatPerplexity,
				)
			}
		}
		if tokens := 100 * float64(a.CircuitTokens-a.FloatTokens) / float64(a.Tokens); a.Points < -1 || tokens < -1 {
			t.Errorf("%s: through the circuit %+.2f points of inputs and %+.2f of tokens", name, a.Points, tokens)
		}
		found, err := analysis.Verify(t.Context(), c, q.Program, analysis.VerifyConfig{})
		if err != nil || found.Inputs < analysis.DefaultInputs {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
}
