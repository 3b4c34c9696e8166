package problem

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
)

// The sources of the unconditional facts.
const (
	notAC0Source = "Furst, Saxe and Sipser 1984; Ajtai 1983; Håstad 1986"
	symmetric    = "Muroga 1959, for symmetric functions"
)

// ones counts the inputs that are 1.
func ones(in []int64) int {
	count := 0
	for _, v := range in {
		count += int(v)
	}
	return count
}

// oneGate completes a problem that one gate over n inputs decides. The function holds says what the
// gate is for each number of ones.
func oneGate(
	p Problem, gate func(b *circuit.Builder, x ...circuit.Lit) circuit.Lit, holds func(ones, n int) bool,
) Problem {
	p.Depth, p.Size, p.Best, p.BestSource, p.params = "1", "1", "1", "one gate", []param{size("inputs", 2, 1<<20)}
	p.build = func(b *circuit.Builder, a compile.Args) { b.Output("y", gate(b, b.Inputs("x", a.Int("n"))...)) }
	p.reference = func(_ compile.Args, in []int64) []int64 { return answer(holds(ones(in), len(in))) }
	return p
}

func and() Problem {
	return oneGate(Problem{
		Name: "and", Doc: "whether all inputs are 1", Class: "AC0", Source: "by definition",
		Why:    "one gate reads all inputs at once",
		family: noneOf(true),
	}, (*circuit.Builder).And, func(ones, n int) bool { return ones == n })
}

func or() Problem {
	return oneGate(Problem{
		Name: "or", Doc: "whether some input is 1", Class: "AC0", Source: "by definition",
		Why:    "one gate reads all inputs at once",
		family: noneOf(false),
	}, (*circuit.Builder).Or, func(ones, _ int) bool { return ones > 0 })
}

func majority() Problem {
	return oneGate(Problem{
		Name: "majority", Doc: "whether more than half of the inputs are 1", Class: "TC0, not AC0",
		Source: notAC0Source + "; not AC0[p] for a prime p: Razborov 1987, Smolensky 1987",
		Why:    "one threshold gate counts all inputs at once",
		family: moreThanHalf(),
	}, (*circuit.Builder).Majority, func(ones, n int) bool { return 2*ones > n })
}

// The kinds of gates for counting modulo m.
const (
	thresholdKind = "thresholds"
	gateKind      = "gate"
)

func modulusKind() param {
	return oneOf("kind", "threshold gates, or one MOD gate", thresholdKind, gateKind)
}

func parity() Problem {
	return Problem{
		Name: "parity", Doc: "whether an odd number of inputs is 1",
		params: []param{size("inputs", 2, 1<<14), modulusKind()},
		Depth:  "2 (thresholds), 1 (gate)", Size: "⌊n/2⌋ + 1 (thresholds), 1 (gate)", Best: "2 with threshold gates",
		BestSource: symmetric, Class: "ACC0, not AC0", Source: "by definition of MOD gates; " + notAC0Source,
		Why: "all even counts are compared at once, and what is left over them is the answer", family: evenCounts(),
		build: func(b *circuit.Builder, a compile.Args) {
			b.Output("y", remainder(b, b.Inputs("x", a.Int("n")), 2, a["kind"]))
		},
		reference: func(_ compile.Args, in []int64) []int64 {
			odd := int64(0)
			for _, v := range in {
				odd ^= v
			}
			return []int64{odd}
		},
	}
}

func modular() Problem {
	return Problem{
		Name: "mod", Doc: "whether the number of ones is a multiple of m",
		params: []param{size("inputs", 2, 1<<14), number("m", "modulus", 3, 2, 1<<14), modulusKind()},
		Depth:  "2 (thresholds; 1 if m > n), 1 (gate)", Size: "⌊n/m⌋ + 1 (thresholds), 1 (gate)",
		Best: "2 with threshold gates", BestSource: symmetric,
		Class: "ACC0, not AC0", Source: "by definition of MOD gates; " + notAC0Source,
		Why: "all multiples of m are compared at once, and what is left over them is the answer",
		build: func(b *circuit.Builder, a compile.Args) {
			b.Output("y", remainder(b, b.Inputs("x", a.Int("n")), a.Int("m"), a["kind"]).Not())
		},
		reference: func(a compile.Args, in []int64) []int64 {
			m := a.Int("m")
			left := 0 // counts 0, 1, ..., m − 1, 0, ...
			for _, v := range in {
				if v == 1 {
					if left++; left == m {
						left = 0
					}
				}
			}
			return answer(left == 0)
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
	rest.Add(whole(1), count)
	for k := m; k <= len(x); k += m {
		rest.AddLit(whole(-m), atLeast(b, count, k))
	}
	return atLeast(b, rest.Sum(), 1)
}
