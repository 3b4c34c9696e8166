package explore_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/explore"
)

// shipped is the circuit of a shipped model.
func shipped(t testing.TB, name string) *circuit.Circuit {
	t.Helper()
	m, err := model.Find(name, tc0.Models())
	if err != nil {
		t.Fatal(err)
	}
	q, err := m.Quantise(model.Quantisation{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := lower.Program(q.Program, lower.Balanced)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// BenchmarkExplore opens shipped models, shows the folded view and one with all stages unfolded once,
// and toggles inputs with all that a page asks for then.
func BenchmarkExplore(b *testing.B) {
	for _, name := range []string{"digits", "adder"} {
		c := shipped(b, name)
		var file bytes.Buffer
		if err := explore.Pack(&file, c, explore.Options{}); err != nil {
			b.Fatal(err)
		}
		b.Run(name+"/unpack", func(b *testing.B) {
			b.ReportMetric(float64(file.Len()), "bytes")
			for b.Loop() {
				if _, err := explore.Unpack(bytes.NewReader(file.Bytes())); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/open", func(b *testing.B) {
			for b.Loop() {
				open(b, c)
			}
		})
		s, x := open(b, c), explore.New(c, explore.Options{})
		folded, unfolded := explore.State{}, explore.State{}
		for _, it := range view(b, x, folded).Items {
			unfolded.Open = append(unfolded.Open, it.ID)
		}
		for what, state := range map[string]explore.State{"folded": folded, "unfolded": unfolded} {
			b.Run(name+"/view "+what, func(b *testing.B) {
				for b.Loop() {
					view(b, x, state)
				}
			})
			args, err := json.Marshal(state)
			if err != nil {
				b.Fatal(err)
			}
			b.Run(name+"/toggle "+what, func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					toggle := fmt.Sprintf(`{"input":%d}`, i%len(c.Inputs()))
					for _, call := range [][2]string{{"toggle", toggle}, {"paint", string(args)}} {
						if _, err := s.Do(call[0], json.RawMessage(call[1])); err != nil {
							b.Fatal(err)
						}
					}
				}
			})
		}
		last := c.Outputs()[len(c.Outputs())-1].Gate()
		b.Run(name+"/flips", func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Do("flips", json.RawMessage(fmt.Sprintf(`{"gate":%d}`, last))); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
