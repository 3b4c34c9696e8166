package coq

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// Certificate is a file for Coq about one family.
type Certificate struct {
	Subject string
	Text    string
	Level   int       // bounds the depth of the circuits of the theorem
	Gates   poly.Poly // bounds how many gates they have
	// Textbook names the definition that the circuits compute on every input; "" if the theorem is of the program only.
	Textbook string
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

// Of writes the certificate of a family. Members for some n tell how elements are arranged, and are compared with the
// term. Errors: [*NotWrittenError] for what the library does not have.
func Of(subject string, family Family, members ...int) (*Certificate, error) {
	open, err := family.OpenProgram()
	if err != nil {
		return nil, err
	}
	var list []*program.Program
	for _, n := range members {
		m, err := family.Program(n)
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	made := numbersOf(family, open)
	t, err := termOf(open, made, list...)
	if err != nil {
		return nil, err
	}
	level, gates := t.bounds()
	c := &Certificate{Subject: subject, Level: level, Gates: gates.poly()}
	var b strings.Builder
	fmt.Fprintf(&b, "(* %s\n\n", commentText(subject))
	b.WriteString("   For every n, the circuits of this family are well formed and keep to these bounds on depth and\n" +
		"   size, and compute what the program says. Circuit.v defines circuits, and Program.v what a program\n" +
		"   means. The proof is a computation: Coq derives the bounds again, and accepts no others. *)\n")
	b.WriteString("From Coq Require Import List ZArith NArith.\n")
	b.WriteString("From TC0 Require Import Circuit Integers Index Program Analysis Lowering Vocabulary.\n")
	block := attentionOf(open)
	if block != nil {
		fmt.Fprintf(&b, "From TC0 Require Import Definitions %s.\n", block.module)
	}
	if made != nil {
		b.WriteString("From TC0 Require Import Generic Definitions Perceptron.\nFrom Coq Require Import String.\n")
	}
	b.WriteString("Import ListNotations.\nOpen Scope Z_scope.\n\n")
	if made != nil {
		b.WriteString(made.definitions + "\n")
	}
	b.WriteString(t.String())
	fmt.Fprintf(&b, "\n(* Depth at most %d, and at most %v gates. *)\n", level, gates.poly())
	fmt.Fprintf(&b, "Theorem certificate : certified program %d %s.\nProof. certify. Qed.\nPrint Assumptions certificate.\n",
		level, gates.term())
	if block != nil {
		c.Textbook = block.name
		b.WriteString(block.text(level, gates))
	}
	if made != nil {
		c.Textbook = "perceptrons"
		b.WriteString(made.perceptron(level, gates))
	}
	if len(list) > 0 {
		m := list[min(1, len(list)-1)]
		n, err := sizeOf(open, m)
		if err != nil {
			return nil, err
		}
		text, err := examples(m, n)
		if err != nil {
			return nil, err
		}
		b.WriteString("\n(* On some inputs: what the integer reference of tc0 computes. *)\n" + text)
	}
	c.Text = b.String()
	return c, nil
}

// sizeOf is the n of a member of a family; 1 if no size of the program is open.
func sizeOf(open, member *program.Program) (int, error) {
	for id := range open.Nodes() {
		for k, d := range open.Nodes()[id].Shape {
			if !d.Open() {
				continue
			}
			size := member.Nodes()[id].Shape[k].Size()
			if size%d.Factor() != 0 {
				return 0, fmt.Errorf("coq: %s: size %d of a dimension that is %d·n", open.Name(), size, d.Factor())
			}
			return size / d.Factor(), nil
		}
	}
	return 1, nil
}

// commentText is a text that ends no comment and begins none.
func commentText(s string) string {
	return strings.NewReplacer("(*", "( *", "*)", "* )", "\"", "'").Replace(s)
}

// String is the definition of the program.
func (t *term) String() string {
	var b strings.Builder
	word := "naturals"
	if t.input.Signed {
		word = "integers"
	}
	fmt.Fprintf(&b, "Definition program : prog := mkProg [%s %s %d] [", word, shapeText(t.input.Shape), t.input.Bits)
	for i, o := range t.operations {
		separator := ";"
		if i+1 == len(t.operations) {
			separator = ""
		}
		fmt.Fprintf(&b, "\n  (* %d: %s *)\n  %s%s", i+1, commentText(o.operation), o.text, separator)
	}
	fmt.Fprintf(&b, "\n] [%d]%%nat.\n", t.result)
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
