package tooltest_test

import (
	"fmt"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"github.com/tc0lab/tc0/internal/tooltest"
)

// hurried is a test whose time is over at end.
type hurried struct {
	testing.TB
	end     time.Time
	skipped string
}

func (h *hurried) Deadline() (time.Time, bool) { return h.end, true }

func (h *hurried) Skipf(format string, args ...any) {
	h.skipped = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// A tool that hangs skips its test, long before the time of the test is over.
func TestHangingToolIsSkipped(t *testing.T) {
	if _, err := exec.LookPath("sleep"); err != nil {
		t.Skip("there is no sleep")
	}
	h := &hurried{TB: t, end: time.Now().Add(time.Second)}
	done := make(chan bool)
	go func() {
		defer close(done)
		out, err := tooltest.Output(h, "", "", "sleep", "1000")
		t.Errorf("it ended: %q, %v", out, err)
	}()
	<-done
	if want := "the tool sleep did not end in time on this machine"; h.skipped != want {
		t.Errorf("skipped with %q, want %q", h.skipped, want)
	}
}

func TestToolIsRead(t *testing.T) {
	if _, err := exec.LookPath("cat"); err != nil {
		t.Skip("there is no cat")
	}
	if out, err := tooltest.Output(t, t.TempDir(), "text", "cat"); err != nil || out != "text" {
		t.Errorf("%q, %v", out, err)
	}
	if _, err := tooltest.Output(t, "", "", "cat", "no such file"); err == nil {
		t.Error("no error of a tool that fails")
	}
}
