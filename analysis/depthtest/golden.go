package depthtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// updating reports whether go test was given -update. Only a test may define flags, so that
// this looks for one that the test defined.
func updating() bool {
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}

// golden has the counts of a circuit that a golden file keeps.
type golden struct {
	Depth int `json:"depth"`
	proof.Counts
	Class  gates.Class          `json:"class"`
	Gates  map[string]int       `json:"gates"`
	Ledger []analysis.StageCost `json:"ledger"`
}

// Golden asserts that the depth, size, wires, weight, gates by kind and the ledger by stage of c
// are those in a file, so that a change of any of them shows in review. A failure names what grew,
// stage by stage.
//
// With go test -update the file is written instead. The package of the test defines that flag:
//
//	var _ = flag.Bool("update", false, "rewrite golden files")
func Golden(t testing.TB, c *circuit.Circuit, path string) bool {
	t.Helper()
	m := analysis.Measure(c, gates.Standard())
	now := golden{m.Depth, m.Counts, m.GateClass, m.Gates, m.Ledger}
	text, err := json.MarshalIndent(now, "", "  ")
	text = append(text, '\n')
	if err == nil && updating() {
		if err = os.MkdirAll(filepath.Dir(path), 0o777); err == nil {
			err = os.WriteFile(path, text, 0o666)
		}
		if err == nil {
			return true
		}
	}
	if err != nil {
		t.Errorf("%v", err)
		return false
	}
	want, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Errorf("there is no golden file %s; go test -update writes it", path)
		return false
	}
	var before golden
	if err == nil {
		err = json.Unmarshal(want, &before)
	}
	if err != nil {
		t.Errorf("the golden file %s cannot be read: %v", path, err)
		return false
	}
	if again, err := json.MarshalIndent(before, "", "  "); err == nil && bytes.Equal(append(again, '\n'), text) {
		return true
	}
	var b strings.Builder
	for _, n := range []struct {
		what          string
		before, after any
	}{
		{"depth", before.Depth, now.Depth},
		{"gates", before.Size, now.Size},
		{"wires", before.Wires, now.Wires},
		{"weight", before.Weight.String(), now.Weight.String()},
		{"class", before.Class, now.Class},
	} {
		if n.before != n.after {
			fmt.Fprintf(&b, "\n  %s: %v → %v", n.what, n.before, n.after)
		}
	}
	b.WriteString(grown(&analysis.Measures{Ledger: before.Ledger}, m))
	if now.Depth > before.Depth {
		b.WriteString(longestPath(c))
	}
	t.Errorf("the circuit is not the one of %s; go test -update accepts it%s", path, &b)
	return false
}
