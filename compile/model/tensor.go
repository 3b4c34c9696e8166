package model

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/nlpodyssey/safetensors"
)

// Tensor is a tensor of real numbers, row-major.
type Tensor struct {
	Shape []int
	Data  []float64
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
	view, err := f.find(spec)
	if err != nil {
		return nil, err
	}
	read, ok := numbers[view.DType()]
	if !ok {
		return nil, f.fail(spec.name, "elements are of type %v, want F64, F32, F16 or BF16", view.DType())
	}
	size := int(view.DType().Size())
	t := &Tensor{Shape: spec.shape, Data: make([]float64, len(view.Data())/size)}
	for i := range t.Data {
		v := read(view.Data()[i*size:])
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, f.fail(spec.name, "element %s is %v", index(spec.shape, i), v)
		}
		t.Data[i] = v
	}
	return t, nil
}

// whole reads a tensor of integers from 0 to top with the given shape. With gaps,
// −1, or 255 in a tensor of bytes, says that there is no number, and is read as −1.
func (f *tensorFile) whole(spec tensorSpec, top int64, gaps bool) ([]int64, error) {
	view, err := f.find(spec)
	if err != nil {
		return nil, err
	}
	read, ok := integers[view.DType()]
	if !ok {
		return nil, f.fail(spec.name, "elements are of type %v, want U8 or another integer type", view.DType())
	}
	size := int(view.DType().Size())
	values := make([]int64, len(view.Data())/size)
	for i := range values {
		v := read(view.Data()[i*size:])
		if gaps && (v == -1 || v == 255 && size == 1) {
			values[i] = -1
			continue
		}
		if v < 0 || v > top {
			return nil, f.fail(spec.name, "element %s is %d, outside 0..%d", index(spec.shape, i), v, top)
		}
		values[i] = v
	}
	return values, nil
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
func (f *tensorFile) only(specs []tensorSpec, ignore func(f *tensorFile, name string) (bool, error)) error {
	names := f.tensors.Names()
	slices.Sort(names)
	for _, name := range names {
		if slices.ContainsFunc(specs, func(s tensorSpec) bool { return s.name == name }) {
			continue
		}
		if ignore != nil {
			if ok, err := ignore(f, name); err != nil {
				return err
			} else if ok {
				continue
			}
		}
		return f.fail(name, "is not part of this type of model or file; known: %s", list(patterns(specs)))
	}
	return nil
}

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

// transpose returns the transpose of a matrix.
func (t *Tensor) transpose() *Tensor {
	rows, columns := t.Shape[1], t.Shape[0]
	u := &Tensor{Shape: []int{rows, columns}, Data: make([]float64, len(t.Data))}
	for i := range rows {
		for j := range columns {
			u.Data[i*columns+j] = t.Data[j*rows+i]
		}
	}
	return u
}

// rows returns part k of count equal parts of the first axis.
func (t *Tensor) rows(k, count int) *Tensor {
	u := &Tensor{Shape: slices.Clone(t.Shape)}
	u.Shape[0] /= count
	size := len(t.Data) / count
	u.Data = t.Data[k*size : (k+1)*size : (k+1)*size]
	return u
}

func clip(s string) string {
	if len(s) > longest {
		return s[:longest] + "..."
	}
	return s
}
