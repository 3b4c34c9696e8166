package proof

// Judgement says how much is known about a claim.
type Judgement string

// The judgements. Measurements alone never make anything Proved.
const (
	Proved     Judgement = "proved"     // by construction, for every n
	Consistent Judgement = "consistent" // measured only, on the n that are named
	Refuted    Judgement = "refuted"    // a measurement violates it
)

// Verdict is a judgement of a claim about a family of circuits. It is never about
// the function that the circuits compute, which others may compute in less depth.
type Verdict struct {
	Verdict     Judgement `json:"verdict"`
	Claim       string    `json:"claim"`
	Reason      string    `json:"reason"`
	Class       string    `json:"class"`                 // of the basis of gates
	ClassMeans  string    `json:"class_means,omitempty"` // what puts a family in its class, if that is proved
	Assumptions []string  `json:"assumptions"`           // what the claim takes for granted
	Scope       string    `json:"scope"`                 // what the claim is about, and what it is not about
	CheckedN    []int     `json:"checked_n"`
}
