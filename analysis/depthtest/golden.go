package depthtest

import (
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/gates"
)

// The test binary has one flag -update. A package that defines its own must do so in a
// variable, which the runtime initialises after this one; it then finds the flag defined,
// and should read that with flag.Lookup.
func init() {
	if flag.Lookup("update") == nil {
		flag.Bool("update", false, "rewrite golden files")
	}
}

// updating reports whether go test was given -update.
func updating() bool {
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}

// golden is what a golden file keeps of a circuit.
type golden struct {
	Depth  int                  `json:"depth"`
	Size   int                  `json:"size"`
	Wires  int64                `json:"wires"`
	Weight vector.Number        `json:"weight"`
	Class  string               `json:"class"`
	Gates  map[string]int       `json:"gates"`
	Ledger []analysis.StageCost `json:"ledger"`
}

// Golden asserts that the depth, size, wires, weight, gates by kind and the ledger by stage of
// c are those in a file, so that a change of any of them shows in review. With go test
// -update the file is written instead. A failure says what grew, stage by stage.
func Golden(t testing.TB, c *circuit.Circuit, path string) bool {
	t.Helper()
	m := analysis.Measure(c, gates.Standard())
	now := golden{m.Depth, m.Size, m.Wires, m.Weight, m.Class, m.Gates, m.Ledger}
	text, err := json.MarshalIndent(now, "", "  ")
	if err != nil {
		t.Errorf("%v", err)
		return false
	}
	text = append(text, '\n')
	if updating() {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Errorf("%v", err)
			return false
		}
		if err := os.WriteFile(path, text, 0o666); err != nil {
			t.Errorf("%v", err)
			return false
		}
		return true
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
	if same(before, now) {
		return true
	}
	var b strings.Builder
	b.WriteString(change("depth", before.Depth, now.Depth))
	b.WriteString(change("gates", before.Size, now.Size))
	b.WriteString(change("wires", before.Wires, now.Wires))
	b.WriteString(change("weight", before.Weight.String(), now.Weight.String()))
	b.WriteString(change("class", before.Class, now.Class))
	b.WriteString(grown(&analysis.Measures{Ledger: before.Ledger}, m))
	path2 := ""
	if now.Depth > before.Depth {
		path2 = longestPath(c)
	}
	t.Errorf("the circuit is not the one of %s; go test -update accepts it%s%s", path, b.String(), path2)
	return false
}

// same compares what JSON keeps.
func same(a, b golden) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return reflect.DeepEqual(x, y)
}

func change[T comparable](what string, before, after T) string {
	if before == after {
		return ""
	}
	x, _ := json.Marshal(before)
	y, _ := json.Marshal(after)
	return "\n  " + what + ": " + strings.Trim(string(x), `"`) + " → " + strings.Trim(string(y), `"`)
}
