package exchange_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit/internal/formattest"

	gophersat "github.com/crillab/gophersat/solver"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/cnf"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/random"
)

func cnfWritten(t testing.TB, d *netlist.Design, cfg cnf.Config) string {
	t.Helper()
	return formattest.Text(t, func(w io.Writer) error { return cnf.Write(w, d, cfg) })
}

// clauseKinds is a circuit of every kind of gate that CNF has words for.
func clauseKinds(t testing.TB) *circuit.Circuit {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, 3)
	y := b.Input("y")
	and := b.And(x[0], x[1].Not(), x[2], x[0])
	nor := b.Nor(b.Not(b.Xor(and, y.Not())), x[1], circuit.False)
	b.OutputPort("out", circuit.Format{}, b.Or(nor, x[0]), b.Nand(x...), nor.Not())
	b.Output("odd", b.Xnor(and, nor), b.Xor(y, y.Not()), b.And(), b.Or(), b.And(y, y.Not(), x[0]))
	return formattest.Built(t, b)
}

// parseCNF reads a file by the grammar of the package comment.
func parseCNF(t testing.TB, file string) (variables int, clauses [][]int) {
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

func satisfiedClauses(clauses [][]int, model []bool) bool {
	for _, c := range clauses {
		if !slices.ContainsFunc(c, func(l int) bool { return model[max(l, -l)-1] == (l > 0) }) {
			return false
		}
	}
	return true
}

// TestCNF reads files of random circuits and goes through all the inputs.
func TestCNF(t *testing.T) {
	designs := []*circuit.Circuit{clauseKinds(t)}
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
		variables, clauses := parseCNF(t, cnfWritten(t, netlist.Of(c), cfg))
		follows(t, c, cfg, variables, func(model []bool) bool { return satisfiedClauses(clauses, model) })
	}
}

func askGophersat(t testing.TB, file string, inputs int) ([]bool, bool) {
	t.Helper()
	problem, err := gophersat.ParseCNF(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	s := gophersat.New(problem)
	if s.Solve() != gophersat.Sat {
		return nil, false
	}
	return slices.Clone(s.Model()[:inputs]), true
}

func satProgram(name string, args ...string) solver {
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

// satSolvers has those that write the model to what they print, and minisat, which writes it to
// a second file.
func satSolvers() map[string]solver {
	return map[string]solver{
		"gophersat": askGophersat,
		"minisat":   satProgram("minisat", "-verb=0", "circuit.cnf", "model"),
		"cadical":   satProgram("cadical", "-q", "circuit.cnf"),
	}
}

// askCNF is the file of a question.
func askCNF(t testing.TB, oneSided bool) question {
	return func(c *circuit.Circuit, assert []circuit.Lit) string {
		return cnfWritten(t, netlist.Of(c), cnf.Config{Assert: assert, OneSided: oneSided})
	}
}

func TestCNFSolvers(t *testing.T) {
	for name, s := range satSolvers() {
		t.Run(name, func(t *testing.T) {
			s.find(t, 40, func(seed uint64) random.Config {
				return random.Config{Seed: seed, Inputs: 6, Gates: 25, Set: cnf.Repertoire(), Keep: seed%2 == 0}
			}, func(seed uint64) question { return askCNF(t, seed%4 < 2) })
		})
	}
}

// sortedMajority compares a majority of n inputs with the same read off a sorting network, or with a
// threshold that is one higher.
func sortedMajority(t testing.TB, n, more int) *circuit.Circuit {
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

func TestCNFMiters(t *testing.T) {
	for name, s := range satSolvers() {
		t.Run(name, func(t *testing.T) {
			for _, n := range []int{3, 5, 8} {
				s.tell(t, askCNF(t, false), sortedMajority(t, n, 0), sortedMajority(t, n, 1))
			}
		})
	}
}
