package netlist

// Index finds what a number of a file stands for. It is an array where the numbers lie
// close together, else a map, so that its memory goes by how many numbers have a value
// and not by the greatest.
type Index struct {
	dense  []int32
	sparse map[uint32]int32
}

// slack is how many numbers without a value there may be in an array for each with one.
const slack = 8

// NewIndex returns an index of the numbers 0..most, about count of which will have a
// value. All values are 0 at first.
func NewIndex(most uint32, count int) *Index {
	if uint64(most) <= slack*(uint64(count)+16) {
		return &Index{dense: make([]int32, int(most)+1)}
	}
	return &Index{sparse: make(map[uint32]int32, count)}
}

// Of returns the value of n, which is 0 if it was not set.
func (x *Index) Of(n uint32) int32 {
	if x.sparse == nil {
		return x.dense[n]
	}
	return x.sparse[n]
}

// Set gives n a value.
func (x *Index) Set(n uint32, v int32) {
	if x.sparse == nil {
		x.dense[n] = v
		return
	}
	x.sparse[n] = v
}
