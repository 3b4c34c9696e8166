package graphml_test

import (
	"encoding/xml"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/gates"
)

// The document as encoding/xml decodes it.
type (
	file struct {
		XMLName xml.Name `xml:"http://graphml.graphdrawing.org/xmlns graphml"`
		Keys    []key    `xml:"key"`
		Graphs  []graph  `xml:"graph"`
	}
	key struct {
		ID   string `xml:"id,attr"`
		For  string `xml:"for,attr"`
		Name string `xml:"attr.name,attr"`
		Type string `xml:"attr.type,attr"`
	}
	graph struct {
		EdgeDefault string `xml:"edgedefault,attr"`
		NodeCount   int    `xml:"parse.nodes,attr"`
		EdgeCount   int    `xml:"parse.edges,attr"`
		Data        []data `xml:"data"`
		Nodes       []node `xml:"node"`
		Edges       []edge `xml:"edge"`
	}
	data struct {
		Key  string `xml:"key,attr"`
		Text string `xml:",chardata"`
	}
	node struct {
		ID   string `xml:"id,attr"`
		Data []data `xml:"data"`
	}
	edge struct {
		Source string `xml:"source,attr"`
		Target string `xml:"target,attr"`
		Data   []data `xml:"data"`
	}
)

// decode reads a document and checks what every reader may count on.
func decode(t rapid.TB, text string) *graph {
	t.Helper()
	var f file
	if err := xml.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Graphs) != 1 {
		t.Fatalf("%d graphs", len(f.Graphs))
	}
	g := &f.Graphs[0]
	if g.EdgeDefault != "directed" || g.NodeCount != len(g.Nodes) || g.EdgeCount != len(g.Edges) {
		t.Errorf("edgedefault %q, %d nodes declared and %d written, %d edges declared and %d written",
			g.EdgeDefault, g.NodeCount, len(g.Nodes), g.EdgeCount, len(g.Edges))
	}
	types := map[string]string{}
	for _, k := range f.Keys {
		if _, twice := types[k.ID]; twice || k.ID != k.Name {
			t.Errorf("key %+v is there twice or has another name", k)
		}
		types[k.ID] = k.For + " " + k.Type
	}
	checkData := func(of string, list []data) {
		seen := map[string]bool{}
		for _, d := range list {
			kind, typ, _ := strings.Cut(types[d.Key], " ")
			if kind != of || seen[d.Key] {
				t.Fatalf("data %q of a %s: declared for %q, seen before: %v", d.Key, of, kind, seen[d.Key])
			}
			seen[d.Key] = true
			var err error
			switch typ {
			case "int":
				_, err = strconv.ParseInt(d.Text, 10, 32)
			case "long":
				_, err = strconv.ParseInt(d.Text, 10, 64)
			case "boolean":
				_, err = strconv.ParseBool(d.Text)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	checkData("graph", g.Data)
	position := map[string]int{}
	for i, n := range g.Nodes {
		if _, twice := position[n.ID]; twice {
			t.Fatalf("two nodes %s", n.ID)
		}
		position[n.ID] = i
		checkData("node", n.Data)
	}
	for _, e := range g.Edges {
		from, ok1 := position[e.Source]
		to, ok2 := position[e.Target]
		if !ok1 || !ok2 || from >= to {
			t.Fatalf("edge from %s to %s: not from an earlier node to a later one", e.Source, e.Target)
		}
		checkData("edge", e.Data)
	}
	return g
}

// get returns a datum, "" if it is absent.
func get(list []data, key string) string {
	for _, d := range list {
		if d.Key == key {
			return d.Text
		}
	}
	return ""
}

func integer(t rapid.TB, text string) circuit.Int {
	t.Helper()
	v, ok := new(big.Int).SetString(text, 10)
	if !ok {
		t.Fatalf("%q is no integer", text)
	}
	return circuit.BigInt(v)
}

// rebuild makes a circuit of a document: one input port and one output port for each
// name and run of wires.
func rebuild(t rapid.TB, g *graph) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	reads := map[string][]edge{}
	for _, e := range g.Edges {
		reads[e.Target] = append(reads[e.Target], e)
	}
	value := map[string]circuit.Lit{}
	sum := map[string]circuit.Sum{}
	var out []circuit.Lit
	for i, n := range g.Nodes {
		var lits []circuit.Lit
		line := b.Linear()
		for _, e := range reads[n.ID] {
			l, isGate := value[e.Source]
			s := sum[e.Source]
			if isGate {
				l = l.NotIf(get(e.Data, "complement") == "true")
				lits = append(lits, l)
				s = l.Value()
			}
			if w := get(e.Data, "weight"); w != "" {
				line.Add(integer(t, w), s)
			}
		}
		kind := get(n.Data, "kind")
		switch kind {
		case "SUM":
			sum[n.ID] = line.Sum()
			continue
		case "OUTPUT":
			if len(lits) != 1 {
				t.Fatalf("output %s has %d edges", n.ID, len(lits))
			}
			out = append(out, lits[0])
			first := get(n.Data, "bit") == "0"
			last := i+1 == len(g.Nodes) || get(g.Nodes[i+1].Data, "bit") == "0"
			if !first && len(out) == 1 {
				t.Fatalf("output %s is no first wire", n.ID)
			}
			if last {
				b.OutputPort(get(n.Data, "port"), circuit.Format{}, out...)
				out = nil
			}
			continue
		}
		k, err := gates.ParseKind(kind)
		if err != nil {
			t.Fatal(err)
		}
		value[n.ID] = rebuildGate(t, b, k, &n, lits, line)
	}
	return formattest.Built(t, b)
}

func rebuildGate(
	t rapid.TB,
	b *circuit.Builder,
	k gates.Kind,
	n *node,
	lits []circuit.Lit,
	line *circuit.Linear,
) circuit.Lit {
	t.Helper()
	switch k {
	case gates.Const:
		return circuit.False
	case gates.Input:
		return b.Input(get(n.Data, "label"))
	case gates.Buf:
		return b.Buf(lits[0])
	case gates.Not:
		return b.Not(lits[0])
	case gates.And:
		return b.And(lits...)
	case gates.Or:
		return b.Or(lits...)
	case gates.Nand:
		return b.Nand(lits...)
	case gates.Nor:
		return b.Nor(lits...)
	case gates.Xor:
		return b.Xor(lits...)
	case gates.Xnor:
		return b.Xnor(lits...)
	case gates.Mod:
		m, err := strconv.ParseInt(get(n.Data, "modulus"), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		var residues []int64
		for _, r := range strings.Fields(get(n.Data, "residues")) {
			v, err := strconv.ParseInt(r, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			residues = append(residues, v)
		}
		if !slices.IsSorted(residues) {
			t.Fatalf("residues %v", residues)
		}
		return b.ModSum(m, residues, line.Sum())
	case gates.Majority, gates.Threshold:
		return b.Threshold(line.Sum(), integer(t, get(n.Data, "bound")))
	}
	panic(fmt.Sprintf("kind %v", k))
}
