package circuit

import (
	"iter"
	"slices"
)

// A page is 2^16 elements: 256 kB of what gates and sums read.
const (
	pageBits = 16
	pageSize = 1 << pageBits
)

// pages is a long list in pieces, each of which is in one page: what a gate reads, or a sum. Such a list grows without
// a copy, and has no more room than the rest of a page.
//
// A position is the number of a page, and the place in it in the lower bits. A piece begins where the one before ends,
// or, if that page has no room for it, with the next page. A page that begins with a piece longer than a page counts as
// several.
type pages[E any] struct {
	list  [][]E // the last one is open, with its room; the others are as long as they are used
	used  int   // how much of the open page is used, less than a page
	spare [][]E // pages that are free
}

// newPages returns an empty list. It has room for n elements, if that is less than a page.
func newPages[E any](n int) pages[E] { return pages[E]{list: [][]E{make([]E, min(n, pageSize))}} }

// of returns the piece from one position to where the next piece begins, which may be with another page.
func (p *pages[E]) of(from, to uint32) []E {
	rest := p.at(from)
	return rest[:min(int(to-from), len(rest))]
}

// at returns what is from a position on in its page.
func (p *pages[E]) at(from uint32) []E { return p.list[from>>pageBits][from%pageSize:] }

// after returns all elements from a position on, page by page.
func (p *pages[E]) after(at uint32) iter.Seq[[]E] {
	return func(yield func([]E) bool) {
		for i := int(at >> pageBits); i < len(p.list); i++ {
			page := p.list[i]
			if i == len(p.list)-1 {
				page = page[:p.used]
			}
			if i == int(at>>pageBits) {
				page = page[at%pageSize:]
			}
			if !yield(page) {
				return
			}
		}
	}
}

// len counts the elements.
func (p *pages[E]) len() int {
	n := 0
	for page := range p.after(0) {
		n += len(page)
	}
	return n
}

// end is the position behind all pieces.
func (p *pages[E]) end() uint32 { return uint32((len(p.list)-1)<<pageBits + p.used) }

// rest is the room of the open page.
func (p *pages[E]) rest() []E { return p.list[len(p.list)-1][p.used:] }

// fits reports whether the open page has room for a piece of n elements.
func (p *pages[E]) fits(n int) bool { return p.used+n <= len(p.list[len(p.list)-1]) }

// next returns the place of the next piece, of n elements, if it fits.
func (p *pages[E]) next(n int) []E { return p.list[len(p.list)-1][p.used : p.used+n : p.used+n] }

// take makes the next n elements a piece.
func (p *pages[E]) take(n int) {
	if p.used += n; p.used >= pageSize {
		p.closePage()
	}
}

// closePage ends the open page. Another one is open, without room.
func (p *pages[E]) closePage() {
	last := &p.list[len(p.list)-1]
	*last = (*last)[:p.used]
	for range (p.used + pageSize - 1) >> pageBits {
		p.list = append(p.list, nil)
	}
	p.used = 0
}

// endless reports whether a piece of n elements that does not fit would be beyond positions of 32 bits.
func (p *pages[E]) endless(n int) bool { return len(p.list)+n>>pageBits+1 >= 1<<(32-pageBits) }

// more is the room of the page that grow makes for a piece of n elements: all of a page, but for a list that has only
// one, which grows with it.
func (p *pages[E]) more(n int) int {
	if len(p.list) > 1 || p.used+n > pageSize {
		return max(n, pageSize)
	}
	return min(max(2*p.used, p.used+n, 16), pageSize)
}

// grow makes room for a piece of n elements that does not fit.
func (p *pages[E]) grow(n int) {
	size := p.more(n)
	if p.used+n > pageSize && p.used > 0 {
		open := &p.list[len(p.list)-1]
		*open = clipped((*open)[:p.used])
		p.closePage()
	}
	var page []E
	if last := len(p.spare) - 1; size == pageSize && last >= 0 {
		page, p.spare = p.spare[last], p.spare[:last]
	} else {
		page = make([]E, size)
	}
	open := &p.list[len(p.list)-1]
	copy(page, (*open)[:p.used])
	*open = page
}

// make makes a piece of n elements, and returns its place. The last of the positions becomes that of the piece.
func (p *pages[E]) make(n int, first []uint32) []E {
	if !p.fits(n) {
		p.grow(n)
		first[len(first)-1] = p.end()
	}
	piece := p.next(n)
	p.take(n)
	return piece
}

// append makes a piece of the elements, and returns its position.
func (p *pages[E]) append(elements []E) uint32 {
	at := [1]uint32{p.end()}
	copy(p.make(len(elements), at[:]), elements)
	return at[0]
}

// shared returns the list to be appended to, with the pages of p that are full.
func (p *pages[E]) shared() pages[E] {
	own := pages[E]{list: slices.Clone(p.list), used: p.used}
	open := &own.list[len(own.list)-1]
	*open = slices.Clone((*open)[:p.used])
	return own
}

// pass takes the pages before a position, which nobody reads any more, for another list.
func (p *pages[E]) pass(at uint32, to *pages[E]) {
	for i := int(at>>pageBits) - 1; i >= 0 && p.list[i] != nil; i-- {
		if cap(p.list[i]) >= pageSize {
			to.spare = append(to.spare, p.list[i][:pageSize])
		}
		p.list[i] = nil
	}
}

// again empties the list. It takes the memory of old, which nobody uses any more, and has room for as much as another
// one, and a little more, in its first page.
func (p *pages[E]) again(old, like *pages[E]) {
	*p = pages[E]{list: [][]E{nil}}
	for _, page := range old.list {
		if cap(page) >= pageSize {
			p.spare = append(p.spare, page[:pageSize])
		} else if cap(page) >= like.used+like.used/slack && len(like.list) == 1 {
			p.list[0] = page[:cap(page)]
		}
	}
	if len(like.list) > 1 {
		p.grow(pageSize)
	} else if len(p.list[0]) == 0 {
		p.grow(like.used + like.used/slack)
	}
}

// clip ends the list. It gives back spare pages, and the room of the open page if that is more than an eighth.
func (p *pages[E]) clip() {
	last := &p.list[len(p.list)-1]
	*last, p.spare = clipped((*last)[:p.used]), nil
}

// breach says what is wrong with the positions of pieces, the last of which is the end, if they do not make up the
// list.
func (p *pages[E]) breach(where, what string, first []uint32) error {
	i := p.misplaced(first)
	switch {
	case i < 0:
		return nil
	case i > 0 && first[i] < first[i-1]:
		return breach(where, "the %s offsets decrease", what)
	}
	return breach(where, "the %s offsets do not fit the %[1]ss", what)
}

// misplaced returns the first of the positions of pieces, the last of which is the end, that cannot follow those
// before; −1 if they make up the list.
func (p *pages[E]) misplaced(first []uint32) int {
	page, at := uint32(0), uint32(0)
	length, next := p.span(0)
	for i, to := range first {
		switch {
		case i == 0 && to != 0 || to > p.end() || to < at:
			return i
		case to>>pageBits == page && to%pageSize <= length:
		case to != next:
			return i
		default:
			page = to >> pageBits
			length, next = p.span(page)
		}
		at = to
	}
	if at != p.end() {
		return len(first) - 1
	}
	return -1
}

// span returns the length of a page, and the position where the next one begins; 0 if there is none.
func (p *pages[E]) span(page uint32) (length, next uint32) {
	if int(page) == len(p.list)-1 {
		return uint32(p.used), 0
	}
	length = uint32(len(p.list[page]))
	return length, (page + (length+pageSize-1)>>pageBits) << pageBits
}
