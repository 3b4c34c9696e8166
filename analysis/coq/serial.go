package coq

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// Serial is the theorem about a family that hands on a state from step to step: for every number of steps.
type Serial struct {
	Symbol string    // of the number of steps: T, or n if there is one for each position
	Level  int       // bounds the depth of a step
	Gates  poly.Poly // bounds how many gates a step has
	// LastLevel and LastGates are how much more the last step may have.
	LastLevel int
	LastGates poly.Poly
}

// about is what the theorem says, alone or after that of the program.
func (s *Serial) about(alone bool) string {
	text := "   For every number T of steps, the chain of the circuits of the steps is well formed, keeps to these bounds on\n" +
		"   depth and size, and computes what the steps mean, one after another: chained in Stage.v. These are\n" +
		"   bounds of the circuit as it is unrolled here. They say nothing of the function, which other circuits\n" +
		"   may compute in less depth."
	if s.Symbol == "n" {
		text += " There is a step for each position of the sequence, so T is its length;\n" +
			"   the steps are the same for every n of the library."
	} else {
		text += " The theorem is for every choice of the numbers that are others for each\n" +
			"   step, T or n."
	}
	if !alone {
		return "\n\n" + text
	}
	return text
}

// serial is the theorem about the steps of a family, with some values; nothing if it has no steps.
func (c *Certificate) serial(family Family, s lower.Strategy, members []int) (string, error) {
	w, err := stepwiseOf(family)
	if err != nil || w == nil {
		return "", err
	}
	if len(members) == 0 {
		return "", w.refuse("no member is given")
	}
	n, sizes := members[min(1, len(members)-1)], [][2]int{{1, 2}, {1, 3}} // positions, if there is a step for each
	if w.repeat.Scan {
		n = 1
	} else {
		sizes = nil
		for _, n := range members {
			sizes = append(sizes, [2]int{n, 3})
		}
	}
	all, err := w.stagesOf(s, sizes)
	if err != nil {
		return "", err
	}
	examples, err := all.examples(n)
	if err != nil {
		return "", err
	}
	level, gates, more, extra := all.bounds()
	c.Serial = &Serial{w.symbol(), level, gates.poly(), more, extra.poly()}
	text := all.String()
	if known := recurrentOf(all); known != nil {
		c.Textbook, c.Definitions, c.modules = known.name, known.file(), known.modules
		text += known.stepsText(level, gates, more, extra)
	}
	return text + examples, nil
}

// Depth bounds the depth of all steps.
func (s *Serial) Depth() poly.Poly {
	return s.all(poly.Int(int64(s.Level)), poly.Int(int64(s.LastLevel)))
}

// Size bounds the gates of all steps.
func (s *Serial) Size() poly.Poly { return s.all(s.Gates, s.LastGates) }

func (s *Serial) all(each, more poly.Poly) poly.Poly {
	return each.Times(poly.Symbol(s.Symbol)).Plus(more)
}

// stepwise is a program that is read for every number of steps, and its members with a number of them.
type stepwise struct {
	open   *program.Program
	repeat *program.Repeated
	member func(n, steps int) (*program.Program, error)
}

