package analysis_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

// The families of this file are controls: what is claimed of blocks must not be claimed of
// them.

// member makes a family of one circuit for each n.
func member(build func(b *circuit.Builder, n int)) analysis.Member {
	return func(_ context.Context, n int) (*circuit.Circuit, error) {
		b := circuit.NewBuilder()
		build(b, n)
		return b.Circuit()
	}
}

func measured(t *testing.T, m analysis.Member, ns ...int) *analysis.Sweep {
	t.Helper()
	s, err := analysis.MeasureFamily(context.Background(), m, ns, gates.Standard(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func upTo(from, to int) []int {
	var ns []int
	for n := from; n <= to; n++ {
		ns = append(ns, n)
	}
	return ns
}

// xorTree is parity as a balanced tree of XOR gates of two inputs.
func xorTree(b *circuit.Builder, n int) {
	level := b.Inputs("x", n)
	for len(level) > 1 {
		var next []circuit.Lit
		for i := 0; i+1 < len(level); i += 2 {
			next = append(next, b.Xor(level[i], level[i+1]))
		}
		if len(level)%2 == 1 {
			next = append(next, level[len(level)-1])
		}
		level = next
	}
	b.Output("odd", level[0])
}

func TestXorTreeIsNotConstant(t *testing.T) {
	s := measured(t, member(xorTree), upTo(2, 70)...)
	if s.Verdict.Verdict != analysis.Refuted || s.Verdict.Class != "NC1" {
		t.Errorf("%s, %s; want refuted, NC1", s.Verdict.Verdict, s.Verdict.Class)
	}
	if p := s.Patterns["depth"]; p.Kind != "logarithmic" || p.Formula != "L with L = ⌈log₂ n⌉" {
		t.Errorf("depth %+v, want ⌈log₂ n⌉", p)
	}
}

// symmetricParity is parity in depth 2: thresholds for all counts, and their alternating
// sum.
func symmetricParity(b *circuit.Builder, n int) {
	x := b.Inputs("x", n)
	sum := b.Linear()
	for k := 1; k <= n; k++ {
		sum.AddLit(circuit.NewInt(int64(2*(k%2)-1)), b.AtLeast(k, x...))
	}
	b.Output("odd", b.Threshold(sum.Sum(), circuit.NewInt(1)))
}

func TestParityHasThresholdCircuitsOfDepth2(t *testing.T) {
	s := measured(t, member(symmetricParity), upTo(3, 20)...)
	if s.Verdict.Verdict != analysis.Consistent || s.Verdict.Class != "TC0" || s.Points[0].Depth != 2 {
		t.Errorf("%s, %s, depth %d; want consistent, TC0, 2", s.Verdict.Verdict, s.Verdict.Class, s.Points[0].Depth)
	}
	if p := s.Patterns["size"]; p.Kind != "polynomial" || p.Formula != "n + 1" {
		t.Errorf("size %+v, want n + 1", p)
	}
	facts := analysis.FactsOf("parity")
	if len(facts) != 4 || !strings.Contains(facts[0].Statement, "parity is not in AC0") ||
		!strings.Contains(facts[0].Source, "Furst") || !strings.Contains(facts[2].Source, "Impagliazzo") {
		t.Errorf("facts %v", facts)
	}
}

// thoughts unrolls a chain of thought: a small attention over the last two tokens, the
// likeliest token, which becomes the last one, and so on, n times.
func thoughts(n int) (*program.Program, error) {
	p := program.New(fmt.Sprintf("chain of thought, %d tokens", n))
	const vocabulary, d = 3, 2
	window, words, features := program.NewDim("window", 2), program.NewDim("vocab", vocabulary), program.NewDim("d", d)
	matrix := func(rows, columns, seed int) *program.Matrix {
		return program.NewMatrix(rows, columns, func(i, j int) int64 { return int64((3*i+5*j*j+seed*(i+2*j))%5 - 2) })
	}
	first := p.Tokens("token", program.Shape{window}, words)
	state := p.Repeat("thought", n, []program.Value{first}, func(_ int, state []program.Value) []program.Value {
		x := p.Linear(state[0], matrix(d, vocabulary, 1), []int64{1, -1}, "d")
		one := program.NewDim("head", 1)
		heads := func(v program.Value, w program.Dim) program.Value {
			return p.Reshape(v, program.Shape{w, one, features}, "heads")
		}
		keys := window.Renamed("keys")
		a := compile.Attend(
			p,
			heads(x, window),
			heads(p.Linear(x, matrix(d, d, 2), nil, "d"), keys),
			heads(x, keys),
			compile.AttendConfig{
				Alpha: 0.1, Levels: 3, Unit: 1, Out: program.Range{Lo: -4, Hi: 4},
			},
		)
		last := p.Select(p.Reshape(a, program.Shape{window, features}, "one head"), 1)
		next := p.ArgMax(p.Linear(last, matrix(vocabulary, d, 3), []int64{0, 1, 0}, "vocab"), nil)
		// The window moves on: its second token, then the new one.
		size := program.Shape{window, words}
		moved := p.Mask(
			p.Gather(state[0], size, "second", func(i int) int { return vocabulary + i%vocabulary }),
			[]bool{true, true, true, false, false, false},
			0,
		)
		added := p.Mask(
			p.Gather(next, size, "new", func(i int) int { return i % vocabulary }),
			[]bool{false, false, false, true, true, true},
			0,
		)
		return []program.Value{p.Add(moved, added)}
	})
	p.Output("window", state[0])
	return p, p.Err()
}

func TestChainOfThoughtIsLinear(t *testing.T) {
	s := measured(t, func(_ context.Context, n int) (*circuit.Circuit, error) {
		p, err := thoughts(n)
		if err != nil {
			return nil, err
		}
		return lower.Program(p, lower.MinDepth)
	}, upTo(2, 7)...)
	if s.Verdict.Verdict != analysis.Refuted || s.Verdict.Class != "depth linear" {
		t.Errorf("%s, %s: %s; want refuted, depth linear", s.Verdict.Verdict, s.Verdict.Class, s.Verdict.Reason)
	}
	if p := s.Patterns["depth"]; p.Kind != "polynomial" || p.Degree != 1 {
		t.Errorf("depth %+v, want linear", p)
	}
}

func TestMajorityIsRefusedAsAC0(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 7)
	b.Begin("vote")
	b.Output("y", b.Or(b.Majority(x...), b.And(x[:2]...)))
	b.End()
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	v := analysis.JudgeBasis(c, gates.AC0)
	if v.Verdict != analysis.Refuted || v.Class != analysis.OneCircuit ||
		!strings.Contains(v.Reason, `gate 8 in stage "vote" is a MAJORITY of 7 inputs`) {
		t.Errorf("%s: %s", v.Verdict, v.Reason)
	}
	if v := analysis.JudgeBasis(c, gates.TC0); v.Verdict != analysis.Consistent {
		t.Errorf("as TC0: %s: %s", v.Verdict, v.Reason)
	}
}

func TestDepthThatGrowsLater(t *testing.T) {
	m := func(_ context.Context, n int) (*circuit.Circuit, error) {
		p, err := deeper(program.NewDim("n", n))
		if err != nil {
			return nil, err
		}
		return lower.Program(p, lower.MinDepth)
	}
	if v := measured(t, m, upTo(2, 16)...).Verdict; v.Verdict != analysis.Consistent ||
		!strings.Contains(v.Reason, "n in 2..16") {
		t.Errorf("on 2..16: %s: %s; want consistent", v.Verdict, v.Reason)
	}
	v := measured(t, m, append(upTo(2, 20), 33)...).Verdict
	if v.Verdict != analysis.Refuted || !strings.Contains(v.Reason, "2 at n=17") {
		t.Errorf("up to 33: %s: %s; want refuted from n=17 on", v.Verdict, v.Reason)
	}
}

func TestComparisonHasWeightsThatAreNotPolynomial(t *testing.T) {
	s := measured(t, member(func(b *circuit.Builder, n int) {
		x, y := b.Inputs("x", n), b.Inputs("y", n)
		sum := b.Linear()
		for i := range n {
			sum.AddLit(circuit.Pow2(i), x[i])
			sum.AddLit(circuit.Pow2(i).Neg(), y[i])
		}
		b.Output("y", b.Threshold(sum.Sum(), circuit.NewInt(0)))
	}), upTo(2, 40)...)
	if p := s.Patterns["max_weight"]; p.Kind != "exponential" || p.Formula != "2^(n − 1)" {
		t.Errorf("greatest weight %+v, want 2^(n − 1)", p)
	}
	for _, degree := range []int{1, 2, 10, 20} {
		if v := analysis.JudgeGrowth(s.Points, analysis.MaxWeight, degree); v.Verdict != analysis.Refuted {
			t.Errorf("weights of degree %d: %s: %s", degree, v.Verdict, v.Reason)
		}
	}
	if v := analysis.JudgeGrowth(s.Points, analysis.Wires, 1); v.Verdict != analysis.Consistent {
		t.Errorf("wires of degree 1: %s: %s", v.Verdict, v.Reason)
	}
}

func TestSizeThatIsNotPolynomial(t *testing.T) {
	// Parity as an OR over all inputs of odd weight.
	s := measured(t, member(func(b *circuit.Builder, n int) {
		x := b.Inputs("x", n)
		var all []circuit.Lit
		for v := range 1 << n {
			term := make([]circuit.Lit, n)
			odd := false
			for i := range term {
				bit := v>>i&1 == 1
				term[i], odd = x[i].NotIf(!bit), odd != bit
			}
			if odd {
				all = append(all, b.And(term...))
			}
		}
		b.Output("odd", b.Or(all...))
	}), upTo(3, 12)...)
	if p := s.Patterns["size"]; p.Kind != "exponential" || p.Formula != "2^(n − 1) + 1" {
		t.Errorf("size %+v, want 2^(n − 1) + 1", p)
	}
	if p := s.Patterns["wires"]; p.Kind != "exponential" || p.Formula != "(n + 1)·2^(n − 1)" {
		t.Errorf("wires %+v, want (n + 1)·2^(n − 1)", p)
	}
	if s.Verdict.Verdict != analysis.Consistent || s.Class != "none: size not polynomial" ||
		!strings.Contains(s.Reason, "the size is 2^(n − 1) + 1 at all of them, which is exponential: not AC0 as built") {
		t.Errorf("%s, class %s: %s", s.Verdict.Verdict, s.Class, s.Reason)
	}
	if g := s.Growth["size"]; !g.Rises || g.Exponent != 0 || strings.HasPrefix(g.String(), "n^") {
		t.Errorf("size grows %v; want that no power fits", g)
	}
	for _, degree := range []int{1, 2, 5} {
		if v := analysis.JudgeGrowth(s.Points, analysis.Size, degree); v.Verdict != analysis.Refuted {
			t.Errorf("size of degree %d: %s: %s", degree, v.Verdict, v.Reason)
		}
	}
	if fits := s.Fits["size"]; len(fits) != 4 || fits[0].Curve != "b^n" || fits[0].Residual > 0.05 {
		t.Errorf("fits %+v, want b^n first", fits)
	}
}

// TestStoppedSweepReportsWhatItHas stops a sweep half-way.
func TestStoppedSweepReportsWhatItHas(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	s, err := analysis.MeasureFamily(
		ctx,
		member(symmetricParity),
		upTo(3, 30),
		gates.Standard(),
		func(n int, _ []analysis.Point) {
			if n == 12 {
				stop()
			}
		},
	)
	if err == nil || len(s.Points) != 9 || len(s.Missing) != 19 || s.Missing[0] != 12 ||
		s.Verdict.Verdict != analysis.Consistent ||
		len(s.CheckedN) != 9 {
		t.Errorf("error %v, %d points, missing %v, %+v", err, len(s.Points), s.Missing, s.Verdict)
	}
}
