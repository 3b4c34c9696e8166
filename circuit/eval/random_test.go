package eval

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval/kernel"
)

// randomCircuit makes a circuit with gates of every kind, nested, signed, shared and
// huge sums, and outputs that are constants, inputs, complements and repetitions.
func randomCircuit(t testing.TB, rng *rand.Rand, inputs, count int, keep bool) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	if keep {
		b.Keep()
	}
	lits := append(b.Inputs("x", inputs), circuit.False)
	var sums []circuit.Sum
	lit := func() circuit.Lit {
		at := rng.IntN(len(lits))
		if rng.IntN(2) == 0 { // prefer late gates
			at = len(lits) - 1 - rng.IntN(min(len(lits), 10))
		}
		return lits[at].NotIf(rng.IntN(3) == 0)
	}
	some := func(most int) []circuit.Lit {
		xs := make([]circuit.Lit, 1+rng.IntN(most))
		for i := range xs {
			xs[i] = lit()
		}
		return xs
	}
	weight := func() circuit.Int {
		w := circuit.NewInt(rng.Int64N(9) - 4)
		switch rng.IntN(12) {
		case 0:
			w = circuit.Pow2(rng.IntN(140)).Sub(circuit.NewInt(rng.Int64N(5)))
		case 1:
			w = circuit.NewInt(rng.Int64N(4000) - 2000)
		}
		return w
	}
	for range count {
		fan := []int{2, 3, 6, 40, 150}[rng.IntN(5)]
		switch rng.IntN(13) {
		case 0:
			lits = append(lits, b.And(some(fan)...))
		case 1:
			lits = append(lits, b.Or(some(fan)...))
		case 2:
			lits = append(lits, b.Xor(some(fan)...))
		case 3:
			lits = append(lits, b.Nand(some(fan)...), b.Nor(some(fan)...), b.Xnor(some(fan)...))
		case 4:
			lits = append(lits, b.Not(lit()), b.Buf(lit()))
		case 5:
			lits = append(lits, b.And(lit(), lit()), b.Or(lit(), lit()), b.Xor(lit(), lit()))
		case 6:
			lits = append(lits, b.Majority(some(fan)...))
		case 7, 8:
			line := b.Linear()
			for range 1 + rng.IntN(fan) {
				line.AddLit(weight(), lit())
			}
			for range rng.IntN(3) {
				if len(sums) > 0 {
					line.Add(weight(), sums[rng.IntN(len(sums))])
				}
			}
			sums = append(sums, line.Sum())
		case 9, 10:
			if len(sums) > 0 {
				s := sums[rng.IntN(len(sums))]
				for range 3 {
					lits = append(lits, b.Threshold(s, circuit.NewInt(rng.Int64N(13)-6)))
				}
				lits = append(lits, b.Threshold(s, weight()))
			}
		case 11:
			m := 1 + rng.Int64N(9)
			var residues []int64
			for range rng.IntN(4) {
				residues = append(residues, rng.Int64N(m))
			}
			if len(sums) > 0 && rng.IntN(2) == 0 {
				lits = append(lits, b.ModSum(m, residues, sums[rng.IntN(len(sums))]))
			} else {
				lits = append(lits, b.Mod(m, residues, some(fan)...))
			}
		case 12:
			if x, ok := b.Absorb(lit(), lit()); ok {
				lits = append(lits, x)
				if y, ok := b.Absorb(x, lits[rng.IntN(inputs)]); ok {
					lits = append(lits, y)
				}
			}
		}
	}
	b.Output("constant", circuit.True)
	b.Output("input", lits[0].Not())
	for i := range 12 {
		b.Output("y"+string(rune('a'+i)), lit())
	}
	b.Output("last", lits[len(lits)-1], lits[len(lits)-1].Not())
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	return c
}

// randomLogic makes a circuit of gates of two inputs, some of which are near each other, as in real circuits.
func randomLogic(t testing.TB, rng *rand.Rand, inputs, count int) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	lits := b.Inputs("x", inputs)
	for i := range count {
		near := lits[max(0, len(lits)-4-rng.IntN(20)):]
		lit := func() circuit.Lit { return near[rng.IntN(len(near))].NotIf(rng.IntN(2) == 0) }
		x := b.And(lit(), lit())
		switch rng.IntN(3) {
		case 0:
			x = b.Xor(lit(), lit())
		case 1: // some function of three
			x = chosen(b, rng.Uint32(), lit(), lit(), lit())
		}
		if x.Gate() != 0 {
			lits = append(lits, x)
		}
		if i%10 == 0 {
			b.Output(fmt.Sprint("y", i), lits[len(lits)-1-rng.IntN(min(10, len(lits)))])
		}
	}
	return mustBuild(t, b)
}

// chosen makes the function with a table by choices.
func chosen(b *circuit.Builder, table uint32, of ...circuit.Lit) circuit.Lit {
	if len(of) == 0 {
		return circuit.False.NotIf(table&1 == 1)
	}
	half := 1 << (len(of) - 1)
	x, y := chosen(b, table>>half, of[1:]...), chosen(b, table, of[1:]...)
	return b.Or(b.And(of[0], x), b.And(of[0].Not(), y))
}

