package equiv_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/equiv"
	"github.com/tc0lab/tc0/circuit/vector"
)

// Outputs of one name in other codes are compared as integers, and codes that are not
// valid do not count.
func TestEquivalentCodes(t *testing.T) {
	build := func(f circuit.Format, strict bool) *circuit.Circuit {
		b := circuit.NewBuilder()
		x := b.InputPort("x", circuit.Format{Kind: circuit.OneHot, Offset: circuit.NewInt(2)}, 4)
		s := b.PortSum(circuit.Format{Kind: circuit.OneHot, Offset: circuit.NewInt(2)}, x...)
		var wires []circuit.Lit
		switch f.Kind {
		case circuit.Thermometer: // offset 2, three wires
			for v := range int64(3) {
				wires = append(wires, b.Threshold(s, circuit.NewInt(3+v)))
			}
		case circuit.Unsigned: // 2 to 5 in binary
			wires = []circuit.Lit{b.Or(x[1], x[3]), b.Or(x[0], x[1]), b.Or(x[2], x[3])}
		default:
			wires = x
		}
		if strict { // 1 where two inputs are, which is no code
			wires[0] = b.And(wires[0], b.AtLeast(2, x...).Not())
		}
		b.OutputPort("y", f, wires...)
		return finish(t, b)
	}
	formats := []circuit.Format{
		{Kind: circuit.Thermometer, Offset: circuit.NewInt(2)},
		{},
		{Kind: circuit.OneHot, Offset: circuit.NewInt(2)},
		{
			Kind:    circuit.Weighted,
			Offset:  circuit.NewInt(2),
			Weights: []circuit.Int{circuit.NewInt(0), circuit.NewInt(1), circuit.NewInt(2), circuit.NewInt(3)},
		},
		{
			Kind:    circuit.Weighted,
			Offset:  circuit.NewInt(1),
			Weights: []circuit.Int{circuit.NewInt(1), circuit.NewInt(2), circuit.NewInt(3), circuit.NewInt(4)},
		},
	}
	for i, f := range formats {
		for k, g := range formats {
			for _, m := range []equiv.Method{equiv.Automatic, equiv.Simulate, equiv.Solve} {
				e := equivalent(t, build(f, false), build(g, i == k), equiv.Config{Method: m, Solvers: own})
				want := equiv.Proved
				if m == equiv.Simulate {
					want = equiv.Consistent
				}
				if e.Verdict != want {
					t.Errorf("formats %d and %d, method %q: %v (%s)", i, k, m, e.Verdict, e.How)
				}
			}
		}
	}
	// Off by one.
	wrong := formats[0]
	wrong.Offset = circuit.NewInt(3)
	for _, m := range []equiv.Method{equiv.Automatic, equiv.Solve} {
		e := equivalent(t, build(formats[1], false), build(wrong, false), equiv.Config{Method: m, Solvers: own})
		if e.Verdict != equiv.Refuted {
			t.Fatalf("method %q: %v", m, e.Verdict)
		}
		x, y := e.Difference.A[0].Value, e.Difference.B[0].Value
		if x.Add(circuit.NewInt(1)).Cmp(y) != 0 {
			t.Errorf("method %q: %v and %v", m, x, y)
		}
	}
}

