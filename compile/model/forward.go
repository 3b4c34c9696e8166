package model

import (
	"fmt"
	"math"
	"slices"
)

// Forward returns the logits of the network in float64, from the textbook formula:
// of each output in turn one for each label.
// It is written apart from the program, so that a mistake in either shows. The
// input must have one integer for each input port, in range.
func (m *Model) Forward(in []int64) []float64 {
	m.mustFit(in)
	return m.architecture.forward(m, in, nil)
}

// Predict returns for each output the index of the label with the largest logit, the
// leftmost of equals.
func (m *Model) Predict(in []int64) []int {
	var answers []int
	for logits := range slices.Chunk(m.Forward(in), len(m.Config.Labels)) {
		answers = append(answers, largest(logits))
	}
	return answers
}

// Correct counts the inputs of d that the network in float64 answers rightly.
func (m *Model) Correct(d *Dataset) int {
	right, _ := d.correct(func(in []int64) ([]int, error) { return m.Predict(in), nil })
	return right
}

func (m *Model) mustFit(in []int64) {
	if len(in) != m.Config.Input.Ports() {
		panic(fmt.Sprintf("model: %d integers for %d input ports", len(in), m.Config.Input.Ports()))
	}
	for i, v := range in {
		if v < 0 || v > m.Config.Input.Top() {
			panic(fmt.Sprintf("model: input %d is %d, outside 0..%d", i, v, m.Config.Input.Top()))
		}
	}
}

func largest(v []float64) int {
	best := 0
	for i := range v {
		if v[i] > v[best] {
			best = i
		}
	}
	return best
}

// forwardMLP computes x ← relu(W·x + b) for each layer, without the ReLU for the
// last.
func forwardMLP(m *Model, in []int64, observe func(string, []float64)) []float64 {
	x := make([]float64, len(in))
	for i, v := range in {
		x[i] = float64(v) * m.Config.Input.Scale
	}
	layers := len(m.Config.LayerSizes) - 1
	for k := range layers {
		x = m.affine(layerName(k)+".weight", layerName(k)+".bias", x)
		if k < layers-1 {
			relu(x)
			if observe != nil {
				observe(hiddenName(k), x)
			}
		}
	}
	return x
}

// forwardAttention computes, with e_j the embedding of token j and d the hidden
// size,
//
//	a = Σ_j softmax_j(Wq·e_n · Wk·e_j / √d) · Wv·e_j
//	r = e_n + Wo·a
//	logits = Wu·(r + W2·relu(W1·r + b1) + b2) + bu
func forwardAttention(m *Model, in []int64, observe func(string, []float64)) []float64 {
	d := m.Config.HiddenSize
	embed := func(token int64) []float64 { return m.Weights["embed.weight"].row(int(token)) }
	last := embed(in[len(in)-1])
	query := m.affine("attention.query.weight", "", last)
	scores := make([]float64, len(in))
	for j, token := range in {
		scores[j] = dot(query, m.affine("attention.key.weight", "", embed(token))) / math.Sqrt(float64(d))
	}
	if observe != nil {
		observe("exponential", scores)
	}
	weights := softmax(scores)
	a := make([]float64, d)
	for j, token := range in {
		for f, v := range m.affine("attention.value.weight", "", embed(token)) {
			a[f] += float64(weights[j] * v)
		}
	}
	if observe != nil {
		observe(attentionName, a)
	}
	r := plus(last, m.affine("attention.output.weight", "", a))
	hidden := m.affine("mlp.up.weight", "mlp.up.bias", r)
	relu(hidden)
	if observe != nil {
		observe(hiddenName(0), hidden)
	}
	r = plus(r, m.affine("mlp.down.weight", "mlp.down.bias", hidden))
	return m.affine("head.weight", "head.bias", r)
}

// affine returns W·x + b; no bias if its name is "".
func (m *Model) affine(weight, bias string, x []float64) []float64 {
	w := m.Weights[weight]
	y := make([]float64, w.Shape[0])
	for i := range y {
		y[i] = dot(w.row(i), x)
		if bias != "" {
			y[i] += m.Weights[bias].Data[i]
		}
	}
	return y
}

// dot rounds each product by itself, so that all processors agree.
func dot(x, y []float64) float64 {
	sum := 0.0
	for i := range x {
		sum += float64(x[i] * y[i])
	}
	return sum
}

func plus(x, y []float64) []float64 {
	z := make([]float64, len(x))
	for i := range x {
		z[i] = x[i] + y[i]
	}
	return z
}

func relu(x []float64) {
	for i := range x {
		x[i] = max(x[i], 0)
	}
}

// softmax subtracts the maximum first, which changes nothing but the range.
func softmax(scores []float64) []float64 {
	top := scores[largest(scores)]
	weights, total := make([]float64, len(scores)), 0.0
	for j, s := range scores {
		weights[j] = math.Exp(s - top)
		total += weights[j]
	}
	for j := range weights {
		weights[j] /= total
	}
	return weights
}
