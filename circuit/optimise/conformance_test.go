package optimise_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/optimise"
	"github.com/tc0lab/tc0/gates"
)

// The circuits here were made by other people. They are not part of the project, and the
// tests skip where they are absent.

func conformance(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "conformance", name))
	if err != nil {
		t.Skipf("the conformance circuits are not here: %v", err)
	}
	return string(text)
}

// named is a gate of a file whose gates stand in any order.
type named struct {
	kind    string
	in      []string
	weights []int64
	bound   int64
}

// assemble makes a circuit of named gates as they are, each after those it reads.
func assemble(t testing.TB, inputs, outputs []string, list map[string]named) *circuit.Circuit {
	t.Helper()
	b := keeper()
	lits := map[string]circuit.Lit{}
	for _, name := range inputs {
		lits[name] = b.Input(name)
	}
	todo := append([]string(nil), outputs...)
	for len(todo) > 0 {
		name := todo[len(todo)-1]
		if _, ok := lits[name]; ok {
			todo = todo[:len(todo)-1]
			continue
		}
		g, ok := list[name]
		if !ok {
			t.Fatalf("%s is read and not made", name)
		}
		var in []circuit.Lit
		for _, x := range g.in {
			if l, ok := lits[x]; ok {
				in = append(in, l)
			} else {
				todo = append(todo, x)
			}
		}
		if len(in) < len(g.in) {
			continue
		}
		if g.weights != nil {
			lits[name] = weighted(b, g.bound, in, g.weights...)
			continue
		}
		kind, err := gates.ParseKind(g.kind)
		if err != nil {
			t.Fatal(err)
		}
		lits[name] = map[gates.Kind]func(...circuit.Lit) circuit.Lit{
			gates.And: b.And, gates.Or: b.Or, gates.Nand: b.Nand, gates.Nor: b.Nor, gates.Xor: b.Xor, gates.Xnor: b.Xnor,
			gates.Not: func(x ...circuit.Lit) circuit.Lit { return b.Not(x[0]) },
			gates.Buf: func(x ...circuit.Lit) circuit.Lit { return b.Buf(x[0]) },
		}[kind](in...)
	}
	for i, name := range outputs {
		b.Output(fmt.Sprint(name, " ", i), lits[name])
	}
	return built(t, b)
}

func readBench(t testing.TB, text string) *circuit.Circuit {
	t.Helper()
	var inputs, outputs []string
	list := map[string]named{}
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		f := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" =(),\t\r\n", r) })
		switch {
		case len(f) == 0:
		case f[0] == "INPUT":
			inputs = append(inputs, f[1])
		case f[0] == "OUTPUT":
			outputs = append(outputs, f[1])
		default:
			list[f[0]] = named{kind: f[1], in: f[2:]}
		}
	}
	return assemble(t, inputs, outputs, list)
}

func readThreshold(t testing.TB, text string) *circuit.Circuit {
	t.Helper()
	var inputs, outputs []string
	list := map[string]named{}
	name, in := "", []string(nil)
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		switch {
		case len(f) == 0:
		case name != "":
			g := named{in: in}
			for _, w := range f {
				v, err := strconv.ParseInt(w, 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				g.weights = append(g.weights, v)
			}
			g.weights, g.bound = g.weights[:len(in)], g.weights[len(in)]
			list[name], name = g, ""
		case f[0] == ".input":
			inputs = append(inputs, f[1:]...)
		case f[0] == ".output":
			outputs = append(outputs, f[1:]...)
		case f[0] == ".threshold":
			in, name = f[1:len(f)-1], f[len(f)-1]
		}
	}
	return assemble(t, inputs, outputs, list)
}

// What is saved of circuits of other people; optimised asserts that they compute the same.
// c1355 is c499 with each XOR made of four NANDs, and comes back to its gates and depth.
func TestConformance(t *testing.T) {
	for _, test := range []struct {
		file          string
		class         gates.Class
		before, after shape
	}{
		{"iscas85/c17.bench", gates.AC0, shape{3, 6, 12}, shape{3, 6, 12}},
		{"iscas85/c432.bench", gates.AC0, shape{12, 120, 296}, shape{12, 93, 269}},
		{"iscas85/c499.bench", gates.AC0, shape{10, 162, 368}, shape{10, 162, 368}},
		{"iscas85/c499.bench", gates.ACC0, shape{10, 162, 368}, shape{7, 106, 312}},
		{"iscas85/c1355.bench", gates.AC0, shape{22, 474, 992}, shape{10, 162, 368}},
		{"iscas85/c1355.bench", gates.ACC0, shape{22, 474, 992}, shape{7, 106, 312}},
		{"iscas85/c6288.bench", gates.AC0, shape{122, 2384, 4768}, shape{74, 1409, 2818}},
		{"th/rand_16_0.th", gates.AC0, shape{2, 2, 17}, shape{1, 1, 16}},
		{"th/rand_40_0.th", gates.AC0, shape{2, 2, 41}, shape{1, 1, 40}},
		{"th/bnn_16_3_16.th", gates.AC0, shape{4, 64, 755}, shape{3, 48, 739}},
	} {
		t.Run(test.file, func(t *testing.T) {
			text := conformance(t, test.file)
			var c *circuit.Circuit
			if strings.HasSuffix(test.file, ".th") {
				c = readThreshold(t, text)
			} else {
				c = readBench(t, text)
			}
			_, r := optimised(t, c, optimise.Config{Class: test.class})
			before := shape{r.Before.Depth, r.Before.Size, int(r.Before.Wires)}
			if after := (shape{r.After.Depth, r.After.Size, int(r.After.Wires)}); before != test.before || after != test.after {
				t.Errorf("%+v became %+v, want %+v and %+v", before, after, test.before, test.after)
			}
		})
	}
}
