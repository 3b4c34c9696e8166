package formattest

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Golden asserts that a text equals the file of the given name in testdata, which go test -update
// writes.
func Golden(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(must(os.ReadFile(path))(t)), got); diff != "" {
		t.Errorf("%s differs from what is written now (-want +got); go test -update rewrites it:\n%s", path, diff)
	}
}
