package checkpoint

import (
	"bytes"
	"io"

	"github.com/tc0lab/tc0/internal/brief"
)

// The files that torch wrote before 1.6 begin with the pickle of a number of 80 bits, and that of their protocol.
const (
	legacyBegin    = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
	legacyProtocol = int64(1001)
)

// openPickles reads a file of torch before 1.6: pickles of a magic number, a protocol, the sizes of numbers, the
// state dict and the keys of its storages, and behind them for each key a count, of 64 bits, and the numbers.
func (c *Checkpoint) openPickles(r io.ReaderAt, size int64) error {
	c.Format = "PyTorch"
	data := make([]byte, min(size, maxPickle))
	if _, err := r.ReadAt(data, 0); err != nil && err != io.EOF {
		return &Error{File: c.File, What: "cannot be read", Err: err}
	}
	u := newUnpickler(data)
	next := func() (any, error) {
		v, what := u.next()
		if what != "" {
			return nil, c.fail("", "%s", what)
		}
		return v, nil
	}
	if !bytes.HasPrefix(data, []byte(legacyBegin)) {
		return c.fail("", "is a pickle and no state dict of torch; save model.state_dict() with torch.save")
	}
	u.at = len(legacyBegin)
	protocol, err := next()
	if err != nil {
		return err
	}
	if protocol != legacyProtocol {
		return c.fail("", "is of protocol %s of torch; known: %d, and archives", brief.Clip(protocol), legacyProtocol)
	}
	system, err := next()
	if err != nil {
		return err
	}
	if d, ok := system.(*dict); !ok || d.values["little_endian"] != true {
		return c.fail("", "does not say that its numbers are little-endian")
	}
	root, err := next()
	if err != nil {
		return err
	}
	keys, err := next()
	if err != nil {
		return err
	}
	blobs, err := c.storages(r, size, int64(u.at), u.kinds, keys)
	if err != nil {
		return err
	}
	return c.addState(root, func(key string) *blob { return blobs[key] })
}

// storages finds the numbers of the storages, which stand behind the pickles in the order of their keys.
func (c *Checkpoint) storages(
	r io.ReaderAt, size, at int64, kinds map[string]kind, keys any,
) (map[string]*blob, error) {
	l, ok := keys.(*list)
	if !ok || len(l.items) > maxTensors {
		return nil, c.fail("", "has no list of up to %d storages behind its state dict", maxTensors)
	}
	blobs := map[string]*blob{}
	for _, item := range l.items {
		key, _ := item.(string)
		k, known := kinds[key]
		if !known || blobs[key] != nil {
			return nil, c.fail("", "names storage %s, which no tensor is in, or twice", brief.Quote(key))
		}
		var count [8]byte
		if _, err := r.ReadAt(count[:], at); err != nil {
			return nil, c.fail("", "is truncated before storage %s", brief.Quote(key))
		}
		n := little.Uint64(count[:])
		from := at + int64(len(count))
		if n > maxTensor || from+int64(n)*int64(k.size) > size {
			return nil, c.fail("", "is truncated in storage %s, which should have %d numbers", brief.Quote(key), n)
		}
		length := int64(n) * int64(k.size)
		at = from + length
		blobs[key] = &blob{uint64(length), func(tensor string) ([]byte, error) {
			data := make([]byte, length)
			if _, err := io.ReadFull(io.NewSectionReader(r, from, length), data); err != nil {
				return nil, &Error{File: c.File, Tensor: tensor, What: "cannot be read", Err: err}
			}
			return data, nil
		}}
	}
	if at != size {
		return nil, c.fail("", "is over-long: the last %d bytes belong to no tensor", size-at)
	}
	return blobs, nil
}
