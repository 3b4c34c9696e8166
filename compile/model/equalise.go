package model

import (
	"maps"
	"math"
	"slices"
	"strings"
)

// channels are numbers that can be scaled one by one without any change of the logits: what makes them is divided by a
// factor for each, and what reads them is multiplied.
type channels struct {
	activation string   // their name where they are observed
	calls      int      // observed vectors that make one vector of them, in turn; 0 means 1
	made       []string // matrices whose rows they are, with their biases, or gains
	read       []string // matrices whose columns they are
	heads      int      // of the columns of what reads them that go with one head of them; 0 means 1
	size       int      // of a head
}

// channels returns what can be equalised. What can is read by linear maps alone, and made by linear maps or norms, with
// no more than a product or a function f with f(s·x) = s·f(x) for s > 0 between.
func (m *Model) channels() (list []channels) {
	c := &m.Config
	scales := c.Activation == "relu" || c.Activation == "identity" || strings.HasPrefix(c.Activation, "leaky_relu")
	switch {
	case c.Decoder != nil:
		for l := range c.Decoder.Layers {
			list = append(list, m.decoderChannels(l, scales)...)
		}
		if c.Decoder.LastNorm && !c.Decoder.Tied {
			list = append(list, channels{
				activation: "last norm", made: []string{c.weight(lastNorm, 0)}, read: []string{c.weight(head, 0)},
			})
		}
	case c.Selective != nil:
		for l := range c.Selective.Layers {
			list = append(list, channels{
				activation: layerPart(l, "norm"), made: []string{mixer(l, "norm.weight")},
				read: []string{mixer(l, "in_proj.weight")},
			})
		}
		if !c.Selective.Tied {
			list = append(list, channels{
				activation: "last norm", made: []string{mambaNorm}, read: []string{c.Selective.unembedding()},
			})
		}
	case c.ModelType == "attention-classifier":
		list = []channels{
			{activation: attentionName, made: []string{"attention.value.weight"}, read: []string{"attention.output.weight"}},
			{activation: hiddenName(0), made: []string{"mlp.up.weight"}, read: []string{"mlp.down.weight"}},
		}
	case c.ModelType == "mlp" && scales:
		for k := range len(c.LayerSizes) - 2 {
			list = append(list, channels{
				activation: hiddenName(k), made: []string{layerName(k) + ".weight"}, read: []string{layerName(k+1) + ".weight"},
			})
		}
	}
	return slices.DeleteFunc(list, func(c channels) bool { return m.Weights[c.made[0]] == nil })
}

// decoderChannels are the channels of a layer. The function of its hidden units may be one that scales.
func (m *Model) decoderChannels(l int, scales bool) []channels {
	c, d := &m.Config, m.Config.Decoder
	of := func(parts ...part) (names []string) {
		for _, p := range parts {
			names = append(names, c.weight(p, l))
		}
		return names
	}
	list := []channels{{
		activation: layerPart(l, "value"), calls: d.KeyHeads, made: of(value), read: of(projection),
		heads: d.Heads / d.KeyHeads, size: d.HeadSize,
	}}
	if d.Norm != NoNorm {
		reads := of(up)
		if d.Gated {
			reads = of(up, gate)
		}
		list = append(list,
			channels{activation: layerPart(l, "norm 1"), made: of(norm1), read: of(query, key, value)},
			channels{activation: layerPart(l, "norm 2"), made: of(norm2), read: reads})
	}
	if d.Gated {
		list = append(list, channels{activation: layerPart(l, "up"), made: of(up), read: of(down)})
	} else if scales {
		list = append(list, channels{activation: layerPart(l, "hidden"), made: of(up), read: of(down)})
	}
	return list
}

// mostEqualised is the greatest factor that a channel is scaled by.
const mostEqualised = 64

// Equalises reports whether the model has channels that can be equalised; see [Quantisation].
func (m *Model) Equalises() bool { return len(m.channels()) > 0 }

// equalised returns the same network with channels that are about as large as the largest of their vector, on the
// given inputs. All channels of a vector are rounded in one unit, so each then has about as many levels. Logits change
// by the rounding of floating point alone. (Nagel et al. 2019 equalise weights in this way.)
func (m *Model) equalised(data [][]int64) *Model {
	list := m.channels()
	peaks := m.channelPeaks(list, data)
	same := *m
	same.Weights = maps.Clone(m.Weights)
	for _, c := range list {
		same.Weights.rescale(c, factors(peaks[c.activation]))
	}
	return &same
}

// channelPeaks returns the greatest absolute value of each channel on the given inputs. If they are very many, it stops
// after about 16 million values.
func (m *Model) channelPeaks(list []channels, data [][]int64) map[string][]float64 {
	peaks := map[string][]float64{}
	calls, count := map[string]int{}, 0
	of := map[string]channels{}
	for _, c := range list {
		of[c.activation] = c
	}
	for _, in := range data {
		m.architecture.forward(m, in, func(name string, v []float64) {
			c, ok := of[name]
			if !ok {
				return
			}
			parts := max(c.calls, 1)
			if peaks[name] == nil {
				peaks[name] = make([]float64, parts*len(v))
			}
			from := calls[name] % parts * len(v)
			calls[name]++
			for i, x := range v {
				peaks[name][from+i] = max(peaks[name][from+i], math.Abs(x))
			}
			count += len(v)
		})
		if count >= 1<<24 {
			break
		}
	}
	return peaks
}

// factors returns what channels with some peaks are divided by.
func factors(peaks []float64) []float64 {
	top := 0.0
	for _, p := range peaks {
		top = max(top, p)
	}
	f := make([]float64, len(peaks))
	for i, p := range peaks {
		f[i] = 1 // of a channel that is always 0
		if p > 0 && top > 0 {
			f[i] = max(p/top, 1.0/mostEqualised)
		}
	}
	return f
}

// rescale divides channels by factors. It leaves the tensors that there are as they are.
func (w Weights) rescale(c channels, factors []float64) {
	scaled := func(name string, factor func(row, column int) float64) {
		t := w[name]
		if t == nil {
			return
		}
		columns := len(t.Data) / t.Shape[0]
		next := &Tensor{t.Shape, make([]float64, len(t.Data))}
		for i, v := range t.Data {
			next.Data[i] = float64(v * factor(i/columns, i%columns))
		}
		w[name] = next
	}
	for _, name := range c.made {
		for _, n := range []string{name, biasOf(name)} {
			scaled(n, func(row, _ int) float64 { return 1 / factors[row] })
		}
	}
	for _, name := range c.read {
		scaled(name, func(_, column int) float64 {
			if c.heads > 1 {
				column = column/c.size/c.heads*c.size + column%c.size
			}
			return factors[column]
		})
	}
}
