package analysis

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/compile/program"
)

func TestVerifyIsExhaustiveWhereItFits(t *testing.T) {
	for text, inputs := range map[string]int{
		"attention:n=2,d=1,bits=2":                      16,
		"attention:n=2,d=2,bits=2,strategy=min-size":    256,
		"mlp:n=3,hidden=2,out=1,bits=2":                 64,
		"mlp:n=4,bits=3,strategy=digits2":               4096,
		"attention:n=3,d=2,bits=2,strategy=balanced":    4096,
		"attention:n=2,d=3,bits=2,strategy=thermometer": 4096,
	} {
		c, i := build(t, text)
		v, err := Verify(context.Background(), c, i.Program, VerifyConfig{Seed: 1})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if v.Inputs != inputs || !v.Exhaustive || v.Mismatches != 0 || v.Seed != nil {
			t.Errorf("%s: %+v, want %d inputs, all of them, and no mismatch", text, v, inputs)
		}
	}
}

func TestVerifySamplesWhereItDoesNot(t *testing.T) {
	c, i := build(t, "mlp:n=12,hidden=6,out=3")
	var last int
	v, err := Verify(context.Background(), c, i.Program, VerifyConfig{Seed: 5, Progress: func(done, all int) {
		if done < last || all != DefaultInputs {
			t.Errorf("progress %d of %d after %d", done, all, last)
		}
		last = done
	}})
	if err != nil || v.Inputs != DefaultInputs || v.Exhaustive || v.Seed == nil || *v.Seed != 5 {
		t.Errorf("%+v, %v; want %d inputs", v, err, DefaultInputs)
	}
	if last != DefaultInputs {
		t.Errorf("the last progress is %d", last)
	}
}

func TestVerifyFindsAPlantedMismatch(t *testing.T) {
	other, _ := build(t, "mlp:n=4,hidden=3,out=2,seed=2")
	_, i := build(t, "mlp:n=4,hidden=3,out=2,seed=1")
	v, err := Verify(context.Background(), other, i.Program, VerifyConfig{})
	var m *vector.MismatchError
	if !errors.As(err, &m) {
		t.Fatalf("error %v, want a mismatch", err)
	}
	if v.Mismatches == 0 || m.Mismatches != v.Mismatches || m.Of != 4096 || v.Inputs != 4096 {
		t.Errorf("%+v, %+v", v, m)
	}
	// The witness must be one: the reference says Want, the circuit says Got.
	in := make([]int64, len(m.Inputs))
	for k, p := range m.Inputs {
		in[k], _ = p.Value.Int64()
	}
	out, err := i.Program.Reference(in)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Want) == 0 || len(m.Want) != len(m.Got) {
		t.Fatalf("want %v, got %v", m.Want, m.Got)
	}
	got := evalPorts(t, other, in)
	for k, w := range m.Want {
		if m.Got[k].Port != w.Port || m.Got[k].Value.Cmp(w.Value) == 0 {
			t.Errorf("port %d of the witness: want %v, got %v", k, w, m.Got[k])
		}
		for o, p := range i.Program.Outputs() {
			if p.Name == w.Port && (w.Value.Cmp(circuit.NewInt(out[o])) != 0 || m.Got[k].Value.Cmp(got[o]) != 0) {
				t.Errorf("%s: the witness says %v instead of %v; it is %v instead of %v",
					p.Name, m.Got[k], w, got[o], out[o])
			}
		}
	}
	for _, part := range []string{"differs from the integer reference", "of 4096 inputs", "x[0]=", "want y[", "got y["} {
		if !strings.Contains(m.Error(), part) {
			t.Errorf("the message %q lacks %q", m, part)
		}
	}
	again, err2 := Verify(context.Background(), other, i.Program, VerifyConfig{})
	if *again != *v || err2.Error() != m.Error() {
		t.Errorf("a second run says %v, %v", again, err2)
	}
}

