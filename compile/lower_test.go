package compile

import (
	"github.com/tc0lab/tc0/circuit"
	"math/rand/v2"
	"testing"
)

func TestLowerSmoke(t *testing.T) {
	for _, spec := range []string{"attention:n=2,d=1,bits=2", "attention:n=4", "attention:n=8", "attention:n=4,strategy=thermometer", "attention:n=4,strategy=balanced", "attention:n=4,strategy=min-size", "mlp:n=3", "mlp:n=4,layers=3,strategy=min-size", "attention:n=32"} {
		s, err := ParseSpec(spec)
		if err != nil {
			t.Fatal(err)
		}
		inst, err := s.Instance()
		if err != nil {
			t.Fatal(err)
		}
		st, _ := s.Strategy()
		c, err := Lower(inst.Program, st)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Check(); err != nil {
			t.Fatal(err)
		}
		stats := c.Stats()
		t.Log(spec, stats.Depth, stats.Size, stats.Wires, stats.MaxWeight, stats.Gates)
		worst := 0.0
		for trial := range 50 {
			var in []int64
			var bits []bool
			ports := c.InputPorts()
			for i, p := range inst.Program.Inputs() {
				v := p.Bounds.Lo + rand.Int64N(p.Bounds.Hi-p.Bounds.Lo+1)
				if trial == 0 {
					v = p.Bounds.Hi
				}
				if trial == 1 {
					v = p.Bounds.Lo
				}
				in = append(in, v)
				w := make([]bool, len(ports[i].Wires))
				if err := ports[i].Format.Encode(circuit.I(v), w); err != nil {
					t.Fatal(err)
				}
				bits = append(bits, w...)
			}
			want, err := inst.Program.Reference(in)
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.Eval(bits)
			if err != nil {
				t.Fatal(err)
			}
			real := inst.Real(in)
			for i, p := range c.OutputPorts() {
				v, err := p.Format.Decode(got[:len(p.Wires)])
				if err != nil {
					t.Fatal(err)
				}
				got = got[len(p.Wires):]
				if x, _ := v.Int64(); x != want[i] {
					t.Fatal(spec, i, p.Name, x, want[i])
				}
				e := float64(want[i])*inst.Scale - real[i]
				if e < 0 {
					e = -e
				}
				worst = max(worst, e)
			}
			if stats.Size > 100000 {
				if trial > 3 {
					break
				}
			}
		}
		t.Log("worst", worst, "scale", inst.Scale)
	}
}
