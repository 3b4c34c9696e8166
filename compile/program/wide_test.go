package program_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/internal/lowertest"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// A family does not end where the range of a sum leaves 64 bits.
func TestSumOver64BitsHasAMemberForEveryN(t *testing.T) {
	for _, n := range []int{2, 7, 8, 9, 100} {
		p := program.New("sum of 60 bits")
		x := p.Input("x", program.Shape{program.NewDim("n", n), program.NewDim("d", 1)}, 60, false)
		sum := p.Reduce(x, "n")
		p.Output("y", p.Step(sum, program.Staircase{At: []int64{7, math.MaxInt64}, Jump: []int64{1, 1}}))
		c := lowertest.Circuit(t, p, lower.MinDepth)
		_, most, _ := sum.Ends()
		if want := circuit.NewInt(1<<60 - 1).Mul(circuit.NewInt(int64(n))); most.Cmp(want) != 0 {
			t.Errorf("n = %d: the sum is at most %v, want %v", n, most, want)
		}
		in := make([]int64, n)
		for ones, want := range map[int]int64{0: 0, 6: 0, 7: 1} {
			clear(in)
			in[n-1] = int64(ones)
			out, err := p.Reference(in)
			if err != nil || out[0] != want {
				t.Errorf("n = %d: a sum of %d becomes %v, %v; want %d", n, ones, out, err, want)
			}
			lowertest.Compare(t, p, c, in)
		}
		for missing, want := range map[int64]int64{0: 2, 1: 1} { // the sum is 2^63 − 1, and one less
			if n < 9 {
				continue // 2^63 − 1 is more than the greatest sum
			}
			clear(in)
			for i := range 8 {
				in[i] = 1<<60 - 1
			}
			in[8] = 7 - missing
			out, err := p.Reference(in)
			if err != nil || out[0] != want {
				t.Errorf("n = %d: 2^63 − 1 − %d becomes %v, %v; want %d", n, missing, out, err, want)
			}
			lowertest.Compare(t, p, c, in)
		}
		lowertest.Sample(p, 40, func(in []int64) { lowertest.Compare(t, p, c, in) })
	}
}

// around makes the values 4·x + s, which leave 64 bits by a few numbers on either side, and s.
func around(p *program.Program) (w, s program.Value) {
	shape := program.Shape{program.NewDim("d", 2)}
	x := p.Input("x", shape, 62, true)
	s = p.Input("s", shape, 4, true)
	return p.Add(p.Affine(4, x, 0), s), s
}

// Each operation is exact on either side of ±2^63: the circuit, which computes in numbers of any
// size, gives what the reference gives.
func TestOperationsAroundTheEndsOf64Bits(t *testing.T) {
	step := func(p *program.Program, v program.Value) program.Value {
		return p.Step(v, program.Staircase{
			Base: -3, At: []int64{math.MinInt64 + 1, math.MinInt64 + 2, 0, math.MaxInt64 - 1, math.MaxInt64},
			Jump: []int64{1, 1, 1, 1, 1},
		})
	}
	one := program.Shape{program.NewDim("d", 2)}
	above0 := func(p *program.Program, v program.Value) program.Value {
		return p.Step(v, program.Staircase{Base: 1, At: []int64{0}, Jump: []int64{1}})
	}
	for name, make := range map[string]func(p *program.Program, w, s program.Value) program.Value{
		"add": step2(step, func(p *program.Program, w, s program.Value) program.Value { return p.Add(w, s) }),
		"affine": step2(step, func(p *program.Program, w, _ program.Value) program.Value {
			return p.Affine(-1, w, 1)
		}),
		"linear": step2(step, func(p *program.Program, w, _ program.Value) program.Value {
			return p.Linear(w, &program.Matrix{Rows: 2, Columns: 2, Data: []int64{1, -1, -3, 2}}, []int64{-1, 5}, "d")
		}),
		"reduce":    step2(step, func(p *program.Program, w, _ program.Value) program.Value { return p.Reduce(w, "d") }),
		"window":    step2(step, func(p *program.Program, w, _ program.Value) program.Value { return p.Window(w, "s") }),
		"transpose": step2(step, func(p *program.Program, w, _ program.Value) program.Value { return p.Transpose(w, 0) }),
		"mask": step2(step, func(p *program.Program, w, _ program.Value) program.Value {
			return p.Mask(w, []bool{false, true}, math.MinInt64)
		}),
		"constant": step2(step, func(p *program.Program, w, _ program.Value) program.Value {
			return p.Elementwise(w, p.Const(one, []int64{math.MaxInt64, -1}))
		}),
		"product": step2(step, func(p *program.Program, w, s program.Value) program.Value { return p.Elementwise(s, w) }),
		"lookup": func(p *program.Program, w, _ program.Value) program.Value {
			return p.Lookup(w, program.NewMatrix(3, 1, func(i, _ int) int64 { return int64(i) }), "column")
		},
		"quotient": func(p *program.Program, w, s program.Value) program.Value {
			return p.Quotient(w, above0(p, s), program.Range{Lo: math.MaxInt64 - 3, Hi: math.MaxInt64})
		},
		"quotient by a wide value": func(p *program.Program, w, _ program.Value) program.Value {
			den := p.Add(w, p.Const(one, []int64{math.MaxInt64, math.MaxInt64}))
			den = p.Add(den, p.Const(one, []int64{10, 10}))
			return p.Quotient(p.Affine(3, w, 0), den, program.Range{Lo: -4, Hi: 4})
		},
		"root": func(p *program.Program, w, s program.Value) program.Value {
			y := p.Add(p.Affine(1<<62, above0(p, s), 0), p.Affine(1<<62, above0(p, w), 0))
			return p.RootQuotient(w, y, 1<<31, []int64{1, -1 << 31}, program.Range{Lo: -2, Hi: 2})
		},
		"greatest": func(p *program.Program, w, _ program.Value) program.Value { return p.ArgMax(w, nil) },
		"behind the greatest": func(p *program.Program, w, _ program.Value) program.Value {
			f := program.Staircase{At: []int64{math.MinInt64 + 1, math.MinInt64 + 9, -1, 0}, Jump: []int64{1, 1, 1, 1}}
			return p.MaxStep(w, f, nil)
		},
		"differences of 64-bit values": func(p *program.Program, w, _ program.Value) program.Value {
			x := p.Step(w, program.Staircase{
				Base: math.MinInt64, At: []int64{-1 << 62, 0, 1 << 62}, Jump: []int64{1, math.MaxInt64, math.MaxInt64},
			})
			return p.MaxStep(x, program.Staircase{At: []int64{math.MinInt64 + 1, 0}, Jump: []int64{1, 1}}, nil)
		},
	} {
		p := program.New(name)
		w, s := around(p)
		p.Output("y", make(p, w, s))
		rng := rand.New(rand.NewPCG(3, 4))
		for _, strategy := range lowertest.Strategies {
			c := lowertest.Circuit(t, p, strategy)
			in := []int64{0, 0, 0, 0}
			for range 60 {
				for i := range 2 {
					random := rng.Int64N(1<<62) - 1<<61
					in[i] = []int64{-1 << 61, -1<<61 + 1, 0, 1<<61 - 2, 1<<61 - 1, random}[rng.IntN(6)]
					in[2+i] = rng.Int64N(16) - 8
				}
				lowertest.Compare(t, p, c, in)
			}
		}
	}
}

