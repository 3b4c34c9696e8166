package tc0

import (
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

// programOf returns the operations of a shipped language model or of a family.
func programOf(b *testing.B, name string) *program.Program {
	b.Helper()
	if spec, err := compile.ParseSpec(name); err == nil {
		i, err := spec.Instance()
		if err != nil {
			b.Fatal(err)
		}
		return i.Program
	}
	return shippedNetwork(b, name).Program
}

// computed returns the seconds that all threads of this process compute during f.
func computed(f func()) float64 {
	now := func() float64 {
		var u unix.Rusage
		if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
			panic(err)
		}
		return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
	}
	begin := now()
	f()
	return now() - begin
}

// peak returns the most bytes of objects during f beside those before it. The collector hardly lets garbage gather.
func peak(f func()) float64 {
	defer debug.SetGCPercent(debug.SetGCPercent(4))
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	read := func() float64 {
		metrics.Read(sample)
		return float64(sample[0].Value.Uint64())
	}
	runtime.GC()
	before, most := read(), 0.0
	done, ended := make(chan bool), make(chan bool)
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
				most = max(most, read())
			}
		}
	}()
	f()
	close(done)
	<-ended
	return max(most, read()) - before
}

// work is what is done with one program.
type work struct {
	name string
	do   func()
}

// worksOf are the lowering of a program, the counting of its circuit, the plan of it, and a tile of vectors.
func worksOf(b *testing.B, p *program.Program) (works []work, made func() *circuit.Circuit) {
	var c *circuit.Circuit
	var plan *eval.Plan
	return []work{
		{"lower", func() {
			var err error
			if c, err = lower.Program(p, lower.Balanced); err != nil {
				b.Fatal(err)
			}
		}},
		{"count", func() { analysis.Measure(c, gates.Standard()) }},
		{"plan", func() { plan = eval.Compile(c, eval.Config{Workers: 1}) }},
		{"tile", func() {
			if _, err := plan.Run(b.Context(), eval.NewVectors(plan.Inputs(), eval.TileLanes)); err != nil {
				b.Fatal(err)
			}
		}},
	}, func() *circuit.Circuit { return c }
}

// BenchmarkWork measures what a person waits for, in seconds of processor time, and the memory at the peak, in bytes a
// gate of the circuit: all that is in use beside what was there before.
func BenchmarkWork(b *testing.B) {
	for _, name := range []string{"words", "layer:n=16,d=16,heads=2,bits=4"} {
		b.Run(name, func(b *testing.B) {
			works, made := worksOf(b, programOf(b, name))
			seconds := make([][]float64, len(works))
			for b.Loop() {
				for i, w := range works {
					seconds[i] = append(seconds[i], computed(w.do))
				}
			}
			b.ReportMetric(0, "ns/op")
			for i, w := range works[:2] {
				b.ReportMetric(middle(seconds[i]), w.name+"-s")
				b.ReportMetric(peak(w.do)/float64(made().Size()), w.name+"-B/gate")
			}
		})
	}
}

func middle(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// BenchmarkGrowth lowers, counts and evaluates attention at rising n. It reports how each grows, as the exponent of n
// between the lengths by least squares, beside that of the number of gates.
func BenchmarkGrowth(b *testing.B) {
	ns := []int{16, 32, 64, 128, 256, 512}
	var size []float64
	seconds, bytes := map[string][]float64{}, map[string][]float64{}
	for b.Loop() {
		size, seconds, bytes = nil, map[string][]float64{}, map[string][]float64{}
		for _, n := range ns {
			works, made := worksOf(b, programOf(b, fmt.Sprintf("attention:d=2,bits=2,n=%d", n)))
			line := fmt.Sprintf("n=%d", n)
			for _, w := range works {
				rounds := 3
				if n < 100 { // short
					rounds = 30
				}
				var took []float64
				for range rounds {
					took = append(took, computed(w.do))
				}
				seconds[w.name] = append(seconds[w.name], middle(took))
				bytes[w.name] = append(bytes[w.name], peak(w.do))
				line += fmt.Sprintf(", %s %.3g s %.3g MB", w.name, middle(took), bytes[w.name][len(size)]/1e6)
			}
			size = append(size, float64(made().Size()))
			b.Logf("%s, %.0f gates", line, size[len(size)-1])
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(exponent(ns, size), "gates-exponent")
	for _, of := range []string{"lower", "count", "plan", "tile"} {
		b.ReportMetric(exponent(ns, seconds[of]), of+"-time-exponent")
		b.ReportMetric(exponent(ns, bytes[of]), of+"-memory-exponent")
	}
}

// exponent is the slope of the line through the logarithms, by least squares.
func exponent(ns []int, values []float64) float64 {
	var x, y, xx, xy float64
	for i, n := range ns {
		u, v := math.Log(float64(n)), math.Log(values[i])
		x, y, xx, xy = x+u, y+v, xx+u*u, xy+u*v
	}
	k := float64(len(ns))
	return (k*xy - x*y) / (k*xx - x*x)
}
