package basis

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/gates"
)

// Basis is the set of gates a circuit is made of.
type Basis uint8

// The bases. In each of them complement is free, and so are NOT and BUF gates.
const (
	TC0 Basis = iota // every kind of gate, weighted THRESHOLD gates included
	AC0              // AND and OR of any fan-in
	MAJ              // unweighted MAJORITY of any fan-in
	NC1              // AND, OR and XOR of at most two literals
)

var names = [...]string{TC0: "TC0", AC0: "AC0", MAJ: "MAJ", NC1: "NC1"}

// String returns the name of b.
func (b Basis) String() string {
	if int(b) < len(names) {
		return names[b]
	}
	return fmt.Sprintf("Basis(%d)", uint8(b))
}

// Names returns the names of all the bases, in order.
func Names() []string { return append([]string(nil), names[:]...) }

// Parse finds a basis by its exact name; the error lists the known ones.
func Parse(name string) (Basis, error) {
	for b, n := range names {
		if n == name {
			return Basis(b), nil
		}
	}
	return 0, fmt.Errorf("basis: unknown basis %q; known are %s", name, strings.Join(names[:], ", "))
}

// contents says what a basis has, in error messages.
var contents = [...]string{
	TC0: "every gate",
	AC0: "AND and OR gates",
	MAJ: "unweighted MAJORITY gates",
	NC1: "AND, OR and XOR gates of two literals",
}

// allowed reports whether b has gates of kind k, which is AND rather than NAND.
func allowed(b Basis, k gates.Kind) bool {
	switch b {
	case AC0:
		return k == gates.And || k == gates.Or
	case MAJ:
		return k == gates.Majority
	case NC1:
		return k == gates.And || k == gates.Or || k == gates.Xor
	}
	return true
}

// withoutComplement returns AND for NAND and so on, and whether it was complemented.
func withoutComplement(k gates.Kind) (gates.Kind, bool) {
	switch k {
	case gates.Nand:
		return gates.And, true
	case gates.Nor:
		return gates.Or, true
	case gates.Xnor:
		return gates.Xor, true
	case gates.Not:
		return gates.Buf, true
	}
	return k, false
}
