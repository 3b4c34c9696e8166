package model

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
)

// hiddenName is the name of the activations of hidden layer k, counted from 0.
func hiddenName(k int) string { return "hidden " + strconv.Itoa(k+1) }

// attentionName is the name of the output of the attention.
const attentionName = "attention"

// calibration returns the inputs that the ranges of activations are measured on, and says what they
// are. They come from calibration.safetensors. A language model without this file gets random
// tokens from a fixed seed.
func (m *Model) calibration() (data [][]int64, from string, err error) {
	const count = 256
	if m.Calibration != nil {
		return m.Calibration.Inputs, fmt.Sprintf("%d inputs of calibration.safetensors", m.Calibration.Len()), nil
	}
	if !m.Config.Language() {
		const what = "there is no calibration.safetensors, which the ranges of activations are measured on"
		return nil, "", &QuantiseError{Model: m.Config.Name, What: what}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range count {
		in := make([]int64, m.Config.Input.Ports())
		for i := range in {
			in[i] = r.Int64N(m.Config.Input.Top() + 1)
		}
		data = append(data, in)
	}
	return data, fmt.Sprintf("%d sequences of random tokens, since there is no calibration.safetensors", count), nil
}

// calibrate runs the network in float64 over the calibration data. For each quantised activation it
// returns the percentile of its absolute values, over all its units and all inputs. The percentile
// is the nearest rank: the least value such that at least that part of all values is at most as
// large.
//
// If the data is very large, it stops after about 16 million values.
func (m *Model) calibrate(data [][]int64, percentile float64) (map[string]float64, error) {
	const enough = 1 << 24
	values, count, left := map[string][]float64{}, 0, map[string]*leftOut{}
	for _, in := range data {
		m.architecture.forward(m, in, func(name string, v []float64) {
			if isScores(name) {
				if left[name] == nil {
					left[name] = new(leftOut)
				}
				left[name].see(v)
			}
			for _, x := range v {
				values[name] = append(values[name], math.Abs(x))
			}
			count += len(v)
		})
		if count >= enough {
			break
		}
	}
	peaks := map[string]float64{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		v := values[name]
		slices.Sort(v) // NaN first
		rank := int(math.Ceil(percentile / 100 * float64(len(v))))
		peaks[name] = v[min(max(rank, 1), len(v))-1]
		if math.IsNaN(v[0]) || math.IsInf(v[len(v)-1], 0) {
			const what = "the weights are so large that it is infinite on the calibration data"
			return nil, &QuantiseError{Model: m.Config.Name, Name: name, What: what}
		}
	}
	for name, l := range left {
		peaks[spanOf(name)] = l.span()
	}
	return peaks, nil
}
