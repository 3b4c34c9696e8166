package circuit

import (
	"errors"
	"io"
	"iter"
	"math"

	"github.com/tc0lab/tc0/gates"
)

// Read reads a circuit in the native file format, up to the end of r, and checks
// it as [Circuit.Check] does.
//
// Read refuses a file that is damaged, or that is not a circuit, with a [*FormatError]. For any
// file, Read takes at most a small multiple in memory of what it has read of the file; a name has at
// most 2^24 bytes.
func Read(r io.Reader) (*Circuit, error) {
	d := newDecoder(r)
	d.in("header")
	if string(d.bytes(uint64(len(fileMagic)))) != fileMagic {
		if d.err == nil || errors.Is(d.err, io.ErrUnexpectedEOF) {
			d.err = nil
			d.fail("not a file in the native format of tc0")
		}
		return nil, d.err
	}
	if v := d.uvarint(); d.err == nil && v != fileVersion {
		d.fail("version %d of the format; this program reads version %d", v, fileVersion)
	}
	f := &fileReader{decoder: d, c: &Circuit{}}
	f.tables()
	f.size()
	f.sums()
	f.gates()
	f.ports()
	d.checksum()
	if d.err == nil {
		d.in("circuit")
		if err := f.c.Check(); err != nil {
			d.failWith(err)
		}
	}
	if d.err != nil {
		return nil, d.err
	}
	f.c.clip()
	return f.c, nil
}

// fileReader makes a circuit of the primitives that its decoder gives it. It refuses values that
// cannot be represented and leaves the rest to Check.
type fileReader struct {
	*decoder
	c       *Circuit
	gateLen int // gates and sums that the file says it has
	sumLen  int
	forms   *formTable
	weights []int64  // of the sum that is read
	refs    []Ref    // what it reads
	args    []uint32 // of the gate that is read
}

// times counts to n for as long as there is no error.
func (f *fileReader) times(n uint64) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for i := uint64(0); i < n && f.err == nil; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

func (f *fileReader) tables() {
	c := f.c
	f.in("numbers")
	for i := range f.times(f.uvarint()) {
		v := f.number()
		if i > 0 && v.Cmp(c.bigs[i-1]) == 0 {
			f.fail("a number that is there twice")
		}
		c.bigs = append(c.bigs, v)
	}
	f.in("moduli")
	for range f.times(f.uvarint()) {
		m := Modulus{M: int64(f.upTo(maxModulus))}
		if m.M == 0 {
			f.fail("modulus 0")
		}
		next := int64(0)
		for range f.times(f.upTo(maxModulus)) {
			r := next + int64(f.upTo(maxModulus))
			m.Residues = append(m.Residues, r)
			next = r + 1
		}
		c.mods = append(c.mods, m)
	}
	f.in("stages")
	c.stages = []Stage{{}}
	for range f.times(f.upTo(math.MaxUint32)) {
		parent := StageID(f.upTo(math.MaxUint32))
		stage := Stage{f.name(), parent}
		if stage == c.stages[len(c.stages)-1] && len(c.stages) > 1 {
			f.fail("stage %q is there twice", stage.Name)
		}
		c.stages = append(c.stages, stage)
	}
	last := uint64(0)
	for i := range f.times(f.uvarint()) {
		step := f.upTo(maxGates - last)
		if i > 0 && step == 0 {
			f.fail("two runs of stages begin at gate %d", last)
		}
		last += step
		c.runs = append(c.runs, stageRun{Gate(last), StageID(f.upTo(math.MaxUint32))})
	}
}

func (f *fileReader) size() {
	f.in("size")
	f.gateLen, f.sumLen = int(f.upTo(maxGates)), int(f.upTo(maxGates))
	if f.err == nil && (f.gateLen == 0 || f.sumLen == 0) {
		f.fail("gate 0 and sum 0 are missing")
	}
	f.c.kind, f.c.first = []gates.Kind{gates.Const}, []uint32{0, 0}
	f.c.args, f.c.termRef, f.c.weights = newPages[uint32](0), newPages[Ref](0), newPages[int64](0)
	f.c.sumFirst, f.c.sumForm, f.c.forms = []uint32{0, 0}, []uint32{0}, []form{emptyForm()}
	f.forms = newFormTable(&f.c.Nodes)
}

