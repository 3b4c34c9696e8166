package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/internal/child"
	"github.com/tc0lab/tc0/internal/queue"
)

type runCmd struct {
	Command []string `arg:"" passthrough:"" help:"The command: tc0 ${verbs}, with its subject and flags. Those that only say how the result is shown, such as --plot left.svg, work as ever."`

	Shards  int           `default:"64" placeholder:"N" help:"How many shards to make of the work (${default}); what is printed does not depend on it."`
	Workers int           `default:"1" placeholder:"N" help:"Workers in this process (${default}); 0 leaves all to others."`
	Into    string        `placeholder:"DIR" help:"The folder of the files of the shards, which stay there; those that are there are not done again. Unless given, they are in the folder of the queue until the result is printed."`
	Silence time.Duration `default:"30s" placeholder:"TIME" help:"How long a worker may be silent before its shard goes to another (${default})."`
	Quiet   bool          `short:"q" help:"No progress and no notes on standard error."`

	Listen  string `placeholder:"HOST:PORT" help:"Where the server of this machine listens. Unless given, on 127.0.0.1, at a port that stays the same. Off this machine it needs --tls-cert and --tls-key, or --clear."`
	TLSCert string `name:"tls-cert" placeholder:"FILE" help:"The certificate of the server."`
	TLSKey  string `name:"tls-key" placeholder:"FILE" help:"The key of this certificate."`
	Clear   bool   `help:"Let the token and all that is sent go over the network in clear text: only where nobody else reads it."`

	linkFlags
	programFlag
	boundFlags
}

func (runCmd) Help() string {
	return `The work is cut into shards, which wait in a queue until workers take them. A shard goes to another worker
if its worker dies, and is set aside after it has failed three times; the rest goes on. What is printed in the end
is what tc0 prints, to the byte if times are left out (--deterministic).

The queue is a NATS JetStream server in this process, with a token, or the server that --nats names. After an
interrupt the same command goes on where it was. Workers on other machines need the version of tc0 that is here, and
model folders and files that the command names, of the same content: tc0-queue work --subject DIR.

Examples:

  tc0-queue run -- tc0 sweep attention:d=4 --n 2..64 --plot depth.svg
  tc0-queue run --shards 1000 --workers 0 -- tc0 restrict parity:n=64 --trials 100000
  tc0-queue run --listen 0.0.0.0:7422 --tls-cert c.pem --tls-key k.pem -- tc0 verify digits
`
}

// Run has the work done and shows the result.
func (cmd *runCmd) Run(a *app) (err error) {
	const mostWorkers = 1024
	if cmd.Workers < 0 || cmd.Workers > mostWorkers {
		return fmt.Errorf("--workers=%d is not from 0 to %d", cmd.Workers, mostWorkers)
	}
	words := cmd.Command
	if len(words) > 0 && words[0] == "--" {
		words = words[1:]
	}
	if len(words) > 0 && filepath.Base(words[0]) == "tc0" {
		words = words[1:]
	}
	job, show, err := queue.Parse(words)
	if err != nil {
		return err
	}
	program, err := cmd.program(&cmd.programFlag, cmd.Workers)
	if err != nil {
		return err
	}
	if job.Version, err = program.Version(a.ctx); err != nil {
		return err
	}
	if err := splits(a.ctx, program.Path, job.Verb); err != nil {
		return err
	}
	if job.Count = cmd.Shards; job.Count < 1 || job.Count > queue.MostShards {
		return fmt.Errorf("--shards=%d is not from 1 to %d", cmd.Shards, queue.MostShards)
	}
	if err := job.Check(); err != nil {
		return err
	}
	store, err := cmd.store()
	if err != nil {
		return err
	}
	c := &queue.Coordinator{Job: *job, Into: cmd.Into, Silence: cmd.Silence, Read: readShard}
	if c.Into == "" {
		c.Into = filepath.Join(store, "shards", job.ID())
	}
	if err := c.Claim(); err != nil {
		return err
	}
	link, stop, err := cmd.serve(store)
	if err != nil {
		return err
	}
	defer stop()
	c.Link = link
	if err := cmd.coordinate(a, c, program); err != nil {
		return err
	}
	if err := a.gather(program.Path, c.Into, show); err != nil {
		return err
	}
	if cmd.Into == "" {
		return os.RemoveAll(c.Into)
	}
	return nil
}

// readShard reads the file of a shard.
func readShard(text []byte) (queue.Contents, error) {
	f, err := shard.Decode(text)
	return queue.Contents{Shard: f.Index, Count: f.Count, Enough: f.Enough}, err
}

// splits makes sure that the program has shards of a verb.
func splits(ctx context.Context, program, verb string) error {
	help, err := child.Run(ctx, child.Command{Name: program, Args: []string{verb, "--help"}, Time: time.Minute})
	if err != nil {
		return err
	}
	if !strings.Contains(string(help.Out), "--shard=") {
		return fmt.Errorf("%s %s has no flag --shard: its work has no shards", program, verb)
	}
	return nil
}

