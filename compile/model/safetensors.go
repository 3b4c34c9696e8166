package model

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math"
	"math/bits"
	"slices"
	"strings"
	"unicode"

	"github.com/nlpodyssey/safetensors"
)

// tensorFile is a file in the safetensors format: 8 bytes with the length of the
// header, little-endian; the header, a JSON object that says for each tensor its
// dtype, shape and place; and the numbers.
type tensorFile struct {
	name    string
	tensors safetensors.SafeTensors
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
	if f.tensors, err = safetensors.Deserialize(data); err != nil {
		return nil, &LoadError{File: name, What: "the header is wrong", Err: err}
	}
	return f, nil
}

func (f *tensorFile) fail(tensor, format string, args ...any) error {
	return &LoadError{File: f.name, Name: tensor, What: fmt.Sprintf(format, args...)}
}

// entry is what the header says about one tensor.
type entry struct {
	Type   string    `json:"dtype"`
	Shape  []uint64  `json:"shape"`
	Place  [2]uint64 `json:"data_offsets"`
	tensor string
}

// checkHeader reads the header and checks that it fits a file of some bytes, and that each byte
// behind it belongs to one tensor. It returns what it has read, with room for the rest.
func (f *tensorFile) checkHeader(r io.Reader, size int64) ([]byte, error) {
	const prefix = 8
	if size < prefix {
		return nil, f.fail("", "is truncated: it has %d bytes, and the length of the header alone takes %d",
			size, prefix)
	}
	read := func(into []byte) error {
		if _, err := io.ReadFull(r, into); err != nil {
			return &LoadError{File: f.name, What: "cannot be read", Err: err}
		}
		return nil
	}
	var length [prefix]byte
	if err := read(length[:]); err != nil {
		return nil, err
	}
	n, rest := binary.LittleEndian.Uint64(length[:]), uint64(size)-prefix
	switch {
	case n > rest:
		return nil, f.fail("", "is truncated or no safetensors file: the header should have %d bytes, and only %d follow",
			n, rest)
	case n > maxHeader:
		return nil, f.fail("", "the header has %d bytes; at most %d are read", n, maxHeader)
	}
	header := make([]byte, prefix+n)
	copy(header, length[:])
	if err := read(header[prefix:]); err != nil {
		return nil, err
	}
	if err := f.checkEntries(header[prefix:], rest-n); err != nil {
		return nil, err
	}
	return append(make([]byte, 0, size+bytes.MinRead), header...), nil
}

// checkEntries checks a header in front of some bytes.
func (f *tensorFile) checkEntries(header []byte, body uint64) error {
	entries, err := f.entries(header)
	if err != nil {
		return err
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return slices.Compare(a.Place[:], b.Place[:]) })
	end, last := uint64(0), ""
	for _, e := range entries {
		if err := f.checkEntry(e, body); err != nil {
			return err
		}
		if e.Place[0] < end {
			return f.fail(e.tensor, "overlaps tensor %s", quote(last))
		}
		if e.Place[0] > end {
			return f.fail(e.tensor, "begins at byte %d of the data, and bytes %d to %d belong to no tensor",
				e.Place[0], end, e.Place[0]-1)
		}
		end, last = e.Place[1], e.tensor
	}
	if end != body {
		return f.fail("", "is over-long: the last %d bytes belong to no tensor", body-end)
	}
	return nil
}

func (f *tensorFile) checkEntry(e entry, body uint64) error {
	kind, err := safetensors.ParseDType(e.Type)
	if err != nil {
		return f.fail(e.tensor, "has unknown dtype %s", quote(e.Type))
	}
	begin, end := e.Place[0], e.Place[1]
	if begin > end || end > body {
		return f.fail(e.tensor, "takes bytes %d to %d of the data, which has %d", begin, end, body)
	}
	size := kind.Size()
	for _, d := range e.Shape {
		hi, lo := bits.Mul64(size, d)
		if hi != 0 {
			return f.fail(e.tensor, "has shape %s, which fits no file", clip(fmt.Sprint(e.Shape)))
		}
		size = lo
	}
	if size != end-begin {
		return f.fail(e.tensor, "has shape %s of %v, which takes %d bytes, and has %d",
			clip(fmt.Sprint(e.Shape)), kind, size, end-begin)
	}
	return nil
}

// entries reads the header key by key. If two tensors had one name, package json would silently
// take the last one.
func (f *tensorFile) entries(header []byte) ([]entry, error) {
	broken := func(tensor string, err error) error {
		return &LoadError{File: f.name, Name: tensor, What: "the header is not of the safetensors format", Err: err}
	}
	dec := json.NewDecoder(bytes.NewReader(header))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, broken("", err)
	}
	var entries []entry
	seen := map[string]bool{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, broken("", err)
		}
		name, _ := key.(string)
		if seen[name] {
			return nil, f.fail(name, "is there twice")
		}
		seen[name] = true
		if name == "__metadata__" {
			var ignored map[string]string
			if err := dec.Decode(&ignored); err != nil {
				return nil, broken(name, err)
			}
			continue
		}
		e := entry{tensor: name}
		if err := dec.Decode(&e); err != nil {
			return nil, broken(name, err)
		}
		entries = append(entries, e)
	}
	if _, err := dec.Token(); err != nil {
		return nil, broken("", err)
	}
	if tail := header[dec.InputOffset():]; len(bytes.TrimRightFunc(tail, unicode.IsSpace)) > 0 {
		return nil, f.fail("", "the header goes on after its end")
	}
	return entries, nil
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
	// Exponent and fraction have their places in a float64; 2^1008 makes up for its bias, also
	// where the exponent is 0.
	v := math.Float64frombits(uint64(bits&0x7fff)<<42) * 0x1p1008
	switch {
	case v == 1<<16:
		v = math.Inf(1)
	case v > 1<<16:
		v = math.NaN()
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
		return view, f.fail(spec.name, "is missing")
	}
	same := func(got uint64, want int) bool { return got == uint64(want) }
	if got := view.Shape(); !slices.EqualFunc(got, spec.shape, same) {
		return view, f.fail(spec.name, "has shape %s, want %v by config.json", clip(fmt.Sprint(got)), spec.shape)
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
	first := specs[0].name
	if f.published(first, first, prefix) == first && f.rank(first) < 0 {
		first = specs[len(specs)-1].name // the embedding may be stored as the unembedding
	}
	for i, spec := range specs {
		names[i].name = f.published(spec.name, first, prefix)
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
			w[spec.name+" "+part] = t.rows(k, len(spec.parts))
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
