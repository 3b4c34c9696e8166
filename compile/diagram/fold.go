package diagram

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/internal/press"
)

// Values that stand in place of the number of a frame's box.
const (
	notFolded = -1
	noBoxYet  = -2
)

// fold decides which stages become boxes: the innermost first, so many times, and if they have too many operations
// until few enough boxes are left. If that is not enough, as with a thousand steps, neighbours become one box.
func (s *scene) fold(rounds int) {
	drawn := len(slices.Collect(s.all()))
	for range rounds {
		s.foldInnermost()
	}
	if !s.cfg.Fold && (drawn <= s.cfg.MaxOperations || s.cfg.NoFold) {
		return
	}
	if !s.cfg.Fold {
		s.folded = fmt.Sprintf("it has %s, and at most %s are drawn", press.Plural(int64(drawn), "operation"),
			press.Count(int64(s.cfg.MaxOperations)))
	}
	for {
		leaves := s.foldInnermost()
		switch {
		case s.boxCount() <= s.cfg.MaxBoxes:
			return
		case leaves == 0:
			s.merge(s.cfg.MaxBoxes)
			return
		}
	}
}

// foldInnermost makes boxes of the stages that hold no other that is drawn, and returns how many.
func (s *scene) foldInnermost() int {
	leaves := s.leaves()
	for _, f := range leaves {
		s.frames[f].folded = noBoxYet
	}
	return len(leaves)
}

// part is an operation outside of all stages, or an outermost stage, which is folded.
type part struct {
	frame       int // 0 for an operation
	first, last int
}

// merge puts the parts of the program into at most the given number of boxes. Neighbours in the
// program are merged, so that no arrow leads back.
func (s *scene) merge(most int) {
	var parts []part
	for id := range s.all() {
		f := s.outermostFolded(s.home[id])
		if n := len(parts); f != 0 && n > 0 && parts[n-1].frame == f {
			parts[n-1].last = id
			continue
		}
		parts = append(parts, part{f, id, id})
	}
	for group := range slices.Chunk(parts, (len(parts)+most-1)/most) {
		if len(group) == 1 {
			continue
		}
		g := len(s.frames)
		s.frames = append(s.frames, frame{
			name: s.groupName(group), folded: noBoxYet, depth: 1, first: group[0].first, last: group[len(group)-1].last,
		})
		for _, p := range group {
			if p.frame != 0 {
				s.frames[p.frame].parent = g
				continue
			}
			s.home[p.first] = g
		}
	}
}

// groupName names the first and the last of the stages in a group, or of its operations
// if it has no stage.
func (s *scene) groupName(group []part) string {
	var stages, operations []string
	for _, p := range group {
		if p.frame != 0 {
			stages = append(stages, s.frames[p.frame].name)
			continue
		}
		op := &s.nodes[p.first]
		operations = append(operations, cmp.Or(press.Clean(op.Name), op.Op.String())) // an input by its name
	}
	names := stages
	if len(stages) == 0 {
		names = operations
	}
	if len(names) == 1 {
		return names[0]
	}
	return names[0] + " … " + names[len(names)-1]
}

// leaves returns the frames that are not folded and hold no such frame.
func (s *scene) leaves() []int {
	inner := make([]bool, len(s.frames))
	var list []int
	for f := len(s.frames) - 1; f > 0; f-- { // what is within comes after
		if s.frames[f].folded != notFolded {
			continue
		}
		if !inner[f] {
			list = append(list, f)
		}
		inner[s.frames[f].parent] = true
	}
	return list
}

// boxCount returns how many operations and folded stages are drawn.
func (s *scene) boxCount() int {
	seen := make([]bool, len(s.frames))
	n := 0
	for id := range s.all() {
		f := s.outermostFolded(s.home[id])
		if f == 0 || !seen[f] {
			n++
		}
		seen[f] = true
	}
	return n
}

// outermostFolded returns the folded frame that stands for a frame, or 0.
func (s *scene) outermostFolded(f int) int {
	found := 0
	for ; f != 0; f = s.frames[f].parent {
		if s.frames[f].folded != notFolded {
			found = f
		}
	}
	return found
}
