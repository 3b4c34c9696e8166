package graphml_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/graphml"
	"github.com/tc0lab/tc0/gates"
)

var update = flag.Bool("update", false, "write the golden files anew")

func built(t testing.TB, b *circuit.Builder) *circuit.Circuit {
	t.Helper()
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func write(t testing.TB, c *circuit.Circuit, cfg graphml.Config) string {
	t.Helper()
	var out bytes.Buffer
	if err := graphml.Write(&out, c, cfg); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// everyKind has each kind of gate, nested sums, shared sums, weights that do not fit
// 64 bits, parallel edges, constants that are read and stages.
func everyKind(t testing.TB, keep bool) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	if keep {
		b.Keep()
	}
	x := b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, 4)
	y := b.InputPort("y", circuit.Format{Kind: circuit.OneHot, Offset: circuit.Pow2(70)}, 3)
	z := b.Input("z")
	b.Begin("logic")
	var list []circuit.Lit
	list = append(list, b.And(x[0], x[1].Not(), y[0]), b.Or(x[2], y[1], z), b.Nand(x[0], z), b.Nor(x[3], y[2].Not()),
		b.Xor(x[0], x[1], z), b.Xnor(x[2], y[0]), b.Not(x[1]), b.Buf(z.Not()))
	b.Begin("counting")
	list = append(list, b.Majority(x[0], x[1].Not(), y[0]), b.Mod(5, []int64{1, 3}, x[0], y[0], y[1], z, x[3]))
	b.End()
	b.End()
	b.Begin("numbers")
	inner := b.Sum(circuit.W(2, x[0]), circuit.W(-3, y[1]), circuit.W(1, z))
	outer := b.Sum(circuit.Term{Weight: circuit.Pow2(80), Of: inner}, circuit.W(1, x[1]), circuit.W(-1, x[2].Not()), circuit.W(7, x[0]))
	// x[0] cancels once this is multiplied out.
	cancels := b.Sum(circuit.Term{Weight: circuit.I(1), Of: inner}, circuit.W(-2, x[0]), circuit.W(5, list[0]))
	for _, s := range []circuit.Sum{inner, outer, cancels} {
		lo, hi := b.Bounds(s)
		for _, t := range []circuit.Int{lo.Add(circuit.I(1)), circuit.I(1), circuit.I(2), hi} {
			list = append(list, b.Threshold(s, t))
		}
	}
	list = append(list, b.ModSum(3, []int64{0}, outer))
	b.End()
	b.Output("all", list...)
	b.Output("fixed", circuit.False, circuit.True, x[2].Not())
	b.OutputSum("number", outer)
	if keep {
		b.Output("kept", b.And(circuit.True, x[0], x[0]), b.Xor())
	}
	return built(t, b)
}

func TestGolden(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	b.Begin("adder <1>")
	count := b.Count(x...)
	b.Output("carry", b.Threshold(count, circuit.I(2)))
	b.Output("sum & more", b.Xor(x...))
	b.End()
	b.Output("none", b.Nor(x...))
	c := built(t, b)
	for name, cfg := range map[string]graphml.Config{
		"adder": {Name: "full \"adder\"\x00"}, "adder_flat": {Flatten: true, DepthModel: gates.NotCounted()},
	} {
		got := write(t, c, cfg)
		path := filepath.Join("testdata", name+".graphml")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s differs from what is written now; go test -update rewrites it:\n%s", path, diff)
		}
	}
}

// same asserts that the document of c computes what c does, and that every number in
// it is that of c.
func same(t testing.TB, c *circuit.Circuit, cfg graphml.Config, vectors int) {
	t.Helper()
	text := write(t, c, cfg)
	if again := write(t, c, cfg); again != text {
		t.Fatal("written twice, it differs")
	}
	g := decode(t, text)
	checkNumbers(t, c, cfg, g)
	back := rebuild(t, g)
	inputs := len(c.Inputs())
	in := make([]bool, inputs)
	random := rand.New(rand.NewPCG(1, 2))
	all := inputs <= 12 && 1<<inputs <= vectors
	if all {
		vectors = 1 << inputs
	}
	for v := range vectors {
		for i := range in {
			if all {
				in[i] = v>>i&1 == 1
			} else {
				in[i] = random.IntN(2) == 1
			}
		}
		want, err := c.Eval(in)
		if err != nil {
			t.Fatal(err)
		}
		got, err := back.Eval(in)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("inputs %v: %s", in, diff)
		}
	}
}

