package gates

import (
	"fmt"
	"strings"
)

// Kind names the function of a gate.
type Kind uint8

// The kinds of gate. Const and Input are the sources of a circuit; they are not
// counted as gates.
const (
	Const     Kind = iota // the constant false
	Input                 // an input bit
	Buf                   // x
	Not                   // ¬x
	And                   // every input is 1
	Or                    // some input is 1
	Nand                  // ¬And
	Nor                   // ¬Or
	Xor                   // an odd number of inputs is 1
	Xnor                  // ¬Xor
	Mod                   // the weighted sum of the inputs lies in a set of residues modulo m
	Majority              // more than half of the inputs are 1
	Threshold             // the weighted sum of the inputs is at least t

	NumKinds = int(Threshold) + 1
)

// info is one row of the table of kinds.
type info struct {
	name   string // upper case, as in the literature and in .bench files
	symbol string // short form for figures
	class  Class  // smallest class whose basis has the kind with unbounded fan-in
	fanIn  int    // exact fan-in, or -1 for any
	negate Kind   // the kind that computes the complement, or the kind itself if there is none
}

var table = [NumKinds]info{
	Const:     {"CONST", "0", AC0, 0, Const},
	Input:     {"INPUT", "in", AC0, 0, Input},
	Buf:       {"BUF", "1", AC0, 1, Not},
	Not:       {"NOT", "¬", AC0, 1, Buf},
	And:       {"AND", "∧", AC0, -1, Nand},
	Or:        {"OR", "∨", AC0, -1, Nor},
	Nand:      {"NAND", "⊼", AC0, -1, And},
	Nor:       {"NOR", "⊽", AC0, -1, Or},
	Xor:       {"XOR", "⊕", ACC0, -1, Xnor},
	Xnor:      {"XNOR", "⊙", ACC0, -1, Xor},
	Mod:       {"MOD", "mod", ACC0, -1, Mod},
	Majority:  {"MAJORITY", "MAJ", TC0, -1, Majority},
	Threshold: {"THRESHOLD", "≥", TC0, -1, Threshold},
}

// String returns the name of k in upper case, such as "AND".
func (k Kind) String() string {
	if int(k) < NumKinds {
		return table[k].name
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Symbol returns the sign of k used in figures, such as "∧".
func (k Kind) Symbol() string { return table[k].symbol }

// Valid reports whether k is one of the declared kinds.
func (k Kind) Valid() bool { return int(k) < NumKinds }

// IsSource reports whether k is a constant or an input, which have no fan-in and
// are not counted as gates.
func (k Kind) IsSource() bool { return k == Const || k == Input }

// IsLogic reports whether a gate of kind k reads a list of literals.
func (k Kind) IsLogic() bool { return k >= Buf && k <= Xnor }

// ReadsSum reports whether a gate of kind k reads one integer sum.
func (k Kind) ReadsSum() bool { return k >= Mod && k <= Threshold }

// HasBound reports whether a gate of kind k compares a sum with a bound.
func (k Kind) HasBound() bool { return k == Threshold || k == Majority }

// FanIn returns the exact fan-in that k asks for, or -1 when any number will do.
func (k Kind) FanIn() int { return table[k].fanIn }

// Complement returns the kind that computes ¬k on the same inputs, or k itself
// and false if there is no such kind.
func (k Kind) Complement() (Kind, bool) {
	n := table[k].negate
	return n, n != k
}

// Plain returns the kind of which k computes the complement, and true, for NOT, NAND, NOR
// and XNOR, and k itself for any other kind.
func (k Kind) Plain() (plain Kind, complement bool) {
	switch k {
	case Not, Nand, Nor, Xnor:
		return table[k].negate, true
	}
	return k, false
}

// Kinds returns all the kinds in order.
func Kinds() []Kind {
	all := make([]Kind, NumKinds)
	for i := range all {
		all[i] = Kind(i)
	}
	return all
}

// ParseKind finds a kind by its name, in any case. BUFF, the spelling of .bench
// files, and INV are understood too.
func ParseKind(name string) (Kind, error) {
	upper := strings.ToUpper(name)
	switch upper {
	case "BUFF":
		return Buf, nil
	case "INV":
		return Not, nil
	}
	for k, row := range table {
		if row.name == upper {
			return Kind(k), nil
		}
	}
	return 0, fmt.Errorf("gates: unknown kind of gate %q", name)
}