func TestEquivalentPorts(t *testing.T) {
	build := func(inputs, outputs []string, swap bool) *circuit.Circuit {
		b := circuit.NewBuilder()
		var x []circuit.Lit
		for _, name := range inputs {
			name, wide := strings.CutSuffix(name, "*") // two wires
			if wide {
				x = append(x, b.InputPort(name, circuit.Format{}, 2)...)
			} else {
				x = append(x, b.Input(name))
			}
		}
		y := []circuit.Lit{b.And(x[0], x[1].Not()), b.Or(x[0], x[1])}
		if swap {
			y[0] = b.And(x[1], x[0].Not())
		}
		for i, name := range outputs {
			b.Output(name, y[i])
		}
		return finish(t, b)
	}
	ab, yz := []string{"a", "b"}, []string{"y", "z"}
	for _, test := range []struct {
		what    string
		b       *circuit.Circuit
		cfg     equiv.Config
		in, out string
		want    equiv.Judgement
	}{
		{"the same", build(ab, yz, false), equiv.Config{}, equiv.ByPort, equiv.ByPort, equiv.Proved},
		{"other order", build([]string{"b", "a"}, yz, true), equiv.Config{}, equiv.ByPort, equiv.ByPort, equiv.Proved},
		{"other names", build([]string{"p", "q"}, []string{"r", "s"}, false), equiv.Config{}, equiv.ByOrder, equiv.ByOrder, equiv.Proved},
		{"outputs turned", build(ab, []string{"z", "y"}, false), equiv.Config{}, equiv.ByPort, equiv.ByPort, equiv.Refuted},
		{
			"outputs in the order given", build(ab, []string{"z", "y"}, false),
			equiv.Config{OutputOrder: []int{0, 1}},
			equiv.ByPort, equiv.ByList, equiv.Proved,
		},
		{"inputs in the order given", build(ab, yz, true), equiv.Config{InputOrder: []int{1, 0}}, equiv.ByList, equiv.ByPort, equiv.Proved},
		{"a wide port", build([]string{"ab*"}, yz, false), equiv.Config{}, equiv.ByOrder, equiv.ByPort, equiv.Proved},
	} {
		e := equivalent(t, build(ab, yz, false), test.b, test.cfg)
		if e.Verdict != test.want || e.InputsBy != test.in || e.OutputsBy != test.out {
			t.Errorf("%s: %v by %s and %s, want %v by %s and %s",
				test.what, e.Verdict, e.InputsBy, e.OutputsBy, test.want, test.in, test.out)
		}
	}
	e := equivalent(t, build([]string{"ab*"}, yz, false), build([]string{"ab.1", "ab.0"}, yz, true), equiv.Config{})
	if e.Verdict != equiv.Proved || e.InputsBy != equiv.ByWire {
		t.Errorf("wires by name: %v by %s", e.Verdict, e.InputsBy)
	}
	for want, cfg := range map[string]equiv.Config{
		"names 1 wires; there are 2":                  {InputOrder: []int{0}},
		"names wire 2; there are wires 0 to 1":        {OutputOrder: []int{0, 2}},
		"names wire 1 twice":                          {InputOrder: []int{1, 1}},
		`unknown method "guess"`:                      {Method: "guess"},
		`unknown solver "oracle"; known: gophersat, `: {Method: equiv.Solve, Solvers: []string{"oracle"}},
	} {
		b := build(ab, yz, false)
		if strings.Contains(want, "solver") {
			b = build(ab, yz, true)
		}
		if _, err := equiv.Check(t.Context(), build(ab, yz, false), b, cfg); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	var ports *vector.PortError
	three := build([]string{"a", "b", "c"}, yz, false)
	if _, err := equiv.Check(t.Context(), build(ab, yz, false), three, equiv.Config{}); !errors.As(err, &ports) {
		t.Errorf("three inputs against two: %v", err)
	}
	if _, err := equiv.Check(t.Context(), build(ab, yz, false), build(ab, yz[:1], false), equiv.Config{}); !errors.As(
		err,
		&ports,
	) {
		t.Errorf("one output against two: %v", err)
	}
}

// An output that is no code of its format is no integer, and equal to nothing but another
// one that is none.
func TestEquivalentInvalidOutputs(t *testing.T) {
	build := func(f circuit.Format, wires func(b *circuit.Builder, x []circuit.Lit) []circuit.Lit) *circuit.Circuit {
		b := circuit.NewBuilder()
		b.OutputPort("y", f, wires(b, b.Inputs("x", 2))...)
		return finish(t, b)
	}
	hot, level := circuit.Format{Kind: circuit.OneHot}, circuit.Format{Kind: circuit.Thermometer}
	none := func(*circuit.Builder, []circuit.Lit) []circuit.Lit {
		return []circuit.Lit{circuit.False, circuit.False}
	}
	both := func(_ *circuit.Builder, x []circuit.Lit) []circuit.Lit { return x }
	count := func(b *circuit.Builder, x []circuit.Lit) []circuit.Lit {
		return []circuit.Lit{b.Xor(x...), b.And(x...)}
	}
	for i, test := range []struct {
		a, b *circuit.Circuit
		want equiv.Judgement
	}{
		{build(hot, none), build(circuit.Format{}, none), equiv.Refuted},
		{build(hot, none), build(level, none), equiv.Refuted},
		{build(level, both), build(circuit.Format{}, count), equiv.Refuted}, // 0, 1 is no thermometer code
		{build(hot, both), build(circuit.Format{}, count), equiv.Refuted},
		{build(hot, none), build(circuit.Format{Kind: circuit.OneHot, Offset: circuit.NewInt(4)}, none), equiv.Proved},
		{
			build(level, func(b *circuit.Builder, x []circuit.Lit) []circuit.Lit {
				return []circuit.Lit{b.Or(x...), b.And(x...)}
			}),
			build(circuit.Format{}, count), equiv.Proved,
		},
	} {
		for _, m := range []equiv.Method{equiv.Exhaustive, equiv.Solve} {
			if e := equivalent(t, test.a, test.b, equiv.Config{Method: m, Solvers: own}); e.Verdict != test.want {
				t.Errorf("case %d, method %q: %v (%s), want %v", i, m, e.Verdict, e.How, test.want)
			}
			if e := equivalent(t, test.b, test.a, equiv.Config{Method: m, Solvers: own}); e.Verdict != test.want {
				t.Errorf("case %d turned, method %q: %v (%s), want %v", i, m, e.Verdict, e.How, test.want)
			}
		}
	}
}

// Where only one circuit has one-hot inputs, that nothing else was compared is told; and a
// port without a code has no inputs to compare on.
func TestEquivalentInputCodes(t *testing.T) {
	build := func(f circuit.Format, wires int, not bool) *circuit.Circuit {
		b := circuit.NewBuilder()
		x := b.InputPort("x", f, wires)
		z := b.Input("z")
		y := z
		if wires > 0 {
			y = x[0]
		}
		if not {
			y = x[1].Not()
		}
		b.Output("y", y)
		return finish(t, b)
	}
	hot := circuit.Format{Kind: circuit.OneHot}
	a, b := build(hot, 2, false), build(circuit.Format{}, 2, true)
	if e := equivalent(t, a, b, equiv.Config{}); e.Verdict != equiv.Proved || e.Exhaustive != 4 || !e.OnlyCodes {
		t.Errorf("%v on %d inputs, only codes: %v", e.Verdict, e.Exhaustive, e.OnlyCodes)
	}
	if e := equivalent(t, b, a, equiv.Config{}); e.Verdict != equiv.Refuted || e.OnlyCodes {
		t.Errorf("turned: %v, only codes: %v", e.Verdict, e.OnlyCodes)
	}
	if e := equivalent(t, a, a, equiv.Config{}); e.OnlyCodes {
		t.Error("both have the same codes")
	}
	empty := build(hot, 0, false)
	var ports *vector.PortError
	if _, err := equiv.Check(t.Context(), empty, empty, equiv.Config{}); !errors.As(err, &ports) || ports.Port != "x" {
		t.Errorf("a port without a code: %v", err)
	}
	if _, err := equiv.Check(t.Context(), a, b, equiv.Config{Solvers: []string{"gophersat", "gophersat"}}); err == nil ||
		!strings.Contains(err.Error(), "named twice") {
		t.Errorf("a solver twice: %v", err)
	}
}
