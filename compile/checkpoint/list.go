package checkpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/tc0lab/tc0/internal/brief"
)

// settled are the keys of objects that hold what the network is.
var settled = []string{"config", "args", "model_args", "hyperparameters"}

// openLists reads a JSON object of lists of numbers. Objects in it make names with dots, but for those that only
// say that the weights or the sizes are in them. Numbers, texts and lists of texts are metadata.
func (c *Checkpoint) openLists(r io.ReaderAt, size int64) error {
	c.Format = "JSON"
	if size > maxText {
		return c.fail("", "has %d bytes; at most %d are read of a JSON file", size, maxText)
	}
	dec := json.NewDecoder(io.NewSectionReader(r, 0, size))
	dec.UseNumber()
	t, err := dec.Token()
	if err == nil && t != json.Delim('{') {
		return c.fail("", `is no object of lists of numbers, such as {"wte": [[0.1, 0.2], [0.3, 0.4]]}`)
	}
	if err == nil {
		err = c.object(dec, "", 0)
	}
	if err == nil {
		if _, end := dec.Token(); !errors.Is(end, io.EOF) {
			return c.fail("", "something follows the end of the object")
		}
	}
	var own *Error
	if err == nil || errors.As(err, &own) {
		return err
	}
	return &Error{File: c.File, What: fmt.Sprintf("is not JSON at byte %d", dec.InputOffset()), Err: err}
}

// object reads an object behind its brace.
func (c *Checkpoint) object(dec *json.Decoder, prefix string, depth int) error {
	if depth > maxRank {
		return c.fail(prefix, "lies deeper than %d objects", maxRank)
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		name := prefix + key.(string)
		t, err := dec.Token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case json.Delim:
			switch {
			case t == '{' && depth == 0 && (slices.Contains(states, name) || slices.Contains(settled, name)):
				err = c.object(dec, "", depth+1)
			case t == '{':
				err = c.object(dec, name+".", depth+1)
			default:
				err = c.list(dec, name)
			}
		case json.Number:
			if i, e := t.Int64(); e == nil {
				c.Metadata[name] = i
			} else if c.Metadata[name], e = t.Float64(); e != nil {
				err = c.fail(name, "%s is no number of 64 bits", brief.Clip(t))
			}
		case string, bool:
			c.Metadata[name] = t
		}
		if err != nil {
			return err
		}
	}
	_, err := dec.Token()
	return err
}

// list reads a list behind its bracket: numbers, or lists of one length. One with texts is no tensor.
func (c *Checkpoint) list(dec *json.Decoder, name string) error {
	var values []float64
	const unknown = -1
	var lengths []int64
	var texts []string
	var read func(depth int) error
	read = func(depth int) error {
		n := int64(0)
		if depth == maxRank {
			return c.fail(name, "has more than %d dimensions", maxRank)
		}
		leaf := false
		for ; dec.More(); n++ {
			t, err := dec.Token()
			if err != nil {
				return err
			}
			switch t := t.(type) {
			case json.Number:
				v, err := t.Float64()
				if err != nil {
					return c.fail(name, "%s is no number of 64 bits", brief.Clip(t))
				}
				values, leaf = append(values, v), true
			case json.Delim:
				if t != '[' || leaf {
					return c.fail(name, "is no list of numbers or of lists of them")
				}
				if err := read(depth + 1); err != nil {
					return err
				}
			case string:
				texts, leaf = append(texts, t), true
			default:
				return c.fail(name, "has %v, which is no number", t)
			}
		}
		for len(lengths) <= depth {
			lengths = append(lengths, unknown)
		}
		if lengths[depth] == unknown {
			lengths[depth] = n
		}
		if lengths[depth] != n || leaf && depth != len(lengths)-1 {
			return c.fail(name, "has rows of different lengths")
		}
		_, err := dec.Token()
		return err
	}
	if err := read(0); err != nil || texts != nil {
		if len(lengths) == 1 && lengths[0] == int64(len(texts)) {
			c.Metadata[name] = texts
		}
		return err
	}
	k, _ := findKind("F64")
	var shape []uint64
	product := uint64(1)
	for _, n := range lengths {
		shape = append(shape, uint64(n))
		product *= uint64(n)
	}
	if product != uint64(len(values)) {
		return c.fail(name, "has rows of different lengths")
	}
	return c.add(name, k, shape, func() ([]float64, error) { return values, nil })
}
