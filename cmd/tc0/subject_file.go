package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/blif"
	"github.com/tc0lab/tc0/circuit/format/exchange"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/compile/checkpoint"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/scratch"
)

// fileSubject is a circuit that was read from a file, or that is to be written to one.
type fileSubject struct{ common }

func newFile(path, description string, c *circuit.Circuit) *fileSubject {
	return &fileSubject{common{
		kind: "file", path: path, caption: filepath.Base(path), description: description,
		fixed: "a file is one circuit, built already", circuit: c,
	}}
}

// openFile reads a circuit from a file, in the format that its name tells.
func (a *app) openFile(t target) (*fileSubject, error) {
	if err := weightsHint(t.Subject); err != nil {
		return nil, err
	}
	if filepath.Base(t.Subject) == "config.json" {
		return nil, errf("%s: says what a model is, and is no circuit; the subject is its folder %s", t.Subject, folderOf(t.Subject))
	}
	format, err := readFormat(t.Subject)
	if err != nil {
		return nil, err
	}
	if t.Strategy != "" {
		return nil, errf("--strategy=%s has no meaning for the circuit in the file %s, which is built already",
			t.Strategy, t.Subject)
	}
	s := newFile(t.Subject, "circuit in a file", nil)
	if err := s.setBasis(t.Basis); err != nil {
		return nil, err
	}
	if s.design, err = a.readGiven(t, format); err != nil {
		return nil, err
	}
	if s.design.Name != "" {
		s.description = fmt.Sprintf("circuit %s in a file", printable(s.design.Name))
	}
	if s.basis != basis.TC0 {
		defer a.meter(fmt.Sprintf("rewriting %s in basis %v", s.path, s.basis)).end()
		c, err := basis.Legalise(a.ctx, s.design.Circuit, s.basis)
		if err != nil {
			return nil, errf("%s: %w", t.Subject, err)
		}
		s.design = &netlist.Design{Circuit: c, Name: s.design.Name, Comments: s.design.Comments}
	}
	s.circuit = s.design.Circuit
	return s, nil
}

func (s *fileSubject) claim() (c analysis.Claim, err error) {
	return c, errf("%s is one circuit; what is proved here is of families and of networks; tc0 stat measures a circuit",
		s.path)
}

// designOf returns the circuit of s with what its file says, if it comes from one.
func designOf(s subject) *netlist.Design {
	if d := s.its().design; d != nil {
		return d
	}
	return &netlist.Design{Circuit: s.its().circuit, Name: s.short()}
}

// plainFileName makes a name of a file from one with parameters.
func plainFileName(name string) string {
	return strings.NewReplacer(":", "-", ",", "-", "=", "").Replace(filepath.Base(name))
}

// isCircuitFile reports whether a name is that of a circuit file.
func isCircuitFile(name string) bool {
	_, err := exchange.Find(name)
	return err == nil
}

// circuitFormat finds the format of a circuit file; of no file, "", none.
func circuitFormat(path string) (*exchange.Format, error) {
	if path == "" {
		return nil, nil
	}
	f, err := exchange.Find(path)
	var none *gates.UnknownError
	if errors.As(err, &none) {
		return nil, errf("%s: unknown circuit format %q; known: %s", path, filepath.Ext(path),
			strings.Join(none.Known, " "))
	}
	return f, err
}

// readFormat finds the format of a circuit file that is to be read.
func readFormat(path string) (*exchange.Format, error) {
	f, err := circuitFormat(path)
	if err == nil && !f.Readable() {
		return nil, errf("%s: %s files can be written and not read; those that can: %s", path, f.Name,
			strings.Join(exchange.Extensions(true), " "))
	}
	return f, err
}

// only refuses flags about circuit files for a subject that is none.
func (f fileFlags) only(name string) error {
	switch {
	case f.Comb:
		return errf("--comb has no meaning for %s, which is no circuit file", name)
	case f.Library != "":
		return errf("--library has no meaning for %s, which is no circuit file", name)
	case f.Group:
		return errf("--group has no meaning for %s, which is no circuit file: its ports are integers already", name)
	}
	return nil
}

// about returns the flags for one of two subjects. A flag that only the other has a meaning for is
// left out; if neither has, the first that is opened refuses it.
func (f fileFlags) about(name, other string) fileFlags {
	mine, _ := exchange.Find(name)
	theirs, _ := exchange.Find(other)
	return fileFlags{
		Comb:    f.Comb && (mine != nil && mine.Latches || theirs == nil || !theirs.Latches),
		Library: map[bool]string{true: f.Library}[mine != nil && mine.Cells || theirs == nil || !theirs.Cells],
		Group:   f.Group && (mine != nil || theirs == nil),
	}
}

