package cnf_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/crillab/gophersat/solver"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/cnf"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/circuit/internal/random"
)

func written(t testing.TB, d *netlist.Design, cfg cnf.Config) string {
	t.Helper()
	return formattest.Text(t, func(w io.Writer) error { return cnf.Write(w, d, cfg) })
}

// all is a circuit of every kind of gate, with hostile names.
func all(t testing.TB) *netlist.Design {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, 3)
	y := b.Input("y\n1 2 0")
	and := b.And(x[0], x[1].Not(), x[2], x[0])
	xor := b.Xor(and, y.Not())
	not := b.Not(xor)
	nor := b.Nor(not, x[1], circuit.False)
	b.OutputPort("out", circuit.Format{}, b.Or(nor, x[0]), b.Nand(x...), nor.Not())
	b.Output("odd", b.Xnor(and, nor), b.Xor(y, y.Not()), b.And(), b.Or(), b.And(y, y.Not(), x[0]))
	c := formattest.Built(t, b)
	signals := make([]string, c.Len())
	signals[and.Gate()] = "a\x00nd\r\n"
	return &netlist.Design{
		Circuit:  c,
		Name:     "all\nkinds",
		Comments: []string{"two\nlines", "p cnf 1 1"},
		Signals:  signals,
	}
}

func TestGolden(t *testing.T) {
	got := written(
		t,
		all(t),
		cnf.Config{Assert: all(t).Circuit.Outputs()[:1], OneSided: true},
	) + written(
		t,
		all(t),
		cnf.Config{},
	)
	formattest.Golden(t, "all.golden", got)
}

// parse reads a file by the grammar of the package comment.
func parse(t testing.TB, file string) (variables int, clauses [][]int) {
	t.Helper()
	count := -1
	for line := range strings.Lines(file) {
		words := strings.Fields(line)
		switch {
		case count < 0 && strings.HasPrefix(line, "c : "):
		case count < 0:
			if n, err := fmt.Sscanf(line, "p cnf %d %d\n", &variables, &count); n != 2 || err != nil {
				t.Fatalf("header %q: %v", line, err)
			}
		default:
			var clause []int
			for _, w := range words {
				l, err := strconv.Atoi(w)
				if v := max(l, -l); err != nil || v > variables || slices.Contains(clause, l) ||
					slices.Contains(clause, -l) {
					t.Fatalf("clause %q: %v", line, err)
				}
				clause = append(clause, l)
			}
			if n := len(clause) - 1; n < 1 || clause[n] != 0 || slices.Contains(clause[:n], 0) {
				t.Fatalf("clause %q", line)
			}
			clauses = append(clauses, clause[:len(clause)-1])
		}
	}
	if len(clauses) != count {
		t.Fatalf("%d clauses, and the header says %d", len(clauses), count)
	}
	return variables, clauses
}

func satisfied(clauses [][]int, model []bool) bool {
	for _, c := range clauses {
		if !slices.ContainsFunc(c, func(l int) bool { return model[max(l, -l)-1] == (l > 0) }) {
			return false
		}
	}
	return true
}

// TestFile reads files of random circuits and goes through all the inputs.
func TestFile(t *testing.T) {
	designs := []*circuit.Circuit{all(t).Circuit}
	for seed := range uint64(60) {
		designs = append(
			designs,
			formattest.Random(
				t,
				random.Config{Seed: seed, Inputs: 4, Gates: 12, Set: cnf.Repertoire(), Keep: seed%2 == 0},
			),
		)
	}
	for i, c := range designs {
		cfg := cnf.Config{Assert: c.Outputs()[:i%3]}
		variables, clauses := parse(t, written(t, netlist.Of(c), cfg))
		formattest.Follows(t, c, cfg, variables, func(model []bool) bool { return satisfied(clauses, model) })
	}
}

