package circuit

import (
	"math/big"

	"github.com/tc0lab/tc0/gates"
)

// Circuit is an immutable circuit of gates and sums. Make one with a [Builder] or
// with [Read].
type Circuit struct {
	Nodes

	inputs  []Gate
	inPorts []Port
	outs    []Port
}

// Nodes are the gates and sums of a circuit, and the stages they belong to. Those of a
// circuit do not change; those that a [Builder] has made so far become more.
type Nodes struct {
	// Gates. The arguments of gate g are a piece of args, from first[g]: literals for a
	// logic gate; the sum and the bound, as boundArgs has them, for a Threshold or
	// Majority; the sum and the index of the modulus for a Mod.
	kind  []gates.Kind
	first []uint32
	args  pages[uint32]

	// Sums. The terms of sum s read a piece of termRef, from sumFirst[s]. The
	// rest of it, their weights among it, is forms[sumForm[s]].
	sumFirst []uint32
	sumForm  []uint32
	termRef  pages[Ref]
	forms    []form
	weights  pages[int64]

	// Numbers beyond int64. For a sum flagged big, the weights, the limits and the
	// bounds of the gates that read it are indices into bigs.
	bigs []*big.Int
	mods []Modulus

	stages []Stage
	runs   []stageRun
}

// What 32-bit indices have room for, and the greatest modulus of a MOD gate.
const (
	maxGates   = 1 << 31
	maxWires   = 1<<32 - 1
	maxModulus = 1 << 16
	maxBits    = 1 << 16 // of a number, so that a small file cannot make much work
)

// Modulus is the condition of a MOD gate: the sum is congruent to one of Residues
// modulo M.
type Modulus struct {
	M        int64
	Residues []int64 // sorted, each in 0..M−1
}

// Len returns the number of nodes that are indexed by a Gate: the constant, the
// inputs and the gates.
func (c *Nodes) Len() int { return len(c.kind) }

// Kind returns the kind of g.
func (c *Nodes) Kind(g Gate) gates.Kind { return c.kind[g] }

// reads returns the arguments of g.
func (c *Nodes) reads(g Gate) []uint32 { return c.args.of(c.first[g], c.first[g+1]) }

// Fanin returns the literals that logic gate g reads, in the circuit's own memory:
// do not write to it. It is empty for sources and for gates that read a sum.
func (c *Nodes) Fanin(g Gate) []Lit {
	if !c.kind[g].IsLogic() {
		return nil
	}
	return litsOf(c.reads(g))
}

// Bound returns the sum s and the bound t of a THRESHOLD or MAJORITY gate, which
// is 1 where s ≥ t.
func (c *Nodes) Bound(g Gate) (SumID, Int) {
	s, v := c.bound(g)
	return s, c.number(s, v)
}

// bound returns the bound as it is stored, for number.
func (c *Nodes) bound(g Gate) (SumID, int64) {
	return boundOf(c.reads(g))
}

// boundArgs returns the arguments of a gate for s and a bound as it is stored: the sum and the lower half of the bound,
// and, if that is not all of it, the upper half.
func boundArgs(args *[3]uint32, s SumID, v int64) []uint32 {
	*args = [3]uint32{uint32(s), uint32(v), uint32(v >> 32)}
	if int64(int32(v)) == v {
		return args[:2]
	}
	return args[:]
}

// boundOf returns the sum and the bound of the arguments.
func boundOf(args []uint32) (SumID, int64) {
	if len(args) == 2 {
		return SumID(args[0]), int64(int32(args[1]))
	}
	return SumID(args[0]), int64(uint64(args[1]) | uint64(args[2])<<32)
}

// Modulus returns the sum and the condition of a MOD gate.
func (c *Nodes) Modulus(g Gate) (SumID, Modulus) {
	a := c.reads(g)
	return SumID(a[0]), c.mods[a[1]]
}

// ReadsSum returns the sum that g reads, if its kind reads one.
func (c *Nodes) ReadsSum(g Gate) (SumID, bool) {
	if !c.kind[g].ReadsSum() {
		return 0, false
	}
	return SumID(c.reads(g)[0]), true
}

// SumCount returns the number of sum nodes, the empty sum 0 included.
func (c *Nodes) SumCount() int { return len(c.sumForm) }

// Refs returns what the terms of s read, in increasing order, in the circuit's own
// memory: do not write to it.
func (c *Nodes) Refs(s SumID) []Ref {
	return c.termRef.of(c.sumFirst[s], c.sumFirst[s+1])
}

// Weight returns the weight of term i of s.
func (c *Nodes) Weight(s SumID, i int) Int {
	f := c.form(s)
	return c.numberOf(f.flag, c.weightsOf(f)[i])
}

