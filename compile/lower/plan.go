package lower

import (
	"math/bits"
	"slices"

	"github.com/tc0lab/tc0/compile/program"
)

// This file says once what lowering makes for an operation: which literals code its value, on which
// level and of which kind. Lowering follows it element by element. The reading for every n
// (package formula) follows it with the sizes as symbols. What is said here depends on the list of
// operations and on the strategy, and never on a size, a range, or a number that may change with n.
// So it is the same for all members of a family.

// Class is a class of literals. No literal of the class is above its level, and a literal below the level
// is no exception that matters: a gate that reads literals of the class is at most one level above.
type Class struct {
	Level int
	// And says that a gate of the class that was made for it is a conjunction. A product takes in what
	// the gate reads.
	And bool
}

// Code names the code of a quantised value.
type Code uint8

// The codes. A value that is not quantised is a sum and has no code of its own.
const (
	NoCode      Code = iota
	Thermometer      // a literal for each jump
	Binary           // bits over a thermometer: all but the top bit are new literals
	Digits           // several thermometers, the high digit first
)

// Facts are what the plan says of the value of one operation.
type Facts struct {
	// Classes are those of the literals in an element, sorted. If there are none, elements are constants.
	Classes []Class
	// Constant says that the sum of an element may have a constant beside its weighted literals.
	Constant bool
	// Chain says that an element is a function of how many of its literals are 1, which rises or
	// falls. Each comparison of it is one of its literals. Origin is the operation that made the
	// literals, and Moves are the arrangements since: numbers of values.
	Chain  bool
	Origin int
	Moves  []int
	// Single says that each element is one literal or a constant.
	Single bool
	// Alike has, for each axis, whether the elements along it have the same weights and constants.
	Alike []bool
	// Code is the code that the operation makes, with the widths of digits in bits.
	Code   Code
	Widths []int
	// Selected says that a product with one-hot rows makes literals for the element that is picked.
	Selected bool
	// Same says that a product of two codes is another function of the same literals.
	Same bool
}

// Plan is the facts of each value of a program, under a strategy.
type Plan struct {
	Strategy   Strategy
	Multiplied []bool
	Facts      []Facts
	// Value numbers the value that is planned. In the copies of a scan one operation makes several values.
	Value int
	// Compared, unless it is nil, is called with each two levels of which the plan asks which is greater.
	Compared func(a, b int)
}

// NewPlan returns the plan of a program without facts, for a reader that asks for them with [Plan.Of].
func NewPlan(p *program.Program, s Strategy) *Plan {
	return &Plan{Strategy: s, Multiplied: Multiplied(p)}
}

// PlanOf returns the plan of a program.
func PlanOf(p *program.Program, s Strategy) *Plan {
	plan := NewPlan(p, s)
	plan.Facts = make([]Facts, len(p.Nodes()))
	for id := range p.Nodes() {
		n := &p.Nodes()[id]
		x, y := program.Operands(n, plan.Facts)
		plan.Value = id
		plan.Facts[id] = plan.Of(n, x, y)
	}
	return plan
}

// Level returns the greatest level of literals of some classes; 0 if there are none.
func (p *Plan) Level(classes ...[]Class) int {
	level := 0
	for _, c := range slices.Concat(classes...) {
		level = p.deeper(level, c.Level)
	}
	return level
}

// deeper returns the greater of two levels.
func (p *Plan) deeper(a, b int) int {
	if p.Compared != nil {
		p.Compared(a, b)
	}
	return max(a, b)
}

// Of returns the facts of an operation from those of its operands.
func (p *Plan) Of(n *program.Node, x, y Facts) Facts {
	f := Facts{Alike: make([]bool, len(n.Shape)), Origin: p.Value}
	switch n.Op {
	case program.OpInput, program.OpTokens:
		f.Classes, f.Single = []Class{{}}, n.Op == program.OpTokens
		f.allAlike()
	case program.OpConst:
		f.Constant = true
	case program.OpContract:
		p.contract(n, x, y, &f)
	case program.OpStep:
		p.step(n, x, &f)
	case program.OpLookup:
		f.coded(Class{Level: p.Level(x.Classes) + 1})
		f.Chain, f.Constant = false, true
		f.Alike[len(f.Alike)-1] = false // each column has jumps of its own
	case program.OpQuotient, program.OpRootQuotient:
		level := p.Level(x.Classes, y.Classes)
		if n.Op == program.OpRootQuotient {
			square, _ := p.products(x, x, x.Chain)
			sign := Class{Level: p.Level(x.Classes) + 1}
			if x.Chain {
				sign.Level--
			}
			level = p.Level(square, y.Classes, []Class{sign})
		}
		f.coded(Class{Level: level + 1})
		f.Constant = n.Func || n.Asked.Lo != 0
		if !n.Func {
			p.binary(n, int(n.Asked.Hi-n.Asked.Lo), &f)
		}
	case program.OpMaxStep, program.OpArgMax:
		p.maximum(n, x, &f)
	default:
		exact(n, x, y, &f)
	}
	return f
}

