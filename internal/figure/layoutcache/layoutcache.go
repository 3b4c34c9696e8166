// Package layoutcache gives the layout engine a cache folder of the user's own.
//
// go-graphviz compiles Graphviz when the program starts and keeps the result in a
// folder of a fixed name below os.TempDir. On a machine with several users that
// folder belongs to whoever came first, and the program of any other panics before
// main. This package therefore points TMPDIR elsewhere while go-graphviz is
// initialised, and package figure, which is initialised after both, puts it back.
//
// It must be initialised before go-graphviz. It is: packages that are ready are
// initialised in the order of their import paths, and go-graphviz has to wait for
// wazero, whose path comes after this one's.
package layoutcache

import (
	"os"
	"path/filepath"
)

const variable = "TMPDIR"

var (
	before string
	wasSet bool
)

func init() {
	before, wasSet = os.LookupEnv(variable)
	os.Setenv(variable, folder())
}

// folder returns a folder that this user can write to, or one that does not exist,
// with which go-graphviz does without a cache.
func folder() string {
	none := filepath.Join(os.DevNull, "none")
	base, err := os.UserCacheDir()
	if err != nil {
		return none
	}
	dir := filepath.Join(base, "tc0")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return none
	}
	probe, err := os.CreateTemp(dir, "probe")
	if err != nil {
		return none
	}
	probe.Close()
	os.Remove(probe.Name())
	return dir
}

// Restore puts TMPDIR back.
func Restore() {
	if wasSet {
		os.Setenv(variable, before)
	} else {
		os.Unsetenv(variable)
	}
}
