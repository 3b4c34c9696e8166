// Package origin tells for the stages of a circuit which operations of a program made their gates. It is
// apart from package explore, which a page holds and which needs no compiler.
package origin

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// mostNamed is how many operations of a stage are listed.
const mostNamed = 6

// Of returns for each path of stages the operations of a program in it, with their shapes and ranges:
// "%4 [2,3] in 0..7 = Linear(%1, …)", one a line, without inputs and constants. It is for
// [explore.Options]; beyond a few it says how many more there are.
func Of(p *program.Program) map[string]string {
	lines, more := map[string][]string{}, map[string]int{}
	for i, n := range p.Nodes() {
		switch n.Op {
		case program.OpInput, program.OpTokens, program.OpConst:
			continue
		}
		path := n.Path()
		if len(lines[path]) == mostNamed {
			more[path]++
			continue
		}
		lines[path] = append(lines[path], fmt.Sprintf("%%%d %v in %v = %s", n.ID, n.Shape, n.Bounds, p.Nodes()[i].String()))
	}
	all := map[string]string{}
	for path, list := range lines {
		if n := more[path]; n > 0 {
			list = append(list, fmt.Sprintf("and %d more operations", n))
		}
		all[path] = strings.Join(list, "\n")
	}
	return all
}
