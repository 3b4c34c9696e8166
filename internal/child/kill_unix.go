//go:build unix

package child

import (
	"os"
	"syscall"
)

// killGroup kills the group that a program leads.
func killGroup(leader *os.Process) error { return syscall.Kill(-leader.Pid, syscall.SIGKILL) }
