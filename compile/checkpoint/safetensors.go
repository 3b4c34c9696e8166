package checkpoint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/bits"
	"slices"
	"strings"
	"unicode"

	"github.com/tc0lab/tc0/internal/brief"
)

// maxHeader is the most bytes of the header of a safetensors file.
const maxHeader = 100_000_000

// header is what a safetensors file says before its numbers: 8 bytes with the length, little-endian, and a
// JSON object that says for each tensor its dtype, shape and place.
type header struct {
	text     []byte // with the 8 bytes
	entries  []entry
	metadata map[string]string
}

// entry is what the header says about one tensor.
type entry struct {
	Type   string   `json:"dtype"`
	Shape  []uint64 `json:"shape"`
	Place  []uint64 `json:"data_offsets"`
	tensor string
}

func wrong(tensor, format string, args ...any) *Error {
	return &Error{Tensor: tensor, What: fmt.Sprintf(format, args...)}
}

// CheckSafetensors reads the header of a safetensors file of some bytes, and checks that each byte behind it
// belongs to one tensor. It returns what it has read. Its errors are [*Error] without the name of the file.
func CheckSafetensors(r io.Reader, size int64) ([]byte, error) {
	h, err := readHeader(r, size)
	if err != nil {
		return nil, err
	}
	return h.text, nil
}

// A file that Git LFS keeps elsewhere is a text of three lines in its place.
const (
	pointerBegin = "version "
	pointerText  = "is a Git LFS pointer and not the file itself; git lfs pull fetches it"
)

func readHeader(r io.Reader, size int64) (*header, error) {
	const prefix = 8
	if size < prefix {
		return nil, wrong("", "is truncated: it has %d bytes, and the length of the header alone takes %d", size, prefix)
	}
	var length [prefix]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, &Error{What: "cannot be read", Err: err}
	}
	n, rest := little.Uint64(length[:]), uint64(size)-prefix
	switch {
	case string(length[:]) == pointerBegin:
		return nil, wrong("", pointerText)
	case n > rest:
		return nil, wrong("", "is truncated or no safetensors file: the header should have %d bytes, and only %d follow",
			n, rest)
	case n > maxHeader:
		return nil, wrong("", "the header has %d bytes; at most %d are read", n, maxHeader)
	}
	h := &header{text: make([]byte, prefix+n)}
	copy(h.text, length[:])
	if _, err := io.ReadFull(r, h.text[prefix:]); err != nil {
		return nil, &Error{What: "cannot be read", Err: err}
	}
	if err := h.parse(h.text[prefix:]); err != nil {
		return nil, err
	}
	return h, h.check(rest - n)
}

// parse reads the header key by key. If two tensors had one name, package json would silently take the last one.
func (h *header) parse(text []byte) error {
	broken := func(tensor string, err error) error {
		if err != nil && strings.HasPrefix(err.Error(), "json: unknown field ") {
			return &Error{Tensor: tensor, What: "the header is wrong", Err: err}
		}
		return &Error{Tensor: tensor, What: "the header is not of the safetensors format", Err: err}
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return broken("", err)
	}
	seen := map[string]bool{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return broken("", err)
		}
		name, _ := key.(string)
		if seen[name] {
			return wrong(name, "is there twice")
		}
		seen[name] = true
		if name == "__metadata__" {
			if err := dec.Decode(&h.metadata); err != nil {
				return broken(name, err)
			}
			continue
		}
		e := entry{tensor: name}
		if err := dec.Decode(&e); err != nil {
			return broken(name, err)
		}
		h.entries = append(h.entries, e)
	}
	if _, err := dec.Token(); err != nil {
		return broken("", err)
	}
	if tail := text[dec.InputOffset():]; len(bytes.TrimRightFunc(tail, unicode.IsSpace)) > 0 {
		return wrong("", "the header goes on after its end")
	}
	return nil
}

// check checks a header in front of some bytes. It sorts the tensors by their places.
func (h *header) check(body uint64) error {
	for _, e := range h.entries {
		if err := e.check(body); err != nil {
			return err
		}
	}
	slices.SortStableFunc(h.entries, func(a, b entry) int { return slices.Compare(a.Place, b.Place) })
	end, last := uint64(0), ""
	for _, e := range h.entries {
		if e.Place[0] < end {
			return wrong(e.tensor, "overlaps tensor %s", brief.Quote(last))
		}
		if e.Place[0] > end {
			return wrong(e.tensor, "begins at byte %d of the data, and bytes %d to %d belong to no tensor",
				e.Place[0], end, e.Place[0]-1)
		}
		end, last = e.Place[1], e.tensor
	}
	if end != body {
		return wrong("", "is over-long: the last %d bytes belong to no tensor", body-end)
	}
	return nil
}

func (e entry) check(body uint64) error {
	k, ok := findKind(e.Type)
	if !ok {
		return wrong(e.tensor, "has unknown dtype %s", brief.Quote(e.Type))
	}
	if len(e.Place) != 2 || e.Shape == nil {
		return wrong(e.tensor, "the header is wrong: a tensor has dtype, shape and two data_offsets")
	}
	begin, end := e.Place[0], e.Place[1]
	if begin > end || end > body {
		return wrong(e.tensor, "takes bytes %d to %d of the data, which has %d", begin, end, body)
	}
	size := uint64(k.size)
	for _, d := range e.Shape {
		hi, lo := bits.Mul64(size, d)
		if hi != 0 {
			return wrong(e.tensor, "has shape %s, which fits no file", brief.Clip(e.Shape))
		}
		size = lo
	}
	if size != end-begin {
		return wrong(e.tensor, "has shape %s of %s, which takes %d bytes, and has %d",
			brief.Clip(e.Shape), k.name, size, end-begin)
	}
	return nil
}

// openSafetensors reads the header and leaves the numbers for later.
func (c *Checkpoint) openSafetensors(r io.ReaderAt, size int64) error {
	c.Format = "safetensors"
	h, err := readHeader(io.NewSectionReader(r, 0, size), size)
	if err != nil {
		if e, ok := err.(*Error); ok {
			e.File = c.File
		}
		return err
	}
	for name, v := range h.metadata {
		c.Metadata[name] = v
	}
	for _, e := range h.entries {
		k, _ := findKind(e.Type)
		n := int(e.Place[1]-e.Place[0]) / k.size
		read := c.section(e.tensor, r, int64(len(h.text))+int64(e.Place[0]), k, n)
		if err := c.add(e.tensor, k, e.Shape, read); err != nil {
			return err
		}
	}
	return nil
}
