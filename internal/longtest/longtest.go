// Package longtest has the flag of the tests that take minutes or gigabytes:
//
//	go test ./cmd/tc0 -long -run Long
//
// runs those of a package. Their names begin with TestLong. Only tests import this package.
package longtest

import (
	"flag"
	"testing"
)

var long = flag.Bool("long", false, "run the tests that take minutes or gigabytes")

// Need skips the test if long tests were not asked for.
func Need(t testing.TB) {
	t.Helper()
	if !*long {
		t.Skip("needs -long")
	}
}
