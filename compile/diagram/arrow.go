package diagram

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/press"
)

// arrow is a use of a value.
type arrow struct {
	from, to int // boxes
	label    string
	next     bool // to what the next copy of a repeated body gets
}

// operand is one place where an operation that is drawn reads a value. In a repeated
// body the first copy may read it from elsewhere than the others do.
type operand struct {
	to, arg int
	from    int // value that is drawn; −1 if all copies read the one before
	last    int // value of the copy before; −1 if none is read
	label   string
}

// makeArrows makes an arrow of each use. Uses within a folded stage are not drawn. Several
// uses between a folded stage and one other box are one arrow. The results of the program
// have arrows to boxes of their own.
func (s *scene) makeArrows(results []program.Result) {
	states := map[[2]int]int{} // by first value and value of the copy before: the box
	for _, u := range s.operands() {
		switch {
		case u.last < 0:
			s.connect(s.at[u.from], s.at[u.to], u.label, false)
		case s.at[u.last] == s.at[u.to] && s.boxes[s.at[u.to]].role == roleFolded: // the body is within one box
			if u.from >= 0 {
				s.connect(s.at[u.from], s.at[u.to], u.label+" at first", false)
			}
			s.connect(s.at[u.last], s.at[u.to], u.label, true)
		default:
			key := [2]int{u.from, u.last}
			state, ok := states[key]
			if !ok {
				state = s.addState(u, len(states)+1)
				states[key] = state
			}
			s.connect(state, s.at[u.to], u.label, false)
		}
	}
	if len(states) == 1 {
		for i := range s.boxes {
			if b := &s.boxes[i]; b.role == roleState {
				b.name = strings.TrimSuffix(b.name, " 1")
			}
		}
	}
	for i, o := range results {
		op := &s.nodes[o.Value]
		b := box{role: roleOutput, id: i, name: press.Clean(o.Name)}
		if op.OneHot {
			b.lines = []string{"one-hot"}
		} else if text := rangeText(s.bounds(o.Value), true); text != "" {
			b.lines = []string{text}
		}
		s.boxes = append(s.boxes, b)
		s.connect(s.at[s.show[o.Value]], len(s.boxes)-1, shapeText(op.Shape), false)
	}
}

// operands lists what the operations that are drawn read.
func (s *scene) operands() []operand {
	var list []operand
	index := map[[2]int][]int{} // by operation and argument
	for id := range s.nodes {
		op := &s.nodes[id]
		for k, a := range op.Args {
			u := operand{to: s.show[id], arg: k, from: s.show[a], last: -1}
			u.label = shapeText(s.nodes[a].Shape)
			if name := operandName(op.Op, k); name != "" {
				u.label = name + "\n" + u.label
			}
			key := [2]int{u.to, k}
			if s.body(a, id) != nil {
				u.from, u.last = -1, u.from
				// One state of all that the first copy reads and this.
				joins := func(i int) bool { return list[i].last < 0 || list[i].last == u.last }
				if at := slices.IndexFunc(index[key], joins); at >= 0 {
					list[index[key][at]].last = u.last
					continue
				}
			} else if slices.ContainsFunc(index[key], func(i int) bool { return list[i].from == u.from }) {
				continue
			}
			index[key] = append(index[key], len(list))
			list = append(list, u)
		}
	}
	return list
}

// addState makes the boxes of what a copy of a body gets from the one before: one where
// it enters, which is returned, and one where it is handed on. A line back across the
// body would be hard to follow.
func (s *scene) addState(u operand, number int) int {
	f := s.home[u.to]
	if b := s.body(u.last, u.to); b != nil {
		for f != 0 && s.frames[f].depth > b.depth+1 {
			f = s.frames[f].parent
		}
	}
	state := len(s.boxes)
	s.boxes = append(s.boxes,
		box{role: roleState, id: state, frame: f, name: fmt.Sprintf("state %d", number)},
		box{role: roleState, id: state + 1, frame: f, name: fmt.Sprintf("next state %d", number)})
	shape := shapeText(s.nodes[u.last].Shape)
	if u.from >= 0 {
		s.connect(s.at[u.from], state, shape+" at first", false)
	}
	s.connect(s.at[u.last], state+1, shape, true)
	return state
}

// connect adds an arrow. If an end is a folded stage, arrows between the same boxes become
// one arrow with all their labels.
func (s *scene) connect(from, to int, label string, next bool) {
	if s.boxes[from].role == roleFolded || s.boxes[to].role == roleFolded {
		if from == to && !next {
			return
		}
		label = label[strings.Index(label, "\n")+1:] // without the name of the operand
		for i := range s.arrows {
			a := &s.arrows[i]
			if a.from != from || a.to != to || a.next != next {
				continue
			}
			if !slices.Contains(strings.Split(a.label, "\n"), label) {
				a.label += "\n" + label
			}
			return
		}
	}
	s.arrows = append(s.arrows, arrow{from, to, label, next})
}

// operandName names an operand of an operation in which their order matters; "" in others.
func operandName(op program.Op, k int) string {
	names := map[program.Op][]string{
		program.OpQuotient:     {"numerator", "denominator"},
		program.OpRootQuotient: {"numerator", "under the root"},
	}[op]
	if k < len(names) {
		return names[k]
	}
	return ""
}