func (f *fileReader) sums() {
	f.in("sums")
	lastGate := int64(0)
	for len(f.c.sumForm) < f.sumLen && f.err == nil {
		f.oneSum(&lastGate)
	}
}

func (f *fileReader) oneSum(lastGate *int64) {
	c, s := f.c, SumID(len(f.c.sumForm))
	head := f.uvarint()
	leaves, deep := head>>sumShift, uint64(0)
	if head&sumIsDeep != 0 {
		if deep = f.upTo(maxGates); deep == 0 {
			f.fail("sum %d says it has nested sums and has none", s)
		}
	}
	if leaves > maxWires || c.termRef.endless(int(leaves+deep)) {
		f.failWith(ErrTooLarge)
	}
	if leaves+deep == 0 {
		f.fail("sum %d is empty, as sum 0 is", s)
	}
	next := int64(0) // the least ref that may come
	f.refs = f.refs[:0]
	for i := range f.times(leaves + deep) {
		switch {
		case i == 0 && leaves > 0:
			*lastGate += f.varint()
			next = *lastGate
		case i == leaves:
			next = int64(sumRef(s-1)) - int64(f.upTo(uint64(s)-1))
		default:
			next += int64(f.upTo(maxGates))
		}
		switch {
		case i < leaves && (next < 0 || next >= int64(f.gateLen)):
			f.fail("sum %d reads gate %d of %d", s, next, f.gateLen)
			return
		case next >= int64(sumRef(s)):
			f.fail("sum %d reads sum %d", s, next-int64(sumBit))
			return
		}
		f.refs = append(f.refs, Ref(next))
		next++
	}
	big := sumFlag(head & sumIsBig) // the same bit
	weight := f.varint
	if big != 0 {
		weight = f.index
	}
	f.weights = f.weights[:0]
	for range f.times(leaves + deep) {
		f.weights = append(f.weights, weight())
	}
	if f.err != nil {
		return
	}
	copy(c.termRef.make(len(f.refs), c.sumFirst), f.refs)
	c.sumFirst = append(c.sumFirst, c.termRef.end())
	c.sumForm = append(c.sumForm, f.forms.of(f.weights, f.form(s, big, f.refs)))
}

// form returns the form of sum s with the weights that are read.
func (f *fileReader) form(s SumID, big sumFlag, refs []Ref) form {
	if of, ok := plainForm(refs, f.weights); ok && big == 0 {
		return of
	}
	c := f.c
	lo, hi, flag := c.limitsOf(len(refs), func(i int) (Ref, Int) { return refs[i], c.numberOf(big, f.weights[i]) })
	of := form{lo: lo.small, hi: hi.small, hash: c.hashStored(big, f.weights), flag: flag | big}
	if big != 0 {
		of.lo, of.hi = f.index(), f.index()
	} else if !smallRange(lo, hi) {
		f.fail("the range %v..%v of sum %d is too wide for its kind", lo, hi, s)
	}
	return of
}

// index returns an index of numbers.
func (f *fileReader) index() int64 {
	v := f.uvarint()
	if v >= uint64(len(f.c.bigs)) {
		f.fail("number %d of %d", v, len(f.c.bigs))
		return 0
	}
	return int64(v)
}

func (f *fileReader) gates() {
	f.in("gates")
	c := f.c
	lastSum, lastBound := int64(0), int64(0)
	for len(c.kind) < f.gateLen && f.err == nil {
		head := f.uvarint()
		k := gates.Kind(head & (1<<kindBits - 1))
		head >>= kindBits
		f.args = f.args[:0]
		c.kind = append(c.kind, k)
		switch {
		case f.err != nil:
			return
		case !k.Valid() || k == gates.Const:
			f.fail("gate %d: %v is no kind of gate", len(c.kind)-1, k)
			return
		case k.ReadsSum():
			lastSum += unfold(head)
			if lastSum < 0 || lastSum >= int64(len(c.sumForm)) {
				f.fail("gate %d reads sum %d of %d", len(c.kind)-1, lastSum, len(c.sumForm))
				return
			}
			f.sumGate(k, SumID(lastSum), &lastBound)
		default:
			f.logicGate(head)
		}
		if c.args.endless(len(f.args)) {
			f.failWith(ErrTooLarge)
			return
		}
		copy(c.args.make(len(f.args), c.first), f.args)
		c.first = append(c.first, c.args.end())
	}
}

