package explore

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/tc0lab/tc0/circuit"
)

// packMagic begins what is in a packed circuit.
const packMagic = "tc0view1"

// mostOptions is the most bytes of JSON that a packed circuit has. It is a limit of ours.
const mostOptions = 1 << 24

// Pack writes a circuit and its options for [Unpack]: gzip of the bytes "tc0view1", the length of the
// JSON of the options as a 32-bit little-endian number, that JSON, and the circuit in the native
// format. Equal circuits and options give equal bytes.
func Pack(w io.Writer, c *circuit.Circuit, opt Options) error {
	text, err := json.Marshal(opt)
	if err != nil {
		return err
	}
	if len(text) > mostOptions {
		return fmt.Errorf("explore: %d bytes of options; at most %d are packed", len(text), mostOptions)
	}
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	head := binary.LittleEndian.AppendUint32([]byte(packMagic), uint32(len(text)))
	if _, err := z.Write(append(head, text...)); err != nil {
		return err
	}
	if err := c.Write(z); err != nil {
		return err
	}
	return z.Close()
}

// Unpack reads what [Pack] writes and opens it.
func Unpack(r io.Reader) (*Session, error) {
	z, err := gzip.NewReader(bufio.NewReader(r))
	if err != nil {
		return nil, fmt.Errorf("explore: a packed circuit: %w", err)
	}
	head := make([]byte, len(packMagic)+4)
	if _, err := io.ReadFull(z, head); err != nil || string(head[:len(packMagic)]) != packMagic {
		return nil, errors.New("explore: not a packed circuit: it does not begin with " + packMagic)
	}
	n := binary.LittleEndian.Uint32(head[len(packMagic):])
	if n > mostOptions {
		return nil, fmt.Errorf("explore: a packed circuit: %d bytes of options; at most %d are read", n, mostOptions)
	}
	text, err := io.ReadAll(io.LimitReader(z, int64(n)))
	if err != nil || len(text) != int(n) {
		return nil, errors.New("explore: a packed circuit: its options are cut off")
	}
	var opt Options
	if err := json.Unmarshal(text, &opt); err != nil {
		return nil, fmt.Errorf("explore: the options of a packed circuit: %w", err)
	}
	c, err := circuit.Read(z)
	if err != nil {
		return nil, fmt.Errorf("explore: a packed circuit: %w", err)
	}
	return Open(c, opt)
}
