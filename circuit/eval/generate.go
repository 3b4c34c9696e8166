package eval

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval/kernel"
	"github.com/tc0lab/tc0/gates"
)

// value is a literal over registers: the register, or its complement.
type value struct {
	r   reg
	neg bool
}

func constant(b bool) value { return value{0, b} }

func (v value) not() value { return value{v.r, !v.neg} }

// generator makes the code of a circuit.
type generator struct {
	c    *circuit.Circuit
	code code

	blocks  []reg // logarithms of the blocks that tall columns are counted by, tall ones first
	adders  bool  // no counters of 5, 7 and 15
	spare   []weighted
	empty   []columns // that were added up
	scratch []reg     // of a list while it is made

	order *order             // nil if it is that of the circuit
	read  []uint32           // by gate: how many steps there were when it was made or last read, unless order is nil
	far   int                // steps after which a gate may be made again
	many  uint32             // readers of its inputs then, more than two
	gate  []value            // by gate
	sums  []number           // by sum, made when first read
	known map[compared]value // comparisons that other gates may need again
	mods  map[shifted]uint32 // where the residues of a modulus are
	shape []sumShape         // by sum
}

// compared names a comparison [s ≥ t].
type compared struct {
	s    circuit.SumID
	t    int64
	text string // of t if it is beyond 64 bits
}

// shifted names the residues of a modulus, as the circuit keeps them, less a shift.
type shifted struct {
	first *int64
	m     int64
	shift int64
}

// sumShape says how a sum is used.
type sumShape uint8

const (
	live      sumShape = 1 << iota // some output depends on it
	notBounds                      // a sum or a MOD gate reads it
	looked                         // a sum that is looked through reads it
)

// generate makes the code of a circuit, and reports whether its gates come depth first if they may.
func generate(c *circuit.Circuit, blocks []reg, config Config) (*code, bool) {
	g := &generator{
		c: c, blocks: blocks, adders: config.adders, far: farSteps, many: manyReads,
		code:  code{regs: 1},
		gate:  make([]value, c.Len()),
		sums:  make([]number, c.SumCount()),
		known: map[compared]value{},
		mods:  map[shifted]uint32{},
		shape: make([]sumShape, c.SumCount()),
	}
	liveGate, liveSum := c.Live()
	g.markSums(liveGate, liveSum)
	for _, in := range c.Inputs() {
		r := g.fresh()
		g.gate[in] = value{r, false}
		g.code.input = append(g.code.input, r)
	}
	switch {
	case config.deep:
		g.order, g.far, g.many = depthFirst(c), 1<<4, 3
	case !config.inOrder:
		g.order = fewer(c, liveGate)
	}
	todo := inOrder(c, liveGate)
	if g.order != nil {
		todo, g.read = slices.Values(g.order.gates), make([]uint32, c.Len())
	}
	for x := range todo {
		g.gate[x] = g.make(x)
		if g.order != nil {
			g.read[x] = uint32(g.code.steps.count)
		}
	}
	for _, x := range c.Outputs() {
		v := g.literal(x)
		g.code.output = append(g.code.output, v.r)
		flip := uint64(0)
		if v.neg {
			flip = ^flip
		}
		g.code.flip = append(g.code.flip, flip)
	}
	so := g.code // without what it was made with
	return &so, g.order != nil
}

// markSums finds out which sums only bounds read, so that they may be looked through.
func (g *generator) markSums(liveGate, liveSum []bool) {
	for s, ok := range liveSum {
		if !ok {
			continue
		}
		g.shape[s] |= live
		for _, r := range g.c.Refs(circuit.SumID(s)) {
			if r.IsSum() {
				g.shape[r.Sum()] |= notBounds
			}
		}
	}
	for i, ok := range liveGate {
		if ok && g.c.Kind(circuit.Gate(i)) == gates.Mod {
			s, _ := g.c.Modulus(circuit.Gate(i))
			g.shape[s] |= notBounds
		}
	}
	for s, ok := range liveSum {
		if inner, found := g.lookThrough(circuit.SumID(s)); ok && found {
			g.shape[inner] |= looked
		}
	}
}

func (g *generator) fresh() reg {
	if g.code.regs >= 1<<31-1 || len(g.code.lists.pages) > mostPages {
		panic("eval: the plan is too large for 31-bit registers")
	}
	g.code.regs++
	return g.code.regs - 1
}

// step makes a step with one result, which it returns.
func (g *generator) step(s instruction) reg {
	s.d = g.fresh()
	g.code.steps.add(s)
	return s.d
}

// literal returns the value of a literal of the circuit.
func (g *generator) literal(x circuit.Lit) value {
	v := g.value(x.Gate())
	v.neg = v.neg != x.IsComplement()
	return v
}

