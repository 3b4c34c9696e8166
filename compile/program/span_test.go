package program

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
)

// compareExact computes p in 64 bits, and with the values of even or of odd numbers in numbers of any
// size. All values that both have are the same.
func compareExact(t interface{ Fatalf(string, ...any) }, p *Program, in []int64) {
	want := p.run(in, func(*Node) bool { return false })
	seen := make([]bool, len(p.nodes))
	for parity := range 2 {
		got := p.run(in, func(n *Node) bool { return n.ID%2 == parity })
		for id := range p.nodes {
			if got[id] == nil {
				continue
			}
			seen[id] = true
			if diff := cmp.Diff(want[id], got[id]); diff != "" {
				t.Fatalf("%v: value %%%d on %v (-64 bits +any size):\n%s", p, id, in, diff)
			}
		}
	}
	for id, ok := range seen {
		if !ok {
			t.Fatalf("value %%%d was not compared", id)
		}
	}
}

// Every operation gives the same in 64 bits and in numbers of any size.
func TestBothReferencesAgree(t *testing.T) {
	p := everyOperation()
	rng := rand.New(rand.NewPCG(1, 2))
	ports := p.Inputs()
	in := make([]int64, len(ports))
	for range 300 {
		for i, port := range ports {
			in[i] = port.Bounds.Lo + rng.Int64N(port.Bounds.Hi-port.Bounds.Lo+1)
		}
		compareExact(t, p, in)
	}
}

func TestBothReferencesAgreeOnRandomPrograms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := New("random")
		n, d := NewDim("n", rapid.IntRange(1, 3).Draw(t, "n")), NewDim("d", 2)
		bits := rapid.IntRange(1, 20).Draw(t, "bits")
		values := []Value{p.Input("x", Shape{n, d}, bits, rapid.Bool().Draw(t, "signed"))}
		for range rapid.IntRange(1, 8).Draw(t, "operations") {
			v := values[rapid.IntRange(0, len(values)-1).Draw(t, "x")]
			w := values[rapid.IntRange(0, len(values)-1).Draw(t, "y")]
			values = append(values, randomNarrow(t, p, v, w))
		}
		if err := p.Check(); err != nil {
			t.Fatalf("%v", err)
		}
		ports := p.Inputs()
		in := make([]int64, len(ports))
		for i, port := range ports {
			in[i] = rapid.Int64Range(port.Bounds.Lo, port.Bounds.Hi).Draw(t, "in")
		}
		compareExact(t, p, in)
	})
}

// randomNarrow appends an operation whose value has shape [n,d] and fits 64 bits.
func randomNarrow(t *rapid.T, p *Program, v, w Value) Value {
	number := rapid.Int64Range(-9, 9)
	small := func(v Value) Value {
		if lo, hi, _ := v.Ends(); hi.Sub(lo).BitLen() < 20 && hi.BitLen() < 20 {
			return v
		}
		r := v.Bounds()
		at := []int64{min(r.Lo/2, 0) - 1, 0, max(r.Hi/2, 0) + 1}
		return p.Step(v, Staircase{Base: -2, At: at, Jump: []int64{2, 1, 3}})
	}
	v, w = small(v), small(w)
	positive := p.Step(p.Reduce(w, "d"), Round(3, Range{1, 9}))
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0:
		m := rapid.SliceOfN(number, 4, 4).Draw(t, "matrix")
		return p.Linear(v, &Matrix{Rows: 2, Columns: 2, Data: m}, rapid.SliceOfN(number, 2, 2).Draw(t, "bias"), "d")
	case 1:
		return p.Add(v, w)
	case 2:
		return p.Affine(number.Draw(t, "k"), v, number.Draw(t, "c"))
	case 3:
		keep := rapid.SliceOfN(rapid.Bool(), v.Shape().Len(), v.Shape().Len()).Draw(t, "keep")
		return p.Mask(v, keep, number.Draw(t, "elsewhere"))
	case 4:
		return p.Select(p.Transpose(p.Window(v, "s"), 1, 0, 2), 0)
	case 5:
		return p.Elementwise(v, w)
	case 6:
		return p.Quotient(v, positive, Range{-9, number.Draw(t, "greatest") + 9})
	case 7:
		offset := rapid.SliceOfN(number, 2, 2).Draw(t, "offset")
		return p.RootQuotient(v, positive, rapid.Int64Range(1, 9).Draw(t, "unit"), offset, Range{-9, 9})
	case 8:
		f := Staircase{Base: number.Draw(t, "base"), At: []int64{-3, -1, 0}, Jump: []int64{1, 2, 1}}
		return p.MaxStep(v, f, nil)
	}
	return p.Convolve(v, [][]int64{{1, 2}, {-3}})
}

