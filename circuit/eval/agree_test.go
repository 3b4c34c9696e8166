package eval

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval/kernel"
	"github.com/tc0lab/tc0/internal/longtest"
)

// compareKernels runs a random circuit by all kernels on random vectors, and some of the vectors by the naive
// evaluator. It returns the size and the number of vectors on which all agree.
func compareKernels(t *testing.T, seed uint64, taken *[2][256]atomic.Int64) (size int, vectors int64) {
	rng := rand.New(rand.NewPCG(seed, 21))
	inputs := 10 + rng.IntN(60)
	var c *circuit.Circuit
	if seed%2 == 0 {
		c = randomLogic(t, rng, inputs, 300+rng.IntN(500))
	} else {
		c = randomCircuit(t, rng, inputs, 100+rng.IntN(100), seed%8 == 1)
	}
	in := NewVectors(inputs, 1000*TileLanes-rng.IntN(1000))
	for i := range in.words {
		in.words[i] = rng.Uint64()
	}
	var want *Vectors
	for name, config := range paths(1) {
		type call struct {
			wide bool
			code *uint32
		}
		seen := map[call]bool{}
		config.watch = func(wide bool, code []uint32) {
			if seen[call{wide, &code[0]}] {
				return
			}
			seen[call{wide, &code[0]}] = true
			of := &taken[0]
			if wide {
				of = &taken[1]
			}
			for op, n := range kernel.Operations(code) {
				of[op].Add(int64(n))
			}
		}
		out, err := Compile(c, config).Run(t.Context(), in)
		if err != nil {
			t.Error(err)
			return 0, 0
		}
		if want == nil {
			want = out
		}
		for i := range out.Wires() {
			if !slices.Equal(out.Row(i), want.Row(i)) {
				t.Errorf("seed %d: output %d differs by %s", seed, i, name)
				return 0, 0
			}
		}
	}
	for range 20 {
		lane := rng.IntN(in.Lanes())
		naive, err := c.Eval(in.Lane(lane))
		if err != nil || !slices.Equal(naive, want.Lane(lane)) {
			t.Errorf("seed %d: lane %d differs from the naive evaluator's: %v", seed, lane, err)
			return 0, 0
		}
	}
	return c.Size(), int64(in.Lanes())
}

// TestLongKernels asserts that all kernels agree with each other and with the naive evaluator on many vectors, and
// that all of them have run every operation.
func TestLongKernels(t *testing.T) {
	longtest.Need(t)
	vectors := int64(longtest.Some(100_000_000, 1_000_000_000))
	var taken [2][256]atomic.Int64
	var done, naive atomic.Int64
	var next atomic.Uint64
	var lock sync.Mutex
	var sizes []int
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for done.Load() < vectors && !t.Failed() {
				size, n := compareKernels(t, next.Add(1), &taken)
				done.Add(n)
				naive.Add(20)
				lock.Lock()
				sizes = append(sizes, size)
				lock.Unlock()
			}
		})
	}
	all.Wait()
	slices.Sort(sizes)
	median := sizes[len(sizes)/2]
	t.Logf("%d vectors over %d circuits of %d gates in the median, by %d paths; %d of them naively",
		done.Load(), len(sizes), median, len(paths(1)), naive.Load())
	if median < 200 {
		t.Errorf("the median of the circuits has %d gates, want at least 200", median)
	}
	for tiles := range 2 {
		if tiles == 1 && !kernel.Best().HasWide() {
			continue
		}
		for op := range kernel.XorN + 1 {
			if taken[tiles][op].Load() == 0 {
				t.Errorf("operation %d was never run on %d tiles", op, tiles+1)
			}
		}
	}
}
