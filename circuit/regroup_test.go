package circuit

import (
	"strings"
	"testing"
)

func mustCircuit(t *testing.T, b *Builder) *Circuit {
	t.Helper()
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRegroup(t *testing.T) {
	b := NewBuilder()
	x := b.Inputs("x", 3)
	b.Output("y", x[0], b.And(x[1], x[2]))
	c := mustCircuit(t, b)
	signed := Format{Kind: TwosComplement}
	got, err := c.Regroup(
		[]PortShape{{"a", signed, 2}, {"none", Format{}, 0}, {"b", Format{}, 1}},
		[]PortShape{{"z", Format{Kind: Thermometer, Offset: NewInt(5)}, 2}},
	)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(got.InputPorts()); n != 3 || got.InputPorts()[0].Format.Kind != TwosComplement ||
		got.InputPorts()[2].Wires[0] != x[2] {
		t.Errorf("input ports %v", got.InputPorts())
	}
	if p := got.OutputPorts(); len(p) != 1 || p[0].Name != "z" || len(p[0].Wires) != 2 || p[0].Wires[0] != x[0] {
		t.Errorf("output ports %v", p)
	}
	if len(c.InputPorts()) != 3 || c.InputPorts()[0].Name != "x[0]" {
		t.Errorf("the circuit itself has changed: %v", c.InputPorts())
	}
	for want, shapes := range map[string][2][]PortShape{
		"3 input wires in ports of 2 wires":  {{{"a", Format{}, 2}}, {{"z", Format{}, 2}}},
		"3 input wires in ports of 4 wires":  {{{"a", Format{}, 4}}, {{"z", Format{}, 2}}},
		"2 output wires in ports of 0 wires": {{{"a", Format{}, 3}}, nil},
		"has a name that is taken":           {{{"a", Format{}, 3}}, {{"z", Format{}, 1}, {"z", Format{}, 1}}},
		"has a weighted format": {
			{{"a", Format{Kind: Weighted, Weights: []Int{NewInt(1), NewInt(2), NewInt(3)}}, 3}}, {{"z", Format{}, 2}},
		},
		"2 weights for 1 wires": {
			{{"a", Format{}, 3}},
			{{"z", Format{Kind: Weighted, Weights: []Int{NewInt(1), NewInt(1)}}, 1}, {"w", Format{}, 1}},
		},
		"2 output wires in ports of 2 wires": {{{"a", Format{}, 3}}, {{"z", Format{}, -1}, {"w", Format{}, 2}}},
	} {
		if _, err := c.Regroup(shapes[0], shapes[1]); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

func TestParseInt(t *testing.T) {
	for _, text := range []string{
		"0", "-1", "9223372036854775807", "9223372036854775808",
		"-340282366920938463463374607431768211456",
	} {
		v, err := ParseInt(text)
		if err != nil || v.String() != text {
			t.Errorf("ParseInt(%q) = %v, %v", text, v, err)
		}
	}
	if v, err := ParseInt("+007"); err != nil || v.Cmp(NewInt(7)) != 0 {
		t.Errorf("ParseInt(+007) = %v, %v", v, err)
	}
	for _, text := range []string{
		"", "-", "+", "1_000", "0x10", "1e3", " 1", "--1", strings.Repeat("9", 20000),
		"12345678901234567890a",
	} {
		if v, err := ParseInt(text); err == nil {
			t.Errorf("ParseInt(%.20q) = %v, want an error", text, v)
		}
	}
}

// The integers of ports, and which codes are valid, are those of Decode.
func TestPortSumAndIsCode(t *testing.T) {
	for _, f := range []Format{
		{},
		{Kind: TwosComplement},
		{Kind: Thermometer, Offset: NewInt(-2)},
		{Kind: OneHot, Offset: NewInt(3)},
		{Kind: Weighted, Offset: NewInt(7), Weights: []Int{NewInt(5), NewInt(-3), NewInt(2), NewInt(0)}},
	} {
		b := NewBuilder()
		x := b.Inputs("x", 4)
		s := b.PortSum(f, x...)
		lo, _ := b.Bounds(s)
		var at []Lit
		for v := range int64(40) {
			at = append(at, b.Threshold(s, lo.Add(NewInt(v))))
		}
		b.Output("valid", b.IsCode(f, x...))
		b.Output("at", at...)
		c := mustCircuit(t, b)
		for in := range 16 {
			bits := []bool{in&1 != 0, in&2 != 0, in&4 != 0, in&8 != 0}
			out, err := c.Eval(bits)
			if err != nil {
				t.Fatal(err)
			}
			want, err := f.Decode(bits)
			if valid := err == nil; out[0] != valid {
				t.Errorf("%v: %v is valid: %v, want %v", f.Kind, bits, out[0], valid)
			}
			if err != nil {
				continue
			}
			for v, got := range out[1:] {
				if got != (want.Cmp(lo.Add(NewInt(int64(v)))) >= 0) {
					t.Errorf("%v: %v is at least %d: %v; it is %v", f.Kind, bits, v, got, want)
				}
			}
		}
	}
}
