package model

import (
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Tensor is a tensor of real numbers, row-major.
type Tensor struct {
	Shape []int
	Data  []float64
}

// Weights are the tensors of a network, by name. The bias of a linear map or a norm has the name of
// its weight, with the word bias in place of weight.
type Weights map[string]*Tensor

// biasOf returns the name of the bias that goes with a weight, if there is one.
func biasOf(weight string) string { return strings.Replace(weight, ".weight", ".bias", 1) }

// affine returns W·x + b.
func (w Weights) affine(weight string, x []float64) []float64 {
	y := w[weight].times(x)
	if b := w[biasOf(weight)]; b != nil {
		floats.Add(y, b.Data)
	}
	return y
}

// norm is a norm of vectors.
type norm struct {
	kind       NormKind
	gain, bias []float64 // nil for 1 and for 0
	epsilon    float64
}

// normOf returns the norm with the gain of a tensor and its bias, as far as they are there. It is an RMS
// norm (Zhang and Sennrich 2019), unless a decoder has norms of another kind.
func (m *Model) normOf(weight string) norm {
	n := norm{kind: RMSNorm, epsilon: m.Config.epsilon}
	if d := m.Config.Decoder; d != nil {
		n.kind = d.Norm
	}
	if gain := m.Weights[weight]; gain != nil {
		n.gain = gain.Data
	}
	if bias := m.Weights[biasOf(weight)]; bias != nil {
		n.bias = bias.Data
	}
	return n
}

// of returns the norm of x.
func (n norm) of(x []float64) []float64 {
	if n.kind == NoNorm {
		return slices.Clone(x)
	}
	mean, square := 0.0, 0.0
	if n.kind == LayerNorm {
		for _, v := range x { // in order, so that all processors agree
			mean += v
		}
		mean /= float64(len(x))
	}
	for _, v := range x {
		square += float64((v - mean) * (v - mean))
	}
	root := math.Sqrt(square/float64(len(x)) + n.epsilon)
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = (v - mean) / root
		if n.gain != nil {
			y[i] = float64(n.gain[i] * y[i])
		}
	}
	if n.bias != nil {
		floats.Add(y, n.bias)
	}
	return y
}

// times returns W·x.
func (t *Tensor) times(x []float64) []float64 {
	y := make([]float64, t.Shape[0])
	for i := range y {
		y[i] = dot(t.row(i), x)
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

// plus returns x + y.
func plus(x, y []float64) []float64 { return floats.AddTo(make([]float64, len(x)), x, y) }

// apply returns f of each number.
func apply(f func(float64) float64, x []float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = f(v)
	}
	return y
}

// relu replaces what is below 0.
func relu(x []float64) {
	for i := range x {
		x[i] = max(x[i], 0)
	}
}

// softmax first subtracts the maximum. This changes only the range.
func softmax(scores []float64) []float64 {
	top, total := floats.Max(scores), 0.0
	weights := apply(func(s float64) float64 { return math.Exp(s - top) }, scores)
	for _, w := range weights {
		total += w
	}
	for j := range weights {
		weights[j] /= total
	}
	return weights
}

// row returns row i of a matrix, in the tensor's own memory.
func (t *Tensor) row(i int) []float64 {
	n := t.Shape[1]
	return t.Data[i*n : (i+1)*n]
}

// transpose returns the transpose of a matrix.
func (t *Tensor) transpose() *Tensor {
	rows, columns := t.Shape[0], t.Shape[1]
	if t.Data == nil { // of a shape
		return &Tensor{Shape: []int{columns, rows}}
	}
	u := mat.DenseCopyOf(mat.NewDense(rows, columns, t.Data).T())
	return &Tensor{[]int{columns, rows}, u.RawMatrix().Data}
}

// rows returns part k of count equal parts of the first axis. The parts take turns after so many rows as
// a group has; 0 means that each part is one group.
func (t *Tensor) rows(k, count, group int) *Tensor {
	u := &Tensor{Shape: slices.Clone(t.Shape)}
	u.Shape[0] /= count
	size := len(t.Data) / count
	if group > 0 {
		size = len(t.Data) / t.Shape[0] * group
	}
	for i := k * size; i < len(t.Data); i += count * size {
		u.Data = append(u.Data, t.Data[i:i+size]...)
	}
	return u
}
