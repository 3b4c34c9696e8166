package eval

import (
	"bufio"
	"bytes"
	"fmt"
	"math/big"
	"math/bits"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// The circuits here were made by other people and what they compute is known. They
// are not part of the project, and the tests skip where they are absent.

func conformance(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "conformance", name))
	if err != nil {
		t.Skipf("the conformance circuits are not here: %v", err)
	}
	return text
}

// rawGate is a gate of a file whose gates stand in any order.
type rawGate struct {
	kind    string
	in      []string
	weights []int64
	bound   int64
}

// assemble makes a circuit of named gates, each after those it reads.
func assemble(t *testing.T, inputs, outputs []string, raw map[string]rawGate) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	b.Keep()
	lits := map[string]circuit.Lit{}
	for _, name := range inputs {
		lits[name] = b.Input(name)
	}
	var visit func(name string) circuit.Lit
	visit = func(name string) circuit.Lit {
		if l, ok := lits[name]; ok {
			return l
		}
		g, ok := raw[name]
		if !ok {
			t.Fatalf("%s is read and not made", name)
		}
		var in []circuit.Lit
		for _, n := range g.in {
			in = append(in, visit(n))
		}
		var l circuit.Lit
		switch kind, err := gates.ParseKind(g.kind); {
		case g.kind == ".threshold":
			line := b.Linear()
			for i, x := range in {
				line.AddLit(circuit.NewInt(g.weights[i]), x)
			}
			l = b.Threshold(line.Sum(), circuit.NewInt(g.bound))
		case err != nil:
			t.Fatal(err)
		default:
			l = map[gates.Kind]func(...circuit.Lit) circuit.Lit{
				gates.And: b.And, gates.Or: b.Or, gates.Nand: b.Nand, gates.Nor: b.Nor, gates.Xor: b.Xor,
				gates.Xnor: b.Xnor,
				gates.Not:  func(x ...circuit.Lit) circuit.Lit { return b.Not(x[0]) },
				gates.Buf:  func(x ...circuit.Lit) circuit.Lit { return b.Buf(x[0]) },
			}[kind](in...)
		}
		lits[name] = l
		return l
	}
	for i, name := range outputs {
		b.Output(fmt.Sprint(name, " ", i), visit(name))
	}
	return mustBuild(t, b)
}

// readThreshold reads a .th file and counts its edges, those of weight 0 apart, which
// are no wires to us.
func readThreshold(t *testing.T, text []byte) (c *circuit.Circuit, edges, zeros int) {
	t.Helper()
	var inputs, outputs []string
	raw := map[string]rawGate{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		switch {
		case len(f) == 0:
		case f[0] == ".input":
			inputs = append(inputs, f[1:]...)
		case f[0] == ".output":
			outputs = append(outputs, f[1:]...)
		case f[0] == ".threshold":
			g := rawGate{kind: f[0], in: f[1 : len(f)-1]}
			lines.Scan()
			for _, w := range strings.Fields(lines.Text()) {
				v, err := strconv.ParseInt(w, 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				g.weights = append(g.weights, v)
			}
			edges += len(g.in)
			for _, w := range g.weights[:len(g.in)] {
				if w == 0 {
					zeros++
				}
			}
			g.bound = g.weights[len(g.in)]
			raw[f[len(f)-1]] = g
		}
	}
	return assemble(t, inputs, outputs, raw), edges, zeros
}

func readBench(t *testing.T, text []byte) *circuit.Circuit {
	t.Helper()
	var inputs, outputs []string
	raw := map[string]rawGate{}
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		f := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" =(),\t\r\n", r) })
		switch {
		case len(f) == 0:
		case f[0] == "INPUT":
			inputs = append(inputs, f[1])
		case f[0] == "OUTPUT":
			outputs = append(outputs, f[1])
		default:
			raw[f[0]] = rawGate{kind: f[1], in: f[2:]}
		}
	}
	return assemble(t, inputs, outputs, raw)
}

// readAIG reads a combinational circuit in the binary AIGER format.
func readAIG(t testing.TB, text []byte) *circuit.Circuit {
	t.Helper()
	r := bufio.NewReader(bytes.NewReader(text))
	var m, in, latches, out, and int
	if _, err := fmt.Fscanf(r, "aig %d %d %d %d %d\n", &m, &in, &latches, &out, &and); err != nil || latches > 0 {
		t.Fatal(err)
	}
	b := circuit.NewBuilder()
	lits := append([]circuit.Lit{circuit.False}, b.Inputs("x", in)...)
	outputs := make([]int, out)
	for i := range outputs {
		if _, err := fmt.Fscanf(r, "%d\n", &outputs[i]); err != nil {
			t.Fatal(err)
		}
	}
	delta := func() (d int) {
		for shift := 0; ; shift += 7 {
			c, err := r.ReadByte()
			if err != nil {
				t.Fatal(err)
			}
			if d |= int(c&0x7f) << shift; c < 0x80 {
				return d
			}
		}
	}
	lit := func(v int) circuit.Lit { return lits[v/2].NotIf(v%2 == 1) }
	for range and {
		first := 2*len(lits) - delta()
		lits = append(lits, b.And(lit(first), lit(first-delta())))
	}
	for i, v := range outputs {
		b.Output(fmt.Sprint("y", i), lit(v))
	}
	return mustBuild(t, b)
}

