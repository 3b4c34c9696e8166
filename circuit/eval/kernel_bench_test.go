package eval

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval/kernel"
)

// BenchmarkKernels measures on one core all kernels, on one and two tiles at a time, in turn, and gives the
// medians of their ratios to the portable one on the plan that has a step for every gate and for every adder. The
// circuits that other people made are skipped where they are absent.
func BenchmarkKernels(b *testing.B) {
	for _, fanIn := range []int{16, 64, 256, 1024, 4096} {
		b.Run(fmt.Sprint("fan-in=", fanIn), func(b *testing.B) { kernels(b, majority(b, fanIn), float64(fanIn)) })
	}
	b.Run("weighted=1024", func(b *testing.B) { kernels(b, weightedGate(b, 1024), 1024) })
	b.Run("shared=64x4096", func(b *testing.B) { kernels(b, sharedSum(b, 4096, 64), 64*4096) })
	for _, name := range []string{"multiplier", "hyp", "div", "mem_ctrl"} {
		b.Run(name, func(b *testing.B) {
			path := filepath.Join("..", "..", "..", "shared", "conformance", "epfl", name+".aig")
			text, err := os.ReadFile(path)
			if err != nil {
				b.Skipf("the conformance circuits are not here: %v", err)
			}
			c := readAIG(b, text)
			kernels(b, c, float64(c.Size()), peer{"ABC", abcSim(b, path)})
		})
	}
}

// peer is another program that computes the same, and the seconds that it takes a lane; nil if it is not here.
type peer struct {
	name    string
	seconds func() float64
}

// kernels reports, for each path and peer, the ratio and the rate of work a lane.
func kernels(b *testing.B, c *circuit.Circuit, work float64, peers ...peer) {
	type path struct {
		peer
		ratios, rates []float64
	}
	var list []*path
	add := func(name string, p *Plan, tiles int) {
		m := ready(p, tiles)
		list = append(list, &path{peer: peer{name, func() float64 {
			return computed(func() { m.run(tiles) }) / float64(tiles*tileLanes)
		}}})
	}
	portable := kernel.Portable()
	add("base", Compile(c, Config{fusing: never, kernels: portable, inOrder: true, adders: true}), 1)
	for _, k := range kernel.All() {
		p := Compile(c, Config{kernels: k, fusing: atOnce})
		for tiles := 1; tiles == 1 || tiles == 2 && k.HasWide(); tiles++ {
			add(fmt.Sprintf("%s-%d", k.Name, tiles*tileWords), p, tiles)
		}
	}
	for _, p := range peers {
		if p.seconds != nil {
			list = append(list, &path{peer: p})
		}
	}
	for b.Loop() {
		base := math.NaN()
		for _, p := range list {
			seconds := p.seconds()
			if p == list[0] {
				base = seconds
			}
			p.ratios, p.rates = append(p.ratios, base/seconds), append(p.rates, work/seconds/1e9)
		}
	}
	b.ReportMetric(0, "ns/op")
	for i, p := range list {
		slices.Sort(p.ratios)
		slices.Sort(p.rates)
		if i > 0 {
			b.ReportMetric(p.ratios[len(p.ratios)/2], p.name)
		}
		b.ReportMetric(p.rates[len(p.rates)/2], p.name+"-G/s")
	}
}

// tiles reports the milliseconds that each kernel takes for one tile of in, and gives what the last one computed.
func tiles(b *testing.B, c *circuit.Circuit, in *Vectors, to func(out *Vectors)) {
	type path struct {
		name  string
		p     *Plan
		m     *machine
		times []float64
	}
	var list []*path
	for _, k := range kernel.All() {
		p := Compile(c, Config{kernels: k, Workers: 1})
		list = append(list, &path{name: k.Name, p: p, m: ready(p, 1)})
	}
	out := NewVectors(c.OutputCount(), in.Lanes())
	for b.Loop() {
		for _, p := range list {
			p.times = append(p.times, computed(func() { p.m.evaluate(part{in, out, 0}) }))
		}
	}
	for _, p := range list {
		slices.Sort(p.times)
		b.ReportMetric(p.times[len(p.times)/2]*1e3, p.name+"-ms")
	}
	b.ReportMetric(0, "ns/op")
	to(out)
}

// median returns the median of the seconds that calls of f compute.
func median(f func()) float64 {
	const rounds = 9
	var times [rounds]float64
	for i := range times {
		times[i] = computed(f)
	}
	slices.Sort(times[:])
	return times[rounds/2]
}

// computed returns the seconds that one call of f computes, from enough calls to be seen.
func computed(f func()) float64 {
	const least = 4e-3
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for calls := 1; ; calls *= 2 {
		begin := clock()
		for range calls {
			f()
		}
		if d := clock() - begin; d >= least {
			return d / float64(calls)
		}
	}
}

func majority(tb testing.TB, fanIn int) *circuit.Circuit {
	b := circuit.NewBuilder()
	b.Output("y", b.Majority(b.Inputs("x", fanIn)...))
	return mustBuild(tb, b)
}

// weightedGate is a threshold gate of random signed weights of 8 bits.
func weightedGate(tb testing.TB, fanIn int) *circuit.Circuit {
	rng := rand.New(rand.NewPCG(8, 8))
	b := circuit.NewBuilder()
	line := b.Linear()
	for _, x := range b.Inputs("x", fanIn) {
		line.AddLit(circuit.NewInt(rng.Int64N(256)-128), x)
	}
	b.Output("y", b.Threshold(line.Sum(), circuit.NewInt(0)))
	return mustBuild(tb, b)
}

// sharedSum is a number of thresholds over one sum.
func sharedSum(tb testing.TB, terms, count int) *circuit.Circuit {
	b := circuit.NewBuilder()
	x := b.Inputs("x", terms)
	for k := range count {
		b.Output(fmt.Sprint("y", k), b.AtLeast(terms/2-count+2*k, x...))
	}
	return mustBuild(tb, b)
}