// step2 puts one function after another.
func step2(
	step func(*program.Program, program.Value) program.Value,
	f func(p *program.Program, w, s program.Value) program.Value,
) func(p *program.Program, w, s program.Value) program.Value {
	return func(p *program.Program, w, s program.Value) program.Value { return step(p, f(p, w, s)) }
}

// Random programs with values far beyond 64 bits: the circuit is the reference on every input.
func TestRandomWidePrograms(t *testing.T) {
	wide := 0
	rapid.Check(t, func(t *rapid.T) {
		p := program.New("random wide")
		d := program.Shape{program.NewDim("d", 2)}
		values := []program.Value{p.Input("x", d, rapid.IntRange(1, 3).Draw(t, "bits"), rapid.Bool().Draw(t, "signed"))}
		pick := func() program.Value { return values[rapid.IntRange(0, len(values)-1).Draw(t, "operand")] }
		for range rapid.IntRange(1, 6).Draw(t, "operations") {
			v := randomWide(t, p, pick(), pick())
			if _, most, _ := v.Ends(); most.BitLen() > 63 {
				wide++
			}
			values = append(values, v)
		}
		for i, v := range values {
			p.Output(fmt.Sprint("y", i), randomRounded(t, p, v, pick()))
		}
		if err := p.Check(); err != nil {
			t.Fatalf("%v", err)
		}
		for _, s := range lowertest.Strategies {
			c, err := lower.Program(p, s)
			if err != nil {
				t.Fatalf("%v", err)
			}
			lowertest.Exhaust(p, func(in []int64) { lowertest.Compare(t, p, c, in) })
		}
	})
	if wide == 0 {
		t.Error("no value was beyond 64 bits")
	}
}

// randomWide appends an exact operation on values of shape [d].
func randomWide(t *rapid.T, p *program.Program, v, w program.Value) program.Value {
	number := rapid.Custom(func(t *rapid.T) int64 {
		n := rapid.Int64Range(-3, 3).Draw(t, "near 0")
		return rapid.SampledFrom([]int64{n, n << 40, math.MaxInt64 - n&3, math.MinInt64 + n&3}).Draw(t, "number")
	})
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		m := &program.Matrix{Rows: 2, Columns: 2, Data: rapid.SliceOfN(number, 4, 4).Draw(t, "matrix")}
		return p.Linear(v, m, rapid.SliceOfN(number, 2, 2).Draw(t, "bias"), "d")
	case 1:
		return p.Add(v, w)
	case 2:
		return p.Affine(number.Draw(t, "k"), v, number.Draw(t, "c"))
	case 3:
		return p.Mask(v, rapid.SliceOfN(rapid.Bool(), 2, 2).Draw(t, "keep"), number.Draw(t, "elsewhere"))
	case 4:
		return p.Elementwise(v, p.Const(v.Shape(), rapid.SliceOfN(number, 2, 2).Draw(t, "factors")))
	}
	return p.Elementwise(p.Step(v, program.Round(1<<20, program.Range{Lo: -1, Hi: 1})), w)
}

