package optimise

import (
	"github.com/tc0lab/tc0/circuit"
)

// Count has the counts of a circuit, before or after a pass.
type Count struct {
	Depth  int         `json:"depth"`  // under the depth model of the report
	Size   int         `json:"size"`   // gates, without sources, NOT and BUF
	Wires  int64       `json:"wires"`  // Σ fan-in over the gates of Size, flattened
	Weight circuit.Int `json:"weight"` // Σ|w| over those wires
}

// Saving is the result of one run of a pass.
type Saving struct {
	Pass    string `json:"pass"`
	Round   int    `json:"round"`   // from 1
	Changed int    `json:"changed"` // gates that were replaced or written otherwise
	Before  Count  `json:"before"`
	After   Count  `json:"after"`
	Dropped bool   `json:"dropped,omitempty"` // the result was worse than the circuit before, and was thrown away
}

// Report has the savings of the passes.
type Report struct {
	Model   string   `json:"depth_model"` // name of the depth model
	Before  Count    `json:"before"`
	After   Count    `json:"after"`
	Rounds  int      `json:"rounds"`  // that were begun
	Stable  bool     `json:"stable"`  // the last round made no change
	Savings []Saving `json:"savings"` // the runs that changed something, in order
}

// Total adds up the savings of the runs of one pass, and the gates they changed. An increase is a
// negative saving. Dropped runs are left out.
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

// worse reports whether a has more than b of a count that no pass may raise.
func (a Count) worse(b Count) bool {
	return a.Depth > b.Depth || a.Size > b.Size || a.Wires > b.Wires
}
