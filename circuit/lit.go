package circuit

import (
	"fmt"
	"unsafe"
)

// Gate is the index of a gate, and its place in a topological order. Gate 0 is
// the constant false.
type Gate uint32

// Lit is a gate or its complement: Gate<<1 | complement.
type Lit uint32

// The two constants.
const (
	False Lit = 0
	True  Lit = 1
)

// Lit returns the literal that is 1 when g is 1.
func (g Gate) Lit() Lit { return Lit(g) << 1 }

// Not returns the complement of l. It costs nothing.
func (l Lit) Not() Lit { return l ^ 1 }

// Gate returns the gate that l reads.
func (l Lit) Gate() Gate { return Gate(l >> 1) }

// IsComplement reports whether l is the complement of its gate.
func (l Lit) IsComplement() bool { return l&1 != 0 }

// IsConst reports whether l is False or True.
func (l Lit) IsConst() bool { return l <= True }

// NotIf returns l, complemented if c.
func (l Lit) NotIf(c bool) Lit {
	if c {
		return l ^ 1
	}
	return l
}

// String returns "0", "1", "g7" or "¬g7".
func (l Lit) String() string {
	switch {
	case l == False:
		return "0"
	case l == True:
		return "1"
	case l.IsComplement():
		return fmt.Sprintf("¬g%d", l.Gate())
	}
	return fmt.Sprintf("g%d", l.Gate())
}

// SumID is the index of a sum node. Sum 0 is the empty sum.
type SumID uint32

// Ref is what a term of a sum reads: a gate, never complemented, or another sum.
// The top bit tells them apart, so that all gates come before all sums and leaving
// some of either out does not change the order of the rest.
type Ref uint32

const sumBit Ref = 1 << 31

func gateRef(g Gate) Ref { return Ref(g) }
func sumRef(s SumID) Ref { return Ref(s) | sumBit }

// IsSum reports whether r is a sum rather than a gate.
func (r Ref) IsSum() bool { return r&sumBit != 0 }

// Gate returns the gate that r is; it is meaningless if r is a sum.
func (r Ref) Gate() Gate { return Gate(r) }

// Sum returns the sum that r is; it is meaningless if r is a gate.
func (r Ref) Sum() SumID { return SumID(r &^ sumBit) }

// String returns "g7" or "s7".
func (r Ref) String() string {
	if r.IsSum() {
		return fmt.Sprintf("s%d", r.Sum())
	}
	return fmt.Sprintf("g%d", r.Gate())
}

// litsOf views arguments of gates as the literals that they are, and argsOf views literals as
// arguments. A Lit is a uint32, so the memory layout is the same.
func litsOf(args []uint32) []Lit { return unsafe.Slice((*Lit)(unsafe.SliceData(args)), len(args)) }

func argsOf(lits []Lit) []uint32 { return unsafe.Slice((*uint32)(unsafe.SliceData(lits)), len(lits)) }

func pairArgs(in [][2]Lit) []uint32 {
	return unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(in))), 2*len(in))
}
