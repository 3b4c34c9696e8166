package compile

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/compile/program"
)

// The orders in which the steps of a recurrent network are made.
const (
	SerialOrder = "serial" // one after another
	TreeOrder   = "tree"   // as a balanced tree of maps between states
)

// Reassociated is a [Recurrent] network in another order. It has finitely many rounded states. So
// a step on a given input is a map from states to states. Maps compose associatively, and so
// they can compose as a balanced tree. The result is the same integers.
//
// Depth: the depth of a cell plus ⌈log₂ n⌉, and 1 more if a state has several numbers.
// Size: S³ gates for each of n − 1 compositions, with S states.
//
// Source: regular languages are in NC1 by this; see Barrington 1989.
type Reassociated struct{ Recurrent }

// mostStates is the greatest number of states.
const mostStates = 81

// states returns all states. A row has h; for an LSTM it has h and c.
func (m Reassociated) states() ([][]int64, error) {
	r := m.signed()
	width := m.Features
	if m.Kind == LSTM {
		width *= 2
	}
	count := 1
	for range width {
		if count *= int(r.Hi - r.Lo + 1); count > mostStates {
			return nil, fmt.Errorf("%s: order=%s composes maps between all states, and there are more than %d of them "+
				"with d=%d and bits=%d; fewer of both make fewer", m.Kind, TreeOrder, mostStates, m.Features, m.Bits)
		}
	}
	all := make([][]int64, count)
	for k := range all {
		rest := int64(k)
		for range width {
			all[k] = append(all[k], r.Lo+rest%(r.Hi-r.Lo+1))
			rest /= r.Hi - r.Lo + 1
		}
	}
	return all, nil
}

// Program returns the network for n steps, with the ports of [Recurrent.Program].
func (m Reassociated) Program(n int) (*program.Program, error) {
	p, _, err := m.program(program.MemberDim("n", n))
	return p, err
}

func (m Reassociated) program(steps program.Dim) (*program.Program, float64, error) {
	if steps.Open() {
		return nil, 0, fmt.Errorf("%s:order=%s has other operations for each n, and no formula is read from them; "+
			"tc0 sweep measures it", m.Kind, TreeOrder)
	}
	m.Recurrent = m.defaults()
	n := steps.Size()
	if err := m.check(n); err != nil {
		return nil, 0, err
	}
	states, err := m.states()
	if err != nil {
		return nil, 0, err
	}
	p := program.New(fmt.Sprintf("%s as a tree, n=%d d=%d bits=%d", m.Kind, n, m.Features, m.Bits))
	d := program.NewDim("d", m.Features)
	from, to := program.NewDim("from", len(states)), program.NewDim("to", len(states))
	x := featureInput(p, "x", m.Bits, true, steps, d)
	p.Begin("maps")
	maps := m.maps(p, x, states, from, to)
	p.End()
	var list []program.Value
	for t := range n {
		list = append(list, p.Select(maps, t))
	}
	for len(list) > 1 {
		p.Begin("compose")
		var next []program.Value
		for pair := range slices.Chunk(list, 2) {
			if len(pair) == 2 {
				next = append(next, compose(p, pair[0], pair[1], from, to))
			} else {
				next = append(next, pair[0])
			}
		}
		list = next
		p.End()
	}
	start := slices.IndexFunc(states, func(s []int64) bool { return absolute(s) == 0 })
	read := program.NewMatrix(m.Features, len(states), func(i, s int) int64 { return states[s][i] })
	p.Output("h", p.Linear(p.Select(list[0], start), read, nil, "d"))
	return p, m.scale(), p.Err()
}

// maps returns, for each step, whether a state leads to another: [n, from, to].
func (m Reassociated) maps(p *program.Program, x program.Value, states [][]int64, from, to program.Dim) program.Value {
	d := m.Features
	part := func(first int) program.Value {
		var data []int64
		for _, s := range states {
			data = append(data, s[first:first+d]...)
		}
		return p.Const(program.Shape{from, program.NewDim("d", d)}, data)
	}
	now := []program.Value{part(0), part(0)}
	if m.Kind == LSTM {
		now[1] = part(d)
	}
	next := m.cell(p, p.Transpose(p.Broadcast(x, from), 0, 2, 1), now)
	// count tells how many numbers of v equal the numbers of each state.
	count := func(v program.Value, first int) program.Value {
		var bias []int64
		for _, s := range states {
			for _, value := range s[first : first+d] {
				bias = append(bias, -value)
			}
		}
		away := p.Linear(v, program.NewMatrix(len(states)*d, d, func(i, j int) int64 {
			if i%d == j {
				return 1
			}
			return 0
		}), bias, "number")
		equal := p.Step(away, program.Staircase{At: []int64{0, 1}, Jump: []int64{1, -1}})
		shape := slices.Clone(v.Shape())
		shape[len(shape)-1] = to
		return p.Reduce(p.Reshape(equal, append(shape, program.NewDim("d", d)), "by state"), "d")
	}
	total := count(next[0], 0)
	if m.Kind == LSTM {
		total = p.Add(total, count(next[1], d))
	}
	if len(states[0]) == 1 {
		return total
	}
	return p.Step(total, program.Staircase{At: []int64{int64(len(states[0]))}, Jump: []int64{1}})
}

// compose returns the map that is first x and then y. It takes one level: of the ways over the
// states in between just one is 1, and their sum needs no gate.
func compose(p *program.Program, x, y program.Value, from, to program.Dim) program.Value {
	next := program.NewDim("next", to.Size())
	both := p.Add(p.Broadcast(x, next), p.Reshape(y, program.Shape{to, next}, "as the second map"))
	ways := p.Step(both, program.Staircase{At: []int64{2}, Jump: []int64{1}})
	return p.Reshape(p.Reduce(ways, "to"), program.Shape{from, to}, "as a map")
}
