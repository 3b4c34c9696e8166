package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/command"
)

// shardFlags are those of a verb whose work many processes can do.
type shardFlags struct {
	Shard *string `group:"shards" placeholder:"I/N" help:"Do only shard I of N of the work, and write what was found to --into for tc0 gather. auto/N takes I from SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX or PARALLEL_SEQ, whichever is set; auto takes N from Slurm, too."`
	Into  string  `group:"shards" default:"shards" placeholder:"DIR" help:"The folder of the files of shards (${default}); one folder has those of one job."`
}

func (f *shardFlags) shards() *shardFlags { return f }

// sharded is a verb with such flags.
type sharded interface{ shards() *shardFlags }

// verbOf returns the chosen verb if its work can be split.
func verbOf(k *kong.Context) (sharded, bool) {
	v, ok := k.Selected().Target.Addr().Interface().(sharded)
	return v, ok
}

// unshared are the flags that change how results are shown, and not what they are.
var unshared = []string{"json", "deterministic", "full", "no-cache", "quiet", "shard", "into", "help"}

// afterwards are the flags that name a file to write, or a form of the page.
var afterwards = []string{
	"csv", "plot", "latex", "standalone", "markdown", "output", "coq", "bundle", "miter", "estimate",
}

// work returns the command line without what only changes how results are shown, in one order: the
// verb, its arguments, and the flags that were given. Left says what was left out and writes files.
func work(k *kong.Context) (args, left []string) {
	verb := k.Selected()
	args = []string{verb.Name}
	for _, p := range verb.Positional {
		args = append(args, texts(p.Target)...)
	}
	flags := slices.Concat(k.Model.Flags, verb.Flags)
	slices.SortFunc(flags, func(a, b *kong.Flag) int { return strings.Compare(a.Name, b.Name) })
	for _, f := range flags {
		switch {
		case !f.Set || slices.Contains(unshared, f.Name):
		case slices.Contains(afterwards, f.Name) && f.PlaceHolder != "NAME": // which is that of a wire
			left = append(left, "--"+f.Name)
		case f.IsBool():
			if f.Target.Bool() {
				args = append(args, "--"+f.Name)
			}
		default:
			for _, text := range texts(f.Target) {
				if text != f.Default {
					args = append(args, "--"+f.Name+"="+text)
				}
			}
		}
	}
	return args, left
}

// texts writes a value of the command line.
func texts(v reflect.Value) []string {
	if v.Kind() == reflect.Slice {
		var all []string
		for i := range v.Len() {
			all = append(all, fmt.Sprint(v.Index(i)))
		}
		return all
	}
	if text := fmt.Sprint(v); text != "" {
		return []string{text}
	}
	return nil
}

// runShard runs one shard of a verb, and writes what it has found.
func (a *app) runShard(k *kong.Context, f *shardFlags) error {
	args, left := work(k)
	if len(left) > 0 {
		return errf("%s is not for a shard, which shows nothing: give it to tc0 gather", left[0])
	}
	var h shard.Header
	var err error
	h.Version, h.Args = exactVersion(), args
	if h.Index, h.Count, err = shard.ParseHere(*f.Shard); err != nil {
		return err
	}
	file := filepath.Join(f.Into, shard.Name(h.Index, h.Count))
	r := shardResult{Work: strings.Join(args, " "), Index: h.Index, Count: h.Count, File: file}
	if r.Before, err = shard.Done(f.Into, h); err != nil || r.Before {
		return cmp.Or(err, a.showShard(r))
	}
	if args[0] == "equiv" { // of which one difference is enough
		if r.Decided, err = shard.Decided(f.Into, h); err != nil || r.Decided != "" {
			r.File = ""
			return cmp.Or(err, a.showShard(r))
		}
	}
	j, err := shard.Begin(h)
	if err != nil {
		return err
	}
	if a.flags.Deterministic {
		j.LeaveOutTimes()
	}
	whole := a.ctx
	a.ctx = shard.With(whole, j)
	if err := k.Run(a); err != nil && !errors.Is(err, errFalse) { // whether something is false is for the whole to say
		return err
	}
	a.ctx = whole
	if j.Stages() == 0 {
		return errf("tc0 %s does all its work at once", strings.Join(args, " "))
	}
	if _, err := j.Write(f.Into); err != nil {
		return err
	}
	a.Truncate(0)
	return a.showShard(r)
}

// shardResult is the JSON of a shard.
type shardResult struct {
	Work   string `json:"work"` // the command line
	Index  int    `json:"shard"`
	Count  int    `json:"of"`
	File   string `json:"file"` // "" if it is not needed
	Before bool   `json:"done_before"`
	// Decided is a file of the folder that decides the whole, so that this shard is not needed and has no file.
	Decided string `json:"decided_by,omitempty"`
}

func (a *app) showShard(r shardResult) error {
	return a.show(r, func() {
		if r.Decided != "" {
			a.Printf("shard %d of %d of tc0 %s: not needed, %s decides the whole\n", r.Index, r.Count, r.Work, r.Decided)
			return
		}
		was := ""
		if r.Before {
			was = "done before, "
		}
		a.Printf("shard %d of %d of tc0 %s: %s%s\n", r.Index, r.Count, r.Work, was, r.File)
	}, true)
}