func run(t *testing.T, c *circuit.Circuit, in *Vectors) *Vectors {
	t.Helper()
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	out, err := Compile(c, Config{}).Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// wide reads count wires from first on as a number, low bit first.
func wide(v *Vectors, first, count, lane int) *big.Int {
	n := new(big.Int)
	for i := range count {
		if v.Bit(first+i, lane) {
			n.SetBit(n, i, 1)
		}
	}
	return n
}

// The trained binarised networks of threABC: the number of ones in the whole table
// of 2^16 rows and 16 columns was counted by another program.
func TestConformanceTrainedThresholdNetworks(t *testing.T) {
	for name, want := range map[string]int{"bnn_16_3_16": 534086, "bnn_16_3_256": 545080, "bnn_16_3_1000000": 545944} {
		c, edges, zeros := readThreshold(t, conformance(t, "th/"+name+".th"))
		st := c.Stats()
		if st.Size != 64 || edges != 784 || st.Depth != 4 {
			t.Errorf("%s: %d gates, %d edges and depth %d, published as 64, 784 and 4", name, st.Size, edges, st.Depth)
		}
		if st.Wires != int64(edges-zeros) {
			t.Errorf("%s: %d wires, want %d edges less %d of weight 0", name, st.Wires, edges, zeros)
		}
		in := NewVectors(16, 1<<16)
		for lane := range in.Lanes() {
			for i := range 16 {
				in.Set(i, lane, lane>>i&1 == 1)
			}
		}
		out, ones := run(t, c, in), 0
		for i := range out.Wires() {
			for _, w := range out.Row(i) {
				ones += bits.OnesCount64(w)
			}
		}
		if ones != want {
			t.Errorf("%s: %d ones, want %d", name, ones, want)
		}
	}
}

func TestConformanceVoterIsMajority(t *testing.T) {
	c := readAIG(t, conformance(t, "epfl/voter.aig"))
	in := randomVectors(1001, 2000)
	for lane := range in.Lanes() { // near the tie
		ones := len(setBits(in, lane))
		for i := 0; ones != 500+lane%2; i++ {
			if more := ones < 500+lane%2; in.Bit(i, lane) != more {
				in.Set(i, lane, more)
				ones += map[bool]int{true: 1, false: -1}[more]
			}
		}
	}
	out := run(t, c, in)
	for lane := range in.Lanes() {
		if want := lane%2 == 1; out.Bit(0, lane) != want {
			t.Fatalf("with %d ones the vote is %v", 500+lane%2, out.Bit(0, lane))
		}
	}
}

func setBits(v *Vectors, lane int) (set []int) {
	for i := range v.Wires() {
		if v.Bit(i, lane) {
			set = append(set, i)
		}
	}
	return set
}

func TestConformanceAdderAdds(t *testing.T) {
	c := readAIG(t, conformance(t, "epfl/adder.aig"))
	in := randomVectors(256, 3000)
	out := run(t, c, in)
	for lane := range in.Lanes() {
		x, y := wide(in, 0, 128, lane), wide(in, 128, 128, lane)
		if got, want := wide(out, 0, 129, lane), x.Add(x, y); got.Cmp(want) != 0 {
			t.Fatalf("lane %d: %v, want %v", lane, got, want)
		}
	}
}

// c6288 multiplies 16-bit numbers; its last two outputs are exchanged.
func TestConformanceMultiplierMultiplies(t *testing.T) {
	c := readBench(t, conformance(t, "iscas85/c6288.bench"))
	if depth := c.Levels(gates.NotCounted()).Depth; depth != 124 {
		t.Errorf("depth %d with NOT counted, published as 124", depth)
	}
	in := randomVectors(32, 3000)
	out := run(t, c, in)
	for lane := range in.Lanes() {
		got := wide(out, 0, 32, lane)
		high, low := got.Bit(31), got.Bit(30)
		got.SetBit(got, 30, high).SetBit(got, 31, low)
		x, y := wide(in, 0, 16, lane), wide(in, 16, 16, lane)
		if want := x.Mul(x, y); got.Cmp(want) != 0 {
			t.Fatalf("lane %d: %v, want %v", lane, got, want)
		}
	}
}

func TestConformanceTwoCircuitsOfOneFunction(t *testing.T) {
	a, b := readBench(t, conformance(t, "iscas85/c499.bench")), readBench(t, conformance(t, "iscas85/c1355.bench"))
	in := randomVectors(41, 20000)
	x, y := run(t, a, in), run(t, b, in)
	for i := range 32 {
		for lane := range in.Lanes() {
			if x.Bit(i, lane) != y.Bit(i, lane) {
				t.Fatalf("output %d differs on lane %d", i, lane)
			}
		}
	}
}

func TestConformanceCounts(t *testing.T) {
	for name, want := range map[string][4]int{ // inputs, outputs, gates, levels
		"c17": {5, 2, 6, 3}, "c432": {36, 7, 160, 17}, "c499": {41, 32, 202, 11}, "c1355": {41, 32, 546, 24},
		"c6288": {32, 32, 2416, 124},
	} {
		c := readBench(t, conformance(t, "iscas85/"+name+".bench"))
		count := c.Len() - 1 - len(c.Inputs())
		if got := [4]int{len(c.Inputs()), c.OutputCount(), count, c.Levels(gates.NotCounted()).Depth}; got != want {
			t.Errorf("%s has inputs, outputs, gates and levels %v, published as %v", name, got, want)
		}
	}
}
