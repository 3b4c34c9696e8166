package analysis

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/graph"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/gates"
)

// digits is the circuit of a trained network.
func digits(t testing.TB) *circuit.Circuit {
	t.Helper()
	m, err := model.Find("digits", tc0.Models())
	if err != nil {
		t.Fatal(err)
	}
	q, err := m.Quantise(model.Quantisation{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := lower.Program(q.Program, lower.MinDepth)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// structured returns the circuits whose structure is found a second time by brute force.
func structured(t testing.TB) map[string]*circuit.Circuit {
	small, _ := build(t, "attention:n=2,d=1,bits=2")
	mixed, _ := build(t, "layer:n=3,d=1")
	return map[string]*circuit.Circuit{"attention": small, "layer": mixed, "digits": digits(t)}
}

// reachable tells whether an input leads to each gate without passing a given one.
func reachable(c *circuit.Circuit, without circuit.Gate) []bool {
	gate, sum := make([]bool, c.Len()), make([]bool, 0, c.SumCount())
	for g := range circuit.Gate(c.Len()) {
		on := c.Kind(g) == gates.Input ||
			slices.ContainsFunc(c.Fanin(g), func(x circuit.Lit) bool { return gate[x.Gate()] })
		if s, ok := c.ReadsSum(g); ok {
			for len(sum) <= int(s) { // sums that were made before the gate
				sum = append(sum, slices.ContainsFunc(c.Refs(circuit.SumID(len(sum))), func(r circuit.Ref) bool {
					return r.IsSum() && sum[r.Sum()] || !r.IsSum() && gate[r.Gate()]
				}))
			}
			on = sum[s]
		}
		gate[g] = on && g != without
	}
	return gate
}

// TestBottlenecks removes every gate: the bottlenecks are those without which no input leads to
// the output.
func TestBottlenecks(t *testing.T) {
	for name, c := range structured(t) {
		outputs := c.Outputs()
		want := make([][]circuit.Gate, len(outputs))
		all := []circuit.Gate{}
		ever := reachable(c, circuit.Gate(c.Len())) // some outputs are constant
		for g := range circuit.Gate(c.Len()) {
			on, left := reachable(c, g), 0
			for i, x := range outputs {
				if on[x.Gate()] {
					left++
				} else if ever[x.Gate()] {
					want[i] = append(want[i], g)
				}
			}
			if left == 0 {
				all = append(all, g)
			}
		}
		found := Bottlenecks(c, gates.Standard())
		for _, p := range c.OutputPorts() {
			if len(outputs) > mostBottlenecks {
				found = append(found, Bottlenecks(c, gates.Standard(), p)...)
			}
		}
		if len(outputs) > mostBottlenecks {
			if got := stepGates(found[0].Gates); found[0].Output != "" || !slices.Equal(got, all) {
				t.Errorf("%s: the bottlenecks of all outputs are %v, want %v", name, found[0], all)
			}
			found = found[1:]
		}
		names := WireNames(c.OutputPorts())
		if len(found) != len(outputs) {
			t.Fatalf("%s: bottlenecks of %d outputs, want %d", name, len(found), len(outputs))
		}
		for i, b := range found {
			if got := stepGates(b.Gates); b.Output != names[i] || !slices.Equal(got, want[i]) {
				t.Errorf(
					"%s: the bottlenecks of %s are %v, want those of %s, %v",
					name,
					b.Output,
					got,
					names[i],
					want[i],
				)
			}
		}
	}
}

func stepGates(steps []PathStep) []circuit.Gate {
	list := []circuit.Gate{}
	for _, s := range steps {
		list = append(list, s.Gate)
	}
	return list
}

// longPaths is how long the longest paths to a node are, how many there are, and on which
// gates.
type longPaths struct {
	length int
	count  *big.Int
	on     map[circuit.Gate]bool
}

// brute finds all longest paths to gates and sums by recursion.
type brute struct {
	c    *circuit.Circuit
	gate map[circuit.Gate]*longPaths
	sum  map[circuit.SumID]*longPaths
}

func newLongPaths() *longPaths { return &longPaths{-1, new(big.Int), map[circuit.Gate]bool{}} }

func (p *longPaths) add(q *longPaths) {
	if q.length > p.length {
		*p = *newLongPaths()
		p.length = q.length
	}
	if q.length == p.length {
		p.count.Add(p.count, q.count)
		for g := range q.on {
			p.on[g] = true
		}
	}
}

func (b *brute) toGate(g circuit.Gate) *longPaths {
	p := b.gate[g]
	if p != nil {
		return p
	}
	p = newLongPaths()
	var in []circuit.Gate
	for _, x := range b.c.Fanin(g) {
		in = append(in, x.Gate())
	}
	slices.Sort(in)
	for _, x := range slices.Compact(in) {
		p.add(b.toGate(x))
	}
	if s, ok := b.c.ReadsSum(g); ok {
		p.add(b.toSum(s))
	}
	if p.length < 0 {
		p.length, p.count = 0, big.NewInt(1)
	}
	p.length += gates.Standard().Cost[b.c.Kind(g)]
	p.on[g] = true
	b.gate[g] = p
	return p
}

func (b *brute) toSum(s circuit.SumID) *longPaths {
	if p := b.sum[s]; p != nil {
		return p
	}
	p := newLongPaths()
	for _, r := range b.c.Refs(s) {
		if r.IsSum() {
			p.add(b.toSum(r.Sum()))
		} else {
			p.add(b.toGate(r.Gate()))
		}
	}
	b.sum[s] = p
	return p
}

// TestCritical finds the longest paths by recursion: how many there are, and which gates lie on
// them, at which levels.
func TestCritical(t *testing.T) {
	for name, c := range structured(t) {
		sets := [][]circuit.Port{nil}
		for _, p := range c.OutputPorts() {
			sets = append(sets, []circuit.Port{p})
		}
		for _, ports := range sets {
			b := &brute{c, map[circuit.Gate]*longPaths{}, map[circuit.SumID]*longPaths{}}
			want, ends := newLongPaths(), map[circuit.Gate]bool{}
			wires, _ := (&walk{c: c}).outputs(ports)
			for _, x := range wires {
				if !ends[x.Gate()] {
					want.add(b.toGate(x.Gate()))
				}
				ends[x.Gate()] = true
			}
			got := Critical(c, gates.Standard(), ports...)
			inputs, levels := 0, make([]int, want.length+1)
			for g := range want.on {
				if c.Kind(g) == gates.Input {
					inputs++
				}
				levels[c.Levels(gates.Standard()).Gate[g]] += gates.Standard().Cost[c.Kind(g)]
			}
			size := 0
			for _, n := range levels {
				size += n
			}
			if got.Depth != want.length || got.Paths.String() != want.count.String() || got.Gates != size ||
				got.Inputs != inputs || !slices.Equal(got.Levels, levels) {
				t.Errorf("%s, %v: depth %d, %v paths on %d gates and %d inputs, by level %v; want %d, %v, %d, %d, %v",
					name, ports, got.Depth, got.Paths, got.Gates, got.Inputs, got.Levels,
					want.length, want.count, size, inputs, levels)
			}
			if (len(want.on) <= mostCritical) != (got.Graph != nil) {
				t.Errorf("%s: %d gates, listed %d", name, len(want.on), len(got.Graph))
			}
			for _, g := range got.Graph {
				if !want.on[g.Gate] ||
					slices.ContainsFunc(
						g.Reads,
						func(x circuit.Gate) bool { return !want.on[x] || !reads(c, g.Gate, x) },
					) {
					t.Errorf("%s: gate %d is listed with %v", name, g.Gate, g.Reads)
				}
			}
			path := CriticalPath(c, gates.Standard(), ports...)
			for _, step := range path {
				if !want.on[step.Gate] {
					t.Errorf("%s: gate %d of the path lies on no longest one", name, step.Gate)
				}
			}
		}
	}
}

func TestReaches(t *testing.T) {
	c, _ := build(t, "attention:n=2,d=1,bits=2")
	for _, test := range []struct{ from, to, want string }{
		{"x[0,0].1", "quotient", "true 1 3 2"},
		{"scores", "y[0,0]", "true 2 2 3"},
		{"mix", "exp", "false 0 0 0"},
		{"g5", "g5", "true 0 0 1"},
		{"0", "y", "false 0 0 0"},
	} {
		r, err := Reaches(c, gates.Standard(), test.from, test.to)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(r.Reaches, r.Shortest, r.Longest, len(r.Path)); got != test.want {
			t.Errorf("from %s to %s: %s, want %s", r.From, r.To, got, test.want)
		}
	}
	var unknown *graph.UnknownPlaceError
	for _, pair := range [][2]string{{"x", "z"}, {"z", "y"}} {
		if _, err := Reaches(c, gates.Standard(), pair[0], pair[1]); !errors.As(err, &unknown) || unknown.Name != "z" {
			t.Errorf("from %s to %s: %v", pair[0], pair[1], err)
		}
	}
}
