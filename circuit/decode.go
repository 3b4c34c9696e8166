package circuit

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"math/big"
)

// FormatError tells what is wrong with a file in the native format, and where.
type FormatError struct {
	Offset int64  // how many bytes of the file had been taken when it was noticed
	What   string // the part of the file
	Err    error  // what is wrong with it; never nil
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("circuit: %s, at byte %d: %v", e.What, e.Offset, e.Err)
}

// Unwrap returns Err: io.ErrUnexpectedEOF for a file that is cut off, a
// [*CheckError] for one that is well formed and no circuit.
func (e *FormatError) Unwrap() error { return e.Err }

// decoder takes the primitives of the native format from a reader. After an error
// it goes on giving zeros; loops ask for err.
type decoder struct {
	r        io.Reader
	sum      hash.Hash
	buf      []byte
	pos, end int   // buf[pos:end] is not taken yet
	hashed   int   // buf[:hashed] is in sum
	base     int64 // the offset of buf[0] in the file
	what     string
	err      error
}

func newDecoder(r io.Reader) *decoder {
	return &decoder{r: r, sum: sha256.New(), buf: make([]byte, 1<<16)}
}

// in tells the part of the file that is read from now on, for errors.
func (d *decoder) in(what string) { d.what = what }

func (d *decoder) fail(format string, args ...any) {
	d.failWith(fmt.Errorf(format, args...))
}

func (d *decoder) failWith(err error) {
	if d.err == nil {
		d.err = &FormatError{d.base + int64(d.pos), d.what, err}
	}
}

// fill reads on when buf is used up and reports whether there is more. An error of the reader
// itself is not a fault of the file, so it does not become a FormatError.
func (d *decoder) fill() bool {
	if d.err != nil {
		return false
	}
	d.sum.Write(d.buf[d.hashed:d.end])
	d.base += int64(d.end)
	d.pos, d.end, d.hashed = 0, 0, 0
	n, err := io.ReadAtLeast(d.r, d.buf, 1)
	d.end = n
	if n == 0 && !errors.Is(err, io.EOF) {
		d.err = fmt.Errorf("circuit: reading: %w", err)
	}
	return n > 0
}

func (d *decoder) byte() byte {
	if d.pos == d.end && !d.fill() {
		d.failWith(io.ErrUnexpectedEOF)
		return 0
	}
	b := d.buf[d.pos]
	d.pos++
	return b
}

func (d *decoder) uvarint() uint64 {
	if d.end-d.pos >= 2 { // nearly all are of one or two bytes
		low, high := d.buf[d.pos], d.buf[d.pos+1]
		switch {
		case low < 0x80:
			d.pos++
			return uint64(low)
		case high-1 < 0x7f: // neither 0 nor one of more bytes
			d.pos += 2
			return uint64(low&0x7f) | uint64(high)<<7
		}
	}
	v := uint64(0)
	for shift := uint(0); ; shift += 7 {
		b := d.byte()
		switch {
		case d.err != nil:
			return 0
		case shift == 63 && b > 1:
			d.fail("an integer of more than 64 bits")
			return 0
		case b == 0 && shift > 0:
			d.fail("an integer that is not in its shortest form")
			return 0
		}
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
}

func (d *decoder) varint() int64 { return unfold(d.uvarint()) }

// upTo returns an integer that must be at most limit.
func (d *decoder) upTo(limit uint64) uint64 {
	v := d.uvarint()
	if v > limit {
		d.fail("%d, where %d is the most there can be", v, limit)
		return 0
	}
	return v
}

// bytes returns the next n bytes. It takes memory as the bytes arrive, and does not trust n.
func (d *decoder) bytes(n uint64) []byte {
	var b []byte
	for uint64(len(b)) < n {
		if d.pos == d.end && !d.fill() {
			d.failWith(io.ErrUnexpectedEOF)
			return nil
		}
		k := min(uint64(d.end-d.pos), n-uint64(len(b)))
		b = append(b, d.buf[d.pos:d.pos+int(k)]...)
		d.pos += int(k)
	}
	return b
}

// maxName is the greatest length of a name, so that one without an end is no file without an end.
const maxName = 1 << 24

func (d *decoder) name() string {
	n := d.uvarint()
	if n > maxName {
		d.fail("a name of %d bytes, more than %d", n, maxName)
	}
	if d.err != nil {
		return ""
	}
	return string(d.bytes(n))
}

func (d *decoder) number() *big.Int {
	head := d.uvarint()
	if head>>1 > maxBits/8 {
		d.fail("a number of %d bytes, more than %d", head>>1, maxBits/8)
		return new(big.Int)
	}
	b := d.bytes(head >> 1)
	switch {
	case head == 1:
		d.fail("a number that is −0")
	case len(b) > 0 && b[0] == 0:
		d.fail("a number that is not in its shortest form")
	}
	v := new(big.Int).SetBytes(b)
	if head&1 != 0 {
		v.Neg(v)
	}
	return v
}

// checksum takes the checksum and the end of the file.
func (d *decoder) checksum() {
	d.in("checksum")
	if d.err != nil {
		return
	}
	d.sum.Write(d.buf[d.hashed:d.pos])
	want := d.sum.Sum(nil)
	d.hashed = d.pos
	if got := d.bytes(sha256.Size); d.err == nil && string(got) != string(want) {
		d.fail("it is %x, and that of what was read is %x", got, want)
	}
	if d.err == nil && (d.pos < d.end || d.fill()) {
		d.fail("there are bytes after it")
	}
}
