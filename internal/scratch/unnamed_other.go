//go:build !linux

package scratch

import (
	"errors"
	"io/fs"
	"os"
)

// unnamed fails: every file has a name here.
func unnamed(string, fs.FileMode) (*os.File, error) { return nil, errors.ErrUnsupported }

// link is for files without a name.
func link(*os.File, string) error { return errors.ErrUnsupported }
