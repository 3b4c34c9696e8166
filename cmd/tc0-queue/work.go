package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/tc0lab/tc0/internal/queue"
)

// boundFlags bound what a shard may take.
type boundFlags struct {
	Time   time.Duration `default:"1h" placeholder:"TIME" help:"How long one shard may take (${default}); then it has failed."`
	Memory string        `placeholder:"SIZE" help:"Memory that one shard may take, such as 8GB; then it has failed. On Linux this is held; on other systems it is what tc0 is told. Unless given, 70 % of what this machine or control group has, shared by the workers of this process; 0 for no bound."`
	Dir    string        `placeholder:"DIR" help:"Where shards are done. Unless given, the folder of the system for temporary files."`
}

// program is tc0 with its bounds, of which so many run at once.
func (f *boundFlags) program(named *programFlag, workers int) (p queue.Program, err error) {
	if p.Path, err = named.path(); err != nil {
		return p, err
	}
	if f.Time <= 0 {
		return p, fmt.Errorf("--time=%v: a shard needs some time", f.Time)
	}
	p.Time, p.Dir, p.Memory = f.Time, f.Dir, queue.FreeMemory()/int64(max(1, workers))
	if f.Memory != "" {
		if p.Memory, err = size(f.Memory); err != nil {
			return p, fmt.Errorf("--memory=%s: %w", f.Memory, err)
		}
	}
	return p, nil
}

// size reads a number of bytes, such as 8GB or 500MB. Less than a program needs to begin is refused.
func size(text string) (int64, error) {
	const least = 256e6
	number, unit := strings.TrimSpace(text), 1.0
	for suffix, factor := range map[string]float64{"MB": 1e6, "GB": 1e9, "MiB": 1 << 20, "GiB": 1 << 30} {
		if rest, ok := strings.CutSuffix(number, suffix); ok {
			number, unit = rest, factor
			break
		}
	}
	v, err := strconv.ParseFloat(number, 64)
	if v *= unit; err != nil || math.IsNaN(v) || v < 0 || v >= math.MaxInt64 {
		return 0, fmt.Errorf("%q is no size, such as 8GB or 500MB", text)
	}
	if v != 0 && v < least {
		return 0, fmt.Errorf("it is less than the 256MB that tc0 needs to begin")
	}
	return int64(v), nil
}

type workCmd struct {
	Subject []string      `placeholder:"PATH" sep:"none" help:"A model folder or a file that jobs may be about; may be given more than once. A job names it by its content."`
	Idle    time.Duration `placeholder:"TIME" help:"End when there was nothing to do for so long. Unless given, never."`
	Quiet   bool          `short:"q" help:"No notes on standard error."`

	linkFlags
	programFlag
	boundFlags
}

func (workCmd) Help() string {
	return `Take one shard at a time, run tc0 for it, and store its file; then take the next. A server that is not there
is waited for, but not longer than --idle, which is an error then. After an interrupt what is in work is given back. A worker runs nothing but tc0, with verbs and flags
of a list: ` + strings.Join(queue.Verbs(), ", ") + `. Jobs that need another version of tc0, or a model that this
worker lacks, are passed over.

Examples:

  tc0-queue work
  tc0-queue work --nats tls://head:7422 --token-file token --nats-tls-ca ca.pem --idle 10m
  tc0-queue work --subject models/mine --memory 8GB --time 30m
`
}

// Run works.
func (cmd *workCmd) Run(a *app) error {
	program, err := cmd.program(&cmd.programFlag, 1)
	if err != nil {
		return err
	}
	link, err := cmd.link()
	if err != nil {
		return err
	}
	if cmd.Idle < 0 {
		return fmt.Errorf("--idle=%v: it is less than none", cmd.Idle)
	}
	w := &queue.Worker{Link: link, Program: program, Given: cmd.Subject, Idle: cmd.Idle, Say: func(text string) {
		if !cmd.Quiet {
			fmt.Fprintln(a.stderr, "tc0-queue: "+text)
		}
	}}
	return w.Run(a.ctx)
}
