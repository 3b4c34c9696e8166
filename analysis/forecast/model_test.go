package forecast

import (
	"testing"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
)

// The shipped models are met within a factor of 2: gates, wires, and memory where it matters, which is as in truths.
func TestModelsAreMet(t *testing.T) {
	for _, truth := range []struct {
		name                string
		method              Method
		gates, wires, bytes float64
	}{
		{"digits", Bound, 1113, 742125, 0},
		{"most-frequent", Scaled, 5984, 2548080, 1.7e6},
		{"adder", Scaled, 228566, 756066987, 29.8e6},
		{"long-adder", Scaled, 140064, 15725497, 19.5e6},
		{"flip-flop", Scaled, 153800, 23667911, 13.7e6},
		{"words", Bound, 2345118, 5424954860, 184e6},
		{"digit-denoiser", Bound, 62323, 268801465, 6.1e6},
		{"parity-denoiser", Bound, 1755, 95351, 0},
	} {
		f := modelOf(t, truth.name)
		if f.Method != truth.method {
			t.Errorf("%s: the method is %s, want %s", truth.name, f.Method, truth.method)
		}
		within(t, truth.name+", gates", f.Gates, truth.gates, 2)
		within(t, truth.name+", wires", f.Wires, truth.wires, 2)
		if truth.bytes > 0 {
			within(t, truth.name+", bytes", f.Bytes(), truth.bytes, 2)
			if f.Least() > truth.bytes {
				t.Errorf("%s: %.4g bytes at the least, and it takes %.4g", truth.name, f.Least(), truth.bytes)
			}
		}
	}
}

// modelOf is the forecast of a shipped model under the strategy that it is built with.
func modelOf(t *testing.T, name string) *Forecast {
	t.Helper()
	f, err := func() (*Forecast, error) {
		if model.IsDenoiser(tc0.Denoisers(), name) {
			d, err := model.LoadDenoiser(tc0.Denoisers(), name)
			if err != nil {
				return nil, err
			}
			p, err := model.Sampler{Denoiser: d, Steps: 4, Ancestral: true}.Program()
			if err != nil {
				return nil, err
			}
			return Program(p, lower.MinDepth, 1)
		}
		m, err := model.Find(name, tc0.Models())
		if err != nil {
			return nil, err
		}
		q, err := m.Quantise(model.Quantisation{})
		if err != nil {
			return nil, err
		}
		s := lower.MinDepth
		if m.Config.Language() {
			s = lower.Balanced
		}
		if _, ok := q.Lengths(); !ok {
			return Program(q.Program, s, 1)
		}
		return Model(t.Context(), m.Config.Input.Length, q.Shorter, s)
	}()
	if err != nil {
		t.Fatal(err)
	}
	return f
}
