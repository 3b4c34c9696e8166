package child_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/tc0lab/tc0/internal/tooltest"
)

// A program ends when the process that runs it is killed.
func TestDeathOfTheParent(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	cmd := exec.CommandContext(tooltest.Context(t), os.Args[0])
	cmd.Env = append(os.Environ(), parent+"=echo $$ > '"+pids+".new'; mv '"+pids+".new' '"+pids+"'; exec sleep 1000")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, pids)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed
	tooltest.Gone(t, pids)
}
