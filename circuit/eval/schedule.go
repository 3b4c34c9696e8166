package eval

import "github.com/tc0lab/tc0/circuit/eval/kernel"

// window is how many steps in a row may change places, so that steps of one operation come in runs, for which a
// kernel branches once. More would let more values live at one time.
const window = 512

// kinds is more than the operations of the kernels.
const kinds = 64

// runKind is the operation of a step, as far as runs matter.
func (s *instruction) runKind() int {
	switch s.op {
	case opNot:
		return kernel.Not
	case opLogic:
		return int(s.n)
	case opHalf:
		return kernel.Half
	case opFull:
		return kernel.Full
	case opFixed:
		return int(fixed[s.n])
	case opCount:
		return kernel.SixtyFours
	case opAtLeast:
		return kernel.AtLeast
	case opAndN:
		return kernel.AndN
	case opXorN:
		return kernel.XorN
	}
	return kinds - 1
}

// scheduler reorders the steps of one window after another.
type scheduler struct {
	c     *code
	made  []int32 // by register: 1 + the step that makes it
	first int     // step of the window
	steps []instruction
	needs [window]int32 // how many steps of the window a step waits for
	users [window]int32 // the first edge to a step that waits for it, or −1
	edges []edge
	ready [kinds][]int16
}

// edge leads from a step of the window to one that reads its result.
type edge struct{ to, next int32 }

// schedule brings steps of one operation together.
func (c *code) schedule() {
	s := &scheduler{c: c, made: make([]int32, c.regs)}
	for s.first < c.steps.count {
		n := min(window, c.steps.count-s.first)
		s.steps = s.steps[:0]
		for i := range n {
			s.steps = append(s.steps, *c.steps.at(s.first + i))
		}
		s.link()
		s.place()
		s.first += n
	}
}

// link finds out which steps wait for which.
func (s *scheduler) link() {
	s.edges = s.edges[:0]
	at := int32(0)
	define := func(r *reg) { s.made[*r] = int32(s.first) + at + 1 }
	seen := int32(0) // the last edge, as most steps that read two results of a step do so in a row
	use := func(r *reg) {
		from := s.made[*r] - 1 - int32(s.first)
		if from < 0 || from == seen {
			return
		}
		seen = from
		s.needs[at]++
		s.edges = append(s.edges, edge{at, s.users[from]})
		s.users[from] = int32(len(s.edges) - 1)
	}
	for i := range s.steps {
		at, seen = int32(i), -1
		s.needs[i], s.users[i] = 0, -1
		s.c.eachUse(&s.steps[i], use)
		s.c.eachDef(&s.steps[i], define)
	}
}

// place writes the steps of the window in their new order: all that are ready of one operation, then those of the
// operation that has most.
func (s *scheduler) place() {
	put := func(i int16) {
		k := s.steps[i].runKind()
		s.ready[k] = append(s.ready[k], i)
	}
	for i := range s.steps {
		if s.needs[i] == 0 {
			put(int16(i))
		}
	}
	now, done := 0, 0
	var heads [kinds]int
	for done < len(s.steps) {
		if heads[now] == len(s.ready[now]) {
			for k := range s.ready {
				if len(s.ready[k])-heads[k] > len(s.ready[now])-heads[now] {
					now = k
				}
			}
		}
		i := s.ready[now][heads[now]]
		heads[now]++
		*s.c.steps.at(s.first + done) = s.steps[i]
		done++
		for e := s.users[i]; e >= 0; e = s.edges[e].next {
			to := s.edges[e].to
			if s.needs[to]--; s.needs[to] == 0 {
				put(int16(to))
			}
		}
	}
	for k := range s.ready {
		s.ready[k] = s.ready[k][:0]
	}
}