func (f *fileReader) logicGate(fanIn uint64) {
	c := f.c
	end := 2 * int64(len(c.kind)-1) // the first literal that is too great
	last := int64(0)
	for i := range f.times(fanIn) {
		if i == 0 {
			last = end - 1 - int64(f.upTo(uint64(end-1)))
		} else {
			last += f.varint()
		}
		if last < 0 || last >= end {
			f.fail("gate %d reads literal %d", end/2, last)
			return
		}
		f.args = append(f.args, uint32(last))
		if len(f.args) > maxWires {
			f.failWith(ErrTooLarge)
		}
	}
}

func (f *fileReader) sumGate(k gates.Kind, s SumID, lastBound *int64) {
	c := f.c
	bound := int64(0)
	switch {
	case k == gates.Mod:
		f.args = append(f.args, uint32(s), uint32(f.upTo(math.MaxUint32)))
		return
	case k == gates.Majority:
		if c.flag(s)&(sumUnit|sumBig) != sumUnit {
			f.fail("gate %d is a majority of sum %d, which has weights", len(c.kind)-1, s)
			return
		}
		bound = c.majorityBound(s)
	case c.flag(s)&sumBig != 0:
		bound = f.index()
	default:
		*lastBound += f.varint()
		bound = *lastBound
	}
	var args [3]uint32
	f.args = append(f.args, boundArgs(&args, s, bound)...)
}

func (f *fileReader) ports() {
	c := f.c
	f.in("input ports")
	for g, k := range c.kind {
		if k == gates.Input {
			c.inputs = append(c.inputs, Gate(g))
		}
	}
	used := 0
	for range f.times(f.uvarint()) {
		p := f.port(c.inPorts)
		wires := int(f.upTo(uint64(len(c.inputs) - used)))
		for _, g := range c.inputs[used : used+wires] {
			p.Wires = append(p.Wires, g.Lit())
		}
		used += wires
		c.inPorts = append(c.inPorts, p)
	}
	f.in("output ports")
	for range f.times(f.uvarint()) {
		p := f.port(c.outs)
		last := int64(0)
		for range f.times(f.upTo(maxWires)) {
			last += f.varint()
			if last < 0 || last >= 2*int64(f.gateLen) {
				f.fail("port %q reads literal %d", p.Name, last)
				break
			}
			p.Wires = append(p.Wires, Lit(last))
		}
		c.outs = append(c.outs, p)
	}
}

// port returns the next port of a side, without its wires. Endless ports of one name end at the second.
func (f *fileReader) port(before []Port) Port {
	p := Port{Name: f.name(), Format: f.format()}
	if n := len(before); n > 0 && before[n-1].Name == p.Name {
		f.failWith(breach("port "+p.Name, "has a name that is taken"))
	}
	return p
}

func (f *fileReader) format() Format {
	head := f.uvarint()
	if head > hasOffset|hasWeights|(hasOffset-1) {
		f.fail("format %d does not exist", head)
		return Format{}
	}
	format := Format{Kind: FormatKind(head & (hasOffset - 1))}
	if head&hasOffset != 0 {
		format.Offset = normal(f.number())
		if f.err == nil && format.Offset.IsZero() {
			f.fail("an offset of 0, which is left out")
		}
	}
	if head&hasWeights != 0 {
		n := f.uvarint()
		if f.err == nil && n == 0 {
			f.fail("no weights where some are said to follow")
		}
		for range f.times(n) {
			format.Weights = append(format.Weights, normal(f.number()))
		}
	}
	return format
}
