package gates

import "fmt"

// Class is a class of constant-depth, polynomial-size circuit families, told by
// the gates it allows besides AND, OR and NOT of unbounded fan-in.
//
// The classes are ordered by inclusion: AC0 ⊊ ACC0 ⊆ TC0.
type Class uint8

// The classes whose basis a circuit can be in.
const (
	AC0  Class = iota // AND, OR, NOT
	ACC0              // and MOD m gates for constant m
	TC0               // and MAJORITY, or equivalently THRESHOLD, gates
)

// String returns the usual name of c.
func (c Class) String() string {
	switch c {
	case AC0:
		return "AC0"
	case ACC0:
		return "ACC0"
	case TC0:
		return "TC0"
	}
	return fmt.Sprintf("Class(%d)", uint8(c))
}

// Class returns the smallest class whose basis contains a gate of kind k and of
// the given fan-in. A XOR of two inputs is a constant-size AC0 circuit; a XOR of
// unbounded fan-in is PARITY, which is outside AC0 (Furst, Saxe and Sipser 1984;
// Ajtai 1983) and in ACC0.
//
// This classifies a basis. A single finite circuit belongs to no class: a class
// is a property of a family of circuits.
func (k Kind) Class(fanIn int) Class {
	if (k == Xor || k == Xnor) && fanIn <= 2 {
		return AC0
	}
	return table[k].class
}
