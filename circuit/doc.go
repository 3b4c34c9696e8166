// Package circuit wires gates into circuits.
//
// # Two kinds of node
//
// A gate is Boolean and costs depth. A sum is an integer: a weighted sum of gates and of other
// sums. It is a bundle of wires and costs no depth. A threshold gate compares one sum with one
// constant, so hundreds of gates that quantise the same number share its sum, in memory and in
// evaluation. Wires are still counted flattened, as if each gate had its own sum.
//
// # Invariants
//
// A [Gate] is an index, and indices are a topological order: a gate reads only
// gates and sums made before it, and a sum reads only gates and sums made before
// it. Gate 0 is the constant false. A [Lit] is a gate with a complement bit in
// the low bit, so False is 0 and True is 1.
//
// A sum node has no constant term and no repeated term; the affine part of an
// expression lives in the [Sum] handle. Weights and thresholds are exact integers
// of any size: int64 where everything fits, math/big beyond that, sum by sum.
//
// A circuit is immutable once built. It is stored as flat arrays.
//
// # Use
//
// A [Builder] makes circuits. It folds constants, merges repeated literals, moves complements to
// where they are free, and never makes the same gate twice. [Circuit.Check] re-derives everything
// that is cached. [Circuit.Eval] computes one input vector exactly; package circuit/eval does many
// at a time. [Circuit.Write] and [Read] keep circuits in files; package circuit/graph looks at one
// as a graph and shows it to the algorithms of gonum.
//
// Bit order is little-endian: wire 0 of a binary port is its low bit.
package circuit
