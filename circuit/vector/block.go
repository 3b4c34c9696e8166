package vector

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
)

// block has the bits of 64 wires in 64 lanes: a word for each wire, with a bit for each lane, or the other way round.
type block [wordLanes]uint64

// transpose turns a block: bit c of word r goes to bit r of word c (Warren, Hacker's Delight, 7-3).
func (b *block) transpose() {
	for k := range 32 {
		x, y := b[k], b[k+32]
		b[k], b[k+32] = x&0xFFFFFFFF|y<<32, x>>32|y&^0xFFFFFFFF
	}
	b.swap(16, masks[4])
	b.swap(8, masks[3])
	b.swap(4, masks[2])
	b.swap(2, masks[1])
	b.swap(1, masks[0])
}

// swap exchanges the squares of width j that stand off the diagonal in squares of width 2j.
func (b *block) swap(j int, mask uint64) {
	for from := 0; from < len(b); from += 2 * j {
		high, low := b[from:from+j], b[from+j:from+2*j]
		low = low[:len(high)]
		for k := range high {
			t := (high[k]>>(j&63) ^ low[k]) & mask
			high[k] ^= t << (j & 63)
			low[k] ^= t
		}
	}
}

// turn is transpose where only the first wires are not 0. Words of a block half as wide hold two of them side by side,
// which are turned at once.
func (b *block) turn(wires int) {
	width := 1 << bits.Len(uint(wires-1))
	clear(b[wires:width])
	if width == wordLanes {
		b.transpose()
		return
	}
	for j := width / 2; j > 0; j /= 2 {
		part, mask := b[:width], masks[bits.Len(uint(j))-1]
		for from := 0; from < width; from += 2 * j {
			for k := from; k < from+j; k++ {
				t := (part[k]>>(j&63) ^ part[k+j]) & mask
				part[k] ^= t << (j & 63)
				part[k+j] ^= t
			}
		}
	}
	for lane := wordLanes - 1; lane >= 0; lane-- { // the first ones last, since they are read
		from := lane & (width - 1)
		b[lane] = b[from] >> ((lane - from) & 63) & (1<<(width&63) - 1)
	}
}

// masks have the low bits of each pair of squares that are exchanged, by the logarithm of their width.
var masks = [...]uint64{
	0x5555555555555555, 0x3333333333333333, 0x0F0F0F0F0F0F0F0F, 0x00FF00FF00FF00FF, 0x0000FFFF0000FFFF,
}

// load reads up to 64 wires of one word of lanes, and turns them: word k is then lane k.
func (b *block) load(from *eval.Vectors, wire, wires, word int) {
	for i := range wires {
		b[i] = from.Row(wire + i)[word]
	}
	b.turn(wires)
}

// pick is load for wires in any order.
func (b *block) pick(from *eval.Vectors, first int, wires []int, word int) {
	for i, wire := range wires {
		b[i] = from.Row(first + wire)[word]
	}
	b.turn(len(wires))
}

// store turns lanes into wires, and writes up to 64 of them.
func (b *block) store(to *eval.Vectors, wire, wires, word int) {
	b.transpose()
	for i := range wires {
		to.Row(wire + i)[word] = b[i]
	}
}

// blocks calls f for each part of at most 64 of the wires.
func blocks(wires int, f func(from, wires int)) {
	for from := 0; from < wires; from += wordLanes {
		f(from, min(wordLanes, wires-from))
	}
}

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

// reader turns the bits of a port into integers, 64 lanes at a time.
type reader struct {
	port   *circuit.Port
	offset int64
	small  bool
	block  block

	// Of a weighted port: its wires by weight, as many as a block has in turn, and what equal ones weigh.
	wires   []int
	weights []int64 // in that order
	groups  [][]group
}

// group are the bits of a block that have one weight.
type group struct {
	mask   uint64
	weight int64
}

// mostGroups is how many groups of a block are counted one by one, not each bit that is 1.
const mostGroups = 16

func newReader(p *circuit.Port) *reader {
	r := &reader{port: p}
	r.offset, r.small = small(p)
	for i, w := range p.Format.Weights {
		v, fits := w.Int64()
		r.wires, r.weights, r.small = append(r.wires, i), append(r.weights, v), r.small && fits
	}
	if r.small {
		r.group()
	}
	return r
}

