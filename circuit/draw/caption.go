package draw

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/press"
)

// describe sets the line under the title: the depth with its convention, and the counts.
func (s *scene) describe(size, wires int64) {
	s.caption = fmt.Sprintf("depth %d (%s depth model), %s, %s", s.levels.Depth, s.cfg.DepthModel.Name,
		press.Plural(size, "gate"), press.Plural(wires, "wire"))
}

// explain sets the legend: what costs depth, and the signs that occur in s.
func (s *scene) explain() {
	var complement, negative, integer, weight, arrow, bound, box, bundle, path bool
	for _, e := range s.edges {
		complement = complement || e.complement
		negative = negative || e.negative
		integer = integer || e.integer
		weight = weight || e.label != ""
		arrow = arrow || e.isArrow()
	}
	for _, n := range s.nodes {
		bound = bound || n.role == roleThreshold && strings.Contains(n.label, "≥")
		box = box || n.role == roleBox
		bundle = bundle || len(n.more) > 0
		path = path || n.path
	}
	longest := path && int(s.levels.Gate[s.cfg.Path[len(s.cfg.Path)-1]]) == s.levels.Depth
	parts := []string{s.depthRule()}
	for _, part := range []struct {
		occurs bool
		text   string
	}{
		{box, "a box is a stage"},
		{arrow, "numbers on arrows count wires"},
		{bound, "≥ t: 1 where the sum Σ is at least t"},
		{complement, "open dot: complement"},
		{integer, "thick line: integer sum, no depth"},
		{negative, "dashed: negative weight"},
		{weight || negative, "no number: weight ±1"},
		{s.called("Σ("), "Σ(w, …): weights of the lines into Σ " + s.order()},
		{bundle, "×k: k shapes alike, drawn once with all values of their lines"},
		{longest, "heavy: a longest path"},
		{path && !longest, "heavy: a path"},
	} {
		if part.occurs {
			parts = append(parts, part.text)
		}
	}
	s.legend = parts
}

// called reports whether an entry of the table begins so.
func (s *scene) called(begin string) bool {
	return slices.ContainsFunc(s.aside.entries, func(e string) bool { return strings.Contains(e, ": "+begin) })
}

// order says how lines into a shape are listed.
func (s *scene) order() string {
	if s.cfg.Direction == LeftRight {
		return "from top to bottom"
	}
	return "from left to right"
}

// depthRule says what the gates that occur cost, in the words of the depth model.
func (s *scene) depthRule() string {
	m := s.cfg.DepthModel
	var occurs [gates.NumKinds]bool
	parity := false // one that is free
	for g := range circuit.Gate(s.c.Len()) {
		if m.FreeParity && s.c.IsParity(g) {
			parity = true
		} else {
			occurs[s.c.Kind(g)] = true
		}
	}
	var costs []int // those that occur, each once
	byCost := map[int][]string{}
	for _, k := range gates.Kinds() {
		if k.IsSource() || !occurs[k] {
			continue
		}
		if byCost[m.Cost[k]] == nil {
			costs = append(costs, m.Cost[k])
		}
		byCost[m.Cost[k]] = append(byCost[m.Cost[k]], k.String())
	}
	var parts []string
	free := byCost[0]
	if parity {
		free = append(free, "MOD 2")
	}
	for _, cost := range costs {
		if cost != 0 {
			parts = append(parts, fmt.Sprintf("every %s gate costs %d", list(byCost[cost]), cost))
		}
	}
	if m.Complement == 0 {
		free = append(free, "complement")
	} else {
		parts = append(parts, fmt.Sprintf("a complement costs %d", m.Complement))
	}
	switch len(free) {
	case 0:
	case 1:
		parts = append(parts, free[0]+" is free")
	default:
		parts = append(parts, list(free)+" are free")
	}
	return "depth: " + strings.Join(parts, ", ") + " (" + m.Name + ")"
}

// list writes "a", "a and b" or "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// legendWidth is how many characters of the legend stand on a line: not wider than most
// figures.
const legendWidth = 80

// wrap joins parts by semicolons into lines of at most width characters. Lines break
// between parts, and between words only in a part that is itself longer.
func wrap(parts []string, width int) []string {
	fits := func(text string) bool { return utf8.RuneCountInString(text) <= width }
	var pieces, lines []string
	for i, part := range parts {
		if i < len(parts)-1 {
			part += ";"
		}
		if fits(part) {
			pieces = append(pieces, part)
		} else {
			pieces = append(pieces, strings.Fields(part)...)
		}
	}
	for _, piece := range pieces {
		if last := len(lines) - 1; last >= 0 && fits(lines[last]+" "+piece) {
			lines[last] += " " + piece
		} else {
			lines = append(lines, piece)
		}
	}
	return lines
}