// about tells the job at work what a subject is made of.
func (a *app) about(s subject) error {
	return shard.Of(a.ctx).About(s.name(), func(w io.Writer) error {
		if c := s.its().circuit; c != nil {
			return c.Write(w)
		}
		_, err := w.Write(s.key())
		return err
	})
}

// exactVersion is the version of the program, with its digest where that says more.
func exactVersion() string {
	v := command.Version("tc0")
	path, err := os.Executable()
	if err != nil {
		return v
	}
	exact, err := command.Exact(v, path)
	if err != nil {
		return v
	}
	return exact
}

// givenIn returns the value of a flag in arguments; "" if it is not among them.
func givenIn(args []string, flag string) string {
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, "--"+flag+"="); ok {
			return value
		}
		if arg == "--"+flag && i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}

type gatherCmd struct {
	Folder string   `arg:"" type:"existingdir" help:"The folder of the files that --shard wrote; folders in it count, too."`
	Show   []string `arg:"" optional:"" passthrough:"" help:"How to show the result: flags of the verb, such as --plot left.svg or --json."`
}

func (gatherCmd) Help() string {
	return `Join the shards of a job, and print what one process would print that did the whole job: the same tables, plots
and verdict, to the byte if times are left out (--deterministic). Flags that come behind the folder are those of the
verb that say how results are shown.

Files of another job, of another version of tc0, of other weights or data, and damaged ones are refused. A shard
that is there twice counts once. If shards are missing, it says which, as --array of Slurm's sbatch reads it.

Examples:

  tc0 restrict parity:n=64 --trials 1000 --shard 1/2
  tc0 restrict parity:n=64 --trials 1000 --shard 2/2
  tc0 gather shards --plot left.svg
`
}

// Run runs the verb of the shards, which takes its results from them.
func (cmd *gatherCmd) Run(a *app) error {
	if a.flags.Seed != 1 || a.model.Name != gates.Standard().Name {
		return errf("--seed and --depth-model are of the job: its shards have been done with those that they name")
	}
	j, h, err := shard.Folder(cmd.Folder)
	var missing *shard.MissingError
	if errors.As(err, &missing) {
		return errf("%w (tc0 %s)", err, strings.Join(h.Args, " "))
	}
	if err != nil {
		return err
	}
	if err := h.Same(exactVersion(), h.Args); err != nil {
		return errf("%s: %w", cmd.Folder, err)
	}
	if err := a.written(h.Args); err != nil {
		return errf("%s: %w", cmd.Folder, err)
	}
	if path := givenIn(h.Args, "proof"); path != "" && givenIn(cmd.Show, "proof") != path {
		return errf("%s: the shards have proofs, which are written to %s only if you say so: --proof %s", cmd.Folder, path,
			path)
	}
	outer := a.flags
	a.ctx = shard.With(a.ctx, j)
	err = a.runWith(slices.Concat(h.Args, cmd.Show), func(k *kong.Context, f *flags) error {
		f.JSON, f.Full, f.Quiet = f.JSON || outer.JSON, f.Full || outer.Full, f.Quiet || outer.Quiet
		f.NoCache, f.Deterministic = f.NoCache || outer.NoCache, f.Deterministic || outer.Deterministic
		return onlyShown(k, h.Args, cmd.Show)
	})
	if err != nil && !errors.Is(err, errFalse) {
		return err
	}
	if e := j.Unread(); e != nil {
		return e
	}
	return err
}

// written checks that a command line, which comes from files, is one that --shard writes.
func (a *app) written(args []string) error {
	line := "tc0 " + strings.Join(args, " ")
	exits := func(arg string) bool { // instead of running anything
		return arg == "--help" || arg == "--version" || strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "--")
	}
	if slices.ContainsFunc(args, exits) {
		return errf("%s is no command line of a shard", line)
	}
	var g grammar
	parser, err := a.parser(&g)
	if err != nil {
		return err
	}
	k, err := parser.Parse(args)
	if err != nil {
		return errf("its command line: %w", err)
	}
	if _, ok := verbOf(k); !ok {
		return errf("tc0 %s has no shards", args[0])
	}
	if again, left := work(k); !slices.Equal(again, args) || len(left) > 0 {
		return errf("%s is no command line of a shard", line)
	}
	return nil
}

// onlyShown checks that a command line with more flags asks for the same work, and shows it otherwise.
func onlyShown(k *kong.Context, job, more []string) error {
	args, left := work(k)
	split := slices.ContainsFunc(more, func(arg string) bool {
		name, _, _ := strings.Cut(arg, "=")
		return name == "--into" || name == "--shard"
	})
	switch {
	case slices.Contains(left, "--estimate") || split:
		return errf("--estimate, --shard and --into are for work that is to be done, and this is done")
	case slices.Equal(args, job):
		return nil
	case givenIn(more, "proof") != "" && givenIn(job, "proof") == "":
		return errf("--proof: the shards were done without; do them again with --proof")
	}
	other := slices.DeleteFunc(args, func(arg string) bool { return slices.Contains(job, arg) })
	return errf("%s is of the job, and its shards are those of tc0 %s", strings.Join(other, " "), strings.Join(job, " "))
}
