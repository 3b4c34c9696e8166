// Package longtest has the flag of the tests that take minutes or gigabytes:
//
//	go test ./cmd/tc0 -long -run Long
//
// runs those of a package. Their names begin with TestLong. Where a test could go on for an hour, it takes a sample,
// unless the flag -full asks for all. Only tests import this package.
package longtest

import (
	"flag"
	"testing"
)

var (
	long = flag.Bool("long", false, "run the tests that take minutes or gigabytes")
	full = flag.Bool("full", false, "with -long: all of what they otherwise take a sample of")
)

// Some returns how much of something a long test tries: the sample, or all of it.
func Some(sample, all int) int {
	if *full {
		return all
	}
	return sample
}

// Need skips the test if long tests were not asked for.
func Need(t testing.TB) {
	t.Helper()
	if !*long {
		t.Skip("needs -long")
	}
}
