package explore

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/circuit"
)

// Hit is something that a search found.
type Hit struct {
	Item string   `json:"item"`
	Gate *int     `json:"gate,omitempty"`
	What string   `json:"what"` // gate, stage, input or output
	Name string   `json:"name"`
	Open []string `json:"open"` // items to unfold to see it, the outermost first
}

// Search finds a gate by its number, with g or without, stages, input wires and output wires
// by a part of their names, in any case, and then gates by their kind, such as XOR. It returns at most that
// many, those whose whole name it is first.
func (x *Circuit) Search(text string, most int) []Hit {
	text = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(text)), ">=", "≥")
	var exact, part []Hit
	add := func(item, what, name string, g *int) {
		name = strings.TrimSpace(name)
		if !strings.Contains(strings.ToLower(name), text) || len(exact)+len(part) >= 4*most {
			return
		}
		n, err := x.tree.find(item)
		if err != nil {
			return // a stage without gates
		}
		h := Hit{item, g, what, name, n.above()}
		if strings.ToLower(name) == text || strings.HasSuffix(strings.ToLower(name), "/"+text) {
			exact = append(exact, h)
		} else {
			part = append(part, h)
		}
	}
	if text == "" || most <= 0 {
		return []Hit{}
	}
	if g, err := strconv.Atoi(strings.TrimPrefix(text, "g")); err == nil && g >= 0 && g < x.c.Len() {
		if n, err := x.tree.find(fmt.Sprintf("g%d", g)); err == nil {
			exact = append(exact, Hit{n.id, &g, "gate", n.id, n.above()})
		}
	}
	for s := 1; s < x.c.StageCount(); s++ {
		add(fmt.Sprintf("s%d", s), "stage", x.c.StagePath(circuit.StageID(s)), nil)
	}
	for i, input := range x.c.Inputs() {
		g := int(input)
		add(fmt.Sprintf("g%d", g), "input", x.inputName(i), &g)
	}
	for i, l := range x.tree.wires {
		g := int(l.Gate())
		name := x.outputName(i)
		if means := x.outputMeans(i); means != "" {
			name += ": " + means
		}
		add(fmt.Sprintf("y%d", i), "output", name, &g)
	}
	all := append(exact, part...)
	for g := 0; g < x.c.Len() && len(all) < most; g++ {
		k := x.c.Kind(circuit.Gate(g))
		if k.IsSource() || !strings.EqualFold(k.String(), text) {
			continue
		}
		if n, err := x.tree.find(fmt.Sprintf("g%d", g)); err == nil {
			all = append(all, Hit{n.id, &g, k.String() + " gate", n.id, n.above()})
		}
	}
	return append([]Hit{}, all[:min(len(all), most)]...)
}

// Wire is a wire from a gate to a gate.
type Wire struct {
	From   int    `json:"from"`
	To     int    `json:"to"` // −1 − number for an output wire
	Not    bool   `json:"not,omitempty"`
	Weight string `json:"weight"`
}

// Wires lists wires from one item to another, at most that many, and tells whether there are more. A
// sum as an end stands for what it depends on, or for what reads it.
func (x *Circuit) Wires(from, to string, most int) (list []Wire, more bool, err error) {
	source, err := x.members(from)
	if err != nil {
		return nil, false, err
	}
	list = []Wire{}
	take := func(f circuit.Gate, w Wire) bool {
		if !source[f] {
			return true
		}
		if more = len(list) >= most; !more {
			w.From = int(f)
			list = append(list, w)
		}
		return !more
	}
	into := func(s circuit.SumID, g int) bool {
		gates, weights := x.c.Flatten(s)
		for i, f := range gates {
			if !take(f, Wire{To: g, Weight: weights[i].String()}) {
				return false
			}
		}
		return true
	}
	if number, ok := strings.CutPrefix(to, "z"); ok {
		s, err := parseSum(number, x.c.SumCount())
		if err != nil {
			return nil, false, err
		}
		for _, r := range x.reader[x.first[x.sumNode(s)]:x.first[x.sumNode(s)+1]] {
			if int(r) < x.c.Len() && !into(s, int(r)) {
				break
			}
		}
		return list, more, nil
	}
	n, err := x.tree.find(to)
	if err != nil {
		return nil, false, err
	}
	x.tree.each(n, func(g circuit.Gate) {
		if more {
			return
		}
		if s, ok := x.c.ReadsSum(g); ok {
			into(s, int(g))
		}
		for _, l := range x.c.Fanin(g) {
			take(l.Gate(), Wire{To: int(g), Not: l.IsComplement(), Weight: "1"})
		}
	})
	x.tree.eachOutput(n, func(wire int) {
		if l := x.tree.wires[wire]; !more {
			take(l.Gate(), Wire{To: -1 - wire, Not: l.IsComplement(), Weight: "1"})
		}
	})
	return list, more, nil
}

// members marks the gates in an item; in a sum, those that it depends on.
func (x *Circuit) members(id string) ([]bool, error) {
	in := make([]bool, x.c.Len())
	if number, ok := strings.CutPrefix(id, "z"); ok {
		s, err := parseSum(number, x.c.SumCount())
		if err != nil {
			return nil, err
		}
		gates, _ := x.c.Flatten(s)
		for _, g := range gates {
			in[g] = true
		}
		return in, nil
	}
	n, err := x.tree.find(id)
	if err != nil {
		return nil, err
	}
	x.tree.each(n, func(g circuit.Gate) { in[g] = true })
	return in, nil
}
