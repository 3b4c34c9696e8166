package circuit

import "unsafe"

// litsOf views raw arguments as the literals they are. Lit is a uint32, so the
// memory layout is the same.
func litsOf(args []uint32) []Lit {
	return unsafe.Slice((*Lit)(unsafe.SliceData(args)), len(args))
}