// paths are all ways to run a plan, by name.
func paths(workers int) map[string]Config {
	list := map[string]Config{}
	for _, k := range kernel.All() {
		for _, narrow := range []bool{true, false} {
			if narrow || k.HasWide() {
				config := Config{Workers: workers, kernels: k, narrow: narrow, fusing: atOnce}
				list[fmt.Sprintf("%s, narrow %v", k.Name, narrow)] = config
			}
		}
	}
	list["depth first"] = Config{Workers: workers, deep: true, fusing: atOnce, kernels: kernel.Best()}
	list["every gate"] = Config{Workers: workers, fusing: never, kernels: kernel.Best()}
	// Plans for the portable kernel have no blocks of 16 and 64, but it can run them.
	list["portable, tall blocks"] = Config{
		Workers: workers, kernels: kernel.Portable(), blocks: []reg{6, 4, 3}, fusing: atOnce,
	}
	return list
}

// agree runs the plans of c by all kernels on the given lanes and compares with the naive evaluator.
func agree(t testing.TB, c *circuit.Circuit, in *Vectors, workers int) {
	t.Helper()
	want := NewVectors(c.OutputCount(), in.Lanes())
	for lane := range in.Lanes() {
		bits, err := c.Eval(in.Lane(lane))
		if err != nil {
			t.Fatal(err)
		}
		want.SetLane(lane, bits)
	}
	for name, config := range paths(workers) {
		out, err := Compile(c, config).Run(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for i := range out.Wires() {
			if !slices.Equal(out.Row(i), want.Row(i)) {
				t.Fatalf("%s: output %d is %x, naively %x", name, i, out.Row(i), want.Row(i))
			}
		}
	}
}

// Every operation of every kernel is run on random circuits, whose results agree with the naive evaluator's.
func TestEveryKernelIsTaken(t *testing.T) {
	const inputs, lanes = 30, 1500 // two tiles and one
	for name, config := range paths(1) {
		var taken [2]map[uint32]int
		taken[0], taken[1] = map[uint32]int{}, map[uint32]int{}
		config.watch = func(wide bool, code []uint32) {
			of := taken[0]
			if wide {
				of = taken[1]
			}
			for op, n := range kernel.Operations(code) {
				of[op] += n
			}
		}
		in := randomVectors(inputs, lanes)
		for seed := range uint64(20) {
			rng := rand.New(rand.NewPCG(seed, 12))
			c := randomCircuit(t, rng, inputs, 200, false)
			if seed%2 == 0 {
				c = randomLogic(t, rng, inputs, 1000)
			}
			out, err := Compile(c, config).Run(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			for lane := 0; lane < lanes; lane += 97 {
				want, err := c.Eval(in.Lane(lane))
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(out.Lane(lane), want) {
					t.Fatalf("%s, seed %d: lane %d is %v, want %v", name, seed, lane, out.Lane(lane), want)
				}
			}
		}
		wide := config.kernels.HasWide() && !config.narrow
		for op := range uint32(kernel.XorN) + 1 {
			tall := op == kernel.Sixteens || op == kernel.SixtyFours
			if config.fusing == never && op >= kernel.Pairs && op < kernel.Kinds ||
				tall && config.kernels.IsPortable() && config.blocks == nil {
				continue
			}
			if taken[0][op] == 0 || (taken[1][op] > 0) != wide {
				t.Errorf("%s: operation %d was run %d times on one tile and %d times on two", name, op, taken[0][op], taken[1][op])
			}
		}
	}
}

// The best kernels that the processor has are taken where nothing else is asked for.
func TestBestKernelIsTaken(t *testing.T) {
	c := randomCircuit(t, rand.New(rand.NewPCG(1, 13)), 5, 30, false)
	p := Compile(c, Config{})
	q := p.program.Load()
	if q.kernels != kernel.Best() || q.wide != kernel.Best().HasWide() {
		t.Errorf("%s are taken, and two tiles at a time: %v", q.kernels.Name, q.wide)
	}
	if p := Compile(majority(t, 1024), Config{}).program.Load(); p.wide != kernel.Best().TallWide {
		t.Errorf("a gate of fan-in 1024 takes two tiles at a time: %v", p.wide)
	}
	t.Logf("kernels for %s", q.kernels.Name)
}

func TestRandomCircuitsExhaustively(t *testing.T) {
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 1))
		inputs := 1 + rng.IntN(7)
		c := randomCircuit(t, rng, inputs, 5+rng.IntN(60), seed%4 == 0)
		in := NewVectors(inputs, 1<<inputs)
		for lane := range in.Lanes() {
			for i := range inputs {
				in.Set(i, lane, lane>>i&1 == 1)
			}
		}
		agree(t, c, in, 1)
	}
}
