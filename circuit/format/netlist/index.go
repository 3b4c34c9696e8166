package netlist

// Index finds the value of a number of a file. It is an array where the numbers lie close together,
// and a map where they do not. So its memory depends on how many numbers have a value, and not on
// the greatest number. The zero value is ready for use.
type Index struct {
	dense  []uint32
	sparse map[uint32]uint32
	count  int
}

// Bounds on the numbers without a value in the array: this many in any case, and this many for each
// number with a value.
const (
	freeSlots = 1 << 10
	slack     = 8
)

// NewIndex returns an index with room for the numbers 0..most, if about count of them are
// to have a value and lie close together.
func NewIndex(most uint32, count int) *Index {
	x := &Index{}
	if uint64(most) < freeSlots+slack*uint64(count) {
		x.dense = make([]uint32, int(most)+1)
	}
	return x
}

// Of returns the value of n, which is 0 if it was not set.
func (x *Index) Of(n uint32) uint32 {
	if int(n) < len(x.dense) && x.dense[n] != 0 {
		return x.dense[n]
	}
	if len(x.sparse) == 0 {
		return 0
	}
	return x.sparse[n]
}

// Set gives n a value that is not 0. It must not have one yet.
func (x *Index) Set(n, v uint32) {
	x.count++
	if int(n) >= len(x.dense) {
		most := freeSlots + slack*x.count
		if int(n) >= most {
			if x.sparse == nil {
				x.sparse = map[uint32]uint32{}
			}
			x.sparse[n] = v
			return
		}
		size := min(max(int(n)+1, 2*len(x.dense)), most)
		x.dense = append(x.dense, make([]uint32, size-len(x.dense))...)
	}
	x.dense[n] = v
}

// How many inputs there may be: a file of a hundred bytes could ask for 2^31 of them.
const (
	freeInputs    = 1 << 12
	inputsPerByte = 8
)

// Affords reports whether a file of some bytes is long enough for the number of inputs.
func Affords(inputs int, size int64) bool { return int64(inputs) <= freeInputs+inputsPerByte*size }
