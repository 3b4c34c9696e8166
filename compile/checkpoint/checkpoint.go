package checkpoint

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/internal/brief"
)

// Limits of ours.
const (
	maxFile    = 1 << 30 // bytes of a file
	maxText    = 1 << 26 // bytes of a JSON file
	maxValues  = 1 << 28 // numbers of a checkpoint
	maxTensor  = 1 << 27 // numbers of a tensor
	maxTensors = 1 << 16
	maxRank    = 8
)

// Checkpoint is the contents of a file of trained weights. Close it when its values have been read.
type Checkpoint struct {
	File     string
	Format   string // "safetensors", "PyTorch", "NumPy", "JSON" or "llama2.c"
	Tensors  map[string]*Tensor
	Metadata map[string]any // string, bool, int64, float64 or []string, such as n_head of nanoGPT's model_args

	total int      // numbers of all tensors
	order []string // names of the tensors in the order in which a program made them; nil if the format has none
	notes []string // on what was read of the file
	key   string   // under which the tensors are asked for, in a dict or as a prefix of their names
	close []io.Closer
}

// Tensor is an array of numbers.
type Tensor struct {
	Name  string
	Kind  string // of the elements, as safetensors calls it: "F32", "BF16", "I64", ...
	Shape []int
	read  func() ([]float64, error)
}

// Values reads the elements, the last index fastest.
func (t *Tensor) Values() ([]float64, error) { return t.read() }

