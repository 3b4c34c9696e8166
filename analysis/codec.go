package analysis

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/compile/program"
)

// codec turns the integers on ports into bits and back. A bit matrix has one row for
// each wire of the ports, in order, and one lane for each vector.
type codec struct {
	ports []circuit.Port
	wires int
}

func newCodec(ports []circuit.Port) *codec {
	c := &codec{ports: ports}
	for _, p := range ports {
		c.wires += len(p.Wires)
	}
	return c
}

// fits compares the ports with those of a program: their names, and whether each has
// a code for every integer in its bounds, but for weighted wires.
func (c *codec) fits(what string, ports []program.Port) error {
	if len(c.ports) != len(ports) {
		return &PortError{"", fmt.Sprintf("%d %s ports instead of %d", len(c.ports), what, len(ports))}
	}
	for i, p := range c.ports {
		want := ports[i]
		if p.Name != want.Name {
			return &PortError{p.Name, fmt.Sprintf("the %s port in its place is %s", what, want.Name)}
		}
		if p.Format.Kind == circuit.Weighted {
			// Its wires never reach what interval arithmetic could not rule out; an
			// integer that they ought to reach and do not is found as a mismatch.
			continue
		}
		lo, hi := p.Format.Range(len(p.Wires))
		if lo.Cmp(circuit.I(want.Bounds.Lo)) > 0 || hi.Cmp(circuit.I(want.Bounds.Hi)) < 0 {
			return &PortError{p.Name, fmt.Sprintf("its range is %v..%v, which does not hold %v", lo, hi, want.Bounds)}
		}
	}
	return nil
}

// encode writes the codes of vectors into a matrix of zeros with a lane for each.
func (c *codec) encode(vectors [][]int64, to *eval.Vectors) error {
	wire := 0
	for at := range c.ports {
		if err := c.encodePort(at, wire, vectors, to); err != nil {
			return err
		}
		wire += len(c.ports[at].Wires)
	}
	return nil
}

// encodePort writes the codes of element at of the vectors into the rows of that
// port, from row first on.
func (c *codec) encodePort(at, first int, vectors [][]int64, to *eval.Vectors) error {
	p := &c.ports[at]
	rows := make([][]uint64, len(p.Wires))
	for i := range rows {
		rows[i] = to.Row(first + i)
	}
	binary := p.Format.Kind == circuit.Unsigned || p.Format.Kind == circuit.TwosComplement
	bits := make([]bool, len(rows))
	for lane, v := range vectors {
		word, bit := lane/64, uint(lane%64)
		if binary && len(rows) < 64 { // in range, as the ports fit the program
			for i := range rows {
				rows[i][word] |= uint64(v[at]) >> uint(i) & 1 << bit
			}
			continue
		}
		if err := p.Format.Encode(circuit.I(v[at]), bits); err != nil {
			return fmt.Errorf("port %s: %w", p.Name, err)
		}
		for i, b := range bits {
			if b {
				rows[i][word] |= 1 << bit
			}
		}
	}
	return nil
}

// decode reads the integer of port at in one lane; first is the port's first row.
func (c *codec) decode(from *eval.Vectors, at, first, lane int) PortValue {
	p := &c.ports[at]
	bits := make([]bool, len(p.Wires))
	for i := range bits {
		bits[i] = from.Bit(first+i, lane)
	}
	v, err := p.Format.Decode(bits)
	if err != nil {
		return PortValue{Port: p.Name, Invalid: err.Error()}
	}
	return PortValue{Port: p.Name, Value: Number{v}}
}

// differ finds the lanes that do not stand for the wanted integers, one bit a lane:
// bit by bit where a format has one code for each integer, else as integers.
func (c *codec) differ(got *eval.Vectors, want [][]int64) ([]uint64, error) {
	wrong := make([]uint64, (len(want)+63)/64)
	codes := eval.NewVectors(c.wires, len(want))
	wire := 0
	for at := range c.ports {
		k := len(c.ports[at].Wires)
		if c.ports[at].Format.Kind == circuit.Weighted {
			for lane, v := range want {
				value := c.decode(got, at, wire, lane)
				if value.Invalid != "" || value.Value.Cmp(circuit.I(v[at])) != 0 {
					wrong[lane/64] |= 1 << uint(lane%64)
				}
			}
		} else {
			if err := c.encodePort(at, wire, want, codes); err != nil {
				return nil, err
			}
			for i := range k {
				row := got.Row(wire + i)
				for w, code := range codes.Row(wire + i) {
					wrong[w] |= code ^ row[w]
				}
			}
		}
		wire += k
	}
	return wrong, nil
}
