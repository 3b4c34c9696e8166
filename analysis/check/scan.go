package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// An open Scan has a copy of its body for each position. The copies are derived one after another, each from
// the values of the state that the copy before it left, until they come again. What a copy costs, and how much
// higher its levels are than those of its state, follow from the state: from its families and their numbers
// except levels, from which of them are those of the operations before the scan, and from the outcome of each
// comparison of two levels. So the copies come again for ever, with a period P, if
//
//   - the state is the same, levels aside, as P and as 2P copies before,
//   - each level of it has risen by as much in the last P copies as in the P copies before them,
//   - each comparison of levels had the same outcome in those copies, and its sides did not come closer.
//
// For then the next P copies start from the same state, with levels that are higher by the same numbers. Each
// comparison has the same outcome, since the difference of its sides changes by the same number again: away from
// 0, or not at all. So the state that they leave is the same again. A line above the levels that were seen
// stays above them if it rises by as much as the last P copies.

// mostCopies is how many copies are derived until they have to come again.
const mostCopies = 400

// scan is the derivation of a program with an open Scan.
type scan struct {
	*deriver
	of      *program.Repeated
	each    int             // operations of a copy
	before  map[int]int     // the values of the operations before it
	old     int             // how many families there were then
	vias    map[string]bool // the arrangements of them
	state   []int
	looks   []look    // at the state: before the first copy, and after each
	copies  []passing // those that were derived
	depths  []int     // by copy, if it is the last one
	outputs []output
}

// look is what a copy can know of the state that it begins with.
type look struct {
	text   string // everything but levels
	levels []int
}

// passing is what was seen in one copy.
type passing struct {
	values []int // of the body
	after  []int // of the operations after the scan, if this copy is the last one
	gaps   []int // differences of levels that were compared
}

func (d *deriver) scan(rep *program.Repeated) (*scan, error) {
	each, ok := bodyOf(d.open, rep)
	if !ok {
		return nil, fmt.Errorf("the copies of scan %q differ in their operations", rep.Name)
	}
	s := &scan{deriver: d, of: rep, each: each, before: map[int]int{}, vias: map[string]bool{}}
	known := func(id int) (int, error) { return s.before[id], nil }
	if _, err := s.operations(0, rep.First, s.before, known); err != nil {
		return nil, err
	}
	s.old = d.families
	for at := range d.values {
		for _, v := range d.values[at].views {
			for _, p := range v.at {
				s.vias[p.via] = true
			}
		}
	}
	for _, id := range rep.States[0] {
		s.state = append(s.state, s.before[id])
	}
	s.look()
	return s, nil
}

// operations derives the operations from first to end−1, with the values of their operands.
func (s *scan) operations(first, end int, here map[int]int, of func(id int) (int, error)) (all []int, err error) {
	for id := first; id < end; id++ {
		n := &s.open.Nodes()[id]
		var args []int
		for _, a := range n.Args {
			v, err := of(a)
			if err != nil {
				return nil, err
			}
			args = append(args, v)
		}
		here[id] = s.derive(n, args)
		all = append(all, here[id])
	}
	return all, s.err
}

// run derives copies until they come again, and returns their period.
func (s *scan) run() (period int, err error) {
	for len(s.copies) < mostCopies {
		var c passing
		s.compared = func(a, b int) { c.gaps = append(c.gaps, a-b) }
		if err = s.copy(&c); err == nil {
			err = s.end(&c)
		}
		s.compared = nil
		if err != nil {
			return 0, err
		}
		s.copies = append(s.copies, c)
		s.look()
		for p := s.of.Period; len(s.copies)-2*p >= max(0, s.of.Count-s.of.Period); p += s.of.Period {
			if s.steady(p) {
				return p, nil
			}
		}
	}
	return 0, fmt.Errorf("after %d copies of scan %q it is not clear how its depth goes on", mostCopies, s.of.Name)
}

// copy derives one more copy. After those that the program has, the last ones come again.
func (s *scan) copy(c *passing) (err error) {
	t := len(s.copies)
	again := t >= s.of.Count
	if again {
		t = s.of.Count - s.of.Period + (t-s.of.Count)%s.of.Period
	}
	here := map[int]int{}
	find := func(id int) (int, error) {
		v, mine := here[id]
		k, err := s.which(s.of.States[t], id)
		if err != nil {
			return 0, err
		}
		w, earlier := s.before[id]
		switch {
		case mine:
			return v, nil
		case k >= 0 && again && earlier && s.state[k] != w:
			return 0, fmt.Errorf("the body of scan %q reads its first state for ever", s.of.Name)
		case k >= 0:
			return s.state[k], nil
		case earlier:
			return w, nil
		}
		return 0, fmt.Errorf("the body of scan %q reads a value of an earlier copy that is not its state", s.of.Name)
	}
	first := s.of.First + t*s.each
	if c.values, err = s.operations(first, first+s.each, here, find); err != nil {
		return err
	}
	var state []int
	for _, id := range s.of.States[t+1] {
		v, err := find(id)
		if err != nil {
			return err
		}
		state = append(state, v)
	}
	s.state = state
	return nil
}

