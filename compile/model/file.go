package model

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
)

// Bounds on the sizes of files, in bytes.
const (
	maxFile   = 1 << 30
	maxText   = 1 << 26     // of a JSON file
	maxHeader = 100_000_000 // of a file of tensors, as the library has it
)

// openFile opens a regular file of bounded size, and returns its size.
func openFile(fsys fs.FS, name string, most int64) (fs.File, int64, error) {
	info, err := fs.Stat(fsys, name)
	switch {
	case err != nil:
		return nil, 0, &LoadError{File: name, What: "cannot be read", Err: err}
	case !info.Mode().IsRegular():
		return nil, 0, &LoadError{File: name, What: "is not a file"}
	case info.Size() > most:
		return nil, 0, tooLong(name, info.Size(), most)
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, 0, &LoadError{File: name, What: "cannot be read", Err: err}
	}
	return f, info.Size(), nil
}

func tooLong(name string, size, most int64) error {
	return &LoadError{File: name, What: fmt.Sprintf("has %d bytes; at most %d are read", size, most)}
}

// readRest reads on to the end of a file that may be longer than it says, behind the bytes before.
func readRest(f io.Reader, name string, before []byte, most int64) ([]byte, error) {
	data := bytes.NewBuffer(before)
	_, err := data.ReadFrom(io.LimitReader(f, most+1-int64(len(before))))
	switch {
	case err != nil:
		return nil, &LoadError{File: name, What: "cannot be read", Err: err}
	case int64(data.Len()) > most:
		return nil, tooLong(name, int64(data.Len()), most)
	}
	return data.Bytes(), nil
}

// readText reads a text, without a byte-order mark.
func readText(fsys fs.FS, name string) ([]byte, error) {
	f, _, err := openFile(fsys, name, maxText)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := readRest(f, name, nil, maxText)
	return bytes.TrimPrefix(text, []byte("\uFEFF")), err
}
