package model

import (
	"math"
	"slices"
	"testing"
)

// Equalising leaves the logits as they are, to the rounding of floating point, and makes channels alike.
func TestEqualisingKeepsLogits(t *testing.T) {
	count := 0
	for name, m := range everyType(t) {
		if !m.Equalises() {
			if m.Config.Recurrent == nil {
				t.Errorf("%s has nothing to equalise", name)
			}
			if _, err := m.Quantise(Quantisation{Equalise: true}); err == nil {
				t.Errorf("%s, which has nothing to equalise, is equalised", name)
			}
			continue
		}
		data, _, err := m.calibration()
		if err != nil {
			t.Fatal(err)
		}
		e := m.equalised(data)
		changed := 0
		for tensor, w := range e.Weights {
			if w != m.Weights[tensor] {
				changed++
			}
		}
		if changed < 2 {
			t.Errorf("%s: %d tensors change", name, changed)
		}
		for _, in := range data[:min(len(data), 40)] {
			got := e.Forward(in)
			for i, want := range m.Forward(in) {
				if math.Abs(got[i]-want) > 1e-9*max(1, math.Abs(want)) {
					t.Fatalf("%s: logit %d is %v, and %v when equalised", name, i, want, got[i])
				}
			}
		}
		before, after := m.channelPeaks(m.channels(), data), e.channelPeaks(e.channels(), data)
		for activation, peaks := range before {
			top := slices.Max(peaks)
			for i, p := range peaks {
				if got := after[activation][i]; p > top/64 && math.Abs(got-top) > 1e-9*top {
					t.Errorf("%s: channel %d of %s reached to %v of %v, and to %v when equalised", name, i, activation, p, top, got)
				}
			}
		}
		count++
	}
	if count < 8 {
		t.Errorf("%d models are equalised", count)
	}
}

// Values of heads that several queries share are scaled with all of their columns.
func TestFactorsOfChannels(t *testing.T) {
	f := factors([]float64{4, 1, 0, 1e-9})
	for i, want := range []float64{1, 0.25, 1, 1.0 / 64} {
		if f[i] != want {
			t.Errorf("factor %d is %v, want %v", i, f[i], want)
		}
	}
	w := Weights{
		"v.weight": {[]int{4, 1}, []float64{4, 1, 2, 8}}, "v.bias": {[]int{4}, []float64{4, 1, 2, 8}},
		"o.weight": {[]int{1, 8}, []float64{1, 2, 3, 4, 5, 6, 7, 8}},
	}
	w.rescale(channels{made: []string{"v.weight"}, read: []string{"o.weight"}, heads: 2, size: 2}, []float64{4, 1, 2, 8})
	for name, want := range map[string][]float64{
		"v.weight": {1, 1, 1, 1}, "v.bias": {1, 1, 1, 1}, "o.weight": {4, 2, 12, 4, 10, 48, 14, 64},
	} {
		for i, v := range want {
			if w[name].Data[i] != v {
				t.Errorf("%s is %v, want %v", name, w[name].Data, want)
				break
			}
		}
	}
}
