// Command tc0-queue has many machines do the work of one command of tc0. It is a command of its own because the server
// that is in it makes a program 12 MB larger, which tc0 need not be.
//
//	tc0-queue run -- tc0 sweep attention --n 2..64   cuts the work into shards, hands them out, prints what tc0 prints
//	tc0-queue work                                   does shards, on any machine
//	tc0-queue status                                 what is done, and who does what
//	tc0-queue cancel JOB                             takes a job out of the queue
//
// The shards are done, and joined, by the program tc0, which lies beside this one or on the path.
//
// The exit status is that of tc0: 0 if all that was checked holds, 1 if a check found a mismatch, 2 for bad use, bad
// input, or shards that failed, and 130 after an interrupt.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/tc0lab/tc0/internal/command"
	"github.com/tc0lab/tc0/internal/queue"
)

// statusBad is the exit status of this command's own errors.
const statusBad = 2

// grace is how long an interrupted command may take to give back what it has in work.
const grace = 2 * time.Second

func main() {
	command.Main("tc0-queue", grace, func(ctx context.Context) int {
		a := &app{ctx: ctx, stdout: os.Stdout, stderr: os.Stderr}
		return a.main(os.Args[1:])
	}, func() {})
}

// app is one run of the command.
type app struct {
	ctx            context.Context
	stdout, stderr io.Writer
	status         int // of tc0 gather
}

// grammar is the command line.
type grammar struct {
	Run    runCmd    `cmd:"" help:"Have the work of a command of tc0 done by workers, and print what it prints."`
	Work   workCmd   `cmd:"" help:"Do shards, one at a time, until interrupted."`
	Status statusCmd `cmd:"" help:"How far the jobs of a server are, and what each worker does."`
	Cancel cancelCmd `cmd:"" help:"Take a job out of the queue, with what was done of it."`

	Version kong.VersionFlag `help:"Print the version."`
}

const description = `Have many machines do the work of one command of tc0.

tc0-queue run -- tc0 sweep attention --n 2..64 --plot depth.svg cuts it into shards, hands them to workers and prints what tc0 prints. tc0-queue work, on this machine or on others, does them.

Exit status: that of tc0; 2 for bad use, bad input and shards that failed; 130 after an interrupt.`

// leave is thrown by kong's exits, such as that of --help.
type leave int

// main runs the command line and returns the exit status.
func (a *app) main(args []string) int {
	err := a.parse(args)
	switch {
	case err == nil:
		return a.status
	case a.ctx.Err() != nil && errors.Is(err, a.ctx.Err()):
		fmt.Fprintln(a.stderr, "tc0-queue: interrupted")
		return command.Interrupted
	}
	fmt.Fprintf(a.stderr, "tc0-queue: %s\n", strings.ReplaceAll(err.Error(), "\n", "; "))
	return statusBad
}

func (a *app) parse(args []string) (err error) {
	var g grammar
	parser, err := kong.New(&g,
		kong.Name("tc0-queue"), kong.Description(description), kong.Writers(a.stdout, a.stderr),
		kong.Exit(func(code int) { panic(leave(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true, WrapUpperBound: 100}),
		kong.Vars{"verbs": strings.Join(queue.Verbs(), ", "), "version": command.Version("tc0-queue")}, kong.Bind(a),
	)
	if err != nil {
		return err
	}
	defer func() {
		switch code := recover().(type) {
		case nil:
		case leave:
			a.status = int(code)
		default:
			panic(code)
		}
	}()
	switch {
	case len(args) == 0:
		args = []string{"--help"}
	case args[0] == "help":
		args = append(args[1:], "--help")
	}
	k, err := parser.Parse(args)
	if err != nil {
		return err
	}
	return k.Run(a)
}

// programFlag names the program tc0.
type programFlag struct {
	TC0 string `name:"tc0" placeholder:"FILE" help:"The program tc0 that does shards. Unless given, it is the one beside this program, or else on the path."`
}

// path finds the program.
func (f *programFlag) path() (string, error) {
	name := "tc0"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if f.TC0 != "" {
		return filepath.Abs(f.TC0)
	}
	if self, err := os.Executable(); err == nil {
		if beside := filepath.Join(filepath.Dir(self), name); isFile(beside) {
			return beside, nil
		}
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("there is no program %s beside this one or on the path; --tc0 names it: %w", name, err)
	}
	return filepath.Abs(path)
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// linkFlags say where the server is.
type linkFlags struct {
	Store   string `placeholder:"DIR" help:"The folder of the queue of this machine: its messages, its token and its address. Unless given, tc0-queue in the user's cache folder."`
	NATS    string `name:"nats" placeholder:"URL" help:"Use this NATS server, with JetStream, instead: nats://HOST:PORT or tls://HOST:PORT; several with commas between."`
	Token   string `name:"token-file" placeholder:"FILE" help:"With --nats: a file with the token of the server, such as the file token in the folder of another machine's queue."`
	Creds   string `name:"nats-creds" placeholder:"FILE" help:"With --nats: a file of credentials, as nsc writes it."`
	TLSCA   string `name:"nats-tls-ca" placeholder:"FILE" help:"The certificate of whom to trust that the server is the right one."`
	TLSCert string `name:"nats-tls-cert" placeholder:"FILE" help:"The certificate of this client, if the server asks for one."`
	TLSKey  string `name:"nats-tls-key" placeholder:"FILE" help:"The key of this certificate."`
}

// store is the folder of the queue of this machine.
func (f *linkFlags) store() (string, error) {
	if f.Store != "" {
		return filepath.Abs(f.Store)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("there is no cache folder of the user; --store names a folder: %w", err)
	}
	return filepath.Join(cache, "tc0-queue"), nil
}

// link is to the server that the flags name, or to that of this machine.
func (f *linkFlags) link() (l queue.Link, err error) {
	if f.NATS == "" {
		store, err := f.store()
		if err != nil {
			return l, err
		}
		if l, err = queue.Here(store); errors.Is(err, os.ErrNotExist) {
			return l, fmt.Errorf("no queue was ever in %s: tc0-queue run makes one; --store names another folder, --nats a server", store)
		} else if err != nil {
			return l, err
		}
	} else {
		l.URL = f.NATS
		if err := l.Check(); err != nil {
			return l, fmt.Errorf("--nats: %w", err)
		}
	}
	if f.Token != "" {
		if l.Token, err = queue.ReadToken(f.Token); err != nil {
			return l, err
		}
	}
	for flag, file := range map[string]string{
		"nats-creds": f.Creds, "nats-tls-ca": f.TLSCA, "nats-tls-cert": f.TLSCert, "nats-tls-key": f.TLSKey,
	} {
		if file != "" && !isFile(file) {
			return l, fmt.Errorf("--%s=%s: there is no such file", flag, file)
		}
	}
	if (f.TLSCert == "") != (f.TLSKey == "") {
		return l, errors.New("--nats-tls-cert and --nats-tls-key need each other")
	}
	l.Creds, l.CA, l.Cert, l.Key = f.Creds, f.TLSCA, f.TLSCert, f.TLSKey
	return l, nil
}