func (f *Facts) allAlike() {
	for k := range f.Alike {
		f.Alike[k] = true
	}
}

// coded says that the value is a thermometer code of new literals.
func (f *Facts) coded(c Class) {
	f.Classes, f.Code, f.Chain = []Class{c}, Thermometer, true
	f.allAlike()
}

// exact is Of for an operation whose elements are sums of elements of its operands.
func exact(n *program.Node, x, y Facts, f *Facts) {
	f.Classes = union(x.Classes, y.Classes)
	f.Constant = x.Constant || y.Constant
	switch n.Op {
	case program.OpLinear:
		f.Constant = f.Constant || n.Bias != nil || n.Func
		copy(f.Alike, x.Alike[:len(x.Alike)-1])
	case program.OpAdd:
		copy(f.Alike, x.Alike)
		for k, alike := range y.Alike {
			at := len(x.Alike) - len(y.Alike) + k
			f.Alike[at] = f.Alike[at] && alike
		}
	case program.OpAffine:
		f.Constant = f.Constant || n.Offset != 0
		f.Chain, f.Origin, f.Moves = x.Chain, x.Origin, x.Moves
		copy(f.Alike, x.Alike)
	case program.OpReduce:
		copy(f.Alike, slices.Delete(slices.Clone(x.Alike), n.Axis, n.Axis+1))
	case program.OpGather:
		f.Chain, f.Origin, f.Moves = x.Chain, x.Origin, append(slices.Clip(x.Moves), f.Origin)
		f.Single = x.Single
		for axis := range f.Alike {
			f.Alike[axis] = n.Layout != nil
			for k, s := range n.Layout {
				f.Alike[axis] = f.Alike[axis] && (x.Alike[k] || !slices.Contains(s.Axes, axis))
			}
		}
	case program.OpMask:
		f.Constant = f.Constant || n.Offset != 0
		f.Chain, f.Origin, f.Moves = x.Chain, x.Origin, append(slices.Clip(x.Moves), f.Origin)
	}
}

func union(a, b []Class) []Class {
	out := append(slices.Clone(a), b...)
	slices.SortFunc(out, func(c, d Class) int {
		switch {
		case c.Level != d.Level:
			return c.Level - d.Level
		case c.And == d.And:
			return 0
		case c.And:
			return 1
		}
		return -1
	})
	return slices.Compact(out)
}

// step chooses the code of a Step. A Step of a code has the literals of that code.
func (p *Plan) step(n *program.Node, x Facts, f *Facts) {
	known := !n.Func
	f.Constant = !known || n.Steps.Base != 0
	if n.Func && n.Even {
		f.Constant, known = n.Asked.Lo != 0, true
	}
	if len(x.Classes) == 0 {
		f.Constant = true
		return
	}
	if widths := p.widths(n); widths != nil && !x.Chain {
		f.Code, f.Widths = Digits, widths
		for k := range widths {
			f.Classes = append(f.Classes, Class{Level: p.Level(x.Classes) + 1 + k})
		}
		f.allAlike()
		return
	}
	f.coded(Class{Level: p.Level(x.Classes) + 1})
	if x.Chain {
		f.Classes = x.Classes
	}
	f.Chain = known && (n.Even || monotone(n.Steps))
	switch {
	case n.Even || known && n.Steps.Unit():
		p.binary(n, Jumps(n), f)
	case n.Asked.Hi > n.Asked.Lo:
		p.binary(n, int(n.Asked.Hi-n.Asked.Lo), f)
	}
}

// Jumps returns the number of literals that a quantised value has under every n, with those that
// the range decides. It is for a Step with known jumps and for a MaxStep.
func Jumps(n *program.Node) int {
	if n.Even {
		return int(n.Asked.Hi - n.Asked.Lo)
	}
	return len(n.Steps.At)
}

// widths are the widths of the digits of a Step, nil if it has none.
func (p *Plan) widths(n *program.Node) []int {
	switch {
	case n.Even:
		return p.Strategy.Widths(program.Round(2, program.Range{Lo: 0, Hi: n.Asked.Hi - n.Asked.Lo}))
	case n.Func:
		return nil
	}
	return p.Strategy.Widths(n.Steps)
}

// monotone reports whether a staircase only rises or only falls. Then each bound on its value is one of
// its jumps.
func monotone(f program.Staircase) bool {
	rises, falls := false, false
	for _, j := range f.Jump {
		rises, falls = rises || j > 0, falls || j < 0
	}
	return !rises || !falls
}

