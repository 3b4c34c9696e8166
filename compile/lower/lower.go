package lower

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"unsafe"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/room"
)

// Program makes the circuit of a program. It has the ports of the program, in the same order and
// with the same names.
func Program(p *program.Program, s Strategy) (*circuit.Circuit, error) {
	return ProgramContext(context.Background(), p, s, nil)
}

// ProgramContext is Program for long work. It stops when ctx is done. After each operation, and from time to time
// within a long one, it calls progress, unless that is nil, with the number of finished operations, the number of all
// operations, and the number of gates so far.
func ProgramContext(
	ctx context.Context, p *program.Program, s Strategy, progress func(done, all, gates int),
) (*circuit.Circuit, error) {
	return lowered(ctx, p, s, progress, nil)
}

// lowered makes the circuit. With an account it keeps that, and all gates that were made on the way.
func lowered(
	ctx context.Context, p *program.Program, s Strategy, progress func(done, all, gates int), account *Account,
) (c *circuit.Circuit, err error) {
	if p.Err() != nil {
		return nil, p.Err()
	}
	defer room.Catch(&err)
	room.Must("compile: lowering "+p.Name(), room.Product(p.Elements(), int64(unsafe.Sizeof(element{}))))
	l := &lowerer{
		ctx: ctx, p: p, b: circuit.NewBuilder(),
		values: make([]tensor, len(p.Nodes())), last: lastReaders(p), need: p.Demand(), plan: PlanOf(p, s),
		listed: listed(p), account: account, progress: progress,
	}
	l.askForCodes()
	l.line = l.b.Linear()
	for id := range p.Nodes() {
		n := &p.Nodes()[id]
		for _, name := range n.Stage {
			l.b.Begin(name)
		}
		x, y := program.Operands(n, l.values)
		l.values[id] = make(tensor, n.Shape.Len())
		l.lists, l.op = map[listKey][]*list{}, id
		operations[n.Op].lower(l, n, x, y, l.values[id])
		for range n.Stage {
			l.b.End()
		}
		for _, done := range l.last[id] {
			l.values[done] = nil
		}
		if l.stopped() {
			return nil, cmp.Or(ctx.Err(), l.err)
		}
		if progress != nil {
			progress(id+1, len(p.Nodes()), l.b.Len())
		}
	}
	l.forget()
	for _, o := range p.Results() {
		l.output(o)
	}
	if account == nil {
		c, err = l.b.Pruned()
	} else {
		c, err = l.b.Circuit()
	}
	if err != nil {
		return nil, fmt.Errorf("compile: lowering %s: %w", p.Name(), err)
	}
	return c, nil
}

// forget gives back the memory of what only operations ask for.
func (l *lowerer) forget() {
	l.met, l.lists = met{}, nil
	for _, v := range l.values {
		for i := range v {
			v[i].code, v[i].list = nil, nil
		}
	}
}

// mostGates is the number of gates at which lowering gives up. A larger circuit takes more memory
// than a usual machine has, and a program that runs out of memory cannot report it.
const mostGates = 1 << 26

// literalBytes are the least that a literal of a code and its gate take.
const literalBytes = 32

// askForCodes asks for the memory of the literals that code the elements which an output depends on.
func (l *lowerer) askForCodes() {
	total := int64(0)
	for id, need := range l.need {
		count := 0
		for _, wanted := range need {
			if wanted {
				count++
			}
		}
		total = room.Sum(total, room.Product(count, l.p.Nodes()[id].Literals(), literalBytes))
	}
	room.Must("compile: lowering "+l.p.Name(), total)
}

// often is how many gates and elements are made between two looks at the memory that is left.
const often = 1 << 12

// look ends lowering if the memory is used up, or the circuit has no room.
func (l *lowerer) look() {
	if l.looks++; l.looks%often != 0 {
		return
	}
	room.Must("compile: lowering "+l.p.Name(), 0)
	if l.progress != nil {
		l.progress(l.op, len(l.p.Nodes()), l.b.Len())
	}
	if short := (*room.Error)(nil); errors.As(l.b.Err(), &short) {
		short.What = "compile: lowering " + l.p.Name()
		panic(short)
	}
}

