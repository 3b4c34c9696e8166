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
)

// certificateOf writes the theorem about the family of a claim, whose formulas hold from some n on.
func certificateOf(claim analysis.Claim, from int64) (*coq.Certificate, error) {
	var members []int
	for n := int(from); n < int(from)+3 && (claim.MostN == 0 || n <= claim.MostN); n++ {
		members = append(members, n)
	}
	return coq.Of(claim.Name, claim.Family, claim.Strategy, members...)
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
		if c.Level > 0 {
			a.Text("states", fmt.Sprintf("for every n ≥ 1: well formed, depth at most %d, at most %s gates, and on every input "+
				"the values of the program", c.Level, paper.Pretty(c.Gates)))
		}
		if c.Serial != nil {
			a.Text("states", everyStep(c.Serial)+"; within it each step is as deep as alone, and on every input it computes the "+
				"values of the steps, one after another; as unrolled here, and nothing of the function")
		}
		if c.NotEveryStep != "" {
			a.Text("not stated", "anything for every number of steps: "+c.NotEveryStep)
		}
		if c.Textbook != "" {
			a.Text("textbook", "on every "+inputOf(c)+" these values are the definition of "+c.Textbook+" in proof/"+
				c.Definitions)
		}
		if c.Costs != nil {
			a.Text("weights", fmt.Sprintf("at most %s wires; Σ|w| of a gate is at most %s", paper.Pretty(c.Costs.Wires),
				paper.Pretty(c.Costs.Weight)))
			forms := fmt.Sprintf("gates of weight 1: depth at most %d; majorities: at most %d", c.Level, c.Level+1)
			if c.Costs.AC0 {
				forms += fmt.Sprintf("; AND and OR alone: at most %d", 2*c.Level)
			}
			a.Text("forms", forms)
		}
		a.Text("circuits", "those of the library: made as under this strategy, but equal gates of a product are not merged")
		a.Text("checked", checked)
		a.printSaved(cmd.Coq, cmd.Bundle)
	}, nil
}

// everyStep says what a theorem about every number of steps bounds.
func everyStep(s *coq.Serial) string {
	steps, and := "number "+s.Symbol+" of steps", " and every n ≥ 1"
	if s.Symbol == "n" {
		steps, and = "n ≥ 1 positions, each a step", ""
	}
	return fmt.Sprintf("for every %s%s: well formed, depth at most %s, at most %s gates", steps, and,
		paper.Pretty(s.Depth()), paper.Pretty(s.Size()))
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

// checkedTheorem is the JSON of a theorem that Coq checked.
type checkedTheorem struct {
	File    string `json:"file"`
	Subject string `json:"subject"`
	Holds   bool   `json:"holds"`
	Problem string `json:"problem,omitempty"`
	Coq     string `json:"coq"` // "" if it was not asked
	Digest  string `json:"digest"`
}

// differs returns the first line, from 1, in which two texts differ, or 0.
func differs(text, want string) int {
	if text == want {
		return 0
	}
	end := 0
	for end < min(len(text), len(want)) && text[end] == want[end] {
		end++
	}
	return 1 + strings.Count(want[:end], "\n")
}

// checkCoq compares a certificate with what tc0 prove writes for its subject, and has Coq check it.
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
	// A file for Coq is a list of commands, and some write files: only one that is as it should be is run.
	if line := differs(string(text), want.Text); line > 0 {
		because := fmt.Sprintf("line %d is not what tc0 prove writes for %s; Coq was not asked", line, subject)
		return a.show(checkedTheorem{cmd.Proof, subject, false, because, "", want.Digest()}, func() {
			a.Printf("%s: REJECTED: %s\n", cmd.Proof, because)
		}, false)
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
	}
	return a.show(checkedTheorem{cmd.Proof, subject, because == "", because, compiler.Version, want.Digest()}, func() {
		if because != "" {
			a.Printf("%s: REJECTED: %s\n", cmd.Proof, because)
			return
		}
		a.Printf("%s: the theorem about %s holds\n", cmd.Proof, subject)
		a.Printf("checked by coqc and coqchk %s\n", compiler.Version)
		if want.Level > 0 {
			a.Printf("for every n ≥ 1: depth at most %d, at most %s gates\n", want.Level, paper.Pretty(want.Gates))
		}
		if want.Serial != nil {
			a.Printf("%s\n", everyStep(want.Serial))
		}
		if want.Textbook != "" {
			a.Printf("on every %s the circuits compute the definition of %s in proof/%s\n", inputOf(want), want.Textbook,
				want.Definitions)
		}
		a.Printf("closed under the global context: no axiom; sha256 %s\n", want.Digest())
	}, because == "")
}

// inputOf is what the textbook definition of a certificate is about.
func inputOf(c *coq.Certificate) string {
	if c.Tokens {
		return "sequence of tokens"
	}
	return "input"
}
