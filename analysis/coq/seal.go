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
	var said []string
	module := ""
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
		said = append(said, spokenIn(rest)...)
	}
	return fmt.Sprintf("%s\n(* All numbers above are as they were written: see Seal.v. *)\nFrom TC0 Require Import Seal.\n"+
		"Theorem seal_holds : sealed %d [\n  %s].\nProof. seal. Qed.\n", text, digestOf(said), strings.Join(parts, ";\n  "))
}

var (
	comment = regexp.MustCompile(`(?s)\(\*.*?\*\)`)
	// sentence is a part of a certificate that the seal is of, or the beginning or the end of a module.
	sentence = regexp.MustCompile(`(?ms)^(Definition|Theorem|Corollary|Example|Module|End) (\w+)(.*?)\.\n`)
	// spoken is a string or a number. Coq reads (- 2) as the number (-2).
	spoken = regexp.MustCompile(`"([^"]*)"|(\(- *)?\b(\d+)\b`)
)

// spokenIn are all numbers of a text, and all strings in quotes.
func spokenIn(s string) (list []string) {
	for _, found := range spoken.FindAllStringSubmatch(s, -1) {
		switch {
		case found[3] == "":
			list = append(list, "\""+found[1])
		case found[2] != "":
			list = append(list, "-"+found[3])
		default:
			list = append(list, found[3])
		}
	}
	return list
}

// digestOf is the digest of numbers and strings: of digits to a base, below 2^31 − 1.
func digestOf(said []string) uint64 {
	d := uint64(0)
	feed := func(digit int) { d = (d*65599 + uint64(digit)) % (1<<31 - 1) }
	for _, s := range said {
		if s[0] == '"' {
			for _, c := range []byte(s[1:]) {
				feed(16 + int(c))
			}
			continue
		}
		v, _ := new(big.Int).SetString(s, 10)
		if v.Sign() == 0 {
			feed(4)
			continue
		}
		if v.Sign() < 0 {
			feed(5)
		}
		v.Abs(v)
		for k := range v.BitLen() - 1 {
			feed(2 + int(v.Bit(k)))
		}
		feed(1)
	}
	return d
}
