//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"github.com/tc0lab/tc0/internal/longtest"
	"github.com/tc0lab/tc0/internal/scratch"
)

// killed are commands that write every kind of file there is, and some that write none. They run in a
// folder that has what prepared them wrote.
var killed = []string{
	"build attention:n=6,d=2,bits=3 -o out.tc0",
	"build mlp:n=3 -o out.bench",
	"build attention:n=8,d=4,bits=3 -o out.th", // which takes most of the time to write
	"convert mlp.bench out.aig",
	"optimise mlp.bench -o out.bench",
	"optimise addition:n=12 -o out.tc0",
	"draw attention:n=2,d=1,bits=2 -o out.svg",
	"draw attention:n=2,d=1,bits=2 -o out.png",
	"draw attention --blocks -o out.pdf",
	"draw attention:n=2,d=1,bits=2 -o out.html",
	"sweep attention:d=2 --n 2..5 --csv out.csv --plot out.svg",
	"frontier attention:n=3,d=2 --csv out.csv -o out.svg",
	"unroll looped --n 2 --steps 1..3 --csv out.csv --plot out.svg",
	"restrict parity:n=8 --plot out.svg",
	"restrict parity:n=8 --shard 1/2 --into out",
	"sweep mlp --n 2..5 --shard 1/2 --into out",
	"verify mlp:n=2 --shard 1/2 --into out",
	"prove mlp --check 2..5 --shard 1/2 --into out",
	"fourier majority:n=9 --shard 1/2 --into out",
	"equiv parity:n=6 parity:n=6 --basis NC1 --cubes 1 --shard 1/2 --into out",
	"run digits --count 3 --shard 1/2 --into out",
	"fourier majority:n=9 --plot out.pdf",
	"speedup parity:n=8 majority:n=9 --plot out.svg",
	"recurrence lstm --plot out.png",
	"amplify --steps 2 --votes 9 -o out.tc0",
	"prove attention --check none --coq out.v --bundle out -o out.json",
	"prove mlp --latex -o out.json",
	"equiv parity:n=20 parity:n=20 --basis NC1 --miter out.opb --proof out.drat",
	"equiv parity:n=20 parity:n=20 --basis NC1 --proof out.drat --solver gophersat",
	"report mlp:n=2 --out out",
	"check mlp.json",
	"quantise most-frequent -o out.json --csv out.csv --plot out.svg",
	"import net.json -o out --activation relu --input-bits 2 --input-scale 1",
	"verify mlp:n=3",
	"tour parity -o out.html",
	"run digits --count 3",
	"sudoku 53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79",
}

var prepared = []string{"build mlp:n=3 -o mlp.bench", "prove mlp --check none -o mlp.json"}

// reads are the flags that name a file which is read.
var reads = []string{"in", "library", "config", "map"}

// folders are the temporary ones that a kill may leave: those for other programs, and one for the fonts of a PDF, which
// the library for plots makes.
var folders = []string{"tc0-proof-", "tc0-miter-", "tc0-swap-", "tc0-figure-", "tc0-import-", "gofpdf-makefont-"}

// TestEveryWriterIsKilled asks the command line for the flags that name a file or a folder to write.
func TestEveryWriterIsKilled(t *testing.T) {
	parsed := func(args ...string) (*kong.Kong, *kong.Context) {
		var g grammar
		parser, err := (&app{}).parser(&g)
		if err != nil {
			t.Fatal(err)
		}
		if len(args) == 0 {
			return parser, nil
		}
		k, err := parser.Parse(args)
		if err != nil {
			t.Fatalf("%v: %v", args, err)
		}
		return parser, k
	}
	given := map[string]bool{}
	for _, line := range killed {
		_, k := parsed(strings.Fields(line)...)
		for _, p := range k.Path {
			switch {
			case p.Flag != nil:
				given[k.Selected().Name+" --"+p.Flag.Name] = true
			case p.Positional != nil:
				given[k.Selected().Name+" "+p.Positional.Name] = true
			}
		}
	}
	writers := 0
	want := func(name string) {
		writers++
		if !given[name] {
			t.Errorf("%s writes a file, and no test kills it", name)
		}
	}
	parser, _ := parsed()
	for _, verb := range parser.Model.Children {
		for _, flag := range verb.Flags {
			kind, _, _ := strings.Cut(flag.PlaceHolder, ".")
			if slices.Contains([]string{"FILE", "FIG", "FOLDER", "DIR"}, kind) && !slices.Contains(reads, flag.Name) {
				want(verb.Name + " --" + flag.Name)
			}
		}
		for _, arg := range verb.Positional {
			if arg.Name == "file" {
				want(verb.Name + " file")
			}
		}
	}
	if writers != 33 {
		t.Errorf("%d flags and arguments write, and 33 were known", writers)
	}
}

