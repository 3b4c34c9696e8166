package compile

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile/internal/lowertest"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// Numbers at the border of 64 bits are either computed exactly or refused.

func TestStepAtTheGreatestInteger(t *testing.T) {
	p := program.New("greatest")
	x := p.Input("x", program.Shape{program.NewDim("d", 2)}, 62, false)
	sum := p.Linear(x, program.NewMatrix(1, 2, func(_, _ int) int64 { return 1 }), []int64{1}, "one")
	sum = p.Linear(p.Gather(sum, program.Shape{program.NewDim("e", 1)}, "rename", func(int) int { return 0 }),
		program.NewMatrix(1, 1, func(_, _ int) int64 { return 1 }), nil, "one")
	p.Output("y", p.Step(sum, program.Staircase{At: []int64{0, 10}, Jump: []int64{1, 1}}))
	c := lowertest.Circuit(t, p, lower.MinDepth)
	const most = 1<<62 - 1
	for _, in := range [][]int64{{most, most}, {0, 0}, {9, 0}, {8, 0}} {
		lowertest.Compare(t, p, c, in)
	}
	out, err := p.Reference([]int64{most, most})
	if err != nil || out[0] != 2 {
		t.Errorf("the step at 2^63 − 1 is %v, %v; want 2", out, err)
	}
	if got := (program.Staircase{At: []int64{0}, Jump: []int64{5}}).Apply(math.MaxInt64); got != 5 {
		t.Errorf("Apply(2^63 − 1) = %d, want 5", got)
	}
}

func TestStaircaseThatOverflowsIsRefused(t *testing.T) {
	p := program.New("overflow")
	p.Step(p.Input("x", nil, 3, true), program.Staircase{Base: math.MaxInt64, At: []int64{0}, Jump: []int64{1}})
	if err := p.Err(); err == nil || !strings.Contains(err.Error(), "64 bits") {
		t.Errorf("error %v; want one that says 64 bits", err)
	}
}

func TestSubrangingFarFromZero(t *testing.T) {
	p := program.New("far")
	x := p.Input("x", program.Shape{program.NewDim("d", 2)}, 62, false)
	sum := p.Linear(x, program.NewMatrix(1, 2, func(_, _ int) int64 { return -1 }), nil, "one")
	at := int64(math.MinInt64)
	p.Output("y", p.Step(sum, program.Staircase{At: []int64{at + 10, at + 110, at + 210}, Jump: []int64{1, 1, 1}}))
	for _, s := range lowertest.Strategies {
		c := lowertest.Circuit(t, p, s)
		for _, in := range [][]int64{{0, 0}, {1<<62 - 1, 1<<62 - 1}, {5, 7}} {
			lowertest.Compare(t, p, c, in)
		}
	}
}

func TestConstructorsOfStaircasesAtExtremes(t *testing.T) {
	if f := program.Round(1<<62, program.Range{Lo: 3, Hi: 4}); f.Apply(0) != 3 || f.Apply(math.MaxInt64) != 3 {
		t.Errorf("0/2^62 clipped to 3..4 is %d", f.Apply(0))
	}
	if f := program.Round(1<<62, program.Range{Lo: -4, Hi: 4}); f.Apply(0) != 0 || f.Apply(1<<62) != 1 ||
		f.Apply(-1<<62) != -1 || f.Apply(math.MinInt64) != -2 {
		t.Errorf("multiples of 2^62 round to %d, %d, %d, %d", f.Apply(0), f.Apply(1<<62), f.Apply(-1<<62),
			f.Apply(math.MinInt64))
	}
	step := func(x int64) int64 {
		if x >= 5 {
			return 1
		}
		return 0
	}
	f := program.Monotone(program.Range{Lo: math.MinInt64, Hi: math.MaxInt64}, step)
	if len(f.At) != 1 || f.At[0] != 5 {
		t.Errorf("the jump of a step at 5 is found at %v", f.At)
	}
	g := program.Tabulate(program.Range{Lo: math.MaxInt64 - 3, Hi: math.MaxInt64}, func(x int64) int64 { return x & 1 })
	if len(g.At) != 3 || g.Apply(math.MaxInt64) != 1 || g.Apply(math.MaxInt64-1) != 0 {
		t.Errorf("parity of the four greatest integers is tabulated as %+v", g)
	}
	if _, ok := (program.Staircase{At: []int64{math.MinInt64, math.MaxInt64}, Jump: []int64{1, 1}}).Uniform(); ok {
		t.Error("jumps that are 2^64 − 1 apart count as uniform")
	}
}

