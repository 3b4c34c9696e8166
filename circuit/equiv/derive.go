package equiv

// deriver shows that a clause follows from a few others, and writes down how: as clauses of which
// each follows by unit propagation from those before it. It tries the two values of a variable
// where propagation stops.
//
// Source: Davis, Logemann and Loveland, A machine program for theorem-proving, CACM 1962.
type deriver struct {
	emit    func(clause []int)
	remove  func(clause []int)
	clauses [][]int
	lits    []int // memory of the clauses

	value  []int8 // by variable: 1 true, −1 false, 0 open
	trail  []int
	most   int // branches of one clause
	budget int // of them, those that are left
}

// deriveBranches bounds the branches of one clause of a proof.
const deriveBranches = 1 << 13

func newDeriver(emit, remove func([]int)) *deriver {
	return &deriver{emit: emit, remove: remove, most: deriveBranches}
}

// reset forgets the clauses.
func (d *deriver) reset() { d.clauses, d.lits = d.clauses[:0], d.lits[:0] }

// know takes a clause that has been written.
func (d *deriver) know(lits ...int) {
	first := len(d.lits)
	d.lits = append(d.lits, lits...)
	for _, l := range lits {
		d.grow(l)
	}
	d.clauses = append(d.clauses, d.lits[first:len(d.lits):len(d.lits)])
}

func (d *deriver) grow(l int) {
	if more := max(l, -l) + 1 - len(d.value); more > 0 {
		d.value = append(d.value, make([]int8, more)...)
	}
}

// derive writes a clause and what it takes to follow. It reports whether that went well.
func (d *deriver) derive(goal ...int) bool {
	d.budget = d.most
	for _, l := range goal {
		d.grow(l)
	}
	defer d.undo(0)
	for _, l := range goal {
		if !d.assume(-l) { // it says x or not x
			d.emit(goal)
			return true
		}
	}
	return d.split(goal)
}

// split derives a clause whose literals are all false already.
func (d *deriver) split(clause []int) bool {
	if d.conflict() {
		d.emit(clause)
		return true
	}
	v := d.open()
	if d.budget--; v == 0 || d.budget < 0 {
		return false
	}
	var halves [2][]int
	for i, l := range []int{v, -v} {
		mark := len(d.trail)
		d.assume(l)
		halves[i] = append(append(make([]int, 0, len(clause)+1), clause...), -l)
		ok := d.split(halves[i])
		d.undo(mark)
		if !ok {
			return false
		}
	}
	d.emit(clause)
	for _, h := range halves {
		d.remove(h)
	}
	return true
}

// is returns the value of a literal: 1 true, −1 false, 0 open.
func (d *deriver) is(l int) int8 {
	if l < 0 {
		return -d.value[-l]
	}
	return d.value[l]
}

// assume makes a literal true. It reports false if it is false already.
func (d *deriver) assume(l int) bool {
	switch d.is(l) {
	case 1:
		return true
	case -1:
		return false
	}
	if l < 0 {
		d.value[-l] = -1
	} else {
		d.value[l] = 1
	}
	d.trail = append(d.trail, l)
	return true
}

func (d *deriver) undo(mark int) {
	for _, l := range d.trail[mark:] {
		d.value[max(l, -l)] = 0
	}
	d.trail = d.trail[:mark]
}

// left returns whether a clause is satisfied, and otherwise its literals that have no value: how
// many, and one of them.
func (d *deriver) left(clause []int) (satisfied bool, count, one int) {
	for _, l := range clause {
		switch d.is(l) {
		case 0:
			count, one = count+1, l
		case 1:
			return true, 0, 0
		}
	}
	return false, count, one
}

// conflict follows what is forced, and reports whether a clause has no literal left.
func (d *deriver) conflict() bool {
	for again := true; again; {
		again = false
		for _, clause := range d.clauses {
			switch satisfied, count, one := d.left(clause); {
			case satisfied:
			case count == 0:
				return true
			case count == 1:
				again = d.assume(one)
			}
		}
	}
	return false
}

// open returns a variable without a value, of a shortest clause that is not satisfied; 0 if all
// clauses are satisfied.
func (d *deriver) open() int {
	best, variable := 0, 0
	for _, clause := range d.clauses {
		if satisfied, count, one := d.left(clause); !satisfied && (best == 0 || count < best) {
			best, variable = count, max(one, -one)
		}
	}
	return variable
}