// stepwiseOf reads a family for every number of steps; nil if it has none.
func stepwiseOf(family Family) (*stepwise, error) {
	spec, ok := family.(compile.Spec)
	if !ok {
		return nil, nil
	}
	parameter, _ := spec.Steps()
	w := &stepwise{}
	var err error
	switch parameter {
	case "steps":
		w.open, err = spec.OpenSteps()
		w.member = func(n, steps int) (*program.Program, error) { return spec.With("steps", steps).Program(n) }
	case "n":
		w.open, err = spec.OpenProgram()
		w.member = func(_, steps int) (*program.Program, error) { return spec.Program(steps) }
	default:
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for k := range w.open.Repeats() {
		if r := &w.open.Repeats()[k]; r.Open {
			if w.repeat != nil || r.Before > 0 {
				return nil, w.refuse("its steps read all that came before")
			}
			w.repeat = r
		}
	}
	if w.repeat == nil && parameter == "n" {
		return nil, nil
	}
	if w.repeat == nil || len(w.open.Stands()) > 0 {
		return nil, w.refuse("its steps read all that came before")
	}
	return w, nil
}

func (w *stepwise) refuse(format string, args ...any) error {
	return &NotWrittenError{Program: w.open.Name(), Reason: fmt.Sprintf(format, args...)}
}

// symbol is that of the number of steps.
func (w *stepwise) symbol() string {
	if w.repeat.Scan {
		return "n"
	}
	return w.repeat.Symbol
}

// through looks through copies of a state.
func through(n *program.Node) *program.Node {
	for n.Op == program.OpGather && n.Note == "state" {
		n = n.Arg(0)
	}
	return n
}

// proper are the operations from lo up to hi that are no inputs.
func proper(p *program.Program, lo, hi int) []int {
	var list []int
	for id := lo; id < hi; id++ {
		if op := p.Nodes()[id].Op; op != program.OpInput && op != program.OpTokens {
			list = append(list, id)
		}
	}
	return list
}

// part is what a step does: its operations, between two numbers of the open program.
type part struct {
	*translator
	lo, hi int
	ends   bool // it is the last step, with all that comes after the steps
	shared []port
	fresh  []port
	out    []*program.Node // the state after the step

	sharedInputs []int
}

// same reports whether two parts do the same.
func (p *part) same(q *part) bool {
	text := func(a, b operation) bool { return a.text == b.text }
	name := func(a, b parameter) bool { return a.name == b.name }
	return slices.EqualFunc(p.term.operations, q.term.operations, text) &&
		slices.EqualFunc(p.term.parameters, q.term.parameters, name)
}

// within finds the operations of step t in a member, up to the last ones for a part that ends, and those before all
// steps.
func (w *stepwise) within(m *program.Program, t int, p *part) (first, lo, hi int, err error) {
	for k := range m.Repeats() {
		r := &m.Repeats()[k]
		if r.Name != w.repeat.Name {
			continue
		}
		lo, hi = r.End, r.Last
		if starts, each, ok := r.Copies(m); ok && t < r.Count {
			lo, hi = starts[t], starts[t]+each
		}
		if p.ends {
			hi = len(m.Nodes())
		}
		return r.First, lo, hi, nil
	}
	return 0, 0, 0, w.refuse("step %d of a member is not found", t+1)
}

// twin is an operation of a part in step t of a member.
func (w *stepwise) twin(p *part, m *program.Program, t, id int) (*program.Node, error) {
	first, lo, hi, err := w.within(m, t, p)
	if err != nil {
		return nil, err
	}
	mine, theirs := proper(w.open, p.lo, p.hi), proper(m, lo, hi)
	if id < w.repeat.First {
		mine, theirs = proper(w.open, 0, w.repeat.First), proper(m, 0, first)
	}
	k := slices.Index(mine, id)
	if k < 0 || len(mine) != len(theirs) || m.Nodes()[theirs[k]].Op != w.open.Nodes()[id].Op {
		return nil, w.refuse("step %d of a member has other operations", t+1)
	}
	return &m.Nodes()[theirs[k]], nil
}

// part translates the operations from lo up to hi. The step gets the values of state, and makes those of out. The
// members, each for some n and number of steps, say how elements are arranged.
func (w *stepwise) part(
	lo, hi int, ends bool, state, out []int, members [][2]int, tables []string, s lower.Strategy,
) (*part, error) {
	t := &translator{
		open: w.open, number: make([]int, len(w.open.Nodes())), made: map[aside]int{}, plan: lower.PlanOf(w.open, s),
		term: &term{open: w.open, tables: tables}, copied: w.repeat.First, shift: lo - w.repeat.First,
	}
	p := &part{translator: t, lo: lo, hi: hi, ends: ends}
	var list []*program.Program
	for _, m := range members {
		member, err := w.member(m[0], m[1])
		if err != nil {
			return nil, err
		}
		list = append(list, member)
	}
	var failed error
	t.twins = func(n *program.Node) (twins []*program.Node) {
		for i, m := range list {
			steps := []int{members[i][1] - 1}
			if !p.ends {
				steps = sequence(members[i][1] - 1)
			}
			for _, step := range steps {
				twin, err := w.twin(p, m, step, n.ID)
				if err != nil {
					failed = err
					return nil
				}
				twins = append(twins, twin)
			}
		}
		return twins
	}
	r := &reading{stepwise: w, part: p, seen: slices.Clone(state)}
	nodes := w.open.Nodes()
	for _, id := range out {
		if err := r.visit(id); err != nil {
			return nil, err
		}
		p.out = append(p.out, &nodes[id])
	}
	r.number(state)
	for _, id := range r.needed {
		if err := t.write(&nodes[id]); err != nil {
			return nil, &NotWrittenError{Program: w.open.Name(), Operation: nodes[id].String(), Reason: err.Error()}
		}
	}
	for _, id := range out {
		t.term.results = append(t.term.results, t.number[id])
	}
	return p, failed
}

// reading is what a step needs.
type reading struct {
	*stepwise
	*part
	seen   []int
	needed []int // operations
	inputs []int // of all steps
	own    []int // inputs of its own
	again  []int // values that are what it reads at its position
}

// visit notes what a value needs.
func (r *reading) visit(id int) error {
	if slices.Contains(r.seen, id) {
		return nil
	}
	r.seen = append(r.seen, id)
	nodes := r.stepwise.open.Nodes()
	n := &nodes[id]
	switch {
	case n.Op == program.OpInput || n.Op == program.OpTokens:
		if id < r.repeat.First {
			r.inputs = append(r.inputs, id)
		} else {
			r.own = append(r.own, id)
		}
		return nil
	case r.repeat.Scan && id == r.lo && n.Op == program.OpGather && n.Arg(0).Op == program.OpInput:
		r.own = append(r.own, id) // what the step reads at its position
		return nil
	case r.ends && r.repeat.Scan && alikeGathers(r.translator, n, &nodes[r.lo]):
		r.again = append(r.again, id)
		return r.visit(r.lo)
	case id >= r.repeat.First && id < r.lo:
		return r.refuse("a step reads more of the steps before it than a state")
	}
	for _, a := range n.Args {
		if err := r.visit(a); err != nil {
			return err
		}
	}
	r.needed = append(r.needed, id)
	return nil
}

// number numbers the inputs of a step, then the state, and puts all that it needs in order.
func (r *reading) number(state []int) {
	nodes, t := r.stepwise.open.Nodes(), r.translator
	slices.Sort(r.inputs)
	slices.Sort(r.own)
	slices.Sort(r.needed)
	put := func(id int, in port) {
		t.number[id] = len(t.term.inputs)
		t.term.inputs = append(t.term.inputs, in)
	}
	for _, id := range r.inputs {
		r.sharedInputs = append(r.sharedInputs, id)
		r.shared = append(r.shared, portOf(&nodes[id]))
		put(id, portOf(&nodes[id]))
	}
	for _, id := range r.own {
		read := nodes[id]
		if read.Op == program.OpGather {
			read = *read.Arg(0)
			read.Shape = nodes[id].Shape
		}
		r.fresh = append(r.fresh, portOf(&read))
		put(id, portOf(&read))
	}
	for _, id := range state {
		put(id, port{shape: nodes[id].Shape})
	}
	for _, id := range r.again {
		t.number[id] = t.number[r.lo]
	}
}

// alikeGathers reports whether two values are the same elements of an input in all members.
func alikeGathers(t *translator, n, m *program.Node) bool {
	if n.Op != program.OpGather || m.Op != program.OpGather || shapeText(n.Shape) != shapeText(m.Shape) {
		return false
	}
	return slices.EqualFunc(t.twins(n), t.twins(m), func(a, b *program.Node) bool {
		from, list := gathered(a)
		same, other := gathered(b)
		return from.Op == program.OpInput && from.Name == same.Name && slices.Equal(list, other)
	})
}

// gathered says which elements of a value a Gather, or several of them, collect.
func gathered(n *program.Node) (from *program.Node, list []int32) {
	list = slices.Clone(n.Index)
	for n = n.Arg(0); n.Op == program.OpGather; n = n.Arg(0) {
		for k, i := range list {
			list[k] = n.Index[i]
		}
	}
	return n, list
}

// handed is the code of a value that a step hands on.
func (t *translator) handed(n *program.Node) (port, error) {
	lo, jumps := n.Asked.Lo, slices.Repeat([]int64{1}, int(max(0, min(n.Asked.Hi-n.Asked.Lo, 1<<16))))
	switch {
	case n.Op == program.OpStep && t.fixed(n):
		lo, jumps = n.Steps.Base, n.Steps.Jump
	case n.Op == program.OpStep && n.Even, n.Op == program.OpQuotient, n.Op == program.OpRootQuotient:
	default:
		return port{}, fmt.Errorf("its state %s is no value of thresholds", n.String())
	}
	if t.plan.Facts[n.ID].Code != lower.Thermometer {
		return port{}, fmt.Errorf("its state %s is in another code than thermometers", n.String())
	}
	text := fmt.Sprintf("thermometers %s %s %d", shapeText(n.Shape), intText(lo), len(jumps))
	if slices.ContainsFunc(jumps, func(j int64) bool { return j != 1 }) {
		text = fmt.Sprintf("staircases %s %s %s", shapeText(n.Shape), intText(lo), intsText(jumps))
	}
	return port{shape: n.Shape, literals: len(jumps), text: text}, nil
}

// begun is the code of a value of the first state: an input, or a constant, of which there is nothing to read.
func begun(n *program.Node) (port, error) {
	n = through(n)
	switch {
	case n.Op == program.OpInput || n.Op == program.OpTokens:
		return portOf(n), nil
	case n.Op == program.OpConst && len(n.Data) > 0 && len(slices.Compact(slices.Clone(n.Data))) == 1:
		text := fmt.Sprintf("thermometers %s %s 0", shapeText(n.Shape), intText(n.Data[0]))
		return port{shape: n.Shape, text: text}, nil
	}
	return port{}, fmt.Errorf("its first state is computed")
}
