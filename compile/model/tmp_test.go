package model

import (
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
)

func TestTmp(t *testing.T) {
	q := Quantisation{WeightBits: 5, ActivationBits: 4, ExpLevels: 6}
	for _, name := range sortedKeys(scaledDown) {
		s := lower.Balanced
		m := shapeOf(t, scaledDown[name], `{"name": "small", "length": 4}`)
		start := time.Now()
		k := mustQuantise(t, drawn(m, 3), q)
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
		fmt.Println("==", name, lim, time.Since(start))
		fl := func(x *big.Int) float64 { v, _ := new(big.Float).SetInt(x).Float64(); return v }
		fmt.Printf("gates %.2f wires %.2f weight %.3g (%.3g)\n", fl(at(t, f, "gates", 4))/float64(st.Size),
			fl(at(t, f, "wires", 4))/float64(st.Wires), fl(at(t, f, "weight", 4))/fl(st.Weight.Big()), fl(st.Weight.Big()))
		by := map[string]float64{}
		for _, o := range f.Operations {
			v, _ := f.At(o.Weight, big.NewInt(4))
			if v != nil {
				by[o.Stage] += fl(v)
			}
		}
		for _, st := range sortedKeys(by) {
			if by[st] > fl(at(t, f, "weight", 4))/200 {
				fmt.Printf("  %-50s %.3g\n", st, by[st])
			}
		}
		built, shapes := map[string]float64{}, c.Shapes()
		for g := range c.Len() {
			w := shapes.Of(circuit.Gate(g)).Weight
			built[c.StagePath(c.StageOf(circuit.Gate(g)))] += fl(w.Big())
		}
		for _, st := range sortedKeys(built) {
			if built[st] > 1e-3*fl(c.Stats().Weight.Big()) {
				fmt.Printf("  built %-50s %.3g\n", st, built[st])
			}
		}
		for range 0 {
			
		}
	}
}
