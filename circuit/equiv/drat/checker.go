package drat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
)

// StepError says that a clause of a proof does not follow.
type StepError struct {
	Line   int
	Clause string
}

func (e *StepError) Error() string {
	return fmt.Sprintf("line %d of the proof: the clause (%s) does not follow from those before it", e.Line, e.Clause)
}

// ErrOpen says that a proof ends before the empty clause follows.
var ErrOpen = errors.New("the proof ends before a contradiction follows")

// Report counts what was checked.
type Report struct {
	Clauses int `json:"clauses"` // of the formula
	Added   int `json:"added"`   // by the proof, all of which follow
	Defined int `json:"defined"` // of them those that do not follow by propagation alone: definitions
	Removed int `json:"removed"`
}

// Check reads a formula and a proof, and returns nil if the proof shows that the formula cannot be
// satisfied. Every clause up to the empty one is checked. It fails with a [*FormatError], a
// [*StepError] or [ErrOpen], and when ctx ends.
//
// With assumed literals, written as in the files, the proof shows that the formula cannot be satisfied where
// they are all true.
//
// A clause that forces a literal is not taken away, as in other checkers; nor is one that is not
// there, which is no fault, since fewer clauses prove less.
func Check(ctx context.Context, formula, proof io.Reader, assumed ...int) (*Report, error) {
	c := &checker{byHash: map[uint64][]int32{}}
	c.grow(1)
	r := &Report{}
	if err := readFormula(formula, func(list []literal) {
		r.Clauses++
		c.add(list)
	}); err != nil {
		return nil, err
	}
	for _, n := range assumed {
		l, ok := literalOf(int64(n))
		if !ok {
			return nil, fmt.Errorf("%d is no literal to be assumed", n)
		}
		c.grow(l.variable())
		c.add([]literal{l})
	}
	s, list := newScanner("proof", proof), []literal(nil)
	for steps := 0; !c.refuted; steps++ {
		if steps%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		word, first, err := s.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil, ErrOpen
		case err != nil:
			return nil, err
		case first && string(word) == "c":
			if err := s.skip(); err != nil && !errors.Is(err, io.EOF) {
				return nil, err
			}
			continue
		}
		remove := first && string(word) == "d"
		if remove {
			if word, _, err = s.next(); err != nil {
				return nil, s.fail("a clause is missing behind d")
			}
		}
		if list, err = s.clause(word, list); err != nil {
			return nil, err
		}
		for _, l := range list {
			c.grow(l.variable())
		}
		if remove {
			r.Removed += c.remove(list)
			continue
		}
		r.Added++
		if !c.follows(list, nil) {
			if !c.defines(list) {
				return nil, &StepError{s.line, text(list)}
			}
			r.Defined++
		}
		c.add(list)
	}
	return r, nil
}

func text(list []literal) string {
	const most = 12
	t := ""
	for i, l := range list {
		if i == most {
			return t + " …"
		}
		if i > 0 {
			t += " "
		}
		t += l.String()
	}
	return t
}

// checker holds clauses, and the literals that they force.
type checker struct {
	clauses [][]literal // nil: taken away. The first two literals are watched
	watches [][]watch   // by literal: the clauses that watch its complement
	occurs  [][]int32   // by literal: clauses that have it, and perhaps some that were taken away
	byHash  map[uint64][]int32

	value   []int8 // by literal: 1 true, −1 false, 0 open
	trail   []literal
	next    int // of the trail: the first whose clauses are not looked through
	refuted bool
}

// watch has another literal of the clause, which is often true.
type watch struct {
	clause int32
	other  literal
}

func (c *checker) grow(variable uint32) {
	need := 2 * (int(variable) + 1)
	if more := need - len(c.value); more > 0 {
		c.value = append(c.value, make([]int8, more)...)
		c.watches = append(c.watches, make([][]watch, more)...)
		c.occurs = append(c.occurs, make([][]int32, more)...)
	}
}

// hash does not depend on the order of the literals.
func hash(list []literal) uint64 {
	sum, mix := uint64(len(list)), uint64(0)
	for _, l := range list {
		x := (uint64(l) + 1) * 0x9E3779B97F4A7C15
		x ^= x >> 29
		sum, mix = sum+x*0xBF58476D1CE4E5B9, mix^x
	}
	return sum ^ mix*0x94D049BB133111EB
}

