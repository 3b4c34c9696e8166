package smtlib_test

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/smtlib"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

func written(t testing.TB, d *netlist.Design, cfg smtlib.Config) string {
	t.Helper()
	return formattest.Text(t, func(w io.Writer) error { return smtlib.Write(w, d, cfg) })
}

// all is a circuit of every kind of gate, with hostile names.
func all(t testing.TB) *netlist.Design {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.InputPort("x[2,3]", circuit.Format{Kind: circuit.TwosComplement}, 3)
	y := b.Input("y|\n(assert false)\\")
	and0 := b.Input("and")
	at := b.Input("@é")
	g7 := b.Input("g7")
	s := b.Sum(circuit.Weigh(3, x[0]), circuit.Weigh(-2, x[1]), circuit.Weigh(5, y))
	a := b.Linear()
	a.Add(circuit.NewInt(-4), s)
	a.AddLit(circuit.Pow2(70), g7)
	nested := a.Sum()
	and := b.And(x[0], x[1].Not(), and0, at)
	xor := b.Xor(and, y.Not(), g7)
	not := b.Not(xor)
	nor := b.Nor(not, x[1], circuit.False)
	b.OutputPort("out", circuit.Format{}, b.Threshold(s, circuit.NewInt(4)), b.Majority(x...), nor.Not())
	b.Output("big", b.Threshold(nested, circuit.Pow2(69)))
	b.Output("mod", b.ModSum(5, []int64{1, 3}, nested), b.ModSum(3, []int64{2}, s), b.ModSum(3, nil, s))
	b.Output(
		"odd",
		b.Xnor(and, nor),
		b.Nand(x[0], x[1]),
		b.And(),
		b.Or(),
		b.Nand(),
		b.Nor(),
		b.Xor(),
		b.Xnor(),
		b.Or(y, y.Not()),
	)
	b.Output("y|\n(assert false)\\", y)
	b.Output("true", circuit.True)
	b.Output(
		"never",
		b.Threshold(b.Sum(), circuit.NewInt(1)),
		b.Threshold(s, circuit.NewInt(-100)),
		b.Threshold(s, circuit.NewInt(100)),
		b.Buf(y),
	)
	c := formattest.Built(t, b)
	signals := make([]string, c.Len())
	signals[and.Gate()] = "a\x00nd\r\n"
	signals[xor.Gate()] = "Int"
	return &netlist.Design{
		Circuit:  c,
		Name:     "all\nkinds",
		Comments: []string{"two\nlines", "tc0 input 9 signed x"},
		Signals:  signals,
	}
}

func TestGolden(t *testing.T) {
	d := all(t)
	got := written(t, d, smtlib.Config{}) +
		written(
			t,
			d,
			smtlib.Config{Assert: []circuit.Lit{d.Circuit.Outputs()[0], d.Circuit.Outputs()[2]}, Pseudo: true},
		)
	formattest.Golden(t, "all.golden", got)
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

var value = regexp.MustCompile(`(?m) (true|false)\)+$`)

// values takes the values out of z3's answer to one get-value, in order.
func values(answer string) []bool {
	var list []bool
	for _, m := range value.FindAllStringSubmatch(answer, -1) {
		list = append(list, m[1] == "true")
	}
	return list
}

// TestAllKinds evaluates a file by z3: the inputs are fixed one after another, and the
// outputs asked for.
func TestAllKinds(t *testing.T) {
	d := all(t)
	c := d.Circuit
	names := []string{
		"out.0", "out.1", "out.2", "big", "|mod[0]|", "|mod[1]|", "|mod[2]|", "|odd[0]|", "|odd[1]|", "|odd[2]|",
		"|odd[3]|", "|odd[4]|",
		"|odd[5]|", "|odd[6]|", "|odd[7]|", "|odd[8]|", "|y__(assert false)_|", "true_1", "|never[0]|", "|never[1]|",
		"|never[2]|", "|never[3]|",
	}
	inputs := []string{"|x[2,3].0|", "|x[2,3].1|", "|x[2,3].2|", "|y__(assert false)_|", "and_1", "_@é", "g7"}
	inputs[5] = "|_@é|"
	for _, pseudo := range []bool{false, true} {
		file := written(t, d, smtlib.Config{Pseudo: pseudo})
		var want []bool
		for v := range 1 << len(inputs) {
			in := formattest.Bits(v, len(inputs))
			file += "(push 1)\n"
			for i, name := range inputs {
				file += fmt.Sprintf("(assert (= %s %v))\n", name, in[i])
			}
			file += "(check-sat)\n(get-value (" + strings.Join(names, " ") + "))\n(pop 1)\n"
			out, err := c.Eval(in)
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, out...)
		}
		if got := values(z3(t, file)); !slices.Equal(got, want) {
			t.Errorf("pseudo %v: %d values, want %d:\n%v\n%v", pseudo, len(got), len(want), got, want)
		}
	}
}

