package checkpoint

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/internal/brief"
)

// Limits of ours on archives.
const (
	maxDirectory = 1 << 23 // bytes read of the list of files
	maxRatio     = 100     // of a file of more than freeSize bytes
	freeSize     = 1 << 24
)

// bounded is a reader that stops after some bytes, until it is set free.
type bounded struct {
	io.ReaderAt
	left int64
	free bool
}

var errDirectory = fmt.Errorf("the list of files has more than %d bytes, the most that are read", maxDirectory)

func (b *bounded) ReadAt(p []byte, at int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 && !b.free {
		return 0, errDirectory
	}
	return b.ReaderAt.ReadAt(p, at)
}

// openZip reads an archive: of NumPy if it has .npy files, else of PyTorch.
func (c *Checkpoint) openZip(r io.ReaderAt, size int64) error {
	limited := &bounded{ReaderAt: r, left: maxDirectory}
	z, err := zip.NewReader(limited, size)
	if err != nil {
		return &Error{File: c.File, What: "is a truncated or wrong zip archive", Err: err}
	}
	limited.free = true
	if err := c.checkFiles(z); err != nil {
		return err
	}
	if slices.ContainsFunc(z.File, func(f *zip.File) bool { return path.Base(f.Name) == "data.pkl" }) {
		return c.openTorch(z)
	}
	return c.openArrays(z, r)
}

// checkFiles refuses archives that unpack to far more than they are, and files that share bytes.
func (c *Checkpoint) checkFiles(z *zip.Reader) error {
	type span struct{ begin, end int64 }
	var spans []span
	total, names := uint64(0), map[string]bool{}
	for _, f := range z.File {
		size, packed := f.UncompressedSize64, f.CompressedSize64
		switch {
		case names[f.Name]:
			return c.fail("", "the archive has %s twice", brief.Quote(f.Name))
		case f.Method != zip.Store && f.Method != zip.Deflate:
			return c.fail("", "%s is packed by method %d; known: 0 and 8", brief.Quote(f.Name), f.Method)
		case size > maxFile || total+size > maxFile:
			return c.fail("", "unpacks to more than %d bytes, the most that are read", maxFile)
		case size > freeSize && size/maxRatio > packed:
			return c.fail("", "%s unpacks from %d bytes to %d; at most %d to 1 is read", brief.Quote(f.Name), packed, size, maxRatio)
		}
		names[f.Name] = true
		total += size
		at, err := f.DataOffset()
		if err != nil {
			return &Error{File: c.File, What: "is a truncated or wrong zip archive", Err: err}
		}
		spans = append(spans, span{at, at + int64(packed)})
	}
	slices.SortFunc(spans, func(a, b span) int { return int(a.begin - b.begin) })
	for i := 1; i < len(spans); i++ {
		if spans[i].begin < spans[i-1].end {
			return c.fail("", "is a wrong zip archive: two of its files overlap")
		}
	}
	return nil
}

// unpack reads a file of an archive, which must have some bytes. The archive checks their sum.
func (c *Checkpoint) unpack(f *zip.File, tensor string, size uint64) ([]byte, error) {
	if f.UncompressedSize64 != size {
		return nil, c.fail(tensor, "needs %d bytes, and %s has %d", size, brief.Quote(f.Name), f.UncompressedSize64)
	}
	r, err := f.Open()
	if err == nil {
		defer r.Close()
		data := make([]byte, size)
		if _, err = io.ReadFull(r, data); err == nil {
			if _, err = io.ReadFull(r, make([]byte, 1)); errors.Is(err, io.EOF) {
				return data, nil
			}
		}
	}
	return nil, &Error{File: c.File, Tensor: tensor, What: "cannot be unpacked from " + brief.Quote(f.Name), Err: err}
}

// openArrays reads the .npy files of an archive.
func (c *Checkpoint) openArrays(z *zip.Reader, r io.ReaderAt) error {
	c.Format = "NumPy"
	for _, f := range z.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			return c.fail("", "has %s; a PyTorch archive has data.pkl, and a NumPy archive .npy files alone", brief.Quote(f.Name))
		}
		err := func() error {
			open, err := f.Open()
			if err != nil {
				return &Error{File: c.File, Tensor: name, What: "cannot be unpacked", Err: err}
			}
			defer open.Close()
			return c.addArray(name, open, int64(f.UncompressedSize64), f)
		}()
		if err != nil {
			return err
		}
	}
	return nil
}
