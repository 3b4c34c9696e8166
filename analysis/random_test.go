package analysis_test

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tc0lab/tc0/analysis/internal/random"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/internal/longtest"
)

var (
	triples   = flag.Int("triples", 1000, "how many triples of family, strategy and n TestLongRandomFamilies compares")
	firstSeed = flag.Uint64("first-seed", 1, "the seed of the first trial of TestLongRandomFamilies")
	trialFlag = flag.String("trial", "", "the trial that TestTrial compares, as a failing test prints it")
	trialN    = flag.Int("trial-n", 0, "the n of TestTrial; 0 for some")
)

// mostGates is how many gates a circuit may have that is compared.
const mostGates = 60_000

// mostReports is how many broken trials are made small and printed.
const mostReports = 20

// hunt counts what random trials show.
type hunt struct {
	trials, programs, specs       int
	refusedPrograms, refusedSpecs int
	compared, far, large          int
	broken                        int
	kinds                         map[string]int // what is broken
	gates                         []int
	gatesRatio, wiresRatio        []float64
	uses                          map[string]int // triples that use an operation or a shipped family
	why                           map[string]int // reasons for refusals
	proving, comparing, longest   time.Duration
	slowest                       string
}

// run compares random trials until there are so many triples. Each trial has a seed of its own.
func (h *hunt) run(t *testing.T, seed uint64, count int) {
	t.Helper()
	h.uses, h.why, h.kinds = map[string]int{}, map[string]int{}, map[string]int{}
	for ; h.compared < count; seed++ {
		r := rand.New(rand.NewPCG(seed, 0))
		trial, err := random.DrawTrial(r)
		if err != nil {
			t.Fatal(err)
		}
		h.try(t, r, seed, trial)
	}
}

// try proves one trial, and compares it at some n.
func (h *hunt) try(t *testing.T, r *rand.Rand, seed uint64, trial random.Trial) {
	t.Helper()
	_, shipped := trial.Family.(compile.Spec)
	h.trials++
	started := time.Now()
	p, err := trial.Prove()
	took := time.Since(started)
	h.proving += took
	if h.longest < took {
		h.longest, h.slowest = took, trial.String()
	}
	if shipped {
		h.specs++
	} else {
		h.programs++
	}
	if err != nil {
		h.why[reason(trial, err)]++
		if shipped {
			h.refusedSpecs++
		} else {
			h.refusedPrograms++
		}
		return
	}
	built := 0
	for _, k := range p.Checked {
		built = max(built, k.N)
	}
	started = time.Now()
	defer func() { h.comparing += time.Since(started) }()
	for _, n := range random.Sizes(r, p, mostGates) {
		found, err := random.Compare(p, trial.Family, trial.Strategy, n, 4*mostGates)
		if errors.Is(err, random.ErrLarge) {
			h.large++
			continue
		}
		if err != nil {
			t.Fatalf("seed %d, %v, n=%d: %v", seed, trial, n, err)
		}
		h.count(found, trial, built)
		if len(found.Broken) > 0 {
			h.broken++
			h.kinds[random.Kind(found.Broken)]++
			if h.broken <= mostReports {
				report(t, seed, trial, n, found.Broken)
			}
			return
		}
	}
}

func (h *hunt) count(found *random.Comparison, trial random.Trial, built int) {
	h.compared++
	h.gates = append(h.gates, found.Gates)
	if found.N >= 8*built {
		h.far++
	}
	for _, name := range trial.Names() {
		h.uses[name]++
	}
	if found.GatesRatio > 0 {
		h.gatesRatio = append(h.gatesRatio, found.GatesRatio)
		h.wiresRatio = append(h.wiresRatio, found.WiresRatio)
	}
}

// reason shortens an error to what many share.
func reason(trial random.Trial, err error) string {
	text := err.Error()
	if s, ok := trial.Family.(compile.Spec); ok {
		text = s.Family.Name + ": " + text
	}
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return '#'
		}
		return r
	}, text[:min(len(text), 120)])
}

// report prints a broken trial, made small.
func report(t *testing.T, seed uint64, trial random.Trial, n int, broken []string) {
	t.Helper()
	small, k := trial.Shrink(n, 4*mostGates, 500)
	if again := small.Broken(k, 4*mostGates); len(again) > 0 {
		broken = again
	}
	text := ""
	if _, ok := small.Family.(random.Program); ok {
		if p, err := small.Family.Program(max(k, 3)); err == nil {
			text = "\n" + p.String()
		}
	}
	t.Errorf("seed %d, n=%d, smaller n=%d:\n  %s\nagain: go test ./analysis -run TestTrial -trial '%v' -trial-n %d%s",
		seed, n, k, strings.Join(broken, "\n  "), small, k, text)
}