func TestErrors(t *testing.T) {
	formattest.FullDisk(t, func(w io.Writer) error { return smtlib.Write(w, all(t), smtlib.Config{}) })
}

func ExampleWrite() {
	b := circuit.NewBuilder()
	x := b.InputPort("x", circuit.Format{}, 3)
	y := b.Threshold(b.Sum(circuit.Weigh(2, x[0]), circuit.Weigh(1, x[1]), circuit.Weigh(-1, x[2])), circuit.NewInt(2))
	b.Output("y", y)
	c, err := b.Circuit()
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := smtlib.Write(os.Stdout, netlist.Of(c), smtlib.Config{Assert: []circuit.Lit{y}}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// ; tc0 input 3 unsigned x
	// ; tc0 output 1 unsigned y
	// (set-option :produce-models true)
	// (set-logic QF_LIA)
	// (declare-const x.0 Bool)
	// (declare-const x.1 Bool)
	// (declare-const x.2 Bool)
	// (declare-const g_s1 Int)
	// (assert (= g_s1 (+ (ite x.0 2 0) (ite x.1 1 0) (ite x.2 (- 1) 0))))
	// (declare-const y Bool)
	// (assert (= y (>= g_s1 2)))
	// (assert y)
	// (check-sat)
	// (get-value (x.0 x.1 x.2))
}

// Z3 adds pseudo-Boolean atoms up in 32 bits: a sum that does not fit is written as in
// the standard.
func TestPseudoFits(t *testing.T) {
	for k, want := range map[int]string{27: "QF_FD", 28: "QF_FD", 29: "QF_LIA", 64: "QF_LIA"} {
		b := circuit.NewBuilder()
		x := b.Inputs("x", 3)
		s := b.Sum(
			circuit.Weigh(1, x[0]),
			circuit.Weigh(1, x[1]),
			circuit.Term{Weight: circuit.Pow2(k + 1), Of: x[2].Value()},
		)
		b.Output("y", b.Threshold(s, circuit.NewInt(2)))
		c := formattest.Built(t, b)
		file := written(t, netlist.Of(c), smtlib.Config{Assert: c.Outputs(), Pseudo: true})
		if got := strings.Contains(string(file), "pbge"); !strings.Contains(string(file), "(set-logic "+want+")") ||
			got != (want == "QF_FD") {
			t.Errorf("weights of 2^%d are written with pbge: %v:\n%s", k+1, got, file)
		}
	}
}

// TestPortComments asserts that ports are described where a name has become another one,
// and not where every port is one bit under its name.
func TestPortComments(t *testing.T) {
	for name, want := range map[string]string{
		"a":   "(set-option",
		"and": "; tc0 input 1 unsigned and\n; tc0 output 1 unsigned y\n(set-option",
	} {
		b := circuit.NewBuilder()
		b.Output("y", b.Input(name).Not())
		if file := written(t, netlist.Of(formattest.Built(t, b)), smtlib.Config{}); !strings.HasPrefix(file, want) {
			t.Errorf("input %s: no %q at the beginning of\n%s", name, want, file)
		}
	}
}
