package verilog_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/verilog"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/circuit/internal/random"
	"github.com/tc0lab/tc0/internal/longtest"
	"github.com/tc0lab/tc0/internal/tooltest"
)

// aig is an and-inverter graph in the form of an ASCII AIGER file, of which the order of
// inputs and outputs does not matter: they are found by the positions that yosys tells.
type aig struct {
	most                  int // the greatest variable
	inputs, outputs, ands int
	in, out               []int    // literals
	gates                 [][3]int // in order
	inAt, outAt           []string // "name index" by position; "" for outputs that are constant
}

// synthesised writes the circuits, has yosys make and-inverter graphs of them, and
// returns these. Any warning of yosys fails the test.
func synthesised(t testing.TB, designs ...*netlist.Design) []*aig {
	t.Helper()
	if _, err := exec.LookPath("yosys"); err != nil {
		t.Skip("there is no yosys")
	}
	dir := t.TempDir()
	var read, write strings.Builder
	for i, d := range designs {
		d := &netlist.Design{Circuit: d.Circuit, Name: d.Name, Comments: d.Comments, Signals: d.Signals}
		if len(designs) > 1 {
			d.Name = fmt.Sprint("m", i)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i, ".v")), []byte(written(t, d)), 0o644); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&read, "read_verilog %d.v\n", i)
		if len(designs) > 1 {
			fmt.Fprintf(&write, "design -load all\nhierarchy -top m%d\n", i)
		}
		fmt.Fprintf(&write, "write_aiger -ascii -map %d.map %d.aag\n", i, i)
	}
	// All are mapped together, since reading the library of gates takes the most time.
	script := read.String() + "proc\nopt\ntechmap\nopt -fast\naigmap\ndesign -save all\n" + write.String()
	if err := os.WriteFile(filepath.Join(dir, "run.ys"), []byte(script), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := tooltest.Output(t, dir, "", "yosys", "-q", "run.ys"); err != nil || strings.Contains(out, "arning") {
		t.Fatalf("yosys: %v\n%s", err, out)
	}
	var graphs []*aig
	for i := range designs {
		graphs = append(graphs, readAIG(t, filepath.Join(dir, fmt.Sprint(i))))
	}
	return graphs
}

