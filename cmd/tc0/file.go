package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/circuit/format/exchange"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/internal/chart"
	"github.com/tc0lab/tc0/internal/scratch"
)

// writeFile writes a file whole or not at all: it is at its place when it is whole. After an
// error or an interrupt nothing is left, and a file that was there before is as it was. What a
// symbolic link leads to is written, and the link stays. It returns the number of bytes.
func (a *app) writeFile(path string, write func(w io.Writer) error) (n int64, err error) {
	defer func() {
		var p *fs.PathError
		var l *os.LinkError
		switch {
		case errors.As(err, &p):
			err = errf("%s: cannot be written: %w", path, p.Err)
		case errors.As(err, &l):
			err = errf("%s: cannot be written: %w", path, l.Err)
		}
	}()
	mode := fs.FileMode(0o666)
	switch info, err := os.Stat(path); {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return 0, err
	case err == nil && info.IsDir():
		return 0, errf("%s: cannot be written: it is a folder", path)
	case err == nil && !info.Mode().IsRegular(): // a device or a pipe has no other name
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return 0, err
		}
		n, err := a.fill(f, write)
		return n, errors.Join(err, f.Close())
	case err == nil:
		mode = info.Mode().Perm()
	}
	place, err := behindLinks(path)
	if err != nil {
		return 0, err
	}
	f, err := scratch.Create(place, mode)
	if err != nil {
		return 0, err
	}
	if n, err = a.fill(f.File, write); err == nil {
		err = a.ctx.Err()
	}
	if err != nil {
		f.Drop()
		return 0, err
	}
	return n, f.Keep()
}

// behindLinks returns the path that a symbolic link leads to, whether anything is there or not.
func behindLinks(path string) (string, error) {
	const most = 40 // as Linux follows
	for range most {
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode().Type() != fs.ModeSymlink {
			return path, nil
		}
		if err != nil {
			return "", err
		}
		next, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(next) {
			// As text, "link/.." would lead to the folder of the link.
			folder, err := filepath.EvalSymlinks(filepath.Dir(path))
			if err != nil {
				return "", err
			}
			next = folder + string(filepath.Separator) + next
		}
		path = next
	}
	return "", errors.New("too many symbolic links")
}

// save writes a file that may not be wanted: then its name is "". The first error is what
// the verb ends with when it shows its result.
func (a *app) save(path string, write func(w io.Writer) error) {
	if path != "" && a.unsaved == nil {
		_, a.unsaved = a.writeFile(path, write)
	}
}

// printSaved names the files that were written.
func (a *app) printSaved(paths ...string) {
	paths = slices.DeleteFunc(paths, func(path string) bool { return path == "" })
	if len(paths) > 0 {
		a.Printf("\nwritten: %s\n", strings.Join(paths, "\nwritten: "))
	}
}

// fill writes to f.
func (a *app) fill(f *os.File, write func(w io.Writer) error) (int64, error) {
	counter := &counter{w: f, ctx: a.ctx}
	w := bufio.NewWriterSize(counter, 1<<16)
	err := write(w)
	if err == nil {
		err = w.Flush()
	}
	return counter.n, err
}

// counter counts bytes and stops when its context is done.
type counter struct {
	w   io.Writer
	ctx context.Context
	n   int64
}

func (c *counter) Write(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

// writtenFile is the JSON of a verb that writes a circuit or a figure of one.
type writtenFile struct {
	File   string `json:"file"`
	Format string `json:"format"`
	Bytes  int64  `json:"bytes"`
	*measured
}

// plotFormat returns the format of a chart by the extension of its file; of no file, "", none.
func plotFormat(path string) (string, error) {
	ext := filepath.Ext(path)
	if path != "" && !slices.Contains(chart.Formats, ext) {
		return "", errf("%s: unknown plot format; known: %s", path, strings.Join(chart.Formats, " "))
	}
	return strings.TrimPrefix(ext, "."), nil
}

// eachLine calls read with each line and its number, up to an error. The lines are those of all
// readers of text, with their bounds; an error about the lines has the name and the number.
func eachLine(name string, r io.Reader, read func(line string, n int) error) error {
	lines := netlist.NewScanner(r, netlist.Lexis{})
	n := 0
	for line, ok := lines.Line(); ok; line, ok = lines.Line() {
		n++
		if err := read(string(line), n); err != nil {
			return err
		}
	}
	err := lines.Err()
	var faulty *netlist.Error
	switch {
	case errors.As(err, &faulty):
		faulty.File = name
		return &ownError{faulty}
	case err != nil:
		return errf("%s:%d: %w", name, n+1, err)
	}
	return nil
}

// openInput opens a file of inputs, and inflates it if its name ends with .gz.
func openInput(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r, err := exchange.Unzipped(path, func(r io.Reader) (io.Reader, error) { return r, nil })(f)
	if err != nil {
		f.Close()
		return nil, errf("%s: %w", path, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{r, f}, nil
}

// mostText is how many bytes of a file are read that is kept whole, such as a proof.
const mostText = 1 << 26

// readText reads such a file, without a byte-order mark. It fails before a file without an end takes more.
func (a *app) readText(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(interruptible{a, f}, mostText+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > mostText:
		return nil, errf("%s: more than %d bytes, the most that is read of such a file", path, mostText)
	}
	return bytes.TrimPrefix(text, []byte("\uFEFF")), nil
}

// letters returns the names of the tokens of a model whose labels are its tokens,
// each of one letter; "" if it is none such.
func letters(config *model.Config) string {
	if config.Input.Kind != "tokens" || len(config.Labels) != config.Input.Vocab {
		return ""
	}
	all := strings.Join(config.Labels, "")
	if len(all) != len(config.Labels) {
		return ""
	}
	return all
}

// readSequence reads one input of a model: letters in any grouping if its tokens
// have names of one letter, else integers.
func readSequence(config *model.Config, words []token) ([]int64, *vectorError) {
	in := &config.Input
	want := in.Ports()
	var v []int64
	names := letters(config)
	first := words[0].text[0]
	if names != "" && (first < '0' || first > '9') {
		for _, w := range words {
			for i := range len(w.text) {
				k := strings.IndexByte(names, w.text[i])
				if k < 0 {
					return nil, badAt(w.column+i, "letter %q is none of %s", w.text[i], names)
				}
				v = append(v, int64(k))
			}
		}
	} else {
		for _, w := range words {
			x, err := strconv.ParseInt(w.text, 10, 64)
			if err != nil {
				return nil, badAt(w.column, "%q is not an integer", short(w.text))
			}
			if x < 0 || x > in.Top() {
				return nil, badAt(w.column, "%d is outside 0..%d", x, in.Top())
			}
			v = append(v, x)
		}
	}
	if len(v) != want {
		what := "integers"
		if names != "" {
			what = "symbols of " + names
		}
		return nil, badAt(words[len(words)-1].end(), "%d given; the model reads exactly %d %s", len(v), want, what)
	}
	return v, nil
}
