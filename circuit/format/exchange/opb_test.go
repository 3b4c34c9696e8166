package exchange_test

import (
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit/internal/formattest"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/opb"
	"github.com/tc0lab/tc0/circuit/format/pb"
	"github.com/tc0lab/tc0/circuit/internal/random"
)

func opbWritten(t testing.TB, d *netlist.Design, cfg opb.Config) string {
	t.Helper()
	return formattest.Text(t, func(w io.Writer) error { return opb.Write(w, d, cfg) })
}

var opbHeader = regexp.MustCompile(`^\* #variable= (\d+) #constraint= (\d+)$`)

// parseOPB reads a file by the grammar of the package comment.
func parseOPB(t testing.TB, file string) (variables int, constraints []pb.Constraint) {
	t.Helper()
	count := 0
	for i, line := range strings.Split(strings.TrimSuffix(file, "\n"), "\n") {
		if m := opbHeader.FindStringSubmatch(line); i == 0 {
			if m == nil {
				t.Fatalf("header %q", line)
			}
			variables, _ = strconv.Atoi(m[1])
			count, _ = strconv.Atoi(m[2])
			continue
		}
		if strings.HasPrefix(line, "* : ") {
			continue
		}
		words := strings.Fields(line)
		var c pb.Constraint
		n := len(words)
		if n < 5 || words[n-1] != ";" || words[n-3] != ">=" || n%2 != 1 {
			t.Fatalf("line %q", line)
		}
		c.Bound = parseInt(t, words[n-2])
		for at := 0; at < n-3; at += 2 {
			v, err := strconv.Atoi(strings.TrimPrefix(words[at+1], "x"))
			if err != nil || v < 1 || v > variables {
				t.Fatalf("line %q: %v", line, err)
			}
			c.Weights = append(c.Weights, parseInt(t, words[at]))
			c.Lits = append(c.Lits, v)
		}
		constraints = append(constraints, c)
	}
	if len(constraints) != count {
		t.Fatalf("%d constraints, and the opbHeader says %d", len(constraints), count)
	}
	return variables, constraints
}