// victim is a command in its folder.
type victim struct {
	binary, dir, cache string
	args               []string
	whole              map[string]string // what it writes when it is left alone
	time               time.Duration     // and how long it takes
}

// elapsed is what each line of the table of a sweep ends with. It is not the same in every run.
var elapsed = regexp.MustCompile(`(?m),\d+\.\d{6}$`)

// took are times in the file of a shard, and its sum.
var took = regexp.MustCompile(`"seconds":[^,}]*|"sha256":.*`)

// content has the files of a folder and of those in it, by their paths from there.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		if filepath.Ext(name) == ".csv" {
			text = elapsed.ReplaceAll(text, []byte(",seconds"))
		}
		if filepath.Ext(name) == ".jsonl" { // so is its sum
			text = took.ReplaceAll(text, nil)
		}
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// start starts it with a folder of its own for temporary files.
func (v *victim) start(t *testing.T, temp string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), v.binary, v.args...)
	cmd.Dir = v.dir
	cmd.Env = append(os.Environ(), beTC0+"=1", "TMPDIR="+temp, "XDG_CACHE_HOME="+v.cache)
	var notes bytes.Buffer
	cmd.Stderr = &notes
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, &notes
}

// run lets it end, and returns how long that took.
func (v *victim) run(t *testing.T) time.Duration {
	t.Helper()
	temp, begin := t.TempDir(), time.Now()
	cmd, notes := v.start(t, temp)
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %v\n%s", v.args, err, notes)
	}
	if left := content(t, temp); len(left) > 0 {
		t.Errorf("%v leaves %v in the temporary folder", v.args, slices.Sorted(maps.Keys(left)))
	}
	return time.Since(begin)
}

