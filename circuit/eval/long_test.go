package eval

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/longtest"
)

// A circuit of ten million gates is built, checked, levelled and evaluated on 1024
// inputs in less than 4 GiB, and its last tile agrees with the naive evaluator.
func TestLongTenMillionGates(t *testing.T) {
	longtest.Need(t)
	const size, inputs, lanes = 10_000_000, 256, 1024
	rng := rand.New(rand.NewPCG(1, 10))
	b := circuit.NewBuilderSize(size)
	lits := b.Inputs("x", inputs)
	var depth int
	for b.Len() < size {
		recent := func() circuit.Lit {
			return lits[len(lits)-1-rng.IntN(min(len(lits), 4000))].NotIf(rng.IntN(2) == 0)
		}
		for range 100 {
			lits = append(lits, b.And(recent(), recent()), b.Xor(recent(), recent()), b.Or(recent(), recent()))
		}
		some := make([]circuit.Lit, 40)
		for i := range some {
			some[i] = recent()
		}
		count := b.Count(some...)
		for k := range int64(10) { // a thermometer on a shared sum
			lits = append(lits, b.Threshold(count, circuit.NewInt(12+2*k)))
		}
		if len(lits) > 1<<20 {
			lits = append(lits[:0], lits[len(lits)-4000:]...)
		}
	}
	for i, x := range lits[len(lits)-4000:] {
		b.Output(fmt.Sprint("y", i), x)
	}
	c := mustBuild(t, b)
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	if depth = c.Levels(gates.Standard()).Depth; depth < 100 {
		t.Errorf("the circuit has depth %d", depth)
	}
	in := randomVectors(inputs, lanes)
	out, err := Compile(c, Config{}).Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	for _, lane := range []int{0, 511, 512, lanes - 1} {
		want, err := c.Eval(in.Lane(lane))
		if err != nil {
			t.Fatal(err)
		}
		for i, bit := range want {
			if out.Bit(i, lane) != bit {
				t.Fatalf("output %d on lane %d is %v, naively %v", i, lane, out.Bit(i, lane), bit)
			}
		}
	}
	if c.Size() < size*9/10 {
		t.Errorf("only %d gates were made", c.Size())
	}
	const limit = 4 << 30
	peak, err := peakMemory()
	if err != nil {
		t.Skipf("built and evaluated; the peak of memory is not to be had here: %v", err)
	}
	t.Logf("%d gates, depth %d, peak %.2f GiB", c.Size(), depth, float64(peak)/(1<<30))
	if peak > limit {
		t.Errorf("the peak of memory is %d bytes, more than %d", peak, limit)
	}
}

// peakMemory returns the greatest resident size of this process so far.
func peakMemory() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kb << 10, err
		}
	}
	return 0, fmt.Errorf("no VmHWM in the status")
}
