package equiv_test

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/equiv"
	"github.com/tc0lab/tc0/circuit/equiv/drat"
	"github.com/tc0lab/tc0/circuit/format/bench"
	"github.com/tc0lab/tc0/internal/longtest"
)

// inCubes compares two circuits in all cubes, which go through JSON in between.
func inCubes(t rapid.TB, a, b *circuit.Circuit, cfg equiv.Config, inputs, deeper int) (
	*equiv.Cubes, []*equiv.CubeResult, *equiv.Result,
) {
	t.Helper()
	c, err := equiv.Split(context.Background(), a, b, cfg, inputs, deeper)
	if err != nil {
		t.Fatal(err)
	}
	results, err := c.Some(context.Background(), c.Len(), func(k int) int { return k })
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(results)
	if err != nil {
		t.Fatal(err)
	}
	var again []*equiv.CubeResult
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	r, err := c.Join(again)
	if err != nil {
		t.Fatal(err)
	}
	return c, again, r
}

// TestCubesProperty asserts that random circuits are judged in cubes as by trying all inputs, by each way of
// deciding a cube and with proofs.
func TestCubesProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		a, b := randomGates(t, seed, -1), randomGates(t, seed, rapid.IntRange(-1, 9).Draw(t, "change"))
		if rapid.Bool().Draw(t, "express") {
			b = express(t, b, basis.Repertoire{Xor: true})
		}
		want := equivalent(t, a, b, equiv.Config{Method: equiv.Exhaustive}).Verdict
		cfg := equiv.Config{Inputs: 1, Solvers: own, Timeout: time.Hour}
		cfg.Method = rapid.SampledFrom([]equiv.Method{equiv.Automatic, equiv.Solve, equiv.Exhaustive}).Draw(t, "method")
		if cfg.Method == equiv.Solve && rapid.Bool().Draw(t, "proof") {
			dir, err := os.MkdirTemp("", "tc0-test-")
			if err != nil {
				t.Fatal(err)
			}
			defer os.RemoveAll(dir)
			cfg.ProofFolder = dir
		}
		c, results, got := inCubes(t, a, b, cfg, rapid.IntRange(1, 8).Draw(t, "inputs"), 0)
		if got.Verdict != want {
			t.Fatalf("%v, want %v: %+v %+v", got.Verdict, want, got, got.Cubes)
		}
		if want == equiv.Refuted {
			x, errA := a.Eval(got.Difference.Bits)
			y, errB := b.Eval(got.Difference.Bits)
			if errA != nil || errB != nil || slices.Equal(x, y) {
				t.Fatalf("the circuits agree on the witness: %v %v", errA, errB)
			}
		}
		if cfg.ProofFolder == "" || want != equiv.Proved || c.Len() == 0 {
			return
		}
		checkCover(t, cfg.ProofFolder, c, results)
	})
}

// checkCover checks the proofs of all cubes, and that a cover without one of them is refused.
func checkCover(t rapid.TB, dir string, c *equiv.Cubes, results []*equiv.CubeResult) {
	t.Helper()
	cover := c.Cover(results, func(name string) string {
		if name == "" {
			return "miter.cnf"
		}
		return name
	})
	open := func(name string) (io.ReadCloser, error) { return os.Open(filepath.Join(dir, name)) }
	r, err := drat.CheckCover(context.Background(), cover, open, func(int, int) {})
	if err != nil || r.Cubes < c.Len() {
		t.Fatalf("%+v, %v", r, err)
	}
	cover.Cubes = slices.Delete(cover.Cubes, len(cover.Cubes)/2, len(cover.Cubes)/2+1)
	if _, err := drat.CheckCover(context.Background(), cover, open, func(int, int) {}); err == nil ||
		!strings.Contains(err.Error(), "the cubes do not cover everything: no cube has what is in") {
		t.Fatalf("a cover that lacks a cube: %v", err)
	}
}