// evalPorts computes one input with the simple evaluator.
func evalPorts(t *testing.T, c *circuit.Circuit, in []int64) []circuit.Int {
	t.Helper()
	var bits []bool
	for i, p := range c.InputPorts() {
		b := make([]bool, len(p.Wires))
		if err := p.Format.Encode(circuit.NewInt(in[i]), b); err != nil {
			t.Fatal(err)
		}
		bits = append(bits, b...)
	}
	y, err := c.Eval(bits)
	if err != nil {
		t.Fatal(err)
	}
	var out []circuit.Int
	for _, p := range c.OutputPorts() {
		v, err := p.Format.Decode(y[:len(p.Wires)])
		if err != nil {
			t.Fatal(err)
		}
		out, y = append(out, v), y[len(p.Wires):]
	}
	return out
}

// A value without a code is a mismatch, not an error of the comparison.
func TestVerifyRefusesInvalidCodes(t *testing.T) {
	p := program.New("first of two equals")
	x := p.Input("x", program.Shape{program.NewDim("d", 3)}, 2, false)
	p.Output("label", p.ArgMax(x, nil))

	b := circuit.NewBuilder()
	for _, name := range []string{"x[0]", "x[1]", "x[2]"} {
		b.InputPort(name, circuit.Format{Kind: circuit.Unsigned}, 2)
	}
	b.OutputPort("label", circuit.Format{Kind: circuit.OneHot}, circuit.True, circuit.True, circuit.False)
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	v, err := Verify(context.Background(), c, p, VerifyConfig{})
	var m *vector.MismatchError
	if !errors.As(err, &m) || v.Mismatches != 64 || m.Got[0].Invalid == "" ||
		!strings.Contains(err.Error(), "label is no value") {
		t.Errorf("%+v, %v; want 64 mismatches", v, err)
	}
}

func TestVerifyNamesPortsThatDoNotFit(t *testing.T) {
	c, _ := build(t, "mlp:n=3")
	for text, want := range map[string]string{
		"mlp:n=4":           "3 input ports instead of 4",
		"mlp:n=3,bits=4":    "port x[0]: its range is 0..7, which does not hold 0..15",
		"mlp:n=3,out=2":     "3 output ports instead of 2",
		"attention:n=3,d=1": "port x[0]: the input port in its place is x[0,0]",
	} {
		_, i := build(t, text)
		_, err := Verify(context.Background(), c, i.Program, VerifyConfig{})
		var e *vector.PortError
		if !errors.As(err, &e) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", text, err, want)
		}
	}
}

func TestVerifyStops(t *testing.T) {
	c, i := build(t, "mlp:n=13,hidden=2,out=1")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Verify(ctx, c, i.Program, VerifyConfig{Inputs: 1 << 30}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that it was stopped", err)
	}
	if _, err := Verify(context.Background(), c, i.Program, VerifyConfig{Exhaustive: true}); err == nil ||
		!strings.Contains(err.Error(), "too many") {
		t.Errorf("error %v", err)
	}
}

func TestRealErrorOfAttention(t *testing.T) {
	_, i := build(t, "attention:n=4")
	e, err := MeasureRealError(context.Background(), i, vector.Sample(Ranges(i.Program.Inputs()), 2000, 1))
	if err != nil {
		t.Fatal(err)
	}
	if e.Inputs != 2000 || e.MaxUnit > 0.75 || e.MaxUnit < 0.1 || e.MeanUnit > e.MaxUnit/2 || e.MeanUnit <= 0 {
		t.Errorf("%+v: want errors of at most three quarters of a unit", e)
	}
	if e.Max != e.MaxUnit*i.Scale || e.Scale != i.Scale {
		t.Errorf("%+v: the units do not agree", e)
	}
	again, err := MeasureRealError(context.Background(), i, vector.Sample(Ranges(i.Program.Inputs()), 2000, 1))
	if err != nil || *again != *e {
		t.Errorf("a second run says %+v, %v", again, err)
	}
}

// Mismatches refute; inputs that agree prove nothing. One pass is one step at every n.
func TestJudgement(t *testing.T) {
	for mismatches, want := range []Judgement{Consistent, Refuted} {
		if got := (&Verification{Inputs: 5, Mismatches: mismatches}).Judgement(); got != want {
			t.Errorf("%d mismatches: %s, want %s", mismatches, got, want)
		}
	}
	v := OnePass(Verdict{Verdict: Proved, Reason: "by construction"})
	const want = "all n positions are read in one pass, so that T is 1 at every n; by construction"
	if v.Verdict != Proved || v.Reason != want {
		t.Errorf("%s because %s", v.Verdict, v.Reason)
	}
}