// Close closes the files. After it no values can be read.
func (c *Checkpoint) Close() error {
	var errs []error
	for _, f := range c.close {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

// Names returns the names of the tensors; the numbers in them count as numbers.
func (c *Checkpoint) Names() []string {
	return slices.SortedFunc(maps.Keys(c.Tensors), natural)
}

// natural compares names, and digits in them as numbers.
func natural(a, b string) int {
	whole := strings.Compare(a, b)
	digits := func(s string) string {
		return s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
	}
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		switch {
		case x != "" && y != "":
			m, n := strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
			if len(m) != len(n) {
				return len(m) - len(n)
			}
			if o := strings.Compare(m, n); o != 0 {
				return o
			}
			a, b = a[len(x):], b[len(y):]
		case a[0] != b[0]:
			return int(a[0]) - int(b[0])
		default:
			a, b = a[1:], b[1:]
		}
	}
	return cmp.Or(len(a)-len(b), whole)
}

func (c *Checkpoint) fail(tensor, format string, args ...any) error {
	return &Error{File: c.File, Tensor: tensor, What: fmt.Sprintf(format, args...)}
}

// lacks is fail where an option can say what the file leaves open.
func (c *Checkpoint) lacks(format string, args ...any) error {
	return &Error{File: c.File, What: fmt.Sprintf(format, args...), Open: true}
}

// count returns how many elements a shape has.
func (c *Checkpoint) count(name string, shape []uint64) (int, error) {
	if len(shape) > maxRank {
		return 0, c.fail(name, "has %d dimensions; at most %d are read", len(shape), maxRank)
	}
	n := uint64(1)
	for _, d := range shape {
		if d > maxTensor { // so no product wraps around
			n = d
			break
		}
		if n *= d; n > maxTensor {
			break
		}
	}
	if n > maxTensor {
		return 0, c.fail(name, "has shape %s; at most %d numbers are read", brief.Clip(shape), maxTensor)
	}
	return int(n), nil
}

// add adds a tensor whose shape has been counted.
func (c *Checkpoint) add(name string, k kind, shape []uint64, read func() ([]float64, error)) error {
	n, err := c.count(name, shape)
	switch {
	case err != nil:
		return err
	case c.Tensors[name] != nil:
		return c.fail(name, "is there twice")
	case len(c.Tensors) >= maxTensors:
		return c.fail(name, "is one more than the %d tensors that are read", maxTensors)
	}
	if c.total += n; c.total > maxValues {
		return c.fail("", "has more than %d numbers, the most that are read", maxValues)
	}
	t := &Tensor{Name: name, Kind: k.name, Shape: make([]int, len(shape)), read: read}
	for i, d := range shape {
		t.Shape[i] = int(d)
	}
	c.Tensors[name] = t
	return nil
}

// section returns a reader of numbers that stand in a file one behind the other.
func (c *Checkpoint) section(name string, r io.ReaderAt, at int64, k kind, n int) func() ([]float64, error) {
	return func() ([]float64, error) {
		data := make([]byte, n*k.size)
		if _, err := io.ReadFull(io.NewSectionReader(r, at, int64(len(data))), data); err != nil {
			return nil, &Error{File: c.File, Tensor: name, What: "cannot be read", Err: err}
		}
		return k.values(data), nil
	}
}

// others are kinds of files that hold networks and are not read.
var others = []struct{ extension, what, magic string }{
	{".onnx", "an ONNX network", ""},
	{".tflite", "a TensorFlow Lite network", ""},
	{".gguf", "a GGUF network", "GGUF"},
	{".h5", "a Keras or HDF5 network", "\x89HDF"},
	{".keras", "a Keras network", ""},
	{".pb", "a TensorFlow network", ""},
}

// extensions are those of files that may be read here.
var extensions = []string{".safetensors", ".pt", ".pth", ".ckpt", ".bin", ".npz", ".npy", ".json"}

// Unread says what network a file with this name holds that is not read yet; "" if there is none.
func Unread(name string) string {
	for _, o := range others {
		if strings.EqualFold(path.Ext(name), o.extension) {
			return o.what
		}
	}
	return ""
}

// Known reports whether a name is one of a file of weights. JSON files are of many other kinds, so they are none.
func Known(name string) bool {
	e := strings.ToLower(path.Ext(name))
	return slices.Contains(extensions, e) && e != ".json"
}

// preferred are the files that a folder may have its weights in, in the order in which they are looked for.
var preferred = []string{
	"model.safetensors", indexName, "pytorch_model.bin", "model.pt", "model.pth", "ckpt.pt",
	"weights.npz", "model.npz", "model.bin",
}

// Open reads a file of weights, or a folder that has one of a usual name. Its errors are [*Error].
func Open(fsys fs.FS, name string) (*Checkpoint, error) { return OpenKey(fsys, name, "") }

// OpenKey is Open for the tensors under a key: those of a dict in a file of PyTorch, such as "ema", or those whose
// names begin with the key and a dot, without these. "" asks for all.
func OpenKey(fsys fs.FS, name, key string) (*Checkpoint, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, &Error{File: name, What: "cannot be read", Err: err}
	}
	if info.IsDir() {
		for _, file := range preferred {
			if _, err := fs.Stat(fsys, path.Join(name, file)); err == nil {
				return OpenKey(fsys, path.Join(name, file), key)
			}
		}
		return nil, &Error{File: name, What: "the folder has none of " + strings.Join(preferred, ", ")}
	}
	c := &Checkpoint{File: name, Tensors: map[string]*Tensor{}, Metadata: map[string]any{}, key: key}
	if err := c.open(fsys, name); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	if len(c.Tensors) == 0 {
		return nil, errors.Join(c.fail("", "has no tensors"), c.Close())
	}
	if err := c.under(); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// under keeps the tensors whose names begin with the key, if one is left to look for.
func (c *Checkpoint) under() error {
	if c.key == "" {
		return nil
	}
	kept, order := map[string]*Tensor{}, []string{}
	for name, t := range c.Tensors {
		if inner, ok := strings.CutPrefix(name, c.key+"."); ok {
			kept[inner] = t.named(inner)
		}
	}
	if len(kept) == 0 {
		return c.fail("", "has no tensors under %s; it has %s", brief.Quote(c.key), c.found())
	}
	for _, name := range c.order {
		if inner, ok := strings.CutPrefix(name, c.key+"."); ok {
			order = append(order, inner)
		}
	}
	c.notes = append(c.notes, fmt.Sprintf("left out: %d tensors that are not under %s", len(c.Tensors)-len(kept), c.key))
	if c.Tensors = kept; c.order != nil {
		c.order = order
	}
	return nil
}

// readerAt opens a regular file of bounded size at any place.
func (c *Checkpoint) readerAt(fsys fs.FS, name string) (io.ReaderAt, int64, error) {
	fail := func(err error) (io.ReaderAt, int64, error) {
		return nil, 0, &Error{File: name, What: "cannot be read", Err: err}
	}
	info, err := fs.Stat(fsys, name)
	switch {
	case err != nil:
		return fail(err)
	case !info.Mode().IsRegular():
		return nil, 0, &Error{File: name, What: "is not a file"}
	case info.Size() > maxFile:
		return nil, 0, &Error{File: name, What: fmt.Sprintf("has %d bytes; at most %d are read", info.Size(), maxFile)}
	}
	f, err := fsys.Open(name)
	if err != nil {
		return fail(err)
	}
	c.close = append(c.close, f)
	if r, ok := f.(io.ReaderAt); ok {
		return r, info.Size(), nil
	}
	data, err := io.ReadAll(io.LimitReader(f, info.Size()))
	if err != nil {
		return fail(err)
	}
	return bytes.NewReader(data), int64(len(data)), nil
}

// open finds the format by what the file begins with, and then by its name.
func (c *Checkpoint) open(fsys fs.FS, name string) error {
	if strings.HasSuffix(name, indexSuffix) {
		return c.openShards(fsys, name)
	}
	r, size, err := c.readerAt(fsys, name)
	if err != nil {
		return err
	}
	var begin [8]byte
	n, err := r.ReadAt(begin[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return &Error{File: name, What: "cannot be read", Err: err}
	}
	head, extension := string(begin[:n]), strings.ToLower(path.Ext(name))
	for _, o := range others {
		if extension == o.extension || o.magic != "" && strings.HasPrefix(head, o.magic) ||
			o.extension == ".tflite" && strings.HasSuffix(head, "TFL3") {
			return c.fail("", "is %s, which is not read yet; known: %s", o.what, strings.Join(extensions, " "))
		}
	}
	switch {
	case head == "":
		return c.fail("", "is empty")
	case head == pointerBegin:
		return c.fail("", pointerText)
	case strings.HasPrefix(strings.ToLower(head), "<!doctyp"), strings.HasPrefix(strings.ToLower(head), "<html"):
		return c.fail("", "is a web page and no file of weights; download the file itself")
	case strings.HasPrefix(head, "PK"):
		return c.openZip(r, size)
	case strings.HasPrefix(head, numpyMagic):
		c.Format = "NumPy"
		return c.addArray("array", io.NewSectionReader(r, 0, size), size, r)
	case extension == ".safetensors":
		return c.openSafetensors(r, size)
	case extension == ".json":
		return c.openLists(r, size)
	case len(head) == len(begin) && head[0] == 0x80 && head[2] != 0 && extension != ".npz":
		// A file of llama2.c with 128 or 640 features begins alike, with two zeros behind.
		return c.openPickles(r, size)
	case extension == ".bin":
		return c.openLlama(r, size)
	}
	if extension == ".ckpt" {
		return c.fail("", "is no checkpoint of PyTorch or Lightning; one of TensorFlow is not read yet")
	}
	return c.fail("", "begins with %s, which no %s file does; known: %s", strconv.Quote(head), extension,
		strings.Join(extensions, " "))
}
