package vector

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
)

// block has the bits of 64 wires in 64 lanes: a word for each wire, with a bit for each lane, or the other way round.
type block [wordLanes]uint64

// transpose turns a block: bit c of word r goes to bit r of word c (Warren, Hacker's Delight, 7-3).
func (b *block) transpose() { b.turn(wordLanes) }

// turn turns the squares of the first words, as wide as there are words: 4, 16 or 64. Bit c of word r of each square
// goes to bit r of word c.
func (b *block) turn(width int) {
	if width > 16 {
		for k := range 16 {
			w, x, y, z := b[k], b[k+16], b[k+32], b[k+48]
			w, y = swap(w, y, 32, 0x00000000FFFFFFFF)
			x, z = swap(x, z, 32, 0x00000000FFFFFFFF)
			w, x = swap(w, x, 16, 0x0000FFFF0000FFFF)
			y, z = swap(y, z, 16, 0x0000FFFF0000FFFF)
			b[k], b[k+16], b[k+32], b[k+48] = w, x, y, z
		}
	}
	if width > 4 {
		for from := 0; from < width; from += 16 {
			part := (*[16]uint64)(b[from:])
			for k := range 4 {
				w, x, y, z := part[k], part[k+4], part[k+8], part[k+12]
				w, y = swap(w, y, 8, 0x00FF00FF00FF00FF)
				x, z = swap(x, z, 8, 0x00FF00FF00FF00FF)
				w, x = swap(w, x, 4, 0x0F0F0F0F0F0F0F0F)
				y, z = swap(y, z, 4, 0x0F0F0F0F0F0F0F0F)
				part[k], part[k+4], part[k+8], part[k+12] = w, x, y, z
			}
		}
	}
	for from := 0; from < width; from += 4 {
		part := (*[4]uint64)(b[from:])
		w, x, y, z := part[0], part[1], part[2], part[3]
		w, y = swap(w, y, 2, 0x3333333333333333)
		x, z = swap(x, z, 2, 0x3333333333333333)
		w, x = swap(w, x, 1, 0x5555555555555555)
		y, z = swap(y, z, 1, 0x5555555555555555)
		part[0], part[1], part[2], part[3] = w, x, y, z
	}
}

// swap exchanges the squares of width j that stand off the diagonal of those of width 2j, in two words j apart. The
// mask has the low bits of each pair.
func swap(low, high uint64, j int, mask uint64) (uint64, uint64) {
	t := (low>>j ^ high) & mask
	return low ^ t<<j, high ^ t
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
