package eval

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
)

func TestRandomCircuitsOnManyLanes(t *testing.T) {
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 2))
		c := randomCircuit(t, rng, 30, 300, seed%3 == 0)
		lanes := []int{1, 63, 64, 65, 511, 512, 513, 1500}[seed%8]
		agree(t, c, randomVectors(30, lanes), []int{1, 2, 7}[seed%3])
	}
}

func TestRandomCircuitsByProperty(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		inputs := rapid.IntRange(1, 12).Draw(rt, "inputs")
		size := rapid.IntRange(1, 80).Draw(rt, "size")
		c := randomCircuit(t, rand.New(rand.NewPCG(seed, 3)), inputs, size, rapid.Bool().Draw(rt, "keep"))
		agree(t, c, randomVectors(inputs, 20), 1)
	})
}

// [Σ 2^i·a_i ≥ Σ 2^i·b_i] of 128-bit numbers is one gate with weights beyond int64.
func TestComparatorOf128Bits(t *testing.T) {
	const bits, lanes = 128, 600
	b := circuit.NewBuilder()
	x, y := b.Inputs("a", bits), b.Inputs("b", bits)
	line := b.Linear()
	for i := range bits {
		line.AddLit(circuit.Pow2(i), x[i])
		line.AddLit(circuit.Pow2(i).Neg(), y[i])
	}
	b.Output("at least", b.Threshold(line.Sum(), circuit.NewInt(0)))
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	in := randomVectors(2*bits, lanes)
	for lane := range lanes { // near ties: b is a, with one bit changed or none
		if lane%3 != 0 {
			for i := range bits {
				in.Set(bits+i, lane, in.Bit(i, lane) != (lane%3 == 1 && i == lane%bits))
			}
		}
	}
	out, err := Compile(c, Config{}).Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	number := func(first, lane int) *big.Int {
		n := new(big.Int)
		for i := range bits {
			if in.Bit(first+i, lane) {
				n.SetBit(n, i, 1)
			}
		}
		return n
	}
	for lane := range lanes {
		want := number(0, lane).Cmp(number(bits, lane)) >= 0
		if out.Bit(0, lane) != want {
			t.Fatalf("lane %d: %v, want %v", lane, out.Bit(0, lane), want)
		}
	}
}

// Literals with deciding weights on a shared sum are looked through, whatever the
// signs, and still give the right answer where the weights do not decide.
func TestSumsThatAreLookedThrough(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 4))
		b := circuit.NewBuilder()
		x := b.Inputs("x", 8)
		line := b.Linear()
		for i := range 5 {
			line.AddLit(circuit.NewInt(rng.Int64N(13)-6), x[i])
		}
		s := line.Sum()
		for k := range 12 {
			line.Add(circuit.NewInt(rng.Int64N(7)-3), s)
			for i := range 1 + k%2 {
				line.AddLit(circuit.NewInt(rng.Int64N(101)-50), x[5+(k+i)%3].NotIf(rng.IntN(2) == 0))
			}
			b.Output(fmt.Sprint("y", k), b.Threshold(line.Sum(), circuit.NewInt(rng.Int64N(81)-40)))
		}
		c, err := b.Circuit()
		if err != nil {
			t.Fatal(err)
		}
		in := NewVectors(8, 256)
		for lane := range 256 {
			for i := range 8 {
				in.Set(i, lane, lane>>i&1 == 1)
			}
		}
		agree(t, c, in, 1)
	}
}

// An absorbed AND costs one comparison of the shared sum, whose planes are made once.
func TestAbsorbedGatesShareTheSum(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 31)
	y := b.Inputs("y", 20)
	g := b.Threshold(b.Count(x...), circuit.NewInt(11))
	for i := range y {
		z, _ := b.Absorb(g, y[i])
		b.Output(fmt.Sprint("z", i), z)
	}
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	st := Compile(c, Config{}).Stats()
	if st.Steps["compare"] != 1 || st.Steps["logic"] != 20 {
		t.Errorf("%d comparisons and %d ANDs, want 1 and 20: %v", st.Steps["compare"], st.Steps["logic"], st.Steps)
	}
	if most := 35; st.Adders > most { // some of which add zeros that fill up a counter
		t.Errorf("%d full adders for one count of 31, want at most %d", st.Adders, most)
	}
	agree(t, c, randomVectors(51, 700), 1)
}

func TestSlotsAreUsedAgain(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	y := x[0]
	for i := range 10000 {
		y = b.Xor(b.And(y, x[1+i%2]), x[i%3].Not())
	}
	b.Output("y", y)
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	if st := Compile(c, Config{}).Stats(); st.Slots > 8 {
		t.Errorf("a chain of %d gates holds %d slots", c.Size(), st.Slots)
	}
	agree(t, c, randomVectors(3, 100), 1)
}

func TestDeadGatesAreLeftOut(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 40)
	for i := range 30 {
		b.And(x[i], x[i+1], x[i+2])
		b.AtLeast(3, x[i:i+8]...)
	}
	b.Output("y", b.Or(x[0], x[39]))
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	p := Compile(c, Config{})
	if steps := p.Stats().Steps; len(steps) != 1 || steps["logic"] != 1 {
		t.Errorf("the plan of one gate has steps %v", steps)
	}
	agree(t, c, randomVectors(40, 64), 1)
}

func TestLanesBeyondTheEndStayZero(t *testing.T) {
	b := circuit.NewBuilder()
	b.Output("not", b.Input("x").Not())
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	out, err := Compile(c, Config{}).Run(t.Context(), NewVectors(1, 70))
	if err != nil {
		t.Fatal(err)
	}
	if row := out.Row(0); len(row) != 2 || row[0] != ^uint64(0) || row[1] != 1<<6-1 {
		t.Errorf("70 ones are %x", row)
	}
}

