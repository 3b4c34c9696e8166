package proof_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis/proof"
)

// FuzzRead writes what was read, and reads that as the same proof.
func FuzzRead(f *testing.F) {
	text, err := json.Marshal(twoGates(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"format":"tc0 proof 2","size_formula":"1/2·n^2 - n·2^p + 3","interpolated":{},"log_precision":{}}`))
	f.Add([]byte(`{"format":"tc0 proof 2","checked":[{"n":9223372036854775807,"max_weight":"123456789012345678901234567890"}]}`))
	f.Add([]byte(`{"format":"tc0 proof 1"} x`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := proof.Read(text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "proof: ") {
				t.Fatalf("error %v", err)
			}
			return
		}
		sealed := p.Sealed()
		_ = p.SymbolText()
		once, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		q, err := proof.Read(once)
		if err != nil {
			t.Fatalf("%s: %v", once, err)
		}
		if again, err := json.Marshal(q); err != nil || string(again) != string(once) || q.Sealed() != sealed {
			t.Fatalf("%s, then %s, %v", once, again, err)
		}
		if err := q.Seal(); err != nil || !q.Sealed() {
			t.Fatalf("it cannot be sealed: %v", err)
		}
	})
}
