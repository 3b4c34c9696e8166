package check_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/check"
)

// FuzzProof gives the checker proofs with other contents and a seal that fits them. What it accepts bounds
// depth, size, wires and weights as the proof of the prover does.
func FuzzProof(f *testing.F) {
	text, of := proofOf(f, "mlp:hidden=2,out=1,bits=2", []int{}...) // a circuit takes long to build
	want, err := analysis.ReadProof(text)
	if err != nil {
		f.Fatal(err)
	}
	if _, err := check.Proof(f.Context(), want, of.open, none); err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(bytes.Replace(text, []byte(`"from":1`), []byte(`"from":2`), 1))
	f.Add(bytes.ReplaceAll(text, []byte(`"gates"`), []byte(`"wires"`)))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := analysis.ReadProof(text)
		if err != nil {
			return
		}
		if err := p.Seal(); err != nil {
			t.Fatal(err)
		}
		if _, err = check.Proof(t.Context(), p, of.open, none); err != nil {
			var wrong *check.Error
			if !errors.As(err, &wrong) && !errors.Is(err, errNone) {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		bounds := func(p *analysis.Proof) string {
			rows := slices.Clone(p.Derivation)
			for i := range rows {
				rows[i].Why, rows[i].Source = "", ""            // words and a quotation, of which nothing is derived
				rows[i].Args = append([]int{}, rows[i].Args...) // none is written [] and may be null
			}
			text, err := json.Marshal([]any{
				rows, p.DepthFormula, p.SizeFormula, p.WiresFormula,
				p.SizeInN, p.WiresInN, p.WeightInN, p.MaxWeightInN,
			})
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		if got := bounds(p); got != bounds(want) {
			t.Fatalf("accepted: %s\nwant %s", got, bounds(want))
		}
	})
}
