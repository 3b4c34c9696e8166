package analysis

import (
	"encoding/binary"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/compile/program"
)

// Vectors is a list of input vectors of a program: one integer for each input port.
// It is not stored: each tile of it is made when it is asked for, so that many
// goroutines can share the list and it is the same in every run.
type Vectors struct {
	ports  []program.Port
	count  int
	all    bool      // every valid vector, in counting order, the first port fastest
	listed [][]int64 // these come first
	seed   uint64    // of the random vectors after them
}

// tileLanes is the number of vectors that are made, and evaluated, at a time.
const tileLanes = eval.TileLanes

// ExhaustiveLimit is the greatest number of valid inputs that are all tried unless
// something else is asked for.
const ExhaustiveLimit = 1 << 20

// InputCount returns the number of valid input vectors of a program with the given
// ports, or the greatest uint64 if there are more.
func InputCount(ports []program.Port) uint64 {
	n := uint64(1)
	for _, p := range ports {
		hi, lo := bits.Mul64(n, uint64(p.Bounds.Hi-p.Bounds.Lo)+1)
		if hi != 0 {
			return math.MaxUint64
		}
		n = lo
	}
	return n
}

// AllVectors returns every valid input vector. There must not be more than fit an
// int.
func AllVectors(ports []program.Port) *Vectors {
	return &Vectors{ports: ports, count: int(InputCount(ports)), all: true}
}

// ListedVectors returns the vectors of a list, such as a test set.
func ListedVectors(ports []program.Port, list [][]int64) *Vectors {
	return &Vectors{ports: ports, count: len(list), listed: list}
}

// SampleVectors returns count vectors: at most half of them adversarial, which are
// always the same, and the others random.
//
// Adversarial are: all ports at the minimum, at the maximum, at zero and at each of
// their values; extremes that alternate with every period 1, 2, 4, ...; two values
// in equal shares, which are ties; and a single port at an extreme with all others at
// zero, at the minimum and at the maximum. Random are, in turn: uniform; extremes
// only; two values only; uniform with most ports at zero; and a short pattern, of
// extremes or uniform, over and over, so that an average over positions is not always
// near its middle.
func SampleVectors(ports []program.Port, count int, seed uint64) *Vectors {
	v := &Vectors{ports: ports, count: count, seed: seed}
	v.listed = adversarial(ports, (count+1)/2)
	return v
}

// Len returns the number of vectors.
func (v *Vectors) Len() int { return v.count }

// Tiles returns the number of tiles.
func (v *Vectors) Tiles() int { return (v.count + tileLanes - 1) / tileLanes }

// Tile returns the vectors of tile i; the caller may keep and change them.
func (v *Vectors) Tile(i int) [][]int64 {
	first := i * tileLanes
	last := min(first+tileLanes, v.count)
	flat := make([]int64, (last-first)*len(v.ports))
	tile := make([][]int64, last-first)
	r := rand.New(rand.NewPCG(v.seed, uint64(i)))
	for k := range tile {
		in := flat[k*len(v.ports) : (k+1)*len(v.ports)]
		tile[k] = in
		switch at := first + k; {
		case v.all:
			v.counted(in, uint64(at))
		case at < len(v.listed):
			copy(in, v.listed[at])
		default:
			v.random(in, r, at%5)
		}
	}
	return tile
}

// counted writes vector number at.
func (v *Vectors) counted(in []int64, at uint64) {
	for i, p := range v.ports {
		size := uint64(p.Bounds.Hi-p.Bounds.Lo) + 1
		in[i] = p.Bounds.Lo + int64(at%size)
		at /= size
	}
}

