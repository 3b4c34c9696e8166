package depthtest_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/depthtest"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

// A package of tests defines the flag: it would be defined twice if the assertions did so.
var _ = flag.Bool("update", false, "rewrite golden files")

// recorder is a test that fails without failing.
type recorder struct {
	testing.TB
	text string
}

func (r *recorder) Helper()                           {}
func (r *recorder) Context() context.Context          { return context.Background() }
func (r *recorder) Errorf(format string, args ...any) { r.text += fmt.Sprintf(format, args...) + "\n" }

// holds runs an assertion that must hold.
func holds(t *testing.T, name string, assert func(t testing.TB) bool) {
	t.Helper()
	r := &recorder{TB: t}
	if !assert(r) || r.text != "" {
		t.Errorf("%s fails: %s", name, r.text)
	}
}

// fails runs an assertion that must fail with all the given words.
func fails(t *testing.T, name string, assert func(t testing.TB) bool, words ...string) {
	t.Helper()
	r := &recorder{TB: t}
	if assert(r) || r.text == "" {
		t.Errorf("%s holds", name)
		return
	}
	for _, w := range words {
		if !strings.Contains(r.text, w) {
			t.Errorf("%s fails without %q: %s", name, w, r.text)
		}
	}
}

func majorities(t testing.TB, n int) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	x := b.Inputs("x", n)
	b.Begin("first")
	y := b.Majority(x...)
	b.End()
	b.Begin("second")
	b.Output("y", b.And(y, x[0]))
	b.End()
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestOneCircuit(t *testing.T) {
	c := majorities(t, 5)
	holds(t, "Exactly", func(t testing.TB) bool { return depthtest.Exactly(t, c, 2) })
	holds(t, "AtMost", func(t testing.TB) bool { return depthtest.AtMost(t, c, 2) && depthtest.AtMost(t, c, 3) })
	holds(t, "Basis", func(t testing.TB) bool { return depthtest.Basis(t, c, gates.TC0) })
	path := []string{"the longest path:", "first", "level 1: MAJORITY", "second", "level 2: AND", "(y)"}
	fails(
		t,
		"Exactly",
		func(t testing.TB) bool { return depthtest.Exactly(t, c, 1) },
		append(path, "the depth is 2, want 1")...)
	fails(t, "Exactly", func(t testing.TB) bool { return depthtest.Exactly(t, c, 3) }, "the depth is 2, want 3")
	fails(t, "AtMost", func(t testing.TB) bool { return depthtest.AtMost(t, c, 1) }, append(path, "want at most 1")...)
	fails(
		t,
		"Basis",
		func(t testing.TB) bool { return depthtest.Basis(t, c, gates.AC0) },
		`stage "first"`,
		"MAJORITY of 5 inputs",
	)
	reference := func(in []int64) []int64 {
		sum := int64(0)
		for _, v := range in {
			sum += v
		}
		if sum > 2 && in[0] == 1 {
			return []int64{1}
		}
		return []int64{0}
	}
	holds(t, "Computes", func(t testing.TB) bool { return depthtest.Computes(t, c, reference) })
	fails(t, "Computes", func(t testing.TB) bool {
		return depthtest.Computes(t, c, func(in []int64) []int64 { return []int64{reference(in)[0] | in[1]&in[2]} })
	}, "another function", "x[1]=1 x[2]=1", "want y=1, got y=0")
	fails(
		t,
		"Computes",
		func(t testing.TB) bool { return depthtest.Computes(t, c, func([]int64) []int64 { return nil }) },
		"returns 0 integers for 1 output ports",
	)
}

func TestComputesUnderstandsFormats(t *testing.T) {
	p := program.New("formats")
	x := p.Input("x", program.Shape{program.NewDim("d", 2)}, 3, true)
	w := p.Tokens("w", nil, program.NewDim("vocab", 3))
	word := p.Linear(w, program.NewMatrix(1, 3, func(_, j int) int64 { return int64(j) }), nil, "one")
	sum := p.Add(p.Reduce(x, "d"), p.Reduce(word, "one"))
	p.Output("y", p.Step(sum, program.Round(2, program.Range{Lo: -3, Hi: 3})))
	c, err := lower.Program(p, lower.MinDepth)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, "Computes", func(t testing.TB) bool {
		return depthtest.Computes(t, c, func(in []int64) []int64 {
			// ⌊(x₀ + x₁ + w)/2 + 1/2⌋, clipped.
			v := in[0] + in[1] + in[2] + 1
			v >>= 1
			return []int64{min(max(v, -3), 3)}
		})
	})
}