// randomRounded appends an operation with values that fit 64 bits.
func randomRounded(t *rapid.T, p *program.Program, v, w program.Value) program.Value {
	lo, hi, _ := w.Ends()
	at := rapid.SampledFrom([]int64{math.MinInt64 + 1, -1 << 40, -1, 0, 1, 1 << 40, math.MaxInt64 - 1}).Draw(t, "at")
	f := program.Staircase{At: []int64{at, at + 1}, Jump: []int64{2, 1}}
	out := program.Range{Lo: -2, Hi: 2}
	square := p.Elementwise(w, w)
	positive := p.Add(square, p.Const(w.Shape(), []int64{1, 1}))
	switch rapid.IntRange(0, 6).Draw(t, "rounding") {
	case 0:
		return p.Lookup(v, program.NewMatrix(3, 2, func(i, j int) int64 { return int64(i * (j + 1)) }), "e")
	case 1:
		return p.Quotient(v, positive, out)
	case 2:
		return p.RootQuotient(v, positive, rapid.Int64Range(1, 3).Draw(t, "unit"), []int64{1, -1}, out)
	case 3:
		return p.ArgMax(v, nil)
	case 4:
		return p.MaxStep(v, program.Staircase{Base: 1, At: []int64{min(at, 0), 1}, Jump: []int64{2, 1}}, nil)
	case 5:
		if lo.Sign() > 0 || hi.Sign() < 0 {
			return p.Quotient(v, p.Affine(int64(max(lo.Sign(), hi.Sign())), w, 0), out)
		}
	}
	return p.Step(v, f)
}

// What must be a 64-bit number is refused with the reason, and the error names it.
func TestLimitsOf64BitsAreNamed(t *testing.T) {
	softmax := func(p *program.Program, w program.Value) {
		m := program.Shape{program.NewDim("n", 1), program.NewDim("m", 2)}
		compile.Softmax(p, p.Reshape(w, m, "scores"), p.Input("v", program.Shape{m[1], program.NewDim("e", 1)}, 2, true),
			compile.SoftmaxConfig{Levels: 4, Unit: 1, Out: program.Range{Hi: 3}})
	}
	for want, build := range map[string]func(p *program.Program, w program.Value){
		`output "all" is in -9223372036854775816..9223372036854775811; the limit of an output port is 64 bits`: func(
			p *program.Program, w program.Value,
		) {
			p.Output("all", w)
		},
		"gelu: its operand is in -9223372036854775816": func(p *program.Program, w program.Value) {
			compile.Activate(p, w, "gelu", 1, program.Range{Lo: -1, Hi: 1}, 1)
		},
		"exp: its operand is in -9223372036854775816": softmax,
		"the limit of a jump is 64 bits": func(p *program.Program, w program.Value) {
			p.Step(w, program.Round(1<<62, program.Range{Lo: 0, Hi: 9}))
		},
		"Step in stage \"\": its operand is in -9223372036854775816": func(p *program.Program, w program.Value) {
			p.Step(w, program.Staircase{At: []int64{math.MinInt64}, Jump: []int64{1}})
		},
		"MaxStep in stage \"\": x − max x is in -18446744073709551627..0": func(p *program.Program, w program.Value) {
			p.MaxStep(w, program.Staircase{At: []int64{math.MinInt64}, Jump: []int64{1}}, nil)
		},
		"denominator is in -9223372036854775816": func(p *program.Program, w program.Value) {
			p.Quotient(w, w, program.Range{Lo: 0, Hi: 1})
		},
		"make thresholds beyond 64 bits": func(p *program.Program, w program.Value) {
			y := p.Const(w.Shape(), []int64{1, 2})
			p.RootQuotient(w, y, 1<<62, nil, program.Range{Lo: 0, Hi: 3})
		},
		"jumps by more than 64 bits hold": func(p *program.Program, w program.Value) {
			p.Lookup(w, &program.Matrix{Rows: 2, Columns: 1, Data: []int64{math.MinInt64, 0}}, "e")
		},
		"bits; the limit is 65536": func(p *program.Program, w program.Value) {
			for range 64 {
				w = p.Elementwise(w, w)
			}
		},
	} {
		p := program.New("limit")
		w, _ := around(p)
		if p.Err() != nil {
			t.Fatal(p.Err())
		}
		build(p, w)
		var limit *program.RangeError
		if err := p.Err(); !errors.As(err, &limit) || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v; want a RangeError with %q", err, want)
		}
	}
	// A unit whose levels all fit 64 bits is no limit.
	p := program.New("levels")
	w, _ := around(p)
	p.Step(w, program.Round(1<<60, program.Range{Lo: -8, Hi: 7}))
	if err := p.Err(); err != nil {
		t.Error(err)
	}
}
