package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/coq"
	"github.com/tc0lab/tc0/analysis/paper"
	"github.com/tc0lab/tc0/compile/lower"
)

// certificateOf writes the theorem about the family of a claim, whose formulas hold from some n on.
func certificateOf(claim analysis.Claim, from int64) (*coq.Certificate, error) {
	if claim.Strategy != lower.MinDepth {
		return nil, errf("%s: the library for Coq lowers as strategy min-depth does; there is no theorem about %v yet",
			claim.Name, claim.Strategy)
	}
	var members []int
	for n := int(from); n < int(from)+3 && (claim.MostN == 0 || n <= claim.MostN); n++ {
		members = append(members, n)
	}
	return coq.Of(claim.Name, claim.Family, members...)
}

// compiler is the one that keeps its files in the cache of the user.
func (a *app) compiler() (*coq.Compiler, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	return coq.NewCompiler(a.ctx, filepath.Join(dir, "tc0"))
}

// saveCertificate writes what --coq and --bundle ask for, and returns what the page says of it.
func (cmd *proveCmd) saveCertificate(a *app, claim analysis.Claim, p *analysis.Proof) (func(), error) {
	if cmd.Coq == "" && cmd.Bundle == "" {
		return func() {}, nil
	}
	if ext := filepath.Ext(cmd.Coq); cmd.Coq != "" && ext != ".v" {
		return nil, errf("--coq=%s: a file for Coq ends in .v", cmd.Coq)
	}
	c, err := certificateOf(claim, p.From)
	if err != nil {
		return nil, err
	}
	a.save(cmd.Coq, func(w io.Writer) error {
		_, err := io.WriteString(w, c.Text)
		return err
	})
	if cmd.Bundle != "" {
		if err := a.bundle(cmd.Bundle, c); err != nil {
			return nil, err
		}
	}
	checked := "not yet"
	if cmd.Coq != "" {
		checked += "; tc0 check --coq " + cmd.Coq + " has Coq check it"
	}
	if compiler, err := a.compiler(); err == nil && compiler.Accepted([]byte(c.Text)) {
		checked = "by Coq " + compiler.Version + ", the same text, sha256 " + c.Digest()
	}
	return func() {
		a.Heading("Theorem for Coq")
		a.Text("states", fmt.Sprintf("for every n ≥ 1: well formed, depth at most %d, at most %s gates, and on every input "+
			"the values of the program", c.Level, paper.Pretty(c.Gates)))
		if c.Textbook != "" {
			a.Text("textbook", "these values are the definition of "+c.Textbook+" in proof/Definitions.v")
		}
		a.Text("circuits", "those of the library: made as under min-depth, but equal gates of a product are not merged")
		a.Text("checked", checked)
		a.printSaved(cmd.Coq, cmd.Bundle)
	}, nil
}

// bundle writes a certificate with what it needs into a folder. After an error there is none that
// was not there before.
func (a *app) bundle(dir string, c *coq.Certificate) error {
	_, missing := os.Lstat(dir)
	err := coq.Bundle(dir, c, func(path string, text []byte) error {
		_, err := a.writeFile(path, func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		})
		return err
	})
	if err != nil && errors.Is(missing, fs.ErrNotExist) {
		os.RemoveAll(dir)
	}
	return err
}

// checkCoq has Coq check a certificate, and compares it with what tc0 prove writes for its subject.
func (cmd *checkCmd) checkCoq(a *app, text []byte) error {
	if cmd.N != "" {
		return errf("--n=%s: Coq checks for every n", cmd.N)
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	subject, ok := strings.CutPrefix(string(line), "(* ")
	if !ok || filepath.Ext(cmd.Proof) != ".v" {
		return errf("%s: no file that tc0 prove --coq wrote: its first line names no subject", cmd.Proof)
	}
	_, claim, err := cmd.claim(a, subject, "")
	if err != nil {
		return err
	}
	claim.N = []int{}
	p, err := analysis.Prove(a.ctx, claim)
	if err != nil {
		return errf("%s: %w", cmd.Proof, err)
	}
	want, err := certificateOf(claim, p.From)
	if err != nil {
		return errf("%s: %w", cmd.Proof, err)
	}
	compiler, err := a.compiler()
	if err != nil {
		return err
	}
	m := a.meter("checking " + cmd.Proof + " with Coq")
	err = compiler.Prepare(a.ctx, m.set)
	if err == nil {
		err = compiler.Check(a.ctx, text)
	}
	m.end()
	because := ""
	var refused *coq.RefusedError
	switch {
	case errors.As(err, &refused):
		because = plain(refused)
	case err != nil:
		return err
	case string(text) != want.Text:
		because = "Coq accepts it, but it is not what tc0 prove writes for " + subject
	}
	return a.show(struct {
		File    string `json:"file"`
		Subject string `json:"subject"`
		Holds   bool   `json:"holds"`
		Problem string `json:"problem,omitempty"`
		Coq     string `json:"coq"`
		Digest  string `json:"digest"`
	}{cmd.Proof, subject, because == "", because, compiler.Version, want.Digest()}, func() {
		if because != "" {
			a.Printf("%s: REJECTED: %s\n", cmd.Proof, because)
			return
		}
		a.Printf("%s: the theorem about %s holds\n", cmd.Proof, subject)
		a.Printf("checked by coqc and coqchk %s, for every n ≥ 1: depth at most %d, at most %s gates\n",
			compiler.Version, want.Level, paper.Pretty(want.Gates))
		if want.Textbook != "" {
			a.Printf("on every input the circuits compute the definition of %s in proof/Definitions.v\n", want.Textbook)
		}
		a.Printf("closed under the global context: no axiom; sha256 %s\n", want.Digest())
	}, because == "")
}
