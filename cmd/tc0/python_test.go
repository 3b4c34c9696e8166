package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/tc0lab/tc0/internal/tooltest"
)

// The module for Python passes its own tests with this program.
func TestPythonModule(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not here")
	}
	if out, err := exec.Command(python, "-c", "import sys; sys.exit(sys.version_info < (3, 9))").CombinedOutput(); err != nil {
		t.Skipf("python3 is older than 3.9: %s", out)
	}
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TC0", binary)
	t.Setenv(beTC0, "1")
	t.Setenv("PYTHONDONTWRITEBYTECODE", "1")
	if out, err := tooltest.Output(t, filepath.Join("..", "..", "python"), "", python, "-m", "unittest", "-v", "test_tc0"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