// random writes a random vector of one of five kinds.
func (v *Vectors) random(in []int64, r *rand.Rand, kind int) {
	pick := func(p program.Port) int64 { return p.Bounds.Lo + r.Int64N(p.Bounds.Hi-p.Bounds.Lo+1) }
	if len(in) == 0 {
		return
	}
	first := r.IntN(len(in))
	a, b := pick(v.ports[first]), pick(v.ports[first])
	sparse := r.IntN(len(in)) + 1
	period, extremes := r.IntN(min(len(in), mostPeriod))+1, r.IntN(2) == 0
	for i, p := range v.ports {
		switch kind {
		case 0:
			in[i] = pick(p)
		case 1:
			in[i] = [2]int64{p.Bounds.Lo, p.Bounds.Hi}[r.IntN(2)]
		case 2:
			in[i] = clamp([2]int64{a, b}[r.IntN(2)], p.Bounds)
		case 3:
			in[i] = clamp(0, p.Bounds)
			if r.IntN(len(in)) < sparse {
				in[i] = pick(p)
			}
		case 4:
			switch {
			case i >= period:
				in[i] = clamp(in[i-period], p.Bounds)
			case extremes:
				in[i] = [2]int64{p.Bounds.Lo, p.Bounds.Hi}[r.IntN(2)]
			default:
				in[i] = pick(p)
			}
		}
	}
}

// mostPeriod is the greatest length of a pattern that is repeated.
const mostPeriod = 16

func clamp(x int64, r program.Range) int64 { return min(max(x, r.Lo), r.Hi) }

// mostValues bounds how many values of a port are tried on all ports at once.
const mostValues = 64

// adversarial returns at most `most` vectors, without repetitions.
func adversarial(ports []program.Port, most int) [][]int64 {
	var list [][]int64
	add := func(at func(i int, r program.Range) int64) {
		if len(list) >= most {
			return
		}
		in := make([]int64, len(ports))
		for i, p := range ports {
			in[i] = clamp(at(i, p.Bounds), p.Bounds)
		}
		list = append(list, in)
	}
	if len(ports) == 0 {
		return nil
	}
	low := func(_ int, r program.Range) int64 { return r.Lo }
	high := func(_ int, r program.Range) int64 { return r.Hi }
	zero := func(int, program.Range) int64 { return 0 }
	add(low)
	add(high)
	add(zero)

	values := commonValues(ports)
	for _, x := range values {
		add(func(int, program.Range) int64 { return x })
	}
	for period := 1; period < len(ports); period *= 2 {
		for phase := range 2 {
			add(func(i int, r program.Range) int64 { return [2]int64{r.Lo, r.Hi}[(i/period+phase)%2] })
		}
	}
	for d := 1; d < len(values); d *= 2 { // ties: every other port, then the first half
		for k := 0; k+d < len(values); k++ {
			add(func(i int, _ program.Range) int64 { return values[k+d*(i%2)] })
			add(func(i int, _ program.Range) int64 { return values[k+d*(2*i/len(ports))] })
		}
	}
	for _, others := range []func(int, program.Range) int64{zero, low, high} {
		for port := range ports {
			for _, one := range []func(int, program.Range) int64{low, high} {
				add(func(i int, r program.Range) int64 {
					if i == port {
						return one(i, r)
					}
					return others(i, r)
				})
			}
		}
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(in []int64) bool {
		key := make([]byte, 0, 2*len(in))
		for _, x := range in {
			key = binary.AppendVarint(key, x)
		}
		again := seen[string(key)]
		seen[string(key)] = true
		return again
	})
}

// commonValues returns values that some port takes, evenly spread if there are many.
func commonValues(ports []program.Port) []int64 {
	r := ports[0].Bounds
	for _, p := range ports {
		r = program.Range{Lo: min(r.Lo, p.Bounds.Lo), Hi: max(r.Hi, p.Bounds.Hi)}
	}
	width := uint64(r.Hi - r.Lo)
	n := min(width, mostValues-1)
	values := make([]int64, 0, n+1)
	for k := range n + 1 {
		offset := uint64(0)
		if n > 0 {
			hi, lo := bits.Mul64(width, k)
			offset, _ = bits.Div64(hi, lo, n)
		}
		values = append(values, r.Lo+int64(offset))
	}
	return values
}
