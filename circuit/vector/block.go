package vector

import (
	"math/bits"

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
	for j := width / 4; j > 0; j /= 4 {
		b.exchange(width, j)
	}
}

// exchange exchanges, in squares of width 4j, first the squares of width 2j that stand off the diagonal, and in each of
// the four then those of width j.
func (b *block) exchange(width, j int) {
	log := bits.TrailingZeros(uint(j))
	far, near := masks[log+1], masks[log]
	for i := range width / 4 {
		k := i&-j<<2 | i&(j-1)
		p, q, r, s := &b[k&63], &b[(k+j)&63], &b[(k+2*j)&63], &b[(k+3*j)&63]
		w, x, y, z := *p, *q, *r, *s
		t, u := (w>>(2*j&63)^y)&far, (x>>(2*j&63)^z)&far
		w, x, y, z = w^t<<(2*j&63), x^u<<(2*j&63), y^t, z^u
		t, u = (w>>(j&63)^x)&near, (y>>(j&63)^z)&near
		*p, *q, *r, *s = w^t<<(j&63), x^t, y^u<<(j&63), z^u
	}
}

// masks have the low bits of each pair of squares that are exchanged, by the logarithm of their width.
var masks = [...]uint64{
	0x5555555555555555, 0x3333333333333333, 0x0F0F0F0F0F0F0F0F, 0x00FF00FF00FF00FF, 0x0000FFFF0000FFFF, 0x00000000FFFFFFFF,
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
