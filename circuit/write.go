package circuit

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"io"
	"slices"

	"github.com/tc0lab/tc0/gates"
)

// The native file format, extension .tc0.
//
//	file     = magic version numbers moduli stages runs size sums gates inputs outputs checksum
//	magic    = 89 't' 'c' '0' 0D 0A 1A 0A      the bytes of PNG's: they tell a damaged transfer
//	version  = u                               1
//	numbers  = u {number}                      the numbers beyond int64, which others refer to by index
//	moduli   = u {u u {u}}                     M; how many residues; the first, then each less its predecessor less 1
//	stages   = u {u name}                      all but the root: parent, name
//	runs     = u {u u}                         first gate less that of the run before; stage
//	size     = u u                             gates and sums, gate 0 and sum 0 included
//	sums     = {sum}                           from sum 1 on
//	sum      = u [u] refs refs {weight} [u u]  gates<<2 | nested<<1 | big; how many sums, if nested
//	gates    = {gate}                          from gate 1 on
//	gate     = u literals                      fan-in<<4 | kind; a logic gate or an input
//	         | u [z | u]                       z(sum − sum of the last such gate)<<4 | kind; then bound or modulus
//	inputs   = u {name format u}               how many wires: they are the next inputs
//	outputs  = u {name format u {z}}           how many wires; each literal less the one before
//	format   = u [number] [u {number}]         kind | 8 with offset | 16 with weights
//	name     = u {byte}
//	number   = u {byte}                        length<<1 | negative; magnitude, high byte first, none of 0
//	checksum = SHA-256 of all that precedes it
//
// u is an unsigned integer as encoding/binary writes a uvarint, in as few bytes as
// it takes; z is the same of a signed one, folded: 0, −1, 1, −2, …
//
// In a sum, the gates come first: the first one as z, less the first gate of the
// last sum that reads one, each further one as u, less its predecessor less 1. Then
// the sums: the first one as u, how far it lies back less 1, each further one like
// a gate. A weight is a z. In a sum flagged big it is a u, an index of numbers, and
// the indices of the two limits follow the weights.
//
// The first literal of a gate g is a u, 2g − 1 less the literal, each further one
// a z, less its predecessor. A bound is a z, less the bound of the last THRESHOLD
// gate on a small sum, both in 64-bit arithmetic that wraps; on a big sum it is a
// u, an index of numbers. A MAJORITY has no bound, since it follows from its sum.
//
// Limits of small sums and flags follow from the rest and are left out. Nothing is
// coded by repetition, so that the memory of a circuit is at most a small multiple
// of the length of its file. There is one file for a circuit, and a file ends with
// its checksum.

const (
	fileMagic   = "\x89tc0\r\n\x1a\n"
	fileVersion = 1

	sumIsBig   = uint64(sumBig) // bits of the header of a sum
	sumIsDeep  = 2
	sumShift   = 2
	kindBits   = 4 // of the header of a gate
	hasOffset  = 8 // bits of the header of a format
	hasWeights = 16
)

// Write writes c to w in the native file format. Equal circuits give equal bytes.
func (c *Circuit) Write(w io.Writer) error {
	e := &encoder{w: w, sum: sha256.New(), buf: make([]byte, 0, 1<<16)}
	e.buf = append(e.buf, fileMagic...)
	e.uvarint(fileVersion)
	e.tables(c)
	e.uvarint(uint64(c.Len()))
	e.uvarint(uint64(c.SumCount()))
	e.sums(c)
	e.gates(c)
	e.uvarint(uint64(len(c.inPorts)))
	for _, p := range c.inPorts {
		e.port(p)
	}
	e.uvarint(uint64(len(c.outs)))
	for _, p := range c.outs {
		e.port(p)
		last := Lit(0)
		for _, x := range p.Wires {
			e.varint(int64(x) - int64(last))
			last = x
		}
	}
	e.flush()
	e.buf = e.sum.Sum(e.buf)
	e.flush()
	return e.err
}

// encoder appends to buf and hands it on when it is full. After an error it goes on
// to no effect.
type encoder struct {
	w   io.Writer
	sum hash.Hash
	buf []byte
	err error
}

func (e *encoder) flush() {
	if e.err == nil {
		e.sum.Write(e.buf)
		_, e.err = e.w.Write(e.buf)
	}
	e.buf = e.buf[:0]
}

func (e *encoder) uvarint(v uint64) {
	if len(e.buf) > cap(e.buf)-binary.MaxVarintLen64 {
		e.flush()
	}
	if v < 0x80 {
		e.buf = append(e.buf, byte(v))
		return
	}
	e.buf = binary.AppendUvarint(e.buf, v)
}

func (e *encoder) varint(v int64) { e.uvarint(fold(v)) }

