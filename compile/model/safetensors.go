package model

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/nlpodyssey/safetensors"

	"github.com/tc0lab/tc0/compile/checkpoint"
	"github.com/tc0lab/tc0/internal/brief"
)

// tensorFile is a file in the safetensors format: 8 bytes with the length of the
// header, little-endian; the header, a JSON object that says for each tensor its
// dtype, shape and place; and the numbers.
type tensorFile struct {
	name    string
	tensors shards
}

// readTensors reads a file in the safetensors format. It takes the numbers only once the header
// says that there are as many as the file has.
func readTensors(fsys fs.FS, name string) (*tensorFile, error) {
	r, size, err := openFile(fsys, name, maxFile)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	f := &tensorFile{name: name}
	// The library trusts sums of sizes that wrap around, and its messages name
	// neither the tensor nor the numbers. So the header is checked here first.
	begin, err := f.checkHeader(r, size)
	if err != nil {
		return nil, err
	}
	data, err := readRest(r, name, begin, size)
	if err != nil {
		return nil, err
	}
	one, err := safetensors.Deserialize(data)
	if err != nil {
		return nil, &LoadError{File: name, What: "the header is wrong", Err: err}
	}
	f.tensors = shards{one}
	return f, nil
}

func (f *tensorFile) fail(tensor, format string, args ...any) error {
	return &LoadError{File: f.name, Name: tensor, What: fmt.Sprintf(format, args...)}
}

// checkHeader reads the header and checks that it fits a file of some bytes, and that each byte
// behind it belongs to one tensor. It returns what it has read, with room for the rest.
func (f *tensorFile) checkHeader(r io.Reader, size int64) ([]byte, error) {
	header, err := checkpoint.CheckSafetensors(r, size)
	if err != nil {
		return nil, f.own(err)
	}
	return append(make([]byte, 0, size+bytes.MinRead), header...), nil
}

// own makes an error of package checkpoint one of this package.
func (f *tensorFile) own(err error) error {
	var e *checkpoint.Error
	if errors.As(err, &e) {
		return &LoadError{File: f.name, Name: e.Tensor, What: e.What, Err: e.Err}
	}
	return &LoadError{File: f.name, What: "cannot be read", Err: err}
}

// shards are the tensors of one file, or of several that are one checkpoint.
type shards []safetensors.SafeTensors

// Tensor returns the tensor of a name, and whether there is one.
func (s shards) Tensor(name string) (view safetensors.TensorView, ok bool) {
	for _, one := range s {
		if view, ok = one.Tensor(name); ok {
			break
		}
	}
	return view, ok
}

// Names returns the names of all tensors.
func (s shards) Names() []string {
	var names []string
	for _, one := range s {
		names = append(names, one.Names()...)
	}
	return names
}

// readWeightFiles reads the tensors of a network: one file, or those that the index beside it names.
func readWeightFiles(fsys fs.FS, name string) (*tensorFile, error) {
	index := name + ".index.json"
	if _, err := fs.Stat(fsys, name); !errors.Is(err, fs.ErrNotExist) {
		return readTensors(fsys, name)
	}
	if _, err := fs.Stat(fsys, index); err != nil {
		return readTensors(fsys, name) // which says that it is missing
	}
	f := &tensorFile{name: index}
	files, err := checkpoint.ReadIndex(fsys, index)
	if err != nil {
		return nil, f.own(err)
	}
	size := int64(0)
	for _, file := range sortedKeys(files) {
		info, err := fs.Stat(fsys, path.Join(path.Dir(name), file))
		if err == nil {
			if size += info.Size(); size > maxFile {
				return nil, f.fail("", "names files of more than %d bytes, the most that are read", maxFile)
			}
		}
		shard, err := readTensors(fsys, path.Join(path.Dir(name), file))
		if err != nil {
			return nil, err
		}
		for _, tensor := range shard.tensors.Names() {
			if !slices.Contains(files[file], tensor) {
				return nil, shard.fail(tensor, "is not in the index of the checkpoint, or in another file")
			}
		}
		if n := len(shard.tensors.Names()); n != len(files[file]) {
			return nil, shard.fail("", "has %d tensors, and the index names %d of it", n, len(files[file]))
		}
		f.tensors = append(f.tensors, shard.tensors...)
	}
	return f, nil
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
	safetensors.F16: func(b []byte) float64 { return checkpoint.Half(binary.LittleEndian.Uint16(b)) },
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

// whole reads a tensor of integers from 0 to top with the given shape. With gaps, −1 means a
// missing number; in a tensor of bytes 255 means it. Both are read as −1.
func (f *tensorFile) whole(spec tensorSpec, top int64, gaps bool) ([]int64, error) {
	values, size, err := elements(f, spec, integers, "U8 or another integer type")
	for i, v := range values {
		if gaps && v == 255 && size == 1 && top >= 255 {
			return nil, f.fail(spec.name, "element %s is 255, which means no answer in a tensor of U8, and is a token, too; "+
				"write the tensor as I16 or wider, with -1 for no answer", index(spec.shape, i))
		}
		if gaps && (v == -1 || v == 255 && size == 1) {
			values[i] = -1
		} else if v < 0 || v > top {
			return nil, f.fail(spec.name, "element %s is %d, outside 0..%d", index(spec.shape, i), v, top)
		}
	}
	return values, err
}

// elements reads a tensor with elements of one of the given types. The map has the size of each type in bytes.
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

// rank returns the number of axes of a tensor, or −1 if the file does not have it.
func (f *tensorFile) rank(name string) int {
	view, ok := f.tensors.Tensor(name)
	if !ok {
		return -1
	}
	return len(view.Shape())
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
		return view, f.fail(spec.name, "is missing; %s", there(spec.name, f.tensors.Names()))
	}
	same := func(got uint64, want int) bool { return got == uint64(want) }
	if got := view.Shape(); !slices.EqualFunc(got, spec.shape, same) {
		return view, f.fail(spec.name, "has shape %s, want %v by config.json", brief.Clip(fmt.Sprint(got)), spec.shape)
	}
	return view, nil
}