func TestExpRefusesWhatItDoesNotMean(t *testing.T) {
	var bad *program.RangeError
	for _, alpha := range []float64{-5, math.NaN(), math.Inf(1), math.Inf(-1)} {
		if _, err := program.Exp(alpha, program.Range{Lo: 0, Hi: 20}, 4, 6); !errors.As(err, &bad) {
			t.Errorf("alpha %g: error %v", alpha, err)
		}
	}
	for _, domain := range []program.Range{{Lo: 1, Hi: 0}, {Lo: math.MinInt64, Hi: math.MaxInt64}} {
		if _, err := program.Exp(1e-19, domain, 7, 6); !errors.As(err, &bad) {
			t.Errorf("domain %v: error %v", domain, err)
		}
	}
}

func TestSoftmaxNeedsTheKeysOnAnAxisOfTheirOwn(t *testing.T) {
	p := program.New("one axis twice")
	q := p.Input("q", program.Shape{program.NewDim("n", 2), program.NewDim("d", 1)}, 3, true)
	k := p.Input("k", program.Shape{program.NewDim("n", 2), program.NewDim("d", 1)}, 3, true)
	Softmax(p, p.Contract("if,jf->ij", q, k), k, SoftmaxConfig{
		Alpha: 0.3, Levels: 16, Unit: 1,
		Out: program.Range{Lo: -8, Hi: 7},
	})
	if err := p.Err(); err == nil || !strings.Contains(err.Error(), `two axes "n"`) {
		t.Errorf("error %v; want one that names the axis", err)
	}
	p = program.New("flat")
	x := p.Input("x", program.Shape{program.NewDim("n", 2)}, 3, true)
	Softmax(p, x, x, SoftmaxConfig{Alpha: 0.3, Levels: 16, Unit: 1, Out: program.Range{Lo: -8, Hi: 7}})
	if err := p.Err(); err == nil || !strings.Contains(err.Error(), "two axes") {
		t.Errorf("error %v; want one about the axes", err)
	}
}

func TestScalarOfAOneHotAxis(t *testing.T) {
	p := program.New("scalar")
	x := p.Input("x", program.Shape{program.NewDim("d", 1)}, 2, true)
	p.Output("z", p.Select(p.ArgMax(x, nil), 0))
	c := lowertest.Circuit(t, p, lower.MinDepth)
	lowertest.Exhaust(p, func(in []int64) { lowertest.Compare(t, p, c, in) })
}

func TestQuotientWithoutClipping(t *testing.T) {
	p := program.New("quotient")
	x := p.Input("x", program.Shape{program.NewDim("d", 2)}, 3, true)
	den := p.Step(p.Reduce(x, "d"), program.Round(1, program.Range{Lo: 1, Hi: 5}))
	all := p.Quotient(x, den, program.Range{Lo: math.MinInt64, Hi: math.MaxInt64})
	if want := (program.Range{Lo: -4, Hi: 3}); all.Bounds() != want {
		t.Errorf("the quotient is in %v, want %v", all.Bounds(), want)
	}
	p.Output("all", all)
	p.Output("above", p.Quotient(x, den, program.Range{Lo: 10, Hi: 20}))
	p.Output("below", p.Quotient(x, den, program.Range{Lo: -20, Hi: -10}))
	for _, s := range lowertest.Strategies {
		c := lowertest.Circuit(t, p, s)
		lowertest.Exhaust(p, func(in []int64) { lowertest.Compare(t, p, c, in) })
	}
	p = program.New("wide")
	y := p.Input("y", nil, 40, true)
	p.Quotient(y, p.Step(y, program.Round(1, program.Range{Lo: 1, Hi: 2})),
		program.Range{Lo: math.MinInt64, Hi: math.MaxInt64})
	if err := p.Err(); err == nil || !strings.Contains(err.Error(), "levels") {
		t.Errorf("error %v; want one about the levels", err)
	}
}

func TestHugeAndBrokenProgramsAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"attention:n=262144": "elements",
		"mlp:n=32768":        "weights",
	} {
		s, err := ParseSpec(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Instance(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", text, err, want)
		}
	}
	s, err := ParseSpec("attention:n=2")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.With("bits", -3).Instance(); err == nil || !strings.Contains(err.Error(), "bits") {
		t.Errorf("bits=-3: error %v", err)
	}
	if _, err := (Attention{Bits: -1}).Program(3); err == nil || !strings.Contains(err.Error(), "bits=-1") {
		t.Errorf("Bits: -1: error %v", err)
	}
	if scale := (Attention{Bits: -1}).OutputScale(); !math.IsNaN(scale) {
		t.Errorf("the scale of a head of −1 bits is %g", scale)
	}
	for name, build := range map[string]func(p *program.Program){
		"dimension v has size 0": func(p *program.Program) {
			p.Linear(p.Tokens("t", nil, program.NewDim("v", 0)),
				program.NewMatrix(2, 1, func(_, _ int) int64 { return 1 }), nil, "e")
		},
		"dimension n has size 0": func(p *program.Program) {
			p.Reduce(p.Input("x",
				program.Shape{program.NewDim("n", -1)}, 2, true), "n")
		},
		"with 1 numbers": func(p *program.Program) {
			p.Linear(p.Input("x", program.Shape{program.NewDim("n", 2)}, 2, true),
				&program.Matrix{Rows: 1, Columns: 2, Data: []int64{1}}, nil, "e")
		},
		"two inputs are named": func(p *program.Program) { p.Input("x", nil, 2, true); p.Input("x", nil, 2, true) },
	} {
		p := program.New("broken")
		build(p)
		p.Inputs()
		if err := p.Err(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v, want one with %q", err, name)
		}
	}
}

// Scores far beyond 64 bits: where a limit cuts the exponential, attention needs no 64-bit range.
func TestAttentionToScoresBeyond64Bits(t *testing.T) {
	build := func(kind AttentionKind, alpha float64) *program.Program {
		p := program.New(string(kind))
		n, one := program.NewDim("n", 2), program.NewDim("one", 1)
		x := p.Input("x", program.Shape{n, one, one}, 2, true)
		far := p.Affine(1<<40, x, 1)
		m := program.Shape{n.Renamed("m"), one, one}
		k := p.Reshape(far, m, "keys")
		p.Output("y", Attend(p, far, k, p.Reshape(x, m, "values"), AttendConfig{
			Kind: kind, Alpha: alpha, Levels: 8, Unit: 1, Out: program.Range{Lo: -2, Hi: 1},
		}))
		return p
	}
	for _, kind := range AttentionKinds() {
		p := build(kind, 1e-3)
		for _, s := range lowertest.Strategies {
			c := lowertest.Circuit(t, p, s)
			lowertest.Exhaust(p, func(in []int64) { lowertest.Compare(t, p, c, in) })
		}
		// One key is 1, the other −2: the product with the greater score is all that counts.
		if out, err := p.Reference([]int64{1, -2}); err != nil || out[0] != 1 || out[1] != -2 {
			t.Errorf("%s: attention of 1, −2 is %v, %v", kind, out, err)
		}
		err := build(kind, 0).Err() // equal weights, so no limit cuts the scores
		var bad *program.RangeError
		exponential := kind == Softmaxed || kind == Stable
		if exponential != errors.As(err, &bad) || exponential && bad.Value != "exp" {
			t.Errorf("%s without a limit: error %v", kind, err)
		}
	}
}
