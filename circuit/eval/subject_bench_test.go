package eval_test

import (
	"testing"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/vector"
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

// BenchmarkLetters measures what 512 next letters of the shipped model words take each kernel with the plan in memory,
// from integers on the ports to integers: the medians of the seconds of coding and of one tile, on one core.
func BenchmarkLetters(b *testing.B) {
	longtest.Need(b)
	c, err := lower.Program(programOf(b, "words"), lower.Balanced)
	if err != nil {
		b.Fatal(err)
	}
	in, out := vector.NewCodec(c.InputPorts()), vector.NewCodec(c.OutputPorts())
	bounds, err := vector.Ranges(in.Ports)
	if err != nil {
		b.Fatal(err)
	}
	vectors := vector.Sample(bounds, eval.TileLanes, 1).Tile(0)
	bits := eval.NewVectors(in.Wires, len(vectors))
	encode := func() {
		if err := in.Encode(vectors, bits); err != nil {
			b.Fatal(err)
		}
	}
	encode()
	var results *eval.Vectors
	eval.Tiles(b, c, bits, func(v *eval.Vectors) { results = v })
	decode := func() {
		if _, err := out.Decode(results); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(eval.Median(encode)*1e3, "encode-ms")
	b.ReportMetric(eval.Median(decode)*1e3, "decode-ms")
}

// programOf returns the operations of a shipped model or of a family.
func programOf(b testing.TB, name string) *program.Program {
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
