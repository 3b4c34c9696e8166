package tc0

import (
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
)

// shippedNetwork returns a shipped language model in integers.
func shippedNetwork(t testing.TB, name string) *model.Quantised {
	t.Helper()
	m, err := model.Find(name, Models())
	if err != nil {
		t.Fatal(err)
	}
	q, err := m.Quantise(model.Quantisation{})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// shippedCircuit returns a shipped language model in integers and its circuit.
func shippedCircuit(t testing.TB, name string) (*model.Quantised, *circuit.Circuit) {
	t.Helper()
	q := shippedNetwork(t, name)
	c, err := lower.Program(q.Program, lower.Balanced)
	if err != nil {
		t.Fatal(err)
	}
	return q, c
}

// BenchmarkToken computes the next token of the shipped language models: one input
// through the circuit, and for comparison through the network in integers and in
// floating point.
func BenchmarkToken(b *testing.B) {
	for _, name := range []string{"adder", "flip-flop", "words"} {
		q, c := shippedCircuit(b, name)
		in := q.Model.Test.Inputs[0]
		e := analysis.NewEvaluator(c)
		b.Run(name+"/circuit", func(b *testing.B) {
			for b.Loop() {
				if _, err := e.Evaluate(b.Context(), [][]int64{in}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/integers", func(b *testing.B) {
			for b.Loop() {
				if _, err := q.Predict(in); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/float", func(b *testing.B) {
			for b.Loop() {
				q.Model.Predict(in)
			}
		})
	}
}
