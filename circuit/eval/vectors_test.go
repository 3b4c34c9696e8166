package eval

import (
	"math/rand/v2"
	"testing"
)

// TestColumn compares words of several wires with their bits.
func TestColumn(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const wires, lanes = 9, 600
	v := NewVectors(wires, lanes)
	for wire := range wires {
		for lane := range lanes {
			v.Set(wire, lane, r.IntN(2) == 0)
		}
	}
	for word := range (lanes + 63) / 64 {
		to := make([]uint64, 5)
		v.Column(3, word, to)
		for i, w := range to {
			for lane := word * 64; lane < min(lanes, word*64+64); lane++ {
				if one := w>>(lane%64)&1 != 0; one != v.Bit(3+i, lane) {
					t.Fatalf("wire %d, lane %d is %v in its column", 3+i, lane, one)
				}
			}
		}
	}
	for _, at := range [][3]int{{-1, 0, 1}, {0, -1, 1}, {0, 10, 1}, {9, 0, 1}, {5, 0, 5}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%d words number %d from wire %d on are no panic", at[2], at[1], at[0])
				}
			}()
			v.Column(at[0], at[1], make([]uint64, at[2]))
		}()
	}
}
