package tc0

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/format/handwritten"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/problem"
)

// TestGatesFiles writes a small member of every family in every strategy, and of every problem, as a
// .gates file. Read back, it has the same gates, wires, depth, stages and ports, and computes the same.
func TestGatesFiles(t *testing.T) {
	circuits := 0
	for _, subject := range statsSubjects() {
		spec, err := compile.ParseSpec(fmt.Sprintf(subject, 2))
		if err != nil {
			t.Fatal(err)
		}
		i, err := spec.Instance()
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range statsStrategies {
			s, err := lower.ParseStrategy(name)
			if err != nil {
				t.Fatal(err)
			}
			c, err := lower.Program(i.Program, s)
			if err != nil {
				t.Fatal(err)
			}
			gatesFileTrip(t, spec.Short()+" "+name, c)
			circuits++
		}
	}
	for _, name := range problem.Names() {
		c := smallest(name)
		if c == nil {
			t.Errorf("%s has no member up to n = 16", name)
			continue
		}
		gatesFileTrip(t, name, c)
		circuits++
	}
	if circuits < 100 {
		t.Errorf("only %d circuits", circuits)
	}
}

// smallest returns the least member of a problem, from n = 2 on; nil: there is none up to 16.
func smallest(name string) *circuit.Circuit {
	for n := 2; n <= 16; n++ {
		spec, err := problem.Parse(fmt.Sprintf("%s:n=%d", name, n))
		if err != nil {
			if spec, err = problem.Parse(name); err != nil {
				continue
			}
		}
		if c, err := spec.Circuit(); err == nil {
			return c
		}
	}
	return nil
}

func gatesFileTrip(t *testing.T, name string, c *circuit.Circuit) {
	t.Helper()
	var file bytes.Buffer
	if err := handwritten.Write(&file, netlist.Of(c)); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	d, err := handwritten.Read(&file)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	back := d.Circuit
	if err := back.Check(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	a, b := c.Stats(), back.Stats()
	a.Sums, a.Terms, b.Sums, b.Terms = 0, 0, 0, 0
	if fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("%s: %+v, want %+v", name, b, a)
	}
	if x, y := stageSizes(c), stageSizes(back); fmt.Sprint(x) != fmt.Sprint(y) {
		t.Errorf("%s: gates by stage %v, want %v", name, y, x)
	}
	for side, ports := range [2][2][]circuit.Port{
		{c.InputPorts(), back.InputPorts()}, {c.OutputPorts(), back.OutputPorts()},
	} {
		for i, p := range ports[0] {
			q := ports[1][i]
			if p.Name != q.Name || fmt.Sprint(p.Format) != fmt.Sprint(q.Format) || len(p.Wires) != len(q.Wires) {
				t.Errorf("%s: port %d of side %d is %s of %d wires, want %s of %d",
					name, i, side, q.Name, len(q.Wires), p.Name, len(p.Wires))
			}
		}
	}
	if !computesSame(t, c, back) {
		t.Errorf("%s: computes something else", name)
	}
}

// stageSizes counts the gates of each stage, inputs apart.
func stageSizes(c *circuit.Circuit) map[string]int {
	count := map[string]int{}
	for g := range circuit.Gate(c.Len()) {
		if !c.Kind(g).IsSource() {
			count[c.StagePath(c.StageOf(g))]++
		}
	}
	return count
}

// computesSame evaluates two circuits on 256 random inputs.
func computesSame(t *testing.T, c, back *circuit.Circuit) bool {
	t.Helper()
	in := eval.NewVectors(len(c.Inputs()), 256)
	r := rand.New(rand.NewPCG(1, 2))
	for w := range in.Wires() {
		for i := range in.Row(w) {
			in.Row(w)[i] = r.Uint64()
		}
	}
	var rows [2][]uint64
	for i, x := range []*circuit.Circuit{c, back} {
		out, err := eval.Compile(x, eval.Config{}).Run(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for w := range out.Wires() {
			rows[i] = append(rows[i], out.Row(w)...)
		}
	}
	return fmt.Sprint(rows[0]) == fmt.Sprint(rows[1])
}
