package checkpoint

import (
	"archive/zip"
	"path"
	"strings"
)

// states are the keys under which training scripts keep the state dict, next to other things.
var states = []string{"model", "state_dict", "model_state_dict", "model_state", "weights", "params", "parameters"}

// maxSpread is the most numbers of a tensor that repeats those of its storage: a limit of ours.
const maxSpread = 1 << 20

// openTorch reads an archive of PyTorch: data.pkl, and a file for each storage.
func (c *Checkpoint) openTorch(z *zip.Reader) error {
	c.Format = "PyTorch"
	files := map[string]*zip.File{}
	var pickled *zip.File
	for _, f := range z.File {
		files[f.Name] = f
		if path.Base(f.Name) == "data.pkl" {
			pickled = f
		}
	}
	folder := path.Dir(pickled.Name)
	if f := files[path.Join(folder, "byteorder")]; f != nil {
		order, err := c.unpack(f, "", min(f.UncompressedSize64, 16))
		if err != nil {
			return err
		}
		if string(order) != "little" {
			return c.fail("", "has its bytes in order %s; known: little", quote(string(order)))
		}
	}
	if pickled.UncompressedSize64 > maxPickle {
		return c.fail("", "data.pkl has %d bytes; at most %d are read", pickled.UncompressedSize64, maxPickle)
	}
	data, err := c.unpack(pickled, "", pickled.UncompressedSize64)
	if err != nil {
		return err
	}
	root, what := unpickle(data)
	if what != "" {
		return c.fail("", "data.pkl: %s", what)
	}
	return c.addState(root, func(key string) *blob {
		f := files[path.Join(folder, "data", key)]
		if f == nil {
			return nil
		}
		return &blob{f.UncompressedSize64, func(tensor string) ([]byte, error) {
			return c.unpack(f, tensor, f.UncompressedSize64)
		}}
	})
}

// blob is the numbers of a storage as bytes.
type blob struct {
	size uint64
	read func(tensor string) ([]byte, error) // for a tensor, which an error names
}

// addState adds the tensors of an unpickled state dict, or of one in a dict with other things. find returns the
// numbers of a storage by its key, or nil.
func (c *Checkpoint) addState(root any, find func(key string) *blob) error {
	top, ok := root.(*dict)
	if !ok {
		return c.fail("", "holds no dict of tensors; save model.state_dict()")
	}
	state := top
	for _, key := range states {
		if d, ok := top.values[key].(*dict); ok {
			state = d
			break
		}
	}
	if d, ok := top.values["model_args"].(*dict); ok {
		c.scalars(d)
	}
	c.scalars(top)
	for _, key := range state.keys {
		name, isText := key.(string)
		if v, ok := state.values[key].(*view); ok && isText {
			if err := c.addView(strings.TrimPrefix(name, "_orig_mod."), v, find(v.storage.key)); err != nil {
				return err
			}
		}
	}
	return nil
}

// scalars keeps what a dict has of numbers, texts and truth values.
func (c *Checkpoint) scalars(d *dict) {
	for _, key := range d.keys {
		name, ok := key.(string)
		if _, known := c.Metadata[name]; !ok || known {
			continue
		}
		switch v := d.values[key].(type) {
		case int64, float64, string, bool:
			c.Metadata[name] = v
		}
	}
}

// addView adds a tensor that is a part of a storage.
func (c *Checkpoint) addView(name string, v *view, numbers *blob) error {
	s := v.storage
	shape, strides := make([]uint64, len(v.shape)), make([]int, len(v.shape))
	last, empty := uint64(v.at), false // the last element, and whether there is none
	for i, d := range v.shape {
		if d < 0 || v.strides[i] < 0 || v.strides[i] > maxFile || v.at < 0 || v.at > maxFile {
			return c.fail(name, "has shape %s and strides %s from %d, which is no part of a storage", clip(v.shape),
				clip(v.strides), v.at)
		}
		shape[i], strides[i] = uint64(d), int(v.strides[i])
		empty = empty || d == 0
	}
	n, err := c.count(name, shape)
	if err != nil {
		return err
	}
	for i := range shape {
		if !empty {
			last += (shape[i] - 1) * uint64(strides[i])
		}
	}
	switch {
	case numbers == nil:
		return c.fail(name, "is in storage %s, which the file lacks", quote(s.key))
	case s.count > maxTensor || numbers.size != uint64(s.count)*uint64(s.kind.size):
		return c.fail(name, "is in storage %s of %d numbers %s, and that has %d bytes", quote(s.key), s.count,
			s.kind.name, numbers.size)
	case n > maxSpread && int64(n) > s.count:
		return c.fail(name, "repeats the %d numbers of its storage to %d; at most %d are read of such a tensor", s.count, n,
			maxSpread)
	case !empty && last >= uint64(s.count):
		return c.fail(name, "has shape %s and strides %s from %d, beyond the %d numbers of its storage", clip(v.shape),
			clip(v.strides), v.at, s.count)
	}
	return c.add(name, s.kind, shape, func() ([]float64, error) {
		if n == 0 {
			return nil, nil
		}
		data, err := numbers.read(name)
		if err != nil {
			return nil, err
		}
		return gather(s.kind.values(data), int(v.at), shape, strides), nil
	})
}