// A gate of two inputs that is read twice, far apart, is made again for the second reader if far more gates read the
// inputs, so that these live anyway. In attention each two positions have products of their bits in common, which do
// not live from one position to the other then. As the inputs are read more than twice, they are not made again for it.
const (
	farSteps  = 1 << 14
	manyReads = 1 << 4
)

// value returns the value of a gate that is read now.
func (g *generator) value(x circuit.Gate) value {
	if g.order != nil {
		if g.order.reads[x] == 2 && g.code.steps.count-int(g.read[x]) > g.far && g.isCheap(x) {
			g.gate[x] = g.make(x)
		}
		g.read[x] = uint32(g.code.steps.count)
	}
	return g.gate[x]
}

// isCheap reports whether x has two inputs with many readers.
func (g *generator) isCheap(x circuit.Gate) bool {
	in := g.c.Fanin(x)
	return len(in) == 2 && min(g.order.reads[in[0].Gate()], g.order.reads[in[1].Gate()]) >= g.many
}

// make returns the value of a live gate.
func (g *generator) make(at circuit.Gate) value {
	kind := g.c.Kind(at)
	switch {
	case kind.HasBound():
		s, t := g.c.Bound(at)
		return g.bound(s, t)
	case kind == gates.Mod:
		s, m := g.c.Modulus(at)
		return g.mod(s, m)
	}
	plain, complement := kind.Plain()
	v := g.logic(plain, g.c.Fanin(at))
	v.neg = v.neg != complement
	return v
}

// logic makes a gate of kind BUF, AND, OR or XOR. A disjunction is the complement of the
// conjunction of the complements.
func (g *generator) logic(k gates.Kind, in []circuit.Lit) value {
	switch {
	case k == gates.Buf:
		return g.literal(in[0])
	case len(in) != 2:
		return g.wide(k, in)
	}
	switch x, y := g.literal(in[0]), g.literal(in[1]); k {
	case gates.And:
		return g.and(x, y)
	case gates.Or:
		return g.or(x, y)
	default:
		return value{g.pair(kernel.Xor, x.r, y.r), x.neg != y.neg}
	}
}

// pair makes a step of two operands.
func (g *generator) pair(kind uint32, a, b reg) reg {
	return g.step(instruction{op: opLogic, n: kind, a: a, b: b})
}

// and makes a conjunction. All steps are 0 where their operands are: so a conjunction of two complements is the
// complement of a disjunction, and the complement of a result is left to its readers.
func (g *generator) and(x, y value) value {
	switch {
	case x.r == 0:
		return pick(x.neg, y)
	case y.r == 0:
		return pick(y.neg, x)
	case x.neg && y.neg:
		return value{g.pair(kernel.Or, x.r, y.r), true}
	case x.neg:
		return value{g.pair(kernel.AndNot, x.r, y.r), false}
	case y.neg:
		return value{g.pair(kernel.AndNot, y.r, x.r), false}
	}
	return value{g.pair(kernel.And, x.r, y.r), false}
}

func (g *generator) or(x, y value) value { return g.and(x.not(), y.not()).not() }

// pick returns v if c and the constant 0 if not.
func pick(c bool, v value) value {
	if c {
		return v
	}
	return constant(false)
}

// mostOperands bounds the lists of wide gates and comparisons, so that no step takes long. The next step goes on
// with the result.
const mostOperands = 1 << 11

// wide makes an AND, OR or XOR of fan-in other than 2. The operands of a conjunction go in
// two lists, positive and complemented, so that the kernel needs no masks.
func (g *generator) wide(k gates.Kind, in []circuit.Lit) value {
	if k == gates.Xor {
		var r reg
		flip := false
		for len(in) > 0 {
			n := min(len(in), mostOperands)
			g.scratch = append(g.scratch[:0], r)
			for _, x := range in[:n] {
				v := g.literal(x)
				flip = flip != v.neg
				g.scratch = append(g.scratch, v.r)
			}
			if r == 0 {
				g.scratch = g.scratch[1:]
			}
			r, in = g.listStep(opXorN, 0), in[n:]
		}
		return value{r, flip}
	}
	or := k == gates.Or
	so := value{neg: true} // a conjunction of nothing
	for len(in) > 0 || so.r == 0 {
		n := min(len(in), mostOperands)
		g.scratch = g.scratch[:0]
		if so.r != 0 {
			g.scratch = append(g.scratch, so.r)
		}
		positives := 0
		for _, neg := range []bool{false, true} {
			for _, x := range in[:n] {
				if v := g.literal(x); (v.neg != or) == neg {
					g.scratch = append(g.scratch, v.r)
				}
			}
			if !neg {
				positives = len(g.scratch)
			}
		}
		so, in = value{g.listStep(opAndN, uint32(positives)), or}, in[n:]
	}
	return so
}

// listStep makes a step whose list is the scratch.
func (g *generator) listStep(op opcode, n uint32) reg {
	return g.step(instruction{op: op, n: n, list: g.code.lists.add(g.scratch)})
}
