package verilog_test

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/verilog"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

func written(t testing.TB, d *netlist.Design) string {
	t.Helper()
	return formattest.Text(t, func(w io.Writer) error { return verilog.Write(w, d) })
}

// all is a circuit of every kind of gate, with hostile names.
func all(t testing.TB) *netlist.Design {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.InputPort("x[2,3]", circuit.Format{Kind: circuit.TwosComplement}, 3)
	y := b.Input("y;\nendmodule // \"`\\")
	wire := b.Input("wire")
	dollar := b.Input("$dollar")
	g7 := b.Input("g7")
	one := b.InputPort("one", circuit.Format{Kind: circuit.TwosComplement}, 1)
	b.InputPort("none", circuit.Format{}, 0)
	s := b.Sum(circuit.Weigh(3, x[0]), circuit.Weigh(-2, x[1]), circuit.Weigh(5, y))
	a := b.Linear()
	a.Add(circuit.NewInt(-4), s)
	a.AddLit(circuit.Pow2(70).Neg(), g7)
	a.AddLit(circuit.Pow2(31), one[0])
	nested := a.Sum()
	and := b.And(x[0], x[1].Not(), wire, dollar)
	xor := b.Xor(and, y.Not(), g7)
	not := b.Not(xor)
	nor := b.Nor(not, x[1], circuit.False)
	b.OutputPort("out", circuit.Format{}, b.Threshold(s, circuit.NewInt(4)), b.Majority(x...), nor.Not())
	b.OutputPort(
		"signed out",
		circuit.Format{Kind: circuit.TwosComplement},
		b.Threshold(nested, circuit.Pow2(69).Neg()),
		b.Threshold(s, circuit.NewInt(-1)),
	)
	b.Output(
		"mod",
		b.ModSum(5, []int64{1, 3}, nested),
		b.ModSum(3, []int64{2}, s),
		b.ModSum(4, []int64{0, 3}, s),
		b.ModSum(3, nil, s),
		b.ModSum(1, []int64{0}, s),
		b.ModSum(1<<16, []int64{1, 3, 1<<16 - 2}, s),
	)
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
	nine := append([]circuit.Lit{wire, dollar, g7.Not(), one[0], y, not}, x...)
	b.Output("wide", b.And(nine...), b.Or(nine...), b.Nand(nine...), b.Nor(nine...), b.Xor(nine...), b.Xnor(nine...))
	b.Output("wire", y)
	b.Output("true", circuit.True)
	b.Output(
		"never",
		b.Threshold(b.Sum(), circuit.NewInt(1)),
		b.Threshold(s, circuit.NewInt(-100)),
		b.Threshold(s, circuit.NewInt(100)),
		b.Buf(y),
	)
	b.OutputPort("nothing", circuit.Format{}, nil...)
	c := formattest.Built(t, b)
	signals := make([]string, c.Len())
	signals[and.Gate()] = "a\x00nd/*\r\n"
	signals[xor.Gate()] = "out"
	return &netlist.Design{
		Circuit:  c,
		Name:     "all\nkinds",
		Comments: []string{"two\nlines", "tc0 input 9 signed x", "synopsys translate_off", "`include \"/dev/null\""},
		Signals:  signals,
	}
}

func TestGolden(t *testing.T) {
	got := written(t, all(t))
	formattest.Golden(t, "all.v", got)
}

// TestNames asserts what names become.
func TestNames(t *testing.T) {
	for _, test := range []struct{ name, want string }{
		{"x", "x"},
		{"x_1$", "x_1$"},
		{"1x", `\1x `},
		{"x[2,3]", `\x[2,3] `},
		{"always", `\always `},
		{"logic", `\logic `},
		{"$x", `_$x`},
		{"", "_"},
		{"a b", "a_b"},
		{"a\nb\\c`d\"e/f", "a_b_c_d_e_f"},
		{"é∧", "__"},
		{"a#'(", `\a#'( `},
		{"x\xff", "x_"},
	} {
		b := circuit.NewBuilder()
		b.Output("out", b.Input(test.name))
		d := netlist.Of(formattest.Built(t, b))
		if d.Name = test.name; d.Name == "" { // then the module has a name of ours
			d.Name = "_"
		}
		file := written(t, d)
		for _, line := range []string{"module " + test.want + " (\n", "\n\tinput " + test.want + ",\n", "\nassign out = " + test.want + ";\n"} {
			if !strings.Contains(file, line) {
				t.Errorf("name %q: no %q in\n%s", test.name, line, file)
			}
		}
	}
}

