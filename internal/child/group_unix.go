//go:build unix && !linux

package child

import (
	"os/exec"
	"syscall"
)

// separate has a program start in a group of its own.
func separate(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
