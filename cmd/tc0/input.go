package main

import (
	"bytes"
	"errors"
	"io"
	"os"

	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// eachLine calls read with each line and its number, up to an error. The lines are those of all
// readers of text, with their bounds; an error about the lines has the name and the number.
func eachLine(name string, r io.Reader, read func(line string, n int) error) error {
	lines := netlist.NewScanner(r, netlist.Lexis{})
	n := 0
	for line, ok := lines.Line(); ok; line, ok = lines.Line() {
		n++
		if err := read(string(line), n); err != nil {
			return err
		}
	}
	err := lines.Err()
	var faulty *netlist.Error
	switch {
	case errors.As(err, &faulty):
		faulty.File = name
		return &ownError{faulty}
	case err != nil:
		return errf("%s:%d: %w", name, n+1, err)
	}
	return nil
}

// mostText is how many bytes of a file are read that is kept whole, such as a proof.
const mostText = 1 << 26

// readText reads such a file, without a byte-order mark. It fails before a file without an end takes more.
func (a *app) readText(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(interruptible{a, f}, mostText+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > mostText:
		return nil, errf("%s: more than %d bytes, the most that is read of such a file", path, mostText)
	}
	return bytes.TrimPrefix(text, []byte("\uFEFF")), nil
}
