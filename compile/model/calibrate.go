package model

import (
	"maps"
	"math"
	"slices"
	"strconv"
)

// hiddenName is what the activations of hidden layer k, from 0, are called.
func hiddenName(k int) string { return "hidden " + strconv.Itoa(k+1) }

// attentionName is what the output of the attention is called.
const attentionName = "attention"

// calibrate runs the network in float64 over the calibration data and returns the
// percentile of the absolute values of each activation that is quantised, over all
// its units and all inputs: the least of the values that no less than that part of
// them is at most (nearest rank).
//
// Of very large data only as many inputs are used as give about 16 million values.
func (m *Model) calibrate(percentile float64) (map[string]float64, error) {
	const enough = 1 << 24
	values, count := map[string][]float64{}, 0
	for _, in := range m.Calibration.Inputs {
		m.architecture.forward(m, in, func(name string, v []float64) {
			for _, x := range v {
				values[name] = append(values[name], absolute(x))
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
			return nil, &QuantiseError{Model: m.Config.Name, Name: name, What: "the weights are so large that it is infinite on the calibration data"}
		}
	}
	return peaks, nil
}
