package tc0

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
)

var update = flag.Bool("update", false, "rewrite golden files")

// statsSubjects are the families with the parameters that the golden table measures
// them with, at every n of statsN and in every strategy of statsStrategies.
func statsSubjects() []string {
	var list []string
	for _, f := range compile.Families() {
		text := ""
		for _, p := range f.Params {
			switch {
			case p.Name == "bits" && (strings.Contains(f.Doc, "unrolled") || f.Name == "mamba"):
				text += ",bits=3" // with fewer, a gate is nearly constant
			case p.Name == "d" || p.Name == "bits":
				text += "," + p.Name + "=2"
			}
		}
		var kinds []string
		for _, p := range f.Params {
			if p.Name == "kind" {
				kinds = p.Choices
			}
		}
		if kinds == nil {
			list = append(list, f.Name+":n=%d"+text)
		}
		for _, k := range kinds {
			list = append(list, f.Name+":n=%d"+text+",kind="+k)
		}
	}
	return append(list,
		"attention:n=%d,bits=2,heads=2,kv_heads=1,causal=1,positions=rotary",
		"layer:n=%d,d=2,bits=2,norm=layer", "layer:n=%d,d=2,bits=2,norm=layer,place=post,activation=gelu",
	)
}

var (
	statsN          = []int{2, 3, 4, 6}
	statsStrategies = []string{"min-depth", "balanced", "min-size"}
)

// TestStats compares depth, size, wires and weight of every block with the golden
// table, so that a change of any shows as a difference. Run with -update to rewrite it.
func TestStats(t *testing.T) {
	var got bytes.Buffer
	w := csv.NewWriter(&got)
	write := func(fields ...string) {
		if err := w.Write(fields); err != nil {
			t.Fatal(err)
		}
	}
	write("subject", "strategy", "depth", "size", "wires", "weight")
	for _, subject := range statsSubjects() {
		for _, n := range statsN {
			spec, err := compile.ParseSpec(fmt.Sprintf(subject, n))
			if err != nil {
				t.Fatal(err)
			}
			i, err := spec.Instance()
			if err != nil {
				t.Fatalf("%v: %v", spec.Short(), err)
			}
			if err := i.Program.Check(); err != nil {
				t.Error(err)
			}
			for _, name := range statsStrategies {
				s, err := lower.ParseStrategy(name)
				if err != nil {
					t.Fatal(err)
				}
				c, err := lower.Program(i.Program, s)
				if err != nil {
					t.Fatalf("%v, %v: %v", spec.Short(), name, err)
				}
				st := c.Stats()
				write(
					spec.Short(),
					name,
					strconv.Itoa(c.Depth()),
					fmt.Sprint(st.Size),
					fmt.Sprint(st.Wires),
					fmt.Sprint(st.Weight),
				)
			}
		}
	}
	w.Flush()
	const file = "testdata/stats.csv"
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; go test . -run TestStats -update writes it", err)
	}
	a, b := bytes.Split(got.Bytes(), []byte("\n")), bytes.Split(want, []byte("\n"))
	if len(a) != len(b) {
		t.Errorf("%d lines, and the table has %d", len(a), len(b))
	}
	for i := range min(len(a), len(b)) {
		if !bytes.Equal(a[i], b[i]) {
			t.Errorf("line %d is %s, and %s in the table", i+1, a[i], b[i])
		}
	}
}
