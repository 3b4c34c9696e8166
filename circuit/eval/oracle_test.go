package eval

import (
	"math/big"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/longtest"
)

// oracle evaluates a circuit on one input by the definition of each gate, and shares nothing with
// the evaluators but how a circuit is read. Sums are added up term by term, in big integers.
type oracle struct {
	c     *circuit.Circuit
	value []bool
	sums  []big.Int
	known []bool
	gates []oracleGate
}

type oracleGate struct {
	kind     gates.Kind
	fanin    []circuit.Lit
	sum      circuit.SumID
	bound    *big.Int
	modulus  int64
	residues []int64
	wire     int
}

func newOracle(c *circuit.Circuit) *oracle {
	o := &oracle{
		c: c, value: make([]bool, c.Len()), sums: make([]big.Int, c.SumCount()), known: make([]bool, c.SumCount()),
		gates: make([]oracleGate, c.Len()),
	}
	for g := range o.gates {
		at, g := &o.gates[g], circuit.Gate(g)
		at.kind = c.Kind(g)
		switch at.kind {
		case gates.Threshold, gates.Majority:
			s, t := c.Bound(g)
			at.sum, at.bound = s, t.Big()
		case gates.Mod:
			s, m := c.Modulus(g)
			at.sum, at.modulus, at.residues = s, m.M, m.Residues
		default:
			if !at.kind.IsSource() {
				at.fanin = c.Fanin(g)
			}
		}
	}
	for i, g := range c.Inputs() {
		o.gates[g].wire = i
	}
	return o
}

func (o *oracle) add(s circuit.SumID) *big.Int {
	sum := &o.sums[s]
	if o.known[s] {
		return sum
	}
	sum.SetInt64(0)
	var term big.Int
	for i, r := range o.c.Refs(s) {
		switch w := o.c.Weight(s, i); {
		case r.IsSum():
			sum.Add(sum, term.Mul(w.Big(), o.add(r.Sum())))
		case o.value[r.Gate()]:
			sum.Add(sum, w.Big())
		}
	}
	o.known[s] = true
	return sum
}

// run returns the outputs.
func (o *oracle) run(in func(wire int) bool) []bool {
	clear(o.known)
	lit := func(l circuit.Lit) bool { return o.value[l.Gate()] != l.IsComplement() }
	for g := range o.gates {
		at := &o.gates[g]
		ones := 0
		for _, l := range at.fanin {
			if lit(l) {
				ones++
			}
		}
		v := false
		switch at.kind {
		case gates.Input:
			v = in(at.wire)
		case gates.And:
			v = ones == len(at.fanin)
		case gates.Nand:
			v = ones < len(at.fanin)
		case gates.Or:
			v = ones > 0
		case gates.Nor:
			v = ones == 0
		case gates.Xor:
			v = ones%2 == 1
		case gates.Xnor:
			v = ones%2 == 0
		case gates.Buf:
			v = ones == 1
		case gates.Not:
			v = ones == 0
		case gates.Threshold, gates.Majority:
			v = o.add(at.sum).Cmp(at.bound) >= 0
		case gates.Mod:
			var rest big.Int
			r := rest.Mod(o.add(at.sum), big.NewInt(at.modulus)).Int64()
			for _, x := range at.residues {
				v = v || x == r
			}
		}
		o.value[g] = v
	}
	var out []bool
	for _, l := range o.c.Outputs() {
		out = append(out, lit(l))
	}
	return out
}

// compareAll compares all evaluators with the oracle on all inputs of a random circuit. It returns how
// many evaluations that were.
func compareAll(t *testing.T, seed uint64) int64 {
	rng := rand.New(rand.NewPCG(seed, 7))
	inputs := 1 + rng.IntN(9)
	c := randomCircuit(t, rng, inputs, 3+rng.IntN(40), seed%4 == 0)
	in := NewVectors(inputs, 1<<inputs)
	for lane := range in.Lanes() {
		for i := range inputs {
			in.Set(i, lane, lane>>i&1 == 1)
		}
	}
	out, err := Compile(c, Config{Workers: 1 + rng.IntN(2)}).Run(t.Context(), in)
	if err != nil {
		t.Error(err)
		return 0
	}
	o := newOracle(c)
	for lane := range in.Lanes() {
		bits := in.Lane(lane)
		want := o.run(func(wire int) bool { return bits[wire] })
		naive, err := c.Eval(bits)
		all, errAll := c.EvalAll(bits)
		if err != nil || errAll != nil {
			t.Errorf("seed %d: %v, %v", seed, err, errAll)
			return 0
		}
		for i, w := range want {
			if naive[i] != w || out.Bit(i, lane) != w {
				t.Errorf("seed %d: output %d on input %b is %v, and %v and %v by the evaluators", seed, i, lane, w, naive[i], out.Bit(i, lane))
				return 0
			}
		}
		for g, v := range o.value {
			if all[g] != v {
				t.Errorf("seed %d: gate %d on input %b is %v, and %v by EvalAll", seed, g, lane, v, all[g])
				return 0
			}
		}
	}
	return 3 * int64(in.Lanes())
}

// TestOracle asserts that all evaluators agree with the definitions.
func TestOracle(t *testing.T) {
	for seed := range uint64(150) {
		compareAll(t, seed)
	}
}

// TestLongOracle asserts the same of many circuits.
func TestLongOracle(t *testing.T) {
	longtest.Need(t)
	evaluations := int64(longtest.Some(10_000_000, 100_000_000))
	var done atomic.Int64
	var next atomic.Uint64
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for done.Load() < evaluations && !t.Failed() {
				done.Add(compareAll(t, next.Add(1)))
			}
		})
	}
	all.Wait()
	t.Logf("%d evaluations of %d circuits", done.Load(), next.Load())
}
