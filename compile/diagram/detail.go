package diagram

import (
	"regexp"
	"strings"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/press"
)

// detailText is what a box says beside the name of its operation. It has the signs of a
// paper where the listing has signs of a keyboard.
func (s *scene) detailText(id int) string {
	op := &s.nodes[id]
	text := press.Clean(op.Detail())
	switch op.Op {
	case program.OpTokens:
		return "one-hot tokens"
	case program.OpGather:
		if s.differ(id) {
			return "element of the step"
		}
	case program.OpContract:
		text = strings.NewReplacer(",", ", ", "->", " → ").Replace(text)
	case program.OpAffine:
		text = affinePattern.ReplaceAllStringFunc(text, func(end string) string {
			switch {
			case end == "+0":
				return ""
			case end[0] == '-':
				return " − " + end[1:]
			}
			return " + " + end[1:]
		})
		text = strings.ReplaceAll(text, "·-", "·−")
	case program.OpReduce:
		return "Σ over " + press.Clean(lostAxis(s.nodes[op.Args[0]].Shape, op.Shape))
	case program.OpStep, program.OpMaxStep:
		if jumps, ok := strings.CutSuffix(text, " jumps"); ok {
			if p, err := poly.Parse(jumps); err == nil {
				return amount(s.costs.at(p), "jump")
			}
		}
	}
	return text
}

// affinePattern is the constant of an Affine.
var affinePattern = regexp.MustCompile(`[+-][0-9]+$`)

// lostAxis names the axis that a Reduce sums over.
func lostAxis(from, to program.Shape) string {
	for i := range to {
		if from[i] != to[i] {
			return from[i].Name
		}
	}
	return from[len(from)-1].Name
}
