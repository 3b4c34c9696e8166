package circuit

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestPages compares pages with a list of lists: pieces up to three pages long, in fresh memory and in that of other
// pages, some of them asked for and not taken.
func TestPages(t *testing.T) {
	lengths := rapid.SliceOfN(rapid.OneOf(
		rapid.IntRange(0, 3), rapid.IntRange(0, 3*pageSize),
		rapid.SampledFrom([]int{pageSize - 1, pageSize, pageSize + 1, 2 * pageSize, 3 * pageSize}),
	), 0, 12)
	rapid.Check(t, func(t *rapid.T) {
		p := newPages[uint32](rapid.IntRange(0, 2*pageSize).Draw(t, "room"))
		for range 3 {
			var want [][]uint32
			first, n, all := []uint32{0}, uint32(0), 0
			for _, length := range lengths.Draw(t, "lengths") {
				piece := p.make(length, first)
				for i := range piece {
					n++
					piece[i] = n
				}
				want, first, all = append(want, slices.Clone(piece)), append(first, p.end()), all+length
				if other := length / 2; !p.fits(other) && rapid.Bool().Draw(t, "not taken") {
					p.grow(other)
					first[len(first)-1] = p.end()
				}
			}
			if rapid.Bool().Draw(t, "clip") {
				p.clip()
			}
			for i, piece := range want {
				if got := p.of(first[i], first[i+1]); !slices.Equal(got, piece) {
					t.Fatalf("piece %d: %d elements, not the %d that were made", i, len(got), len(piece))
				}
			}
			at := rapid.IntRange(0, len(want)).Draw(t, "from")
			var rest []uint32
			for page := range p.after(first[at]) {
				rest = append(rest, page...)
			}
			if p.len() != all || !slices.Equal(rest, slices.Concat(want[at:]...)) {
				t.Fatalf("%d elements of %d, and %d from piece %d on", p.len(), all, len(rest), at)
			}
			if err := p.breach("", "", first); err != nil {
				t.Fatal(err)
			}
			old := p
			p.again(&old, &old)
		}
	})
}

// TestPagesBreach moves each position of pieces that are 1, 2 pages, 3, all but 2 of a page and 2 long.
func TestPagesBreach(t *testing.T) {
	p, first := newPages[uint32](0), []uint32{0}
	for _, n := range []int{1, 2 * pageSize, 3, pageSize - 2, 2} {
		p.make(n, first)
		first = append(first, p.end())
	}
	want := []uint32{0, 1 << pageBits, 3 << pageBits, 4 << pageBits, 5<<pageBits - 2, 5 << pageBits}
	if !slices.Equal(first, want) {
		t.Fatalf("%d, not %d", first, want)
	}
	for i := range first {
		for _, by := range []int{-1 << pageBits, -1, 1, 1 << pageBits} {
			if i == 4 && by == -1 || i == 4 && by == 1 { // a piece may be shorter, and the next one longer
				continue
			}
			moved := slices.Clone(first)
			moved[i] += uint32(by)
			if p.breach("it", "place", moved) == nil {
				t.Errorf("position %d moved by %d is not found", i, by)
			}
		}
	}
}

// TestPagesEndless asks for pieces where positions end.
func TestPagesEndless(t *testing.T) {
	p := pages[uint32]{list: make([][]uint32, 1<<(32-pageBits)-2)}
	for n, want := range map[int]bool{0: false, pageSize - 1: false, pageSize: true, 1 << 31: true} {
		if got := p.endless(n); got != want {
			t.Errorf("%d more: %v", n, got)
		}
	}
	b := NewBuilder()
	b.Keep()
	x := b.InputPort("x", Format{}, 3)
	b.c.args.list = append(make([][]uint32, 1<<(32-pageBits)-3), nil)
	for range pageSize / 3 * 2 {
		b.And(x...)
	}
	if b.Err() != nil {
		t.Fatal(b.Err())
	}
	if b.And(x...); b.Err() != ErrTooLarge {
		t.Errorf("%v", b.Err())
	}
}

// TestSnapshot asserts that what is made so far stays as it is, also where the next gate or sum begins another page.
func TestSnapshot(t *testing.T) {
	b := NewBuilder()
	b.Keep()
	x := b.Inputs("x", 300)
	moved := [2]bool{}
	for i := range 1400 {
		in := x[i%100 : 200+i%97]
		now := b.Snapshot()
		gate, sum := Gate(now.Len()-1), SumID(now.SumCount()-1)
		ends := [2]uint32{now.first[len(now.first)-1], now.sumFirst[len(now.sumFirst)-1]}
		args, refs := slices.Clone(now.reads(gate)), slices.Clone(now.Refs(sum))
		if i%2 > 0 {
			b.And(in...)
		} else {
			b.Threshold(b.Count(in...), NewInt(5))
		}
		if !slices.Equal(args, now.reads(gate)) || !slices.Equal(refs, now.Refs(sum)) ||
			ends != [2]uint32{now.first[len(now.first)-1], now.sumFirst[len(now.sumFirst)-1]} {
			t.Fatalf("round %d: what gate %d and sum %d read has changed", i, gate, sum)
		}
		c := b.Made()
		moved[0] = moved[0] || c.first[len(now.first)-1] != ends[0]
		moved[1] = moved[1] || c.sumFirst[len(now.sumFirst)-1] != ends[1]
	}
	if !moved[0] || !moved[1] {
		t.Errorf("no gate or no sum has begun another page: %v", moved)
	}
}
