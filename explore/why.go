package explore

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// reasons says by kind what the gates of a stage are for; nil if nobody says it.
func (x *Circuit) reasons(s circuit.StageID) map[string]string {
	return x.opt.Reasons[x.c.StagePath(s)]
}

// Purpose is what the gates of one kind in a stage are for.
type Purpose struct {
	Kind  string `json:"kind"`
	Gates int    `json:"gates"`
	Item  string `json:"item"`  // of the stage; "" of the circuit
	Stage string `json:"stage"` // its path
	Text  string `json:"text"`
}

// purposes lists what is said of gates, by stage and kind.
func (x *Circuit) purposes() []Purpose {
	type group struct {
		stage circuit.StageID
		kind  gates.Kind
	}
	count := map[group]int{}
	if len(x.opt.Reasons) > 0 {
		for g := range circuit.Gate(x.c.Len()) {
			count[group{x.c.StageOf(g), x.c.Kind(g)}]++
		}
	}
	list := []Purpose{}
	for s := range circuit.StageID(x.c.StageCount()) {
		reasons := x.reasons(s)
		for _, kind := range slices.Sorted(maps.Keys(reasons)) {
			k, err := gates.ParseKind(kind)
			if n := count[group{s, k}]; err == nil && n > 0 {
				p := Purpose{Kind: kind, Gates: n, Stage: x.c.StagePath(s), Text: reasons[kind]}
				if s > 0 {
					p.Item = fmt.Sprintf("s%d", s)
				}
				list = append(list, p)
			}
		}
	}
	return list
}

// why says in words what a gate reads and what it is for; "" if nobody says what it is for.
func (x *Circuit) why(g circuit.Gate, terms []Term) string {
	reason := x.reasons(x.c.StageOf(g))[x.c.Kind(g).String()]
	if reason == "" {
		return ""
	}
	return fmt.Sprintf("%s of %s: %s", x.c.Kind(g), x.read(terms), reason)
}

// read counts what a gate reads, by its kind: "2 inputs", "1 input and the complement of 1 threshold".
func (x *Circuit) read(terms []Term) string {
	words := [...]string{"input", "threshold", "other gate"}
	var count [2][len(words)]int // as they are, and complemented
	for _, t := range terms {
		kind := 2
		switch k := x.c.Kind(circuit.Gate(t.Gate)); k {
		case gates.Input:
			kind = 0
		case gates.Threshold, gates.Majority:
			kind = 1
		}
		count[bit(t.Not)][kind]++
	}
	var parts []string
	for not, counts := range count {
		for kind, n := range counts {
			if n > 0 {
				parts = append(parts, []string{"", "the complement of "}[not]+plural(n, words[kind]))
			}
		}
	}
	return strings.Join(parts, " and ")
}

// outputMeans says what it means that an output wire is 1, where that is a bound: of a thermometer, y[0] ≥ 1.
// Else it is empty.
func (x *Circuit) outputMeans(i int) string {
	n := x.tree.outOf[i]
	p := x.c.OutputPorts()[n]
	if p.Format.Kind != circuit.Thermometer {
		return ""
	}
	least, _ := p.Format.Range(len(p.Wires))
	bound := least.Add(circuit.NewInt(int64(i - x.tree.outAt[n] + 1)))
	return p.Name + " ≥ " + strings.Replace(bound.String(), "-", "−", 1)
}
