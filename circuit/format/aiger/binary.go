package aiger

import (
	"errors"
	"io"

	"github.com/tc0lab/tc0/circuit"
)

// readBinary reads a binary file up to the symbols.
func (g *graph) readBinary(s *source, h header) error {
	var latches []uint32
	for i := range h.latches {
		_, next, err := s.latch(i, h)
		if err != nil {
			return err
		}
		latches = append(latches, next)
	}
	outputs, err := s.readOutputs(h)
	if err != nil {
		return err
	}
	for _, l := range append(outputs, latches...) {
		g.outputs = append(g.outputs, circuit.Lit(l))
	}
	g.inputs = int(h.inputs + h.latches)
	return g.readDeltas(s, h)
}

const (
	mostDelta  = 5              // bytes, for 32 bits
	mostGate   = 2 * mostDelta  // bytes
	firstGates = bufferSize / 2 // as many as one buffer may hold
)

// readDeltas reads the AND gates, a block from each buffer of the reader.
func (g *graph) readDeltas(s *source, h header) error {
	lhs := 2*(h.inputs+h.latches) + 2
	for left := int(h.ands); left > 0; {
		buf, err := s.r.Peek(bufferSize)
		if err != nil && !errors.Is(err, io.EOF) {
			s.err = err
			return s.failed()
		}
		safe := len(buf) - mostGate // a gate that begins up to here ends in the buffer
		if err != nil {
			safe = len(buf)
		}
		block := make([][2]circuit.Lit, min(left, len(buf)/2+1))
		n, at := 0, 0
		for ; n < len(block) && at <= safe; n++ {
			d0, n0 := delta(buf[at:])
			d1, n1 := delta(buf[at+n0:])
			if n0 == 0 || n1 == 0 || d0 == 0 || d0 > lhs || d1 > lhs-d0 {
				s.skip(buf[:at])
				return s.wrongGate(buf[at:], g.size+n, h, lhs)
			}
			block[n] = [2]circuit.Lit{circuit.Lit(lhs - d0), circuit.Lit(lhs - d0 - d1)}
			lhs += 2
			at += n0 + n1
		}
		g.ands, g.size, left = append(g.ands, block[:n:n]), g.size+n, left-n
		s.skip(buf[:at])
	}
	return nil
}

// delta decodes a number of up to 32 bits and returns how many bytes it has, or 0 if it
// is cut off or larger.
func delta(b []byte) (uint32, int) {
	switch {
	case len(b) > 0 && b[0] < 0x80: // most have one byte, or two
		return uint32(b[0]), 1
	case len(b) > 1 && b[1] < 0x80:
		return uint32(b[0]&0x7f) | uint32(b[1])<<7, 2
	}
	return longDelta(b)
}

func longDelta(b []byte) (uint32, int) {
	v := uint64(0)
	for i := range min(len(b), mostDelta) {
		v |= uint64(b[i]&0x7f) << (7 * i)
		if b[i] < 0x80 {
			if v > 1<<32-1 {
				return 0, 0
			}
			return uint32(v), i + 1
		}
	}
	return 0, 0
}

// wrongGate tells what is wrong with the gate whose deltas begin buf, where the source stands. The
// gate is cut off only if the file is cut off.
func (s *source) wrongGate(buf []byte, done int, h header, lhs uint32) error {
	most := lhs
	for i := range 2 {
		d, n := delta(buf)
		switch {
		case n == 0 && len(buf) < mostDelta:
			s.skip(buf)
			return s.end("after %d of %s", done, count(h.ands, andField))
		case n == 0:
			return s.here.Errorf("AND gate %d of %d: delta %d has more than 32 bits", done, h.ands, i)
		case i == 0 && d == 0:
			return s.here.Errorf("AND gate %d of %d: delta 0 is 0, so that the gate reads itself", done, h.ands)
		case d > most:
			return s.here.Errorf(
				"AND gate %d of %d: delta %d is %d, more than %d, so that the gate reads a negative literal",
				done,
				h.ands,
				i,
				d,
				most,
			)
		}
		most -= d
		s.skip(buf[:n])
		buf = buf[n:]
	}
	panic("aiger: nothing is wrong with a gate that was refused")
}
