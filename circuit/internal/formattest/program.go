package formattest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/internal/tooltest"
)

// Program runs another program like Output, and fails the test if it does not end well.
func Program(t testing.TB, files map[string][]byte, name string, args ...string) string {
	t.Helper()
	out, err := Output(t, files, name, args...)
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return out
}

// Output runs another program in a new directory with the given files, puts those that it makes
// there beside them, and returns all that it prints, and how it ended. It skips the test if
// there is no such program, or if it takes too long.
func Output(t testing.TB, files map[string][]byte, name string, args ...string) (string, error) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not here: %v", name, err)
	}
	dir := t.TempDir()
	for file, text := range files {
		if err := os.WriteFile(filepath.Join(dir, file), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out, end := tooltest.Output(t, dir, "", path, args...)
	for _, entry := range must(os.ReadDir(dir))(t) {
		files[entry.Name()] = must(os.ReadFile(filepath.Join(dir, entry.Name())))(t)
	}
	return out, end
}

// ABC runs commands of ABC and returns its output, with single spaces; see Program.
func ABC(t testing.TB, files map[string][]byte, commands string) string {
	t.Helper()
	return strings.Join(strings.Fields(Program(t, files, "berkeley-abc", "-c", commands)), " ")
}

// What ABC prints of two circuits.
const (
	Equal     = "Networks are equivalent"
	Different = "Networks are NOT EQUIVALENT"
)

// Says asserts that a program prints the words.
func Says(t testing.TB, printed, words string) {
	t.Helper()
	if !strings.Contains(printed, words) {
		t.Errorf("it does not print %q:\n%s", words, printed)
	}
}
