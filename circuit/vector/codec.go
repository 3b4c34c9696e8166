package vector

import (
	"fmt"
	"math/bits"
	"sync"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
)

// Codec turns the integers on ports into bits and back. A bit matrix has one row for
// each wire of the ports, in order, and one lane for each vector.
type Codec struct {
	Ports []circuit.Port
	Wires int // of all ports

	plain   bool // every combination of bits is a code
	once    sync.Once
	readers []reader // by port
}

// NewCodec returns the codec of the input ports or the output ports of a circuit.
func NewCodec(ports []circuit.Port) *Codec {
	c := &Codec{Ports: ports, plain: true}
	for _, p := range ports {
		c.Wires += len(p.Wires)
		c.plain = c.plain && isBinary(p.Format)
	}
	return c
}

func isBinary(f circuit.Format) bool {
	return f.Kind == circuit.Unsigned || f.Kind == circuit.TwosComplement
}

const wordLanes = 64

// setBit makes a lane of a row 1.
func setBit(row []uint64, lane int) { row[lane/wordLanes] |= 1 << uint(lane%wordLanes) }

// Encode writes the codes of vectors into a matrix of zeros with a lane for each. The error
// names a port that has no code for its integer; binary ports take the low bits.
func (c *Codec) Encode(vectors [][]int64, to *eval.Vectors) error {
	first := 0
	for at := range c.Ports {
		if err := c.encodePort(at, first, vectors, to); err != nil {
			return err
		}
		first += len(c.Ports[at].Wires)
	}
	return nil
}

// encodePort writes the codes of element at of the vectors into the rows of that port, from row first on.
func (c *Codec) encodePort(at, first int, vectors [][]int64, to *eval.Vectors) error {
	p := &c.Ports[at]
	lo, hi := p.Format.Range(len(p.Wires))
	least, _ := lo.Int64()
	most, _ := hi.Int64()
	offset, ok := small(p)
	if p.Format.Kind == circuit.Weighted {
		ok = false // which has no codes
	}
	var values [wordLanes]int64
	code := make([]bool, len(p.Wires))
	for from := 0; from < len(vectors); from += wordLanes {
		some := vectors[from:min(len(vectors), from+wordLanes)]
		fits := ok
		for lane, v := range some {
			values[lane] = v[at]
			fits = fits && (isBinary(p.Format) || v[at] >= least && v[at] <= most)
		}
		if fits {
			for lane := len(some); lane < wordLanes; lane++ {
				if values[lane] = 0; !isBinary(p.Format) {
					values[lane] = offset - 1 // which is written without a 1
				}
			}
			write(p, offset, &values, to, first, from/wordLanes)
			continue
		}
		for lane, v := range some {
			if err := p.Format.Encode(circuit.NewInt(v[at]), code); err != nil {
				return fmt.Errorf("port %s: %w", p.Name, err)
			}
			for i, one := range code {
				if one {
					setBit(to.Row(first+i), from+lane)
				}
			}
		}
	}
	return nil
}

// Decode reads the integers on the ports, a list for each lane. The error names the first lane, and the port, whose
// bits are no code, or whose integer does not fit 64 bits.
func (c *Codec) Decode(from *eval.Vectors) ([][]int64, error) {
	lanes, ports, readers := from.Lanes(), len(c.Ports), c.read()
	all, values := make([]int64, lanes*ports), make([][]int64, lanes)
	for lane := range values {
		values[lane] = all[lane*ports:][:ports:ports]
	}
	var w work
	wrong, wrongPort := lanes, 0
	for at, end := 0, 0; at < ports; at = end {
		end = c.together(at)
		for first := 0; first < lanes; first += wordLanes {
			for i := at; i < end; i++ {
				bad := readers[i].read(from, first/wordLanes, all[first*ports+i:], ports, &w)
				if lane := first + bits.TrailingZeros64(bad); bad != 0 && lane < wrong {
					wrong, wrongPort = lane, i
				}
			}
		}
	}
	if wrong == lanes {
		return values, nil
	}
	p := &c.Ports[wrongPort]
	wires := make([]bool, len(p.Wires))
	for i := range wires {
		wires[i] = from.Bit(readers[wrongPort].first+i, wrong)
	}
	return nil, fmt.Errorf("vector %d: %v", wrong, valueOf(p, wires))
}