// fold maps 0, −1, 1, −2, … to 0, 1, 2, 3, …, and unfold maps them back.
func fold(v int64) uint64   { return uint64(v)<<1 ^ uint64(v>>63) }
func unfold(u uint64) int64 { return int64(u>>1) ^ -int64(u&1) }

func (e *encoder) bytes(b []byte) {
	for part := range slices.Chunk(b, cap(e.buf)) {
		if len(part) > cap(e.buf)-len(e.buf) {
			e.flush()
		}
		e.buf = append(e.buf, part...)
	}
}

func (e *encoder) name(s string) {
	e.uvarint(uint64(len(s)))
	e.bytes([]byte(s))
}

func (e *encoder) number(v Int) {
	magnitude := v.shared().Bytes()
	head := uint64(len(magnitude)) << 1
	if v.Sign() < 0 {
		head |= 1
	}
	e.uvarint(head)
	e.bytes(magnitude)
}

// tables writes what the gates and sums refer to.
func (e *encoder) tables(c *Circuit) {
	e.uvarint(uint64(len(c.bigs)))
	for _, v := range c.bigs {
		e.number(Int{big: v})
	}
	e.uvarint(uint64(len(c.mods)))
	for _, m := range c.mods {
		e.uvarint(uint64(m.M))
		e.uvarint(uint64(len(m.Residues)))
		next := int64(0)
		for _, r := range m.Residues {
			e.uvarint(uint64(r - next))
			next = r + 1
		}
	}
	e.uvarint(uint64(len(c.stages) - 1))
	for _, s := range c.stages[1:] {
		e.uvarint(uint64(s.Parent))
		e.name(s.Name)
	}
	e.uvarint(uint64(len(c.runs)))
	last := Gate(0)
	for _, r := range c.runs {
		e.uvarint(uint64(r.first - last))
		e.uvarint(uint64(r.stage))
		last = r.first
	}
}

func (e *encoder) sums(c *Circuit) {
	lastGate := Gate(0)
	for s := SumID(1); int(s) < c.SumCount(); s++ {
		refs, isBig := c.Refs(s), c.flag(s)&sumBig != 0
		leaves, _ := slices.BinarySearch(refs, sumBit) // sums come after gates
		head := uint64(leaves)<<sumShift | uint64(c.flag(s))&sumIsBig
		if leaves < len(refs) {
			head |= sumIsDeep
		}
		e.uvarint(head)
		if leaves < len(refs) {
			e.uvarint(uint64(len(refs) - leaves))
		}
		for i, r := range refs {
			switch {
			case i == 0 && leaves > 0:
				e.varint(int64(r.Gate()) - int64(lastGate))
				lastGate = r.Gate()
			case i == leaves:
				e.uvarint(uint64(s - 1 - r.Sum()))
			default:
				e.uvarint(uint64(r - refs[i-1] - 1))
			}
		}
		for _, w := range c.stored(s) {
			if isBig {
				e.uvarint(uint64(w))
			} else {
				e.varint(w)
			}
		}
		if isBig {
			e.uvarint(uint64(c.form(s).lo))
			e.uvarint(uint64(c.form(s).hi))
		}
	}
}

func (e *encoder) gates(c *Circuit) {
	lastSum, lastBound := uint32(0), int64(0)
	for g := 1; g < len(c.kind); g++ {
		k, args := c.kind[g], c.reads(Gate(g))
		if !k.ReadsSum() {
			e.uvarint(uint64(len(args))<<kindBits | uint64(k))
			last := uint32(0)
			for i, a := range args {
				if i == 0 {
					e.uvarint(uint64(2*uint32(g) - 1 - a))
				} else {
					e.varint(int64(a) - int64(last))
				}
				last = a
			}
			continue
		}
		e.uvarint(fold(int64(args[0])-int64(lastSum))<<kindBits | uint64(k))
		lastSum = args[0]
		switch k {
		case gates.Mod:
			e.uvarint(uint64(args[1]))
		case gates.Threshold:
			_, bound := c.bound(Gate(g))
			if c.flag(SumID(args[0]))&sumBig != 0 {
				e.uvarint(uint64(bound))
				continue
			}
			e.varint(bound - lastBound)
			lastBound = bound
		}
	}
}

// port writes the name, the format and the number of wires of p.
func (e *encoder) port(p Port) {
	e.name(p.Name)
	f := p.Format
	head := uint64(f.Kind)
	if !f.Offset.IsZero() {
		head |= hasOffset
	}
	if len(f.Weights) > 0 {
		head |= hasWeights
	}
	e.uvarint(head)
	if !f.Offset.IsZero() {
		e.number(f.Offset)
	}
	if len(f.Weights) > 0 {
		e.uvarint(uint64(len(f.Weights)))
		for _, w := range f.Weights {
			e.number(w)
		}
	}
	e.uvarint(uint64(len(p.Wires)))
}
