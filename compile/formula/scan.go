package formula

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// A scan is read copy by copy, as long as it takes to see how it goes on. The levels in a copy follow
// from the levels of the state by maxima, by comparisons of two levels, and by adding constants. If
//
//   - the state has the same kinds of literals as P and as 2P copies before,
//   - each of its levels rose by as much in the last P copies as in the P copies before,
//   - each comparison had the same outcome in both, and its two sides do not come closer, or were equal and
//     stayed so,
//
// then by induction the next P copies do the same, and so on for ever.

// mostCopies is how many copies are read to see how a scan goes on.
const mostCopies = 400

// copies is the record of the copies of a scan.
type copies struct {
	r     *reader
	rep   *program.Repeated
	each  int
	first []int           // by copy of the program: its first operation
	state []int           // values of the state after the last copy that was read
	body  [][]int         // by copy: its values
	looks []look          // at the state: before the first copy, and after each
	tests [][]int         // by copy: differences of levels that were compared
	pre   map[int]int     // values of the operations before the scan
	old   int             // how many those are
	olds  map[*group]int  // numbers of the groups in them, from 1 on
	moved map[string]bool // the arrangements of those values
	end   []int           // by copy: depth of the whole, if it is the last copy
	after [][]int         // by copy: the values after the scan, if it is the last copy
	ended [][]int         // by copy: differences of levels that were compared after the scan
	out   []Output
	again int // the last copies, as many as this, come again and again
}

// look is what decides how a scan goes on from a state.
type look struct {
	shape  string // everything except levels, and what is from before the scan
	before string // which codes and groups are from before the scan
	levels []int
}

// scan reads a program with a scan.
func (r *reader) scan(f *Costs, rep *program.Repeated) error {
	c, err := r.copies(rep)
	if err != nil {
		return err
	}
	c.costs(f)
	return nil
}

// copies reads a program with an open repeat.
func (r *reader) copies(rep *program.Repeated) (*copies, error) {
	first, each, ok := rep.Copies(r.p)
	if !ok {
		return nil, fmt.Errorf("compile: the copies of scan %q differ in their operations", rep.Name)
	}
	c := &copies{r: r, rep: rep, each: each, first: first, pre: map[int]int{}}
	for id := range rep.First {
		n := &r.p.Nodes()[id]
		c.pre[id] = r.read(n, c.mapped(n.Args, c.pre))
	}
	c.old, c.olds, c.moved = len(r.values), map[*group]int{}, map[string]bool{}
	for _, v := range r.values {
		for _, p := range v.parts {
			if c.olds[p.g] == 0 {
				c.olds[p.g] = len(c.olds) + 1
			}
			for _, w := range p.vars {
				c.moved[w.moved] = true
			}
		}
	}
	for _, id := range rep.States[0] {
		c.state = append(c.state, c.pre[id])
	}
	c.look()
	for c.again == 0 {
		if len(c.body) == mostCopies {
			return nil, fmt.Errorf("compile: after %d copies of scan %q it is not clear how its depth goes on", mostCopies, rep.Name)
		}
		if err := c.copy(); err != nil {
			return nil, err
		}
		if err := c.finish(); err != nil {
			return nil, err
		}
		c.again = c.period()
	}
	return c, nil
}

func (c *copies) mapped(args []int, to map[int]int) []int {
	out := make([]int, len(args))
	for k, a := range args {
		out[k] = to[a]
	}
	return out
}

// stateOf returns which state a value of the program is, −1 if it is none. If it is several states that are not one
// value after the copies that were read, it is not known which of them is meant.
func (c *copies) stateOf(states []int, id int) (int, error) {
	first := slices.Index(states, id)
	for k, other := range states {
		if other == id && c.state[k] != c.state[first] {
			return -1, fmt.Errorf("compile: two states of scan %q become one: which of them is read?", c.rep.Name)
		}
	}
	return first, nil
}

// watch notes the differences of levels that are compared during f.
func (c *copies) watch(f func() error) (differences []int, err error) {
	c.r.plan.Compared = func(a, b int) {
		differences = append(differences, a-b)
		c.r.compared[c.r.at] = append(c.r.compared[c.r.at], [2]int{a, b})
	}
	err = f()
	c.r.plan.Compared = nil
	return differences, err
}

// read reads an operation into the values here. What its operands are is for find to say.
func (c *copies) read(id int, here map[int]int, find func(id int) (int, error)) error {
	n := &c.r.p.Nodes()[id]
	args := make([]int, len(n.Args))
	for k, a := range n.Args {
		var err error
		if args[k], err = find(a); err != nil {
			return err
		}
	}
	here[id] = c.r.read(n, args)
	return c.r.err
}