// add keeps a clause that holds, and follows what it forces.
func (c *checker) add(list []literal) {
	list = slices.Clone(list)
	for _, l := range list {
		c.grow(l.variable())
	}
	slices.Sort(list)
	list = slices.Compact(list)
	id := int32(len(c.clauses))
	c.clauses = append(c.clauses, list)
	h := hash(list)
	c.byHash[h] = append(c.byHash[h], id)
	for _, l := range list {
		c.occurs[l] = append(c.occurs[l], id)
	}
	// Two literals that are not false come first, as far as there are any. Nothing is forced but
	// for good between two clauses.
	open := 0
	for i, l := range list {
		if c.value[l] >= 0 && open < 2 {
			list[open], list[i] = list[i], list[open]
			open++
		}
	}
	if len(list) >= 2 {
		c.watch(list[0], id, list[1])
		c.watch(list[1], id, list[0])
	}
	switch {
	case open == 0:
		c.refuted = true
	case open == 1 && c.value[list[0]] == 0:
		c.assign(list[0])
		c.refuted = c.propagate() || c.refuted
	}
}

func (c *checker) watch(l literal, id int32, other literal) {
	c.watches[l.not()] = append(c.watches[l.not()], watch{id, other})
}

func (c *checker) assign(l literal) {
	c.value[l], c.value[l.not()] = 1, -1
	c.trail = append(c.trail, l)
}

// propagate follows what the literals of the trail force, and reports whether a clause has only
// false literals.
func (c *checker) propagate() bool {
	for c.next < len(c.trail) {
		l := c.trail[c.next]
		c.next++
		list, kept := c.watches[l], 0
		for i, w := range list {
			if c.value[w.other] > 0 {
				list[kept] = w
				kept++
				continue
			}
			clause := c.clauses[w.clause]
			if clause == nil {
				continue // it was taken away
			}
			if clause[0] == l.not() {
				clause[0], clause[1] = clause[1], clause[0]
			}
			if c.value[clause[0]] > 0 || !c.rewatch(clause, w.clause) {
				list[kept] = watch{w.clause, clause[0]}
				kept++
				switch c.value[clause[0]] {
				case 0:
					c.assign(clause[0])
				case -1:
					kept += copy(list[kept:], list[i+1:])
					c.watches[l] = list[:kept]
					return true
				}
			}
		}
		c.watches[l] = list[:kept]
	}
	return false
}

// rewatch makes a clause watch another literal than its second, if there is one that is not false.
func (c *checker) rewatch(clause []literal, id int32) bool {
	for k := 2; k < len(clause); k++ {
		if c.value[clause[k]] >= 0 {
			clause[1], clause[k] = clause[k], clause[1]
			c.watch(clause[1], id, clause[0])
			return true
		}
	}
	return false
}

// follows reports whether the clauses force a contradiction if all literals of the two lists but
// the one that is left out are false. What was forced by the way is forgotten.
func (c *checker) follows(list, more []literal, without ...literal) bool {
	mark := len(c.trail)
	defer func() {
		for _, l := range c.trail[mark:] {
			c.value[l], c.value[l.not()] = 0, 0
		}
		c.trail, c.next = c.trail[:mark], mark
	}()
	for _, part := range [][]literal{list, more} {
		for _, l := range part {
			switch {
			case slices.Contains(without, l) || c.value[l] < 0:
			case c.value[l] > 0:
				return true
			default:
				c.assign(l.not())
			}
		}
	}
	return c.propagate()
}

// defines reports whether a clause is a resolution asymmetric tautology in its first literal.
func (c *checker) defines(list []literal) bool {
	if len(list) == 0 {
		return false
	}
	pivot := list[0].not()
	for _, id := range c.occurs[pivot] {
		if c.clauses[id] != nil && !c.follows(list, c.clauses[id], pivot) {
			return false
		}
	}
	return true
}

// remove takes a clause away, and returns how many.
func (c *checker) remove(list []literal) int {
	list = slices.Clone(list)
	slices.Sort(list)
	list = slices.Compact(list)
	h := hash(list)
	for i, id := range c.byHash[h] {
		clause := c.clauses[id]
		if len(clause) != len(list) || c.forces(clause) {
			continue
		}
		sorted := slices.Clone(clause)
		slices.Sort(sorted)
		if !slices.Equal(sorted, list) {
			continue
		}
		c.clauses[id] = nil
		c.byHash[h] = slices.Delete(c.byHash[h], i, i+1)
		if len(c.byHash[h]) == 0 {
			delete(c.byHash, h)
		}
		return 1
	}
	return 0
}

// forces reports whether all literals of a clause but one are false, and that one is true: it may
// have been forced by the clause.
func (c *checker) forces(clause []literal) bool {
	truths := 0
	for _, l := range clause {
		if c.value[l] == 0 {
			return false
		}
		if c.value[l] > 0 {
			truths++
		}
	}
	return truths == 1
}
