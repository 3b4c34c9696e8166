package model

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/bits"
	"slices"
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

// maxFile is the greatest size of a file that is read.
const maxFile = 1 << 30

// readFile reads a regular file of bounded size.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	switch {
	case err != nil:
		return nil, &LoadError{File: name, What: "cannot be read", Err: err}
	case !info.Mode().IsRegular():
		return nil, &LoadError{File: name, What: "is not a file"}
	case info.Size() > maxFile:
		return nil, &LoadError{File: name, What: fmt.Sprintf("has %d bytes; at most %d are read", info.Size(), maxFile)}
	}
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, &LoadError{File: name, What: "cannot be read", Err: err}
	}
	return data, nil
}

// readTensors reads a file in the safetensors format.
func readTensors(fsys fs.FS, name string) (*tensorFile, error) {
	data, err := readFile(fsys, name)
	if err != nil {
		return nil, err
	}
	f := &tensorFile{name: name}
	// The library trusts sums of sizes that wrap around, and its messages name
	// neither the tensor nor the numbers. So the header is checked here first.
	if err := f.checkHeader(data); err != nil {
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

// checkHeader checks that the header fits the file and that each byte behind it
// belongs to one tensor.
func (f *tensorFile) checkHeader(data []byte) error {
	const prefix = 8
	if len(data) < prefix {
		return f.fail("", "is truncated: it has %d bytes, and the length of the header alone takes %d",
			len(data), prefix)
	}
	rest := data[prefix:]
	n := binary.LittleEndian.Uint64(data)
	if n > uint64(len(rest)) {
		return f.fail("", "is truncated or no safetensors file: the header should have %d bytes, and only %d follow",
			n, len(rest))
	}
	entries, err := f.entries(rest[:n])
	if err != nil {
		return err
	}
	slices.SortStableFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.Place[0], b.Place[0]), cmp.Compare(a.Place[1], b.Place[1]))
	})
	body := uint64(len(rest)) - n
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

// entries reads the header. Package json would take the last of two tensors of one
// name without a word, so the object is read key by key.
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
