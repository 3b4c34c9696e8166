package graphml_test

import (
	"fmt"
	"io"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/graphml"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

// BenchmarkWrite writes 2^20 gates: thresholds of shared sums, in layers.
func BenchmarkWrite(bench *testing.B) {
	const width = 16
	b := circuit.NewBuilderSize(1 << 20)
	row := b.Inputs("x", width)
	made := 0
	for layer := 0; made < 1<<20; layer++ {
		b.Begin(fmt.Sprint("layer ", layer))
		var next []circuit.Lit
		for k := range width {
			line := b.Linear()
			for i, l := range row {
				line.AddLit(circuit.NewInt(int64((31*i+i*k+17*k+7*layer)%97+1)), l)
			}
			s := line.Sum()
			_, hi := b.Bounds(s)
			top, _ := hi.Int64()
			for t := int64(1); t <= top && made < 1<<20; t++ {
				next = append(next, b.Threshold(s, circuit.NewInt(t)))
				made++
			}
		}
		b.End()
		row = next[len(next)/2:][:width]
	}
	b.Output("y", row...)
	c := formattest.Built(bench, b)
	if c.Size() < 1<<20-1<<16 {
		bench.Fatalf("%d gates", c.Size())
	}
	for _, flat := range []bool{false, true} {
		bench.Run(fmt.Sprintf("flat=%v", flat), func(bench *testing.B) {
			bench.ReportAllocs()
			bench.ReportMetric(float64(c.Len()), "gates")
			for bench.Loop() {
				n := &counter{}
				if err := graphml.Write(n, c, graphml.Config{Flatten: flat}); err != nil {
					bench.Fatal(err)
				}
				bench.SetBytes(n.bytes)
			}
		})
	}
}

// counter counts what is written to it.
type counter struct{ bytes int64 }

func (n *counter) Write(p []byte) (int, error) {
	n.bytes += int64(len(p))
	return io.Discard.Write(p)
}