func TestFamilies(t *testing.T) {
	head := depthtest.Members(compile.Attention{Features: 2}, lower.MinDepth)
	holds(t, "Constant", func(t testing.TB) bool { return depthtest.Constant(t, head, 2, 3, 4, 8) })
	fails(t, "Grows", func(t testing.TB) bool { return depthtest.Grows(t, head, 2, 3, 4) }, "never grows")
	holds(t, "GrowsAtMost", func(t testing.TB) bool { return depthtest.GrowsAtMost(t, head, analysis.Size, 2, 4, 8) })
	fails(
		t,
		"GrowsAtMost",
		func(t testing.TB) bool { return depthtest.GrowsAtMost(t, head, analysis.Size, 1, 4, 8) },
		"from n=4 to n=8 it grows as n^1.9",
	)
	cell := depthtest.Members(compile.Recurrent{}, lower.MinDepth)
	holds(t, "Grows", func(t testing.TB) bool { return depthtest.Grows(t, cell, 2, 3) })
	fails(t, "Constant", func(t testing.TB) bool { return depthtest.Constant(t, cell, 2, 3, 4) },
		"depth 2 at n=2, then 3 at n=3", "from n=2 to n=3", "step 3 is new: depth 1", "the longest path:", "step 1")
	fails(t, "Constant", func(t testing.TB) bool { return depthtest.Constant(t, head, 3) }, "at least 2")
	fails(
		t,
		"GrowsAtMost",
		func(t testing.TB) bool { return depthtest.GrowsAtMost(t, head, analysis.Wires, 2, 3) },
		"at least 2",
	)
	fails(t, "Constant", func(t testing.TB) bool { return depthtest.Constant(t, head, 0, 1) }, "n=0")
}

func TestProved(t *testing.T) {
	holds(t, "Proved", func(t testing.TB) bool { return depthtest.Proved(t, compile.Attention{}, 3) })
	fails(
		t,
		"Proved",
		func(t testing.TB) bool { return depthtest.Proved(t, compile.Attention{}, 2) },
		"at most 3 for every n, want 2",
		"the derivation:",
		"scores: Contract adds 1, depth 1",
		"quotient",
	)
	fails(
		t,
		"Proved",
		func(t testing.TB) bool { return depthtest.Proved(t, compile.Recurrent{Kind: compile.GRU}, 3) },
		"at most 3·n for every n",
	)
	holds(
		t,
		"ProvedWith",
		func(t testing.TB) bool { return depthtest.ProvedWith(t, compile.Attention{}, lower.Strategy{}, 4) },
	)
	holds(t, "PolynomialSize", func(t testing.TB) bool { return depthtest.PolynomialSize(t, compile.Attention{}, 2) })
	fails(t, "PolynomialSize", func(t testing.TB) bool {
		return depthtest.PolynomialSize(t, compile.Attention{Kind: compile.Stable}, 2)
	}, "of degree 3, want at most 2")
	curious := compile.FamilyFunc(
		func(n program.Dim) (*program.Program, error) { return compile.Attention{}.Program(n.Size()) },
	)
	fails(
		t,
		"Proved",
		func(t testing.TB) bool { return depthtest.Proved(t, curious, 3) },
		"nothing is proved",
		"not known for every size",
	)
	fails(
		t,
		"PolynomialSize",
		func(t testing.TB) bool { return depthtest.PolynomialSize(t, curious, 3) },
		"nothing is proved",
	)
	large := compile.Attention{Features: 64, Bits: 8}
	fails(
		t,
		"Proved",
		func(t testing.TB) bool { return depthtest.Proved(t, large, 3) },
		"not just that on the circuits that were built",
	)
}

func TestGolden(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "c.golden")
	five, seven := majorities(t, 5), majorities(t, 7)
	golden := func(c *circuit.Circuit) func(t testing.TB) bool {
		return func(t testing.TB) bool { return depthtest.Golden(t, c, path) }
	}
	fails(t, "Golden", golden(five), "no golden file", "-update")
	update := flag.Lookup("update")
	old := update.Value.String()
	defer update.Value.Set(old)
	update.Value.Set("true")
	holds(t, "Golden with -update", golden(five))
	update.Value.Set("false")
	holds(t, "Golden", golden(five))
	fails(t, "Golden", golden(seven), "wires: 7 → 9", "-update accepts it")
	b := circuit.NewBuilder()
	x := b.Inputs("x", 5)
	b.Begin("third")
	b.Output("y", b.Or(b.And(b.Majority(x...), x[0]), x[1]))
	b.End()
	deeper, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	fails(
		t,
		"Golden",
		golden(deeper),
		"depth: 2 → 3",
		"gates: 2 → 3",
		"third is new: depth 3",
		"first is gone",
		"the longest path:",
	)
	if err := os.WriteFile(path, []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
	fails(t, "Golden", golden(five), "cannot be read")
}
