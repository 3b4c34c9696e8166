package analysis

import (
	"math/bits"
	"math/rand/v2"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
)

// bitSource makes inputs of a circuit as bits, a tile at a time: where ports are too wide
// to be integers of a machine, and fast enough for many millions.
type bitSource struct {
	ports []circuit.Port
	wires int
	plain bool // every combination of bits is a code
	seed  uint64
}

func newBitSource(ports []circuit.Port, seed uint64) *bitSource {
	s := &bitSource{ports: ports, plain: true, seed: seed}
	for _, p := range ports {
		s.wires += len(p.Wires)
		s.plain = s.plain && (p.Format.Kind == circuit.Unsigned || p.Format.Kind == circuit.TwosComplement)
	}
	return s
}

// codes returns how many values port p has; 0 for more than fit an int.
func codes(p *circuit.Port) int {
	k := len(p.Wires)
	switch {
	case p.Format.Kind == circuit.OneHot:
		return k
	case p.Format.Kind == circuit.Thermometer:
		return k + 1
	case k < 63:
		return 1 << k
	}
	return 0
}

// count returns how many valid inputs there are; false if more than most.
func (s *bitSource) count(most int) (int, bool) {
	n := 1
	for i := range s.ports {
		k := codes(&s.ports[i])
		hi, lo := bits.Mul64(uint64(n), uint64(k))
		if k == 0 && len(s.ports[i].Wires) > 0 && s.ports[i].Format.Kind != circuit.OneHot || hi != 0 || lo > uint64(most) {
			return 0, false
		}
		n = int(lo)
	}
	return n, true
}

const wordLanes = 64

// low has bit i of the lane's number for each of the 64 lanes of a word.
var low = [6]uint64{
	0xAAAAAAAAAAAAAAAA, 0xCCCCCCCCCCCCCCCC, 0xF0F0F0F0F0F0F0F0,
	0xFF00FF00FF00FF00, 0xFFFF0000FFFF0000, 0xFFFFFFFF00000000,
}

// counted writes the inputs number first, first+1, ... in counting order, into the lanes
// of a matrix of zeros. The first must be a multiple of 64.
func (s *bitSource) counted(to *eval.Vectors, first int) {
	if s.plain {
		for i := range s.wires {
			row := to.Row(i)
			for w := range row {
				if i < 6 {
					row[w] = low[i]
				} else if (first+w*wordLanes)>>i&1 != 0 {
					row[w] = ^uint64(0)
				}
			}
		}
		return
	}
	for lane := range to.Lanes() {
		at, wire := first+lane, 0
		for i := range s.ports {
			n := codes(&s.ports[i])
			s.setCode(to, i, wire, lane, at%n)
			at /= n
			wire += len(s.ports[i].Wires)
		}
	}
}

// setCode writes code number v of port i.
func (s *bitSource) setCode(to *eval.Vectors, i, wire, lane, v int) {
	word, bit := lane/wordLanes, uint(lane%wordLanes)
	for k := range s.ports[i].Wires {
		one := v>>min(k, 63)&1 != 0
		switch s.ports[i].Format.Kind {
		case circuit.OneHot:
			one = v == k
		case circuit.Thermometer:
			one = k < v
		}
		if one {
			to.Row(wire + k)[word] |= 1 << bit
		}
	}
}

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

// random fills tile t of a matrix of zeros with inputs. The tile depends on the seed and
// on its number alone. Tile 0 has corners; of the others, half are uniform.
func (s *bitSource) random(to *eval.Vectors, t, number int) {
	r := rand.New(rand.NewPCG(s.seed, uint64(number)))
	const words = eval.TileLanes / wordLanes
	tile := func(wire int) []uint64 {
		row := to.Row(wire)
		return row[min(t*words, len(row)):min((t+1)*words, len(row))]
	}
	kind := uniformTile
	switch {
	case number == 0:
		kind = cornerTile
	case number%2 == 0:
		kind = weightTile + number/2%(kindsOfTile-weightTile)
	}
	lanes := min(eval.TileLanes, to.Lanes()-t*eval.TileLanes)
	switch kind {
	case cornerTile:
		s.corners(to, t*eval.TileLanes, lanes)
	case weightTile:
		s.weights(to, t*eval.TileLanes, lanes, r)
	case neighbourTile:
		for i := range s.wires {
			if r.IntN(2) == 1 {
				for w := range tile(i) {
					tile(i)[w] = ^uint64(0)
				}
			}
		}
		for lane := 1; lane < lanes && s.wires > 0; lane++ {
			for range 1 + r.IntN(3) {
				tile(r.IntN(s.wires))[lane/wordLanes] ^= 1 << uint(lane%wordLanes)
			}
		}
	case densityTile:
		fold, invert := 2+r.IntN(6), r.IntN(2) == 1
		for i := range s.wires {
			for w := range tile(i) {
				x := r.Uint64()
				for range fold {
					x &= r.Uint64()
				}
				if invert {
					x = ^x
				}
				tile(i)[w] = x
			}
		}
	case extremeTile:
		wire := 0
		for i := range s.ports {
			k := len(s.ports[i].Wires)
			for w := range words {
				zero, one := r.Uint64(), r.Uint64() // by lane: all 0, all 1, all but the top, fair
				for j := range k {
					if w >= len(tile(wire+j)) {
						continue
					}
					top := uint64(0)
					if j == k-1 {
						top = ^uint64(0)
					}
					tile(wire + j)[w] = (zero & one & (r.Uint64() ^ top)) | (^zero & one) | (^zero & ^one & ^top)
				}
			}
			wire += k
		}
	default:
		for i := range s.wires {
			for w := range tile(i) {
				tile(i)[w] = r.Uint64()
			}
		}
	}
	if !s.plain {
		s.repair(to, t*eval.TileLanes, lanes, r)
	}
}

func (s *bitSource) corners(to *eval.Vectors, first, lanes int) {
	for lane := range lanes {
		for i := range s.wires {
			one := false
			switch at := lane - 2; {
			case lane == 1:
				one = true
			case at >= 0 && at%2 == 0:
				one = i == at/2%s.wires
			case at >= 0:
				one = i != at/2%s.wires
			}
			if one {
				to.Set(i, first+lane, true)
			}
		}
	}
}

// weights gives each lane a number of ones from 0 to all, all as likely, at fair places.
func (s *bitSource) weights(to *eval.Vectors, first, lanes int, r *rand.Rand) {
	for lane := range lanes {
		ones := r.IntN(s.wires + 1)
		word, bit := (first+lane)/wordLanes, uint((first+lane)%wordLanes)
		for i := range s.wires { // Fan, Muller and Rezucha 1962: selection sampling
			if r.IntN(s.wires-i) < ones {
				to.Row(i)[word] |= 1 << bit
				ones--
			}
		}
	}
}

// repair replaces what is no code by one, at random.
func (s *bitSource) repair(to *eval.Vectors, first, lanes int, r *rand.Rand) {
	wire := 0
	for i := range s.ports {
		k := len(s.ports[i].Wires)
		kind := s.ports[i].Format.Kind
		if k > 0 && (kind == circuit.OneHot || kind == circuit.Thermometer) {
			n := codes(&s.ports[i])
			for lane := first; lane < first+lanes; lane++ {
				for j := range k {
					to.Set(wire+j, lane, false)
				}
				v := r.IntN(n)
				if r.IntN(4) == 0 { // an extreme
					v = (n - 1) * r.IntN(2)
				}
				s.setCode(to, i, wire, lane, v)
			}
		}
		wire += k
	}
}