// TestWidths asserts the bits of sums and constants at the limits of a width.
func TestWidths(t *testing.T) {
	for _, test := range []struct {
		weights []circuit.Int
		bound   circuit.Int
		want    string
	}{
		{ints(1, 1, 1), circuit.NewInt(2), "wire signed [2:0] g_s1 = $signed({1'b0, \\x[0] }) + $signed({1'b0, \\x[1] }) + $signed({1'b0, \\x[2] });\nwire g4 = g_s1 >= 3'sd2;\n"},
		{ints(-3, 4), circuit.NewInt(-2), "wire signed [3:0] g_s1 = -(\\x[0]  ? 4'sd3 : 4'sd0) + (\\x[1]  ? 4'sd4 : 4'sd0);\nwire g3 = g_s1 >= -4'sd2;\n"},
		{ints(7), circuit.NewInt(100), "wire signed [3:0] g_s1 = (\\x[0]  ? 4'sd7 : 4'sd0);\nwire g2 = g_s1 >= 8'sd100;\n"},
		{ints(1<<31-1, -(1 << 32)), circuit.NewInt(1 << 31), "wire signed [33:0] g_s1 = (\\x[0]  ? 34'sd2147483647 : 34'sd0) - (\\x[1]  ? 34'sh100000000 : 34'sd0);\nwire g3 = g_s1 >= 34'sh80000000;\n"},
		{ints(-1 << 63), circuit.NewInt(-1 << 63), "wire signed [64:0] g_s1 = -(\\x[0]  ? 65'sh8000000000000000 : 65'sd0);\nwire g2 = g_s1 >= -65'sh8000000000000000;\n"},
		{ints(), circuit.NewInt(0), "wire signed [1:0] g_s0 = 2'sd0;\nwire g1 = g_s0 >= 2'sd0;\n"},
	} {
		b := circuit.NewBuilder()
		b.Keep()
		a := b.Linear()
		for i, l := range b.Inputs("x", len(test.weights)) {
			a.AddLit(test.weights[i], l)
		}
		b.Output("y", b.Threshold(a.Sum(), test.bound))
		if file := written(t, netlist.Of(formattest.Built(t, b))); !strings.Contains(file, test.want) {
			t.Errorf("weights %v: no\n%s in\n%s", test.weights, test.want, file)
		}
	}
}

func ints(list ...int64) []circuit.Int {
	var all []circuit.Int
	for _, v := range list {
		all = append(all, circuit.NewInt(v))
	}
	return all
}

func TestFullDisk(t *testing.T) {
	formattest.FullDisk(t, func(w io.Writer) error { return verilog.Write(w, all(t)) })
}

func ExampleWrite() {
	b := circuit.NewBuilder()
	x := b.InputPort("x", circuit.Format{}, 3)
	s := b.Sum(circuit.Weigh(2, x[0]), circuit.Weigh(1, x[1]), circuit.Weigh(-1, x[2]))
	b.Output("y", b.Threshold(s, circuit.NewInt(1)))
	b.Output("z", b.ModSum(3, []int64{2}, s))
	c, err := b.Circuit()
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := verilog.Write(os.Stdout, netlist.Of(c)); err != nil {
		fmt.Println(err)
	}
	// Output:
	// // : tc0 input 3 unsigned x
	// // : tc0 output 1 unsigned y
	// // : tc0 output 1 unsigned z
	// module circuit (
	// 	input [2:0] x,
	// 	output y,
	// 	output z
	// );
	// wire signed [2:0] g_s1 = (x[0] ? 3'sd2 : 3'sd0) + $signed({1'b0, x[1]}) - $signed({1'b0, x[2]});
	// wire g4 = g_s1 >= 3'sd1;
	// wire [1:0] g_r2_3 = ((x[0] ? 4'd2 : 4'd0) + x[1] + (x[2] ? 4'd2 : 4'd0)) % 4'd3;
	// wire g5 = (g_r2_3 == 2'd2);
	// assign y = g4;
	// assign z = g5;
	// endmodule
}

// TestLongChains asserts that chains of sums cost no stack, and that each sum is declared
// once, in front of what reads it.
func TestLongChains(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Input("x")
	s := x.Value()
	const n = 300_000
	for range n {
		a := b.Linear()
		a.Add(circuit.NewInt(1), s)
		a.AddLit(circuit.NewInt(1), x)
		s = a.Sum()
	}
	b.Output("y", b.Threshold(s, circuit.NewInt(n)), b.ModSum(3, []int64{1}, s), b.ModSum(2, []int64{1}, s))
	file := written(t, netlist.Of(formattest.Built(t, b)))
	for _, declaration := range []string{
		" g_s1 = ", fmt.Sprint(" g_s", n, " = $signed({1'b0, x}) + g_s", n-1, ";"),
		" g_r1_3 = ", fmt.Sprint(" g_r", n, "_3 = (x + g_r", n-1, "_3) % 3'd3;"),
		" g_r1_2 = ", fmt.Sprint(" g_r", n, "_2 = x + g_r", n-1, "_2;"),
	} {
		if got := strings.Count(file, declaration); got != 1 {
			t.Errorf("%q occurs %d times", declaration, got)
		}
	}
}