// SmallWeights returns the weights of s, in the circuit's own memory, if every
// number of s fits an int64.
func (c *Nodes) SmallWeights(s SumID) ([]int64, bool) {
	f := c.form(s)
	return c.weightsOf(f), f.flag&sumBig == 0
}

// Limits returns bounds on the value of s and of each of its partial sums. They
// are attained if no gate occurs twice once s is flattened.
func (c *Nodes) Limits(s SumID) (lo, hi Int) {
	f := c.form(s)
	return c.numberOf(f.flag, f.lo), c.numberOf(f.flag, f.hi)
}

// majorityBound returns the bound of a MAJORITY gate on s, whose k weights are 1
// and −1. With m of them −1, the gate is a majority of k literals, m of them
// complemented, at ⌊k/2⌋ + 1 − m, and −m is the least value of s.
func (c *Nodes) majorityBound(s SumID) int64 {
	return int64(len(c.Refs(s))/2+1) + c.form(s).lo
}

// number reads a stored number of sum s.
func (c *Nodes) number(s SumID, v int64) Int {
	return c.numberOf(c.flag(s), v)
}

// numberOf reads a stored number of a sum with the given flags.
func (c *Nodes) numberOf(flag sumFlag, v int64) Int {
	if flag&sumBig == 0 {
		return NewInt(v)
	}
	return normal(c.bigs[v]) // shared: neither is ever written to
}

// Inputs returns the input gates in the order of the input ports' wires, in the
// circuit's own memory.
func (c *Circuit) Inputs() []Gate { return c.inputs }

// InputPorts returns the input ports; together their wires are the inputs, in order.
func (c *Circuit) InputPorts() []Port { return c.inPorts }

// OutputPorts returns the output ports.
func (c *Circuit) OutputPorts() []Port { return c.outs }

// OutputCount returns the number of output wires.
func (c *Circuit) OutputCount() int {
	n := 0
	for _, p := range c.outs {
		n += len(p.Wires)
	}
	return n
}

// Outputs returns the wires of all the output ports, in order.
func (c *Circuit) Outputs() []Lit {
	all := make([]Lit, 0, c.OutputCount())
	for _, p := range c.outs {
		all = append(all, p.Wires...)
	}
	return all
}

// Size returns the number of gates: sources and gates that are free under the
// standard depth model (NOT and BUF) apart.
func (c *Circuit) Size() int {
	cost := gates.Standard().Cost
	n := 0
	for _, k := range c.kind {
		n += cost[k]
	}
	return n
}

// clip gives back the slack of the arrays where it is more than an eighth.
func (c *Circuit) clip() {
	c.kind, c.first = clipped(c.kind), clipped(c.first)
	c.sumFirst, c.sumForm = clipped(c.sumFirst), clipped(c.sumForm)
	c.args.clip()
	c.termRef.clip()
	c.forms = clipped(c.forms)
	c.weights.clip()
	c.inputs = clipped(c.inputs)
}

func clipped[S ~[]E, E any](s S) S {
	if cap(s)-len(s) <= len(s)/8 {
		return s
	}
	return append(make(S, 0, len(s)), s...)
}

// Stats are the counts of a circuit. Depth is under the standard model; see
// [Circuit.Levels] for the others.
type Stats struct {
	Depth     int
	Size      int   // gates, without sources, NOT and BUF
	Wires     int64 // Σ fan-in over the gates that Size counts, flattened
	Weight    Int   // Σ|w| over those wires: the wires of the circuit of unweighted gates
	MaxWeight Int   // greatest |w|
	MaxFanIn  int
	Inputs    int
	Outputs   int
	Gates     [gates.NumKinds]int // by kind, sources included
	Class     gates.Class         // smallest class whose basis has all the kinds
	Sums      int                 // sum nodes in memory
	Terms     int                 // their terms, as shared
}

// Stats counts the circuit.
func (c *Circuit) Stats() Stats {
	st := Stats{
		Depth:   c.Depth(),
		Inputs:  len(c.inputs),
		Outputs: c.OutputCount(),
		Sums:    c.SumCount() - 1,
		Terms:   c.termRef.len(),
	}
	cost := gates.Standard().Cost
	shapes := c.AllShapes()
	for g, k := range c.kind {
		st.Gates[k]++
		if cost[k] == 0 {
			continue
		}
		st.Size++
		shape := shapes.Of(Gate(g))
		st.Wires += int64(shape.FanIn)
		st.Weight = st.Weight.Add(shape.Weight)
		st.MaxWeight = st.MaxWeight.Max(shape.MaxWeight)
		st.MaxFanIn = max(st.MaxFanIn, shape.FanIn)
		st.Class = max(st.Class, k.Class(shape.FanIn))
	}
	st.Gates[gates.Const] = 0
	return st
}
