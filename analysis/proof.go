package analysis

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/poly"
)

// Proof is a derivation of the cost of a family of circuits for every n, with the circuits that it
// was compared with. It is data: it can be written as JSON and read back. Package analysis/check
// checks it, and does not share code with [Prove].
//
// The derivation is an induction over the list of operations of the family's program, in which n is
// a symbol. Depth, size, wires and weights are bounded for every n, by construction; where a
// Relation says "=", the circuits that were built meet the bound exactly.
type Proof struct {
	Verdict

	Format     string           `json:"format"` // ProofFormat
	Subject    string           `json:"subject"`
	Strategy   string           `json:"strategy"`
	DepthModel string           `json:"depth_model"`
	DepthNote  string           `json:"depth_note"`
	Fixed      bool             `json:"fixed,omitempty"` // there is one circuit, and no n
	From       int64            `json:"from"`            // the formulas are about n from here on
	Symbols    map[string]int64 `json:"symbols"`         // values of the symbols other than n

	DepthFormula  poly.Poly `json:"depth_formula"` // in n
	DepthRelation Relation  `json:"depth_relation"`
	SizeFormula   poly.Poly `json:"size_formula"`  // in the symbols
	WiresFormula  poly.Poly `json:"wires_formula"` // in the symbols
	SizeInN       poly.Poly `json:"size_in_n"`
	WiresInN      poly.Poly `json:"wires_in_n"`
	WeightInN     poly.Poly `json:"weight_in_n"`     // Σ|w| of all gates
	MaxWeightInN  poly.Poly `json:"max_weight_in_n"` // a bound on Σ|w| of each gate
	SizeRelation  Relation  `json:"size_relation"`

	// Exact are polynomials that the circuits meet exactly, found otherwise; nil if there
	// are none.
	Exact *ExactCounts `json:"exact,omitempty"`

	// LogPrecision has the formulas for numbers of c·log₂ n bits; nil if they were not asked for.
	LogPrecision *LogPrecision `json:"log_precision,omitempty"`

	Derivation []ProofStep  `json:"derivation"`
	Values     []ProofValue `json:"values"`              // the formulas at some n
	Checked    []ProofCheck `json:"checked"`             // flat circuits
	Unchecked  string       `json:"unchecked,omitempty"` // why there are no flat circuits

	WeightGrowth string      `json:"weight_growth"`
	Uniformity   Uniformity  `json:"uniformity"`
	Facts        []Fact      `json:"facts"`
	Published    []Published `json:"published"`

	Digest string `json:"digest"` // SHA-256 of everything else
}

// ProofFormat names the format of proofs that this version writes and reads.
const ProofFormat = "tc0 proof 1"

// Relation says how a formula stands to the circuits.
type Relation string

// The relations.
const (
	Equal  Relation = "="  // the circuits have exactly this
	AtMost Relation = "<=" // the circuits have this or less
)

// ProofStep is one operation of the derivation: one line of the table.
type ProofStep struct {
	formula.Operation
	Source string `json:"source,omitempty"`
}

// Name returns the operation without its operands.
func (s *ProofStep) Name() string {
	name, _, _ := strings.Cut(s.What, "(")
	return name
}

// ExactCounts are the numbers of gates and wires and the weight as polynomials in n that
// symmetry says they are, fixed by as many circuits as their degree asks for.
type ExactCounts struct {
	Size    poly.Poly `json:"size"`
	Wires   poly.Poly `json:"wires"`
	Weight  poly.Poly `json:"weight"`
	From    int       `json:"from"`
	FixedBy []int     `json:"fixed_by"` // the n of the circuits that fix them; the others checked agree
	Reason  string    `json:"reason"`
}

// ProofValue has the values of the formulas at one n.
type ProofValue struct {
	N      circuit.Int `json:"n"`
	Depth  circuit.Int `json:"depth"`
	Size   circuit.Int `json:"size"`
	Wires  circuit.Int `json:"wires"`
	Weight circuit.Int `json:"weight"`
}

// ProofCheck is one flat circuit that was built and counted.
type ProofCheck struct {
	N     int `json:"n"`
	Depth int `json:"depth"`
	Counts
	MaxWeight circuit.Int `json:"max_weight"`
}

// LogPrecision are the formulas of a family whose numbers have p = c·log₂ n bits, so that
// 2^p is n^c.
type LogPrecision struct {
	C      int       `json:"c"`
	Size   poly.Poly `json:"size"`    // in n and L = log₂ n
	Wires  poly.Poly `json:"wires"`   // likewise
	SameAt []int     `json:"same_at"` // bits at which the family was read: the formulas are the same
}

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

// Seal sets the digest of p.
func (p *Proof) Seal() error {
	digest, err := p.digest()
	p.Digest = digest
	return err
}

// Sealed reports whether the digest fits the contents.
func (p *Proof) Sealed() bool {
	digest, err := p.digest()
	return err == nil && digest == p.Digest
}

func (p *Proof) digest() (string, error) {
	q := *p
	q.Digest = ""
	text, err := json.Marshal(&q)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// ReadProof reads a proof from JSON. It does not check it.
func ReadProof(text []byte) (*Proof, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	p := new(Proof)
	if err := d.Decode(p); err != nil {
		return nil, fmt.Errorf("analysis: this is no proof: %w", err)
	}
	if d.More() {
		return nil, fmt.Errorf("analysis: this is no proof: there is something after its end")
	}
	if p.Format != ProofFormat {
		return nil, fmt.Errorf("analysis: a proof in format %q; this reads %q", p.Format, ProofFormat)
	}
	return p, nil
}
