package coq

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/tc0lab/tc0/internal/child"
	"github.com/tc0lab/tc0/internal/scratch"
	library "github.com/tc0lab/tc0/proof"
)

// Compiler runs coqc and coqchk. It keeps the compiled library, and which certificates it accepted, in a folder.
type Compiler struct {
	dir     string // of this library and this version of Coq
	Version string // of Coq
}

// ErrNoCoq says that there is no Coq on this machine.
var ErrNoCoq = errors.New("coq: no coqc is found; Debian has it in the package coq")

// RefusedError says that Coq does not accept a certificate.
type RefusedError struct{ Output string }

func (e *RefusedError) Error() string { return "coq refuses it: " + e.Output }

// NewCompiler returns a compiler that keeps its files under a folder, such as that of [os.UserCacheDir].
// Errors: [ErrNoCoq].
func NewCompiler(ctx context.Context, cache string) (*Compiler, error) {
	if _, err := exec.LookPath("coqc"); err != nil {
		return nil, ErrNoCoq
	}
	version, err := run(ctx, "", "coqc", "-print-version")
	if err != nil {
		return nil, fmt.Errorf("coq: coqc -print-version: %w", err)
	}
	coq, _, _ := strings.Cut(strings.TrimSpace(string(version)), " ")
	sum := sha256.New()
	fmt.Fprintln(sum, coq)
	for _, name := range library.Modules() {
		text, err := library.Read(name)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
	}
	return &Compiler{filepath.Join(cache, "coq-"+hex.EncodeToString(sum.Sum(nil))[:16]), coq}, nil
}

// Ready reports whether the library is compiled.
func (c *Compiler) Ready() bool {
	_, err := os.Stat(c.library())
	return err == nil
}

func (c *Compiler) library() string { return filepath.Join(c.dir, "library") }

// Prepare compiles the library, if it is not compiled. Progress, unless it is nil, is called before each file.
func (c *Compiler) Prepare(ctx context.Context, progress func(done, of int)) error {
	if c.Ready() {
		return nil
	}
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return err
	}
	temp, remove, err := scratch.Folder(c.dir, "new-")
	if err != nil {
		return err
	}
	defer remove()
	names := library.Modules()
	for i, name := range names {
		if progress != nil {
			progress(i, 2*len(names)) // coqchk takes about as long
		}
		if err := writeModule(temp, name); err != nil {
			return err
		}
		if out, err := run(ctx, temp, "coqc", "-q", "-noglob", "-Q", ".", "TC0", name); err != nil {
			return fmt.Errorf("coq: %s of the library: %w\n%s", name, err, out)
		}
	}
	arguments := append([]string{"-silent", "-o", "-Q", ".", "TC0"}, modules(names)...)
	if out, err := run(ctx, temp, "coqchk", arguments...); err != nil {
		return fmt.Errorf("coq: coqchk of the library: %w\n%s", err, out)
	} else if found := axioms(string(out)); len(found) > 0 {
		return fmt.Errorf("coq: the library has axioms: %s", strings.Join(found, ", "))
	}
	// Another process may have been as fast.
	if err := os.Rename(temp, c.library()); err != nil && !c.Ready() {
		return err
	}
	return nil
}

// Check has Coq check a certificate, with its kernel apart from the compiler, too. It is remembered by its digest.
// Errors: [*RefusedError].
func (c *Compiler) Check(ctx context.Context, text []byte) error {
	dir, remove, err := scratch.Folder("", "tc0-coq-")
	if err != nil {
		return err
	}
	defer remove()
	if err := os.WriteFile(filepath.Join(dir, "Certificate.v"), text, 0o644); err != nil {
		return err
	}
	paths := []string{"-q", "-noglob", "-Q", c.library(), "TC0", "-Q", ".", ""}
	out, err := run(ctx, dir, "coqc", append(paths, "Certificate.v")...)
	if err != nil {
		return refused(ctx, out, err)
	}
	if closed, asked := bytes.Count(out, []byte("Closed under the global context")),
		len(assumptions.FindAll(text, -1)); asked == 0 || closed != asked {
		return &RefusedError{fmt.Sprintf("%d of its %d theorems depend on nothing that is not proved:\n%s", closed, asked, out)}
	}
	out, err = run(ctx, dir, "coqchk", "-silent", "-o", "-bytecode-compiler", "yes", "-Q", c.library(), "TC0", "-Q", ".",
		"", "-norec", "Certificate")
	if err != nil {
		return refused(ctx, out, err)
	}
	if found := axioms(string(out)); len(found) > 0 {
		return &RefusedError{"coqchk finds axioms: " + strings.Join(found, ", ")}
	}
	return c.remember(text)
}

