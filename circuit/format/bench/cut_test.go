package bench

import (
	"testing"

	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

func TestReadMux(t *testing.T) {
	d := format().Evaluates(t, "INPUT(s)\nINPUT(a)\nINPUT(b)\nOUTPUT(y)\ny = mux(s, a, b)\n", []uint64{0xe4})
	formattest.Noted(t, d, "s a b", "y", "MUX(s, a, b), in line 5, is read as a where s is 0, and b where it is 1")
	if n := formattest.CountsOf(d.Circuit).Gates; n != 4 {
		t.Errorf("%d gates, want 4", n)
	}
}

func TestReadRepeatedOutputs(t *testing.T) {
	d := format().Evaluates(t, "INPUT(a)\nINPUT(b)\nOUTPUT(y)\nOUTPUT(y)\nOUTPUT(y_1)\nOUTPUT(y)\n"+
		"y = AND(a, b)\ny_1 = OR(a, b)\n", []uint64{8, 8, 14, 8})
	formattest.Noted(t, d, "a b", "y y_2 y_1 y_3",
		"output y, in line 4, has a name that is there before and becomes y_2; 1 more like it")
}

func TestReadCutsLatches(t *testing.T) {
	f := format()
	f.Read = Config{Cut: true}.Read
	// The next value of q is the XOR of a and q, and r reads q.
	d := f.Evaluates(t, "INPUT(a)\nOUTPUT(y)\nq = DFF(d)\nr = dff ( q )\nd = XOR(a, q)\ny = AND(q, r)\n",
		[]uint64{0b11000000, 0b01100110, 0b11001100})
	formattest.Noted(t, d, "a q r", "y q_next r_next",
		"2 latches are cut: the first, q, is an input now, and its next value the output q_next; "+
			"first values and clocks are left out")
	f.Refuse(t, []formattest.Bad{
		{"two", "INPUT(d)\nq = DFF(d, d)\n", 2, 5, "DFF", "has one input, not 2"},
		{"defined twice", "INPUT(d)\nq = DFF(d)\nq = DFF(d)\n", 3, 1, "q", "is defined already: it is an input, line 2"},
		{"open", "INPUT(a)\nq = DFF(d)\n", 2, 9, "d", "is an output and never defined"},
	})
}
