package diagram

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

// CircuitError says that the circuit of a [Config] is not one of the program.
type CircuitError struct {
	Program string
	Reason  string
}

func (e *CircuitError) Error() string {
	return fmt.Sprintf("diagram: the circuit is not one of program %s: %s", e.Program, e.Reason)
}

// checkCircuit compares the ports of a circuit and a program.
func checkCircuit(p *program.Program, c *circuit.Circuit) error {
	reason := "its size is open"
	if !p.Open() {
		reason = cmp.Or(
			difference("input", p.Inputs(), c.InputPorts()), difference("output", p.Outputs(), c.OutputPorts()))
	}
	if reason == "" {
		return nil
	}
	return &CircuitError{p.Name(), reason}
}

// difference says how the ports of a circuit differ from those of a program; "" if they do not.
func difference(what string, want []program.Port, got []circuit.Port) string {
	if len(want) != len(got) {
		return fmt.Sprintf("it has %d %s ports, and the program %d", len(got), what, len(want))
	}
	for i, p := range want {
		if p.Name != got[i].Name {
			return fmt.Sprintf("%s port %d is %q, and that of the program %q", what, i, got[i].Name, p.Name)
		}
	}
	return ""
}

// measure counts the gates of each frame in a circuit. The names of stages tell
// which gates belong to a frame. A frame may hold only some of the operations of the stage
// of that name, as where a stage was left and entered again. Then its gates stay a bound.
func (s *scene) measure(c *circuit.Circuit) {
	byStage := make([]int64, c.StageCount())
	cost := gates.Standard().Cost
	for g := range circuit.Gate(c.Len()) {
		byStage[c.StageOf(g)] += int64(cost[c.Kind(g)])
	}
	byPath := map[string]int64{}
	for id, n := range byStage {
		byPath[c.StagePath(circuit.StageID(id))] += n
	}
	path := make([]string, len(s.nodes))
	total := map[string]int{} // operations, by path
	for id := range path {
		path[id] = strings.Join(s.nodes[id].Stage, "/")
		total[path[id]]++
	}
	for f := 1; f < len(s.frames); f++ {
		fr := &s.frames[f]
		here := map[string]int{}
		for id := range s.between(fr.first, fr.last) {
			for _, twin := range s.same[id] {
				here[path[twin]]++
			}
		}
		fr.cost.exact = true
		for name, n := range here { // in any order: a sum
			fr.cost.exact = fr.cost.exact && n == total[name]
			fr.cost.counted += byPath[name]
		}
		if !fr.cost.exact {
			fr.cost.counted = 0
		}
	}
}
