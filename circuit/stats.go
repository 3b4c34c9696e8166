package circuit

import "github.com/tc0lab/tc0/gates"

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

// Shape describes the inputs of a gate, flattened.
type Shape struct {
	FanIn     int
	Weight    Int // Σ|w|
	MaxWeight Int // greatest |w|
}

// Shapes tells the shape of gates. It remembers the shape of each sum, since many gates share one.
// It is not safe for concurrent use.
type Shapes struct {
	c    *Nodes
	f    *flattener
	sums []Shape
	done []bool
}

// Shapes returns a teller of shapes.
func (c *Circuit) Shapes() *Shapes {
	return &Shapes{&c.Nodes, newFlattener(&c.Nodes), make([]Shape, c.SumCount()), make([]bool, c.SumCount())}
}

// Of returns the shape of g. The shape of a source is all zeros.
func (sh *Shapes) Of(g Gate) Shape {
	if s, ok := sh.c.ReadsSum(g); ok {
		return sh.OfSum(s)
	}
	return unitShape(len(sh.c.Fanin(g)))
}

// unitShape is the shape of a gate with n inputs of weight 1.
func unitShape(n int) Shape { return Shape{n, NewInt(int64(n)), NewInt(int64(min(n, 1)))} }

// OfSum returns the shape of a gate on s.
func (sh *Shapes) OfSum(s SumID) Shape {
	shape := &sh.sums[s]
	switch {
	case sh.done[s]:
	case sh.c.sumFlag[s]&sumUnit != 0:
		*shape = unitShape(len(sh.c.Refs(s)))
	default:
		sh.f.expand(s)
		shape.FanIn = len(sh.f.from)
		if sh.c.sumFlag[s]&sumBig == 0 { // the weights add up to at most the range
			var all, most int64
			for _, w := range sh.f.weights {
				size := max(w.small, -w.small)
				all, most = all+size, max(most, size)
			}
			shape.Weight, shape.MaxWeight = NewInt(all), NewInt(most)
			break
		}
		for _, w := range sh.f.weights {
			shape.Weight = shape.Weight.Add(w.Abs())
			shape.MaxWeight = shape.MaxWeight.Max(w.Abs())
		}
	}
	sh.done[s] = true
	return *shape
}

// Gates returns the gates that a gate on s reads, in no order. They are valid until the next
// call.
func (sh *Shapes) Gates(s SumID) []Gate {
	sh.f.expand(s)
	return sh.f.from
}

// Stats counts the circuit.
func (c *Circuit) Stats() Stats {
	st := Stats{
		Depth:   c.Depth(),
		Inputs:  len(c.inputs),
		Outputs: c.OutputCount(),
		Sums:    c.SumCount() - 1,
		Terms:   len(c.termRef),
	}
	cost := gates.Standard().Cost
	shapes := c.Shapes()
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