// log prints the figures.
func (h *hunt) log(t *testing.T) {
	t.Helper()
	t.Logf("%d triples of %d trials: %d programs, %d of them refused; %d shipped families, %d refused; %d broken",
		h.compared, h.trials, h.programs, h.refusedPrograms, h.specs, h.refusedSpecs, h.broken)
	t.Logf("%d (%d %%) at 8 times the greatest n that was built, or more; median %d gates; %d were too large",
		h.far, 100*h.far/max(1, h.compared), middle(h.gates), h.large)
	t.Logf("%v to prove, at most %v for one (%s); %v to compare",
		h.proving.Round(time.Second), h.longest.Round(time.Millisecond), h.slowest, h.comparing.Round(time.Second))
	if len(h.gatesRatio) > 0 {
		t.Logf("bound over circuit: gates median %.2f, worst %.1f; wires median %.2f, worst %.1f",
			middle(h.gatesRatio), slices.Max(h.gatesRatio), middle(h.wiresRatio), slices.Max(h.wiresRatio))
	}
	if h.broken > 0 {
		t.Errorf("broken: %v", h.kinds)
	}
	var lines []string
	for _, name := range slices.Concat(random.Operations(), random.Shipped()) {
		lines = append(lines, fmt.Sprintf("%s %d", name, h.uses[name]))
	}
	t.Logf("triples by operation and family: %s", strings.Join(lines, ", "))
	reasons := slices.SortedFunc(maps.Keys(h.why), func(a, b string) int { return cmp.Compare(h.why[b], h.why[a]) })
	for _, w := range reasons[:min(len(reasons), 20)] {
		t.Logf("refused %d times: %s", h.why[w], w)
	}
}

func middle[T cmp.Ordered](list []T) T {
	var none T
	if len(list) == 0 {
		return none
	}
	return slices.Sorted(slices.Values(list))[len(list)/2]
}

// check asserts that the draws were worth it.
func (h *hunt) check(t *testing.T) {
	t.Helper()
	if 10*h.refusedSpecs >= h.specs {
		t.Errorf("%d of %d shipped families are refused; less than a tenth may be", h.refusedSpecs, h.specs)
	}
	if 5*h.far < h.compared {
		t.Errorf("%d of %d triples are far from the circuits that were built; a fifth should be", h.far, h.compared)
	}
	if m := middle(h.gates); m < 300 {
		t.Errorf("half of the circuits have %d gates or fewer; 300 are wanted", m)
	}
	share := 100 // of many triples; few have an operation more or less often by chance
	if h.compared < 10_000 {
		share = 300
	}
	for _, name := range random.Operations() {
		if share*h.uses[name] < h.compared {
			t.Errorf("%s is in %d of %d triples; one in %d is wanted", name, h.uses[name], h.compared, share)
		}
	}
}

// TestRandomFamilies compares the proofs of random programs and of shipped families with random
// parameters with circuits that are larger than those that were built while proving.
func TestRandomFamilies(t *testing.T) {
	var h hunt
	h.run(t, 1, 150)
	h.log(t)
}

// TestLongRandomFamilies is TestRandomFamilies with as many triples as the flag says.
func TestLongRandomFamilies(t *testing.T) {
	longtest.Need(t)
	var h hunt
	defer h.log(t)
	h.run(t, *firstSeed, *triples)
	h.check(t)
}

// TestTrial compares one trial again.
func TestTrial(t *testing.T) {
	if *trialFlag == "" {
		t.Skip("needs -trial")
	}
	trial, err := random.ParseTrial(*trialFlag)
	if err != nil {
		t.Fatal(err)
	}
	p, err := trial.Prove()
	if err != nil {
		t.Fatalf("refused: %v", err)
	}
	ns := []int{*trialN}
	if *trialN == 0 {
		ns = random.Sizes(rand.New(rand.NewPCG(1, 0)), p, mostGates)
	}
	for _, n := range ns {
		found, err := random.Compare(p, trial.Family, trial.Strategy, n, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("n=%d: %d gates, bound over them %.2f", n, found.Gates, found.GatesRatio)
		for _, b := range found.Broken {
			t.Error(b)
		}
	}
}

// FuzzFamily compares the proof of any program with the circuits of some n.
func FuzzFamily(f *testing.F) {
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 1))
		f.Add([]byte(random.DrawProgram(r)), seed, uint8(3+seed))
	}
	f.Fuzz(func(t *testing.T, program []byte, seed uint64, n uint8) {
		trial := random.Trial{
			Family:   random.Program(program),
			Strategy: random.DrawStrategy(rand.New(rand.NewPCG(seed, 2))), Few: n%2 == 0,
		}
		p, err := trial.Prove()
		if err != nil {
			return
		}
		found, err := random.Compare(p, trial.Family, trial.Strategy, int(n)%32, mostGates)
		if err == nil && len(found.Broken) > 0 {
			report(t, seed, trial, int(n)%32, found.Broken)
		}
	})
}
