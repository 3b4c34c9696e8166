package exchange_test

import (
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/smtlib"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/circuit/internal/random"
)

func smtWritten(t testing.TB, d *netlist.Design, cfg smtlib.Config) string {
	t.Helper()
	return formattest.Text(t, func(w io.Writer) error { return smtlib.Write(w, d, cfg) })
}

// z3 runs a file.
func z3(t testing.TB, file string) string {
	t.Helper()
	out, err := formattest.Output(t, map[string][]byte{"circuit.smt2": []byte(file)}, "z3", "-smt2", "circuit.smt2")
	if err == nil || strings.HasPrefix(out, "unsat\n") {
		return out
	}
	t.Fatalf("z3: %v\n%s", err, out)
	return ""
}

var z3Value = regexp.MustCompile(`(?m) (true|false)\)+$`)

// askZ3 asks z3, and returns the values of the inputs if there is a model.
func askZ3(t testing.TB, file string, inputs int) (model []bool, sat bool) {
	t.Helper()
	answer := z3(t, file)
	if strings.HasPrefix(answer, "unsat\n") {
		return nil, false
	}
	for _, m := range z3Value.FindAllStringSubmatch(answer, -1) {
		model = append(model, m[1] == "true")
	}
	if !strings.HasPrefix(answer, "sat\n") || len(model) != inputs {
		t.Fatalf("z3: %s", answer)
	}
	return model, true
}

// askSMT is the file of a question.
func askSMT(t testing.TB, pseudo bool) question {
	return func(c *circuit.Circuit, assert []circuit.Lit) string {
		return smtWritten(t, netlist.Of(c), smtlib.Config{Assert: assert, Pseudo: pseudo})
	}
}

func TestSMTSolver(t *testing.T) {
	solver(askZ3).find(t, 80, func(seed uint64) random.Config {
		return random.Config{
			Seed:   seed,
			Inputs: 6,
			Gates:  20,
			Set:    smtlib.Repertoire(),
			Keep:   seed%2 == 0,
			Bits:   int(seed%3) * 40,
		}
	}, func(seed uint64) question { return askSMT(t, seed%4 < 2) })
}

// unaryMiter compares a threshold with the same read off the unary code of its sum, of which
// the weight of the first input is changed by delta. The weights are multiples of unit.
func unaryMiter(t testing.TB, n int, delta int64, unit circuit.Int) *circuit.Circuit {
	b := circuit.NewBuilder()
	b.Keep() // otherwise the unit is divided away
	x := b.Inputs("x", n)
	sum := func(delta int64) circuit.Sum {
		a := b.Linear()
		for i, l := range x {
			w := int64(i%3 + 1)
			if i == 0 {
				w += delta
			}
			a.AddLit(unit.Mul(circuit.NewInt(w)), l)
		}
		return a.Sum()
	}
	direct := b.Threshold(sum(0), unit.Mul(circuit.NewInt(int64(n))))
	other := sum(delta)
	levels := b.Linear()
	for v := range 3 * n {
		levels.AddLit(circuit.NewInt(1), b.Threshold(other, unit.Mul(circuit.NewInt(int64(v+1)))))
	}
	b.Output("differ", b.Xor(direct, b.Threshold(levels.Sum(), circuit.NewInt(int64(n)))))
	return formattest.Built(t, b)
}

func TestSMTMiters(t *testing.T) {
	for _, pseudo := range []bool{false, true} {
		for _, unit := range []circuit.Int{circuit.NewInt(1), circuit.Pow2(31), circuit.Pow2(66)} {
			const n = 7
			solver(askZ3).tell(t, askSMT(t, pseudo), unaryMiter(t, n, 0, unit), unaryMiter(t, n, 1, unit))
		}
	}
}

// TestSMTChains asserts that z3 reads long chains of gates and of sums, none of which is
// written within another.
func TestSMTChains(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Inputs("x", 2)
	l, s := x[0], x[0].Value()
	const gates, sums = 3000, 100
	for range gates {
		l = b.Xor(l, x[1])
	}
	for range sums {
		a := b.Linear()
		a.Add(circuit.NewInt(1), s)
		a.AddLit(circuit.NewInt(1), x[1])
		s = a.Sum()
	}
	y, z := b.Threshold(s, circuit.NewInt(sums+1)), l
	b.Output("y", y)
	c := formattest.Built(t, b)
	in, sat := askZ3(t, smtWritten(t, netlist.Of(c), smtlib.Config{Assert: []circuit.Lit{y, z}}), 2)
	if !sat || !in[0] || !in[1] {
		t.Errorf("%v by %v", sat, in)
	}
}

// TestSMTNoInputs asserts that nothing is asked for where there is nothing.
func TestSMTNoInputs(t *testing.T) {
	b := circuit.NewBuilder()
	b.Output("y", circuit.False)
	c := formattest.Built(t, b)
	if _, sat := askZ3(t, smtWritten(t, netlist.Of(c), smtlib.Config{Assert: c.Outputs()}), 0); sat {
		t.Error("false is satisfied")
	}
}
