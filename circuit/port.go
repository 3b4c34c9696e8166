package circuit

import "fmt"

// FormatKind names how the wires of a port stand for an integer.
type FormatKind uint8

// The formats of a port of k wires.
const (
	Unsigned       FormatKind = iota // Σ 2^i·wire[i]
	TwosComplement                   // as Unsigned, but the last wire counts −2^(k−1)
	Thermometer                      // offset + the number of ones; wire[i] says that the value is above offset + i
	OneHot                           // offset + the index of the one wire that is 1
	Weighted                         // offset + Σ weights[i]·wire[i]
	numFormats
)

var formatNames = [numFormats]string{"unsigned", "two's complement", "thermometer", "one-hot", "weighted"}

// String returns the name of f, as printed in listings.
func (f FormatKind) String() string {
	if f < numFormats {
		return formatNames[f]
	}
	return fmt.Sprintf("FormatKind(%d)", uint8(f))
}

// Format says which integer the wires of a port stand for.
type Format struct {
	Kind    FormatKind
	Offset  Int   // Thermometer, OneHot and Weighted
	Weights []Int // Weighted
}

// Port is a named group of wires that stands for one integer. By convention the
// ports of a tensor are named with their indices, such as "x[2,3]".
type Port struct {
	Name   string
	Format Format
	Wires  []Lit
}

// WireName names wire i of the port: "x" if it is the only one, else "x.i".
func (p *Port) WireName(i int) string {
	if len(p.Wires) == 1 {
		return p.Name
	}
	return fmt.Sprintf("%s.%d", p.Name, i)
}

// weight returns the weight of wire i among k.
func (f Format) weight(i, k int) Int {
	switch f.Kind {
	case TwosComplement:
		if i == k-1 {
			return Pow2(i).Neg()
		}
		fallthrough
	case Unsigned:
		return Pow2(i)
	case Thermometer:
		return NewInt(1)
	case OneHot:
		return NewInt(int64(i))
	default:
		return f.Weights[i]
	}
}

// PortSum returns the integer that the wires stand for in the format f, if they are one of
// its codes.
func (b *Builder) PortSum(f Format, wires ...Lit) Sum {
	s := b.Linear()
	if f.Kind != Unsigned && f.Kind != TwosComplement {
		s.AddConst(f.Offset)
	}
	for i, l := range wires {
		s.AddLit(f.weight(i, len(wires)), l)
	}
	return s.Sum()
}

// IsCode returns whether the wires are a code of the format: for OneHot, exactly one is 1;
// for Thermometer, no 1 follows a 0; in the other formats all are.
func (b *Builder) IsCode(f Format, wires ...Lit) Lit {
	switch f.Kind {
	case OneHot:
		return b.And(b.AtLeast(1, wires...), b.AtLeast(2, wires...).Not())
	case Thermometer:
		var steps []Lit
		for i := 1; i < len(wires); i++ {
			steps = append(steps, b.Or(wires[i-1], wires[i].Not()))
		}
		return b.And(steps...)
	}
	return True
}

// Decode returns the integer that the bits stand for. For OneHot it fails unless
// exactly one bit is 1; for Thermometer it fails if a 1 follows a 0.
func (f Format) Decode(bits []bool) (Int, error) {
	if f.Kind == Weighted && len(bits) != len(f.Weights) {
		return Int{}, fmt.Errorf("circuit: %d bits for %d weights", len(bits), len(f.Weights))
	}
	v, ones, ordered := f.Offset, 0, true
	if f.Kind == Unsigned || f.Kind == TwosComplement {
		v = Int{}
	}
	for i, b := range bits {
		if !b {
			continue
		}
		if ones < i {
			ordered = false
		}
		ones++
		v = v.Add(f.weight(i, len(bits)))
	}
	if f.Kind == OneHot && ones != 1 {
		return Int{}, fmt.Errorf("circuit: %d of the %d wires of a one-hot value are 1", ones, len(bits))
	}
	if f.Kind == Thermometer && !ordered {
		return Int{}, fmt.Errorf("circuit: a thermometer value has a 1 above a 0")
	}
	return v, nil
}

// Encode writes the bits that stand for v into bits. It fails if the format has no
// code for v, and for Weighted, whose codes are not unique.
func (f Format) Encode(v Int, bits []bool) error {
	lo, hi := f.Range(len(bits))
	if f.Kind == Weighted {
		return fmt.Errorf("circuit: a weighted format cannot be encoded")
	}
	if v.Cmp(lo) < 0 || v.Cmp(hi) > 0 {
		return fmt.Errorf("circuit: %v is outside %v..%v, the range of %d wires in %v", v, lo, hi, len(bits), f.Kind)
	}
	switch f.Kind {
	case Unsigned, TwosComplement:
		if v.Sign() < 0 {
			v = v.Add(Pow2(len(bits)))
		}
		for i := range bits {
			bits[i] = v.Bit(i) == 1
		}
	default:
		at, _ := v.Sub(f.Offset).Int64()
		for i := range bits {
			if f.Kind == OneHot {
				bits[i] = int64(i) == at
			} else {
				bits[i] = int64(i) < at
			}
		}
	}
	return nil
}

// Range returns the least and the greatest integer that k wires can stand for.
func (f Format) Range(k int) (lo, hi Int) {
	switch f.Kind {
	case Unsigned:
		return Int{}, Pow2(k).Sub(NewInt(1))
	case TwosComplement:
		if k == 0 {
			return Int{}, Int{}
		}
		return Pow2(k - 1).Neg(), Pow2(k - 1).Sub(NewInt(1))
	case Thermometer:
		return f.Offset, f.Offset.Add(NewInt(int64(k)))
	case OneHot:
		return f.Offset, f.Offset.Add(NewInt(int64(k - 1)))
	}
	lo, hi = f.Offset, f.Offset
	for _, w := range f.Weights {
		if w.Sign() < 0 {
			lo = lo.Add(w)
		} else {
			hi = hi.Add(w)
		}
	}
	return lo, hi
}

// PortShape is a port without its wires: it says how many wires there are, and what they stand for.
type PortShape struct {
	Name   string
	Format Format
	Wires  int
}

// Regroup returns c with the same wires, in the same order, grouped into other ports. In this way a
// file of single bits becomes a circuit of integers. It fails if the shapes do not have as many
// wires as c, or if they cannot be the ports of a circuit.
func (c *Circuit) Regroup(inputs, outputs []PortShape) (*Circuit, error) {
	r := *c
	wires := make([]Lit, len(c.inputs))
	for i, g := range c.inputs {
		wires[i] = g.Lit()
	}
	var err error
	if r.inPorts, err = group("input", inputs, wires); err != nil {
		return nil, err
	}
	if r.outs, err = group("output", outputs, c.Outputs()); err != nil {
		return nil, err
	}
	if err := r.Check(); err != nil {
		return nil, err
	}
	return &r, nil
}

func group(side string, shapes []PortShape, wires []Lit) ([]Port, error) {
	var ports []Port
	at := 0
	for _, s := range shapes {
		if s.Wires < 0 || s.Wires > len(wires)-at {
			at = -1
			break
		}
		ports = append(ports, Port{s.Name, s.Format, append([]Lit(nil), wires[at:at+s.Wires]...)})
		at += s.Wires
	}
	if at != len(wires) {
		total := 0
		for _, s := range shapes {
			total += max(0, s.Wires)
		}
		return nil, fmt.Errorf("circuit: %d %s wires in ports of %d wires", len(wires), side, total)
	}
	return ports, nil
}
