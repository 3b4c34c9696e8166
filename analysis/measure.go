package analysis

import (
	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Measures are the counts of one circuit. Size, wires and weights leave out the gates that are free
// under the standard depth model (NOT and BUF), for every model of depth.
type Measures struct {
	Depth      int    `json:"depth"`
	DepthModel string `json:"depth_model"`
	DepthNote  string `json:"depth_note"` // one line about the counts of the model
	proof.Counts
	MaxWeight circuit.Int    `json:"max_weight"` // greatest |w|
	Heaviest  circuit.Int    `json:"-"`          // greatest Σ|w| of a gate
	MaxFanIn  int            `json:"max_fan_in"`
	Inputs    int            `json:"inputs"`                     // input wires
	Outputs   int            `json:"outputs"`                    // output wires
	Constants int            `json:"constant_outputs,omitempty"` // output wires that no input changes
	Gates     map[string]int `json:"gates"`                      // by kind, NOT and BUF included
	// GateClass is the smallest class whose basis has all the gates. The circuit itself is in no class,
	// and GateClass is not about the function that it computes. FanIns has the greatest fan-in of the
	// gates of each class.
	GateClass gates.Class         `json:"gate_class"`
	FanIns    map[gates.Class]int `json:"-"`

	Levels []int       `json:"levels"` // Levels[l] is the number of gates at level l
	Ledger []StageCost `json:"ledger"` // by stage; adds up to the circuit
	Work   int         `json:"work"`   // total compute: the size
	Span   int         `json:"span"`   // serial compute: the depth
}

// counts are the measures of the circuit for n that proofs are about.
func (m *Measures) counts(n int) ProofCheck {
	return ProofCheck{N: n, Depth: m.Depth, Counts: m.Counts, MaxWeight: m.MaxWeight}
}

// Measure counts c, with depth and levels under the given model.
//
// One pass over gates and sums; each sum is flattened once.
func Measure(c *circuit.Circuit, model gates.DepthModel) *Measures {
	return measure(c, c.Levels(model), nil)
}

// measure is Measure with rows of the ledger for groups of stages; nil for a row each.
func measure(c *circuit.Circuit, levels *circuit.Levels, group []circuit.StageID) *Measures {
	m := &Measures{
		Depth:      levels.Depth,
		DepthModel: levels.Model.Name,
		DepthNote:  levels.Model.Note,
		Inputs:     len(c.Inputs()),
		Outputs:    c.OutputCount(),
		Gates:      map[string]int{},
		FanIns:     map[gates.Class]int{},
		Levels:     make([]int, levels.Depth+1),
		Span:       levels.Depth,
	}
	for _, l := range c.Outputs() {
		if l.IsConst() {
			m.Constants++
		}
	}
	counted := gates.Standard().Cost
	ledger := newLedger(c, levels, group)
	shapes := c.AllShapes()
	var kinds [gates.NumKinds]int
	for g := range circuit.Gate(c.Len()) {
		k := c.Kind(g)
		if k.IsSource() {
			continue
		}
		kinds[k]++
		ledger.enter(g)
		if counted[k] == 0 {
			continue
		}
		shape := shapes.Of(g)
		ledger.count(g, shape)
		m.MaxFanIn = max(m.MaxFanIn, shape.FanIn)
		m.MaxWeight, m.Heaviest = m.MaxWeight.Max(shape.MaxWeight), m.Heaviest.Max(shape.Weight)
		class := k.Class(shape.FanIn)
		m.GateClass, m.FanIns[class] = max(m.GateClass, class), max(m.FanIns[class], shape.FanIn)
		for int(levels.Gate[g]) >= len(m.Levels) { // a gate that no output reads
			m.Levels = append(m.Levels, 0)
		}
		m.Levels[levels.Gate[g]]++
	}
	for k, n := range kinds {
		if n > 0 {
			m.Gates[gates.Kind(k).String()] = n
		}
	}
	m.Ledger = ledger.rows()
	for _, row := range m.Ledger {
		m.Add(row.Counts)
	}
	m.Work = m.Size
	return m
}