func TestStreamAgreesWithRun(t *testing.T) {
	c := randomCircuit(t, rand.New(rand.NewPCG(9, 9)), 20, 200, false)
	in := randomVectors(20, 3*TileLanes+77)
	p := Compile(c, Config{Workers: 3})
	want, err := p.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	got := NewVectors(want.Wires(), want.Lanes())
	err = p.Stream(t.Context(), in.Lanes(), func(tile int, part *Vectors) error {
		for lane := range part.Lanes() {
			part.SetLane(lane, in.Lane(tile*TileLanes+lane))
		}
		return nil
	}, func(tile int, _, part *Vectors) error {
		for i := range part.Wires() { // whole words, so that tiles do not meet
			copy(got.Row(i)[tile*TileLanes/64:], part.Row(i))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range want.Wires() {
		for lane := range want.Lanes() {
			if got.Bit(i, lane) != want.Bit(i, lane) {
				t.Fatalf("output %d, lane %d: streamed %v", i, lane, got.Bit(i, lane))
			}
		}
	}
}

func TestMachineAgreesWithRun(t *testing.T) {
	c := randomCircuit(t, rand.New(rand.NewPCG(11, 9)), 20, 200, false)
	in := randomVectors(20, 192)
	p := Compile(c, Config{})
	want, err := p.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	got := NewVectors(want.Wires(), 192)
	m := newMachine(p.program.Load(), 2)
	for range 2 { // what is left over from one tile must not show in the next
		m.evaluate(part{in, got, 0})
	}
	for i := range want.Wires() {
		if !slices.Equal(got.Row(i), want.Row(i)) {
			t.Fatalf("output %d is %x, want %x", i, got.Row(i), want.Row(i))
		}
	}
}

func TestErrorsStopTheRun(t *testing.T) {
	c := randomCircuit(t, rand.New(rand.NewPCG(5, 5)), 6, 30, false)
	p := Compile(c, Config{Workers: 2})
	if _, err := p.Run(t.Context(), NewVectors(5, 10)); err == nil {
		t.Error("5 rows were accepted for 6 inputs")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Run(ctx, NewVectors(6, 100000)); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled run returned %v", err)
	}
	broken := errors.New("broken")
	err := p.Stream(t.Context(), 1000*TileLanes, func(tile int, _ *Vectors) error {
		if tile >= 3 {
			return broken
		}
		return nil
	}, func(int, *Vectors, *Vectors) error { return nil })
	if !errors.Is(err, broken) {
		t.Errorf("a failing fill returned %v", err)
	}
	if v := NewVectors(2, 3); panics(func() { v.Bit(2, 0) }) == false || panics(func() { v.Set(0, 3, true) }) == false {
		t.Error("a bit outside the matrix was reached")
	}
}

func panics(f func()) (did bool) {
	defer func() { did = recover() != nil }()
	f()
	return false
}

// A plan fuses its logic once it has run on many lanes, in whatever portions, and computes the same.
func TestPlanFusesLogicWhereItPays(t *testing.T) {
	c := randomLogic(t, rand.New(rand.NewPCG(4, 14)), 20, 400)
	in := randomVectors(20, fuseFrom*TileLanes/4)
	p := Compile(c, Config{Workers: 2})
	before := p.Stats().Steps["logic"]
	want, err := p.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := p.Run(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	if now := p.Stats().Steps["logic"]; now != before {
		t.Errorf("the plan has %d steps of logic after 3/4 of the tiles, and %d before", now, before)
	}
	got, err := p.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if now := p.Stats().Steps["logic"]; now > before*7/10 {
		t.Errorf("fused, the plan has %d steps of logic, %d before; want at most 7/10 of them", now, before)
	}
	for i := range want.Wires() {
		if !slices.Equal(got.Row(i), want.Row(i)) {
			t.Fatalf("output %d differs once the plan is fused", i)
		}
	}
}

// Pieces of code are short, however wide a gate and however large a weight is, so that a kernel returns soon; and what
// is split computes the same.
func TestPiecesAreShort(t *testing.T) {
	const inputs, lanes = 9000, 40
	b := circuit.NewBuilder()
	x := b.Inputs("x", inputs)
	mixed := slices.Clone(x)
	for i := range mixed {
		mixed[i] = mixed[i].NotIf(i%3 == 0)
	}
	b.Output("and", b.And(x...), b.And(mixed...), b.Or(x...), b.Or(mixed...), b.Xor(x...), b.Xor(mixed...))
	b.Output("count", b.AtLeast(inputs/2, x...))
	line := b.Linear()
	for i := range 5000 {
		line.AddLit(circuit.Pow2(i), mixed[i])
	}
	b.Output("number", b.Threshold(line.Sum(), circuit.Pow2(4999).Add(circuit.NewInt(12345))))
	c := mustBuild(t, b)
	in := randomVectors(inputs, lanes)
	for lane := range 4 { // where the wide gates are decided by their last operands
		for i := range inputs {
			in.Set(i, lane, (lane%2 == 0) != (i%3 == 0 && lane < 2))
		}
	}
	in.Set(inputs-1, 1, !in.Bit(inputs-1, 1))
	agree(t, c, in, 1)
	for name, config := range paths(1) {
		const most = pieceWords + 2*mostOperands + 3
		pieces := Compile(c, config).program.Load().pieces
		for _, p := range pieces {
			if len(p.code) > most {
				t.Errorf("%s: a piece has %d words, want at most %d", name, len(p.code), most)
			}
		}
		if len(pieces) < 5 {
			t.Errorf("%s: all is in %d pieces", name, len(pieces))
		}
	}
}
