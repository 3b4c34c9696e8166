package main

import (
	"bytes"
	"cmp"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/tc0lab/tc0/circuit/format/exchange"
	"github.com/tc0lab/tc0/internal/longtest"
)

// deterministicRuns are command lines of every verb. They follow one another in one folder, so that one may read what
// those before it wrote, and together they have every flag that names a file to write.
var deterministicRuns = []string{
	"report mlp:n=2 --out figures",
	"report parity:n=4 --out figures",
	"report parity-denoiser --out figures",
	"stat attention:n=2,d=1,bits=2 --path --levels --bottlenecks --stages",
	"build attention:n=2,d=1,bits=2 -o head.tc0",
	"stat head.tc0",
	"build parity:n=4 -o parity.bench",
	"convert majority:n=5 majority.th",
	"equiv parity.bench parity:n=4 --miter miter.cnf --inputs 1 --method exhaustive",
	"equiv parity.bench parity:n=4 --proof proof.drat --inputs 1 --solver gophersat",
	"optimise parity:n=5 -o smaller.tc0",
	"eval mlp:n=3 --ports",
	"verify attention:n=2,d=1,bits=2",
	"prove attention:d=2 --check 2,3 -o proof.json --coq proof.v --bundle bundle",
	"check proof.json --n 4",
	"sweep attention:d=2 --n 2..4 --beside mlp --plot sweep.pdf",
	"sweep mlp --n 2..4 --csv sweep.csv --plot sweep.svg",
	"sweep mlp --n 2..4 --plot sweep.png",
	"sweep mlp --n 2..4 --markdown",
	"sweep mlp --n 2..4 --latex",
	"unroll diffusion cot --n 2 --steps 1..2 --csv unroll.csv --plot unroll.pdf",
	"recurrence rnn:d=2 --steps 1..2 --seeds 2 --samples 50 --plot recurrence.pdf",
	"fourier majority:n=5 --plot fourier.pdf",
	"restrict parity:n=16 --trials 3 --plot restrict.pdf",
	"restrict parity:n=16 --trials 3 --shard 1/1 --into parts",
	"gather parts --plot gathered.pdf",
	"sweep mlp --n 2..3 --shard 1/1 --into members",
	"verify mlp:n=2 --shard 1/1 --into tiles",
	"prove attention:d=2 --check 2,3 --shard 1/1 --into built",
	"fourier majority:n=5 --shard 1/1 --into table",
	"run digits --shard 1/1 --into inputs",
	"speedup mlp:n=3 --plot speedup.pdf",
	"speedup mlp:n=3 --plot speedup.tex",
	"speedup mlp:n=3 --plot speedup.csv",
	"amplify parity-denoiser --steps 2 --votes 1 -o amplified.tc0",
	"sudoku --generate 1 --clues 40 --boards",
	"frontier mlp:n=3 --csv frontier.csv -o frontier.svg",
	"quantise most-frequent --target 95% -o q.json --plot q.svg --csv q.csv",
	"draw attention:n=2,d=1,bits=2 -o head.svg",
	"draw attention:n=2,d=1,bits=2 -o head.tex --path",
	"draw attention:n=2,d=1,bits=2 -o head.dot --fold",
	"draw attention -o blocks.svg --blocks",
	"tour",
	"completion fish",
	"version --man",
	"tour softmax -o tour.html",
	"run digits --index 3 --count 2",
	"run most-frequent --index 3 --count 2",
	"run parity-denoiser 101100 --count 2",
	"import net.json -o net --activation relu --input-bits 2 --input-scale 1",
	"cache",
	"cache clear",
	"version --licences",
}

// slowRuns are of the same kind, and take seconds.
var slowRuns = []string{"list --full", "run adder 123+989", "run digit-denoiser:steps=2 --count 1"}

// writtenPlaces are what the help calls a file that a flag names, or a folder.
var writtenPlaces = regexp.MustCompile(`^(FILE(\..*)?|FIG|FOLDER|DIR)$`)

// Every verb, and every flag of one that writes a file, is among the runs: they are read from the grammar.
func TestEveryVerbIsRunTwice(t *testing.T) {
	parser, err := (&app{}).parser(&grammar{})
	if err != nil {
		t.Fatal(err)
	}
	runs := slices.Concat(deterministicRuns, slowRuns)
	has := func(verb string, flag *kong.Flag) bool {
		return slices.ContainsFunc(runs, func(run string) bool {
			words := strings.Fields(run)
			return words[0] == verb && (flag == nil || slices.Contains(words, "--"+flag.Name) ||
				flag.Short != 0 && slices.Contains(words, "-"+string(flag.Short)))
		})
	}
	flags := 0
	for _, verb := range parser.Model.Children {
		if verb.Name != "view" && !has(verb.Name, nil) { // it serves until it is interrupted, and writes nothing
			t.Errorf("no run of the verb %s", verb.Name)
		}
		for _, flag := range verb.Flags {
			if slices.Contains([]string{"in", "library", "config", "map"}, flag.Name) || !writtenPlaces.MatchString(flag.PlaceHolder) {
				continue
			}
			flags++
			if !has(verb.Name, flag) {
				t.Errorf("no run of %s with --%s, which writes a file", verb.Name, flag.Name)
			}
		}
	}
	if flags < 15 {
		t.Errorf("only %d flags write files", flags)
	}
}