// stopped reports whether lowering must stop.
func (l *lowerer) stopped() bool {
	l.look()
	if l.b.Len() > mostGates && l.err == nil {
		l.err = fmt.Errorf("compile: lowering %s: the circuit has more than %d gates; "+
			"fewer positions, features or bits, or another strategy, make it smaller", l.p.Name(), mostGates)
	}
	return l.err != nil || l.ctx.Err() != nil
}

// lowerer holds the circuit under construction and the lowered values.
type lowerer struct {
	ctx     context.Context
	p       *program.Program
	b       *circuit.Builder
	line    *circuit.Linear // the sum that is being made
	plan    *Plan
	values  []tensor
	last    [][]int             // by node: the values that nobody reads after it
	need    [][]bool            // by node: the elements that an output depends on
	listed  []bool              // by node: the elements are multiplied out
	lists   map[listKey][]*list // of exact values, for the operation that is being lowered
	met     met                 // conjunctions that were made already
	op      int                 // the operation that is being lowered
	account *Account            // nil if none is kept

	progress func(done, all, gates int) // nil for none
	looks    int                        // how often look was called
	err      error
}

// tensor is a lowered value, with one entry for each element.
type tensor []element

// element is the integer of one tensor element as a sum over gates.
type element struct {
	sum circuit.Sum
	// If the value is a thermometer code, it is base plus the number of ones.
	thermometer []circuit.Lit
	base        int64
	code        *code // nil if the element has none
	list        *list // the element multiplied out; nil if it is not known yet
}

// operation says how to lower one operation. It also bounds the literals that one of its comparisons
// reads, from the literals in an element of its arguments.
type operation struct {
	lower    func(l *lowerer, n *program.Node, x, y, out tensor)
	compared func(x, y int) int // nil if it compares nothing
}

var operations = map[program.Op]operation{
	program.OpInput:        {(*lowerer).input, nil},
	program.OpTokens:       {(*lowerer).input, nil},
	program.OpConst:        {(*lowerer).sum, nil},
	program.OpLinear:       {(*lowerer).sum, nil},
	program.OpAdd:          {(*lowerer).sum, nil},
	program.OpAffine:       {(*lowerer).affine, nil},
	program.OpReduce:       {(*lowerer).sum, nil},
	program.OpGather:       {(*lowerer).gather, nil},
	program.OpMask:         {(*lowerer).mask, nil},
	program.OpWindow:       {(*lowerer).window, nil},
	program.OpStep:         {(*lowerer).step, one},
	program.OpLookup:       {(*lowerer).lookup, one},
	program.OpContract:     {(*lowerer).contract, nil},
	program.OpQuotient:     {(*lowerer).quotient, both},
	program.OpRootQuotient: {(*lowerer).rootQuotient, root},
	program.OpMaxStep:      {(*lowerer).maxStep, two},
	program.OpArgMax:       {(*lowerer).argMax, two},
}

func one(x, _ int) int  { return x }
func two(x, _ int) int  { return 2 * x }
func both(x, y int) int { return x + y }
func root(x, y int) int { return x*x + y }

// each calls f for the elements of n that an output depends on, until lowering must stop.
func (l *lowerer) each(n *program.Node, f func(i int)) {
	for i, wanted := range l.need[n.ID] {
		if !wanted {
			continue
		}
		if l.stopped() {
			return
		}
		f(i)
	}
}

func term1(w int64, e element) circuit.Term {
	return circuit.Term{Weight: circuit.NewInt(w), Of: e.sum}
}

// output makes the output ports of a result: one-hot groups, thermometer codes, or weighted wires if
// the value is a sum.
func (l *lowerer) output(o program.Result) {
	n := &l.p.Nodes()[o.Value]
	v := l.values[o.Value]
	ports := n.Ports(o.Name)
	for i, port := range ports {
		switch {
		case n.OneHot:
			m := n.Shape.Last()
			wires := make([]circuit.Lit, m)
			for k := range wires {
				wires[k], _ = v[i*m+k].sum.Lit()
			}
			l.b.OutputPort(port.Name, circuit.Format{Kind: circuit.OneHot}, wires...)
		case v[i].thermometer != nil:
			format := circuit.Format{Kind: circuit.Thermometer, Offset: circuit.NewInt(v[i].base)}
			l.b.OutputPort(port.Name, format, v[i].thermometer...)
		default:
			l.b.OutputSum(port.Name, v[i].sum)
		}
	}
}
