package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/internal/longtest"
	"github.com/tc0lab/tc0/internal/queue"
	"github.com/tc0lab/tc0/internal/tooltest"
)

// beTC0 makes the test binary a small program that has to do what the queue needs of tc0.
const beTC0 = "TC0_QUEUE_TEST_BE_TC0"

func TestMain(m *testing.M) {
	if os.Getenv(beTC0) != "" {
		os.Exit(small(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// small adds the numbers of shards.
func small(args []string) int {
	switch {
	case args[0] == "version":
		fmt.Println("tc0 v0")
	case args[1] == "--help" && args[0] != "equiv":
		fmt.Println("--shard=I/N")
	case args[0] == "gather":
		files, err := filepath.Glob(filepath.Join(args[1], "*.jsonl"))
		if err != nil {
			return 2
		}
		sum := 0
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return 2
			}
			h, err := shard.Decode(text)
			if err != nil {
				return 2
			}
			sum += h.Index
		}
		fmt.Println("sum", sum, "of", len(files), "shown", args[2:])
		return min(1, sum%2)
	case len(args) > 2:
		i, n := 0, 0
		at := slices.IndexFunc(args, func(arg string) bool { return strings.HasPrefix(arg, "--shard=") })
		if _, err := fmt.Sscanf(args[at], "--shard=%d/%d", &i, &n); err != nil {
			return 2
		}
		if args[1] == "poison" && i == 2 {
			panic("poisoned")
		}
		j, err := shard.Begin(shard.Header{Version: "tc0 v0", Args: args[:at], Index: i, Count: n})
		if err != nil {
			return 2
		}
		if _, err := j.Write(strings.TrimPrefix(args[at+1], "--into=")); err != nil {
			return 2
		}
	}
	return 0
}

// try runs the command with the small program, and returns its status and what it prints.
func try(t *testing.T, args ...string) (status int, out, notes string) {
	t.Helper()
	t.Setenv(beTC0, "1")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for i, arg := range args {
		args[i] = strings.ReplaceAll(arg, "SELF", self)
	}
	var stdout, stderr bytes.Buffer
	a := &app{ctx: tooltest.Context(t), stdout: &stdout, stderr: &stderr}
	status = a.main(args)
	return status, stdout.String(), stderr.String()
}

// run runs tc0-queue run in an empty store.
func run(t *testing.T, line string) (status int, out, notes string) {
	t.Helper()
	return try(t, slices.Concat([]string{"run", "--store", t.TempDir(), "--tc0", "SELF"}, strings.Fields(line))...)
}

// What is printed is what gather prints, and its status.
func TestRun(t *testing.T) {
	for line, want := range map[string]string{
		"--shards 8 -- tc0 sweep parity --n=2 --json --plot x.svg":      "sum 36 of 8 shown [--json --plot=x.svg]\n",
		"--shards 7 --workers 2 -- restrict parity --trials 3":          "sum 28 of 7 shown []\n",
		"--shards 3 --memory 400MB --time 5m verify parity:n=3 --full":  "sum 6 of 3 shown [--full]\n",
		"--shards 100 --workers 3 -q -- /usr/bin/tc0 fourier parity -q": "sum 5050 of 100 shown [--quiet]\n",
	} {
		if status, out, notes := run(t, line); status != 0 || out != want || notes != "" {
			t.Errorf("%s: status %d, %q, %q, want %q", line, status, out, notes, want)
		}
	}
	if status, out, notes := run(t, "--shards 1 -- tc0 sweep parity"); status != 1 || out != "sum 1 of 1 shown []\n" || notes != "" {
		t.Errorf("a mismatch: status %d, %q, %q", status, out, notes)
	}
}

// The files of the shards stay where they are wanted, and are not made again.
func TestInto(t *testing.T) {
	into := t.TempDir()
	for range 2 {
		if status, _, notes := run(t, "--shards 3 --into "+into+" -- tc0 sweep parity"); status != 0 {
			t.Fatal(notes)
		}
		files, err := filepath.Glob(filepath.Join(into, "*.jsonl"))
		if err != nil || len(files) != 3 {
			t.Errorf("there are %d files, %v", len(files), err)
		}
		// One that is damaged is made again.
		if err := os.WriteFile(filepath.Join(into, "0002-of-0003.jsonl"), []byte("2"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	store := t.TempDir()
	if status, _, notes := try(t, "run", "--store", store, "--tc0", "SELF", "--shards", "2", "--", "sweep", "poison"); status != 2 ||
		!strings.Contains(notes, "1 of 2 shards failed 3 times and is set aside; shard 2: exit status 2: panic: poisoned") ||
		!strings.Contains(notes, "the others are in "+store) {
		t.Errorf("a poisoned shard: status %d, %s", status, notes)
	}
}

// A folder with the shards of another command is refused, not shown as the result of this one.
func TestIntoOfAnother(t *testing.T) {
	into := t.TempDir()
	if status, _, notes := run(t, "--shards 4 --into "+into+" -- tc0 sweep parity"); status != 0 {
		t.Fatal(notes)
	}
	for line, want := range map[string]string{
		"--shards 4 --into " + into + " -- tc0 sweep majority": "of another job, tc0 sweep parity; name another folder with --into",
		"--shards 5 --into " + into + " -- tc0 sweep parity":   "--shards=4 goes on with them",
	} {
		if status, out, notes := run(t, line); status != 2 || out != "" || !strings.Contains(notes, want) {
			t.Errorf("%s: status %d, %q, %q; want %q", line, status, out, notes, want)
		}
	}
}

// What is left in a queue is named, with what removes it; a queue in use, and a port in use, say what to do.
func TestLeft(t *testing.T) {
	store := t.TempDir()
	s, err := queue.Serve(queue.Serving{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	if status, _, notes := run(t, "--listen "+s.Address+" -- sweep parity"); status != 2 || !strings.Contains(notes, "--listen: ") {
		t.Errorf("a port in use: status %d, %s", status, notes)
	}
	line := []string{"run", "--store", store, "--tc0", "SELF", "--shards", "2", "--", "sweep", "parity"}
	if status, _, notes := try(t, slices.Clone(line)...); status != 2 ||
		!strings.Contains(notes, "is in use by another tc0-queue run: --nats nats://"+s.Address+" --token-file ") {
		t.Errorf("a queue in use: status %d, %s", status, notes)
	}
	job := queue.Job{Version: "tc0 v9", Verb: "verify", Subjects: []queue.Subject{{Name: "parity"}}, Args: []string{}, Count: 3}
	ctx, stop := context.WithCancel(tooltest.Context(t))
	c := &queue.Coordinator{
		Job: job, Into: t.TempDir(), Link: s.Inside(), Read: readShard, Progress: func(queue.Progress) { stop() },
	}
	if err := c.Run(ctx); err == nil {
		t.Fatal("nobody did it")
	}
	s.Close()
	status, out, notes := try(t, slices.Clone(line)...)
	want := "job " + job.ID() + " is left in this queue, tc0 verify parity (tc0 v9), 3 shards of it wait"
	if status != 1 || out != "sum 3 of 2 shown []\n" || !strings.Contains(notes, want) {
		t.Errorf("status %d, %q, %q; want %q", status, out, notes, want)
	}
	if status, out, notes := try(t, "cancel", "--store", store, job.ID()); status != 0 || out+notes != "" {
		t.Errorf("status %d, %q, %q", status, out, notes)
	}
	if _, _, notes := try(t, slices.Clone(line)...); notes != "" {
		t.Errorf("after it was cancelled: %q", notes)
	}
}

// Bad use is said in one line, before anything is done.
func TestBadUse(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	for _, test := range []struct{ want, line string }{
		{`"draw" is no verb that has shards`, "run --tc0 SELF -- tc0 draw parity"},
		{"has no flag --shard: its work has no shards", "run --tc0 SELF -- tc0 equiv a b"},
		{"--shard is no flag that can be given here", "run --tc0 SELF -- tc0 sweep parity --shard 1/2"},
		{"--shards=0 is not from 1 to 100000", "run --tc0 SELF --shards 0 -- tc0 sweep parity"},
		{"--workers=-1 is not from 0 to 1024", "run --tc0 SELF --workers=-1 -- tc0 sweep parity"},
		{"--memory=7: it is less than the 256MB", "run --tc0 SELF --memory 7 -- tc0 sweep parity"},
		{`--memory=x: "x" is no size`, "run --tc0 SELF --memory x -- tc0 sweep parity"},
		{"--time=0s: a shard needs some time", "run --tc0 SELF --time 0s -- tc0 sweep parity"},
		{"--listen=0.0.0.0:0: other machines can read", "run --tc0 SELF --store " + t.TempDir() + " --listen 0.0.0.0:0 -- sweep parity"},
		{"--listen is for a server here", "run --tc0 SELF --nats nats://127.0.0.1:1 --listen :1 -- sweep parity"},
		{"no such file", "run --tc0 " + none + " -- sweep parity"},
		{"no queue was ever in " + none, "work --tc0 SELF --store " + none},
		{"no queue was ever in " + none, "status --store " + none},
		{"no such file", "work --tc0 SELF --nats nats://127.0.0.1:1 --token-file " + none},
		{"--nats-creds=" + none + ": there is no such file", "work --tc0 SELF --nats nats://127.0.0.1:1 --nats-creds " + none},
		{"need each other", "status --nats nats://127.0.0.1:1 --nats-tls-cert main.go"},
		{"no server answers", "status --nats nats://127.0.0.1:1"},
		{`--nats: "nonsense" is no address of a server: nats://HOST:PORT`, "work --tc0 SELF --nats nonsense"},
		{`--nats: "http://127.0.0.1:1" is no address`, "run --tc0 SELF --nats http://127.0.0.1:1 -- sweep parity"},
		{"no server answered for 1ms", "work -q --tc0 SELF --nats nats://127.0.0.1:1 --idle 1ms"},
		{`"x" is no job: 16 hexadecimal digits`, "cancel x --nats nats://127.0.0.1:1"},
		{"--idle=-1s: it is less than none", "work --tc0 SELF --nats nats://127.0.0.1:1 --idle=-1s"},
		{"unexpected argument frob", "frob"},
	} {
		status, out, notes := try(t, strings.Fields(test.line)...)
		if status != 2 || out != "" || !strings.Contains(notes, test.want) || strings.Count(notes, "\n") != 1 {
			t.Errorf("%s: status %d, %q, %q; want %q", test.line, status, out, notes, test.want)
		}
	}
	if status, out, notes := try(t, "--version"); status != 0 || !strings.HasPrefix(out, "tc0-queue ") || notes != "" {
		t.Errorf("--version: status %d, %q, %q", status, out, notes)
	}
	for _, line := range []string{"", "help", "help run", "work --help", "status --help", "cancel --help"} {
		if status, out, notes := try(t, strings.Fields(line)...); status != 0 || !strings.HasPrefix(out, "Usage: tc0-queue") ||
			strings.Contains(out, "${") {
			t.Errorf("%s: status %d, %q, %q", line, status, out, notes)
		}
	}
}

// A worker of its own and the status, over the network, with encryption.
func TestWorkAndStatus(t *testing.T) {
	store := t.TempDir()
	cert, key := certificate(t)
	ctx, stop := context.WithCancel(tooltest.Context(t))
	ended := make(chan int)
	t.Setenv(beTC0, "1")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	into := t.TempDir()
	var out bytes.Buffer // of the run; to be read when it has ended
	go func() {
		a := &app{ctx: ctx, stdout: &out, stderr: &out}
		ended <- a.main([]string{
			"run", "--tc0", self, "--store", store, "--tls-cert", cert, "--tls-key", key, "--workers", "0", "--shards", "4",
			"--into", into, "--", "sweep", "poison",
		})
	}()
	const fed = ": 4 waiting, 0 running, 0 done, 0 set aside\n  tc0 sweep poison (tc0 v0)\nno worker\n"
	for { // until the shards are there
		_, out, _ := try(t, "status", "--store", store, "--nats-tls-ca", cert)
		if strings.Contains(out, fed) {
			break
		}
		if ctx.Err() != nil {
			t.Fatalf("the status is %q", out)
		}
		time.Sleep(20 * time.Millisecond)
	}
	// Without the certificate nobody is let in.
	if status, _, notes := try(t, "work", "--tc0", "SELF", "--store", store, "--idle", "1ms"); status != 2 ||
		!strings.Contains(notes, "certificate") {
		t.Errorf("without a certificate: status %d, %s", status, notes)
	}
	link, err := queue.Here(store)
	if err != nil {
		t.Fatal(err)
	}
	status, _, notes := try(t, "work", "--tc0", "SELF", "--nats", strings.Replace(link.URL, "nats:", "tls:", 1),
		"--token-file", filepath.Join(store, "token"), "--nats-tls-ca", cert, "--idle", "5s")
	if status != 0 || strings.Count(notes, "shard 2 of 4 of job") != queue.Failures || !strings.Contains(notes, "nothing was to do for 5s") {
		t.Errorf("status %d, %q", status, notes)
	}
	if status := <-ended; status != 2 { // one is set aside
		t.Errorf("status %d", status)
	}
	if want := "tc0-queue work --nats " + strings.Replace(link.URL, "nats:", "tls:", 1) + " --token-file " +
		filepath.Join(store, "token") + " --nats-tls-ca " + cert; !strings.Contains(out.String(), want) {
		t.Errorf("%q lacks %q", out.String(), want)
	}
	files, err := filepath.Glob(filepath.Join(into, "*.jsonl"))
	if err != nil || len(files) != 3 {
		t.Errorf("there are %d files, %v", len(files), err)
	}
	stop()
}

// The real program: what the queue prints is what one process prints, to the byte.
func TestLongRealProgram(t *testing.T) {
	longtest.Need(t)
	bin := t.TempDir()
	program := filepath.Join(bin, "tc0")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if out, err := exec.CommandContext(tooltest.Context(t), "go", "build", "-o", bin, "../tc0").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	model, err := filepath.Abs("../../testdata/models/digits")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.CopyFS("models/mine", os.DirFS(model)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("texts.txt", []byte("123+989\n456+111\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"sweep attention:d=2 --beside mlp --n 2..5 --seed 3", "verify attention:n=3 --inputs 5000",
		"restrict parity:n=16 --trials 5 --free 0.1,0.5 --json", "fourier majority:n=7",
		"fourier rule110:n=5,steps=2 --output after[3]", "prove attention:d=2 --check 2..5 --markdown",
		"equiv majority:n=12 majority:n=12 --basis NC1 --cubes 3 --inputs 1",
		"equiv multiplication:n=3 multiplication:n=3 --basis AC0 --cubes 2 --method solve --solver gophersat --proof p.cubes",
		"run models/mine --count 9", "run adder --in texts.txt", "run most-frequent abacabadabacabae",
	} {
		args := append(strings.Fields(line), "--deterministic")
		want, err := exec.CommandContext(tooltest.Context(t), program, args...).Output()
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		var out, notes bytes.Buffer
		a := &app{ctx: tooltest.Context(t), stdout: &out, stderr: &notes}
		status := a.main(slices.Concat(
			[]string{"run", "--tc0", program, "--store", t.TempDir(), "--workers", "3", "--shards", "7", "--"}, args))
		if status != 0 || out.String() != string(want) {
			t.Errorf("%s: status %d, %s\n%s\nwant\n%s", line, status, &notes, &out, want)
		}
	}
}
