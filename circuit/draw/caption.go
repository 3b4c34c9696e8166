package draw

import (
	"fmt"
	"strings"
)

// describe sets the title and the line under it: the depth, never without its
// convention, and the counts.
func (s *scene) describe(cfg *Config, depth int, size, wires int64) {
	s.title = clean(cfg.Title)
	s.caption = fmt.Sprintf("depth %d (%s depth model), %s, %s",
		depth, cfg.DepthModel.Name, plural(size, "gate"), plural(wires, "wire"))
}

// explain sets the legend to the signs that occur in s.
func (s *scene) explain() {
	var complement, negative, integer, weight, folded bool
	for i := range s.edges {
		e := &s.edges[i]
		complement = complement || e.complement
		negative = negative || e.negative
		integer = integer || e.integer
		weight = weight || e.label != ""
		folded = folded || e.count > 0
	}
	var parts []string
	for _, part := range []struct {
		occurs bool
		text   string
	}{
		{folded, "a box is a stage; numbers on arrows count wires"},
		{complement, "open dot: complement"},
		{integer, "thick line: integer sum, no depth"},
		{negative, "dashed: negative weight"},
		{weight || negative, "no number: weight ±1"},
	} {
		if part.occurs {
			parts = append(parts, part.text)
		}
	}
	s.legend = strings.Join(parts, "; ")
}
