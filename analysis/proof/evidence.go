package proof

// Uniformity is evidence that one short program describes the circuits for every n. It is not a
// proof: a finite experiment cannot prove uniformity.
type Uniformity struct {
	Operations int    `json:"operations"` // of the program, for every n
	Indices    int    `json:"indices"`    // positions that tell a gate from the others of its operation, at most
	GateName   string `json:"gate_name"`  // bits that name a gate
	LiveState  string `json:"live_state"` // of a generator that lists the gates
	Advice     string `json:"advice"`     // bits that depend on n and are not computed
	Notion     string `json:"notion"`
}

// Fact is a known result from the literature about the function or the kind of model. The proof
// does not prove it.
type Fact struct {
	Statement  string `json:"statement"`
	Source     string `json:"source"`
	Hypothesis string `json:"hypothesis,omitempty"` // under which it holds; empty if it is unconditional
}

// Published is a bound from the literature, evaluated for the same block, beside ours in the
// same depth model.
type Published struct {
	Source     string `json:"source"`
	Expression string `json:"expression"`
	Value      int    `json:"value"`
	DepthModel string `json:"depth_model"`
	Ours       int    `json:"ours"` // depth of the flat circuit in that model
	N          int    `json:"n"`    // of that circuit
	Note       string `json:"note"`
}
