//go:build unix

package tooltest

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Gone fails the test unless the processes end whose numbers are in a file, in a time that no
// machine needs. What has ended and was not waited for counts as gone.
func Gone(t testing.TB, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const patience = 20 * time.Second
	end := time.Now().Add(patience)
	for _, word := range strings.Fields(string(text)) {
		pid, err := strconv.Atoi(word)
		if err != nil {
			t.Fatal(err)
		}
		for runs(pid) {
			if time.Now().After(end) {
				t.Errorf("process %d runs on", pid)
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
}

func runs(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return false
	}
	state, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	return err != nil || !strings.HasPrefix(strings.TrimSpace(string(state)), "Z")
}
