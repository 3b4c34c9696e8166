package circuit_test

import (
	"bytes"
	"io"
	"runtime"
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

// mapped builds the same with a Go map, and stores no more than it must: the two
// inputs of each gate. An XOR is told from an AND by the order of the two.
type mapped struct {
	node [][2]circuit.Lit
	find map[[2]circuit.Lit]uint32
}

func newMapped(gates int) *mapped {
	return &mapped{
		node: make([][2]circuit.Lit, 1, gates+1),
		find: make(map[[2]circuit.Lit]uint32, gates),
	}
}

func (m *mapped) input() circuit.Lit {
	m.node = append(m.node, [2]circuit.Lit{})
	return circuit.Gate(len(m.node) - 1).Lit()
}

func (m *mapped) gate(key [2]circuit.Lit) circuit.Lit {
	id, ok := m.find[key]
	if !ok {
		id = uint32(len(m.node))
		m.find[key] = id
		m.node = append(m.node, key)
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
	return m.gate([2]circuit.Lit{x, y})
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
	return m.gate([2]circuit.Lit{y, x}) ^ flip
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
		if want := int64(v&(1<<n-1)) * int64(v>>n); err != nil || got.Cmp(circuit.I(want)) != 0 {
			t.Fatalf("%d·%d is %v, %v", v&(1<<n-1), v>>n, got, err)
		}
	}
	if m := buildMapped(n, 0); len(m.node) != size {
		t.Errorf("%d nodes on a map, %d in a builder", len(m.node), size)
	}
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// BenchmarkHash builds a multiplier of about 400 000 two-input gates with a Builder
// and on a Go map, by turns. It reports the median of the rates and of their ratio,
// with room for the gates made beforehand and without.
func BenchmarkHash(b *testing.B) {
	const n = 256
	for _, presized := range []bool{true, false} {
		name, size := "growing", 0
		if presized {
			name, size = "presized", 6*n*n
		}
		b.Run(name, func(b *testing.B) {
			var tree, table []time.Duration
			var ratio []float64
			made := 0
			for range b.N {
				runtime.GC()
				start := time.Now()
				m := buildMapped(n, size)
				middle := time.Now()
				runtime.KeepAlive(m)
				m = nil
				runtime.GC()
				again := time.Now()
				o := buildOurs(n, size)
				end := time.Now()
				made = o.Len()
				table = append(table, middle.Sub(start))
				tree = append(tree, end.Sub(again))
				ratio = append(ratio, float64(middle.Sub(start))/float64(end.Sub(again)))
			}
			slices.Sort(ratio)
			b.ReportMetric(float64(made)/median(tree).Seconds()/1e6, "Mgates/s")
			b.ReportMetric(float64(made)/median(table).Seconds()/1e6, "map-Mgates/s")
			b.ReportMetric(ratio[len(ratio)/2], "map/builder")
			b.ReportMetric(0, "ns/op")
		})
	}
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
			a.AddLit(circuit.I(int64(i%7+2)), x)
		}
		s := a.Sum()
		for t := range int64(1000) {
			bld.Threshold(s, circuit.I(10*t))
		}
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mgates/s")
}
