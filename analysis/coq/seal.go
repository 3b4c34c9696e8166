package coq

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

// sealed is the text of a certificate with its seal: a theorem that Coq refuses if any number of the definitions and
// of what the theorems state is another one. It has the digest of all of them in order, as Seal.v of the library
// computes it.
func sealed(text string) string {
	var parts []string
	d, module := digest(0), ""
	for _, s := range sentence.FindAllStringSubmatch(comment.ReplaceAllString(text, ""), -1) {
		kind, name, rest := s[1], s[2], s[3]
		switch {
		case kind == "Module":
			module = name + "."
			continue
		case kind == "End":
			module = ""
			continue
		case strings.Contains(rest, ":= Eval "): // its value has other numbers; what it is computed from is apart
			continue
		}
		what := "stated"
		if kind == "Definition" {
			what = "defined"
		}
		parts = append(parts, fmt.Sprintf("%s %s%s", what, module, name))
		d.text(rest)
	}
	return fmt.Sprintf("%s\n(* All numbers above are as they were written: see Seal.v. *)\nFrom TC0 Require Import Seal.\n"+
		"Theorem seal_holds : sealed %d [\n  %s].\nProof. seal. Qed.\n", text, d, strings.Join(parts, ";\n  "))
}

var (
	comment = regexp.MustCompile(`(?s)\(\*.*?\*\)`)
	// sentence is a part of a certificate that the seal is of, or the beginning or the end of a module.
	sentence = regexp.MustCompile(`(?ms)^(Definition|Theorem|Corollary|Example|Module|End) (\w+)(.*?)\.\n`)
	// spoken is a string or a number.
	spoken = regexp.MustCompile(`"([^"]*)"|(\(-)?\b(\d+)\b`)
)

// digest is a number below 2^31 − 1.
type digest uint64

// feed adds a digit.
func (d *digest) feed(digit int) { *d = (*d*65599 + digest(digit)) % (1<<31 - 1) }

// text adds all numbers and strings of a text.
func (d *digest) text(s string) {
	for _, found := range spoken.FindAllStringSubmatch(s, -1) {
		if found[3] == "" {
			for _, c := range []byte(found[1]) {
				d.feed(16 + int(c))
			}
			continue
		}
		v, _ := new(big.Int).SetString(found[3], 10)
		if v.Sign() == 0 {
			d.feed(4)
			continue
		}
		if found[2] != "" {
			d.feed(5)
		}
		top := v.BitLen() - 1
		for k := range top {
			d.feed(2 + int(v.Bit(k)))
		}
		d.feed(1)
	}
}
