package model

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
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

// Sample returns inputs to measure roundings on, at most so many, and says what they are. They are the test data of
// the model, or else its calibration data, or else random tokens without labels. It returns nil if there are none.
func (m *Model) Sample(most int) (d *Dataset, from string) {
	switch {
	case m.Test != nil:
		d, from = m.Test, "test.safetensors"
	case m.Calibration != nil:
		d, from = m.Calibration, "calibration.safetensors"
	case m.Config.Language():
		inputs, _, _ := m.calibration() // random tokens, which are no error
		d, from = &Dataset{Inputs: inputs}, "random tokens"
	default:
		return nil, ""
	}
	first := &Dataset{Inputs: d.Inputs[:min(most, d.Len())]}
	if d.Labels != nil {
		first.Labels = d.Labels[:first.Len()]
	}
	if d.Targets != nil {
		first.Targets = d.Targets[:first.Len()]
	}
	return first, from
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

// Plain softmax has one table of the exponential for all scores. Its steps are lost where weights are
// nothing if the scores span much, and 52 bits do not hold it if they span very much. Then the
// greatest score of each row is taken off first, and the table is for the distances to it.
const (
	widest    = 8.0  // scores beyond ±widest span much
	leastSpan = 8    // the spans that are chosen, in whole numbers
	widerSpan = 12   // the greatest of them
	mostSpan  = 24   // the greatest that can be asked for
	mostLeft  = 1e-3 // part of the weight of a row that may be left out
)

// scoresName and exponentialName are what rows of scores are called where they are observed.
const (
	scoresName      = "scores"
	exponentialName = "exponential"
)

// isScores reports whether an activation is a row of scores.
func isScores(name string) bool {
	return name == exponentialName || strings.HasSuffix(name, "/"+scoresName)
}

// spanOf is what the span of scores is called among the peaks of the calibration.
func spanOf(name string) string { return name + ", span" }

// leftOut is, for each span that may be chosen, the greatest part of the weight of a row that lies beyond it.
type leftOut [widerSpan - leastSpan + 1]float64

// see counts a row of scores.
func (l *leftOut) see(scores []float64) {
	weights := softmax(scores)
	top := math.Inf(-1)
	for _, s := range scores {
		top = max(top, s)
	}
	for k := range l {
		beyond := 0.0
		for i, s := range scores {
			if top-s > float64(leastSpan+k) {
				beyond += weights[i]
			}
		}
		l[k] = max(l[k], beyond)
	}
}

// span returns the least span that leaves out as little as it may in every row.
func (l *leftOut) span() float64 {
	for k, beyond := range l {
		if beyond <= mostLeft {
			return float64(leastSpan + k)
		}
	}
	return widerSpan
}

// spanFor returns how far below the greatest score of its row a score has a weight, or 0 if softmax is to be
// plain. The scores reach up to ±peak in real units.
func (z *quantiser) spanFor(name string, peak float64) float64 {
	switch {
	case z.q.ScoreSpan != 0:
		return z.q.ScoreSpan
	case peak > widest:
		return max(z.peaks[spanOf(name)], leastSpan)
	}
	return 0
}

// tail returns the integers that stand for distances within the span of stable softmax.
func (z *quantiser) tail(name string, span, alpha float64) program.Range {
	return program.Range{Lo: -z.integer(name, math.Floor(span/alpha))}
}

// rounded replaces the scores of a row by those whose weights the exponential gives.
func (c Choice) rounded(row []float64) {
	f, err := program.ExpTail(c.Scale, c.Span, max(1, c.Levels-1), 6)
	if err != nil { // the choice was made from the same numbers
		panic(err)
	}
	top := math.Inf(-1)
	for _, s := range row {
		top = max(top, s)
	}
	for i, s := range row {
		x := math.Max(math.Round((s-top)/c.Scale), float64(c.Least)-1)
		row[i] = math.Log(float64(f.Apply(int64(x))) / float64(f.Apply(0))) // −∞ where there is no weight
	}
}
