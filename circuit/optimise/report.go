package optimise

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Count is what is counted of a circuit before and after.
type Count struct {
	Depth  int         `json:"depth"`  // under the depth model of the report
	Size   int         `json:"size"`   // gates, without sources, NOT and BUF
	Wires  int64       `json:"wires"`  // Σ fan-in over the gates of Size, flattened
	Weight circuit.Int `json:"weight"` // Σ|w| over those wires
}

// Saving is what one run of a pass did.
type Saving struct {
	Pass    string `json:"pass"`
	Round   int    `json:"round"`   // from 1
	Changed int    `json:"changed"` // gates that were replaced or written otherwise
	Before  Count  `json:"before"`
	After   Count  `json:"after"`
	Dropped bool   `json:"dropped,omitempty"` // the result was worse than what it was made of, and was thrown away
}

// Report tells what the passes saved.
type Report struct {
	Model   string   `json:"depth_model"` // name of the depth model
	Before  Count    `json:"before"`
	After   Count    `json:"after"`
	Rounds  int      `json:"rounds"`  // that were begun
	Stable  bool     `json:"stable"`  // the last round changed nothing
	Savings []Saving `json:"savings"` // the runs that changed something, in order
}

// Total adds up what the runs of one pass saved, and the gates they changed. What a pass
// added counts as less than nothing. Dropped runs are left out.
func (r *Report) Total(pass string) (saved Count, changed int) {
	for _, s := range r.Savings {
		if s.Pass == pass && !s.Dropped {
			saved.Depth += s.Before.Depth - s.After.Depth
			saved.Size += s.Before.Size - s.After.Size
			saved.Wires += s.Before.Wires - s.After.Wires
			saved.Weight = saved.Weight.Add(s.Before.Weight.Sub(s.After.Weight))
			changed += s.Changed
		}
	}
	return saved, changed
}

func count(c *circuit.Circuit, model gates.DepthModel) Count {
	st := c.Stats()
	return Count{Depth: c.Levels(model).Depth, Size: st.Size, Wires: st.Wires, Weight: st.Weight}
}

// worse reports whether a has more of what no pass may raise than b.
func (a Count) worse(b Count) bool {
	return a.Depth > b.Depth || a.Size > b.Size || a.Wires > b.Wires
}
