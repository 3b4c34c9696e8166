package vector

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
)

// Range is the integers from Lo to Hi, which an input port may carry.
type Range struct{ Lo, Hi int64 }

func (r Range) clamp(x int64) int64 { return min(max(x, r.Lo), r.Hi) }

func (r Range) pick(rng *rand.Rand) int64 { return r.Lo + rng.Int64N(r.Hi-r.Lo+1) }

func (r Range) extreme(i int) int64 { return [2]int64{r.Lo, r.Hi}[i] }

// size returns how many integers there are; 0 stands for 2^64.
func (r Range) size() uint64 { return uint64(r.Hi-r.Lo) + 1 }

// Ranges returns the integers that ports of a circuit have codes for. A [*PortError] names a
// port that has too many, or more codes than integers.
func Ranges(ports []circuit.Port) ([]Range, error) {
	var bounds []Range
	for _, p := range ports {
		k := len(p.Wires)
		switch p.Format.Kind {
		case circuit.Weighted:
			return nil, &PortError{p.Name, "a format without a code for each integer"}
		case circuit.Unsigned, circuit.TwosComplement:
			if k > 62 {
				return nil, &PortError{p.Name, fmt.Sprintf("%d bits; at most 62 are compared", k)}
			}
		}
		lo, hi := p.Format.Range(k)
		least, ok := lo.Int64()
		most, fits := hi.Int64()
		if !ok || !fits {
			return nil, &PortError{p.Name, "an offset beyond 64 bits"}
		}
		bounds = append(bounds, Range{least, most})
	}
	return bounds, nil
}

// List is a list of input vectors: one integer for each port. It is not stored: each tile
// of it is made when it is asked for, so that many goroutines can share the list and it is
// the same in every run.
type List struct {
	bounds []Range
	count  int
	all    bool      // every valid vector, in counting order, the first port fastest
	listed [][]int64 // these come first
	seed   uint64    // of the random vectors after them
}

// Count returns the number of vectors within bounds, or the greatest uint64 if there are
// more.
func Count(bounds []Range) uint64 {
	n := uint64(1)
	for _, r := range bounds {
		hi, lo := bits.Mul64(n, r.size())
		if hi != 0 {
			return math.MaxUint64
		}
		n = lo
	}
	return n
}

// All returns every vector within bounds. There must not be more than fit an int.
func All(bounds []Range) *List { return &List{bounds: bounds, count: int(Count(bounds)), all: true} }

// Listed returns the vectors of a list, such as a test set.
func Listed(list [][]int64) *List { return &List{count: len(list), listed: list} }

// Sample returns count vectors: at most half of them adversarial, which are always the
// same, and the others random.
//
// Adversarial are: all ports at the minimum, at the maximum, at zero and at each of
// their values; extremes that alternate with every period 1, 2, 4, ...; two values
// in equal shares, which are ties; and a single port at an extreme with all others at
// zero, at the minimum and at the maximum. Random are, in turn: uniform; extremes
// only; two values only; uniform with most ports at zero; and a short pattern, of
// extremes or uniform, over and over, so that an average over positions is not always
// near its middle.
func Sample(bounds []Range, count int, seed uint64) *List {
	return &List{bounds: bounds, count: count, listed: adversarial(bounds, (count+1)/2), seed: seed}
}

// Len returns the number of vectors.
func (l *List) Len() int { return l.count }

// Tiles returns the number of tiles.
func (l *List) Tiles() int { return (l.count + eval.TileLanes - 1) / eval.TileLanes }

// Tile returns the vectors of tile i; the caller may keep and change them.
func (l *List) Tile(i int) [][]int64 {
	first := i * eval.TileLanes
	tile := make([][]int64, min(eval.TileLanes, l.count-first))
	r := rand.New(rand.NewPCG(l.seed, uint64(i)))
	for k := range tile {
		at := first + k
		if at < len(l.listed) {
			tile[k] = slices.Clone(l.listed[at])
			continue
		}
		tile[k] = make([]int64, len(l.bounds))
		if l.all {
			l.counted(tile[k], uint64(at))
		} else {
			l.random(tile[k], r, at%5)
		}
	}
	return tile
}

// counted writes vector number at.
func (l *List) counted(in []int64, at uint64) {
	for i, r := range l.bounds {
		in[i] = r.Lo + int64(at%r.size())
		at /= r.size()
	}
}

// mostPeriod is the greatest length of a pattern that is repeated.
const mostPeriod = 16

// random writes a random vector of one of five kinds.
func (l *List) random(in []int64, rng *rand.Rand, kind int) {
	if len(in) == 0 {
		return
	}
	first := l.bounds[rng.IntN(len(in))]
	two := [2]int64{first.pick(rng), first.pick(rng)}
	sparse := rng.IntN(len(in)) + 1
	period, extremes := rng.IntN(min(len(in), mostPeriod))+1, rng.IntN(2) == 0
	for i, r := range l.bounds {
		switch {
		case kind == 1, kind == 4 && i < period && extremes:
			in[i] = r.extreme(rng.IntN(2))
		case kind == 2:
			in[i] = r.clamp(two[rng.IntN(2)])
		case kind == 3 && rng.IntN(len(in)) >= sparse:
			in[i] = r.clamp(0)
		case kind == 4 && i >= period:
			in[i] = r.clamp(in[i-period])
		default:
			in[i] = r.pick(rng)
		}
	}
}

// mostValues bounds how many values of a port are tried on all ports at once.
const mostValues = 64

// adversarial returns at most `most` vectors, without repetitions.
func adversarial(bounds []Range, most int) [][]int64 {
	if len(bounds) == 0 {
		return nil
	}
	var list [][]int64
	add := func(at func(i int, r Range) int64) {
		if len(list) >= most {
			return
		}
		in := make([]int64, len(bounds))
		for i, r := range bounds {
			in[i] = r.clamp(at(i, r))
		}
		list = append(list, in)
	}
	low := func(_ int, r Range) int64 { return r.Lo }
	high := func(_ int, r Range) int64 { return r.Hi }
	zero := func(int, Range) int64 { return 0 }
	add(low)
	add(high)
	add(zero)

	values := commonValues(bounds)
	for _, x := range values {
		add(func(int, Range) int64 { return x })
	}
	for period := 1; period < len(bounds); period *= 2 {
		for phase := range 2 {
			add(func(i int, r Range) int64 { return r.extreme((i/period + phase) % 2) })
		}
	}
	for d := 1; d < len(values); d *= 2 { // ties: every other port, then the first half
		for k := 0; k+d < len(values); k++ {
			add(func(i int, _ Range) int64 { return values[k+d*(i%2)] })
			add(func(i int, _ Range) int64 { return values[k+d*(2*i/len(bounds))] })
		}
	}
	for _, others := range []func(int, Range) int64{zero, low, high} {
		for port := range bounds {
			for end := range 2 {
				add(func(i int, r Range) int64 {
					if i == port {
						return r.extreme(end)
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
func commonValues(bounds []Range) []int64 {
	all := bounds[0]
	for _, r := range bounds {
		all = Range{min(all.Lo, r.Lo), max(all.Hi, r.Hi)}
	}
	width := uint64(all.Hi - all.Lo)
	n := min(width, mostValues-1)
	values := make([]int64, 0, n+1)
	for k := range n + 1 {
		hi, lo := bits.Mul64(width, k)
		offset, _ := bits.Div64(hi, lo, max(n, 1))
		values = append(values, all.Lo+int64(offset))
	}
	return values
}