// Without times, a command prints and writes the same bytes in another folder for temporary files, in another time zone
// and on another number of processors.
func TestDeterministic(t *testing.T) {
	runs := slices.Clone(deterministicRuns)
	for _, ext := range exchange.Extensions(false) {
		runs = append(runs, "convert parity:n=3 parity"+ext)
	}
	if _, err := exec.LookPath("rsvg-convert"); err == nil {
		runs = append(runs, "draw mlp:n=1 -o net.pdf", "draw mlp:n=1 -o net.png")
	}
	compareRuns(t, runs)
}

func TestLongDeterministic(t *testing.T) {
	longtest.Need(t)
	compareRuns(t, slowRuns)
}

// compareRuns runs command lines under two environments, with text and with JSON as results, and compares what they
// print and what they write.
func compareRuns(t *testing.T, runs []string) {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	environments := [][]string{
		{"TZ=UTC", "GOMAXPROCS=1", "SOURCE_DATE_EPOCH=", "LANG=C"},
		{"TZ=Asia/Tokyo", "GOMAXPROCS=4", "SOURCE_DATE_EPOCH=0", "LANG=C.UTF-8"},
	}
	folders := []string{t.TempDir(), t.TempDir()}
	for _, folder := range folders {
		writeNet(t, folder)
	}
	for _, form := range []string{"", "--json"} {
		for _, line := range runs {
			args := strings.Fields(line)
			if form != "" {
				args = append(args, form)
			}
			var printed [2][]byte
			for i, env := range environments {
				cmd := exec.CommandContext(t.Context(), binary, args...)
				cmd.Dir, cmd.Env = folders[i], slices.Concat(os.Environ(), env, []string{
					beTC0 + "=1", "TMPDIR=" + t.TempDir(), cacheVariable + "=circuits",
				})
				if i == 0 { // the other has SOURCE_DATE_EPOCH
					cmd.Args = append(cmd.Args, "--deterministic")
				}
				var stderr bytes.Buffer
				cmd.Stderr = &stderr
				if printed[i], err = cmd.Output(); err != nil {
					t.Fatalf("%v: %v: %s", args, err, stderr.Bytes())
				}
			}
			if err := fitsSchema(args, string(printed[0])); err != nil {
				t.Error(err)
			}
			if at, a, b := differ(printed[0], printed[1]); at >= 0 {
				t.Errorf("%v prints from byte %d on\n%s\nand then\n%s", args, at, a, b)
			}
		}
		sameFiles(t, folders[0], folders[1])
	}
}

// differ returns where two texts differ and what they have there; −1 if they are the same.
func differ(x, y []byte) (at int, a, b []byte) {
	if bytes.Equal(x, y) {
		return -1, nil, nil
	}
	for at < min(len(x), len(y)) && x[at] == y[at] {
		at++
	}
	around := func(text []byte) []byte { return text[max(0, at-60):min(len(text), at+60)] }
	return at, around(x), around(y)
}

// sameFiles compares all files in two folders.
func sameFiles(t *testing.T, x, y string) {
	t.Helper()
	read := func(folder string) (names []string, texts map[string][]byte) {
		texts = map[string][]byte{}
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			name, err := filepath.Rel(folder, path)
			if err != nil {
				return err
			}
			names = append(names, name)
			texts[name], err = os.ReadFile(path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return names, texts
	}
	names, first := read(x)
	others, second := read(y)
	if !slices.Equal(names, others) {
		t.Errorf("the files are\n%v\nand then\n%v", names, others)
	}
	for _, name := range names {
		if at, a, b := differ(first[name], second[name]); at >= 0 {
			t.Errorf("%s has from byte %d on\n%q\nand then\n%q", name, at, a, b)
		}
	}
}

// Times are there unless they are left out.
func TestTimesAreLeftOut(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct{ args, time string }{
		{"stat mlp:n=2", `(?m)^  built       in .*s, strategy min-depth$`},
		{"stat mlp:n=2 --json", `"build_seconds": [0-9.e-]+`},
		{"sweep mlp --n 2..3", `built in`},
		{"sweep mlp --n 2..3 --json", `"seconds": [0-9.e-]+`},
		{"equiv parity:n=3 parity:n=3", `(?m)^  took `},
		{"run most-frequent --index 1", ``},
	} {
		pattern := regexp.MustCompile(cmp.Or(c.time, `[0-9] m?s\b`))
		args := strings.Fields(c.args)
		if _, text, notes := try(t, args...); c.time != "" && !pattern.MatchString(text) {
			t.Errorf("%s: no time in %s%s", c.args, text, notes)
		}
		if _, text, notes := try(t, append(args, "--deterministic")...); text == "" || pattern.MatchString(text) {
			t.Errorf("%s --deterministic: a time in %q%s", c.args, text, notes)
		}
		t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
		if _, text, notes := try(t, args...); text == "" || pattern.MatchString(text) {
			t.Errorf("%s with SOURCE_DATE_EPOCH: a time in %q%s", c.args, text, notes)
		}
		if err := os.Unsetenv("SOURCE_DATE_EPOCH"); err != nil {
			t.Fatal(err)
		}
	}
}
