package origin

import (
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// mostReasons is how many reasons for the gates of one kind in one stage are told.
const mostReasons = 3

// Reasons returns for each path of stages and kind of gate, such as AND, what a program needs such gates for there,
// in words. It is for [explore.Options]. Kinds that no operation of the stage asks for are left out: they are there
// because a gate was made smaller, or by a step that is not in the program.
func Reasons(p *program.Program) map[string]map[string]string {
	all := map[string]map[string][]string{}
	for _, n := range p.Nodes() {
		path := n.Path()
		for kind, text := range reasons(&n) {
			if all[path] == nil {
				all[path] = map[string][]string{}
			}
			if !slices.Contains(all[path][kind], text) {
				all[path][kind] = append(all[path][kind], text)
			}
		}
	}
	told := map[string]map[string]string{}
	for path, kinds := range all {
		told[path] = map[string]string{}
		for kind, list := range kinds {
			if len(list) > mostReasons {
				list = append(list[:mostReasons:mostReasons], "another operation of this stage")
			}
			told[path][kind] = strings.Join(list, "; or ")
		}
	}
	return told
}

// reasons says what package lower makes gates of each kind for.
func reasons(n *program.Node) map[string]string {
	switch n.Op {
	case program.OpContract:
		x, y := name(n.Arg(0)), name(n.Arg(1))
		product := "the product of a bit of " + x + " and a bit of " + y + "; " + place(n) + " sums such products"
		if x == y {
			product = "the product of two bits of " + x + "; " + place(n) + " sums such products"
		}
		return map[string]string{
			"AND": product,
			"THRESHOLD": product + " (the threshold of one takes in the other, so that no AND and no level is needed; " +
				"the bit may be the complement of a gate)",
		}
	case program.OpStep:
		return map[string]string{"THRESHOLD": "one jump of a step function of " + name(n.Arg(0)) + ": 1 on one side of the jump, 0 on the other"}
	case program.OpLookup:
		return map[string]string{"THRESHOLD": "whether " + name(n.Arg(0)) + " reaches a row of a table"}
	case program.OpQuotient:
		return map[string]string{"THRESHOLD": "whether a quotient a/b reaches an integer t, without dividing: a ≥ t·b, where a is made of " +
			name(n.Arg(0)) + " and b of " + name(n.Arg(1))}
	case program.OpRootQuotient:
		return map[string]string{"THRESHOLD": "whether a/√b reaches a number, without root or division: by squares, where a is made of " +
			name(n.Arg(0)) + " and b of " + name(n.Arg(1))}
	case program.OpMaxStep, program.OpArgMax:
		x := name(n.Arg(0))
		return map[string]string{
			"THRESHOLD": "a comparison of two of " + x,
			"AND":       "all comparisons of one candidate with the others of " + x + ": 1 where none is greater by too much",
		}
	}
	return nil
}

// place names the stage of an operation as a reader sees it.
func place(n *program.Node) string {
	if len(n.Stage) == 0 {
		return "the circuit"
	}
	short, _, _ := strings.Cut(n.Stage[len(n.Stage)-1], " [")
	return "the stage " + short
}

// named are the arrangements whose notes name what they give.
var named = []string{"queries", "keys", "values"}

// name says what a value is to a reader: the input, the queries, keys or values of attention, or what a stage gives.
func name(n *program.Node) string {
	switch n.Op {
	case program.OpInput, program.OpTokens:
		return n.Name
	case program.OpConst:
		return "a constant"
	case program.OpGather:
		if slices.Contains(named, n.Note) {
			return "the " + n.Note
		}
		return name(n.Arg(0))
	case program.OpAffine, program.OpMask, program.OpReduce, program.OpWindow, program.OpLinear:
		return name(n.Arg(0))
	case program.OpAdd:
		x, y := name(n.Arg(0)), name(n.Arg(1))
		switch {
		case x == y || y == "a constant":
			return x
		case x == "a constant":
			return y
		}
		return x + " and " + y
	}
	if len(n.Stage) == 0 {
		return "a value before"
	}
	short, _, _ := strings.Cut(n.Stage[len(n.Stage)-1], " [")
	return short
}
