package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/internal/brief"
)

// Proof is a derivation of the cost of a family of circuits for every n, with the circuits that it
// was compared with. It is data: it can be written as JSON and read back. Package analysis/check
// checks it, and does not share code with what makes it.
//
// The derivation is an induction over the list of operations of the family's program, in which n is
// a symbol. Depth, size, wires and weights are bounded from above for every n, by construction.
type Proof struct {
	Verdict

	Format     string           `json:"format"` // the one that [Format] names
	Subject    string           `json:"subject"`
	Strategy   string           `json:"strategy"`
	DepthModel string           `json:"depth_model"`
	DepthNote  string           `json:"depth_note"`
	Fixed      bool             `json:"fixed,omitempty"` // there is one circuit, and no n
	From       int64            `json:"from"`            // the formulas are about n from here on
	Members    string           `json:"members"`         // for which n: "every n ≥ 1"; "" if there is no n
	Symbols    map[string]int64 `json:"symbols"`         // values of the symbols other than n
	Outputs    []Output         `json:"outputs"`

	// Each formula is an upper bound.
	DepthFormula poly.Poly `json:"depth_formula"` // in n
	SizeFormula  poly.Poly `json:"size_formula"`  // in the symbols
	WiresFormula poly.Poly `json:"wires_formula"` // in the symbols
	SizeInN      poly.Poly `json:"size_in_n"`
	WiresInN     poly.Poly `json:"wires_in_n"`
	WeightInN    poly.Poly `json:"weight_in_n"`     // Σ|w| of all gates
	MaxWeightInN poly.Poly `json:"max_weight_in_n"` // a bound on Σ|w| of each gate
	// DepthMet and SizeMet are the n of the circuits that were built and have just that depth and size. They
	// say nothing of other n.
	DepthMet []int `json:"depth_met"`
	SizeMet  []int `json:"size_met"`

	// Interpolated are polynomials through the counts of circuits; nil if there are none.
	Interpolated *Interpolation `json:"interpolated,omitempty"`

	// LogPrecision has the formulas for numbers of c·log₂ n bits; nil if they were not asked for.
	LogPrecision *LogPrecision `json:"log_precision,omitempty"`

	Derivation []Step  `json:"derivation"`
	Values     []Value `json:"values"`              // the formulas at some n
	Checked    []Check `json:"checked"`             // flat circuits
	Unchecked  string  `json:"unchecked,omitempty"` // why there are no flat circuits

	WeightGrowth string      `json:"weight_growth"`
	NotProved    []string    `json:"not_proved"` // what is tested, cited or shown by evidence
	Uniformity   Uniformity  `json:"uniformity"`
	Facts        []Fact      `json:"facts"`
	Published    []Published `json:"published"`

	Digest string `json:"digest"` // SHA-256 of everything else
}

// Format names the format of proofs that this version writes and reads.
const Format = "tc0 proof 2"

// SymbolText lists the values of the symbols of a proof, such as "d = 4, p = 3".
func (p *Proof) SymbolText() string {
	used := map[string]bool{}
	for _, f := range []poly.Poly{p.SizeFormula, p.WiresFormula} {
		for _, s := range f.Symbols() {
			used[s] = true
		}
	}
	var parts []string
	for _, s := range slices.Sorted(maps.Keys(p.Symbols)) {
		name, power := strings.CutPrefix(s, "2^")
		if used[s] && !(power && used[name]) {
			parts = append(parts, fmt.Sprintf("%s = %d", name, p.Symbols[name]))
		}
	}
	return strings.Join(parts, ", ")
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

// Read reads a proof from JSON. It does not check it.
func Read(text []byte) (*Proof, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	p := new(Proof)
	if err := d.Decode(p); err != nil {
		return nil, fmt.Errorf("proof: this is no proof: %s", brief.Error(err))
	}
	if d.More() {
		return nil, fmt.Errorf("proof: this is no proof: there is something after its end")
	}
	if p.Format != Format {
		return nil, fmt.Errorf("proof: a proof in format %s; this reads %q", brief.Quote(p.Format), Format)
	}
	return p, nil
}