// reset makes the folder what it is before a run; what is there before has the text "before".
func (v *victim) reset(t *testing.T, before bool) {
	t.Helper()
	for name := range v.whole {
		first, _, _ := strings.Cut(name, string(filepath.Separator))
		if err := os.RemoveAll(filepath.Join(v.dir, first)); err != nil {
			t.Fatal(err)
		}
	}
	for name := range v.whole {
		path := filepath.Join(v.dir, name)
		if !before {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("before"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// learn runs it twice and remembers what it writes.
func (v *victim) learn(t *testing.T) {
	t.Helper()
	inputs := content(t, v.dir)
	for range 2 {
		took := v.run(t)
		if v.time == 0 || took < v.time {
			v.time = took
		}
		wrote := content(t, v.dir)
		maps.DeleteFunc(wrote, func(name, text string) bool { return inputs[name] == text })
		if v.whole != nil && !maps.Equal(v.whole, wrote) {
			t.Errorf("%v writes other files when it runs again", v.args)
		}
		v.whole = wrote
	}
	if text := strings.Join(v.args, " "); strings.Contains(text, "out") && len(v.whole) == 0 {
		t.Errorf("%s writes nothing", text)
	}
}

// tally counts what happened.
type tally map[string]int

// kill starts it, sends a signal after a part of its time, and looks at what is left. It reports
// whether it was still running.
func (v *victim) kill(t *testing.T, sig syscall.Signal, part float64, before, nameless bool, seen tally) bool {
	t.Helper()
	v.reset(t, before)
	temp := t.TempDir()
	inputs := content(t, v.dir)
	maps.DeleteFunc(inputs, func(name, _ string) bool { _, is := v.whole[name]; return is })
	cmd, notes := v.start(t, temp)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-ended:
		return false
	case <-time.After(time.Duration(part * float64(v.time))):
	}
	if err := cmd.Process.Signal(sig); err != nil {
		return false
	}
	<-ended
	what := fmt.Sprintf("%s, %v after %.2f of its time", strings.Join(v.args, " "), sig, part)
	state := cmd.ProcessState.Sys().(syscall.WaitStatus)
	switch {
	case state.Signaled() && state.Signal() == sig: // by SIGKILL, or before it listens
		seen[fmt.Sprintf("%v: ended by it", sig)]++
	case state.Exited() && state.ExitStatus() == statusInterrupted && sig != syscall.SIGKILL:
		seen[fmt.Sprintf("%v: status %d", sig, statusInterrupted)]++
	case state.Exited() && state.ExitStatus() == statusHolds:
		seen[fmt.Sprintf("%v: was done", sig)]++
	default:
		t.Errorf("%s: %v\n%s", what, cmd.ProcessState, notes)
	}
	v.inspect(t, what, sig, inputs, before, nameless, state.Exited() && state.ExitStatus() == statusHolds, seen)
	entries, err := os.ReadDir(temp)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		kind := strings.TrimRight(e.Name(), "0123456789")
		if sig != syscall.SIGKILL || !e.IsDir() || !slices.Contains(folders, kind) {
			t.Errorf("%s: %s is left in the temporary folder", what, e.Name())
		}
		seen[fmt.Sprintf("%v: temporary folder left: %s", sig, kind)]++
	}
	return true
}

// complete reports whether a file has its end.
func complete(name, text string) bool {
	switch filepath.Ext(name) {
	case ".json":
		return json.Valid([]byte(text))
	case ".svg":
		return strings.HasSuffix(text, "</svg>\n")
	}
	return strings.HasSuffix(text, "\n")
}

// inspect looks at the files of its folder.
func (v *victim) inspect(
	t *testing.T, what string, sig syscall.Signal, inputs map[string]string, before, nameless, done bool, seen tally,
) {
	t.Helper()
	after := content(t, v.dir)
	for name, whole := range v.whole {
		switch text, there := after[name]; {
		case there && text == whole:
			seen["file whole"]++
		case done:
			t.Errorf("%s: it ended well without writing %s", what, name)
		case !there && !before:
			seen["file absent"]++
		case there && text == "before" && before:
			seen["file as before"]++
		case there && v.args[0] == "quantise" && sig != syscall.SIGKILL && complete(name, text):
			seen["file of the best so far"]++ // which is what an interrupt of a search is for
		default:
			t.Errorf("%s: %s is there: %v, with %d bytes of %d", what, name, there, len(text), len(whole))
		}
		delete(after, name)
	}
	for name, text := range inputs {
		if after[name] != text {
			t.Errorf("%s: %s has changed", what, name)
		}
		delete(after, name)
	}
	for name, text := range after {
		// A folder has no way to be without a name until it is whole.
		if sig == syscall.SIGKILL && strings.Contains(name, ".tc0-import-") {
			seen["hidden folder left"]++
			if err := os.RemoveAll(filepath.Join(v.dir, filepath.Dir(filepath.Dir(name)))); err != nil {
				t.Fatal(err)
			}
			continue
		}
		// Between two system calls a file that takes the place of another one has a second name.
		second := before && slices.Contains(slices.Collect(maps.Values(v.whole)), text)
		if ext := filepath.Ext(name); sig != syscall.SIGKILL || ext != ".part" || nameless && !second {
			t.Errorf("%s: %s is left, with %d bytes", what, name, len(text))
		}
		seen["second name left"]++
		os.Remove(filepath.Join(v.dir, name))
	}
}

// hasNameless reports whether files without a name are to be had in a folder.
func hasNameless(t *testing.T, dir string) bool {
	t.Helper()
	f, err := scratch.Create(filepath.Join(dir, "a"), 0o666)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Drop()
	return names(t, dir) == ""
}

// TestLongKills ends commands by a signal at every part of their time. What they write is then as it was
// before or whole.
func TestLongKills(t *testing.T) {
	longtest.Need(t)
	kills := longtest.Some(100, 500)
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	signals := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL}
	random := rand.New(rand.NewPCG(1, 1))
	nameless, cache := hasNameless(t, t.TempDir()), t.TempDir()
	all, sent := tally{}, 0
	for i, line := range killed {
		t.Run(strings.ReplaceAll(line, "/", "_"), func(t *testing.T) {
			v := &victim{binary: binary, dir: t.TempDir(), cache: cache}
			writeNet(t, v.dir)
			for _, line := range prepared {
				v.args = strings.Fields(line)
				v.run(t)
			}
			v.args = strings.Fields(line)
			v.learn(t)
			mine := kills*(i+1)/len(killed) - kills*i/len(killed)
			for k := range mine {
				part, before := (float64(k)+random.Float64())/float64(mine), k/len(signals)%2 == 1 &&
					!slices.Contains(v.args, "--shard") // which refuses a folder with another file in its place
				for !v.kill(t, signals[k%len(signals)], part, before, nameless, all) {
					part *= 0.9 // it was faster this time
				}
				sent++
			}
			t.Logf("%d kills within %v", mine, v.time)
		})
	}
	for _, what := range slices.Sorted(maps.Keys(all)) {
		t.Logf("%5d %s", all[what], what)
	}
	if sent != kills {
		t.Errorf("%d kills, want %d", sent, kills)
	}
}

// TestLongKillsOfTheCache ends a command while it fills the cache of compiled code. The next one makes the same figure.
func TestLongKillsOfTheCache(t *testing.T) {
	longtest.Need(t)
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	v := &victim{binary: binary, dir: t.TempDir(), cache: t.TempDir()}
	v.args = strings.Fields("draw attention:n=2,d=1,bits=2 -o out.svg")
	v.learn(t)
	v.cache = t.TempDir()
	v.time = v.run(t)
	for k, part := range []float64{0.5, 0.8, 0.9, 0.95, 0.98} {
		v.cache = t.TempDir()
		v.kill(t, []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM}[k%2], part, false, hasNameless(t, v.dir), tally{})
		v.reset(t, false)
		v.run(t)
		if got := content(t, v.dir); !maps.Equal(got, v.whole) {
			t.Errorf("killed after %.2f of its time, it writes another figure", part)
		}
	}
}
