package formattest

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// known is the folder of published circuits: shared/conformance beside the folder of the project,
// which is where go.mod is.
var known = func() string {
	for root := "."; ; root = filepath.Join("..", root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			return filepath.Join(root, "..", "shared", "conformance")
		}
		if path, err := filepath.Abs(root); err != nil || path == filepath.Dir(path) {
			return "conformance"
		}
	}
}()

// Known returns a published circuit, or skips the test if those circuits are not there. The name is
// a name in expected.tsv, such as th/rand_16_0.th.
func Known(t testing.TB, name string) []byte {
	t.Helper()
	file, err := fs.ReadFile(os.DirFS(known), name)
	if err != nil {
		t.Skipf("the circuits of other people are not here: %v", err)
	}
	return file
}

// KnownNames returns the names of those circuits that match a pattern such as th/*.th, in
// order. It skips the test like Known.
func KnownNames(t testing.TB, pattern string) []string {
	t.Helper()
	if _, err := os.Stat(known); err != nil {
		t.Skipf("the circuits of other people are not here: %v", err)
	}
	return must(fs.Glob(os.DirFS(known), pattern))(t)
}

// Expected returns the known counts of those circuits, by name and column, for the names with the
// given beginning. It skips the test like Known.
func Expected(t testing.TB, prefix string) map[string]map[string]int {
	t.Helper()
	lines := strings.Split(strings.TrimRight(string(Known(t, "expected.tsv")), "\n"), "\n")
	columns := strings.Split(lines[0], "\t")
	all := map[string]map[string]int{}
	for _, line := range lines[1:] {
		fields := strings.Split(line, "\t")
		if !strings.HasPrefix(fields[0], prefix) {
			continue
		}
		row := map[string]int{}
		for i, text := range fields[1:] {
			if text != "" {
				row[columns[i+1]] = must(strconv.Atoi(text))(t)
			}
		}
		all[fields[0]] = row
	}
	if len(all) == 0 {
		t.Fatalf("expected.tsv has no %s", prefix)
	}
	return all
}

// Agree asserts that a circuit has the counts that a row of Expected states. An empty cell does not
// state a count; a row must state something that was counted.
func Agree(t testing.TB, name string, want, got map[string]int) {
	t.Helper()
	compared := 0
	for column, v := range got {
		if stated, ok := want[column]; ok {
			compared++
			if v != stated {
				t.Errorf("%s: %d %s, want %d", name, v, column, stated)
			}
		}
	}
	if compared == 0 {
		t.Errorf("%s: the table states nothing that was counted", name)
	}
}
