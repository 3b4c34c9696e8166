package problem

import (
	"cmp"
	"fmt"
	"math"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// This file has the circuits of some problems once more, as programs for every n. A program can be read
// with n as a symbol, and the circuit of a problem cannot. Lowered under the strategy min-depth, the program
// of one n has as many gates on as many levels as the circuit of the problem, and as many wires, and computes
// the same. A number of n bits is n inputs of one bit here, from the lowest on.

// Family is the circuits of a problem as a family of programs.
type Family struct {
	compile.FamilyFunc
	// Least and Most are the least and the greatest n with a member. Most is less than that of the problem
	// if the sums of the program leave 64-bit integers.
	Least, Most int
	Each        string // the n that there are, in one word, such as "even n"
	Ends        bool   // the program has no numbers for n beyond Most; else greater n are only not built
	Members     string // which n have a circuit, and which of these the program makes
}

// NoFamilyError says that the circuits of a problem are not made by a program.
type NoFamilyError struct{ Problem, Reason string }

func (e *NoFamilyError) Error() string { return e.Problem + ": " + e.Reason }

// family says how the program of a problem is made.
type family struct {
	build func(p *program.Program, n program.Dim, a compile.Args)
	most  func(a compile.Args) int // the greatest n that fits 64-bit integers; nil if all n do
	each  string                   // the n that there are, in one word; "" if it is every n
}

// Provable reports whether the problem has a program for every n, with the default parameters.
func (p Problem) Provable() bool { return p.family.build != nil }

// Family returns the circuits of s as programs, for any n.
// Errors: a [*NoFamilyError] if there is no program.
func (s Spec) Family() (Family, error) {
	p := s.Problem
	if p.family.build == nil {
		return Family{}, &NoFamilyError{p.Name, "its circuits are not made by a program that can be read for every n"}
	}
	if s.Args["kind"] == gateKind {
		return Family{}, &NoFamilyError{p.Name, "with kind=gate it is one MOD gate, which no program makes"}
	}
	var f Family
	for _, param := range p.params {
		if param.Name == "n" {
			f.Least, f.Most = param.least, param.most
		}
	}
	if err := s.With("n", f.Least).Possible(); err != nil {
		return Family{}, err
	}
	why := ""
	if p.family.most != nil && p.family.most(s.Args) < f.Most {
		f.Most, f.Ends, why = p.family.most(s.Args), true, ", where the sums of the program fill 64 bits"
	}
	if f.Most < f.Least {
		return Family{}, &NoFamilyError{p.Name, "the sums of its program do not fit 64 bits at any n"}
	}
	f.Each = cmp.Or(p.family.each, "n")
	f.Members = fmt.Sprintf("there is a circuit for every %s ≥ %d; those up to n = %d can be built from the program%s",
		f.Each, f.Least, f.Most, why)
	f.FamilyFunc = func(n program.Dim) (*program.Program, error) {
		if !n.Open() {
			if err := s.With("n", n.Size()).Possible(); err != nil {
				return nil, err
			}
			if n.Size() > f.Most {
				return nil, fmt.Errorf("%s: n=%d is beyond %d: the sums of its program would not fit 64 bits",
					p.Name, n.Size(), f.Most)
			}
		}
		out := program.New(p.Name)
		p.family.build(out, n, s.Args)
		return out, out.Err()
	}
	return f, nil
}

// upTo is a bound on n.
func upTo(most int) func(compile.Args) int { return func(compile.Args) int { return most } }

// oneBit adds an input of n bits, each for itself.
func oneBit(p *program.Program, name string, n program.Dim) program.Value {
	return p.Input(name, program.Shape{n}, 1, false)
}

// reaches returns [x ≥ t], element by element.
func reaches(p *program.Program, x program.Value, t int64) program.Value {
	return p.Step(x, program.Staircase{At: []int64{t}, Jump: []int64{1}})
}

// reachesFunc returns [x ≥ t] for a t that depends on n.
func reachesFunc(p *program.Program, x program.Value, t func() int64) program.Value {
	return p.StepFunc(x, program.Range{Lo: 0, Hi: 1}, poly.Int(1), func() program.Staircase {
		return program.Staircase{At: []int64{t()}, Jump: []int64{1}}
	})
}

// prefixes returns the sums of the first bits of a number: element i is Σ 2^j·x_j over j ≤ i, and in addition
// first(i). The formula most bounds all these numbers.
func prefixes(
	p *program.Program, x program.Value, n program.Dim, most poly.Poly, first func(i int) int64,
) program.Value {
	return p.LinearFunc(x, n, most, func() (*program.Matrix, []int64) {
		bias := make([]int64, n.Size())
		for i := range bias {
			bias[i] = first(i)
		}
		return program.NewMatrix(n.Size(), n.Size(), func(i, j int) int64 {
			if j > i {
				return 0
			}
			return power(j)
		}), bias
	})
}

// moreThanHalf is the family of majority: one gate that compares the number of ones.
func moreThanHalf() family {
	return family{build: func(p *program.Program, n program.Dim, _ compile.Args) {
		count := p.Reduce(oneBit(p, "x", n), n.Name)
		p.Output("y", reachesFunc(p, count, func() int64 { return int64(n.Size()/2 + 1) }))
	}}
}

// noneOf is the family of AND, which is whether no bit is 0, and of OR, which is whether it is false that no bit is 1.
// So no number depends on n.
func noneOf(zeros bool) family {
	return family{build: func(p *program.Program, n program.Dim, _ compile.Args) {
		x := oneBit(p, "x", n)
		if !zeros {
			p.Output("y", reaches(p, p.Reduce(x, n.Name), 1))
			return
		}
		count := p.Reduce(p.Affine(-1, x, 1), n.Name)
		p.Output("y", p.Step(count, program.Staircase{Base: 1, At: []int64{1}, Jump: []int64{-1}}))
	}}
}

// evenCounts is the family of parity: c − 2·Σ_k [c ≥ 2k] ≥ 1 of the number c of ones.
func evenCounts() family {
	return family{build: func(p *program.Program, n program.Dim, _ compile.Args) {
		count := p.Reduce(oneBit(p, "x", n), n.Name)
		p.Begin("even counts")
		pairs := p.TurningFunc(count, program.Range{Hi: math.MaxInt64}, poly.HalfOfN(),
			func() program.Staircase { return multiplesOf(2, n.Size()/2) })
		p.End()
		p.Begin("remainder")
		defer p.End()
		p.Output("y", reaches(p, p.Add(count, p.Affine(-2, pairs, 0)), 1))
	}}
}

// power is 2^j.
func power(j int) int64 { return 1 << j }

// weighing is the family of comparison: one gate over all bits.
func weighing() family {
	one := program.NewDim("value", 1)
	return family{most: upTo(62), build: func(p *program.Program, n program.Dim, _ compile.Args) {
		value := func(name string, sign int64) program.Value {
			most := poly.Half(poly.PowerOfTwo())
			return p.LinearFunc(oneBit(p, name, n), one, most, func() (*program.Matrix, []int64) {
				return program.NewMatrix(1, n.Size(), func(_, j int) int64 { return sign * power(j) }), nil
			})
		}
		difference := p.Add(value("a", 1), value("b", -1))
		p.Output("y", p.Column(reaches(p, difference, 0), 0, "the one number"))
	}}
}

// carries is the family of addition. All carries are prefixes of the weighted sum, and each bit of the sum
// reads the carry into it and the carry out of it.
func carries() family {
	return family{most: upTo(61), build: func(p *program.Program, n program.Dim, _ compile.Args) {
		a, b := oneBit(p, "a", n), oneBit(p, "b", n)
		p.Begin("carries")
		low := p.Add(
			prefixes(p, a, n, poly.PowerOfTwo(), func(i int) int64 { return -power(i + 1) }),
			prefixes(p, b, n, poly.Half(poly.PowerOfTwo()), func(int) int64 { return 0 }),
		)
		out := reaches(p, low, 0)
		p.End()
		p.Begin("bits")
		defer p.End()
		// The carry into the lowest bit is 0.
		before := p.Gather(out, program.Shape{n}, "the bit before", func(i int) int { return max(i-1, 0) })
		any := p.ConstFunc(program.Shape{n}, program.Range{Hi: 1}, func(i int) int64 { return truth(i > 0) })
		in := p.Elementwise(before, any)
		digits := p.Add(p.Add(p.Add(a, b), in), p.Affine(-2, out, 0))
		p.Output("sum", reaches(p, digits, 1))
		p.Output("carry", p.Column(p.Last(out, program.NewDim("top", 1)), 0, "the one number"))
	}}
}

// intervals is the family of iterated addition. Bit k of the sum asks in which interval of 2^k the sum is,
// with weights below 2^(k+1). The multiples of 2^bits up to the sum are counted once. The higher bits are
// functions of this count, which is less than n: n higher bits are enough, and most of them are always 0.
func intervals() family {
	most := func(a compile.Args) int { return int(math.MaxInt64 >> a.Int("bits") / 2) }
	return family{most: most, build: func(p *program.Program, n program.Dim, a compile.Args) {
		bits := a.Int("bits")
		in := p.Input("a", program.Shape{n, program.NewDim("bit", bits)}, 1, false)
		// output adds bit k of a sum, less a number of multiples of 2^(k+1).
		output := func(k int, sum, multiples program.Value) {
			p.Output(fmt.Sprintf("s%d", k), reaches(p, p.Add(sum, p.Affine(-power(k+1), multiples, 0)), power(k)))
		}
		var sum program.Value // with weights up to 2^k
		for k := range bits {
			term := p.Affine(power(k), p.Reduce(p.Column(in, k, fmt.Sprintf("bit %d", k)), n.Name), 0)
			if k > 0 {
				term = p.Add(sum, term)
			}
			if sum = term; k == bits-1 {
				break
			}
			p.Begin(fmt.Sprintf("bit %d", k))
			output(k, sum, p.TurningFunc(sum, program.Range{Hi: math.MaxInt64}, poly.Symbol(n.Name).Minus(poly.Int(1)),
				func() program.Staircase { return multiplesOf(power(k+1), n.Size()-1) }))
			p.End()
		}
		p.Begin(fmt.Sprintf("bit %d", bits-1))
		multiple := n.Renamed("multiple")
		least := p.ConstFunc(program.Shape{multiple}, program.Range{Lo: math.MinInt64},
			func(i int) int64 { return -power(bits) * int64(i+1) })
		passed := reaches(p, p.Add(p.Broadcast(sum, multiple), least), 0)
		output(bits-1, sum, p.Reduce(passed, multiple.Name))
		p.End()
		p.Begin("higher bits")
		defer p.End()
		high := p.LinearFunc(passed, n.Renamed("high"), poly.Int(1), func() (*program.Matrix, []int64) {
			return program.NewMatrix(n.Size(), n.Size(), func(k, m int) int64 {
				return int64((m+1)>>k&1 - m>>k&1) // how bit k changes where the count becomes m + 1
			}), nil
		})
		p.Output("high", reaches(p, high, 1))
	}}
}

// multiplesOf is ⌊x/unit⌋ from 0 to most.
func multiplesOf(unit int64, most int) program.Staircase {
	return program.Monotone(program.Range{Hi: unit * int64(most)}, func(x int64) int64 { return x / unit })
}

// heights is the family of brackets of one kind: no prefix closes more than it opens, and the word does not open
// more than it closes. The prefix of one bracket needs no gate, so that the last test stands in its row.
func heights() family {
	return family{each: "even n", build: func(p *program.Program, n program.Dim, _ compile.Args) {
		x := oneBit(p, "x", n)
		p.Begin("prefixes")
		height := p.LinearFunc(p.Affine(2, x, -1), n, poly.Int(1), func() (*program.Matrix, []int64) {
			return program.NewMatrix(n.Size(), n.Size(), func(i, j int) int64 {
				switch {
				case i == 0:
					return -1
				case j > i:
					return 0
				}
				return 1
			}), nil
		})
		right := reaches(p, height, 0)
		p.End()
		right = p.Add(p.Reduce(right, n.Name), p.Select(x, 0))
		p.Output("balanced", reachesFunc(p, right, func() int64 { return int64(n.Size()) + 1 }))
	}}
}