// copy reads one more copy of the body. After the copies of the program, the last ones come again.
func (c *copies) copy() error {
	t := len(c.body)
	if t >= c.rep.Count {
		t = c.rep.Count - c.rep.Period + (t-c.rep.Count)%c.rep.Period
	}
	again, here := t < len(c.body), map[int]int{}
	find := func(id int) (int, error) {
		if v, ok := here[id]; ok {
			return v, nil
		}
		k, err := c.stateOf(c.rep.States[t], id)
		if err != nil {
			return 0, err
		}
		if k >= 0 {
			if again && id < c.rep.First && c.state[k] != c.pre[id] { // the state, or its first value?
				return 0, fmt.Errorf("compile: the body of scan %q reads its first state for ever", c.rep.Name)
			}
			return c.state[k], nil
		}
		if v, ok := c.pre[id]; ok {
			return v, nil
		}
		return 0, fmt.Errorf("compile: the body of scan %q reads a value of an earlier copy that is not its state", c.rep.Name)
	}
	var body, state []int
	differences, err := c.watch(func() error {
		for k := range c.each {
			id := c.first[t] + k
			if err := c.read(id, here, find); err != nil {
				return err
			}
			body = append(body, here[id])
		}
		for _, id := range c.rep.States[t+1] {
			v, err := find(id)
			if err != nil {
				return err
			}
			state = append(state, v)
		}
		return nil
	})
	c.body, c.tests, c.state = append(c.body, body), append(c.tests, differences), state
	c.look()
	return err
}

// look describes the state. Groups and arrangements get numbers by their first place in it.
func (c *copies) look() {
	var text, before strings.Builder
	var l look
	groups, moves, codes := map[*group]int{}, map[string]int{}, map[string]int{}
	number := func(g *group) int {
		if _, ok := groups[g]; !ok {
			groups[g] = len(groups)
		}
		return groups[g]
	}
	for _, at := range c.state {
		v := &c.r.values[at]
		f := v.facts
		for _, class := range f.Classes {
			l.levels = append(l.levels, class.Level)
			fmt.Fprint(&text, class.And)
		}
		fmt.Fprint(&text, c.r.thermometer(at), f.Constant, f.Chain, f.Single, f.Alike, v.mass, v.offset, v.n.Op, "(")
		if f.Chain { // whether two of them are of the same literals, arranged alike
			code := fmt.Sprint(f.Origin, f.Moves)
			if _, ok := codes[code]; !ok {
				codes[code] = len(codes)
			}
			fmt.Fprint(&text, "#", codes[code])
			if max(f.Origin, slices.Max(append(f.Moves[:len(f.Moves):len(f.Moves)], 0))) < c.old {
				fmt.Fprint(&before, code)
			}
		}
		fmt.Fprint(&before, ";")
		if f.Chain && len(v.parts) == 1 {
			fmt.Fprint(&text, number(v.parts[0].g))
		}
		for _, p := range v.parts {
			l.levels = append(l.levels, p.g.class.Level)
			fmt.Fprint(&before, c.olds[p.g], ",")
			fmt.Fprint(&text, number(p.g), p.g.class.And, p.g.logic, p.g.fanIn, p.g.mass, p.g.size())
			for i, w := range p.vars {
				fmt.Fprint(&text, p.g.axes[i].size)
				if _, ok := moves[w.moved]; !ok {
					moves[w.moved] = len(moves)
				}
				fmt.Fprint(&text, w.free, w.few, w.axes, w.exact, moves[w.moved], ",")
				if c.moved[w.moved] {
					fmt.Fprint(&before, w.moved, ",")
				}
			}
		}
	}
	l.shape, l.before = text.String(), before.String()
	c.looks = append(c.looks, l)
}

// finish reads what comes after the scan, as if the copy that was read last were the last one.
func (c *copies) finish() error {
	r := c.r
	pairs := r.pairs
	defer func() { r.pairs = pairs }()
	r.pairs = maps.Clone(pairs)
	here := map[int]int{}
	find := func(id int) (int, error) {
		if v, ok := here[id]; ok {
			return v, nil
		}
		if k, err := c.stateOf(c.rep.States[c.rep.Count], id); k >= 0 || err != nil {
			return c.state[max(k, 0)], err
		}
		if v, ok := c.pre[id]; ok {
			return v, nil
		}
		return 0, fmt.Errorf("compile: a value inside scan %q is read outside", c.rep.Name)
	}
	var after []int
	depth := 0
	var out []Output
	differences, err := c.watch(func() error {
		for id := c.rep.End; id < len(r.p.Nodes()); id++ {
			if err := c.read(id, here, find); err != nil {
				return err
			}
			after = append(after, here[id])
		}
		for _, o := range r.p.Results() {
			v, err := find(o.Value)
			if err != nil {
				return err
			}
			live(r.values[v].parts)
			depth = r.plan.Level([]lower.Class{{Level: depth}}, r.values[v].facts.Classes)
			out = append(out, r.output(o.Name, v))
		}
		c.out = either(c.out, out)
		return nil
	})
	c.after, c.end, c.ended = append(c.after, after), append(c.end, depth), append(c.ended, differences)
	return err
}

