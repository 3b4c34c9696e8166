package basis

import (
	"fmt"
	"slices"

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

var names = []string{TC0: "TC0", AC0: "AC0", MAJ: "MAJ", NC1: "NC1"}

// String returns the name of b.
func (b Basis) String() string {
	if int(b) < len(names) {
		return names[b]
	}
	return fmt.Sprintf("Basis(%d)", uint8(b))
}

// Names returns the names of all the bases, in order.
func Names() []string { return slices.Clone(names) }

// Parse finds a basis by its exact name.
//
// Error: *gates.UnknownError.
func Parse(name string) (Basis, error) {
	if b := slices.Index(names, name); b >= 0 {
		return Basis(b), nil
	}
	return 0, &gates.UnknownError{What: "basis", Name: name, Known: Names()}
}
