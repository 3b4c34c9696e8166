package coq

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// Certificate is a file for Coq about one family.
type Certificate struct {
	Subject string
	Text    string
	Level   int       // bounds the depth of the circuits of the theorem; 0 if there is only Serial
	Gates   poly.Poly // bounds how many gates they have
	// Serial is what is stated for every number of steps; nil if nothing is. Then NotEveryStep is the reason, of a
	// family with steps.
	Serial       *Serial
	NotEveryStep string
	Costs        *Costs // bounds their wires and weights; nil if some weights can be any number
	// Textbook names the definition that the circuits compute on every input, or see Tokens; "" if the theorem is
	// of the program only.
	Textbook string
	Tokens   bool // it computes it on the codes of tokens, and of other bits only what the program says
	// Definitions is the file of the library that has this definition; "" if there is none.
	Definitions string

	about, modules string
}

// Family is a family of programs.
type Family interface {
	Program(n int) (*program.Program, error)
	OpenProgram() (*program.Program, error)
}

// Digest is the SHA-256 of the text.
func (c *Certificate) Digest() string {
	sum := sha256.Sum256([]byte(c.Text))
	return hex.EncodeToString(sum[:])
}

// Of writes the certificate of a family under a strategy that absorbs. Members for some n tell how elements are
// arranged, and are compared with the term. Errors: [*NotWrittenError] for what the library does not have.
func Of(subject string, family Family, s lower.Strategy, members ...int) (*Certificate, error) {
	if !s.Absorb || s.Select { // the library always absorbs, and never selects
		return nil, &NotWrittenError{Program: subject, Reason: fmt.Sprintf("there is no theorem about %v yet", s)}
	}
	open, err := family.OpenProgram()
	if err != nil {
		return nil, err
	}
	c := &Certificate{Subject: subject}
	steps, err := c.serial(family, s, members)
	counted := slices.ContainsFunc(open.Repeats(), func(r program.Repeated) bool { return r.Open })
	switch {
	case err != nil && (counted || !notWritten(err)):
		return nil, err
	case err != nil:
		c.NotEveryStep = err.Error()
	}
	text := ""
	if !counted {
		if text, err = c.program(family, open, s, members); err != nil {
			return nil, err
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "(* %s\n\n", commentText(subject))
	if !counted {
		b.WriteString(c.about)
	}
	if c.Serial != nil {
		b.WriteString(c.Serial.about(counted))
	} else if c.NotEveryStep != "" {
		fmt.Fprintf(&b, "\n\n   For every number of steps there is no theorem yet: %s.", commentText(c.NotEveryStep))
	}
	b.WriteString(" *)\nFrom Coq Require Import List ZArith NArith.\n")
	if c.Serial != nil {
		b.WriteString("From TC0 Require Import Stage Steps.\n")
	}
	if c.modules != "" {
		fmt.Fprintf(&b, "From TC0 Require Import %s.\n", c.modules)
	}
	b.WriteString("From TC0 Require Import Circuit Integers Index Program Analysis Lowering Vocabulary Words.\n")
	if counted {
		b.WriteString("Import ListNotations.\nOpen Scope Z_scope.\n\n")
	}
	b.WriteString(text)
	if c.Serial != nil && !counted {
		steps = "\n(* ---- every number of steps ---- *)\n\nModule EveryStep.\n\n" + steps + "\nEnd EveryStep.\n"
	}
	b.WriteString(steps)
	c.Text = sealed(b.String())
	return c, nil
}

// notWritten reports whether an error is about what the library does not have.
func notWritten(err error) bool {
	var reason *NotWrittenError
	return errors.As(err, &reason)
}

// program is the theorem about the program for every n, with some values.
func (c *Certificate) program(family Family, open *program.Program, s lower.Strategy, members []int) (string, error) {
	var list []*program.Program
	for _, n := range members {
		m, err := family.Program(n)
		if err != nil {
			return "", err
		}
		list = append(list, m)
	}
	made := numbersOf(family, open)
	t, err := termOf(open, s, made, list...)
	if err != nil {
		return "", err
	}
	level, gates := t.bounds()
	c.Level, c.Gates = level, gates.poly()
	c.about = "   For every n, the circuits of this family are well formed and keep to these bounds on depth and\n" +
		"   size, and compute what the program says. Circuit.v defines circuits, and Program.v what a program\n" +
		"   means. The proof is a computation: Coq derives the bounds again, and accepts no others."
	if len(t.parameters) > 0 {
		c.about += "\n\n   Some numbers are others for each n. The theorem is for every choice of them, so also for that of\n" +
			"   tc0 for each n. So weights have no bound, and none is stated."
	} else {
		c.modules = "Cost Bounds Magnitude WordMagnitude Forms Normal Classes"
	}
	var b strings.Builder
	known := textbookOf(open, t, made)
	if known != nil {
		fmt.Fprintf(&b, "From TC0 Require Import %s.\n", known.modules)
	}
	if made != nil {
		b.WriteString("From TC0 Require Import Generic.\nFrom Coq Require Import String.\n")
	}
	b.WriteString("Import ListNotations.\nOpen Scope Z_scope.\n\n")
	if made != nil && made.definitions != "" {
		b.WriteString(made.definitions + "\n")
	}
	b.WriteString(t.String())
	b.WriteString(t.theorem(level, gates))
	weights, costs := t.weigh(level)
	b.WriteString(weights)
	c.Costs = costs
	if known != nil {
		c.Textbook, c.Definitions, c.Tokens = known.name, known.file(), known.inputs != ""
		b.WriteString(known.text(level, gates))
	}
	text, err := t.examples(list)
	if err != nil {
		return "", err
	}
	b.WriteString(text)
	if text, err = t.built(list, s); err != nil {
		return "", err
	}
	b.WriteString(text)
	return b.String(), nil
}

// commentText is a text that ends no comment and begins none.
func commentText(s string) string {
	return strings.NewReplacer("(*", "( *", "*)", "* )", "\"", "'").Replace(s)
}

// String is the definition of the program.
func (t *term) String() string {
	var b strings.Builder
	for _, p := range t.parameters {
		fmt.Fprintf(&b, "(* %s: %s *)\n", p.name, commentText(p.what))
	}
	for k, text := range t.tables {
		fmt.Fprintf(&b, "Definition M%d : list (list Z) := %s.\n", k+1, text)
	}
	inputs := listText(t.inputs, func(in port) string { return in.text })
	fmt.Fprintf(&b, "Definition program%s : prog := mkProg %s [%s\n] %s.\n", t.binders(), inputs, t.text(),
		numbersText(t.results))
	return b.String()
}

// text is the list of operations with their comments.
func (t *term) text() string {
	var b strings.Builder
	for i, o := range t.operations {
		separator := ";"
		if i+1 == len(t.operations) {
			separator = ""
		}
		fmt.Fprintf(&b, "\n  (* %d: %s *)\n  %s%s", len(t.inputs)+i, commentText(o.operation), o.text, separator)
	}
	return b.String()
}

// numbersText is a list of numbers of values.
func numbersText(list []int) string {
	return listText(list, func(k int) string { return fmt.Sprint(k) }) + "%nat"
}

// theorem states the bounds of the program, whatever its parameters are.
func (t *term) theorem(level int, gates count) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n(* Depth at most %d, and at most %v gates. *)\n", level, gates.poly())
	if len(t.parameters) == 0 {
		fmt.Fprintf(&b, "Theorem certificate : certified program %d %s.\nProof. certify. Qed.\n"+
			"Print Assumptions certificate.\n", level, gates.term())
		return b.String()
	}
	names := strings.TrimSuffix(strings.TrimPrefix(t.program(), "(program"), ")")
	fmt.Fprintf(&b, "Theorem certificate : forall%s,\n  certified %s %d %s.\nProof. intros. certify. Qed.\n"+
		"Print Assumptions certificate.\n", t.binders(), t.program(), level, gates.term())
	b.WriteString("\n(* With numbers of its own for each n, the circuits are a TC0 family. *)\n")
	var own, each strings.Builder
	for _, p := range t.parameters {
		fmt.Fprintf(&own, " (%s : nat -> %s)", p.name, p.kind)
		fmt.Fprintf(&each, " (%s n)", p.name)
	}
	fmt.Fprintf(&b, "Corollary family : forall%s,\n  TC0_family %d (fun n => compile (program%s) n).\n"+
		"Proof.\n  intros%s. exact (chosen_TC0 (fun n => program%s) _ _ (fun n => certificate%[3]s)).\nQed.\n"+
		"Print Assumptions family.\n", own.String(), level, each.String(), names, each.String())
	return b.String()
}

// poly is the polynomial for readers.
func (p count) poly() poly.Poly {
	total, power := poly.Poly{}, poly.Int(1)
	for _, c := range p {
		total, power = total.Plus(poly.Big(c).Times(power)), power.Times(poly.Symbol("n"))
	}
	return total
}

// term is the polynomial for Coq.
func (p count) term() string {
	return listText(p, func(c *big.Int) string { return c.String() + "%N" })
}
