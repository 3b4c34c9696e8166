package eval

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// abcSim returns a function that measures the seconds a lane of the command &sim -W 128 of ABC on an AIGER file, nil
// if ABC is not here. It refuses circuits without a latch, so one is added, which nothing reads. A word of &sim has 32
// lanes, and every frame has other random inputs.
func abcSim(b *testing.B, path string) func() float64 {
	program, err := exec.LookPath("berkeley-abc")
	if err != nil {
		return nil
	}
	file := filepath.Join(b.TempDir(), "latched.blif")
	abc := func(commands string) float64 {
		cmd := exec.Command(program, "-q", commands)
		if text, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(text), "rror") {
			b.Fatalf("%s: %v: %s", commands, err, text)
		}
		return (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	}
	abc(fmt.Sprintf("read %s; write_blif %s", path, file))
	text, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	_, inputs, _ := strings.Cut(string(text), ".inputs")
	latch := fmt.Sprintf(".latch %s unread 0\n.end", strings.Fields(inputs)[0])
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), ".end", latch, 1)), 0o600); err != nil {
		b.Fatal(err)
	}
	const few, many, lanes = 1, 101, 128 * 32
	return func() float64 {
		of := func(frames int) float64 {
			return abc(fmt.Sprintf("read_blif %s; strash; &get; &sim -W 128 -F %d", file, frames))
		}
		return (of(many) - of(few)) / ((many - few) * lanes)
	}
}