// serve starts the server of this machine, unless another is named.
func (cmd *runCmd) serve(store string) (l queue.Link, stop func(), err error) {
	if cmd.NATS != "" {
		for flag, given := range map[string]bool{"--listen": cmd.Listen != "", "--tls-cert": cmd.TLSCert != "", "--clear": cmd.Clear} {
			if given {
				return l, nil, fmt.Errorf("%s is for a server here, and --nats names another", flag)
			}
		}
		l, err = cmd.link()
		return l, func() {}, err
	}
	s, err := queue.Serve(queue.Serving{
		Store: store, Listen: cmd.Listen, Cert: cmd.TLSCert, Key: cmd.TLSKey, Clear: cmd.Clear,
	})
	if err != nil {
		return l, nil, err
	}
	return s.Inside(), s.Close, nil
}

// coordinate has the shards done, with workers of this process if they are wanted.
func (cmd *runCmd) coordinate(a *app, c *queue.Coordinator, p queue.Program) error {
	ctx, stop := context.WithCancel(a.ctx)
	m := a.meter(cmd.Quiet)
	note := func(text string) {
		if !cmd.Quiet {
			fmt.Fprintln(m.above(a.stderr), "tc0-queue: "+text)
		}
	}
	if cmd.NATS == "" && !cmd.Quiet {
		if err := cmd.hints(ctx, c, note); err != nil {
			stop()
			return err
		}
	}
	var failed error
	ended := make(chan error, cmd.Workers)
	for range cmd.Workers {
		w := &queue.Worker{Link: c.Link, Program: p, Given: c.Job.Paths(), Job: c.Job.ID(), Say: note}
		go func() {
			err := w.Run(ctx)
			if err != nil && ctx.Err() == nil { // without it nothing may go on
				failed = err
				stop()
			}
			ended <- err
		}()
	}
	c.Progress = m.set
	err := c.Run(ctx)
	m.end()
	stop()
	for range cmd.Workers {
		<-ended
	}
	if failed != nil && a.ctx.Err() == nil {
		return failed
	}
	var aside *queue.AsideError
	if errors.As(err, &aside) {
		return fmt.Errorf("%w; the others are in %s, and the same command tries these again", err, c.Into)
	}
	return err
}

// hints says how workers join the server of this process, and which jobs are left in it.
func (cmd *runCmd) hints(ctx context.Context, c *queue.Coordinator, note func(string)) error {
	store, err := cmd.store()
	if err != nil {
		return err
	}
	more := []string{}
	if cmd.TLSCert != "" {
		more = append(more, "--nats-tls-ca", cmd.TLSCert)
	}
	for _, path := range c.Job.Paths() {
		more = append(more, "--subject", path)
	}
	join := []string{"tc0-queue", "work", "--store", store}
	if cmd.Listen != "" || cmd.TLSCert != "" {
		join = []string{"tc0-queue", "work", "--nats", c.Link.URL, "--token-file", filepath.Join(store, "token")}
		if cmd.TLSCert != "" {
			join[3] = strings.Replace(c.Link.URL, "nats:", "tls:", 1)
		}
		if host, err := os.Hostname(); err == nil { // where it listens on all addresses
			join[3] = strings.NewReplacer("//0.0.0.0:", "//"+host+":", "//[::]:", "//"+host+":").Replace(join[3])
		}
	}
	if cmd.Workers == 0 || cmd.Listen != "" || cmd.TLSCert != "" {
		note("workers join by: " + queue.Shell(append(join, more...)...))
	}
	s, err := queue.Ask(ctx, c.Link)
	if err != nil {
		return err
	}
	for _, j := range s.Jobs {
		if j.Job == c.Job.ID() {
			continue
		}
		note(fmt.Sprintf("job %s is left in this queue, %s (%s), %d shards of it wait: the same command goes on with it, and %s removes it",
			j.Job, j.Command, j.Version, j.Waiting, queue.Shell("tc0-queue", "cancel", j.Job, "--store", store)))
	}
	return nil
}

// gather has tc0 join the files and show the result as it was asked to.
func (a *app) gather(program, folder string, show []string) error {
	args := slices.Concat([]string{"gather", folder}, show)
	r, err := child.Run(a.ctx, child.Command{Name: program, Args: args, Most: 1 << 30})
	if r != nil {
		if _, e := a.stdout.Write(r.Out); e != nil && err == nil {
			err = fmt.Errorf("standard output: %w", e)
		}
		if _, e := a.stderr.Write(r.Err); e != nil && err == nil {
			err = e
		}
	}
	if err != nil {
		return fmt.Errorf("tc0 gather %s: %w", folder, err)
	}
	if a.status = r.Status; a.status > 1 {
		return fmt.Errorf("tc0 gather %s: status %d; the files stay there", folder, a.status)
	}
	return nil
}
