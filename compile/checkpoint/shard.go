package checkpoint

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/internal/brief"
)

// The index of a checkpoint of several files.
const (
	indexName   = "model.safetensors.index.json"
	indexSuffix = ".safetensors.index.json"
)

// maxShards is the most files of one checkpoint; a limit of ours.
const maxShards = 1000

// ReadIndex reads the index of a checkpoint of several safetensors files: an object whose weight_map has
// the file of each tensor. The files stand beside the index; one that points elsewhere is refused, by its name or
// as a symbolic link. It returns the tensors of each file. Its errors are [*Error].
func ReadIndex(fsys fs.FS, name string) (map[string][]string, error) {
	fail := func(tensor, format string, args ...any) (map[string][]string, error) {
		return nil, &Error{File: name, Tensor: tensor, What: fmt.Sprintf(format, args...)}
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, &Error{File: name, What: "cannot be read", Err: err}
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxText+1))
	if err != nil {
		return nil, &Error{File: name, What: "cannot be read", Err: err}
	}
	if len(text) > maxText {
		return fail("", "has more than %d bytes, the most that are read", maxText)
	}
	var index struct {
		Map map[string]string `json:"weight_map"`
	}
	if err := json.Unmarshal(text, &index); err != nil {
		return nil, &Error{File: name, What: `is no index, such as {"weight_map": {"a.weight": "x.safetensors"}}`, Err: err}
	}
	if len(index.Map) == 0 {
		return fail("", "weight_map is missing or empty")
	}
	files := map[string][]string{}
	for _, tensor := range slices.Sorted(maps.Keys(index.Map)) {
		file := index.Map[tensor]
		if !fs.ValidPath(file) || file == "." || strings.ContainsAny(file, `/\:`) {
			return fail(tensor, "is in %s, which is no file of the same folder", brief.Quote(file))
		}
		if path.Ext(file) != ".safetensors" {
			return fail(tensor, "is in %s, which is no .safetensors file", brief.Quote(file))
		}
		if files[file] == nil && leaves(fsys, path.Join(path.Dir(name), file)) {
			return fail(tensor, "is in %s, a symbolic link out of the folder of the index; put the file there", brief.Quote(file))
		}
		files[file] = append(files[file], tensor)
	}
	if len(files) > maxShards {
		return fail("", "names %d files; at most %d are read", len(files), maxShards)
	}
	return files, nil
}

// leaves reports whether a file is a symbolic link to anything but a file of the same folder.
func leaves(fsys fs.FS, name string) bool {
	info, err := fs.Lstat(fsys, name)
	if err != nil || info.Mode().Type() != fs.ModeSymlink {
		return false // opening it says what is wrong
	}
	target, err := fs.ReadLink(fsys, name)
	if err != nil || !fs.ValidPath(target) || strings.ContainsAny(target, `/\:`) {
		return true
	}
	info, err = fs.Lstat(fsys, path.Join(path.Dir(name), target))
	return err != nil || !info.Mode().IsRegular()
}

// openShards reads the files of an index.
func (c *Checkpoint) openShards(fsys fs.FS, name string) error {
	files, err := ReadIndex(fsys, name)
	if err != nil {
		return err
	}
	defer func() { c.File = name }()
	for _, file := range slices.Sorted(maps.Keys(files)) {
		c.File = path.Join(path.Dir(name), file)
		r, size, err := c.readerAt(fsys, c.File)
		if err != nil {
			return err
		}
		had := len(c.Tensors)
		if err := c.openSafetensors(r, size); err != nil {
			return err
		}
		for _, tensor := range files[file] {
			if c.Tensors[tensor] == nil {
				return c.fail(tensor, "is missing, and the index says that it is here")
			}
		}
		if n := len(c.Tensors) - had; n != len(files[file]) {
			return c.fail("", "has %d tensors, and the index names %d of it", n, len(files[file]))
		}
	}
	return nil
}
