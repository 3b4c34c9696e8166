package explore

import "github.com/tc0lab/tc0/circuit"

// Paint is the values in a view.
type Paint struct {
	Turn   int               `json:"turn"`   // its number
	Ones   []int             `json:"ones"`   // by item: its gates, inputs or outputs that are 1; −1 above the level of the state
	Differ []int             `json:"differ"` // by item: those that are not as for the circuit's own input
	Sums   map[string]string `json:"sums"`   // by item
}

// paint counts what is 1 in a view. With a level in the state, gates above it have no value yet.
func (s *Session) paint(state State) (*Paint, error) {
	view, err := s.look(state)
	if err != nil {
		return nil, err
	}
	x, v := s.x, s.values
	n := len(view.Items)
	p := &Paint{s.last.paint.turn() + 1, make([]int, n), make([]int, n), map[string]string{}}
	hidden := func(g circuit.Gate) bool { return state.Level != nil && int(x.levels.Gate[g]) > *state.Level }
	count := func(i int, now, base bool) {
		if now {
			p.Ones[i]++
		}
		if now != base {
			p.Differ[i]++
		}
	}
	for g, i := range view.item {
		if i >= 0 && !hidden(circuit.Gate(g)) {
			count(int(i), v.gate[g], s.base[g])
		}
	}
	for i, n := range view.nodes {
		x.tree.eachOutput(n, func(wire int) {
			if l := x.tree.wires[wire]; !hidden(l.Gate()) && (view.marks == nil || view.marks[l.Gate()]) {
				count(i, v.gate[l.Gate()] != l.IsComplement(), s.base[l.Gate()] != l.IsComplement())
			}
		})
		if state.Level != nil && view.Items[i].Levels[0] > *state.Level {
			p.Ones[i] = -1
		}
	}
	for i, z := range view.sums {
		item := view.Items[len(view.nodes)+i]
		if level := x.levels.Sum[z.sum]; state.Level != nil && int(level) > *state.Level {
			p.Ones[len(view.nodes)+i] = -1
			continue
		}
		p.Sums[item.ID] = v.Sum(z.sum).String()
	}
	s.last = painted{p, view, state.Level}
	return p, nil
}

func (p *Paint) turn() int {
	if p == nil {
		return 0
	}
	return p.Turn
}

// painted is the last paint, with what it is of.
type painted struct {
	paint *Paint
	view  *View
	level *int
}

// Repaint is a paint as what has changed since the last one. If that is not the one that the asker has,
// or is of another view or level, it is the whole paint.
type Repaint struct {
	Paint *Paint `json:"paint,omitempty"`

	Turn   int               `json:"turn"`
	Items  []int             `json:"items"`  // that have other values
	Ones   []int             `json:"ones"`   // of each of these
	Differ []int             `json:"differ"` // of each of these
	Sums   map[string]string `json:"sums"`   // that changed
}

// repaint paints a state for who has the paint of a number.
func (s *Session) repaint(a struct {
	State State
	Turn  int
},
) (any, error) {
	last := s.last
	p, err := s.paint(a.State)
	if err != nil {
		return nil, err
	}
	same := a.State.Level == nil && last.level == nil ||
		a.State.Level != nil && last.level != nil && *a.State.Level == *last.level
	r := &Repaint{Turn: p.Turn, Items: []int{}, Ones: []int{}, Differ: []int{}, Sums: map[string]string{}}
	if a.Turn == 0 || last.paint.turn() != a.Turn || last.view != s.last.view || !same {
		r.Paint = p
		return r, nil
	}
	for i := range p.Ones {
		if p.Ones[i] != last.paint.Ones[i] || p.Differ[i] != last.paint.Differ[i] {
			r.Items, r.Ones, r.Differ = append(r.Items, i), append(r.Ones, p.Ones[i]), append(r.Differ, p.Differ[i])
		}
	}
	for id, sum := range p.Sums {
		if last.paint.Sums[id] != sum {
			r.Sums[id] = sum
		}
	}
	return r, nil
}
