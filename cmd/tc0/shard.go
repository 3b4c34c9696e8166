package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/tc0lab/tc0/analysis/shard"
)

// shardFlags are those of a verb whose work many processes can do.
type shardFlags struct {
	Shard string `group:"shards" placeholder:"I/N" help:"Do only part I of N of the work, and write what was found to --into for tc0 gather. auto/N takes I from SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX or PARALLEL_SEQ; auto takes N from Slurm, too."`
	Into  string `group:"shards" default:"shards" placeholder:"DIR" help:"The folder of the parts (${default}); one folder has the parts of one job."`
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
	if h.Index, h.Count, err = shard.ParseHere(f.Shard); err != nil {
		return err
	}
	r := shardResult{strings.Join(args, " "), h.Index, h.Count, filepath.Join(f.Into, shard.Name(h.Index, h.Count)), false}
	if r.Before, err = shard.Done(f.Into, h); err != nil || r.Before {
		return cmp.Or(err, a.showShard(r))
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
		return errf("tc0 %s does all its work at once: it has no parts", strings.Join(args, " "))
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
	File   string `json:"file"`
	Before bool   `json:"done_before"`
}

func (a *app) showShard(r shardResult) error {
	return a.show(r, func() {
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

// exactVersion is the version of the program. Where that does not say which source it was built from, it has
// the digest of the program, too.
func exactVersion() string {
	v := version()
	if v != "tc0 (development version)" && !strings.Contains(v, "dirty") && !strings.Contains(v, ", changed") {
		return v
	}
	digest, err := maker()
	if err != nil {
		return v
	}
	return v + " " + digest[:16]
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
	Folder string   `arg:"" type:"existingdir" help:"The folder of the parts that --shard wrote; folders in it count, too."`
	Show   []string `arg:"" optional:"" passthrough:"" help:"How to show the result: flags of the verb, such as --plot left.svg or --json."`
}

func (gatherCmd) Help() string {
	return `Join the parts of a job that --shard has written, and print what one process would print that did the whole
job: the same tables, plots and verdict, to the byte if times are left out (--deterministic). Flags that come behind the folder are those of
the verb.

Files of another job, of another version of tc0, of other weights or data, and damaged ones are refused. A part
that is there twice counts once. If parts are missing, it says which, as --array of Slurm's sbatch reads it.

Examples:

  tc0 restrict parity:n=64 --trials 1000 --shard 1/2
  tc0 restrict parity:n=64 --trials 1000 --shard 2/2
  tc0 gather shards --plot left.svg
`
}

// Run runs the verb of the parts, which takes its results from them.
func (cmd *gatherCmd) Run(a *app) error {
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
	// The command line comes from files: it must be one that --shard writes.
	var g grammar
	parser, err := a.parser(&g)
	if err != nil {
		return err
	}
	k, err := parser.Parse(h.Args)
	if err != nil {
		return errf("%s: its command line: %w", cmd.Folder, err)
	}
	if _, ok := verbOf(k); !ok {
		return errf("%s: tc0 %s has no parts", cmd.Folder, h.Args[0])
	}
	if args, left := work(k); !slices.Equal(args, h.Args) || len(left) > 0 {
		return errf("%s: tc0 %s is no command line of a part", cmd.Folder, strings.Join(h.Args, " "))
	}
	if path := givenIn(h.Args, "proof"); path != "" && givenIn(cmd.Show, "proof") != path {
		return errf("%s: the parts have proofs, which are written to %s only if you say so: --proof %s", cmd.Folder, path, path)
	}
	outer := a.flags
	a.ctx = shard.With(a.ctx, j)
	err = a.runWith(slices.Concat(h.Args, cmd.Show), func(f *flags) {
		f.JSON, f.Full, f.Quiet = f.JSON || outer.JSON, f.Full || outer.Full, f.Quiet || outer.Quiet
		f.NoCache, f.Deterministic = f.NoCache || outer.NoCache, f.Deterministic || outer.Deterministic
	})
	if err != nil && !errors.Is(err, errFalse) {
		return err
	}
	if e := j.Unread(); e != nil {
		return e
	}
	return err
}
