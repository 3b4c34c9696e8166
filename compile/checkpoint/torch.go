package checkpoint

import (
	"archive/zip"
	"path"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/internal/brief"
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
			return c.fail("", "has its bytes in order %s; known: little", brief.Quote(string(order)))
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

// addState adds the tensors of an unpickled state dict, or of one in a dict with other things: under the key that is
// asked for, or a usual one, or the only one. find returns the numbers of a storage by its key, or nil.
func (c *Checkpoint) addState(root any, find func(key string) *blob) error {
	top, ok := root.(*dict)
	if !ok {
		return c.fail("", "holds no dict of tensors; save model.state_dict()")
	}
	found := map[string]*dict{}
	paths := stateDicts(top, "", found)
	key, err := c.chosen(paths)
	if err != nil {
		return err
	}
	if d, ok := top.values["model_args"].(*dict); ok {
		c.scalars(d)
	}
	c.scalars(top)
	state := found[key]
	if state == nil {
		return nil // Open says that there are no tensors
	}
	for _, key := range state.keys {
		name, isText := key.(string)
		if v, ok := state.values[key].(*view); ok && isText {
			name = strings.TrimPrefix(name, "_orig_mod.")
			if err := c.addView(name, v, find(v.storage.key)); err != nil {
				return err
			}
			c.order = append(c.order, name)
		}
	}
	return nil
}

// stateDicts finds the dicts that have tensors under texts, and returns their paths; that of d itself is prefix.
func stateDicts(d *dict, prefix string, found map[string]*dict) (paths []string) {
	if strings.Count(prefix, ".") > 2 || len(found) > maxRank {
		return nil
	}
	var inner []string
	for _, key := range d.keys {
		name, isText := key.(string)
		if !isText {
			continue
		}
		switch v := d.values[key].(type) {
		case *view:
			found[prefix] = d
		case *dict:
			inner = append(inner, stateDicts(v, strings.TrimPrefix(prefix+"."+name, "."), found)...)
		}
	}
	if found[prefix] != nil {
		paths = append(paths, prefix)
	}
	return append(paths, inner...)
}

// chosen returns under which of the keys the tensors are read. "" is the file itself.
func (c *Checkpoint) chosen(paths []string) (string, error) {
	others := func(key string) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return p == key || p == "" }), ", ")
	}
	if c.key != "" && slices.Contains(paths, c.key) {
		c.key, paths = "", []string{c.key} // it is found, so no prefix of names
		return paths[0], nil
	}
	for _, key := range states {
		if !slices.Contains(paths, key) {
			continue
		}
		if rest := others(key); rest != "" && c.key == "" {
			c.notes = append(c.notes, "taken: the tensors under "+key+"; there are others under "+rest+": --key")
		}
		return key, nil
	}
	switch {
	case len(paths) == 0:
		return "", nil
	case paths[0] == "":
		if rest := others(""); rest != "" && c.key == "" {
			c.notes = append(c.notes, "taken: the tensors that lie under no key; there are others under "+rest+": --key")
		}
		return "", nil
	case len(paths) == 1:
		c.notes = append(c.notes, "taken: the tensors under "+paths[0]+", the only ones")
		return paths[0], nil
	}
	return "", c.lacks("has tensors under %s; --key says which are meant, such as --key %s", brief.Clip(strings.Join(paths, ", ")),
		brief.Clip(paths[0]))
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
			return c.fail(name, "has shape %s and strides %s from %d, which is no part of a storage", brief.Clip(v.shape),
				brief.Clip(v.strides), v.at)
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
		return c.fail(name, "is in storage %s, which the file lacks", brief.Quote(s.key))
	case s.count > maxTensor || numbers.size != uint64(s.count)*uint64(s.kind.size):
		return c.fail(name, "is in storage %s of %d numbers %s, and that has %d bytes", brief.Quote(s.key), s.count,
			s.kind.name, numbers.size)
	case n > maxSpread && int64(n) > s.count:
		return c.fail(name, "repeats the %d numbers of its storage to %d; at most %d are read of such a tensor", s.count, n,
			maxSpread)
	case !empty && last >= uint64(s.count):
		return c.fail(name, "has shape %s and strides %s from %d, beyond the %d numbers of its storage", brief.Clip(v.shape),
			brief.Clip(v.strides), v.at, s.count)
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
