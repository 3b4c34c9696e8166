//go:build unix

package equiv_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/equiv"
)

// TestLiars asserts that a solver that lies is found out if a proof is asked for: two circuits that
// differ on one input of 2^40 are never proved the same, whatever it writes.
func TestLiars(t *testing.T) {
	circuits := func(rare bool) *circuit.Circuit {
		b := circuit.NewBuilder()
		in := b.Inputs("x", 40)
		out := b.Xor(in[0], in[1])
		if rare {
			lits := make([]circuit.Lit, len(in))
			for i, l := range in {
				lits[i] = l.NotIf(0xA53C96_E174>>i&1 != 0)
			}
			out = b.Xor(out, b.And(lits...))
		}
		b.Output("y", out)
		c, err := b.Circuit()
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	const unsat = "; echo 's UNSATISFIABLE'; exit 20"
	for name, script := range map[string]string{
		"no proof":         "true",
		"an empty proof":   ": > $proof",
		"a contradiction":  "echo 0 > $proof",
		"what is asserted": "echo '-1 0' > $proof; echo '1 0' >> $proof; echo 0 >> $proof",
		"a definition":     "echo '999999 0' > $proof; echo 0 >> $proof",
		"garbage":          "echo 'x y z' > $proof",
		"no end":           "echo '1 2' > $proof",
		"a clause removed": "echo 'd 1 0' > $proof; echo 0 >> $proof",
		"a folder":         "mkdir $proof",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			text := "#!/bin/sh\nfor proof; do :; done\n" + script + unsat + "\n"
			if err := os.WriteFile(filepath.Join(dir, "cadical"), []byte(text), 0o755); err != nil {
				t.Fatal(err)
			}
			t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
			r, err := equiv.Check(t.Context(), circuits(false), circuits(true), equiv.Config{
				ProofFolder: t.TempDir(), Solvers: []string{"cadical"}, Inputs: 64,
			})
			if err != nil || r.Verdict != equiv.Consistent || r.Certificate != nil || !strings.HasPrefix(r.How, "there is no proof") {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}