// checkNumbers compares each datum with the circuit.
func checkNumbers(t testing.TB, c *circuit.Circuit, cfg graphml.Config, g *graph) {
	t.Helper()
	model := cfg.DepthModel
	if model.Name == "" {
		model = gates.Standard()
	}
	levels, st := c.Levels(model), c.Stats()
	for key, want := range map[string]string{
		"name": cfg.Name, "depth_model": model.Name, "depth": strconv.Itoa(levels.Depth),
		"size": strconv.Itoa(st.Size), "wires": strconv.FormatInt(st.Wires, 10),
	} {
		if got := get(g.Data, key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	kinds := map[string]int{}
	for _, n := range g.Nodes {
		kind := get(n.Data, "kind")
		kinds[kind]++
		id, _ := strconv.Atoi(n.ID[1:])
		want := uint32(0)
		switch {
		case n.ID[0] == 's':
			want = levels.Sum[id]
		case n.ID[0] == 'g':
			gate := circuit.Gate(id)
			want = levels.Gate[id]
			if c.Kind(gate).String() != kind {
				t.Errorf("%s is %s, want %v", n.ID, kind, c.Kind(gate))
			}
			if path := c.StagePath(c.StageOf(gate)); kind != "INPUT" && get(n.Data, "stage") != path {
				t.Errorf("%s is in stage %q, want %q", n.ID, get(n.Data, "stage"), path)
			}
		default:
			var port, bit int
			if _, err := fmt.Sscanf(n.ID, "o%d_%d", &port, &bit); err != nil {
				t.Fatal(err)
			}
			p := c.OutputPorts()[port]
			want = levels.Of(p.Wires[bit])
			if get(n.Data, "port") != p.Name || get(n.Data, "bit") != strconv.Itoa(bit) || get(n.Data, "format") != p.Format.Kind.String() {
				t.Errorf("%s is %v", n.ID, n.Data)
			}
			if p.Format.Kind == circuit.Weighted && integer(t, get(n.Data, "value")).Cmp(p.Format.Weights[bit]) != 0 {
				t.Errorf("%s counts %v, want %v", n.ID, n.Data, p.Format.Weights[bit])
			}
		}
		if got := get(n.Data, "level"); got != strconv.Itoa(int(want)) {
			t.Errorf("%s is at level %s, want %d", n.ID, got, want)
		}
	}
	for _, k := range gates.Kinds()[1:] {
		if kinds[k.String()] != st.Gates[k] {
			t.Errorf("%d nodes are %v, want %d", kinds[k.String()], k, st.Gates[k])
		}
	}
	if kinds["OUTPUT"] != c.OutputCount() {
		t.Errorf("%d outputs, want %d", kinds["OUTPUT"], c.OutputCount())
	}
	checkEdges(t, c, cfg, g, kinds["SUM"])
}

// checkEdges compares the number of edges with the terms, or the wires, of c.
func checkEdges(t testing.TB, c *circuit.Circuit, cfg graphml.Config, g *graph, sums int) {
	t.Helper()
	into := map[string]int{}
	for _, e := range g.Edges {
		into[e.Target]++
	}
	if cfg.Flatten {
		if sums != 0 {
			t.Errorf("%d sums in a flat document", sums)
		}
		shapes := c.Shapes()
		for gate := range circuit.Gate(c.Len()) {
			id := fmt.Sprintf("g%d", gate)
			if want := shapes.Of(gate).FanIn; into[id] != want {
				t.Errorf("%s has %d edges, want %d wires", id, into[id], want)
			}
		}
		return
	}
	if sums != c.SumCount()-1 && sums != c.SumCount() {
		t.Errorf("%d sums, want %d", sums, c.SumCount()-1)
	}
	for s := range c.SumCount() {
		if got, want := into[fmt.Sprintf("s%d", s)], len(c.Refs(circuit.SumID(s))); got != want {
			t.Errorf("sum %d has %d edges, want %d terms", s, got, want)
		}
	}
}

func configs() []graphml.Config {
	return []graphml.Config{{}, {Flatten: true, Name: "x"}, {DepthModel: gates.NotCounted()}, {DepthModel: gates.MajorityDepth(), Flatten: true}}
}

func TestEveryKind(t *testing.T) {
	for _, keep := range []bool{false, true} {
		c := everyKind(t, keep)
		for _, cfg := range configs() {
			same(t, c, cfg, 256)
		}
	}
	c := everyKind(t, true)
	st := c.Stats()
	for _, k := range gates.Kinds()[1:] {
		if st.Gates[k] == 0 {
			t.Errorf("no gate of the circuit is %v", k)
		}
	}
	if first := decode(t, write(t, c, graphml.Config{})).Nodes; !slices.ContainsFunc(first, func(n node) bool { return n.ID == "g0" && get(n.Data, "kind") == "CONST" }) {
		t.Error("the constant is read and no node")
	}
}

// Nothing of a flat document may take the time of all paths.
func TestDiamonds(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 2)
	s := b.Sum(circuit.W(1, x[0]), circuit.W(2, x[1]))
	for range 100 {
		// 3·s, as two nodes that share s.
		u := b.Sum(circuit.Term{Weight: circuit.I(1), Of: s}, circuit.W(1, x[0]))
		s = b.Sum(circuit.Term{Weight: circuit.I(2), Of: s}, circuit.Term{Weight: circuit.I(1), Of: u})
	}
	_, hi := b.Bounds(s)
	b.Output("y", b.Threshold(s, hi))
	c := built(t, b)
	for _, cfg := range configs() {
		same(t, c, cfg, 4)
	}
}

func TestRandomCircuits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := circuit.NewBuilder()
		if rapid.Bool().Draw(t, "keep") {
			b.Keep()
		}
		lits := append(b.Inputs("x", rapid.IntRange(0, 6).Draw(t, "inputs")), circuit.False)
		sums := []circuit.Sum{{}}
		lit := func() circuit.Lit {
			l := rapid.SampledFrom(lits).Draw(t, "literal")
			return l.NotIf(rapid.Bool().Draw(t, "complement"))
		}
		for range rapid.IntRange(0, 25).Draw(t, "steps") {
			s := rapid.SampledFrom(sums).Draw(t, "sum")
			switch rapid.IntRange(0, 6).Draw(t, "step") {
			case 0:
				lits = append(lits, b.And(lit(), lit(), lit()))
			case 1:
				lits = append(lits, b.Xor(lit(), lit()))
			case 2:
				lits = append(lits, b.Majority(lit(), lit(), lit()))
			case 3:
				w := circuit.I(rapid.Int64().Draw(t, "weight"))
				sums = append(sums, b.Sum(circuit.W(rapid.Int64Range(-9, 9).Draw(t, "small"), lit()), circuit.Term{Weight: w, Of: s}, circuit.W(1, lit())))
			case 4, 5:
				lo, hi := b.Bounds(s)
				part := circuit.I(rapid.Int64Range(0, 8).Draw(t, "part"))
				at := lo.Add(hi.Sub(lo).Mul(part).FloorDiv(circuit.I(8)))
				lits = append(lits, b.Threshold(s, at))
			case 6:
				m := rapid.Int64Range(2, 9).Draw(t, "modulus")
				lits = append(lits, b.ModSum(m, []int64{rapid.Int64Range(0, m-1).Draw(t, "residue")}, s))
			}
		}
		for i := range lits {
			b.Output(fmt.Sprint("y", i), lits[i].NotIf(i%3 == 1))
		}
		c, err := b.Circuit()
		if err != nil {
			t.Skip(err)
		}
		for _, cfg := range configs()[:2] {
			same(asTB(t), c, cfg, 64)
		}
	})
}

