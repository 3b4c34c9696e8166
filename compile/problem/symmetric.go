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
	oneGate := func(name, doc, class, source, why string, build func(b *circuit.Builder, x []circuit.Lit) circuit.Lit, reference func(ones, n int) bool) Problem {
		return Problem{
			Name: name, Doc: doc, Params: []compile.Param{size("inputs")}, Depth: "1", Size: "1", Best: "1", Class: class, Source: source,
			Beyond: none, Serial: parallel, Shape: Wide, Why: why, limits: map[string][2]int{"n": {2, 1 << 20}},
			build: func(b *circuit.Builder, a compile.Args) error {
				b.Output("y", build(b, b.Inputs("x", a.Int("n"))))
				return nil
			},
			reference: counted(func(ones int, a compile.Args) bool { return reference(ones, a.Int("n")) }),
		}
	}
	return []Problem{
		oneGate("and", "whether all inputs are 1", "AC0", "by definition", "one gate reads all inputs at once",
			func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(x...) }, func(ones, n int) bool { return ones == n }),
		oneGate("or", "whether some input is 1", "AC0", "by definition", "one gate reads all inputs at once",
			func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Or(x...) }, func(ones, n int) bool { return ones > 0 }),
		oneGate("majority", "whether more than half of the inputs are 1", "TC0, not AC0", notAC0Source+"; not AC0[p] for a prime p: Razborov 1987, Smolensky 1987", "one threshold gate counts all inputs at once",
			func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Majority(x...) }, func(ones, n int) bool { return 2*ones > n }),
		parity(), modular(),
	}
}

// The kinds of gates for counting modulo m.
const (
	thresholdKind = "thresholds"
	gateKind      = "gate"
)

func modulusKind() compile.Param {
	return compile.Param{Name: "kind", Doc: "threshold gates, or one MOD gate", Default: thresholdKind, Choices: []string{thresholdKind, gateKind}}
}

func parity() Problem {
	return Problem{
		Name: "parity", Doc: "whether an odd number of inputs is 1", Params: []compile.Param{size("inputs"), modulusKind()},
		Depth: "2 (thresholds), 1 (gate)", Size: "⌊n/2⌋ + 1 (thresholds), 1 (gate)", Best: "2 with threshold gates", Class: "ACC0, not AC0", Source: notAC0Source + "; " + symmetric,
		Beyond: none, Serial: parallel, Shape: Wide, Why: "all even counts are compared at once, and what is left over them is the answer",
		limits: map[string][2]int{"n": {2, 1 << 14}},
		build: func(b *circuit.Builder, a compile.Args) error {
			b.Output("y", remainder(b, b.Inputs("x", a.Int("n")), 2, a["kind"]))
			return nil
		},
		reference: func(compile.Args) func(in []int64) []int64 {
			return func(in []int64) []int64 {
				odd := int64(0)
				for _, v := range in {
					odd ^= v
				}
				return []int64{odd}
			}
		},
	}
}

func modular() Problem {
	return Problem{
		Name: "mod", Doc: "whether the number of ones is a multiple of m", Params: []compile.Param{size("inputs"), number("m", "modulus", 3), modulusKind()},
		Depth: "2 (thresholds; 1 if m > n), 1 (gate)", Size: "⌊n/m⌋ + 1 (thresholds), 1 (gate)", Best: "2 with threshold gates", Class: "ACC0, not AC0", Source: "by definition of MOD gates; " + notAC0Source + "; " + symmetric,
		Beyond: none, Serial: parallel, Shape: Wide, Why: "all multiples of m are compared at once, and what is left over them is the answer",
		limits: map[string][2]int{"n": {2, 1 << 14}, "m": {2, 1 << 14}},
		build: func(b *circuit.Builder, a compile.Args) error {
			b.Output("y", remainder(b, b.Inputs("x", a.Int("n")), a.Int("m"), a["kind"]).Not())
			return nil
		},
		reference: func(a compile.Args) func(in []int64) []int64 {
			m := a.Int("m")
			return func(in []int64) []int64 {
				left := 0 // counts 0, 1, ..., m − 1, 0, ...
				for _, v := range in {
					if v == 1 {
						if left++; left == m {
							left = 0
						}
					}
				}
				return []int64{truth(left == 0)}
			}
		},
	}
}

// remainder is whether the number c of ones leaves a remainder modulo m: one MOD gate, or in
// two levels
//
//	c − m·Σ_k [c ≥ k·m] ≥ 1.
func remainder(b *circuit.Builder, x []circuit.Lit, m int, kind string) circuit.Lit {
	if kind == gateKind {
		return b.Mod(int64(m), []int64{0}, x...).Not()
	}
	count := b.Count(x...)
	rest := b.Linear()
	rest.Add(circuit.I(1), count)
	for k := m; k <= len(x); k += m {
		rest.AddLit(circuit.I(int64(-m)), b.Threshold(count, circuit.I(int64(k))))
	}
	return b.Threshold(rest.Sum(), circuit.I(1))
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
