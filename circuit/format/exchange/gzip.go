package exchange

import (
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// Bounds on a compressed file: beyond so many bytes inflated, it may not have been more than so many times
// shorter. Netlists become 3 to 30 times shorter, a text of nothing new a thousand times.
const (
	FreelyInflated = 1 << 26
	MostInflation  = 100
)

// inflated reads what is compressed, within the bounds.
type inflated struct {
	*gzip.Reader
	from *counted
	size int64
}

// counted counts what is read.
type counted struct {
	io.Reader
	size int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.size += int64(n)
	return n, err
}

func (z *inflated) Read(p []byte) (int, error) {
	n, err := z.Reader.Read(p)
	z.size += int64(n)
	if z.size > FreelyInflated && z.size/MostInflation > z.from.size {
		return 0, &netlist.Error{Err: fmt.Errorf("the compressed file inflates to more than %d bytes and %d times its length",
			FreelyInflated, MostInflation)}
	}
	return n, damaged(err)
}

// damaged returns an error of the compression as one of the file.
func damaged(err error) error {
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.As(err, new(flate.CorruptInputError)) {
		return &netlist.Error{Err: fmt.Errorf("the compressed file is damaged: %w", err)}
	}
	return err
}

// Inflate returns what a file that is compressed by gzip inflates to, within the bounds. An error about
// the compression is a [*netlist.Error].
func Inflate(r io.Reader) (io.Reader, error) {
	from := &counted{Reader: r}
	z, err := gzip.NewReader(from)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, damaged(err)
	}
	return &inflated{Reader: z, from: from}, nil
}

// Unzipped returns what reads a file of a name: read itself, or, of a name that ends with .gz, read of what
// the file inflates to.
func Unzipped[T any](name string, read func(io.Reader) (T, error)) func(io.Reader) (T, error) {
	if !strings.HasSuffix(strings.ToLower(name), ".gz") {
		return read
	}
	return func(r io.Reader) (v T, err error) {
		z, err := Inflate(r)
		if err != nil {
			return v, err
		}
		return read(z)
	}
}

// compress makes f the format of files that are compressed by gzip. All bounds on what is read hold for
// the inflated file.
func (f *Format) compress() {
	if read := f.read; read != nil {
		f.read = func(r io.Reader, o Reading) (*netlist.Design, error) {
			z, err := Inflate(r)
			if err != nil {
				return nil, err
			}
			return read(z, o)
		}
	}
	write := f.write
	f.write = func(w io.Writer, d *netlist.Design, o Options) error {
		z := gzip.NewWriter(w) // without a name and a time: the same circuit gives the same bytes
		if err := write(z, d, o); err != nil {
			return err
		}
		return z.Close()
	}
}
