//go:build !unix

package child

import (
	"os"
	"os/exec"
)

// separate does nothing: there are no groups.
func separate(*exec.Cmd) {}

// killGroup kills the program only.
func killGroup(leader *os.Process) error { return leader.Kill() }
