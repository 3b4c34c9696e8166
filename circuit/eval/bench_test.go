package eval

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval/kernel"
)

// The benchmarks report ratios of two things measured in turn within one run, as
// medians, since absolute times drift on a shared machine.

// randomVectors returns a matrix with random bits, on the lanes that there are.
func randomVectors(wires, lanes int) *Vectors {
	v := NewVectors(wires, lanes)
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range v.words {
		v.words[i] = rng.Uint64()
	}
	return v
}

// ready returns a machine for so many tiles whose slots are filled, and so not all on one page
// of zeros.
func ready(p *Plan, tiles int) *machine {
	m := newMachine(p.program.Load(), tiles)
	rng := rand.New(rand.NewPCG(2, 2))
	for i := range m.values[tileWords*tiles:] {
		m.values[tileWords*tiles+i] = rng.Uint64()
	}
	m.run(tiles)
	return m
}

// timed returns the seconds that one call of f takes, from enough calls to be seen.
func timed(f func()) float64 {
	const least = 2 * time.Millisecond
	for calls := 1; ; calls *= 2 {
		start := time.Now()
		for range calls {
			f()
		}
		if d := time.Since(start); d >= least {
			return d.Seconds() / float64(calls)
		}
	}
}

// ratio reports the median over the rounds of the time of slow by that of fast, and
// of the rate of fast.
func ratio(b *testing.B, name string, slow, fast func() float64, work float64, unit string) {
	var ratios, rates []float64
	for b.Loop() {
		s, f := slow(), fast()
		ratios, rates = append(ratios, s/f), append(rates, work/f/1e9)
	}
	slices.Sort(ratios)
	slices.Sort(rates)
	b.ReportMetric(ratios[len(ratios)/2], name)
	b.ReportMetric(rates[len(rates)/2], "G"+unit+"/s")
	b.ReportMetric(0, "ns/op")
}

func mustBuild(tb testing.TB, b *circuit.Builder) *circuit.Circuit {
	tb.Helper()
	c, err := b.Circuit()
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// BenchmarkThreshold: a threshold gate of fan-in 1024 and unit weights, bit-sliced
// on one core, against the naive evaluator, per input vector.
func BenchmarkThreshold(b *testing.B) {
	for _, fanIn := range []int{16, 128, 1024, 4096} {
		b.Run(fmt.Sprint("fan-in=", fanIn), func(b *testing.B) {
			build := circuit.NewBuilder()
			build.Output("y", build.Majority(build.Inputs("x", fanIn)...))
			c := mustBuild(b, build)
			m := ready(Compile(c, Config{Workers: 1}), 1)
			bits := randomVectors(fanIn, 1).Lane(0)
			ratio(b, "naive/sliced", func() float64 {
				return timed(func() {
					if _, err := c.Eval(bits); err != nil {
						b.Fatal(err)
					}
				})
			}, func() float64 { return timed(func() { m.run(1) }) / tileLanes }, float64(fanIn), "wire·lane")
		})
	}
}

// BenchmarkSharedSum: 64 thresholds over one sum of 4096 terms against 64 gates that
// have each a sum of their own, by each kernel, on as many tiles at a time as its plans run.
func BenchmarkSharedSum(b *testing.B) {
	const terms, count = 4096, 64
	separate := circuit.NewBuilder()
	x := separate.Inputs("x", terms+count)
	for k := range count { // each has its own choice of inputs
		separate.Output(fmt.Sprint("y", k), separate.AtLeast(terms/2-count+2*k, x[k:k+terms]...))
	}
	many, one := mustBuild(b, separate), sharedSum(b, terms, count)
	for _, k := range kernel.All() {
		b.Run(k.Name, func(b *testing.B) {
			of := func(c *circuit.Circuit) func() float64 {
				p, tiles := Compile(c, Config{Workers: 1, kernels: k}), 1
				if p.program.Load().wide {
					tiles = 2
				}
				m := ready(p, tiles)
				return func() float64 { return computed(func() { m.run(tiles) }) / float64(tiles) }
			}
			ratio(b, "separate/shared", of(many), of(one), count*terms*tileLanes, "wire·lane")
		})
	}
}

// multiplier builds an array multiplier of 2-input gates, about 6·n² of them.
func multiplier(tb testing.TB, n int) *circuit.Circuit {
	b := circuit.NewBuilder()
	x, y := b.Inputs("x", n), b.Inputs("y", n)
	row := make([]circuit.Lit, n)
	for i := range row {
		row[i] = b.And(x[i], y[0])
	}
	b.Output("p0", row[0])
	top := circuit.False
	for j := 1; j < n; j++ {
		carry := circuit.False
		above := append(row[1:], top)
		row = make([]circuit.Lit, n)
		for i := range n {
			p := b.And(x[i], y[j])
			half := andXor(b, p, above[i])
			row[i] = andXor(b, half, carry)
			carry = b.Or(b.And(p, above[i]), b.And(half, carry))
		}
		top = carry
		b.Output(fmt.Sprint("p", j), row[0])
	}
	for i, l := range append(row[1:], top) {
		b.Output(fmt.Sprint("p", n+i), l)
	}
	return mustBuild(tb, b)
}

// andXor is an exclusive or made of ANDs, as in an and-inverter graph.
func andXor(b *circuit.Builder, x, y circuit.Lit) circuit.Lit {
	return b.And(b.And(x, y).Not(), b.And(x.Not(), y.Not()).Not())
}

// BenchmarkCores: one worker against two on the same inputs.
func BenchmarkCores(b *testing.B) {
	c := multiplier(b, 58)
	in := randomVectors(116, 64*tileLanes)
	run := func(workers int) func() float64 {
		p := Compile(c, Config{Workers: workers})
		return func() float64 {
			return timed(func() {
				if _, err := p.Run(b.Context(), in); err != nil {
					b.Fatal(err)
				}
			})
		}
	}
	ratio(b, "one/two", run(1), run(2), float64(c.Size())*float64(in.Lanes()), "gate·lane")
}

// BenchmarkCompile measures how fast plans are made, with logic as it is and fused.
func BenchmarkCompile(b *testing.B) {
	c := multiplier(b, 164)
	for name, mode := range map[string]fusing{"logic=as-it-is": never, "logic=fused": atOnce} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Compile(c, Config{fusing: mode})
			}
			b.ReportMetric(float64(c.Size())*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mgates/s")
		})
	}
}

func TestMultiplierMultiplies(t *testing.T) {
	const n = 16
	c := multiplier(t, n)
	in := randomVectors(2*n, 3000)
	out, err := Compile(c, Config{}).Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	number := func(v *Vectors, first, count, lane int) (x uint64) {
		for i := range count {
			if v.Bit(first+i, lane) {
				x |= 1 << i
			}
		}
		return x
	}
	for lane := range in.Lanes() {
		x, y := number(in, 0, n, lane), number(in, n, n, lane)
		if got := number(out, 0, 2*n, lane); got != x*y {
			t.Fatalf("%d·%d = %d, want %d", x, y, got, x*y)
		}
	}
}