// planted is the parity of n inputs, in two ways, which differ on the input that is all ones if asked for.
func planted(t rapid.TB, n int, differ bool) (a, b *circuit.Circuit) {
	one, two := circuit.NewBuilder(), circuit.NewBuilder()
	one.Output("y", one.Xor(one.Inputs("x", n)...))
	x := two.Inputs("x", n)
	y := two.Mod(2, []int64{1}, x...)
	if differ {
		y = two.Xor(y, two.And(x...))
	}
	two.Output("y", y)
	return finish(t, one), finish(t, two)
}

// TestCubesLast asserts that one input in the last cube is found, and named with the index of its cube.
func TestCubesLast(t *testing.T) {
	for _, method := range []equiv.Method{equiv.Exhaustive, equiv.Solve} {
		a, b := planted(t, 18, true)
		cfg := equiv.Config{Method: method, Inputs: 1, Solvers: own, Timeout: time.Hour}
		c, results, r := inCubes(t, a, b, cfg, 4, 0)
		if c.Len() != 16 || r.Verdict != equiv.Refuted || !strings.HasPrefix(r.How, "an input in cube 15, by ") ||
			slices.Contains(r.Difference.Bits, false) {
			t.Errorf("%s: %d cubes: %+v", method, c.Len(), r)
		}
		for i, one := range results[:15] {
			if one == nil || one.Verdict != equiv.Proved {
				t.Errorf("%s: cube %d: %+v", method, i, one)
			}
		}
		// A claim that is not true is not believed.
		results[15].Leaves[0].Input = strings.Repeat("0", 18)
		if r, err := c.Join(results); err == nil || err.Error() != "cube 15: the circuits do not differ on its input" {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

// TestCubesOrder asserts that a cube has one result, whatever was done before.
func TestCubesOrder(t *testing.T) {
	a, b := majorityOf(t, 20), halvesOf(t, 20)
	cfg := equiv.Config{Method: equiv.Solve, Solvers: own, Timeout: time.Hour}
	_, first, r := inCubes(t, a, b, cfg, 3, 0)
	if r.Verdict != equiv.Proved || r.Cubes.Cubes != 8 || r.Cubes.Leaves != 8 || len(r.Cubes.Inputs) != 3 {
		t.Fatalf("%+v", r)
	}
	c, err := equiv.Split(t.Context(), a, b, cfg, 3, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Len() {
		i = c.Len() - 1 - i
		got, err := c.Cube(t.Context(), i)
		if err != nil {
			t.Fatal(err)
		}
		got.Leaves[0].Seconds, first[i].Leaves[0].Seconds = 0, 0
		x, _ := json.Marshal(got)
		y, _ := json.Marshal(first[i])
		if string(x) != string(y) {
			t.Errorf("%s, then %s", y, x)
		}
	}
}

// TestCubesCover asserts that nothing is proved unless each cube is there once, with all its parts.
func TestCubesCover(t *testing.T) {
	a, b := planted(t, 12, false)
	c, results, r := inCubes(t, a, b, equiv.Config{Method: equiv.Exhaustive, Inputs: 1}, 3, 0)
	if r.Verdict != equiv.Proved || len(results) != 8 {
		t.Fatalf("%+v", r)
	}
	part := func(cube ...int) equiv.Leaf {
		return equiv.Leaf{Cube: append(slices.Clone(results[2].Leaves[0].Cube), cube...), Verdict: equiv.Proved}
	}
	for name, tc := range map[string]struct {
		change func(r []*equiv.CubeResult) []*equiv.CubeResult
		want   string
	}{
		"one is missing": {
			func(r []*equiv.CubeResult) []*equiv.CubeResult { return append(r[:2:2], r[3:]...) },
			"cube 2 of 8 is missing",
		},
		"one is there twice": {
			func(r []*equiv.CubeResult) []*equiv.CubeResult { return append(r, r[2]) }, "cube 2 is there twice",
		},
		"there is no such cube": {
			func(r []*equiv.CubeResult) []*equiv.CubeResult {
				return append(r, &equiv.CubeResult{Index: 8, Verdict: equiv.Proved})
			},
			"cube 8 of 8",
		},
		"it has no part": {
			func(r []*equiv.CubeResult) []*equiv.CubeResult {
				r[2] = &equiv.CubeResult{Index: 2, Verdict: equiv.Proved}
				return r
			},
			"cube 2 is not covered by its parts: no cube has what is in []",
		},
		"a part is missing": {
			func(r []*equiv.CubeResult) []*equiv.CubeResult {
				r[2] = &equiv.CubeResult{Index: 2, Verdict: equiv.Proved, Leaves: []equiv.Leaf{part(12), part(-12, 11)}}
				return r
			},
			"cube 2 is not covered by its parts: no cube has what is in [-12 -11]",
		},
		"parts that are of no tree": {
			func(r []*equiv.CubeResult) []*equiv.CubeResult {
				r[2] = &equiv.CubeResult{Index: 2, Verdict: equiv.Proved, Leaves: []equiv.Leaf{part(12), part(-11)}}
				return r
			},
			"cube 2 is not covered by its parts: in [] some cubes go on with variable 12, and others with 11",
		},
		"a proof that nobody asked for": {
			func(r []*equiv.CubeResult) []*equiv.CubeResult {
				leaf := part()
				leaf.Proof = "../2.drat"
				r[2] = &equiv.CubeResult{Index: 2, Verdict: equiv.Proved, Leaves: []equiv.Leaf{leaf}}
				return r
			},
			`cube 2: the proof of a part is "../2.drat", not ""`,
		},
		"a part of another cube": {
			func(r []*equiv.CubeResult) []*equiv.CubeResult {
				r[2] = &equiv.CubeResult{Index: 2, Verdict: equiv.Proved, Leaves: r[3].Leaves}
				return r
			},
			"which is none of",
		},
	} {
		if _, err := c.Join(tc.change(slices.Clone(results))); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCubesDeeper asserts that a cube whose time is up is split again, as often as was said, and that what is not
// decided is no proof.
func TestCubesDeeper(t *testing.T) {
	a, b := planted(t, 30, false)
	cfg := equiv.Config{Method: equiv.Exhaustive, Inputs: 1, Timeout: 1}
	for _, deeper := range []int{0, 2} {
		_, results, r := inCubes(t, a, b, cfg, 2, deeper)
		if r.Verdict != equiv.Consistent || r.How != "4 of 4 cubes are not decided" || r.Cubes.Leaves != 4<<deeper ||
			!slices.Equal(r.Cubes.Undecided, []int{0, 1, 2, 3}) {
			t.Errorf("deeper by %d: %+v %+v", deeper, r, r.Cubes)
		}
		for _, one := range results {
			if n := len(one.Leaves[0].Cube); n != 2+deeper || one.Verdict != equiv.Consistent {
				t.Errorf("deeper by %d: a part of %d literals: %+v", deeper, n, one)
			}
		}
	}
	// A cube that is split until it is folded away is decided after all.
	a, b = planted(t, 3, false)
	if _, _, r := inCubes(t, a, b, cfg, 1, 2); r.Verdict != equiv.Proved {
		t.Errorf("%+v", r)
	}
}

// TestCubesOfCodes asserts that inputs that are no codes are not compared.
func TestCubesOfCodes(t *testing.T) {
	build := func(differ bool) *circuit.Circuit {
		b := circuit.NewBuilder()
		x := b.InputPort("x", circuit.Format{Kind: circuit.OneHot}, 6)
		y := b.Or(x[1], x[3], x[5])
		if differ {
			y = b.Xor(y, b.And(x[2], x[3]))
		}
		b.Output("y", y)
		return finish(t, b)
	}
	for _, method := range []equiv.Method{equiv.Exhaustive, equiv.Solve} {
		cfg := equiv.Config{Method: method, Inputs: 1, Solvers: own, Timeout: time.Hour}
		if _, _, r := inCubes(t, build(false), build(true), cfg, 3, 0); r.Verdict != equiv.Proved {
			t.Errorf("%s: %+v", method, r)
		}
	}
}

// TestSplitRefuses asserts what is refused, and that what is decided at random has no cubes.
func TestSplitRefuses(t *testing.T) {
	a, b := planted(t, 8, false)
	for _, tc := range []struct {
		method         equiv.Method
		inputs, deeper int
		want           string
	}{
		{equiv.Automatic, 0, 0, "0 inputs to split on; they are 1 to 16"},
		{equiv.Automatic, 17, 0, "17 inputs to split on; they are 1 to 16"},
		{equiv.Automatic, 2, 9, "9 more inputs to split on; they are 0 to 8"},
		{equiv.Symmetric, 2, 0, "method symmetric does not go by cubes"},
		{"guess", 2, 0, `unknown method "guess"`},
	} {
		_, err := equiv.Split(t.Context(), a, b, equiv.Config{Method: tc.method}, tc.inputs, tc.deeper)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%v, want %s", err, tc.want)
		}
	}
	a, b = planted(t, 4, true)
	c, _, r := inCubes(t, a, b, equiv.Config{}, 2, 0)
	if c.Len() != 0 || r.Verdict != equiv.Refuted || r.Difference == nil {
		t.Errorf("%d cubes: %+v", c.Len(), r)
	}
	if _, err := c.Cube(t.Context(), 0); err == nil {
		t.Error("a cube of a comparison that has none")
	}
}

// TestLongMultiplier proves in cubes that the multiplier of ISCAS-85, whose last two outputs are swapped, is that of
// depth 3: each cube by all of its inputs. Neither all inputs at once nor solvers come to an end in minutes.
func TestLongMultiplier(t *testing.T) {
	longtest.Need(t)
	a, b := design(t, "iscas85/c6288.bench", bench.Read), ourCircuit(t, "multiplication:n=16")
	cfg := equiv.Config{Timeout: time.Hour, OutputOrder: []int{31: 30, 30: 31}}
	for i := range 30 {
		cfg.OutputOrder[i] = i
	}
	_, _, r := inCubes(t, a.Circuit, b, cfg, 8, 0)
	if r.Verdict != equiv.Proved || !slices.Equal(r.Cubes.By, []equiv.CubeCount{{By: "all inputs", Leaves: 256}}) {
		t.Errorf("%+v %+v", r, r.Cubes)
	}
	// With the outputs as they are, the first random input tells them apart.
	_, _, r = inCubes(t, a.Circuit, b, equiv.Config{}, 8, 0)
	if r.Verdict != equiv.Refuted {
		t.Errorf("%+v", r)
	}
}

// FuzzCubeResults joins what others say of cubes. Circuits that are the same never differ by that, and are proved so
// only if each cube is there.
func FuzzCubeResults(f *testing.F) {
	for _, text := range []string{
		`[]`, `[null,{"index":0,"verdict":"proved","leaves":[{"cube":[-1],"verdict":"proved","by":"x"}]}]`,
		`[{"index":1,"verdict":"refuted","leaves":[{"cube":[1],"verdict":"refuted","by":"x","input":"1111"}]}]`,
		`[{"index":0,"leaves":[{"cube":[-1,-2],"verdict":"proved"},{"cube":[-1,2],"verdict":"proved"}]},` +
			`{"index":1,"leaves":[{"cube":[1],"verdict":"proved"}]}]`,
		`[{"index":1,"leaves":[{"cube":[],"verdict":"proved","proof":"../x"}]},{"index":-1},{"index":9}]`,
	} {
		f.Add(text)
	}
	a, b := planted(f, 4, false)
	f.Fuzz(func(t *testing.T, text string) {
		var results []*equiv.CubeResult
		if json.Unmarshal([]byte(text), &results) != nil {
			return
		}
		c, err := equiv.Split(t.Context(), a, b, equiv.Config{Inputs: 1}, 1, 0)
		if err != nil || c.Len() != 2 {
			t.Fatal(c.Len(), err)
		}
		r, err := c.Join(results)
		if err != nil {
			return
		}
		if r.Verdict == equiv.Refuted || r.Verdict == equiv.Proved && len(results) < 2 {
			t.Fatalf("%s: %+v", text, r)
		}
	})
}