func parseInt(t testing.TB, text string) circuit.Int {
	t.Helper()
	v, err := circuit.ParseInt(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func satisfiedConstraints(constraints []pb.Constraint, model []bool) bool {
	return !slices.ContainsFunc(constraints, func(c pb.Constraint) bool {
		var s circuit.Int
		for i, v := range c.Lits {
			if model[v-1] {
				s = s.Add(c.Weights[i])
			}
		}
		return s.Cmp(c.Bound) < 0
	})
}

// TestOPB reads files of random circuits and goes through all the inputs.
func TestOPB(t *testing.T) {
	for seed := range uint64(60) {
		c := formattest.Random(
			t,
			random.Config{
				Seed:   seed,
				Inputs: 5,
				Gates:  12,
				Set:    opb.Repertoire(),
				Keep:   seed%2 == 0,
				Bits:   int(seed%4) * 31,
			},
		)
		cfg := opb.Config{Assert: c.Outputs()[:seed%3]}
		variables, constraints := parseOPB(t, opbWritten(t, netlist.Of(c), cfg))
		follows(t, c, cfg, variables, func(model []bool) bool { return satisfiedConstraints(constraints, model) })
	}
}

// opbTool is a solver.
type opbTool struct {
	program string
	args    []string
	bits    int // of the greatest weight in the tests
}

var opbTools = []opbTool{
	{"minisat+", []string{"-v0", "circuit.opb"}, 90},
	{"clasp", []string{"--verbose=0", "circuit.opb"}, 20},
}

// eachOPB runs a test for each solver.
func eachOPB(t *testing.T, test func(t *testing.T, s opbTool)) {
	for _, s := range opbTools {
		t.Run(s.program, func(t *testing.T) { test(t, s) })
	}
}

// ask is the solver.
func (s opbTool) ask(t testing.TB, file string, inputs int) (model []bool, sat bool) {
	t.Helper()
	out, err := formattest.Output(t, map[string][]byte{"circuit.opb": []byte(file)}, s.program, s.args...)
	answer := ""
	model = make([]bool, inputs)
	for line := range strings.Lines(out) {
		words := strings.Fields(line)
		if len(words) == 2 && words[0] == "s" {
			answer = words[1]
		}
		if len(words) == 0 || words[0] != "v" {
			continue
		}
		for _, w := range words[1:] {
			name, complement := strings.CutPrefix(w, "-")
			if v, err := strconv.Atoi(strings.TrimPrefix(name, "x")); err == nil && v <= inputs {
				model[v-1] = !complement
			}
		}
	}
	switch answer { // the exit status tells the answer, too
	case "SATISFIABLE", "OPTIMUM":
		return model, true
	case "UNSATISFIABLE":
		return nil, false
	}
	t.Fatalf("%s: %v\n%s", s.program, err, out)
	return nil, false
}

// askOPB is the file of a question.
func askOPB(t testing.TB, oneSided bool) question {
	return func(c *circuit.Circuit, assert []circuit.Lit) string {
		return opbWritten(t, netlist.Of(c), opb.Config{Assert: assert, OneSided: oneSided})
	}
}

func TestOPBSolvers(t *testing.T) {
	eachOPB(t, func(t *testing.T, s opbTool) {
		solver(s.ask).find(t, 30, func(seed uint64) random.Config {
			return random.Config{
				Seed:   seed,
				Inputs: 6,
				Gates:  25,
				Set:    opb.Repertoire(),
				Keep:   seed%2 == 0,
				Bits:   int(seed%3) * s.bits / 2,
			}
		}, func(seed uint64) question { return askOPB(t, seed%4 < 2) })
	})
}

// prefixMiter compares [Σ w·x ≥ t] with the same in two levels: a count of the pairs of
// prefixes. The second one has the weight of the first input changed by delta.
func prefixMiter(t testing.TB, n int, delta int64) *circuit.Circuit {
	b := circuit.NewBuilder()
	x := b.Inputs("x", n)
	sum := func(delta int64) circuit.Sum {
		a := b.Linear()
		for i, l := range x {
			a.AddLit(circuit.NewInt(int64(i%3+1)), l)
		}
		a.AddLit(circuit.NewInt(delta), x[0])
		return a.Sum()
	}
	t0 := int64(n)
	direct := b.Threshold(sum(0), circuit.NewInt(t0))
	// The sum in unary, from which the threshold is read off.
	other := sum(delta)
	_, hi := b.Bounds(other)
	levels := b.Linear()
	most, _ := hi.Int64()
	for v := range most {
		levels.AddLit(circuit.NewInt(1), b.Threshold(other, circuit.NewInt(v+1)))
	}
	b.Output("differ", b.Xor(direct, b.Threshold(levels.Sum(), circuit.NewInt(t0))))
	return formattest.Built(t, b)
}

func TestOPBMiters(t *testing.T) {
	eachOPB(t, func(t *testing.T, s opbTool) {
		for _, n := range []int{5, 9, 12} {
			solver(s.ask).tell(t, askOPB(t, false), prefixMiter(t, n, 0), prefixMiter(t, n, 1))
		}
	})
}

// TestOPBLimits asserts what the package comment says of solvers and numbers.
func TestOPBLimits(t *testing.T) {
	eachOPB(t, func(t *testing.T, s opbTool) {
		for _, k := range []int{20, 29, 30, 31, 62, 63, 64, 1000} {
			b := circuit.NewBuilder()
			x := b.Inputs("x", 3)
			a := b.Linear()
			for i, l := range x {
				a.AddLit(circuit.Pow2(k).Add(circuit.NewInt(int64(i))), l)
			}
			y := b.Threshold(a.Sum(), circuit.Pow2(k+1).Add(circuit.NewInt(3))) // x1 and x2 only
			b.Output("y", y)
			c := formattest.Built(t, b)
			file := opbWritten(t, netlist.Of(c), opb.Config{Assert: []circuit.Lit{y, x[0].Not()}})
			if s.program == "clasp" && k > 28 {
				continue // it says that the file has too large numbers
			}
			if in, sat := s.ask(t, file, 3); !sat || !slices.Equal(in, []bool{false, true, true}) {
				t.Errorf("weights of 2^%d: %v by %v", k, sat, in)
			}
		}
	})
}
