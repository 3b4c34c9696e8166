package opb_test

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/opb"
	"github.com/tc0lab/tc0/circuit/format/pb"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/circuit/internal/random"
)

func written(t testing.TB, d *netlist.Design, cfg opb.Config) string {
	t.Helper()
	return formattest.Text(t, func(w io.Writer) error { return opb.Write(w, d, cfg) })
}

// all is a circuit of every kind of gate, with hostile names.
func all(t testing.TB) *netlist.Design {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, 3)
	y := b.Input("y\n1 x1 >= 2 ;")
	s := b.Sum(circuit.Weigh(3, x[0]), circuit.Weigh(-2, x[1]), circuit.Weigh(5, y))
	and := b.And(x...)
	xor := b.Xor(and, y.Not())
	not := b.Not(xor)
	nor := b.Nor(not, x[1], circuit.False)
	b.OutputPort("out", circuit.Format{}, b.Threshold(s, circuit.NewInt(4)), b.Majority(x...), nor.Not())
	b.Output("big", b.Threshold(s.Times(circuit.Pow2(70)).Plus(circuit.NewInt(1)), circuit.Pow2(70)))
	c := formattest.Built(t, b)
	signals := make([]string, c.Len())
	signals[and.Gate()] = "a\x00nd\r\n"
	return &netlist.Design{
		Circuit:  c,
		Name:     "all\nkinds",
		Comments: []string{"two\nlines", "* #variable= 1"},
		Signals:  signals,
	}
}

func TestGolden(t *testing.T) {
	got := written(t, all(t), opb.Config{Assert: all(t).Circuit.Outputs()[:1]}) + written(t, all(t), opb.Config{})
	formattest.Golden(t, "all.golden", got)
}

var header = regexp.MustCompile(`^\* #variable= (\d+) #constraint= (\d+)$`)

// parse reads a file by the grammar of the package comment.
func parse(t testing.TB, file string) (variables int, constraints []pb.Constraint) {
	t.Helper()
	count := 0
	for i, line := range strings.Split(strings.TrimSuffix(file, "\n"), "\n") {
		if m := header.FindStringSubmatch(line); i == 0 {
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
		t.Fatalf("%d constraints, and the header says %d", len(constraints), count)
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

func satisfied(constraints []pb.Constraint, model []bool) bool {
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

// TestFile reads files of random circuits and goes through all the inputs.
func TestFile(t *testing.T) {
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
		variables, constraints := parse(t, written(t, netlist.Of(c), cfg))
		formattest.Follows(t, c, cfg, variables, func(model []bool) bool { return satisfied(constraints, model) })
	}
}

// tool is a solver.
type tool struct {
	program string
	args    []string
	bits    int // of the greatest weight in the tests
}

var tools = []tool{
	{"minisat+", []string{"-v0", "circuit.opb"}, 90},
	{"clasp", []string{"--verbose=0", "circuit.opb"}, 20},
}

// each runs a test for each solver.
func each(t *testing.T, test func(t *testing.T, s tool)) {
	for _, s := range tools {
		t.Run(s.program, func(t *testing.T) { test(t, s) })
	}
}

// ask is the solver.
func (s tool) ask(t testing.TB, file string, inputs int) (model []bool, sat bool) {
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

// question is the file of a question.
func question(t testing.TB, oneSided bool) formattest.Question {
	return func(c *circuit.Circuit, assert []circuit.Lit) string {
		return written(t, netlist.Of(c), opb.Config{Assert: assert, OneSided: oneSided})
	}
}

func TestSolvers(t *testing.T) {
	each(t, func(t *testing.T, s tool) {
		formattest.Solver(s.ask).Find(t, 30, func(seed uint64) random.Config {
			return random.Config{
				Seed:   seed,
				Inputs: 6,
				Gates:  25,
				Set:    opb.Repertoire(),
				Keep:   seed%2 == 0,
				Bits:   int(seed%3) * s.bits / 2,
			}
		}, func(seed uint64) formattest.Question { return question(t, seed%4 < 2) })
	})
}

// miter compares [Σ w·x ≥ t] with the same in two levels: a count of the pairs of
// prefixes. The second one has the weight of the first input changed by delta.
func miter(t testing.TB, n int, delta int64) *circuit.Circuit {
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

func TestMiters(t *testing.T) {
	each(t, func(t *testing.T, s tool) {
		for _, n := range []int{5, 9, 12} {
			formattest.Solver(s.ask).Tell(t, question(t, false), miter(t, n, 0), miter(t, n, 1))
		}
	})
}

// TestLimits asserts what the package comment says of solvers and numbers.
func TestLimits(t *testing.T) {
	each(t, func(t *testing.T, s tool) {
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
			file := written(t, netlist.Of(c), opb.Config{Assert: []circuit.Lit{y, x[0].Not()}})
			if s.program == "clasp" && k > 28 {
				continue // it says that the file has too large numbers
			}
			if in, sat := s.ask(t, file, 3); !sat || !slices.Equal(in, []bool{false, true, true}) {
				t.Errorf("weights of 2^%d: %v by %v", k, sat, in)
			}
		}
	})
}

func TestErrors(t *testing.T) {
	write := func(w io.Writer, d *netlist.Design) error { return opb.Write(w, d, opb.Config{}) }
	formattest.RefuseGate(
		t,
		write,
		"OPB has no words for gate 6, a MOD gate",
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Mod(3, []int64{1}, x...)
		},
	)
	formattest.RefuseAssert(t, all(t), func(assert []circuit.Lit) error {
		return opb.Write(io.Discard, all(t), opb.Config{Assert: assert})
	})
	formattest.FullDisk(t, func(w io.Writer) error { return write(w, all(t)) })
}

func ExampleWrite() {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	y := b.Majority(x...)
	b.Output("majority", y)
	c, err := b.Circuit()
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := opb.Write(os.Stdout, netlist.Of(c), opb.Config{Assert: []circuit.Lit{y}}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// * #variable= 4 #constraint= 3
	// * : input and output: the variables of a port's wires, wire 0 first, - for one that is not asked about;
	// * : gates A..B C..D: gates A to B of the circuit are variables C to D
	// * : input "x[0]" 1
	// * : input "x[1]" 2
	// * : input "x[2]" 3
	// * : output "majority" 4
	// * : gates 4..4 4..4
	// -2 x4 +1 x1 +1 x2 +1 x3 >= 0 ;
	// +2 x4 -1 x1 -1 x2 -1 x3 >= -1 ;
	// +1 x4 >= 1 ;
}

func BenchmarkWrite(b *testing.B) {
	formattest.BenchmarkWrite(b, func(w io.Writer, d *netlist.Design) error { return opb.Write(w, d, opb.Config{}) })
}
