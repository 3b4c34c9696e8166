package netlist

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Bounds on what a reader holds of a file, whatever the file goes on with.
const (
	LongestLine = 1 << 24 // bytes of a line, with the lines that continue it
	MostIdle    = 1 << 26 // bytes of comments and empty lines, and perIdle more for each
	perIdle     = 16
)

var (
	errLong = fmt.Errorf("the line is longer than %d bytes", LongestLine)
	errIdle = fmt.Errorf("more than %d bytes of comments and empty lines, each counted as %d more", MostIdle, perIdle)
)

// Lines reads lines, and bytes between them. All readers of text have their lines from it, so that
// a line without an end, or comments without an end, take a bounded part of the file and of memory.
type Lines struct {
	*bufio.Reader
	long  []byte // memory of lines that are longer than the buffer
	begun bool   // the first line is read
	idle  int
}

// NewLines returns the lines of r. If r is a [*bufio.Reader], nothing is taken from it beyond what
// was asked for.
func NewLines(r io.Reader) *Lines {
	buffered, ok := r.(*bufio.Reader)
	if !ok {
		buffered = bufio.NewReaderSize(r, 1<<16)
	}
	return &Lines{Reader: buffered}
}

// mark begins a file in UTF-8 that some editors save. It belongs to no line.
var mark = []byte("\uFEFF")

// Next returns the next line of at most room bytes, with its end if it has one, in memory that is
// used again, and how many bytes of the file it took. A byte-order mark in front of the first is
// left out. The error is io.EOF behind the last line, which may come with it, or that of the reader.
func (s *Lines) Next(room int) (line []byte, size int, err error) {
	line, err = s.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		s.long = s.long[:0]
		for ; errors.Is(err, bufio.ErrBufferFull) && len(s.long)+len(line) <= room; line, err = s.ReadSlice('\n') {
			s.long = append(s.long, line...)
		}
		s.long = append(s.long, line...)
		line = s.long
	}
	size = len(line)
	if size > room {
		return nil, size, errLong
	}
	if !s.begun {
		s.begun = true
		line = bytes.TrimPrefix(line, mark)
	}
	return line, size, err
}

// Idle counts the bytes of an empty line, or of a comment. It fails if there are too many of them.
func (s *Lines) Idle(size int) error {
	if s.idle += size + perIdle; s.idle > MostIdle {
		return errIdle
	}
	return nil
}
