// Package child runs other programs: solvers, programs that make pictures, Coq. It is the one
// place that does, so that each is bounded in time and output, and none is left behind.
//
// A program runs in a process group of its own. The group is killed when the program has ended,
// when its time is up, when it prints too much, and when the context ends; on Linux the program is
// killed, too, when this process dies. Only what starts a session of its own can outlive it.
package child

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"
)

// Command is a program to be run, with nothing on its standard input unless there is an input.
type Command struct {
	Name  string // as [exec.LookPath] finds it
	Args  []string
	Dir   string    // where it runs; "" for the folder of this process
	Env   []string  // besides that of this process, NAME=VALUE
	Input io.Reader // may be nil

	Time   time.Duration // how long it may run; 0: as long as the context
	Most   int           // bytes that it may print, on each of its two outputs; 0: 64 MiB
	Memory int64         // bytes of data that each of its processes may have; 0: no bound. Held on Linux only
}

const defaultMost = 64 << 20

// Result is what a program left.
type Result struct {
	Out, Err []byte // standard output and standard error, as far as they were read
	Status   int    // exit status; −1 if a signal ended it
	Failed   error  // of an exit status other than 0: an *exec.ExitError
}

// Errors of [Run] besides those of starting a program.
var (
	ErrTooMuch = errors.New("it prints too much")
	ErrTooLong = errors.New("its time is up")
)

// SignalError says that a signal ended a program, and that it was not sent from here.
type SignalError struct{ State string } // such as "signal: segmentation fault"

func (e *SignalError) Error() string { return "it crashed: " + e.State }

// delay is how long what a program started may keep its outputs open after the group was killed.
const delay = time.Second

// Run runs a program to its end. An exit status other than 0 is no error here, since programs
// say different things by it. Where there is an error, the result holds what was read before.
//
// Errors: the cause of the end of the context, [ErrTooLong], [ErrTooMuch], [*SignalError], and those
// of starting a program.
func Run(ctx context.Context, c Command) (*Result, error) {
	type ended struct {
		result *Result
		err    error
	}
	done := make(chan ended, 1)
	go func() {
		// Linux takes the end of the thread that started a program for the end of this process.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		result, err := c.run(ctx)
		done <- ended{result, err}
	}()
	e := <-done
	return e.result, e.err
}

func (c *Command) run(ctx context.Context) (*Result, error) {
	if ctx.Err() != nil {
		return &Result{Status: -1}, context.Cause(ctx)
	}
	limited, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if c.Time > 0 {
		defer time.AfterFunc(c.Time, func() { stop(ErrTooLong) }).Stop()
	}
	cmd := exec.CommandContext(limited, c.Name, c.Args...)
	cmd.Dir, cmd.Stdin, cmd.WaitDelay = c.Dir, c.Input, delay
	if c.Env != nil {
		cmd.Env = append(os.Environ(), c.Env...)
	}
	separate(cmd)
	cmd.Cancel = func() error { return killGroup(cmd.Process) }
	most := c.Most
	if most == 0 {
		most = defaultMost
	}
	tooMuch := func() { stop(ErrTooMuch) }
	out, err := capture(&cmd.Stdout, most, tooMuch)
	if err != nil {
		return &Result{Status: -1}, err
	}
	complaint, err := capture(&cmd.Stderr, most, tooMuch)
	if err != nil {
		out.drop()
		return &Result{Status: -1}, err
	}
	if err := cmd.Start(); err != nil {
		out.drop()
		complaint.drop()
		return &Result{Status: -1}, err
	}
	out.started()
	complaint.started()
	if c.Memory > 0 {
		if err := bound(cmd.Process, c.Memory); err != nil {
			stop(fmt.Errorf("its memory could not be bounded: %w", err))
		}
	}
	err = cmd.Wait()
	_ = killGroup(cmd.Process) // what it started and did not wait for; there may be nothing
	result := &Result{Out: out.end(), Err: complaint.end(), Status: cmd.ProcessState.ExitCode()}
	if limited.Err() != nil {
		return result, context.Cause(limited)
	}
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && result.Status < 0:
		return result, &SignalError{exit.String()}
	case errors.As(err, &exit):
		result.Failed = exit
		return result, nil
	case errors.Is(err, exec.ErrWaitDelay): // its input was not taken away
		return result, nil
	}
	return result, err
}

// output collects what a program prints, through a pipe: the program has ended when it has ended,
// even if something else holds the other end of the pipe.
type output struct {
	from, to *os.File
	text     []byte
	read     sync.WaitGroup
}

// capture makes an output for a place in a command. tooMuch is called at the first byte beyond most.
func capture(place *io.Writer, most int, tooMuch func()) (*output, error) {
	from, to, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("a pipe: %w", err)
	}
	*place = to
	o := &output{from: from, to: to}
	o.read.Go(func() {
		// The error is that the time of end is over. What was read before counts.
		text, _ := io.ReadAll(io.LimitReader(from, int64(most)+1))
		if len(text) > most {
			text = text[:most]
			tooMuch()
		}
		o.text = text
	})
	return o, nil
}

// started closes the end of the pipe that the program has by now.
func (o *output) started() { o.to.Close() }

// drop ends an output of a program that never ran.
func (o *output) drop() {
	o.to.Close()
	o.end()
}

// end waits for the end of the output, but not for a process that escaped.
func (o *output) end() []byte {
	late := time.AfterFunc(delay, func() { _ = o.from.SetReadDeadline(time.Now()) })
	o.read.Wait()
	late.Stop()
	o.from.Close()
	return o.text
}
