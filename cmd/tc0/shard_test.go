package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/internal/longtest"
)

// splitRuns are command lines of every verb whose work can be split.
var splitRuns = []string{
	"sweep mlp --n 2..9",
	"sweep attention:d=2 --beside mlp --n 2..5 --seed 3",
	"verify attention:n=2,d=1,bits=2",
	"verify attention:n=3 --inputs 5000",
	"verify head.tc0 --against mlp:n=3", // which is another one: a mismatch is found
	"prove attention:d=2 --check 2..5",
	"restrict parity:n=16 --trials 5 --free 0.1,0.5",
	"fourier rule110:n=5,steps=2 --output after[3]",
	"fourier majority:n=7",
	"fourier parity:n=24 --samples 300",
	"equiv majority:n=12 majority:n=12 --basis NC1 --cubes 3 --inputs 1",
	"equiv multiplication:n=3 multiplication:n=3 --basis AC0 --cubes 2 --method solve --solver gophersat --inputs 1",
	"equiv head.tc0 mlp:n=3 --cubes 2", // which differ
	"run digits --count 9",
	"run most-frequent --in inputs.txt",
}

// longRuns are of the same kind, and take seconds.
var longRuns = []string{
	"verify digits",
	"verify parity-denoiser",
	"run adder --in texts.txt",
	"run parity-denoiser 101100 --count 5",
	"restrict sorting:n=6 --basis AC0",
}

// Whatever the number of shards, gather prints what one process prints and writes what it writes, as text and as JSON.
func TestShards(t *testing.T) { splitAll(t, splitRuns) }

func TestLongShards(t *testing.T) {
	longtest.Need(t)
	splitAll(t, longRuns)
}

func splitAll(t *testing.T, runs []string) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"inputs.txt": "abacabadabacabae\naaaabbbbccccdddd\nabacabadabacabad\n", "texts.txt": "123+989\n456+111\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if status, _, notes := try(t, "build", "mlp:n=3,seed=2", "-o", "head.tc0"); status != 0 {
		t.Fatal(notes)
	}
	for i, line := range runs {
		args := append(strings.Fields(line), "--deterministic")
		status, want, _ := try(t, args...)
		_, wantJSON, _ := try(t, append(args, "--json")...)
		for _, count := range []int{1, 3, 7} {
			folder := fmt.Sprintf("parts%d-%d", i, count)
			for k := range count {
				status, text, notes := try(t, append(args, "--into", folder, "--shard", fmt.Sprintf("%d/%d", k+1, count))...)
				if status != 0 || !strings.HasPrefix(text, fmt.Sprintf("shard %d of %d of tc0 %s", k+1, count, args[0])) {
					t.Fatalf("%s: status %d, %s%s", line, status, text, notes)
				}
			}
			got, text, notes := try(t, "gather", folder, "--deterministic")
			if got != status || text != want {
				t.Errorf("%s in %d shards: status %d, want %d; %s\n%s\nwant\n%s", line, count, got, status, notes, text, want)
			}
			if _, text, _ = try(t, "gather", folder, "--deterministic", "--json"); text != wantJSON {
				t.Errorf("%s in %d shards, as JSON:\n%s\nwant\n%s", line, count, text, wantJSON)
			}
		}
	}
}

// Every verb with --shard is split in a test.
func TestEverySplitVerbIsSplit(t *testing.T) {
	parser, err := (&app{}).parser(&grammar{})
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range parser.Model.Children {
		if _, ok := verb.Target.Addr().Interface().(sharded); !ok {
			continue
		}
		if !slices.ContainsFunc(splitRuns, func(line string) bool { return strings.HasPrefix(line, verb.Name+" ") }) {
			t.Errorf("no test splits tc0 %s", verb.Name)
		}
		for _, flag := range verb.Flags { // what writes a file is not for a shard
			if writtenPlaces.MatchString(flag.PlaceHolder) && !slices.Contains(slices.Concat(unshared, afterwards,
				[]string{"in", "library", "proof"}), flag.Name) { // proofs are in the results of shards
				t.Errorf("tc0 %s --shard takes --%s, which writes a file", verb.Name, flag.Name)
			}
		}
	}
}

// A plot and a table in a file are those of one process.
func TestGatherWrites(t *testing.T) {
	t.Chdir(t.TempDir())
	args := strings.Fields("sweep mlp --n 2..5 --deterministic")
	for _, extra := range [][]string{
		{"--plot", "whole.svg", "--csv", "whole.csv"}, {"--shard", "1/2"}, {"--shard", "2/2"},
	} {
		if status, _, notes := try(t, append(args, extra...)...); status != 0 {
			t.Fatal(notes)
		}
	}
	if status, _, notes := try(t, "gather", "shards", "--deterministic", "--plot", "parts.svg", "--csv", "parts.csv"); status != 0 {
		t.Fatal(notes)
	}
	for _, ext := range []string{".svg", ".csv"} {
		whole, err := os.ReadFile("whole" + ext)
		if err != nil {
			t.Fatal(err)
		}
		if parts, err := os.ReadFile("parts" + ext); err != nil || string(parts) != string(whole) {
			t.Errorf("%s: other bytes, %v", ext, err)
		}
	}
}