// only checks that the file has no other tensors, except tensors that may be ignored.
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
			var known []string
			for _, s := range specs {
				known = append(known, s.name)
			}
			return f.fail(name, "is not part of this type of model or file; known: %s", list(patterns(known)))
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
	if _, ok := f.tensors.Tensor(first); ok || prefix == "" || name == "lm_head.weight" || name == "embed_out.weight" {
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
	f, err := readWeightFiles(fsys, name)
	if err != nil {
		return nil, err
	}
	w := Weights{}
	first := specs[0].name
	if f.published(first, first, prefix) == first && f.rank(first) < 0 {
		first = specs[len(specs)-1].name // the embedding may be stored as the unembedding
	}
	stored := func(s tensorSpec) string { return cmp.Or(s.stored, f.published(s.name, first, prefix)) }
	optional := func(s tensorSpec) bool { return s.optional }
	there := func(s tensorSpec) bool {
		_, ok := f.tensors.Tensor(stored(s))
		return s.optional && ok
	}
	if !slices.ContainsFunc(specs, there) {
		specs = slices.DeleteFunc(slices.Clone(specs), optional)
	}
	names := slices.Clone(specs) // as the file calls them
	for i, spec := range specs {
		names[i].name = stored(spec)
		if spec.called != nil {
			names[i].name = spec.called(f.tensors.Names())
		}
		if _, ok := f.tensors.Tensor(names[i].name); !ok && spec.missing != nil && spec.missing(f.tensors.Names()) {
			continue
		}
		if spec.transposed {
			names[i].shape = []int{spec.shape[1], spec.shape[0]}
		}
		if i == 0 && prefix != "" && f.rank(names[i].name) < 0 && f.rank("lm_head.weight") >= 0 &&
			!slices.ContainsFunc(specs, func(s tensorSpec) bool { return s.name == "lm_head.weight" }) {
			names[i].name = "lm_head.weight" // tied, and kept under the other of its two names
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
			w[spec.name+" "+part] = t.rows(k, len(spec.parts), spec.group)
		}
	}
	if prefix == "" {
		return w, f.only(names, nothing)
	}
	return w, f.only(names, func(name string) (bool, error) { return f.buffer(name, w[specs[0].name]) })
}

// buffer accepts a tensor of a language model that holds nothing new. It follows from the
// configuration, or it is the tied unembedding once more.
func (f *tensorFile) buffer(name string, embedding *Tensor) (bool, error) {
	for _, suffix := range []string{
		".attn.bias", ".attn.masked_bias", ".attention.bias", ".attention.masked_bias", ".rotary_emb.inv_freq",
	} { // masks and angles
		if strings.HasSuffix(name, suffix) {
			return true, nil
		}
	}
	if name != "lm_head.weight" && name != "embed_out.weight" {
		return false, nil
	}
	again, err := f.real(spec(name, embedding.Shape...))
	if err == nil && !slices.Equal(again.Data, embedding.Data) {
		err = f.fail(name, "differs from the embedding, although config.json ties them")
	}
	return err == nil, err
}

// patterns returns the names of tensors with the layer number as K.
func patterns(tensors []string) []string {
	var names []string
	for _, tensor := range tensors {
		fields := strings.Split(tensor, ".")
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
