package eval_test

import (
	"testing"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/longtest"
)

// BenchmarkSubjects measures as BenchmarkKernels does, on compiled networks; the rate is that of gates. The shipped
// model words, of 2.4 million gates, is for -long.
func BenchmarkSubjects(b *testing.B) {
	for _, name := range []string{"digits", "attention:n=16", "words"} {
		b.Run(name, func(b *testing.B) {
			if name == "words" {
				longtest.Need(b)
			}
			c, err := lower.Program(programOf(b, name), lower.Balanced)
			if err != nil {
				b.Fatal(err)
			}
			eval.Kernels(b, c, float64(c.Size()))
		})
	}
}

// programOf returns the operations of a shipped model or of a family.
func programOf(b *testing.B, name string) *program.Program {
	b.Helper()
	if spec, err := compile.ParseSpec(name); err == nil {
		i, err := spec.Instance()
		if err != nil {
			b.Fatal(err)
		}
		return i.Program
	}
	m, err := model.Find(name, tc0.Models())
	if err != nil {
		b.Fatal(err)
	}
	q, err := m.Quantise(model.Quantisation{})
	if err != nil {
		b.Fatal(err)
	}
	return q.Program
}
