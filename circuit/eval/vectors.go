package eval

import "fmt"

// Vectors is a bit matrix: one row for each wire, one lane for each input vector.
// The words of a row are little-endian: lane k is bit k%64 of word k/64.
type Vectors struct {
	wires, lanes int
	stride       int // words a row, whole tiles
	words        []uint64
}

// NewVectors returns a matrix of zeros.
func NewVectors(wires, lanes int) *Vectors {
	v := new(Vectors)
	v.reset(wires, lanes)
	return v
}

// Wires returns the number of rows.
func (v *Vectors) Wires() int { return v.wires }

// Lanes returns the number of vectors.
func (v *Vectors) Lanes() int { return v.lanes }

// Row returns the words of a wire, in the matrix's own memory. The bits beyond the
// last lane are ignored in inputs and 0 in outputs.
func (v *Vectors) Row(wire int) []uint64 {
	return v.words[wire*v.stride : wire*v.stride+(v.lanes+63)/64]
}

// Column copies one word of each of the wires from first on, as many as it is given room for.
func (v *Vectors) Column(first, word int, to []uint64) {
	if word < 0 || word*64 >= v.lanes || first < 0 || first+len(to) > v.wires {
		panic(fmt.Sprintf("eval: word %d of the wires from %d on of a matrix of %d wires and %d lanes",
			word, first, v.wires, v.lanes))
	}
	at := first*v.stride + word
	for i := range to {
		to[i] = v.words[at]
		at += v.stride
	}
}

// Bit returns the value of a wire in one lane.
func (v *Vectors) Bit(wire, lane int) bool {
	v.check(wire, lane)
	return v.words[wire*v.stride+lane/64]>>(lane%64)&1 != 0
}

// Set gives a wire a value in one lane.
func (v *Vectors) Set(wire, lane int, bit bool) {
	v.check(wire, lane)
	word, mask := &v.words[wire*v.stride+lane/64], uint64(1)<<(lane%64)
	if bit {
		*word |= mask
	} else {
		*word &^= mask
	}
}

// Lane returns the values of all wires in one lane.
func (v *Vectors) Lane(lane int) []bool {
	bits := make([]bool, v.wires)
	for i := range bits {
		bits[i] = v.Bit(i, lane)
	}
	return bits
}

// SetLane gives all wires their values in one lane.
func (v *Vectors) SetLane(lane int, bits []bool) {
	for i, b := range bits {
		v.Set(i, lane, b)
	}
}

func (v *Vectors) check(wire, lane int) {
	if uint(wire) >= uint(v.wires) || uint(lane) >= uint(v.lanes) {
		panic(fmt.Sprintf("eval: wire %d, lane %d of a matrix of %d wires and %d lanes", wire, lane, v.wires, v.lanes))
	}
}

// reset makes v a matrix of zeros of another size, in the same memory if it fits.
func (v *Vectors) reset(wires, lanes int) {
	stride := (lanes + tileLanes - 1) / tileLanes * tileWords
	if n := wires * stride; cap(v.words) >= n {
		v.words = v.words[:n]
		clear(v.words)
	} else {
		v.words = make([]uint64, n)
	}
	v.wires, v.lanes, v.stride = wires, lanes, stride
}
