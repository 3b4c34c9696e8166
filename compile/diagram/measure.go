package diagram

import (
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
	if p.Open() {
		return &CircuitError{p.Name(), "its size is open"}
	}
	compare := func(what string, want []program.Port, got []circuit.Port) error {
		if len(want) != len(got) {
			reason := fmt.Sprintf("it has %d %s ports, and the program %d", len(got), what, len(want))
			return &CircuitError{p.Name(), reason}
		}
		for i := range want {
			if want[i].Name != got[i].Name {
				reason := fmt.Sprintf("%s port %d is %q, and that of the program %q",
					what, i, got[i].Name, want[i].Name)
				return &CircuitError{p.Name(), reason}
			}
		}
		return nil
	}
	if err := compare("input", p.Inputs(), c.InputPorts()); err != nil {
		return err
	}
	return compare("output", p.Outputs(), c.OutputPorts())
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
