package eval

import (
	"fmt"
	"math/bits"
)

// Vectors is a matrix of bits: one row a wire, one column, or lane, an input or
// output vector. Each row is a run of words with lane 0 in the low bit of the first.
type Vectors struct {
	wires, lanes int
	stride       int // words from one row to the next
	words        []uint64
}

// NewVectors returns vectors that are all zero.
func NewVectors(wires, lanes int) *Vectors {
	if wires < 0 || lanes < 0 {
		panic(fmt.Sprintf("eval: %d wires of %d lanes", wires, lanes))
	}
	stride := wordsFor(lanes)
	return &Vectors{wires, lanes, stride, make([]uint64, wires*stride)}
}

// wordsFor returns how many words hold the given number of lanes.
func wordsFor(lanes int) int { return (lanes + 63) / 64 }

// Wires returns the number of bits of each vector.
func (v *Vectors) Wires() int { return v.wires }

// Lanes returns the number of vectors.
func (v *Vectors) Lanes() int { return v.lanes }

// Row returns the words of a wire, in the memory of v. Bits beyond the last lane
// are zero unless somebody has written to them, and mean nothing.
func (v *Vectors) Row(wire int) []uint64 {
	at := wire * v.stride
	return v.words[at : at+wordsFor(v.lanes) : at+v.stride]
}

// Bit returns one bit.
func (v *Vectors) Bit(wire, lane int) bool {
	v.check(lane)
	return v.Row(wire)[lane/64]>>(lane%64)&1 != 0
}

// SetBit sets one bit. Two goroutines must not set bits of the same wire within
// the same 64 lanes.
func (v *Vectors) SetBit(wire, lane int, bit bool) {
	v.check(lane)
	w := &v.Row(wire)[lane/64]
	mask := uint64(1) << (lane % 64)
	*w &^= mask
	if bit {
		*w |= mask
	}
}

func (v *Vectors) check(lane int) {
	if lane < 0 || lane >= v.lanes {
		panic(fmt.Sprintf("eval: lane %d of %d", lane, v.lanes))
	}
}

// Lane returns one vector.
func (v *Vectors) Lane(lane int) []bool {
	bits := make([]bool, v.wires)
	for wire := range bits {
		bits[wire] = v.Bit(wire, lane)
	}
	return bits
}

// SetLane sets one vector, of one bit a wire.
func (v *Vectors) SetLane(lane int, bits []bool) {
	if len(bits) != v.wires {
		panic(fmt.Sprintf("eval: %d bits for %d wires", len(bits), v.wires))
	}
	for wire, bit := range bits {
		v.SetBit(wire, lane, bit)
	}
}

// Clear sets every bit to zero.
func (v *Vectors) Clear() {
	for wire := range v.wires {
		clear(v.Row(wire))
	}
}

// Ones returns the number of bits of a wire that are 1.
func (v *Vectors) Ones(wire int) int {
	n := 0
	row := v.Row(wire)
	for i, w := range row {
		if i == len(row)-1 {
			w &= lastMask(v.lanes)
		}
		n += bits.OnesCount64(w)
	}
	return n
}

// lastMask has a one for each lane in the last word of the given number of lanes.
func lastMask(lanes int) uint64 { return ^uint64(0) >> (uint(-lanes) % 64) }

// counting[k] is bit k of the numbers 0 to 63.
var counting = [6]uint64{
	0xaaaaaaaaaaaaaaaa, 0xcccccccccccccccc, 0xf0f0f0f0f0f0f0f0,
	0xff00ff00ff00ff00, 0xffff0000ffff0000, 0xffffffff00000000,
}

// Count fills v with the binary numbers from first on, wire 0 the low bit: bit k of
// first + j goes to wire k of lane j. It is how a circuit is run on all of its
// inputs. The first number must be a multiple of 64.
func (v *Vectors) Count(first uint64) {
	if first%64 != 0 {
		panic(fmt.Sprintf("eval: counting from %d, which is no multiple of 64", first))
	}
	for wire := range v.wires {
		row := v.Row(wire)
		for i := range row {
			switch {
			case wire < len(counting):
				row[i] = counting[wire]
			case wire < 64:
				row[i] = -((first + uint64(i)*64) >> wire & 1)
			default:
				row[i] = 0
			}
		}
	}
}
