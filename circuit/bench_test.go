package circuit_test

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// logicBuilder is what a network of two-input gates is built with.
type logicBuilder interface {
	and(x, y circuit.Lit) circuit.Lit
	xor(x, y circuit.Lit) circuit.Lit
}

// multiplier makes the array multiplier of two numbers and returns the product.
func multiplier(b logicBuilder, x, y []circuit.Lit) []circuit.Lit {
	n := len(x)
	product := make([]circuit.Lit, 0, 2*n)
	sum := make([]circuit.Lit, n+1) // False
	for i := range n {
		carry := circuit.False
		for j := range n {
			p := b.and(x[j], y[i])
			half := b.xor(sum[j], p)
			s := b.xor(half, carry)
			carry = b.and(b.and(sum[j], p).Not(), b.and(half, carry).Not()).Not()
			sum[j] = s
		}
		carry, sum[n] = sum[n], carry
		last := b.xor(carry, sum[n])
		product = append(product, sum[0])
		copy(sum, sum[1:n])
		sum[n-1], sum[n] = last, b.and(carry, sum[n])
	}
	return append(product, sum[:n]...)
}

// ours builds with a Builder.
type ours struct{ *circuit.Builder }

func (o ours) and(x, y circuit.Lit) circuit.Lit { return o.And(x, y) }
func (o ours) xor(x, y circuit.Lit) circuit.Lit { return o.Xor(x, y) }

// mapped builds the same circuit, in the same arrays, and finds gates by a Go map.
// An XOR is told from an AND by the order of the two literals in the key.
type mapped struct {
	kind  []gates.Kind
	first []uint32
	args  []uint32
	find  map[[2]uint32]uint32
}

func newMapped(size int) *mapped {
	return &mapped{
		kind:  append(make([]gates.Kind, 0, size+1), gates.Const),
		first: append(make([]uint32, 0, size+2), 0, 0),
		args:  make([]uint32, 0, 2*size),
		find:  make(map[[2]uint32]uint32, size),
	}
}

func (m *mapped) add(k gates.Kind, args ...uint32) uint32 {
	id := uint32(len(m.kind))
	m.kind = append(m.kind, k)
	m.args = append(m.args, args...)
	m.first = append(m.first, uint32(len(m.args)))
	return id
}

func (m *mapped) input() circuit.Lit { return circuit.Gate(m.add(gates.Input)).Lit() }

func (m *mapped) gate(k gates.Kind, x, y circuit.Lit, key [2]uint32) circuit.Lit {
	id, ok := m.find[key]
	if !ok {
		id = m.add(k, uint32(x), uint32(y))
		m.find[key] = id
	}
	return circuit.Gate(id).Lit()
}

func (m *mapped) and(x, y circuit.Lit) circuit.Lit {
	if x > y {
		x, y = y, x
	}
	switch {
	case x == circuit.False || x == y.Not():
		return circuit.False
	case x == circuit.True || x == y:
		return y
	}
	return m.gate(gates.And, x, y, [2]uint32{uint32(x), uint32(y)})
}

func (m *mapped) xor(x, y circuit.Lit) circuit.Lit {
	flip := (x ^ y) & 1
	x, y = x&^1, y&^1
	if x > y {
		x, y = y, x
	}
	switch {
	case x == y:
		return flip
	case x == circuit.False:
		return y ^ flip
	}
	return m.gate(gates.Xor, x, y, [2]uint32{uint32(y), uint32(x)}) ^ flip
}

func buildOurs(n, size int) *circuit.Builder {
	b := circuit.NewBuilderSize(size)
	x, y := b.InputPort("x", circuit.Format{}, n), b.InputPort("y", circuit.Format{}, n)
	b.OutputPort("product", circuit.Format{}, multiplier(ours{b}, x, y)...)
	return b
}

func buildMapped(n, size int) *mapped {
	m := newMapped(size)
	x, y := make([]circuit.Lit, n), make([]circuit.Lit, n)
	for i := range x {
		x[i] = m.input()
	}
	for i := range y {
		y[i] = m.input()
	}
	multiplier(m, x, y)
	return m
}

