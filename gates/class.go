package gates

import (
	"fmt"
	"slices"
)

// Class is a class of circuit families of polynomial size, told by the gates it allows
// besides AND, OR and NOT. In all of them but NC1 the depth is constant.
//
// The classes are ordered by inclusion: AC0 ⊊ ACC0 ⊆ TC0 ⊆ NC1. So < compares two classes, and max
// gives the class that has the gates of both.
type Class uint8

// The classes whose basis a circuit can be in.
const (
	AC0  Class = iota // AND, OR, NOT
	ACC0              // and MOD m gates for constant m
	TC0               // and MAJORITY, or equivalently THRESHOLD, gates
	NC1               // logarithmic depth, of gates with two inputs
)

var classNames = []string{AC0: "AC0", ACC0: "ACC0", TC0: "TC0", NC1: "NC1"}

// String returns the usual name of c.
func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return fmt.Sprintf("Class(%d)", uint8(c))
}

// ParseClass finds a class by its name.
//
// Error: *UnknownError.
func ParseClass(name string) (Class, error) {
	if i := slices.Index(classNames, name); i >= 0 {
		return Class(i), nil
	}
	return 0, &UnknownError{"class", name, slices.Clone(classNames)}
}

// MarshalText implements encoding.TextMarshaler: a class is written as its name.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *Class) UnmarshalText(text []byte) (err error) {
	*c, err = ParseClass(string(text))
	return err
}

// Class returns the smallest class whose basis contains a gate of kind k and of
// the given fan-in. A XOR of two inputs is a constant-size AC0 circuit; a XOR of
// unbounded fan-in is PARITY, which is outside AC0 (Furst, Saxe and Sipser 1984;
// Ajtai 1983) and in ACC0.
//
// This classifies a basis. A single finite circuit belongs to no class: a class
// is a property of a family of circuits.
func (k Kind) Class(fanIn int) Class {
	if plain, _ := k.Plain(); plain == Xor && fanIn <= 2 {
		return AC0
	}
	return table[k].class
}
