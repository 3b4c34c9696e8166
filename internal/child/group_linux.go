package child

import (
	"os/exec"
	"syscall"
)

// separate has a program start in a group of its own, and end with this process.
func separate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
