package problem

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
)

// The sources of the unconditional facts.
const (
	notAC0Source = "Furst, Saxe and Sipser 1984; Ajtai 1983; Håstad 1986"
	symmetric    = "threshold circuits of depth 2: Muroga 1959"
	none         = "no: it is in TC0"
	parallel     = "no"
)

// symmetricProblems are functions of the number of ones.
func symmetricProblems() []Problem {
	one := func(name, doc, class, source, why string, build func(b *circuit.Builder, x []circuit.Lit) circuit.Lit, reference func(ones, n int) bool) Problem {
		return Problem{
			Name: name, Doc: doc, Params: []compile.Param{size("inputs")}, Depth: "1", Size: "1", Best: "1", Class: class, Source: source,
			Beyond: none, Serial: parallel, Shape: Wide, Why: why, limits: map[string][2]int{"n": {1, 1 << 20}},
			build: func(b *circuit.Builder, a compile.Args) error {
				b.Output("y", build(b, b.Inputs("x", a.Int("n"))))
				return nil
			},
			reference: counted(func(ones int, a compile.Args) bool { return reference(ones, a.Int("n")) }),
		}
	}
	parity := func(a compile.Args) (int, []int64) { return 2, []int64{1} }
	mod := func(a compile.Args) (int, []int64) { return a.Int("m"), []int64{0} }
	layered := func(name, doc, class, source, why string, params []compile.Param, of func(a compile.Args) (int, []int64)) Problem {
		return Problem{
			Name: name, Doc: doc, Params: params, Depth: "2", Size: "n + 1", Best: "2", Class: class, Source: source,
			Beyond: none, Serial: parallel, Shape: Wide, Why: why, limits: map[string][2]int{"n": {1, 1 << 14}, "m": {2, 1 << 14}},
			build: func(b *circuit.Builder, a compile.Args) error {
				m, residues := of(a)
				b.Output("y", symmetricGate(b, b.Inputs("x", a.Int("n")), func(ones int) bool { return int64(ones%m) == residues[0] }))
				return nil
			},
			reference: counted(func(ones int, a compile.Args) bool {
				m, residues := of(a)
				return int64(ones%m) == residues[0]
			}),
		}
	}
	return []Problem{
		one("and", "whether all inputs are 1", "AC0", "by definition", "one gate reads all inputs at once",
			func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(x...) }, func(ones, n int) bool { return ones == n }),
		one("or", "whether some input is 1", "AC0", "by definition", "one gate reads all inputs at once",
			func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Or(x...) }, func(ones, n int) bool { return ones > 0 }),
		one("majority", "whether more than half of the inputs are 1", "TC0, not AC0", notAC0Source+"; not AC0[p] for a prime p: Razborov 1987, Smolensky 1987", "one threshold gate counts all inputs at once",
			func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Majority(x...) }, func(ones, n int) bool { return 2*ones > n }),
		layered("parity", "whether an odd number of inputs is 1", "TC0, not AC0", notAC0Source+"; "+symmetric, "all counts are compared at once, and their alternating sum is the answer",
			[]compile.Param{size("inputs")}, parity),
		layered("mod", "whether the number of ones is a multiple of m", "ACC0", symmetric, "all counts are compared at once, and the sum of the right ones is the answer",
			[]compile.Param{size("inputs"), number("m", "modulus", 3)}, mod),
	}
}

// symmetricGate decides a function of the number of ones in two levels: a gate for each
// count at which it changes, and one over their alternating sum.
func symmetricGate(b *circuit.Builder, x []circuit.Lit, f func(ones int) bool) circuit.Lit {
	n := len(x)
	count := b.Count(x...)
	sum := b.Linear()
	last := truth(f(0))
	sum.AddConst(circuit.I(last))
	for k := 1; k <= n; k++ {
		if now := truth(f(k)); now != last {
			sum.AddLit(circuit.I(now-last), b.Threshold(count, circuit.I(int64(k))))
			last = now
		}
	}
	return b.Threshold(sum.Sum(), circuit.I(1))
}

// counted makes a reference of a function of the number of ones.
func counted(f func(ones int, a compile.Args) bool) func(a compile.Args) func(in []int64) []int64 {
	return func(a compile.Args) func(in []int64) []int64 {
		return func(in []int64) []int64 {
			ones := 0
			for _, v := range in {
				ones += int(v)
			}
			return []int64{truth(f(ones, a))}
		}
	}
}