// tb gives the helpers what they want of a testing.TB in a property test.
type tb struct {
	testing.TB
	r *rapid.T
}

func asTB(r *rapid.T) testing.TB            { return tb{r: r} }
func (t tb) Helper()                        { t.r.Helper() }
func (t tb) Fatal(args ...any)              { t.r.Fatal(args...) }
func (t tb) Fatalf(format string, a ...any) { t.r.Fatalf(format, a...) }
func (t tb) Errorf(format string, a ...any) { t.r.Errorf(format, a...) }

// Names come from files and hold anything.
func TestNames(t *testing.T) {
	for _, name := range []string{"a<b", "]]>", "&amp;", "\x00\x01\ufffe", "\xff", "line\nline\ttab\r", `"'`, "größe ∑ 𝔸", ""} {
		b := circuit.NewBuilder()
		x := b.Inputs(name+"!", 2)
		b.Begin(name + "?")
		b.Output(name+".", b.And(x...))
		b.End()
		g := decode(t, write(t, built(t, b), graphml.Config{Name: name + " "}))
		want := strings.Map(func(r rune) rune {
			if r == utf8.RuneError || r < ' ' && !strings.ContainsRune("\n\t\r", r) || r == 0xfffe {
				return '\ufffd'
			}
			return r
		}, name)
		last := g.Nodes[len(g.Nodes)-1]
		if got := get(last.Data, "port"); got != want+"." {
			t.Errorf("port %q reads as %q, want %q", name+".", got, want+".")
		}
		if got := get(g.Nodes[2].Data, "stage"); got != want+"?" {
			t.Errorf("stage %q reads as %q, want %q", name+"?", got, want+"?")
		}
		if got := get(g.Nodes[1].Data, "label"); got != want+"!.1" && got != want+"![1]" {
			t.Errorf("the label of the second wire of %q is %q", name+"!", got)
		}
		if got := get(g.Data, "name"); got != want+" " {
			t.Errorf("name %q reads as %q", name, got)
		}
	}
}

