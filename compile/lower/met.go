package lower

import "github.com/tc0lab/tc0/circuit"

// met remembers conjunctions of two literals. The elements of one product mostly read the same literals with other
// weights, so that each conjunction is asked for many times; here that costs no look-up among the gates, nor the sum
// that a threshold gate would absorb a literal into. It is a cache of bounded size: what is forgotten is made again,
// which gives the same gate.
type met struct {
	known  []meetingOf // a power of two, or none
	misses int         // since it had its size
}

// meetingOf is the conjunction z of x and y, in their classes.
type meetingOf struct {
	x, y, z circuit.Lit
	how     uint32 // the states of x and y, whether z was made, and 1: 0 if the entry is empty
}

const (
	leastMet = 1 << 10
	mostMet  = 1 << 18 // 4 MB
	gatesMet = 2       // gates for each conjunction that is remembered, so that these take no more than 8 bytes a gate
)

// stateBits hold the class of a literal and whether it was made.
const stateBits = 15

// state packs what matters of a literal besides its number; false if its level is too great.
func (z literal) state() (uint32, bool) {
	s := uint32(z.class.Level) << 2
	if z.class.And {
		s |= 2
	}
	if z.made {
		s |= 1
	}
	return s, z.class.Level>>(stateBits-2) == 0
}

// at returns the entry where x ∧ y belongs, when there are so many gates. Gates of one value have numbers in a row, and
// so have their places.
func (m *met) at(x, y literal, gates int) (e *meetingOf, how uint32) {
	xs, fits := x.state()
	ys, fitsToo := y.state()
	if !fits || !fitsToo {
		return nil, 0
	}
	if m.misses >= len(m.known) && len(m.known) <= min(mostMet, gates/gatesMet)/2 {
		m.known, m.misses = make([]meetingOf, max(leastMet, 2*len(m.known))), 0
	}
	place := uint32(x.lit)*0x9E3779B1>>8 + uint32(y.lit)>>1
	return &m.known[place&uint32(len(m.known)-1)], xs<<(stateBits+2) | ys<<2 | 1
}

// is reports whether the entry is that of two literals.
func (e *meetingOf) is(x, y literal, how uint32) bool {
	return e != nil && e.x == x.lit && e.y == y.lit && e.how&^2 == how
}

// made reports whether the conjunction is a gate of its own.
func (e *meetingOf) made() bool { return e.how&2 != 0 }

// enter puts a conjunction at its place.
func (m *met) enter(e *meetingOf, x, y literal, how uint32, z literal) {
	if e == nil {
		return
	}
	m.misses++
	if z.made {
		how |= 2
	}
	*e = meetingOf{x.lit, y.lit, z.lit, how}
}
