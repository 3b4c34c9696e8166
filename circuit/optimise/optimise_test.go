package optimise_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/optimise"
	"github.com/tc0lab/tc0/gates"
)

// Every pass alone, and all of them, keep what they promise on random circuits under
// every depth model; a second run finds nothing; and the result is the same each time.
func TestRandomCircuits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		choice := rapid.IntRange(0, 1<<20)
		choose := func(n int) int { return choice.Draw(t, "choice") % n }
		c := randomCircuit(t, choose, 2+choose(5), choose(30))
		everyWay(t, c, gates.DepthModels()[choose(4)])
	})
}

// The same on fewer and greater circuits.
func TestRandomBigCircuits(t *testing.T) {
	for seed := range uint64(300) {
		c := randomCircuit(t, seeded(seed), 4+int(seed%6), 60)
		everyWay(t, c, gates.DepthModels()[seed%4])
	}
}

// Of these a second run found something when a pass that had found nothing once was not run again.
func TestPassesRunAgain(t *testing.T) {
	for _, seed := range []uint64{1000558, 1001244, 1001665, 1002502, 1005789, 1008337} {
		choose := seeded(seed)
		c := randomCircuit(t, choose, 2+choose(5), choose(30))
		everyWay(t, c, gates.DepthModels()[choose(4)])
	}
}

func everyWay(t rapid.TB, c *circuit.Circuit, model gates.DepthModel) {
	t.Helper()
	for _, name := range names() {
		optimised(t, c, optimise.Config{Model: model, Passes: []string{name}, Rounds: 1})
	}
	got, report := optimised(t, c, optimise.Config{Model: model})
	if !report.Stable {
		t.Fatalf("%d rounds were not enough", report.Rounds)
	}
	again, second := optimised(t, got, optimise.Config{Model: model})
	if len(second.Savings) > 0 || again != got {
		t.Fatalf("%s: a second run has found something: %+v", model.Name, second.Savings)
	}
	twin, _, err := optimise.Optimise(context.Background(), c, optimise.Config{Model: model})
	if err != nil || written(t, twin) != written(t, got) {
		t.Fatalf("two runs differ: %v", err)
	}
}

// Any order of the passes is correct.
func TestOrders(t *testing.T) {
	for seed := range uint64(40) {
		c := randomCircuit(t, seeded(1000+seed), 6, 40)
		order := names()
		choose := seeded(seed)
		for i := range order {
			j := i + choose(len(order)-i)
			order[i], order[j] = order[j], order[i]
		}
		optimised(t, c, optimise.Config{Passes: order})
	}
}

// Gates stay in the stage in which they were made.
func TestStages(t *testing.T) {
	b := keeper()
	x := b.Inputs("x", 4)
	b.Begin("a")
	b.Begin("b")
	y := b.And(b.Nand(x[0], x[1]).Not(), x[2])
	b.End()
	z := b.Xnor(y, x[3])
	b.End()
	b.Begin("unused")
	b.And(x[0], x[3])
	b.End()
	b.Output("z", b.Or(z, x[0]))
	got, _ := optimised(t, built(t, b), optimise.Config{})
	var list []string
	for g := range circuit.Gate(got.Len()) {
		if !got.Kind(g).IsSource() {
			list = append(list, fmt.Sprint(got.Kind(g), " ", got.StagePath(got.StageOf(g))))
		}
	}
	if want := []string{"AND a/b", "XOR a", "OR "}; !slices.Equal(list, want) {
		t.Errorf("%q, want %q", list, want)
	}
}

func TestReport(t *testing.T) {
	c := mustCircuit(t, 3, func(b *circuit.Builder, x []circuit.Lit) []circuit.Lit {
		b.Or(x[0], x[1])                                // dead
		y := b.And(b.And(x[0], x[1]), b.Or(x[0], x[2])) // x0∧x1
		return []circuit.Lit{b.Not(b.Not(y)), b.Nand(x[1], x[0])}
	})
	_, r := optimised(t, c, optimise.Config{})
	want := optimise.Report{
		Model: "standard", Before: r.Before, After: r.After, Rounds: r.Rounds, Stable: true, Savings: r.Savings,
	}
	if fmt.Sprint(*r) != fmt.Sprint(want) || r.Before.Size != 5 || r.After.Size != 1 || r.After.Wires != 2 ||
		r.Before.Wires != 10 {
		t.Errorf("%+v", *r)
	}
	gates, wires := 0, int64(0)
	for _, name := range names() {
		saved, _ := r.Total(name)
		gates, wires = gates+saved.Size, wires+saved.Wires
		if saved.Depth < 0 || saved.Size < 0 || saved.Wires < 0 {
			t.Errorf("%s saves %d, %d and %d", name, saved.Depth, saved.Size, saved.Wires)
		}
	}
	if gates != 4 || wires != 8 {
		t.Errorf("the passes save %d gates and %d wires together, want 4 and 8", gates, wires)
	}
	if saved, changed := r.Total("dead"); saved.Size != 1 || saved.Wires != 2 || changed != 1 {
		t.Errorf("dead gates: %d, %d wires, %d changed", saved.Size, saved.Wires, changed)
	}
}

func TestRounds(t *testing.T) {
	c := randomCircuit(t, seeded(3), 6, 60)
	_, one := optimised(t, c, optimise.Config{Rounds: 1})
	if one.Rounds != 1 || one.Stable {
		t.Errorf("%d rounds, stable %v", one.Rounds, one.Stable)
	}
	for _, s := range one.Savings {
		if s.Round != 1 {
			t.Errorf("a saving in round %d", s.Round)
		}
	}
}

