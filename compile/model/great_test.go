package model

import (
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile/lower"
)

// Weights of any size are taken: no range in between ends at 64 bits. The circuit stays the network in integers, and
// with fine roundings the logits of decoders stay near.
func TestGreatWeights(t *testing.T) {
	for name, load := range map[string]func() *Model{
		"gpt2":  func() *Model { return mustLoad(t, familyFiles(), "gpt2") },
		"llama": func() *Model { return mustLoad(t, familyFiles(), "llama") },
		"mamba": func() *Model { return mustLoad(t, caseFiles(), "inner-null") },
		"qwen3": func() *Model { return mustLoad(t, familyFiles(), "qwen3") },
	} {
		for _, times := range []float64{10, 100, 1e4} {
			m := load()
			for _, w := range m.Weights {
				for i := range w.Data {
					w.Data[i] *= times
				}
			}
			q := mustQuantise(t, m, Quantisation{WeightBits: 4, ActivationBits: 3, ResidualBits: 4, ExpLevels: 5})
			random := inputsOf(m, 3)
			if times == 100 {
				c := mustLower(t, q.Program, lower.Balanced)
				for _, in := range random {
					same(t, q.Program, c, in)
				}
			}
			d := &Dataset{Inputs: random}
			m.Calibration = d
			fine := mustQuantise(t, m, Quantisation{
				WeightBits: 14, ActivationBits: 12, ResidualBits: 16, ExpLevels: 2000, Percentile: 100,
			})
			mean, _, size, err := fine.LogitError(d)
			t.Logf("%s × %g: logits are off by %.3g of %.3g", name, times, mean, size)
			// The states of a Mamba that is so sharp lie further apart than any levels.
			if err != nil || name != "mamba" && !(mean <= 0.02*size) {
				t.Errorf("%s × %g: logits are off by %.3g of %.3g (%v)", name, times, mean, size, err)
			}
		}
	}
}

// A residual that what is added to it dwarfs is rounded more coarsely, and the choices and stages say so.
func TestCoarseResidual(t *testing.T) {
	for _, test := range []struct {
		times    float64
		unit     bool // it is rounded; else it is 0 there
		greatest int64
	}{{3e12, true, 5}, {1e20, false, 0}} {
		m := mustLoad(t, familyFiles(), "llama")
		for name, w := range m.Weights {
			for i := range w.Data {
				if strings.HasPrefix(name, "model.layers.0.mlp.down_proj") {
					w.Data[i] *= test.times
				}
			}
		}
		q := mustQuantise(t, m, Quantisation{WeightBits: 4, ActivationBits: 3, ResidualBits: 6, ExpLevels: 5})
		c := find(t, q, "layer 1/residual 2 before")
		if (c.Unit > 1) != test.unit || c.Greatest < test.greatest || !test.unit && c.Greatest != 0 ||
			!strings.HasPrefix(c.Stage, "layer 1/coarser residual 2 before [u=") {
			t.Errorf("× %g: %+v", test.times, c)
		}
		built := mustLower(t, q.Program, lower.Balanced)
		for _, in := range inputsOf(m, 3) {
			same(t, q.Program, built, in)
		}
		usual := mustQuantise(t, mustLoad(t, familyFiles(), "llama"), Quantisation{})
		if slices.ContainsFunc(usual.Choices, func(c Choice) bool {
			return strings.HasSuffix(c.Tensor, " before")
		}) {
			t.Error("a usual residual is rounded, too")
		}
	}
}

// A limit that is left says which layer it is in, and why.
func TestLimitsNameTheLayer(t *testing.T) {
	m := mustLoad(t, familyFiles(), "qwen3")
	for _, w := range m.Weights {
		for i := range w.Data {
			w.Data[i] *= 1e-6
		}
	}
	_, err := m.Quantise(Quantisation{})
	if want := `stage "layer 2/queries, keys and values": ε = 1e-06 is too large for units of`; err == nil ||
		!strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
	m = mustLoad(t, familyFiles(), "mamba")
	for _, w := range m.Weights {
		for i := range w.Data {
			w.Data[i] *= 1e-6
		}
	}
	_, err = m.Quantise(Quantisation{})
	if want := `"layer 1/scan": would be the integer `; err == nil || !strings.Contains(err.Error(), want) ||
		!strings.Contains(err.Error(), "beyond the limit of 53 bits: what stands beside it") {
		t.Errorf("%v, want %s", err, want)
	}
}
