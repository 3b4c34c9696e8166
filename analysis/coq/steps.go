package coq

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// stages are the steps of a serial model: what all do but the first and the last, and what these do if it is another
// thing.
type stages struct {
	*stepwise
	next, first, last *part // first and last are nil if they do the same
	begins, hands     []port
	answer            []int // the values that the last step puts out
}

// stagesOf translates the steps of a serial model. The members are for some n and numbers of steps.
func (w *stepwise) stagesOf(s lower.Strategy, members [][2]int) (*stages, error) {
	r, out := w.repeat, &stages{stepwise: w}
	starts, each, ok := r.Copies(w.open)
	if !ok || r.Period > 1 {
		return nil, w.refuse("its steps differ")
	}
	k := r.Count - 1
	var err error
	out.next, err = w.part(starts[k], starts[k]+each, false, r.States[k], r.States[k+1], members, nil, s)
	if err != nil {
		return nil, err
	}
	tables := out.next.term.tables
	first, err := w.part(starts[0], starts[0]+each, false, r.States[0], r.States[1], members, tables, s)
	if err != nil {
		return nil, err
	}
	// The functions of steps stand on the range of their operands, which is smaller in the first step of a scan.
	if !r.Scan && !first.same(out.next) {
		out.first = first
	}
	end := r.States[r.Count]
	var results []int
	for _, result := range w.open.Results() {
		results = append(results, through(&w.open.Nodes()[result.Value]).ID)
	}
	nodes := len(w.open.Nodes())
	for _, id := range results {
		if at := slices.Index(end, id); at >= 0 {
			out.answer = append(out.answer, out.next.term.results[at])
		}
	}
	switch {
	case r.Last > 0:
		out.last, err = w.part(r.End, nodes, true, end, results, members, tables, s)
	case len(out.answer) < len(results): // they are computed from the last state
		out.last, err = w.part(starts[k], nodes, true, r.States[k], results, members, tables, s)
	}
	if err != nil {
		return nil, err
	}
	if out.first != nil && out.last != nil {
		return nil, w.refuse("both its first step and its last one differ")
	}
	for k, id := range r.States[0] {
		in, err := begun(&w.open.Nodes()[id])
		if err != nil {
			return nil, w.refuse("%v", err)
		}
		at := through(&w.open.Nodes()[id]).ID
		if in.literals > 0 && slices.ContainsFunc(out.next.sharedInputs, func(k int) bool { return k >= at }) {
			return nil, w.refuse("its first state is no input after those that all steps read")
		}
		out.begins = append(out.begins, in)
		if in, err = out.next.handed(out.next.out[k]); err != nil {
			return nil, w.refuse("%v", err)
		}
		out.hands = append(out.hands, in)
	}
	for _, p := range []*part{out.first, out.last} {
		if p != nil && !slices.EqualFunc(p.shared, out.next.shared, func(a, b port) bool { return a.text == b.text }) {
			return nil, w.refuse("its first step, or the last one, reads other inputs")
		}
	}
	return out, nil
}

// parts are those that differ.
func (s *stages) parts() (list []*part) {
	for _, p := range []*part{s.next, s.first, s.last} {
		if p != nil {
			list = append(list, p)
		}
	}
	return list
}

// at is what step t of some does.
func (s *stages) at(t, steps int) *part {
	switch {
	case s.last != nil && t == steps-1:
		return s.last
	case s.first != nil && t == 0:
		return s.first
	}
	return s.next
}

// bounds are the greatest depth and number of gates of a step, with the first state or another one, and how much more
// the last step has.
func (s *stages) bounds() (level int, gates count, more int, extra count) {
	of := func(list ...*part) (level int, gates count) {
		for _, p := range list {
			if p == nil {
				continue
			}
			for _, state := range [][]port{s.begins, s.hands} {
				with := *p.term
				with.inputs = slices.Concat(p.shared, p.fresh, state)
				l, g := with.bounds()
				level, gates = max(level, l), gates.atLeast(g)
			}
		}
		return level, gates
	}
	level, gates = of(s.next, s.first)
	last, most := of(s.last)
	for k, c := range gates.atLeast(most) {
		extra = append(extra, new(big.Int).Set(c))
		if k < len(gates) {
			extra[k].Sub(c, gates[k])
		}
	}
	for len(extra) > 0 && extra[len(extra)-1].Sign() == 0 {
		extra = extra[:len(extra)-1]
	}
	return level, gates, max(0, last-level), extra
}

// atLeast has the greater ones of the coefficients of two polynomials.
func (p count) atLeast(q count) count {
	if len(p) < len(q) {
		p, q = q, p
	}
	out := slices.Clone(p)
	for k, c := range q {
		if out[k].Cmp(c) < 0 {
			out[k] = c
		}
	}
	return out
}

// binders are the parameters of all parts with their types: numbers for each step.
func (s *stages) binders() (typed, names string) {
	for k, p := range s.parts() {
		for _, q := range p.term.parameters {
			typed += fmt.Sprintf(" (%s%s : nat -> %s)", prefixes[k], q.name, q.kind)
			names += " " + prefixes[k] + q.name
		}
	}
	return typed, names
}

// prefixes tell the parameters of parts apart.
var prefixes = []string{"", "other_", "also_"}

