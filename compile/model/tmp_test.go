package model

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
)

func filled(m *Model, at func(name string, i, columns int) float64) *Model {
	with := *m
	with.unknown, with.Weights = false, Weights{}
	for _, name := range sortedKeys(m.Weights) {
		t := &Tensor{Shape: m.Weights[name].Shape}
		size := 1
		for _, n := range t.Shape {
			size *= n
		}
		for i := range size {
			t.Data = append(t.Data, at(name, i, t.Shape[len(t.Shape)-1]))
		}
		with.Weights[name] = t
	}
	return &with
}

func TestTmp(t *testing.T) {
	q := Quantisation{WeightBits: 5, ActivationBits: 4, ExpLevels: 6}
	r := rand.New(rand.NewPCG(1, 1))
	gain := func(name string) bool { return strings.Contains(name, "norm") || strings.Contains(name, "ln_") }
	sets := map[string]func(name string, i, columns int) float64{
		"uniform": func(name string, i, columns int) float64 {
			if gain(name) && biasOf(name) != name {
				return 0.5 + r.Float64()
			}
			return 2*r.Float64() - 1
		},
		"signs":   func(name string, i, columns int) float64 { return float64(r.IntN(2)*2 - 1) },
		"stripes": func(name string, i, columns int) float64 { return float64(i%columns%2*2 - 1) },
		"equal":   func(name string, i, columns int) float64 { return 1 },
		"zero":    func(name string, i, columns int) float64 { return 0 },
		"onehot": func(name string, i, columns int) float64 {
			if i == 3 {
				return 1
			}
			return 0
		},
		"tiny, gain large": func(name string, i, columns int) float64 {
			if gain(name) {
				return 100 * r.NormFloat64()
			}
			return 1e-3 * r.NormFloat64()
		},
	}
	for _, name := range sortedKeys(scaledDown) {
		for _, set := range sortedKeys(sets) {
			s := lower.Balanced
			m := shapeOf(t, scaledDown[name], `{"name": "small", "length": 4}`)
			start := time.Now()
			k, err := filled(m, sets[set]).Quantise(q)
			if err != nil {
				fmt.Println("==", name, set, err)
				continue
			}
			lim := k.Limits()
			l, err := m.Bounds(q, lim)
			if err != nil {
				t.Fatal(err)
			}
			p, err := l.OpenProgram()
			if err != nil {
				t.Fatal(err)
			}
			f, err := formula.Of(p, s)
			if err != nil {
				t.Fatal(err)
			}
			c := mustLower(t, k.Program, s)
			st := c.Stats()
			fl := func(x *big.Int) float64 { v, _ := new(big.Float).SetInt(x).Float64(); return v }
			span := ""
			for _, ch := range k.Choices {
				if ch.Kind == Exponential {
					span += fmt.Sprint(" ", ch.Span)
				}
			}
			fmt.Printf("== %s, %s: %v span%s depth %d %d gates %.2f wires %.2f weight %.3g (%.3g) %v\n", name, set, lim, span,
				at(t, f, "depth", 4), st.Depth, fl(at(t, f, "gates", 4))/float64(st.Size),
				fl(at(t, f, "wires", 4))/float64(st.Wires), fl(at(t, f, "weight", 4))/fl(st.Weight.Big()),
				fl(st.Weight.Big()), time.Since(start))
		}
	}
}
