package child

import (
	"errors"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// separate has a program start in a group of its own, and end with this process.
func separate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// bound limits the data of a process, and of those that it starts from then on. Addresses that are
// only reserved, of which Go has many, do not count.
func bound(p *os.Process, bytes int64) error {
	limit := unix.Rlimit{Cur: uint64(bytes), Max: uint64(bytes)}
	err := unix.Prlimit(p.Pid, unix.RLIMIT_DATA, &limit, nil)
	if errors.Is(err, unix.ESRCH) { // it has ended
		return nil
	}
	return err
}
