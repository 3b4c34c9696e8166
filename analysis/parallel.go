package analysis

import (
	"fmt"
	"sort"

	"github.com/tc0lab/tc0/circuit"
)

// Parallel is the total compute of a circuit against its serial compute: how it does on
// P processors, each of which computes one gate in one unit of time.
type Parallel struct {
	Work        int         `json:"work"`         // gates that cost depth: the time on one processor
	Wires       int64       `json:"wires"`        // the work, if a gate is as much as the wires it reads
	Weight      circuit.Int `json:"weight"`       // the work, if it is as much as their weights
	Span        int         `json:"span"`         // depth: the time on any number of processors
	Parallelism float64     `json:"parallelism"`  // work/span: the greatest speed-up
	Width       []int       `json:"width"`        // gates of each level, from 1 on; at least 1
	MaxWidth    int         `json:"max_width"`    // more processors than this do not help, level by level
	HalfWidth   int         `json:"half_width"`   // the fewest processors with half the greatest speed-up
	WidestLevel int         `json:"widest_level"` // from 1
}

// ParallelOf computes the parallelism of a circuit from its measures. It uses the levels of their
// depth model, in which each gate takes as long as it costs. The schedule goes level by level.
func ParallelOf(m *Measures) *Parallel {
	p := &Parallel{Wires: m.Wires, Weight: m.Weight, Span: m.Span, Width: []int{}}
	// Gates that are free in the depth model take no time, and stand on level 0 with the inputs.
	// Where complements cost depth, a level may have no gate: it has work for one.
	for _, w := range m.Levels[min(1, len(m.Levels)):] {
		p.Width = append(p.Width, max(1, w))
		p.Work += max(1, w)
	}
	for len(p.Width) < p.Span {
		p.Width = append(p.Width, 1)
		p.Work++
	}
	if m.Span > 0 {
		p.Parallelism = float64(p.Work) / float64(p.Span)
	}
	for l, w := range p.Width {
		if w > p.MaxWidth {
			p.MaxWidth, p.WidestLevel = w, l+1
		}
	}
	// The speed-up rises with the number of processors.
	p.HalfWidth = 1 + sort.Search(max(1, p.MaxWidth)-1, func(i int) bool {
		return 2*p.Speedup(1+i) >= p.Speedup(p.MaxWidth)
	})
	return p
}

// Time returns how long the circuit takes on P processors that go from level to level:
// Σ ⌈width/P⌉ units. P must be at least 1.
func (p *Parallel) Time(processors int) int {
	if processors < 1 {
		panic(fmt.Sprintf("analysis: %d processors", processors))
	}
	t := 0
	for _, w := range p.Width {
		t += (w + processors - 1) / processors
	}
	return t
}

// Brent returns bounds on the time of any schedule on P processors: it takes at least
// max(span, ⌈work/P⌉), and a greedy one at most ⌊(work − span)/P⌋ + span.
//
// Source: Brent 1974; Graham 1969 for greedy schedules.
func (p *Parallel) Brent(processors int) (least, most int) {
	least = max(p.Span, (p.Work+processors-1)/processors)
	return least, (p.Work-p.Span)/processors + p.Span
}

// Speedup returns how many times faster P processors are than one, level by level.
func (p *Parallel) Speedup(processors int) float64 {
	if p.Work == 0 {
		return 1
	}
	return float64(p.Work) / float64(p.Time(max(1, processors)))
}

// Latency returns the least time of the circuit on a machine on which a layer of gates
// takes tau, however wide it is: span·tau.
func (p *Parallel) Latency(tau float64) float64 { return float64(p.Span) * tau }
