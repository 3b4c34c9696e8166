//go:build unix

package queue

import "io/fs"

// owned reports whether nobody but its owner can read a file.
func owned(info fs.FileInfo) bool { return info.Mode().Perm()&0o077 == 0 }
