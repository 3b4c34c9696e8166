package vector

import (
	"math/rand/v2"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
)

// The kinds of random tile, in turn.
const (
	cornerTile    = iota // all 0, all 1, single ones, single zeros
	uniformTile          // fair bits
	weightTile           // for each lane a fair number of ones
	neighbourTile        // one input, and others that differ from it in a few bits
	densityTile          // few ones, or few zeros
	extremeTile          // each port at an extreme, or fair
	kindsOfTile
)

// Random fills a matrix of zeros with the random inputs number first, first+1, ... of a
// seed. The first must be a multiple of [eval.TileLanes]. A tile depends on the seed and on
// its number alone. Tile 0 has corners; of the others, half are uniform.
func (c *Codec) Random(to *eval.Vectors, first int, seed uint64) {
	for lane := 0; lane < to.Lanes(); lane += eval.TileLanes {
		number := (first + lane) / eval.TileLanes
		kind := uniformTile
		switch {
		case number == 0:
			kind = cornerTile
		case number%2 == 0:
			kind = weightTile + number/2%(kindsOfTile-weightTile)
		}
		t := &tile{c, to, lane, min(eval.TileLanes, to.Lanes()-lane), rand.New(rand.NewPCG(seed, uint64(number)))}
		t.fill(kind)
		if !c.plain {
			t.repair()
		}
	}
}

// tile is some lanes of a matrix that random inputs are written into.
type tile struct {
	*Codec
	to           *eval.Vectors
	first, lanes int
	rng          *rand.Rand
}

// row returns the words of the tile in the row of a wire.
func (t *tile) row(wire int) []uint64 {
	row, first := t.to.Row(wire), t.first/wordLanes
	return row[first:min(first+eval.TileLanes/wordLanes, len(row))]
}

// each sets every word of the tile, wire by wire.
func (t *tile) each(word func(wire int) uint64) {
	for i := range t.Wires {
		row := t.row(i)
		for w := range row {
			row[w] = word(i)
		}
	}
}

func (t *tile) fill(kind int) {
	r := t.rng
	switch kind {
	case cornerTile:
		t.corners()
	case weightTile:
		t.weights()
	case neighbourTile:
		input := make([]uint64, t.Wires)
		for i := range input {
			input[i] = -uint64(r.IntN(2))
		}
		t.each(func(wire int) uint64 { return input[wire] })
		for lane := 1; lane < t.lanes && t.Wires > 0; lane++ {
			for range 1 + r.IntN(3) {
				t.row(r.IntN(t.Wires))[lane/wordLanes] ^= 1 << uint(lane%wordLanes)
			}
		}
	case densityTile:
		fold, invert := 2+r.IntN(6), -uint64(r.IntN(2))
		t.each(func(int) uint64 {
			x := r.Uint64()
			for range fold {
				x &= r.Uint64()
			}
			return x ^ invert
		})
	case extremeTile:
		t.extremes()
	default:
		t.each(func(int) uint64 { return r.Uint64() })
	}
}

func (t *tile) corners() {
	for lane := range t.lanes {
		for i := range t.Wires {
			one := lane == 1
			if at := lane - 2; at >= 0 {
				one = (i == at/2%t.Wires) == (at%2 == 0)
			}
			if one {
				setBit(t.row(i), lane)
			}
		}
	}
}

// weights gives each lane a number of ones from 0 to all, all as likely, at fair places.
func (t *tile) weights() {
	for lane := range t.lanes {
		ones := t.rng.IntN(t.Wires + 1)
		for i := range t.Wires { // Fan, Muller and Rezucha 1962: selection sampling
			if t.rng.IntN(t.Wires-i) < ones {
				setBit(t.row(i), lane)
				ones--
			}
		}
	}
}

// extremes makes each port, lane by lane, all 0, all 1, all 1 except the top bit, or fair.
func (t *tile) extremes() {
	wire := 0
	for _, p := range t.Ports {
		for w := range eval.TileLanes / wordLanes {
			zero, one := t.rng.Uint64(), t.rng.Uint64()
			for j := range p.Wires {
				row := t.row(wire + j)
				if w >= len(row) {
					break
				}
				top := uint64(0)
				if j == len(p.Wires)-1 {
					top = ^top
				}
				row[w] = (zero & one & (t.rng.Uint64() ^ top)) | (^zero & one) | (^zero & ^one & ^top)
			}
		}
		wire += len(p.Wires)
	}
}

// repair replaces bits that are not a code by a random code.
func (t *tile) repair() {
	wire := 0
	for i, p := range t.Ports {
		codes := len(p.Wires)
		if p.Format.Kind == circuit.Thermometer {
			codes++
		}
		if len(p.Wires) > 0 && !isBinary(p.Format) {
			for lane := t.first; lane < t.first+t.lanes; lane++ {
				for j := range p.Wires {
					t.to.Set(wire+j, lane, false)
				}
				v := t.rng.IntN(codes)
				if t.rng.IntN(4) == 0 { // an extreme
					v = (codes - 1) * t.rng.IntN(2)
				}
				t.setCode(t.to, i, wire, lane, v)
			}
		}
		wire += len(p.Wires)
	}
}
