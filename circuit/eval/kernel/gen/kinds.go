package main

// A table of a function of a, b and c has bit 4a+2b+c for the operands a, b, c.

// permuted returns the table of a function whose variable i was p[i].
func permuted(table uint8, p [3]int) (r uint8) {
	for index := range 8 {
		old := 0
		for i := range 3 {
			if index>>(2-i)&1 == 1 {
				old |= 4 >> p[i]
			}
		}
		r |= table >> old & 1 << index
	}
	return r
}

var orders = [6][3]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}

// dependsOn reports whether a function depends on variable v.
func dependsOn(table uint8, v int) bool {
	ones := [3]uint8{0xF0, 0xCC, 0xAA}[v]
	return table&ones>>(4>>v) != table&^ones
}

// kinds returns the tables of the functions that are 0 where all operands are, one of each class
// that differs in the order of operands: those of two operands, a and b, and those of three.
func kinds() (two, three []uint8) {
	for t := 0; t < 256; t += 2 {
		table := uint8(t)
		switch [3]bool{dependsOn(table, 0), dependsOn(table, 1), dependsOn(table, 2)} {
		case [3]bool{true, true, false}:
			if permuted(table, orders[2]) >= table {
				two = append(two, table)
			}
		case [3]bool{true, true, true}:
			least := table
			for _, p := range orders {
				least = min(least, permuted(table, p))
			}
			if least == table {
				three = append(three, table)
			}
		}
	}
	return two, three
}

// operation is x ∘ y of two values of a program: of its operands a, b, c or of what it computed before.
type operation struct {
	of   operator
	x, y int
}

type operator int

const (
	and    operator = iota
	andNot          // y without x
	or
	xor
)

func (o operator) apply(x, y uint8) uint8 {
	switch o {
	case and:
		return x & y
	case andNot:
		return ^x & y
	case or:
		return x | y
	}
	return x ^ y
}

// shortest returns a shortest program for a table.
func shortest(want uint8) []operation {
	var program []operation
	var search func(values []uint8, left int) bool
	search = func(values []uint8, left int) bool {
		if len(program) > 0 && values[len(values)-1] == want {
			return true
		}
		if left == 0 {
			return false
		}
		for x := range values {
			for y := range values {
				for of := and; of <= xor; of++ {
					if x == y || of != andNot && x > y {
						continue
					}
					program = append(program, operation{of, x, y})
					if search(append(values[:len(values):len(values)], of.apply(values[x], values[y])), left-1) {
						return true
					}
					program = program[:len(program)-1]
				}
			}
		}
		return false
	}
	for n := 1; ; n++ {
		if search([]uint8{0xF0, 0xCC, 0xAA}, n) {
			return program
		}
	}
}