// readGiven reads the circuit file that a person named, and tells what the reader changed.
func (a *app) readGiven(t target, format *exchange.Format) (*netlist.Design, error) {
	o := exchange.Reading{Cut: t.Comb}
	switch {
	case t.Comb && !format.Latches:
		return nil, errf("--comb has no meaning for %s: %s files have no latches", t.Subject, format.Name)
	case t.Library != "" && !format.Cells:
		return nil, errf("--library has no meaning for %s: %s files have no cells of a library", t.Subject, format.Name)
	case t.Library != "":
		var err error
		o.Library, err = readFile(a, t.Library, exchange.Unzipped(t.Library, blif.ReadLibrary))
		if err != nil {
			return nil, err
		}
	}
	d, err := a.readDesignAs(t.Subject, format, o)
	if err != nil {
		return nil, err
	}
	for _, note := range d.Notes {
		a.note("tc0: %s: %s", t.Subject, visible([]byte(note)))
	}
	if !t.Group {
		return d, nil
	}
	grouped, err := d.Group()
	if err != nil {
		return nil, errf("--group: %s: %w", t.Subject, err)
	}
	return grouped, nil
}

// readDesign reads a circuit file.
func (a *app) readDesign(path string, format *exchange.Format) (*netlist.Design, error) {
	return a.readDesignAs(path, format, exchange.Reading{})
}

func (a *app) readDesignAs(path string, format *exchange.Format, o exchange.Reading) (*netlist.Design, error) {
	defer a.meter("reading " + path).end()
	return readFile(a, path, func(r io.Reader) (*netlist.Design, error) { return format.ReadAs(r, o) })
}

// sized is the reader of a file whose size is known.
type sized struct {
	io.Reader
	size int
}

// Len is what readers ask for that make room for it.
func (s sized) Len() int { return s.size }

// readFile opens a file and reads it. An error about its contents has its name.
func readFile[T any](a *app, path string, read func(io.Reader) (T, error)) (v T, err error) {
	f, err := os.Open(path)
	if err != nil {
		return v, err
	}
	defer f.Close()
	var r io.Reader = bufio.NewReaderSize(interruptible{a, f}, 1<<20)
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		r = sized{r, int(info.Size())}
	}
	v, err = read(r)
	var faulty *netlist.Error
	switch {
	case errors.As(err, &faulty):
		faulty.File = path
		err = &ownError{faulty}
	case err != nil:
		err = errf("%s: %w", path, err)
	}
	return v, err
}

// printable makes a name from a file one line that a terminal can show.
func printable(name string) string {
	const most = 60
	var b strings.Builder
	for i, r := range []rune(name) {
		if i == most {
			b.WriteRune('…')
			break
		}
		if !unicode.IsPrint(r) {
			r = unicode.ReplacementChar
		}
		b.WriteRune(r)
	}
	return b.String()
}

// hasCheckpoint reports whether a path is that of a file of weights, or of a folder that has its weights in no file
// that a model folder has. A JSON file is one if there are numbers in it.
func hasCheckpoint(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() && checkpoint.Known(path) {
		return err == nil
	}
	if !info.IsDir() && !strings.EqualFold(filepath.Ext(path), ".json") {
		return false
	}
	for _, name := range []string{"model.safetensors", "model.safetensors.index.json"} {
		if _, err := os.Stat(filepath.Join(path, name)); err == nil {
			return false
		}
	}
	c, err := openCheckpoint(path, "")
	return err == nil && c.Close() == nil
}

// lacksSettings reports whether an error is that a language model has no tc0.json. A folder of the hub has none.
func lacksSettings(err error) bool {
	var e *model.LoadError
	if !errors.As(err, &e) || filepath.Base(e.File) != "tc0.json" {
		return false
	}
	_, err = os.Stat(e.File)
	return errors.Is(err, fs.ErrNotExist)
}

// openCheckpointed opens a checkpoint as the model that it becomes.
func (a *app) openCheckpointed(t target) (*modelSubject, error) {
	m, err := a.importModel(t.Subject)
	if err != nil {
		return nil, err
	}
	return quantised(t, m)
}

// importModel reads a model from a checkpoint and what stands beside it, and says what it takes for granted.
func (a *app) importModel(path string) (*model.Model, error) {
	cmd := &importCmd{Checkpoint: path}
	cmd.Output = strings.TrimSuffix(filepath.Base(filepath.Clean(path)), filepath.Ext(path))
	c, err := openCheckpoint(path, "")
	if err != nil {
		return nil, cmd.advised(err)
	}
	defer c.Close()
	o, err := cmd.options(a)
	if err != nil {
		return nil, err
	}
	f, err := c.Convert(o)
	if err != nil {
		return nil, cmd.advised(err)
	}
	dir, remove, err := scratch.Folder("", "tc0-import-")
	if err != nil {
		return nil, err
	}
	defer remove()
	m, _, err := cmd.stage(a, dir, f)
	if err != nil {
		return nil, err
	}
	for _, note := range f.Notes {
		a.note("tc0: %s: %s", path, note)
	}
	return m, nil
}

// advised adds to an error that a flag of tc0 import can mend that it can.
func (cmd *importCmd) advised(err error) error {
	var e *checkpoint.Error
	if errors.As(err, &e) && e.Open {
		return errf("%w; tc0 import %s -o %s makes a model folder with such a flag", err, cmd.Checkpoint, cmd.Output)
	}
	return err
}

// weightsHint says that a file that was given as a circuit is a network of another kind; nil if it is none.
func weightsHint(path string) error {
	if what := checkpoint.Unread(path); what != "" {
		return errf("%s: is %s, which is not read yet; tc0 import reads .safetensors .pt .pth .ckpt .bin .npz .npy .json", path, what)
	}
	return nil
}
