package checkpoint

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/internal/brief"
)

const numpyMagic = "\x93NUMPY"

// maxDescription is the most bytes of the header of an array.
const maxDescription = 1 << 16

var (
	arrayType    = regexp.MustCompile(`'descr':\s*('[^']*'|\[)`)
	arrayOrder   = regexp.MustCompile(`'fortran_order':\s*(True|False)`)
	arrayShape   = regexp.MustCompile(`'shape':\s*\(([0-9, ]*)\)`)
	numpyLetters = map[string]string{
		"f8": "F64", "f4": "F32", "f2": "F16", "i8": "I64", "i4": "I32", "i2": "I16", "i1": "I8",
		"u8": "U64", "u4": "U32", "u2": "U16", "u1": "U8", "b1": "BOOL",
	}
)

// addArray adds an array in the format of NumPy: a magic, a version, the length of a description, the
// description as Python writes a dict, and the numbers. r stands at its beginning. The numbers are
// read later, from a file of an archive or at a place.
func (c *Checkpoint) addArray(name string, r io.Reader, size int64, from any) error {
	begin := make([]byte, 8)
	if _, err := io.ReadFull(r, begin); err != nil || !strings.HasPrefix(string(begin), numpyMagic) {
		return c.fail(name, "is truncated or no NumPy array")
	}
	length := make([]byte, 4)
	if begin[6] == 1 {
		length = length[:2]
	}
	if _, err := io.ReadFull(r, length); err != nil {
		return c.fail(name, "is truncated in its header")
	}
	n := little.Uint32(append(length, 0, 0)[:4])
	switch {
	case begin[6] < 1 || begin[6] > 3:
		return c.fail(name, "is of NumPy format %d; known: 1 to 3", begin[6])
	case n > maxDescription:
		return c.fail(name, "the header has %d bytes; at most %d are read", n, maxDescription)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return c.fail(name, "is truncated in its header")
	}
	a, err := c.parseArray(name, string(text))
	if err != nil {
		return err
	}
	at := int64(8+len(length)) + int64(n)
	count, err := c.count(name, a.shape)
	if err != nil {
		return err
	}
	if want := at + int64(count)*int64(a.kind.size); want != size {
		return c.fail(name, "has shape %s of %s, which takes %d bytes with its header, and has %d",
			brief.Clip(a.shape), a.kind.name, want, size)
	}
	return c.add(name, a.kind, a.shape, func() ([]float64, error) {
		var data []byte
		switch from := from.(type) {
		case *zip.File:
			if data, err = c.unpack(from, name, uint64(size)); err != nil {
				return nil, err
			}
			data = data[at:]
		case io.ReaderAt:
			data = make([]byte, size-at)
			if _, err := io.ReadFull(io.NewSectionReader(from, at, size-at), data); err != nil {
				return nil, &Error{File: c.File, Tensor: name, What: "cannot be read", Err: err}
			}
		}
		return a.values(data), nil
	})
}

// array is what the header of an array says.
type array struct {
	kind    kind
	big     bool // the high byte first
	columns bool // the first index fastest
	shape   []uint64
}

func (c *Checkpoint) parseArray(name, text string) (a array, err error) {
	what, order, shape := arrayType.FindStringSubmatch(text), arrayOrder.FindStringSubmatch(text),
		arrayShape.FindStringSubmatch(text)
	if what == nil || order == nil || shape == nil {
		return a, c.fail(name, "the header %s lacks one of descr, fortran_order and shape", brief.Quote(text))
	}
	descr := strings.Trim(what[1], "'")
	if descr == "" || !strings.Contains("<>|=", descr[:1]) {
		return a, c.fail(name, "has elements of type %s, which are no numbers of one kind", brief.Quote(descr))
	}
	k, ok := findKind(numpyLetters[descr[1:]])
	if !ok {
		return a, c.fail(name, "has elements of type %s; known are floats of 2, 4 and 8 bytes, integers and truth values",
			brief.Quote(descr))
	}
	a = array{kind: k, big: descr[0] == '>', columns: order[1] == "True"}
	for _, d := range strings.FieldsFunc(shape[1], func(r rune) bool { return r == ',' || r == ' ' }) {
		v, err := strconv.ParseUint(d, 10, 64)
		if err != nil {
			return a, c.fail(name, "has shape (%s), which fits no file", brief.Clip(shape[1]))
		}
		a.shape = append(a.shape, v)
	}
	return a, nil
}

// values returns the numbers with the last index fastest.
func (a array) values(data []byte) []float64 {
	if a.big {
		data = bytes.Clone(data)
		for e := data; len(e) > 0; e = e[a.kind.size:] {
			for i, j := 0, a.kind.size-1; i < j; i, j = i+1, j-1 {
				e[i], e[j] = e[j], e[i]
			}
		}
	}
	v := a.kind.values(data)
	if !a.columns || len(a.shape) < 2 {
		return v
	}
	strides, step := make([]int, len(a.shape)), 1
	for i, d := range a.shape {
		strides[i] = step
		step *= int(d)
	}
	return gather(v, 0, a.shape, strides)
}

// gather reads an array whose elements lie apart: element (i, j, ...) is v[at + i·strides[0] + j·strides[1] + ...].
func gather(v []float64, at int, shape []uint64, strides []int) []float64 {
	n := 1
	for _, d := range shape {
		n *= int(d)
	}
	out, index := make([]float64, 0, n), make([]int, len(shape))
	for range n {
		out = append(out, v[at])
		for k := len(shape) - 1; k >= 0; k-- {
			index[k]++
			at += strides[k]
			if index[k] < int(shape[k]) {
				break
			}
			at -= index[k] * strides[k]
			index[k] = 0
		}
	}
	return out
}
