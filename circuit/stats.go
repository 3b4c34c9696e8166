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