func readAIG(t testing.TB, path string) *aig {
	t.Helper()
	file, err := os.Open(path + ".aag")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	places, err := os.ReadFile(path + ".map")
	if err != nil {
		t.Fatal(err)
	}
	g := &aig{}
	var latches int
	scan := func(values ...any) {
		if _, err := fmt.Fscan(file, values...); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	var kind string
	scan(&kind, &g.most, &g.inputs, &latches, &g.outputs, &g.ands)
	if kind != "aag" || latches != 0 {
		t.Fatalf("%s: %s with %d latches", path, kind, latches)
	}
	g.in, g.out, g.gates = make([]int, g.inputs), make([]int, g.outputs), make([][3]int, g.ands)
	for i := range g.in {
		scan(&g.in[i])
	}
	for i := range g.out {
		scan(&g.out[i])
	}
	for i := range g.gates {
		scan(&g.gates[i][0], &g.gates[i][1], &g.gates[i][2])
	}
	g.inAt, g.outAt = make([]string, g.inputs), make([]string, g.outputs)
	for line := range strings.Lines(string(places)) {
		var side, name string
		var at, index int
		if n, err := fmt.Sscan(line, &side, &at, &index, &name); n != 4 || err != nil {
			t.Fatalf("%s: %q: %v", path, line, err)
		}
		if side == "input" {
			g.inAt[at] = fmt.Sprint(name, " ", index)
		} else {
			g.outAt[at] = fmt.Sprint(name, " ", index)
		}
	}
	return g
}

// eval computes the outputs from the inputs, by place.
func (g *aig) eval(in map[string]bool) []bool {
	value := make([]bool, 2*g.most+2)
	set := func(l int, v bool) { value[l], value[l^1] = v, !v }
	set(0, false)
	for i, l := range g.in {
		set(l, in[g.inAt[i]])
	}
	for _, a := range g.gates {
		set(a[0], value[a[1]] && value[a[2]])
	}
	out := make([]bool, len(g.out))
	for i, l := range g.out {
		out[i] = value[l]
	}
	return out
}

// places returns the place of each wire of the ports: the names that they have in the
// file, without their escapes, and the index.
func places(ports []circuit.Port, names []string) []string {
	var list []string
	for i, p := range ports {
		for j := range p.Wires {
			list = append(list, fmt.Sprint(names[i], " ", j))
		}
	}
	return list
}

// sameFunction asserts that the graph computes what c does: on all inputs up to 10, else
// on random ones.
func sameFunction(t testing.TB, c *circuit.Circuit, g *aig, inputs, outputs []string) {
	t.Helper()
	inAt, outAt := places(c.InputPorts(), inputs), places(c.OutputPorts(), outputs)
	if len(inAt) != g.inputs || len(outAt) != g.outputs {
		t.Fatalf("%d inputs and %d outputs, want %d and %d", g.inputs, g.outputs, len(inAt), len(outAt))
	}
	for i, at := range outAt {
		if got := g.outAt[i]; got != at && got != "" {
			t.Fatalf("output %d is %q, want %q", i, got, at)
		}
	}
	for _, at := range inAt {
		if !slices.Contains(g.inAt, at) {
			t.Fatalf("no input %q, but %q", at, g.inAt)
		}
	}
	r := rand.New(rand.NewPCG(3, 4))
	for v := range 1 << min(len(inAt), 10) {
		in, named := make([]bool, len(inAt)), map[string]bool{}
		for i := range in {
			if in[i] = v>>i&1 == 1; len(in) > 10 {
				in[i] = r.IntN(2) == 1
			}
			named[inAt[i]] = in[i]
		}
		want, err := c.Eval(in)
		if err != nil {
			t.Fatal(err)
		}
		got := g.eval(named)
		if !slices.Equal(got, want) {
			t.Fatalf("input %v: outputs %v, want %v", in, got, want)
		}
	}
}

func TestYosysAllKinds(t *testing.T) {
	d := all(t)
	g := synthesised(t, d)[0]
	var outputs []string
	for _, p := range d.Circuit.OutputPorts() {
		outputs = append(outputs, p.Name)
	}
	names := map[string]string{"signed out": "signed_out", "wire": "wire_1"}
	for i, n := range outputs {
		if other, ok := names[n]; ok {
			outputs[i] = other
		}
	}
	sameFunction(
		t,
		d.Circuit,
		g,
		[]string{"x[2,3]", "y;_endmodule_______", "wire", "_$dollar", "g7", "one", "none"},
		outputs,
	)
}

// TestYosysRandom compares random circuits of all kinds of gate, some of large weights.
func TestYosysRandom(t *testing.T) {
	var designs []*netlist.Design
	for seed := range uint64(20) {
		c := formattest.Random(
			t,
			random.Config{
				Seed:   seed,
				Inputs: 7,
				Gates:  10,
				Set:    verilog.Repertoire(),
				Keep:   seed%2 == 0,
				Bits:   []int{0, 0, 0, 29}[seed%4],
			},
		)
		designs = append(designs, netlist.Of(c))
	}
	for i, g := range synthesised(t, designs...) {
		t.Run(fmt.Sprint("seed ", i), func(t *testing.T) {
			sameFunction(t, designs[i].Circuit, g, []string{"x", "y"}, []string{"last", "some"})
		})
	}
}

// TestYosysExtremes compares circuits with sums at the ends of widths, and with more
// terms and inputs than are written one after another.
func TestYosysExtremes(t *testing.T) { yosysExtremes(t, 17, 2, 31) }

// TestLongYosysExtremes goes beyond 64 bits, and sums 70 terms.
func TestLongYosysExtremes(t *testing.T) {
	longtest.Need(t)
	yosysExtremes(t, 70, 2, 31, 64)
}

func yosysExtremes(t *testing.T, terms int, widths ...int) {
	t.Helper()
	var designs []*netlist.Design
	for _, bits := range widths {
		b := circuit.NewBuilder()
		b.Keep()
		x := b.Inputs("x", 6)
		for i, w := range []circuit.Int{circuit.Pow2(bits).Sub(circuit.NewInt(1)), circuit.Pow2(bits).Neg()} {
			a := b.Linear()
			for j, l := range x {
				weight := w
				if j%3 == 2 {
					weight = circuit.NewInt(int64(j - 4))
				}
				a.AddLit(weight, l)
			}
			s := a.Sum()
			lo, hi := b.Bounds(s)
			for j, t := range []circuit.Int{lo, lo.Add(circuit.NewInt(1)), w, hi, hi.Add(circuit.NewInt(1))} {
				b.Output(fmt.Sprint("y", i, "_", j), b.Threshold(s, t))
			}
			b.Output(fmt.Sprint("m", i), b.ModSum(4, []int64{1}, s), b.ModSum(5, []int64{0, 4}, s))
		}
		designs = append(designs, netlist.Of(formattest.Built(t, b)))
	}
	b := circuit.NewBuilder()
	x := b.Inputs("x", terms)
	a := b.Linear()
	for i, l := range x {
		a.AddLit(circuit.NewInt(int64(i%7-3)), l)
	}
	s := a.Sum()
	b.Output(
		"y",
		b.Threshold(s, circuit.NewInt(0)),
		b.Xor(x...),
		b.And(x[:9]...),
		b.ModSum(11, []int64{0, 1, 2, 3, 4, 5, 6, 7, 8}, s),
	)
	designs = append(designs, netlist.Of(formattest.Built(t, b)))
	for i, g := range synthesised(t, designs...) {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			var names [2][]string
			for side, ports := range [][]circuit.Port{
				designs[i].Circuit.InputPorts(),
				designs[i].Circuit.OutputPorts(),
			} {
				for _, p := range ports {
					names[side] = append(names[side], p.Name)
				}
			}
			sameFunction(t, designs[i].Circuit, g, names[0], names[1])
		})
	}
}