// Each reason for the order of two passes names a pass before.
func TestOrder(t *testing.T) {
	var before []string
	for _, p := range optimise.Passes() {
		if p.Doc == "" {
			t.Errorf("%s has no description", p.Name)
		}
		for _, a := range p.After {
			if !slices.Contains(before, a.Pass) {
				t.Errorf("%s has to come after %s: %s", p.Name, a.Pass, a.Reason)
			}
			if a.Reason == "" {
				t.Errorf("%s comes after %s for no reason", p.Name, a.Pass)
			}
		}
		before = append(before, p.Name)
	}
}

func TestPassError(t *testing.T) {
	c := randomCircuit(t, seeded(1), 3, 3)
	for _, test := range []struct {
		passes []string
		want   string
	}{
		{[]string{"dead", "wonders"}, `optimise: no pass "wonders"; passes: dead constants complements merge rewrite flatten absorption parities thresholds moduli takein`},
		{[]string{"dead", "merge", "dead"}, `optimise: pass "dead" is named twice`},
	} {
		_, _, err := optimise.Optimise(t.Context(), c, optimise.Config{Passes: test.passes})
		var typed *optimise.PassError
		if !errors.As(err, &typed) || err.Error() != test.want {
			t.Errorf("%v, want %s", err, test.want)
		}
	}
	got, report, err := optimise.Optimise(t.Context(), c, optimise.Config{Passes: []string{}})
	if err != nil || got != c || len(report.Savings) > 0 || !report.Stable {
		t.Errorf("no passes: %v, %+v", err, report)
	}
}

func TestCancel(t *testing.T) {
	c := randomCircuit(t, seeded(1), 3, 30)
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	_, _, err := optimise.Optimise(ctx, c, optimise.Config{Progress: func(round int, pass string, done, all int) {
		calls++
		cancel()
	}})
	if !errors.Is(err, context.Canceled) || calls != 1 {
		t.Errorf("%v after %d calls", err, calls)
	}
}

// A report is written as JSON with the names that the command prints.
func TestJSON(t *testing.T) {
	c := mustCircuit(t, 2, func(b *circuit.Builder, x []circuit.Lit) []circuit.Lit {
		return []circuit.Lit{b.And(x[0], x[1], x[0])}
	})
	_, r := optimised(t, c, optimise.Config{})
	text, err := json.Marshal(r)
	want := `{"depth_model":"standard","before":{"depth":1,"size":1,"wires":3,"weight":3},"after":{"depth":1,"size":1,"wires":2,"weight":2},"rounds":2,"stable":true,` +
		`"savings":[{"pass":"constants","round":1,"changed":1,"before":{"depth":1,"size":1,"wires":3,"weight":3},"after":{"depth":1,"size":1,"wires":2,"weight":2}}]}`
	if err != nil || string(text) != want {
		t.Errorf("%s\n%s, %v", text, want, err)
	}
	for _, weight := range []circuit.Int{
		circuit.NewInt(0), circuit.Pow2(53), circuit.Pow2(53).Add(circuit.NewInt(1)),
		circuit.Pow2(90),
	} {
		given := optimise.Count{Depth: 1, Size: 2, Wires: 3, Weight: weight}
		text, err := json.Marshal(given)
		if err != nil {
			t.Fatal(err)
		}
		var back optimise.Count
		if err := json.Unmarshal(text, &back); err != nil || fmt.Sprint(back) != fmt.Sprint(given) {
			t.Errorf("%s was read as %v: %v", text, back, err)
		}
		if quoted := strings.Contains(string(text), `"weight":"`); quoted != (weight.Cmp(circuit.Pow2(53)) > 0) {
			t.Errorf("%s", text)
		}
	}
}

// A circuit becomes the same on one core as on many, which look at parts of it and count what is made.
func TestCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, c := range []*circuit.Circuit{layers(t, 200, 200), twoInput(t, seeded(4), 40, 30_000), chain(t, 30_000)} {
		var files, reports []string
		for _, cores := range []int{1, 4} {
			runtime.GOMAXPROCS(cores)
			got, report := optimised(t, c, optimise.Config{})
			files, reports = append(files, written(t, got)), append(reports, fmt.Sprintf("%+v", report))
		}
		if files[0] != files[1] || reports[0] != reports[1] {
			t.Errorf("on one core:\n%s\non four:\n%s", reports[0], reports[1])
		}
	}
}

// More bounds on one sum than a list of them holds are found equal all the same.
func TestManyBounds(t *testing.T) {
	const bounds = 20
	c := mustCircuit(t, 12, func(b *circuit.Builder, x []circuit.Lit) (y []circuit.Lit) {
		a := b.Linear()
		for i, l := range x {
			a.AddLit(circuit.NewInt(int64(2*i+1)), l)
		}
		s := a.Sum()
		for i := range 3 * bounds {
			y = append(y, b.Threshold(s, circuit.NewInt(int64(5+i%bounds))))
		}
		return y
	})
	got, report := optimised(t, c, optimise.Config{Passes: []string{"merge"}})
	if report.After.Size != bounds {
		t.Errorf("%d gates are left, want %d", report.After.Size, bounds)
	}
	if saved, changed := report.Total("merge"); saved.Size != 2*bounds || changed != 2*bounds {
		t.Errorf("merge saved %d gates and changed %d, want %d", saved.Size, changed, 2*bounds)
	}
	for i := range bounds {
		for j := range 3 {
			if x, y := got.Outputs()[i], got.Outputs()[i+j*bounds]; x != y {
				t.Errorf("outputs %d and %d are %v and %v", i, i+j*bounds, x, y)
			}
		}
	}
}