// which returns the place of a value among the states of the program; −1 if it is not there. At two places there must
// be one value after each number of copies, else the program does not tell which of them is read.
func (s *scan) which(states []int, id int) (int, error) {
	at := -1
	for k, state := range states {
		switch {
		case state != id:
		case at < 0:
			at = k
		case s.state[k] != s.state[at]:
			return -1, fmt.Errorf("two states of scan %q become one value", s.of.Name)
		}
	}
	return at, nil
}

// end derives what comes after the scan, as if the copy that was derived last were the last one.
func (s *scan) end(c *passing) (err error) {
	met := s.met
	defer func() { s.met = met }()
	s.met = maps.Clone(met)
	here := map[int]int{}
	find := func(id int) (int, error) {
		if v, ok := here[id]; ok {
			return v, nil
		}
		if k, err := s.which(s.of.States[s.of.Count], id); k >= 0 || err != nil {
			return s.state[max(k, 0)], err
		}
		if v, ok := s.before[id]; ok {
			return v, nil
		}
		return 0, fmt.Errorf("a value inside scan %q is read outside", s.of.Name)
	}
	if c.after, err = s.operations(s.of.End, len(s.open.Nodes()), here, find); err != nil {
		return err
	}
	depth := 0
	var outputs []output
	for _, o := range s.open.Results() {
		at, err := find(o.Value)
		if err != nil {
			return err
		}
		mark(s.values[at].views)
		depth = s.deeper(depth, s.level(s.values[at].kinds))
		outputs = append(outputs, s.output(o.Name, at))
	}
	s.outputs = common(s.outputs, outputs)
	s.depths = append(s.depths, depth)
	return nil
}

// look describes the state, levels aside. Values and families of the scan get numbers by their first place in it.
// Those from before the scan keep theirs.
func (s *scan) look() {
	var b strings.Builder
	var levels []int
	names := map[string]int{}
	name := func(of any, old bool) any {
		if old {
			return of
		}
		key := fmt.Sprintf("%T%v", of, of)
		if _, ok := names[key]; !ok {
			names[key] = len(names)
		}
		return fmt.Sprint("#", names[key])
	}
	for _, at := range s.state {
		v := &s.values[at]
		fmt.Fprintln(&b, s.counts(v), v.constant, v.single, v.alike, v.weight, v.offset)
		if v.code { // as a whole: two codes of the same literals are arranged alike, or not
			list := append([]int{v.origin}, v.arranged...)
			fmt.Fprint(&b, name(fmt.Sprint(list), slices.Max(list) < len(s.before)), " ")
		}
		for _, k := range v.kinds {
			levels = append(levels, k.level)
			fmt.Fprint(&b, k.and)
		}
		for _, v := range v.views {
			f := v.of
			levels = append(levels, f.level)
			fmt.Fprint(&b, "\n", name(int64(f.number), f.number <= s.old), f.and, f.fanIn, f.weight, f.size())
			for k, p := range v.at {
				fmt.Fprint(&b, f.index[k].size, p.runs, p.few, p.axes, p.different, name(p.via, s.vias[p.via]), ",")
			}
		}
	}
	s.looks = append(s.looks, look{b.String(), levels})
}

// steady reports whether the copies come again with a period.
func (s *scan) steady(period int) bool {
	last := len(s.copies)
	a, b, c := s.looks[last-2*period], s.looks[last-period], s.looks[last]
	if a.text != b.text || b.text != c.text {
		return false
	}
	for k := range c.levels {
		if c.levels[k]-b.levels[k] != b.levels[k]-a.levels[k] {
			return false
		}
	}
	for t := last - period; t < last; t++ {
		before, now := s.copies[t-period].gaps, s.copies[t].gaps
		if !slices.EqualFunc(before, now, noCloser) {
			return false
		}
	}
	return true
}

// noCloser reports whether two levels compare as they did, and do not come closer.
func noCloser(before, now int) bool {
	return before == 0 && now == 0 || before > 0 && now >= before || before < 0 && now <= before
}

// line returns the lowest line with a whole slope that stays above levels by copy, in n: at n copies.
func line(levels []int, period int) polynomial {
	last, rise := len(levels)-1, 0
	for t := last; t > last-period; t-- {
		rise = max(rise, levels[t]-levels[t-period])
	}
	slope := (rise + period - 1) / period
	base := levels[0] - slope
	for t, level := range levels {
		base = max(base, level-slope*(t+1))
	}
	return sum(product(symbol("n"), number(int64(slope))), number(int64(base)))
}

// together marks the families of a place in all copies if those of one copy are marked.
func (s *scan) together(places func(t int) []int) {
	for k := range places(0) {
		made := func(t int) []*family { return s.values[places(t)[k]].made }
		most, same := 0, true
		for t := range s.copies {
			most, same = max(most, len(made(t))), same && len(made(t)) == len(made(0))
		}
		for i := range most {
			live := !same
			for t := range s.copies {
				live = live || made(t)[i].live
			}
			for t := range s.copies {
				if live && i < len(made(t)) {
					made(t)[i].live = true
				}
			}
		}
	}
}
