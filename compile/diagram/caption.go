package diagram

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/press"
)

// describe sets the title and the lines under it: the depth with its convention, and the
// sizes of the dimensions that arrows name.
func (s *scene) describe(p *program.Program, f *formula.Costs) {
	cfg := &s.cfg
	s.title = press.Clean(cfg.Title)
	if s.title == "" && !cfg.NoCaption {
		s.title = press.Clean(p.Name())
	}
	depth, size := "at most "+press.GroupedIn(s.costs.at(f.Depth).Pretty()), "at most "+amount(s.costs.at(f.Gates), "gate")
	if c := cfg.Circuit; c != nil {
		depth, size = press.Count(int64(c.Depth())), press.Plural(int64(c.Size()), "gate")
	}
	s.caption = fmt.Sprintf("depth %s (%s depth model), %s, strategy %v",
		depth, gates.Standard().Name, size, cfg.Strategy)
	if p.Open() {
		s.caption += fmt.Sprintf(", for every n ≥ %d", f.From)
	}
	seen := map[string]bool{}
	var list []string
	for id := range s.nodes {
		for _, d := range s.nodes[id].Shape {
			text := press.Clean(d.Name) + " = " + sizeText(d)
			if !seen[d.Name] && text != "n = n" {
				list = append(list, text)
			}
			seen[d.Name] = true
		}
	}
	s.sizes = strings.Join(list, ", ")
}

// notes lists what letters and arrows mean.
func (s *scene) notes() []string {
	letters := "letters of shapes: the sizes above"
	if s.sizes == "" {
		letters = "letters of shapes: sizes"
	}
	if strings.Contains(s.caption, "for every n") {
		letters += "; n: any number"
	}
	list := []string{"arrows: uses of values, with their shapes; depth: " + gates.Standard().Note, letters}
	for i := range s.boxes {
		if s.boxes[i].role != roleFolded && strings.Contains(s.boxes[i].detail, "→") {
			list = append(list, "ij, jk → ik: an index for each axis of the operands and of the result, which sums over the others")
			break
		}
	}
	if s.cfg.Columns > 1 {
		list = append(list, "an arrow that ends in a number goes on from the same number")
	}
	return list
}

// words is the legend as text, in parts.
func (s *scene) words() []string {
	colours := map[role]string{roleLayers: "orange", roleGates: "blue", roleExact: "white", roleState: "dashed"}
	var parts []string
	if s.sizes != "" {
		parts = append(parts, s.sizes)
	}
	for _, r := range s.legend() {
		if c, ok := colours[r.role]; ok && s.cfg.Palette == press.Paper() {
			parts = append(parts, c+": "+r.text)
		} else {
			parts = append(parts, r.text)
		}
	}
	return append(parts, s.notes()...)
}

// report says what the figure shows.
func (s *scene) report() *draw.Report {
	return &draw.Report{
		Folded: s.folded, Title: s.title, Counts: s.caption, Legend: s.words(), Caption: !s.cfg.NoCaption,
		Column: s.cfg.Width, Wide: s.wide, High: s.high, Smallest: smallText,
	}
}

// legendRow is one kind of shape in the legend. A folded stage has no sample.
type legendRow struct {
	role role
	text string
}

// legend lists the kinds of shape that occur.
func (s *scene) legend() []legendRow {
	var has [roleState + 1]bool
	for i := range s.boxes {
		has[s.boxes[i].role] = true
		has[s.boxes[i].looks()] = true
	}
	var rows []legendRow
	for _, r := range []legendRow{
		{roleLayers, "adds layers of gates (+k)"},
		{roleGates, "gates, but no layer"},
		{roleExact, "no gate of its own, no layer"},
		{roleState, "from copy to copy of a body"},
		{roleFolded, "double border: a stage, folded"},
	} {
		if has[r.role] {
			rows = append(rows, r)
		}
	}
	return rows
}

// looks is the role that says how a box is filled. A folded stage looks like an operation
// of the same cost.
func (b *box) looks() role {
	if b.role == roleFolded {
		return b.cost.role()
	}
	return b.role
}

// role is how an operation of the cost is drawn.
func (c *cost) role() role {
	switch {
	case !c.adds.IsZero():
		return roleLayers
	case !c.gates.IsZero():
		return roleGates
	}
	return roleExact
}

// ink returns the colours of a kind of box and the width of its border in points.
func ink(p *press.Palette, r role) (press.Ink, float64) {
	switch r {
	case roleLayers:
		return p.Threshold, 1.8
	case roleGates:
		return p.Logic, 1
	case roleState:
		return press.Ink{Fill: p.Inner.Fill, Line: p.Wire}, 1.2
	case roleInput, roleOutput:
		return p.Port, 1.2
	}
	return press.Ink{Fill: p.Sum.Fill, Line: p.Stage.Line}, 0.6
}
