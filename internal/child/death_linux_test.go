package child_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/tc0lab/tc0/internal/child"
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

// A program that takes more memory than it may does not get it, and neither do those that it starts.
func TestMemory(t *testing.T) {
	const eat = "head -c 400000000 /dev/zero | tail | wc -c" // tail keeps all that is one line
	for memory, want := range map[int64]string{0: "400000000\n", 2e9: "400000000\n", 100e6: "0\n"} {
		c := shell(eat)
		if memory > 0 { // the bound comes when it runs already
			c = shell("while [ $(ulimit -d) = unlimited ]; do sleep 0.01; done; " + eat)
		}
		c.Memory = memory
		r, err := child.Run(tooltest.Context(t), c)
		if err != nil || string(r.Out) != want {
			t.Errorf("with %d: %q, %q, %v, want %q", memory, r.Out, r.Err, err, want)
		}
	}
}
