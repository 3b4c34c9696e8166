package cuts

import "sync"

// Inputs are the tables of the four inputs of a function: bit m of a table is the value where the
// inputs are the binary digits of m, the first input the low one.
var Inputs = [4]uint16{0xaaaa, 0xcccc, 0xf0f0, 0xff00}

// form says how a function t of four inputs comes from the function r of its class:
// t(x) = r(y) ^ flip, where input j of r is y[j] = x[order[j]] ^ bit j of phase.
type form struct {
	class uint8
	order [4]uint8
	phase uint8
	flip  uint8
}

// classes are the classes of functions that are equal up to the order and the complements of inputs
// and the complement of the result, which is NPN equivalence. The least table stands for its class.
type classes struct {
	tables []uint16 // by class
	forms  []form   // by table
}

var allClasses = sync.OnceValue(func() *classes {
	c := &classes{forms: make([]form, 1<<16)}
	seen := make([]bool, 1<<16)
	var orders [][4]uint8
	for n := range 256 {
		o := [4]uint8{uint8(n & 3), uint8(n >> 2 & 3), uint8(n >> 4 & 3), uint8(n >> 6)}
		if 1<<o[0]|1<<o[1]|1<<o[2]|1<<o[3] == 15 {
			orders = append(orders, o)
		}
	}
	for t := range 1 << 16 {
		if seen[t] {
			continue
		}
		class := uint8(len(c.tables))
		c.tables = append(c.tables, uint16(t))
		for _, order := range orders {
			for phase := range uint8(16) {
				u := moved(uint16(t), order, phase)
				for flip := range uint8(2) {
					if !seen[u] {
						seen[u] = true
						c.forms[u] = form{class, order, phase, flip}
					}
					u = ^u
				}
			}
		}
	}
	return c
})

// moved returns the table of r(y) with y[j] = x[order[j]] ^ bit j of phase.
func moved(r uint16, order [4]uint8, phase uint8) uint16 {
	t := uint16(0)
	for m := range 16 {
		at := 0
		for j, i := range order {
			at |= (m>>i&1 ^ int(phase)>>j&1) << j
		}
		t |= r >> at & 1 << m
	}
	return t
}

// Classes returns the tables that stand for the 222 classes, in increasing order.
func Classes() []uint16 { return allClasses().tables }
