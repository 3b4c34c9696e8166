package model

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"

	"github.com/nlpodyssey/safetensors"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Tensor is a tensor of real numbers, row-major.
type Tensor struct {
	Shape []int
	Data  []float64
}

// Weights are the tensors of a network, by name. The bias of a linear map or a norm is called
// as its weight is, but for that word.
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

// norm returns the layer norm of x with the gain of a tensor and its bias, or, if it has
// none, the RMS norm (Zhang and Sennrich 2019).
func (w Weights) norm(weight string, x []float64, epsilon float64) []float64 {
	gain, bias := w[weight].Data, w[biasOf(weight)]
	mean, square := 0.0, 0.0
	if bias != nil {
		for _, v := range x { // in order, so that all processors agree
			mean += v
		}
		mean /= float64(len(x))
	}
	for _, v := range x {
		square += float64((v - mean) * (v - mean))
	}
	root := math.Sqrt(square/float64(len(x)) + epsilon)
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(gain[i] * ((v - mean) / root))
	}
	if bias != nil {
		floats.Add(y, bias.Data)
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

// softmax subtracts the maximum first, which changes nothing but the range.
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

// index returns the indices of element i, such as "[2,3]".
func index(shape []int, i int) string {
	s := ""
	for k := len(shape) - 1; k >= 0; k-- {
		s = fmt.Sprintf(",%d", i%shape[k]) + s
		i /= shape[k]
	}
	if s == "" {
		return "[]"
	}
	return "[" + s[1:] + "]"
}

// numbers are the element types that weights may have.
var numbers = map[safetensors.DType]func(b []byte) float64{
	safetensors.F64: func(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) },
	safetensors.F32: func(b []byte) float64 { return float64(math.Float32frombits(binary.LittleEndian.Uint32(b))) },
	safetensors.BF16: func(b []byte) float64 {
		return float64(math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16))
	},
	safetensors.F16: func(b []byte) float64 { return half(binary.LittleEndian.Uint16(b)) },
}

// integers are the element types that data may have. All values fit int64 or are
// far out of any range.
var integers = map[safetensors.DType]func(b []byte) int64{
	safetensors.U8:  func(b []byte) int64 { return int64(b[0]) },
	safetensors.I8:  func(b []byte) int64 { return int64(int8(b[0])) },
	safetensors.U16: func(b []byte) int64 { return int64(binary.LittleEndian.Uint16(b)) },
	safetensors.I16: func(b []byte) int64 { return int64(int16(binary.LittleEndian.Uint16(b))) },
	safetensors.U32: func(b []byte) int64 { return int64(binary.LittleEndian.Uint32(b)) },
	safetensors.I32: func(b []byte) int64 { return int64(int32(binary.LittleEndian.Uint32(b))) },
	safetensors.U64: func(b []byte) int64 { return int64(min(binary.LittleEndian.Uint64(b), math.MaxInt64)) },
	safetensors.I64: func(b []byte) int64 { return int64(binary.LittleEndian.Uint64(b)) },
}

// half returns the value of a 16-bit float: a sign, 5 bits of exponent and 10 of
// fraction.
func half(bits uint16) float64 {
	fraction, exponent := float64(bits&0x3ff), int(bits>>10&0x1f)
	var v float64
	switch exponent {
	case 0:
		v = math.Ldexp(fraction, -24)
	case 0x1f:
		v = math.Inf(1)
		if fraction != 0 {
			v = math.NaN()
		}
	default:
		v = math.Ldexp(fraction+1024, exponent-25)
	}
	if bits>>15 == 1 {
		return -v
	}
	return v
}

// real reads a tensor of finite numbers with the given shape.
func (f *tensorFile) real(spec tensorSpec) (*Tensor, error) {
	values, _, err := elements(f, spec, numbers, "F64, F32, F16 or BF16")
	for i, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, f.fail(spec.name, "element %s is %v", index(spec.shape, i), v)
		}
	}
	return &Tensor{spec.shape, values}, err
}

// whole reads a tensor of integers from 0 to top with the given shape. With gaps,
// −1, or 255 in a tensor of bytes, says that there is no number, and is read as −1.
func (f *tensorFile) whole(spec tensorSpec, top int64, gaps bool) ([]int64, error) {
	values, size, err := elements(f, spec, integers, "U8 or another integer type")
	for i, v := range values {
		if gaps && (v == -1 || v == 255 && size == 1) {
			values[i] = -1
		} else if v < 0 || v > top {
			return nil, f.fail(spec.name, "element %s is %d, outside 0..%d", index(spec.shape, i), v, top)
		}
	}
	return values, err
}

// elements reads a tensor whose elements are of one of the given types, and the bytes that
// each takes.
func elements[T any](
	f *tensorFile, spec tensorSpec, types map[safetensors.DType]func(b []byte) T, want string,
) ([]T, int, error) {
	view, err := f.find(spec)
	if err != nil {
		return nil, 0, err
	}
	read, ok := types[view.DType()]
	if !ok {
		return nil, 0, f.fail(spec.name, "elements are of type %v, want %s", view.DType(), want)
	}
	size := int(view.DType().Size())
	values := make([]T, len(view.Data())/size)
	for i := range values {
		values[i] = read(view.Data()[i*size:])
	}
	return values, size, nil
}