// The range of the first value of around: −2^63 − 8 and 2^63 + 3.
const low, high = "-9223372036854775816", "9223372036854775811"

// around makes the two values 4·x + s and its factors, of shape [d]. The first leaves 64 bits by a few
// numbers on either side.
func around(p *Program) (w, s Value) {
	shape := Shape{NewDim("d", 2)}
	x := p.Input("x", shape, 62, true)
	s = p.Input("s", shape, 4, true)
	return p.Add(p.Affine(4, x, 0), s), s
}

func TestRangesGoOnBeyond64Bits(t *testing.T) {
	p := New("around")
	w, s := around(p)
	shape := w.Shape()
	d := shape[0]
	zero, one := p.Const(shape, []int64{0, 0}), p.Const(shape, []int64{1, 1})
	positive := p.Add(p.Elementwise(w, w), one)
	for what, test := range map[string]struct {
		v    Value
		want string
	}{
		"sum":       {w, low + ".." + high},
		"affine":    {p.Affine(-1, w, 1), "-9223372036854775810..9223372036854775817"},
		"linear":    {p.Linear(w, &Matrix{Rows: 1, Columns: 2, Data: []int64{1, -1}}, []int64{5}, "e"), "-18446744073709551622..18446744073709551632"},
		"reduce":    {p.Reduce(w, "d"), "-18446744073709551632..18446744073709551622"},
		"gather":    {p.Broadcast(w, NewDim("k", 1)), low + ".." + high},
		"mask":      {p.Mask(w, []bool{true, false}, 5), low + ".." + high},
		"window":    {p.Window(w, "s"), low + ".." + high},
		"constant":  {p.Elementwise(w, p.Const(shape, []int64{2, -1})), "-18446744073709551632..18446744073709551622"},
		"product":   {p.Elementwise(w, s), "-73786976294838206488..73786976294838206528"},
		"step":      {p.Step(w, Staircase{At: []int64{math.MinInt64 + 1, math.MaxInt64}, Jump: []int64{1, 2}}), "0..3"},
		"arg max":   {p.ArgMax(w, nil), "0..1"},
		"lookup":    {p.Lookup(w, NewMatrix(3, 1, func(i, _ int) int64 { return int64(i) }), "e"), "0..2"},
		"max step":  {p.MaxStep(w, Staircase{At: []int64{math.MinInt64 + 1, 0}, Jump: []int64{1, 1}}, nil), "0..2"},
		"quotient":  {p.Quotient(w, p.Affine(1, p.Add(zero, one), 1<<62-1), Range{-99, 99}), "-3..2"},
		"quotients": {p.Quotient(w, positive, Range{-99, 99}), "-99..99"},
		"root":      {p.RootQuotient(w, positive, 1, nil, Range{-2, 2}), "-2..2"},
	} {
		if got := p.node(test.v).rangeText(); got != test.want {
			t.Errorf("%s is in %s, want %s", what, got, test.want)
		}
	}
	square, _ := circuit.ParseInt("9223372036854775816")
	if _, got, ok := p.Elementwise(w, w).Ends(); !ok || got.Cmp(square.Mul(square)) != 0 {
		t.Errorf("the square is at most %v", got)
	}
	if r := w.Bounds(); r != everything {
		t.Errorf("the ends are cut to %v", r)
	}
	zeros := &Matrix{Rows: 2, Columns: 2, Data: make([]int64, 4)}
	if r := p.Affine(1, p.Elementwise(p.Linear(w, zeros, []int64{1 << 62, 1 << 62}, d.Name),
		p.Const(shape, []int64{-8, -8})), 0).Bounds(); r != (Range{math.MinInt64, math.MinInt64}) {
		t.Errorf("−2^65 is cut to %v", r)
	}
	if err := p.Check(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(p.String(), " in "+low+".."+high+" = Add(") {
		t.Errorf("the listing does not have the range of the sum:\n%v", p)
	}
}

func TestCheckFindsFalseWideRanges(t *testing.T) {
	for want, spoil := range map[string]func(n *Node){
		"Add in stage \"\": range -9223372036854775808..9223372036854775807, not -9223372036854775816": func(n *Node) {
			n.wide = nil
		},
		"Add in stage \"\": range -9223372036854775816..18446744073709551616": func(n *Node) { n.wide = &span{n.wide.lo, above} },
		"is kept as -9223372036854775808..5":                                  func(n *Node) { n.Bounds.Hi = 5 },
		"the range -1..1 is kept as":                                          func(n *Node) { n.wide = &span{finite(-1), finite(1)} },
		"is declared, and -9223372036854775816..9223372036854775811 follows": func(n *Node) {
			n.Given, n.wide = true, &span{lo: above, hi: above}
			n.Bounds = n.wide.saturated()
		},
	} {
		p := New("around")
		w, _ := around(p)
		p.Output("y", p.Step(w, Round(1, Range{0, 1})))
		p.MaxStep(w, Round(1, Range{0, 1}), nil)
		spoil(p.node(w))
		if err := p.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v; want one with %q", err, want)
		}
	}
	for op, want := range map[Op]string{OpStep: "values in " + low, OpMaxStep: "values in -18446744073709551627..0"} {
		p := New("jump")
		w, _ := around(p)
		p.Step(w, Round(1, Range{0, 1}))
		p.MaxStep(w, Round(1, Range{0, 1}), nil)
		for i := range p.nodes {
			if p.nodes[i].Op == op {
				p.nodes[i].Steps.At = []int64{math.MinInt64}
			}
		}
		if err := p.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v; want one with %q", err, want)
		}
	}
	p := New("output")
	w, _ := around(p)
	p.outputs = append(p.outputs, Result{"y", w.id})
	if err := p.Check(); err == nil || !strings.Contains(err.Error(), `output "y" is in -9223372036854775816`) {
		t.Errorf("error %v; want one about the output", err)
	}
}