// period returns the least P for which the last copies repeat for ever; 0 if none is seen yet.
func (c *copies) period() int {
	last := len(c.looks) - 1
	for p := c.rep.Period; 2*p <= last && last-2*p >= c.rep.Count-c.rep.Period; p += c.rep.Period {
		a, b, now := c.looks[last-2*p], c.looks[last-p], c.looks[last]
		if a.shape != b.shape || b.shape != now.shape || a.before != b.before || b.before != now.before {
			continue
		}
		steady := true
		for k := range now.levels {
			steady = steady && now.levels[k]-b.levels[k] == b.levels[k]-a.levels[k]
		}
		for t := last - p; t < last; t++ {
			steady = steady && apart(c.tests[t-p], c.tests[t]) && apart(c.ended[t-p], c.ended[t])
		}
		if steady {
			return p
		}
	}
	return 0
}

// costs adds up the rows: before the scan, of the first copy, of the others, and after the scan.
func (c *copies) costs(f *Costs) {
	r := c.r
	c.liveTogether(c.body)
	c.liveTogether(c.after)
	once := c.rep.Count > 1
	rows := c.rows(once)
	for at := range len(c.pre) {
		f.add(c.shared(r.operation(at), rows, at))
	}
	if once {
		for _, at := range c.body[0] {
			f.add(c.shared(r.operation(at), rows, at))
		}
	}
	for k := range c.each {
		var of []int
		for t := range c.body {
			if t > 0 || !once {
				of = append(of, c.body[t][k])
			}
		}
		o := c.greatest(of)
		o = c.shared(o, rows, of...)
		o.Copies = poly.Symbol("n")
		if once {
			o.Copies = o.Copies.Minus(poly.Int(1))
		}
		o.Depth = c.levels(func(t int) int { return c.body[t][k] })
		f.add(o)
	}
	for k := range c.after[0] {
		var of []int
		for t := range c.after {
			of = append(of, c.after[t][k])
		}
		o := c.shared(c.greatest(of), rows, of...)
		o.Depth = c.levels(func(t int) int { return c.after[t][k] })
		f.add(o)
	}
	f.Depth, f.Outputs = line(c.end, c.again, "n"), c.out
	f.Constant = f.Depth.Degree("n") == 0
	nodes := r.p.Nodes()
	for _, state := range c.rep.States {
		for k, id := range state {
			// What comes after the scan may go by whether the state is one-hot.
			if last := c.rep.States[c.rep.Count][k]; nodes[id].OneHot != nodes[last].OneHot {
				f.From = max(f.From, int64(c.rep.Count))
			}
		}
	}
}

// rows returns, by value, the operation whose row it counts in: the one of the program, or of the second copy of
// the body for all copies but the first.
func (c *copies) rows(once bool) []int {
	rows := make([]int, len(c.r.values))
	for at := range rows {
		rows[at] = c.r.values[at].n.ID
	}
	for t, body := range c.body {
		for k, at := range body {
			if t > 0 || !once {
				rows[at] = c.first[min(1, len(c.first)-1)] + k
			}
		}
	}
	return rows
}

// shared notes in a row which rows have gates that its values need, too.
func (c *copies) shared(o Operation, rows []int, of ...int) Operation {
	set := map[int]bool{}
	for _, at := range of {
		for _, by := range c.r.shares[at] {
			set[rows[by]] = rows[by] != o.ID
		}
	}
	for _, id := range sorted(set) {
		if set[id] {
			o.Shares = append(o.Shares, id)
		}
	}
	return o
}

// levels returns the line above the levels of one value by copy.
func (c *copies) levels(at func(t int) int) poly.Poly {
	var levels []int
	for t := range c.body {
		levels = append(levels, c.r.values[at(t)].level())
	}
	return line(levels, c.again, "n")
}

// liveTogether makes a group live if the group at its place in another copy is.
func (c *copies) liveTogether(all [][]int) {
	for k := range all[0] {
		groups := 0
		for t := range all {
			groups = max(groups, len(c.r.values[all[t][k]].made))
		}
		for i := range groups {
			any := false
			for t := range all {
				made := c.r.values[all[t][k]].made
				any = any || len(made) != groups || made[i].live
			}
			for t := range all {
				if made := c.r.values[all[t][k]].made; any && i < len(made) {
					made[i].live = true
				}
			}
		}
	}
}

// greatest returns the row of one operation, with costs that are at least those of each copy. It is the row
// of the first of them, however many were read.
func (c *copies) greatest(of []int) Operation {
	o := c.r.operation(of[0])
	for _, at := range of {
		p := c.r.operation(at)
		o.Gates, o.Wires = poly.Max(o.Gates, p.Gates), poly.Max(o.Wires, p.Wires)
		o.Weight, o.MostWeight = poly.Max(o.Weight, p.Weight), poly.Max(o.MostWeight, p.MostWeight)
		o.Adds = poly.Max(o.Adds, p.Adds)
		o.Indices = max(o.Indices, p.Indices)
		o.FanIn, o.Counting = poly.Max(o.FanIn, p.FanIn), poly.Max(o.Counting, p.Counting)
	}
	return o
}