// read returns the readers of the ports.
func (c *Codec) read() []reader {
	c.once.Do(func() {
		c.readers = make([]reader, len(c.Ports))
		first := 0
		for i := range c.Ports {
			c.readers[i] = newReader(&c.Ports[i], first)
			first += len(c.Ports[i].Wires)
		}
	})
	return c.readers
}

// Bounds on the ports that are read together, lanes by lanes, so that what is read and written stays in the cache.
const (
	portsTogether = 8 // whose integers are a cache line
	wiresTogether = 256
)

// together returns where the ports end that are read together with port at.
func (c *Codec) together(at int) (end int) {
	wires := len(c.Ports[at].Wires)
	for end = at + 1; end < min(at+portsTogether, len(c.Ports)); end++ {
		if wires += len(c.Ports[end].Wires); wires > wiresTogether {
			break
		}
	}
	return end
}

// Differ returns the lanes that do not stand for the wanted integers, in order. It compares bit by
// bit where a format has one code for each integer, and by integers where it has several.
func (c *Codec) Differ(got *eval.Vectors, want [][]int64) ([]int, error) {
	wrong := make([]uint64, (len(want)+wordLanes-1)/wordLanes)
	codes := eval.NewVectors(c.Wires, len(want))
	var some [wordLanes]int64
	var w work
	first := 0
	for at, p := range c.Ports {
		if p.Format.Kind == circuit.Weighted {
			for word := range wrong {
				bad := c.read()[at].read(got, word, some[:], 1, &w)
				for k, v := range want[word*wordLanes : min(len(want), (word+1)*wordLanes)] {
					if bad>>k&1 != 0 || some[k] != v[at] {
						setBit(wrong, word*wordLanes+k)
					}
				}
			}
		} else {
			if err := c.encodePort(at, first, want, codes); err != nil {
				return nil, err
			}
			for i := range p.Wires {
				row := got.Row(first + i)
				for w, code := range codes.Row(first + i) {
					wrong[w] |= code ^ row[w]
				}
			}
		}
		first += len(p.Wires)
	}
	var lanes []int
	for w, word := range wrong {
		for ; word != 0; word &= word - 1 {
			lanes = append(lanes, w*wordLanes+bits.TrailingZeros64(word))
		}
	}
	return lanes, nil
}

// Count returns how many inputs are codes; false if more than most.
func (c *Codec) Count(most int) (int, bool) {
	bounds, err := Ranges(c.Ports)
	n := Count(bounds)
	if err != nil || n > uint64(most) {
		return 0, false
	}
	return int(n), true
}

// low has bit i of the lane's number for each of the 64 lanes of a word.
var low = [6]uint64{
	0xAAAAAAAAAAAAAAAA, 0xCCCCCCCCCCCCCCCC, 0xF0F0F0F0F0F0F0F0,
	0xFF00FF00FF00FF00, 0xFFFF0000FFFF0000, 0xFFFFFFFF00000000,
}

// CountBit writes bit i of the numbers first, first+1, ... into the lanes of a row. The
// first must be a multiple of 64.
func CountBit(row []uint64, i, first int) {
	for w := range row {
		if i < len(low) {
			row[w] = low[i]
		} else {
			row[w] = -uint64((first + w*wordLanes) >> i & 1)
		}
	}
}

// Counted writes the inputs number first, first+1, ... in counting order, into the lanes
// of a matrix of zeros. The first must be a multiple of 64.
func (c *Codec) Counted(to *eval.Vectors, first int) {
	if c.plain {
		for i := range c.Wires {
			CountBit(to.Row(i), i, first)
		}
		return
	}
	bounds, _ := Ranges(c.Ports) // an error means too many to count, and then this is not called
	for lane := range to.Lanes() {
		at, wire := uint64(first+lane), 0
		for i, r := range bounds {
			c.setCode(to, i, wire, lane, int(at%r.size()))
			at /= r.size()
			wire += len(c.Ports[i].Wires)
		}
	}
}

// setCode writes code number v of port i, which begins at a wire.
func (c *Codec) setCode(to *eval.Vectors, i, wire, lane, v int) {
	for k := range c.Ports[i].Wires {
		one := v>>min(k, 63)&1 != 0
		switch c.Ports[i].Format.Kind {
		case circuit.OneHot:
			one = v == k
		case circuit.Thermometer:
			one = k < v
		}
		if one {
			setBit(to.Row(wire+k), lane)
		}
	}
}