// An end of an open program that is infinite stays so, and never becomes a number.
func TestInfiniteEnds(t *testing.T) {
	if got := (Range{-5, 7}).span().times(span{finite(0), above}); !got.equal(span{below, above}) {
		t.Errorf("-5..7 times 0 and more is in %v", got)
	}
	if got := (Range{0, 7}).span().times(span{finite(-2), above}); !got.equal(span{finite(-14), above}) {
		t.Errorf("0..7 times -2 and more is in %v", got)
	}
	if got := point(0).times(span{below, above}); !got.equal(point(0)) {
		t.Errorf("0 times anything is in %v", got)
	}
	out := Range{math.MinInt64, math.MaxInt64}
	for _, test := range []struct {
		num, den span
		want     Range
	}{
		{span{below, above}, Range{3, 10}.span(), out},
		{Range{-9, 9}.span(), span{finite(2), above}, Range{-5, 4}},
		{Range{5, 9}.span(), span{finite(2), above}, Range{0, 4}},
		{Range{-9, -5}.span(), span{finite(2), above}, Range{-5, -1}},
		{Range{-9, -5}.span(), Range{2, 4}.span(), Range{-5, -2}},
		{span{finite(-9), above}, Range{10, 20}.span(), Range{-1, math.MaxInt64}},
	} {
		if got := clippedQuotient(test.num, test.den, out); got != test.want {
			t.Errorf("%v over %v is in %v, want %v", test.num, test.den, got, test.want)
		}
	}
	p := New("open")
	n := OpenDim("n")
	sum := p.Reduce(p.Input("x", Shape{n}, 62, false), "n")
	less := p.Affine(1, sum, math.MinInt64)
	if got := p.node(less).Bounds; got != everything {
		t.Errorf("a sum over n less 2^63 is in %v", got)
	}
	if _, _, bounded := p.node(sum).Ends(); bounded || p.node(sum).wide != nil {
		t.Errorf("the sum over n has the range %v", p.node(sum).span())
	}
	if q := p.Quotient(sum, p.Affine(1, sum, 1<<62), Range{0, 1 << 20}); q.Bounds() != (Range{0, 1 << 20}) {
		t.Errorf("the quotient of sums over n is in %v", q.Bounds())
	}
	if err := p.Check(); err != nil {
		t.Error(err)
	}
}
