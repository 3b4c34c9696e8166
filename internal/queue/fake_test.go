package queue

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// fakeVar makes the test binary behave as the program tc0 does to a worker. Its value says which shards do what:
// panic=3,memory=5.
const fakeVar = "TC0_QUEUE_TEST_FAKE"

func TestMain(m *testing.M) {
	if store := os.Getenv(workerVar); store != "" {
		os.Exit(fakeWorker(store))
	}
	if store := os.Getenv(coordinatorVar); store != "" {
		os.Exit(soakCoordinator(store))
	}
	if what := os.Getenv(fakeVar); what != "" {
		os.Exit(fake(what, os.Args[1:]))
	}
	os.Exit(m.Run())
}

// workerVar makes the test binary a worker of the server whose folder it names, with the fake program.
const workerVar = "TC0_QUEUE_TEST_WORKER"

func fakeWorker(store string) int {
	path, err := os.Executable()
	link, e := Here(store)
	if err == nil && e == nil {
		// The children of the worker are the program, and no workers.
		p := Program{Path: path, Env: []string{workerVar + "="}, Time: time.Hour}
		w := &Worker{Link: link, Program: p}
		if said := os.Getenv(workerVar + "_SAY"); said != "" {
			w.Say = func(text string) { _ = logTo(said, text+"\n") } // the test looks at what is there
		}
		err = w.Run(context.Background())
	}
	fmt.Fprintln(os.Stderr, err, e)
	return 1
}

// eaten is what a shard eats that eats memory.
var eaten [][]byte

const fakeVersion = "tc0 (a fake)"

// fake does a shard, or what a shard does that is poisoned.
func fake(what string, args []string) int {
	if args[0] == "version" {
		fmt.Println(fakeVersion + "\nand more")
		return 0
	}
	text, into := "", ""
	for _, arg := range args {
		if s, ok := strings.CutPrefix(arg, "--shard="); ok {
			text = s
		}
		if s, ok := strings.CutPrefix(arg, "--into="); ok {
			into = s
		}
	}
	left, right, _ := strings.Cut(text, "/")
	shard, _ := strconv.Atoi(left)
	count, _ := strconv.Atoi(right)
	size := 10
	for poison := range strings.SplitSeq(what, ",") {
		kind, which, _ := strings.Cut(poison, "=")
		if which != left && which != "all" {
			continue
		}
		switch kind {
		case "panic":
			panic("poisoned")
		case "memory":
			debug.SetMemoryLimit(1 << 60)
			for { // the test gives it a bound
				b := make([]byte, 16<<20)
				for i := range b {
					b[i] = 1
				}
				eaten = append(eaten, b)
			}
		case "never":
			time.Sleep(time.Hour)
		case "slow":
			time.Sleep(100 * time.Millisecond)
		case "log": // that it was begun
			if err := logTo(os.Getenv(fakeVar+"_FILE"), left+"\n"); err != nil {
				fmt.Fprintln(os.Stderr, "tc0:", err)
				return 2
			}
		case "wait": // until the file is there
			for {
				if _, err := os.Stat(os.Getenv(fakeVar + "_FILE")); err == nil {
					break
				}
				time.Sleep(10 * time.Millisecond)
			}
		case "die": // the first time
			if _, err := os.Stat(os.Getenv(fakeVar + "_FILE")); err == nil {
				break
			}
			self, err := os.FindProcess(os.Getpid())
			if logTo(os.Getenv(fakeVar+"_FILE"), "x\n") != nil || err != nil || self.Kill() != nil {
				return 3
			}
			time.Sleep(time.Hour)
		case "bad":
			fmt.Fprintf(os.Stderr, "tc0: parity:n=%d: no such circuit\n", shard)
			return 2
		case "wrong":
			fmt.Fprintln(os.Stderr, `tc0: unknown subject "parity"`)
			return 2
		case "nothing":
			return 0
		case "mismatch":
			defer func() { os.Exit(1) }()
		case "full":
			fmt.Fprintln(os.Stderr, "tc0: into/x: no space left on device")
			return 2
		case "soak":
			size = soakSize(shard)
		case "big":
			size = 200_000
		}
	}
	args = args[:len(args)-2] // the folder is another one each time
	made := fakeShard(args, shard, count, size)
	if slices.Contains(strings.Split(what, ","), fmt.Sprint("enough=", shard)) {
		body, _, _ := strings.Cut(string(made), "{\"sha256\"")
		made = sealed(strings.Replace(body, "}", ",\"enough\":true}", 1))
	}
	if err := os.WriteFile(filepath.Join(into, fmt.Sprintf("%04d-of-%04d.jsonl", shard, count)), made, 0o666); err != nil {
		fmt.Fprintln(os.Stderr, "tc0:", err)
		return 2
	}
	return 0
}

func logTo(file, line string) error {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteString(line)
	return err
}

// fakeShard is the text of a shard: a pure function of its key.
func fakeShard(args []string, shard, count, size int) []byte {
	var b strings.Builder
	words, err := json.Marshal(args)
	if err != nil {
		panic(err) // they are texts
	}
	fmt.Fprintf(&b, "{\"tc0\":%q,\"args\":%s,\"shard\":%d,\"of\":%d}\n", fakeVersion, words, shard, count)
	for i := range size {
		fmt.Fprintf(&b, "{\"stage\":\"%x\"}\n", sha256.Sum256(fmt.Append(nil, shard, count, i)))
	}
	return sealed(b.String())
}

func sealed(body string) []byte {
	return fmt.Appendf(nil, "%s{\"sha256\":\"%x\"}\n", body, sha256.Sum256([]byte(body)))
}

// readFake reads it.
func readFake(text []byte) (in Contents, err error) {
	all, ok := bytes.CutSuffix(text, []byte("\"}\n"))
	before, sum, both := bytes.Cut(all, []byte("{\"sha256\":\""))
	if !ok || !both || string(sum) != fmt.Sprintf("%x", sha256.Sum256(before)) {
		return in, errors.New("it is damaged")
	}
	var h struct {
		Shard, Of int
		Enough    bool
	}
	line, _, _ := bytes.Cut(before, []byte{'\n'})
	err = json.Unmarshal(line, &h)
	return Contents{h.Shard, h.Of, h.Enough}, err
}