// TestMultiplier asserts that the network of the benchmarks multiplies, and that
// both builders make the same number of gates of it.
func TestMultiplier(t *testing.T) {
	const n = 5
	b := buildOurs(n, 0)
	size := b.Len()
	c := built(t, b)
	for v := range 1 << (2 * n) {
		out := evalBits(t, c, v)
		got, err := c.OutputPorts()[0].Format.Decode(out)
		if want := int64(v&(1<<n-1)) * int64(v>>n); err != nil || got.Cmp(circuit.NewInt(want)) != 0 {
			t.Fatalf("%d·%d is %v, %v", v&(1<<n-1), v>>n, got, err)
		}
	}
	if m := buildMapped(n, 0); len(m.kind) != size {
		t.Errorf("%d nodes on a map, %d in a builder", len(m.kind), size)
	}
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// BenchmarkHash builds multipliers of about 27 000 and 400 000 two-input gates with
// a Builder and on a Go map, by turns. It reports the medians of the rates and of
// their ratio, with room for the gates made beforehand and without.
func BenchmarkHash(b *testing.B) {
	for _, n := range []int{67, 256} {
		for _, presized := range []bool{true, false} {
			name, size := "growing", 0
			if presized {
				name, size = "presized", 6*n*n
			}
			b.Run(fmt.Sprintf("%dx%d/%s", n, n, name), func(b *testing.B) { benchmarkHash(b, n, size) })
		}
	}
}

func benchmarkHash(b *testing.B, n, size int) {
	// Memory is collected by hand between the two and then kept. Otherwise much of the
	// time of a growing build goes to the pages that the operating system has to hand
	// out anew in each round, on both sides.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	var builder, table []time.Duration
	var ratio []float64
	made := 0
	for range b.N {
		runtime.GC()
		start := time.Now()
		m := buildMapped(n, size)
		onMap := time.Since(start)
		runtime.KeepAlive(m)
		m = nil
		runtime.GC()
		start = time.Now()
		o := buildOurs(n, size)
		onBuilder := time.Since(start)
		made = o.Len()
		table, builder = append(table, onMap), append(builder, onBuilder)
		ratio = append(ratio, float64(onMap)/float64(onBuilder))
	}
	slices.Sort(ratio)
	b.ReportMetric(float64(made)/median(builder).Seconds()/1e6, "Mgates/s")
	b.ReportMetric(float64(made)/median(table).Seconds()/1e6, "map-Mgates/s")
	b.ReportMetric(ratio[len(ratio)/2], "map/builder")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkBuild builds the multiplier alone, for a profile.
func BenchmarkBuild(b *testing.B) {
	for range b.N {
		buildOurs(256, 0)
	}
}

// benchCircuit is a multiplier of about 400 000 gates.
func benchCircuit(b *testing.B) *circuit.Circuit {
	b.Helper()
	c, err := buildOurs(256, 0).Circuit()
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	return c
}

func reportRate(b *testing.B, c *circuit.Circuit) {
	b.Helper()
	b.ReportMetric(float64(c.Size())*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mgates/s")
}

func BenchmarkLevels(b *testing.B) {
	c := benchCircuit(b)
	model := gates.Standard()
	for range b.N {
		c.Levels(model)
	}
	reportRate(b, c)
}

func BenchmarkCheck(b *testing.B) {
	c := benchCircuit(b)
	for range b.N {
		if err := c.Check(); err != nil {
			b.Fatal(err)
		}
	}
	reportRate(b, c)
}

func BenchmarkStats(b *testing.B) {
	c := benchCircuit(b)
	for range b.N {
		c.Stats()
	}
	reportRate(b, c)
}

func BenchmarkPrune(b *testing.B) {
	c := benchCircuit(b)
	for range b.N {
		c.Prune()
	}
	reportRate(b, c)
}

func BenchmarkWrite(b *testing.B) {
	c := benchCircuit(b)
	for range b.N {
		if err := c.Write(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
	reportRate(b, c)
}

func BenchmarkRead(b *testing.B) {
	c := benchCircuit(b)
	file := fileOf(b, c)
	b.ResetTimer()
	for range b.N {
		if _, err := circuit.Read(bytes.NewReader(file)); err != nil {
			b.Fatal(err)
		}
	}
	reportRate(b, c)
	b.ReportMetric(float64(len(file))/float64(c.Size()), "bytes/gate")
}

// BenchmarkThresholds makes all the thresholds of one wide sum, as a quantiser does.
func BenchmarkThresholds(b *testing.B) {
	for range b.N {
		bld := circuit.NewBuilder()
		a := bld.Linear()
		for i, x := range bld.Inputs("x", 4096) {
			a.AddLit(circuit.NewInt(int64(i%7+2)), x)
		}
		s := a.Sum()
		for t := range int64(1000) {
			bld.Threshold(s, circuit.NewInt(10*t))
		}
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mgates/s")
}
