package vector

import (
	"math/bits"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
)

// small reports whether all values of a port are far from overflow, so that they are coded by words.
func small(p *circuit.Port) (offset int64, ok bool) {
	lo, hi := p.Format.Range(len(p.Wires))
	limit := circuit.Pow2(62)
	if lo.Neg().Cmp(limit) >= 0 || hi.Cmp(limit) >= 0 {
		return 0, false
	}
	if isBinary(p.Format) {
		return 0, true
	}
	return p.Format.Offset.Int64()
}

// reader turns the bits of a port into integers, 64 lanes at a time. It first computes the binary digits of the
// integers by operations on whole words, and turns those; so a port of many wires costs little more than reading them.
type reader struct {
	port   *circuit.Port
	first  int   // the row of its first wire
	small  bool  // otherwise bit by bit
	digits int   // of the integers without the offset
	offset int64 // what is added to the digits
	groups []group
}

// group are the wires of a weighted port that have one weight, or its opposite: those count where they are 0.
type group struct {
	weight      uint64
	wires, nots []int
}

// work is the scratch memory of readers.
type work struct {
	block   block
	words   []uint64            // of the wires of a port
	group   []uint64            // those that have one weight
	columns [wordLanes][]uint64 // what counts 2^k, by k
}

func newReader(p *circuit.Port, first int) reader {
	r := reader{port: p, first: first}
	r.offset, r.small = small(p)
	k := len(p.Wires)
	switch p.Format.Kind {
	case circuit.TwosComplement:
		r.digits = k
		if k > 0 {
			r.offset -= 1 << (k - 1&63) // as the digit is read that counts as much less
		}
	case circuit.Unsigned:
		r.digits = k
	case circuit.OneHot:
		r.digits = bits.Len(uint(max(k, 1) - 1))
	case circuit.Thermometer:
		r.digits = bits.Len(uint(k))
	case circuit.Weighted:
		r.small = r.small && r.weigh()
	}
	return r
}

// weigh groups the wires of a weighted port by weight. It reports false if a weight is beyond 64 bits.
func (r *reader) weigh() bool {
	most, at := uint64(0), map[uint64]int{}
	for wire, weight := range r.port.Format.Weights {
		v, fits := weight.Int64()
		if !fits {
			return false
		}
		w := uint64(max(v, -v))
		if w == 0 {
			continue
		}
		most += w
		i, ok := at[w]
		if !ok {
			i = len(r.groups)
			at[w] = i
			r.groups = append(r.groups, group{weight: w})
		}
		if g := &r.groups[i]; v > 0 {
			g.wires = append(g.wires, wire)
		} else {
			g.nots = append(g.nots, wire)
			r.offset += v
		}
	}
	r.digits = bits.Len64(most)
	return true
}

// read writes the integers of the first lanes of one word, a step apart, and returns those whose bits are no code, or a
// number beyond 64 bits, and some beyond the last lane of all.
func (r *reader) read(from *eval.Vectors, word int, to []int64, step int, w *work) (bad uint64) {
	lanes := min(wordLanes, from.Lanes()-word*wordLanes)
	if !r.small {
		return r.readSlow(from, word, to, step, lanes)
	}
	k := len(r.port.Wires)
	w.words = slices.Grow(w.words[:0], k)[:k]
	if isBinary(r.port.Format) {
		from.Column(r.first, word, w.block[:k])
		if k > 0 && r.port.Format.Kind == circuit.TwosComplement {
			w.block[k-1] = ^w.block[k-1]
		}
	} else {
		from.Column(r.first, word, w.words)
		switch r.port.Format.Kind {
		case circuit.OneHot:
			bad = w.index()
		case circuit.Thermometer:
			bad = w.height()
		default:
			w.sum(r.groups, r.digits)
		}
	}
	w.integers(r.digits, r.offset, lanes, to, step)
	return bad
}

// index sets the digits of the number of the only word that is 1, and returns the lanes where it is not the only one.
func (w *work) index() (bad uint64) {
	words := w.words
	twice := uint64(0)
	for digit := 0; len(words) > 1; digit++ {
		odd, n := uint64(0), len(words)/2
		for i := range n {
			x, y := words[2*i], words[2*i+1]
			odd |= y
			twice |= x & y
			words[i] = x | y
		}
		if len(words)%2 != 0 {
			words[n] = words[2*n]
			n++
		}
		w.block[digit] = odd
		words = words[:n]
	}
	if len(words) == 0 {
		return ^uint64(0)
	}
	return ^words[0] | twice
}

// height sets the digits of the number of words that are 1, and returns the lanes where a 0 comes before a 1.
func (w *work) height() (bad uint64) {
	for i := 1; i < len(w.words); i++ {
		bad |= w.words[i] &^ w.words[i-1]
	}
	words := w.words
	for digit := 0; len(words) > 0; digit++ {
		w.block[digit], words = count(words)
	}
	return bad
}

// sum sets the digits of a sum of words with weights.
func (w *work) sum(groups []group, digits int) {
	for i := range groups {
		g := &groups[i]
		words := w.group[:0]
		for _, wire := range g.wires {
			words = append(words, w.words[wire])
		}
		for _, wire := range g.nots {
			words = append(words, ^w.words[wire])
		}
		w.group = words
		for digit := 0; len(words) > 0; digit++ {
			var low uint64
			low, words = count(words)
			for weight := g.weight; weight != 0; weight &= weight - 1 {
				k := (digit + bits.TrailingZeros64(weight)) % wordLanes
				w.columns[k] = append(w.columns[k], low)
			}
		}
	}
	for k := range digits {
		w.block[k] = 0
		if len(w.columns[k]) > 0 {
			low, carries := count(w.columns[k])
			w.block[k] = low
			if k+1 < digits { // beyond, all are 0
				w.columns[k+1] = append(w.columns[k+1], carries...)
			}
		}
		w.columns[k] = w.columns[k][:0]
	}
}

// count adds up words by full adders. It returns the last digit of the sum, and half as many words as there were, which
// overwrite them: the carries.
func count(words []uint64) (low uint64, carries []uint64) {
	low, carries = words[0], words[:len(words)/2]
	rest := words[1:]
	for i := range carries {
		if len(rest) < 2 {
			low, carries[i] = low^rest[0], low&rest[0]
			break
		}
		x, y := rest[0], rest[1]
		rest = rest[2:]
		half := low ^ x
		carries[i] = low&x | half&y
		low = half ^ y
	}
	return low, carries
}

// integers turns digits into integers.
func (w *work) integers(digits int, offset int64, lanes int, to []int64, step int) {
	width := 4
	for width < digits {
		width *= 4
	}
	clear(w.block[digits:width])
	w.block.turn(width)
	mask, at := ^uint64(0)>>(wordLanes-width), 0
	for from := 0; from < lanes; from += width {
		for _, x := range w.block[:min(width, lanes-from)] {
			to[at] = int64(x>>(from&63)&mask) + offset
			at += step
		}
	}
}

// readSlow is read for numbers of any size.
func (r *reader) readSlow(from *eval.Vectors, word int, to []int64, step, lanes int) (bad uint64) {
	wires := make([]bool, len(r.port.Wires))
	for lane := range lanes {
		for i := range wires {
			wires[i] = from.Bit(r.first+i, word*wordLanes+lane)
		}
		v := valueOf(r.port, wires)
		x, fits := v.Value.Int64()
		if to[lane*step] = x; v.Invalid != "" || !fits {
			bad |= 1 << lane
		}
	}
	return bad
}