// binary puts a binary code over a thermometer with unit jumps, if the strategy wants that.
func (p *Plan) binary(n *program.Node, literals int, f *Facts) {
	if !p.Strategy.Binary || !p.Multiplied[n.ID] || literals <= 2 {
		return
	}
	f.Code, f.Chain, f.Constant = Binary, false, true
	f.Classes = union(f.Classes, []Class{{Level: p.Level(f.Classes) + 1}})
}

// Width returns the number of bits of a binary code over some literals.
func Width(literals int) int { return bits.Len(uint(literals)) }

// maximum is Of for a MaxStep or an ArgMax. The conjunction of a single comparison is that comparison.
func (p *Plan) maximum(n *program.Node, x Facts, f *Facts) {
	c := Class{Level: p.Level(x.Classes) + 2, And: true}
	if d := n.Shape[len(n.Shape)-1]; !d.Open() && d.Size() == 2 {
		c = Class{Level: p.Level(x.Classes) + 1}
	}
	f.coded(c)
	f.Chain, f.Single = false, n.Op == program.OpArgMax
	if n.Keep != nil || n.Causal != nil {
		clear(f.Alike)
	}
	if n.Op == program.OpMaxStep {
		f.Constant = n.Steps.Base != 0
		if n.Steps.Unit() && !n.Func {
			p.binary(n, len(n.Steps.At), f)
		}
	}
}

// contract is Of for a Contract.
func (p *Plan) contract(n *program.Node, x, y Facts, f *Facts) {
	if n.Scales() {
		of := y
		if n.Arg(1).Op == program.OpConst {
			of = x
		}
		f.Classes, f.Constant = of.Classes, of.Constant || len(of.Classes) == 0
		f.Chain = of.Chain && len(n.Einsum.Summed) == 0
		f.Origin, f.Moves = of.Origin, append(slices.Clip(of.Moves), f.Origin)
		return
	}
	f.Same = x.Chain && y.Chain && x.Origin == y.Origin && slices.Equal(x.Moves, y.Moves) && n.Einsum.Diagonal()
	f.Classes, f.Constant = p.products(x, y, f.Same)
	first, ok := n.Picks()
	marks, values, letters := y, x, n.Einsum.Left
	if first {
		marks, values, letters = x, y, n.Einsum.Right
	}
	if !ok || !p.Strategy.Select || !marks.Single || marks.Constant || len(values.Classes) == 0 {
		return
	}
	for _, l := range []byte(letters) {
		if !containsByte(n.Einsum.Result, l) && !alikeAlong(letters, rune(l), values.Alike) {
			return
		}
	}
	f.Selected, f.Constant, f.Classes = true, values.Constant, nil
	for _, c := range values.Classes {
		for _, m := range marks.Classes {
			f.Classes = union(f.Classes, []Class{{Level: p.Meet(c, m).Class.Level + 1}})
		}
	}
}

func containsByte(s string, b byte) bool { return slices.Contains([]byte(s), b) }

// alikeAlong reports whether elements are alike along all axes with a letter.
func alikeAlong(letters string, letter rune, alike []bool) bool {
	for k, l := range letters {
		if l == letter && !alike[k] {
			return false
		}
	}
	return true
}

// products returns the classes of the literals in a sum of products, and whether it has a constant.
func (p *Plan) products(x, y Facts, same bool) (out []Class, constant bool) {
	switch {
	case same:
		return x.Classes, true
	case x.Constant || len(x.Classes) == 0:
		out = union(out, y.Classes)
	}
	if y.Constant || len(y.Classes) == 0 {
		out = union(out, x.Classes)
	}
	for _, a := range x.Classes {
		for _, b := range y.Classes {
			out = union(out, []Class{p.Meet(a, b).Class})
		}
	}
	return out, x.Constant && y.Constant
}

// Way is how the conjunction of two literals becomes a gate.
type Way uint8

// The ways. In words: a gate that is "opened" is replaced by what it reads.
const (
	Plain  Way = iota // an AND of the two
	First             // the first takes the second in
	Second            // the second takes the first in
	Merge             // both are opened: one AND of all that they read
	Open1             // the first is opened, and the second takes its literals in
	Open2             // the second is opened, and the first takes its literals in
)

// Meeting is how literals of two classes meet in products.
type Meeting struct {
	Way
	Class Class
}

// Meet says how literals of two classes meet.
func (p *Plan) Meet(a, b Class) Meeting {
	deeper := p.deeper(a.Level, b.Level)
	switch {
	case !p.Strategy.Absorb || deeper == 0:
	case a.Level > b.Level:
		return Meeting{First, a}
	case a.Level < b.Level:
		return Meeting{Second, b}
	case a.And && b.And:
		return Meeting{Merge, a}
	case b.And:
		return Meeting{Open2, a}
	case a.And:
		return Meeting{Open1, b}
	}
	return Meeting{Plain, Class{deeper + 1, true}}
}
