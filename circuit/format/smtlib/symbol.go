package smtlib

import (
	"strings"
	"unicode"

	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// spelling says which names are possible. Symbols in bars have any printable signs except the bar
// and the backslash, and are the same as without bars. So words of the language are not names even
// in bars. Symbols that begin like those of solvers are not names, either.
func spelling() netlist.Spelling {
	return netlist.Spelling{
		Legal: func(r rune, _ bool) bool {
			return r != '|' && r != '\\' && r != unicode.ReplacementChar && unicode.IsPrint(r)
		},
		Reserved: strings.Fields(`
			! _ as exists forall let match par BINARY DECIMAL HEXADECIMAL NUMERAL STRING
			true false not => and or xor = distinct ite Bool
			Int Real Array String RegLan BitVec FloatingPoint RoundingMode
			- + * / div mod abs <= < >= > divisible to_real to_int is_int
			implies iff if if_then_else select store concat extract update-field
			assert check-sat check-sat-assuming declare-const declare-datatype declare-datatypes
			declare-fun declare-sort define-const define-fun define-fun-rec define-funs-rec
			define-sort echo exit get-assertions get-assignment get-info get-model get-option
			get-proof get-unsat-assumptions get-unsat-core get-value pop push reset
			reset-assertions set-info set-logic set-option
			at-most at-least pbge pble pbeq`),
		Prefixes: []string{"@", "."},
	}
}

// symbol writes a name, in bars if it needs them.
func symbol(name string) string {
	if len(name) > 1 && name[0] == '-' && name[1] >= '0' && name[1] <= '9' { // a number to Z3
		return "|" + name + "|"
	}
	for i := range len(name) {
		b := name[i]
		sign := b != 0 && strings.IndexByte("~!$%^&*_-+=<>.?/@", b) >= 0
		letter := sign || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
		if !letter && (i == 0 || b < '0' || b > '9') {
			return "|" + name + "|"
		}
	}
	return name
}