// failing accepts some bytes and then no more.
type failing struct{ left int }

var errFull = errors.New("full")

func (f *failing) Write(p []byte) (int, error) {
	if len(p) > f.left {
		return f.left, errFull
	}
	f.left -= len(p)
	return len(p), nil
}

func TestWriterFails(t *testing.T) {
	c := everyKind(t, true)
	n := len(write(t, c, graphml.Config{}))
	for _, left := range []int{0, 10, n / 2, n - 1} {
		if err := graphml.Write(&failing{left}, c, graphml.Config{}); !errors.Is(err, errFull) {
			t.Errorf("after %d bytes: %v", left, err)
		}
	}
	if err := graphml.Write(&failing{n}, c, graphml.Config{}); err != nil {
		t.Error(err)
	}
}

// A reader that many people use must see the same graph.
func TestNetworkx(t *testing.T) {
	const script = `
import sys, networkx
g = networkx.read_graphml(sys.argv[1])
print(g.is_directed(), g.number_of_nodes(), g.number_of_edges(), networkx.is_directed_acyclic_graph(g), g.graph["depth"] + 1)
print(sum(d["level"] for _, d in g.nodes(data=True)), sum(int(d.get("weight", 0)) for _, _, d in g.edges(data=True)),
      sum(d["complement"] for _, _, d in g.edges(data=True)))
`
	python, err := exec.LookPath("python3")
	if err != nil || exec.Command(python, "-c", "import networkx").Run() != nil {
		t.Skip("python3 with networkx is not installed")
	}
	for _, cfg := range configs() {
		c := everyKind(t, true)
		text := write(t, c, cfg)
		path := filepath.Join(t.TempDir(), "c.graphml")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(python, "-c", script, path).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		g := decode(t, text)
		levels, complements := 0, 0
		var weights circuit.Int
		for _, n := range g.Nodes {
			v, _ := strconv.Atoi(get(n.Data, "level"))
			levels += v
		}
		for _, e := range g.Edges {
			if w := get(e.Data, "weight"); w != "" {
				weights = weights.Add(integer(t, w))
			}
			if get(e.Data, "complement") == "true" {
				complements++
			}
		}
		depth, _ := strconv.Atoi(get(g.Data, "depth"))
		want := fmt.Sprintf("True %d %d True %d\n%d %v %d\n", len(g.Nodes), len(g.Edges), depth+1, levels, weights, complements)
		if string(out) != want {
			t.Errorf("networkx reads\n%swant\n%s", out, want)
		}
	}
}

func TestXMLLint(t *testing.T) {
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed")
	}
	cmd := exec.Command(lint, "--noout", "-")
	cmd.Stdin = strings.NewReader(write(t, everyKind(t, true), graphml.Config{Name: "<&>\x00"}))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// BenchmarkWrite writes 2^20 gates: thresholds of shared sums, in layers.
func BenchmarkWrite(bench *testing.B) {
	const width = 16
	b := circuit.NewBuilderSize(1 << 20)
	row := b.Inputs("x", width)
	made := 0
	for layer := 0; made < 1<<20; layer++ {
		b.Begin(fmt.Sprint("layer ", layer))
		var next []circuit.Lit
		for k := range width {
			line := b.Linear()
			for i, l := range row {
				line.AddLit(circuit.I(int64((31*i+i*k+17*k+7*layer)%97+1)), l)
			}
			s := line.Sum()
			_, hi := b.Bounds(s)
			top, _ := hi.Int64()
			for t := int64(1); t <= top && made < 1<<20; t++ {
				next = append(next, b.Threshold(s, circuit.I(t)))
				made++
			}
		}
		b.End()
		row = next[len(next)/2:][:width]
	}
	b.Output("y", row...)
	c := built(bench, b)
	if c.Size() < 1<<20-1<<16 {
		bench.Fatalf("%d gates", c.Size())
	}
	for _, flat := range []bool{false, true} {
		bench.Run(fmt.Sprintf("flat=%v", flat), func(bench *testing.B) {
			bench.ReportAllocs()
			bench.ReportMetric(float64(c.Len()), "gates")
			for bench.Loop() {
				n := &counter{}
				if err := graphml.Write(n, c, graphml.Config{Flatten: flat}); err != nil {
					bench.Fatal(err)
				}
				bench.SetBytes(n.bytes)
			}
		})
	}
}

// counter counts what is written to it.
type counter struct{ bytes int64 }

func (n *counter) Write(p []byte) (int, error) {
	n.bytes += int64(len(p))
	return io.Discard.Write(p)
}