// table reads a matrix of integers from 0 to top, of any number of rows.
func (f *tensorFile) table(name string, width int, top int64) ([][]int64, error) {
	s := spec(name, 0, width)
	if view, ok := f.tensors.Tensor(name); ok && len(view.Shape()) > 0 && view.Shape()[0] <= maxFile {
		s.shape[0] = int(view.Shape()[0])
	}
	flat, err := f.whole(s, top, false)
	return slices.Collect(slices.Chunk(flat, width)), err
}

// find returns the tensor of the given name, which must have the given shape.
func (f *tensorFile) find(spec tensorSpec) (safetensors.TensorView, error) {
	view, ok := f.tensors.Tensor(spec.name)
	if !ok {
		return view, f.fail(spec.name, "is missing")
	}
	want := make([]uint64, len(spec.shape))
	for i, n := range spec.shape {
		want[i] = uint64(n)
	}
	if got := view.Shape(); !slices.Equal(got, want) {
		return view, f.fail(spec.name, "has shape %s, want %v by config.json", clip(fmt.Sprint(got)), want)
	}
	return view, nil
}

// only checks that the file has no other tensors, but those that may be ignored.
func (f *tensorFile) only(specs []tensorSpec, ignore func(name string) (bool, error)) error {
	names := f.tensors.Names()
	slices.Sort(names)
	for _, name := range names {
		if slices.ContainsFunc(specs, func(s tensorSpec) bool { return s.name == name }) {
			continue
		}
		if ok, err := ignore(name); err != nil {
			return err
		} else if !ok {
			return f.fail(name, "is not part of this type of model or file; known: %s", list(patterns(specs)))
		}
	}
	return nil
}

// nothing is what may be ignored in most files.
func nothing(string) (bool, error) { return false, nil }

// published returns the name of a tensor in the file: with or without the prefix of
// a whole model, as the first tensor has it.
func (f *tensorFile) published(name, first, prefix string) string {
	body := strings.TrimPrefix(first, prefix)
	if _, ok := f.tensors.Tensor(first); ok || prefix == "" || name == "lm_head.weight" {
		return name
	}
	if _, ok := f.tensors.Tensor(body); ok {
		return strings.TrimPrefix(name, prefix)
	}
	if _, ok := f.tensors.Tensor(prefix + body); ok {
		return prefix + strings.TrimPrefix(name, prefix)
	}
	return name
}

// readWeights reads the tensors of a network. Their published names may lack the prefix of a
// whole model, which only language models have.
func readWeights(fsys fs.FS, name string, specs []tensorSpec, prefix string) (Weights, error) {
	f, err := readTensors(fsys, name)
	if err != nil {
		return nil, err
	}
	w := Weights{}
	names := slices.Clone(specs) // as the file calls them
	for i, spec := range specs {
		names[i].name = f.published(spec.name, specs[0].name, prefix)
		if spec.transposed {
			names[i].shape = []int{spec.shape[1], spec.shape[0]}
		}
		t, err := f.real(names[i])
		if err != nil {
			return nil, err
		}
		if spec.transposed {
			t = t.transpose()
		}
		if spec.parts == nil {
			w[spec.name] = t
		}
		for k, part := range spec.parts {
			w[spec.name+" "+part] = t.rows(k, len(spec.parts))
		}
	}
	if prefix == "" {
		return w, f.only(names, nothing)
	}
	return w, f.only(names, func(name string) (bool, error) { return f.buffer(name, w[specs[0].name]) })
}

// buffer accepts a tensor of a language model that is no weight of its own: what follows from
// the configuration, or the tied unembedding written down a second time.
func (f *tensorFile) buffer(name string, embedding *Tensor) (bool, error) {
	for _, suffix := range []string{".attn.bias", ".attn.masked_bias", ".rotary_emb.inv_freq"} { // masks and angles
		if strings.HasSuffix(name, suffix) {
			return true, nil
		}
	}
	if name != "lm_head.weight" {
		return false, nil
	}
	again, err := f.real(spec(name, embedding.Shape...))
	if err == nil && !slices.Equal(again.Data, embedding.Data) {
		err = f.fail(name, "differs from the embedding, although config.json ties them")
	}
	return err == nil, err
}

// transpose returns the transpose of a matrix.
func (t *Tensor) transpose() *Tensor {
	rows, columns := t.Shape[0], t.Shape[1]
	u := mat.DenseCopyOf(mat.NewDense(rows, columns, t.Data).T())
	return &Tensor{[]int{columns, rows}, u.RawMatrix().Data}
}

// rows returns part k of count equal parts of the first axis.
func (t *Tensor) rows(k, count int) *Tensor {
	u := &Tensor{Shape: slices.Clone(t.Shape)}
	u.Shape[0] /= count
	size := len(t.Data) / count
	u.Data = t.Data[k*size : (k+1)*size : (k+1)*size]
	return u
}

// patterns returns the names of tensors with the layer number as K.
func patterns(specs []tensorSpec) []string {
	var names []string
	for _, s := range specs {
		fields := strings.Split(s.name, ".")
		for i, f := range fields {
			if f != "" && strings.Trim(f, "0123456789") == "" {
				fields[i] = "K"
			}
		}
		if name := strings.Join(fields, "."); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func clip(s string) string {
	if len(s) > longest {
		return s[:longest] + "..."
	}
	return s
}
