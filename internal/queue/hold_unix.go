//go:build unix

package queue

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// hold marks a folder as in use until this process ends, however it ends, or until release.
func hold(dir string) (release func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		return nil, &os.PathError{Op: "flock", Path: dir, Err: err}
	}
	return func() { f.Close() }, nil
}

// sweep removes the folders of shards that nobody holds: their workers were killed.
func sweep(dir string) {
	if dir == "" {
		dir = os.TempDir()
	}
	names, err := filepath.Glob(filepath.Join(dir, shardFolder+"*"))
	if err != nil { // the name of the folder is a bad pattern: nothing is found
		return
	}
	for _, name := range names {
		if release, err := hold(name); err == nil {
			os.RemoveAll(name)
			release()
		}
	}
}
