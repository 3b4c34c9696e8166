package analysis

import (
	"math/bits"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
)

// CountWeights returns how many of the first n random inputs that Equivalent tries have
// each number of ones.
func CountWeights(c *circuit.Circuit, n int, seed uint64) []int {
	s := newBitSource(c.InputPorts(), seed)
	count := make([]int, s.wires+1)
	for t := range n / tileLanes {
		in := eval.NewVectors(s.wires, tileLanes)
		s.random(in, 0, t)
		for w := range tileLanes / wordLanes {
			var planes [12]uint64 // vertical counters
			for i := range s.wires {
				carry := in.Row(i)[w]
				for p := range planes {
					planes[p], carry = planes[p]^carry, planes[p]&carry
				}
			}
			for lane := range uint(wordLanes) {
				ones := 0
				for p, x := range planes {
					ones |= int(x>>lane&1) << p
				}
				count[ones]++
			}
		}
	}
	return count
}

// RandomInputs returns tile number t of the random inputs.
func RandomInputs(c *circuit.Circuit, t int, seed uint64) *eval.Vectors {
	s := newBitSource(c.InputPorts(), seed)
	in := eval.NewVectors(s.wires, tileLanes)
	s.random(in, 0, t)
	return in
}

// AllInputs returns all the valid inputs; they must be few.
func AllInputs(c *circuit.Circuit) *eval.Vectors {
	s := newBitSource(c.InputPorts(), 0)
	n, ok := s.count(1 << 20)
	if !ok {
		return nil
	}
	in := eval.NewVectors(s.wires, n)
	s.counted(in, 0)
	return in
}

// Ones returns the number of ones in a row.
func Ones(v *eval.Vectors, wire int) int {
	n := 0
	for _, w := range v.Row(wire) {
		n += bits.OnesCount64(w)
	}
	return n
}