// either is a text that is another one for the first or the last step.
func (s *stages) either(text func(p *part) string) string {
	out := text(s.next)
	if s.first != nil && text(s.first) != out {
		out = fmt.Sprintf("match t with O => %s | S _ => %s end", text(s.first), out)
	}
	if s.last != nil && text(s.last) != out {
		out = fmt.Sprintf("if (S t =? T)%%nat then %s else %s", text(s.last), out)
	}
	return "(" + out + ")"
}

// String is the definition of the steps, and the theorem.
func (s *stages) String() string {
	var b strings.Builder
	level, gates, more, extra := s.bounds()
	bound := func(b string, extra string, none bool) string {
		if none {
			return b
		}
		return b + " + " + extra
	}
	list := func(ports []port) string { return listText(ports, func(in port) string { return in.text }) }
	for k, text := range s.next.term.tables {
		fmt.Fprintf(&b, "Definition M%d : list (list Z) := %s.\n", k+1, text)
	}
	called := func(k int) string { return []string{"operations", "other_operations", "also_operations"}[k] }
	for k, p := range s.parts() {
		for _, q := range p.term.parameters {
			fmt.Fprintf(&b, "(* %s: %s, for each step *)\n", q.name, commentText(q.what))
		}
		fmt.Fprintf(&b, "Definition %s%s : list op := [%s\n].\n", called(k), p.term.binders(), p.term.text())
	}
	typed, names := s.binders()
	operations := func(p *part) string {
		k := slices.Index(s.parts(), p)
		text := called(k)
		for _, q := range p.term.parameters {
			text += fmt.Sprintf(" (%s%s t)", prefixes[k], q.name)
		}
		return text
	}
	results := s.either(func(p *part) string { return numbersText(p.term.results) })
	if s.last == nil && !slices.Equal(s.answer, s.next.term.results) {
		results = fmt.Sprintf("(if (S t =? T)%%nat then %s else %s)", numbersText(s.answer),
			numbersText(s.next.term.results))
	}
	fmt.Fprintf(&b, "\n(* Step t of T. All steps share the inputs that are shared. *)\n"+
		"Definition shared : list input := %s.\nDefinition steps%s (T t : nat) : stage := mkStage\n  %s\n"+
		"  match t with O => %s | S _ => %s end\n  %s\n  %s.\n", list(s.next.shared), typed,
		s.either(func(p *part) string { return list(p.fresh) }), list(s.begins), list(s.hands), s.either(operations),
		results)
	fmt.Fprintf(&b, "\n(* For every number T of steps: depth at most %s, and at most %s gates. *)\n"+
		"Theorem every_step : forall%s (T : nat), (1 <= T)%%nat ->\n  chained shared (steps%s T) T %d %s %d %s.\n"+
		"Proof. intros. apply chained_ok; [assumption | | |]; intros t L; unfold steps; steps_computed. Qed.\n"+
		"Print Assumptions every_step.\n", bound(fmt.Sprintf("%d * T", level), fmt.Sprint(more), more == 0),
		bound(fmt.Sprintf("(%v) * T", gates.poly()), fmt.Sprint(extra.poly()), len(extra) == 0), typed, names, level,
		gates.term(), more, extra.term())
	return b.String()
}

// examples are what the integer reference computes for 1, 2 and 3 steps.
func (s *stages) examples(n int) (string, error) {
	r := rand.New(rand.NewPCG(3, 4))
	var b strings.Builder
	b.WriteString("\n(* On some inputs: what the integer reference of tc0 computes. *)\n")
	for steps := 1; steps <= 3; steps++ {
		m, err := s.member(n, steps)
		if err != nil {
			return "", err
		}
		chosen, err := s.chosen(m, steps)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "Definition steps_%[1]d : nat -> stage := steps%[2]s %[1]d.\n", steps, chosen)
		for k := range min(3, s.next.term.examplesAt(n)/steps) {
			values, wires := inputs(m, r)
			out, err := m.Reference(values)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&b, "Example after_%[1]d_%[2]d : after shared steps_%[1]d %[3]d (bits %[4]s) %[1]d =\n  %[5]s.\nProof. computed. Qed.\n",
				steps, k+1, n, bitsText(wires), intsText(elements(m, out)))
		}
	}
	return b.String(), nil
}

// chosen is a member's choice of all parameters, for each step.
func (s *stages) chosen(m *program.Program, steps int) (string, error) {
	var b strings.Builder
	for _, p := range s.parts() {
		for _, q := range p.term.parameters {
			var list []string
			for t := range steps {
				if s.at(t, steps) != p {
					list = append(list, defaults[q.kind])
					continue
				}
				twin, err := s.twin(p, m, t, q.node)
				if err != nil {
					return "", err
				}
				text, err := q.of(twin)
				if err != nil {
					return "", err
				}
				list = append(list, text)
			}
			fmt.Fprintf(&b, "\n  (* %s *) (fun t => nth t [%s] %s)", q.name, strings.Join(list, "; "), defaults[q.kind])
		}
	}
	return b.String(), nil
}

// defaults stand for parameters that a step does not have.
var defaults = map[string]string{scalar: "0", series: "(fun _ => 0)", array: "(fun _ => 0)"}
