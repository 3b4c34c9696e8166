// Package cubes compares two circuits in cubes that many processes share: each cube is a unit of work of
// package shard, and a proof of it is a part of the result.
package cubes

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/equiv"
	"github.com/tc0lab/tc0/circuit/equiv/drat"
)

// cubeWork is what a process knows of a cube: its result, and the files of its proofs.
type cubeWork struct {
	*equiv.CubeResult                   // nil if the cube was not needed any more
	Files             map[string][]byte `json:"files,omitempty"` // by name, packed by gzip
}

// mostProof bounds the file of a proof that comes in a result.
const mostProof = 1 << 32

// Proofs are the proofs of all cubes, which have been checked.
type Proofs struct {
	Cover *drat.Cover

	folder string
	names  map[string]string // by the name that a file is to have: that in the folder
}

// Names returns the names that the files are to have, but for the list itself.
func (p *Proofs) Names() []string { return slices.Sorted(maps.Keys(p.names)) }

// Path returns where a file is that is to have a name.
func (p *Proofs) Path(name string) string { return filepath.Join(p.folder, p.names[name]) }

// Compare compares two circuits in cubes, as [equiv.Split] and [equiv.Cubes.Join] do, or the cubes that
// the job of the context has for this process. In a process that does a part the result is nil.
//
// If the configuration has a folder of proofs and the circuits are equivalent, there are proofs. Their names
// begin with a prefix. Those that come from other processes are checked once more.
func Compare(
	ctx context.Context, a, b *circuit.Circuit, cfg equiv.Config, inputs, deeper int, prefix string,
) (*equiv.Result, *Proofs, error) {
	c, err := equiv.Split(ctx, a, b, cfg, inputs, deeper)
	if err != nil {
		return nil, nil, err
	}
	job := shard.Of(ctx)
	parts, err := shard.OverUntil(ctx, "cubes", c.Len(), func(ctx context.Context, u shard.Units) ([]*cubeWork, error) {
		results, err := c.Some(ctx, u.Len, u.At)
		list := make([]*cubeWork, 0, u.Len)
		for _, r := range results {
			w := &cubeWork{CubeResult: r}
			if job.Partial() && r != nil && err == nil {
				w.Files, err = pack(cfg.ProofFolder, r)
			}
			list = append(list, w)
		}
		return list, err
	}, differs)
	if err != nil || job.Partial() {
		return nil, nil, err
	}
	results := make([]*equiv.CubeResult, 0, c.Len())
	for _, p := range parts {
		for _, w := range p.Result {
			if w == nil || w.CubeResult == nil {
				continue
			}
			if err := unpack(cfg.ProofFolder, w); err != nil {
				return nil, nil, err
			}
			results = append(results, w.CubeResult)
		}
	}
	found, err := c.Join(results)
	if err != nil {
		for _, p := range parts { // whatever is wrong, a difference that is none is so first
			if p.File != "" && differs(p.Result) {
				err = &shard.FileError{Path: p.File, Err: fmt.Errorf("%w; remove it, and the shard can be done again", err)}
				break
			}
		}
	}
	if err != nil || cfg.ProofFolder == "" || found.Verdict != equiv.Proved || c.Len() == 0 {
		return found, nil, err
	}
	proofs := &Proofs{folder: cfg.ProofFolder, names: map[string]string{}}
	proofs.Cover = c.Cover(results, func(name string) string {
		own := prefix + "." + cmp.Or(name, "cnf")
		proofs.names[own] = cmp.Or(name, equiv.CubesFormula)
		return own
	})
	if job.Gathers() {
		progress := cfg.Progress
		if progress == nil {
			progress = func(string, int, int) {}
		}
		if _, err := drat.CheckCover(ctx, proofs.Cover, func(name string) (io.ReadCloser, error) {
			f, err := os.Open(proofs.Path(name))
			if errors.Is(err, fs.ErrNotExist) { // the folder is no matter to anyone
				return nil, fs.ErrNotExist
			}
			return f, err
		}, func(done, all int) { progress("checking the proofs", done, all) }); err != nil {
			return nil, nil, err
		}
	}
	return found, proofs, nil
}

// differs reports whether the circuits differ in one of some cubes, which is enough.
func differs(list []*cubeWork) bool {
	return slices.ContainsFunc(list, func(w *cubeWork) bool {
		return w != nil && w.CubeResult != nil && w.Verdict == equiv.Refuted
	})
}

// pack reads the proofs of a cube.
func pack(folder string, r *equiv.CubeResult) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, l := range r.Leaves {
		if l.Proof == "" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, l.Proof))
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, err = z.Write(text)
		if err := cmp.Or(err, z.Close()); err != nil {
			return nil, err
		}
		files[l.Proof] = b.Bytes()
	}
	return files, nil
}

// unpack writes the proofs of a cube into a folder.
func unpack(folder string, w *cubeWork) error {
	for name, text := range w.Files {
		if err := unpackFile(folder, name, text); err != nil {
			return fmt.Errorf("cube %d: the proof %q: %w", w.Index, name, err)
		}
	}
	return nil
}

func unpackFile(folder, name string, text []byte) error {
	if folder == "" || name != filepath.Base(name) || !filepath.IsLocal(name) || name == equiv.CubesFormula {
		return errors.New("no name of the proof of a cube")
	}
	z, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(folder, name))
	if err != nil {
		return err
	}
	n, err := io.CopyN(f, z, mostProof)
	switch {
	case errors.Is(err, io.EOF):
		err = nil
	case n == mostProof:
		err = fmt.Errorf("it has more than %d bytes", n-1)
	}
	return cmp.Or(err, f.Close())
}