// What cannot be done is refused, and says why.
func TestShardsRefuse(t *testing.T) {
	t.Chdir(t.TempDir())
	part := "restrict parity:n=8 --trials 2 "
	refused := func(want, line string) {
		t.Helper()
		if status, text, notes := try(t, strings.Fields(line)...); status != 2 || !strings.Contains(notes, want) {
			t.Errorf("%s: status %d, %s%s; want %q", line, status, text, notes, want)
		}
	}
	refused(`shard "4/3": "4" is no shard of 3`, part+"--shard 4/3")
	refused("is set", part+"--shard auto/3")
	refused("it is I/N", part+"--shard=")
	refused("--plot is not for a shard, which shows nothing: give it to tc0 gather", part+"--shard 1/3 --plot x.svg")
	refused("--estimate is not for a shard", part+"--shard 1/3 --estimate")
	if status, _, notes := try(t, strings.Fields(part+"--shard 2/3")...); status != 0 {
		t.Fatal(notes)
	}
	if _, text, _ := try(t, strings.Fields(part+"--shard 2/3")...); !strings.Contains(text, "done before, ") {
		t.Errorf("a shard was done again: %s", text)
	}
	refused("it is of another job", "restrict parity:n=9 --trials 2 --shard 2/3")
	refused("it is of another job", "restrict parity:n=9 --trials 2 --shard 1/3") // in the same folder
	refused("it is one of 3 shards, not of 4", part+"--shard 1/4")
	refused("2 of 3 shards are missing: --array=1,3 (tc0 restrict parity:n=8 --trials=2)", "gather shards")
	refused("no file of a shard", "gather "+t.TempDir())
	refused("stat", "gather nowhere")
	forged := func(folder string, args ...string) {
		t.Helper()
		j, err := shard.Begin(shard.Header{Version: exactVersion(), Args: args, Index: 1, Count: 1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := j.Write(folder); err != nil {
			t.Fatal(err)
		}
	}
	forged("a", "restrict", "parity:n=8", "--plot=/etc/passwd")
	refused("is no command line of a shard", "gather a")
	forged("b", "build", "parity:n=8", "--output=/etc/passwd")
	refused("tc0 build has no shards", "gather b")
	forged("c", "restrict", "parity:n=8")
	refused("it has 0 stages of work and no trials", "gather c")
	forged("e", "restrict", "--help")
	refused("is no command line of a shard", "gather e")
	forged("d", "nonsense")
	refused("its command line", "gather d")
}

// GNU parallel gives each process its number, and its job file gives the bytes of one process, also when
// it is called again for what is missing.
func TestParallel(t *testing.T) {
	if _, err := exec.LookPath("parallel"); err != nil {
		t.Skip("GNU parallel is not installed")
	}
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	script, err := filepath.Abs(filepath.Join("..", "..", "docs", "cluster", "parallel.sh"))
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir() // of GNU parallel, which keeps notes
	t.Chdir(t.TempDir())
	run := func(input, tool string, args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), tool, args...)
		cmd.Stdin = strings.NewReader(input)
		cmd.Env = append(os.Environ(), beTC0+"=1", "TC0="+binary, "HOME="+home)
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", args, err, text)
		}
	}
	compare := func(line, folder string) {
		t.Helper()
		_, want, _ := try(t, append(strings.Fields(line), "--deterministic")...)
		if status, got, notes := try(t, "gather", folder, "--deterministic"); status != 0 || got != want {
			t.Errorf("%s in %s: status %d, %s%s, want %s", line, folder, status, got, notes, want)
		}
	}
	for i, line := range clusterRuns {
		folder := fmt.Sprint("parts", i)
		args := slices.Concat([]string{script, "7"}, strings.Fields(line), []string{"--into", folder})
		run("", "sh", args...)
		compare(line, folder)
		if i > 0 {
			continue
		}
		for _, k := range []int{3, 6} {
			if err := os.Remove(filepath.Join(folder, shard.Name(k, 7))); err != nil {
				t.Fatal(err)
			}
		}
		run("", "sh", args...)
		compare(line, folder)
	}
	// By {#}, which is in the environment, and not in the command line.
	args := append([]string{"-j2", "-N0", binary}, strings.Fields(clusterRuns[2])...)
	run("a\nb\nc\n", "parallel", append(args, "--into", "numbered", "--shard", "auto/3")...)
	compare(clusterRuns[2], "numbered")
}