// group sorts the wires of a weighted port by weight, and tells which of them are equal.
func (r *reader) group() {
	weights := slices.Clone(r.weights)
	slices.SortStableFunc(r.wires, func(a, b int) int { return cmp.Compare(weights[a], weights[b]) })
	for i, wire := range r.wires {
		w, bit := weights[wire], i%wordLanes
		r.weights[i] = w
		if bit == 0 {
			r.groups = append(r.groups, nil)
		}
		groups := &r.groups[i/wordLanes]
		if bit == 0 || r.weights[i-1] != w {
			*groups = append(*groups, group{weight: w})
		}
		(*groups)[len(*groups)-1].mask |= 1 << bit
	}
}

// read writes the integers of the lanes of one word, and returns those whose bits are no code, or a number beyond 64
// bits. The port begins at wire first.
func (r *reader) read(from *eval.Vectors, first, word int, to *[wordLanes]int64) (bad uint64) {
	if !r.small {
		return r.readSlow(from, first, word, to)
	}
	wires, kind := len(r.port.Wires), r.port.Format.Kind
	if kind == circuit.Weighted {
		r.weigh(from, first, word, to)
		return 0
	}
	var ones, ends [wordLanes]int // how many bits are 1, and where the last one ends
	*to = [wordLanes]int64{}
	blocks(wires, func(at, n int) {
		r.block.load(from, first+at, n, word)
		for lane, w := range &r.block {
			switch kind {
			case circuit.Unsigned:
				to[lane] = int64(w)
			case circuit.TwosComplement:
				to[lane] = int64(w<<(wordLanes-n)) >> (wordLanes - n)
			default:
				if w != 0 {
					ones[lane] += bits.OnesCount64(w)
					ends[lane] = at + bits.Len64(w)
				}
			}
		}
	})
	for lane := range to {
		switch kind {
		case circuit.OneHot:
			to[lane] = int64(ends[lane] - 1)
			if ones[lane] != 1 {
				bad |= 1 << lane
			}
		case circuit.Thermometer:
			to[lane] = int64(ends[lane])
			if ones[lane] != ends[lane] {
				bad |= 1 << lane
			}
		}
		to[lane] += r.offset
	}
	return bad
}

// weigh is read for a weighted port.
func (r *reader) weigh(from *eval.Vectors, first, word int, to *[wordLanes]int64) {
	for lane := range to {
		to[lane] = r.offset
	}
	blocks(len(r.wires), func(at, n int) {
		r.block.pick(from, first, r.wires[at:at+n], word)
		if groups := r.groups[at/wordLanes]; len(groups) <= mostGroups {
			for _, g := range groups {
				for lane, w := range &r.block {
					to[lane] += g.weight * int64(bits.OnesCount64(w&g.mask))
				}
			}
			return
		}
		weights := r.weights[at : at+n]
		for lane, w := range &r.block {
			for ; w != 0; w &= w - 1 {
				to[lane] += weights[bits.TrailingZeros64(w)]
			}
		}
	})
}

// readSlow is read for numbers of any size.
func (r *reader) readSlow(from *eval.Vectors, first, word int, to *[wordLanes]int64) (bad uint64) {
	wires := make([]bool, len(r.port.Wires))
	for lane := range min(wordLanes, from.Lanes()-word*wordLanes) {
		for i := range wires {
			wires[i] = from.Bit(first+i, word*wordLanes+lane)
		}
		v := valueOf(r.port, wires)
		x, fits := v.Value.Int64()
		if to[lane] = x; v.Invalid != "" || !fits {
			bad |= 1 << lane
		}
	}
	return bad
}

// write writes the codes of integers, which are in the range of a small port, into the lanes of one word.
func write(p *circuit.Port, offset int64, values *[wordLanes]int64, to *eval.Vectors, first, word int) {
	var b block
	blocks(len(p.Wires), func(at, n int) {
		for lane, v := range values {
			k := v - offset - int64(at) // how many wires of this block are below the value
			switch {
			case isBinary(p.Format):
				b[lane] = uint64(v)
			case p.Format.Kind == circuit.OneHot:
				b[lane] = 0
				if k >= 0 && k < wordLanes {
					b[lane] = 1 << uint(k)
				}
			case k >= wordLanes:
				b[lane] = ^uint64(0)
			default:
				b[lane] = 1<<uint(max(k, 0)) - 1
			}
		}
		b.store(to, first+at, n, word)
	})
}