// axioms reads the axioms that coqchk lists. If it takes what a module needs as checked, it also lists the
// parameters of a module of Coq's own, which are none.
func axioms(listed string) []string {
	var list []string
	_, rest, _ := strings.Cut(listed, "* Axioms:")
	rest, _, _ = strings.Cut(rest, "\n* ")
	for _, name := range strings.Fields(rest) {
		if name != "<none>" && !strings.HasPrefix(name, "Coq.ssr.ssrunder.Under_rel.") {
			list = append(list, name)
		}
	}
	return list
}

// modules are the names of files of the library as modules.
func modules(files []string) []string {
	var list []string
	for _, name := range files {
		list = append(list, "TC0."+strings.TrimSuffix(name, ".v"))
	}
	return list
}

// assumptions asks Coq what a theorem depends on.
var assumptions = regexp.MustCompile(`(?m)^Print Assumptions \w+\.$`)

func refused(ctx context.Context, out []byte, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return err
	}
	return &RefusedError{strings.TrimSpace(string(out))}
}

// mostTime bounds one run of coqc or coqchk, which takes minutes at most.
const mostTime = 2 * time.Hour

// run runs a command in a folder, and returns what it prints, on standard error last.
func run(ctx context.Context, dir, name string, args ...string) ([]byte, error) {
	ended, err := child.Run(ctx, child.Command{Name: name, Args: args, Dir: dir, Time: mostTime})
	if err == nil {
		err = ended.Failed
	}
	return append(ended.Out, ended.Err...), err
}

func (c *Compiler) accepted(text []byte) string {
	sum := sha256.Sum256(text)
	return filepath.Join(c.dir, "accepted-"+hex.EncodeToString(sum[:]))
}

func (c *Compiler) remember(text []byte) error { return os.WriteFile(c.accepted(text), nil, 0o644) }

// Accepted reports whether Check has accepted a certificate, now or before.
func (c *Compiler) Accepted(text []byte) bool {
	_, err := os.Stat(c.accepted(text))
	return err == nil
}

// writeModule writes a file of the library into a folder.
func writeModule(dir, name string) error {
	text, err := library.Read(name)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name), text, 0o644)
}

// Bundle writes a certificate into a folder that need not exist, with the library and a Makefile that checks both.
// Each file is written by write. The Makefile comes last, so that what make checks is all there.
func Bundle(dir string, c *Certificate, write func(path string, text []byte) error) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, name := range append(library.Modules(), library.Project) {
		text, err := library.Read(name)
		if err == nil {
			err = write(filepath.Join(dir, name), text)
		}
		if err != nil {
			return err
		}
	}
	if err := write(filepath.Join(dir, "Certificate.v"), []byte(c.Text)); err != nil {
		return err
	}
	return write(filepath.Join(dir, "Makefile"), []byte(makefile()))
}

// makefile compiles the library and the certificate in order, and checks them with coqchk.
func makefile() string {
	var b strings.Builder
	modules := append(library.Modules(), "Certificate.v")
	b.WriteString("# make checks the certificate with coqc and coqchk; Debian has both in the package coq.\n")
	fmt.Fprintf(&b, "MODULES = %s\n\ncheck: $(MODULES:.v=.vo)\n", strings.Join(modules, " "))
	b.WriteString("\tcoqchk -silent -o -Q . TC0 TC0.Certificate\n\n%.vo: %.v\n\tcoqc -q -Q . TC0 $<\n\n")
	for i, name := range modules[1:] {
		fmt.Fprintf(&b, "%so: %so\n", name, modules[i])
	}
	b.WriteString("\nclean:\n\trm -f *.vo *.vok *.vos *.glob .*.aux\n\n.PHONY: check clean\n")
	return b.String()
}