func gophersat(t testing.TB, file string, inputs int) ([]bool, bool) {
	t.Helper()
	problem, err := solver.ParseCNF(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	s := solver.New(problem)
	if s.Solve() != solver.Sat {
		return nil, false
	}
	return slices.Clone(s.Model()[:inputs]), true
}

func program(name string, args ...string) formattest.Solver {
	return func(t testing.TB, file string, inputs int) ([]bool, bool) {
		t.Helper()
		files := map[string][]byte{"circuit.cnf": []byte(file)}
		out, err := formattest.Output(t, files, name, args...)
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 10 && exit.ExitCode() != 20 {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		if exit.ExitCode() == 20 {
			return nil, false
		}
		model := make([]bool, inputs)
		for _, w := range strings.Fields(out + string(files["model"])) {
			if l, err := strconv.Atoi(w); err == nil && l > 0 && l <= inputs {
				model[l-1] = true
			}
		}
		return model, true
	}
}

// solvers has those that write the model to what they print, and minisat, which writes it to
// a second file.
func solvers() map[string]formattest.Solver {
	return map[string]formattest.Solver{
		"gophersat": gophersat,
		"minisat":   program("minisat", "-verb=0", "circuit.cnf", "model"),
		"cadical":   program("cadical", "-q", "circuit.cnf"),
	}
}

// question is the file of a question.
func question(t testing.TB, oneSided bool) formattest.Question {
	return func(c *circuit.Circuit, assert []circuit.Lit) string {
		return written(t, netlist.Of(c), cnf.Config{Assert: assert, OneSided: oneSided})
	}
}

func TestSolvers(t *testing.T) {
	for name, solver := range solvers() {
		t.Run(name, func(t *testing.T) {
			solver.Find(t, 40, func(seed uint64) random.Config {
				return random.Config{Seed: seed, Inputs: 6, Gates: 25, Set: cnf.Repertoire(), Keep: seed%2 == 0}
			}, func(seed uint64) formattest.Question { return question(t, seed%4 < 2) })
		})
	}
}

// adders compares a majority of n inputs with the same made of adders, or with a
// threshold that is one higher.
func adders(t testing.TB, n, more int) *circuit.Circuit {
	b := circuit.NewBuilder()
	x := b.Inputs("x", n)
	// A sorting network has the ones in front.
	sorted := slices.Clone(x)
	for range n {
		for i := range n - 1 {
			a, z := sorted[i], sorted[i+1]
			sorted[i], sorted[i+1] = b.Or(a, z), b.And(a, z)
		}
	}
	b.Output("differ", b.Xor(b.AtLeast(n/2+1+more, x...), sorted[n/2]))
	c, err := basis.Express(context.Background(), formattest.Built(t, b), cnf.Repertoire())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestMiters(t *testing.T) {
	for name, solver := range solvers() {
		t.Run(name, func(t *testing.T) {
			for _, n := range []int{3, 5, 8} {
				solver.Tell(t, question(t, false), adders(t, n, 0), adders(t, n, 1))
			}
		})
	}
}

func TestErrors(t *testing.T) {
	write := func(w io.Writer, d *netlist.Design) error { return cnf.Write(w, d, cnf.Config{}) }
	formattest.RefuseGate(
		t,
		write,
		"CNF has no words for gate 6, a MAJORITY gate",
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Majority(x...) },
	)
	formattest.RefuseAssert(t, all(t), func(assert []circuit.Lit) error {
		return cnf.Write(io.Discard, all(t), cnf.Config{Assert: assert})
	})
	formattest.FullDisk(t, func(w io.Writer) error { return write(w, all(t)) })
}

func ExampleWrite() {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 2)
	y := b.Xor(x...)
	b.Output("odd", y)
	c, err := b.Circuit()
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := cnf.Write(os.Stdout, netlist.Of(c), cnf.Config{Assert: []circuit.Lit{y}}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// c : input and output: the variables of a port's wires, wire 0 first, - for one that is not asked about;
	// c : gates A..B C..D: gates A to B of the circuit are variables C to D
	// c : input "x[0]" 1
	// c : input "x[1]" 2
	// c : output "odd" 3
	// c : gates 3..3 3..3
	// p cnf 3 5
	// 1 2 -3 0
	// -1 -2 -3 0
	// -1 2 3 0
	// 1 -2 3 0
	// 3 0
}

func BenchmarkWrite(b *testing.B) {
	formattest.BenchmarkWrite(b, func(w io.Writer, d *netlist.Design) error { return cnf.Write(w, d, cnf.Config{}) })
}
