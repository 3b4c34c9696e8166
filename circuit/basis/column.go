package basis

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// rows is an integer in columns of bits: constant + Σ 2^j·(the bits of column j),
// exactly. Where it stands for a sum no column has more than two bits.
type rows struct {
	columns  [][]circuit.Lit
	constant circuit.Int
	level    int // the greatest of a bit
	limit    int // columns from here on do not count; 0: all do
}

// add adds w·2^j where l is 1, for w = 1 or −1: −l is ¬l − 1.
func (r *rows) add(l circuit.Lit, j int, negative bool) {
	if negative {
		l = l.Not()
		r.constant = r.constant.Sub(circuit.Pow2(j))
	}
	switch l {
	case circuit.False:
		return
	case circuit.True:
		r.constant = r.constant.Add(circuit.Pow2(j))
		return
	}
	if r.limit > 0 && j >= r.limit {
		return
	}
	for len(r.columns) <= j {
		r.columns = append(r.columns, nil)
	}
	r.columns[j] = append(r.columns[j], l)
}

// merge takes out bits that occur twice in a column: x + x is x one column up, and
// x + ¬x is 1.
func (r *rows) merge() {
	for j := 0; j < len(r.columns); j++ {
		column := r.columns[j]
		slices.Sort(column)
		var once []circuit.Lit
		for i := 0; i < len(column); {
			x := column[i]
			count := [2]int{}
			for ; i < len(column) && column[i].Gate() == x.Gate(); i++ {
				count[column[i]&1]++
			}
			both := min(count[0], count[1])
			r.constant = r.constant.Add(circuit.NewInt(int64(both)).Mul(circuit.Pow2(j)))
			left := x.Gate().Lit().NotIf(count[1] > count[0])
			n := count[0] + count[1] - 2*both
			if n%2 == 1 {
				once = append(once, left)
			}
			for range n / 2 {
				r.add(left, j+1, false)
			}
		}
		r.columns[j] = once
	}
}

// compress leaves no column with more than two bits, and one in the last. Columns from width on are
// 0, or do not count.
//
// Each column is done once the carries from below are known: three bits become one
// here and one in the next column, always the three that arrive first, so that
// early bits are not kept waiting for late ones. Nothing is carried out of the last column, so
// that it is the XOR of its bits.
func (r *rows) compress(b *circuit.Builder, width int) {
	for len(r.columns) < width {
		r.columns = append(r.columns, nil)
	}
	r.columns = r.columns[:width]
	r.level = 0
	var q queue
	for j := range r.columns {
		column := r.columns[j]
		switch {
		case j+1 == width:
			if l := tree(b, column, circuit.False, b.Xor); l == circuit.True {
				column, r.constant = nil, r.constant.Add(circuit.Pow2(j))
			} else if column = column[:0]; l != circuit.False {
				column = append(column, l)
			}
			r.columns[j] = column
		case len(column) > 2:
			q.reset()
			for _, l := range column {
				q.push(l, b.Level(l))
			}
			column = nil
			for q.len > 2 {
				x, y, z := q.pop(), q.pop(), q.pop()
				sum, carry := fullAdder(b, x, y, z)
				switch {
				case sum == circuit.True:
					r.constant = r.constant.Add(circuit.Pow2(j))
				case sum != circuit.False:
					q.push(sum, b.Level(sum))
				}
				r.add(carry, j+1, false)
			}
			for q.len > 0 {
				column = append(column, q.pop())
			}
			r.columns[j] = column
		}
		for _, l := range column {
			r.level = max(r.level, b.Level(l))
		}
	}
}

// fullAdder adds three bits of which z arrives last: z passes one gate to the sum
// and two to the carry.
func fullAdder(b *circuit.Builder, x, y, z circuit.Lit) (sum, carry circuit.Lit) {
	half := b.Xor(x, y)
	return b.Xor(half, z), b.Or(b.And(x, y), b.And(half, z))
}

// queue gives literals back by level, and in the order they came in within one.
type queue struct {
	base    int
	buckets [][]circuit.Lit
	first   int // bucket that the next literal comes from, if that is not empty
	len     int
}

func (q *queue) reset() { q.buckets, q.first, q.len = q.buckets[:0], 0, 0 }

func (q *queue) push(l circuit.Lit, level int) {
	if len(q.buckets) == 0 {
		q.base = level
	}
	for level < q.base { // happens while the queue is filled only
		q.buckets = slices.Insert(q.buckets, 0, []circuit.Lit(nil))
		q.base--
		q.first = 0
	}
	at := level - q.base
	for len(q.buckets) <= at {
		q.buckets = append(q.buckets, nil)
	}
	q.buckets[at] = append(q.buckets[at], l)
	q.first = min(q.first, at)
	q.len++
}

func (q *queue) pop() circuit.Lit {
	for len(q.buckets[q.first]) == 0 {
		q.first++
	}
	l := q.buckets[q.first][0]
	q.buckets[q.first] = q.buckets[q.first][1:]
	q.len--
	return l
}

// tree combines the literals two at a time, always the two that arrive first. It returns zero if
// there are no literals.
func tree(b *circuit.Builder, lits []circuit.Lit, zero circuit.Lit, op func(...circuit.Lit) circuit.Lit) circuit.Lit {
	switch len(lits) {
	case 0:
		return zero
	case 1:
		return lits[0]
	case 2:
		return op(lits[0], lits[1])
	}
	var q queue
	for _, l := range lits {
		q.push(l, b.Level(l))
	}
	for q.len > 1 {
		l := op(q.pop(), q.pop())
		q.push(l, b.Level(l))
	}
	return q.pop()
}
