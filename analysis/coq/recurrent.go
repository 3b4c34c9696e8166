package coq

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// recurrentOf reads the cell of a recurrent network from the steps of a serial model; nil for others. What the steps
// compute is the state of the definition after all of them.
func recurrentOf(s *stages) *textbook {
	if s.first != nil || !s.repeat.Scan || len(s.next.shared) > 0 || len(s.next.fresh) != 1 {
		return nil
	}
	if typed, _ := s.binders(); typed != "" {
		return nil
	}
	in := s.next.fresh[0]
	if in.node != nil && !in.node.Signed || len(in.shape) != 1 || in.shape.Open() {
		return nil
	}
	c := &cellReader{inputs: in.shape[0].Size(), bits: in.literals}
	for _, read := range []func(*cellReader, *stages) *textbook{elmanOf, gruOf, lstmOf, linearOf} {
		c.reader = s.reader()
		if b := read(c, s); b != nil {
			b.modules = "Definitions RecurrentDefinitions Recurrent"
			return b
		}
	}
	return nil
}

// reader goes through the operations of the steps, and of what comes after them, but for copies and constants.
func (s *stages) reader() *reader {
	r := &reader{ok: true}
	end := s.next.hi
	if s.last != nil {
		end = len(s.open.Nodes())
	}
	for id := s.next.lo; id < end; id++ {
		if n := &s.open.Nodes()[id]; n.Op != program.OpConst && n.Op != program.OpGather {
			r.nodes = append(r.nodes, n)
		}
	}
	return r
}

// cellReader reads a cell, whose inputs have so many bits each.
type cellReader struct {
	*reader
	inputs, bits, state int
	gates               int // whose numbers have names
	definitions         strings.Builder
}

// table is a staircase that is the same for each n.
func (c *cellReader) table(n *program.Node) string {
	return intText(n.Steps.Base) + " " + c.jumps(n)
}

// gate defines the numbers of a gate, and returns its name.
func (c *cellReader) gate(in, back, step *program.Node) string {
	if !c.ok || in.Matrix == nil || in.Matrix.Columns != c.inputs || c.state != 0 && c.state != in.Matrix.Rows {
		c.ok = false
		return ""
	}
	c.state = in.Matrix.Rows
	c.gates++
	name := fmt.Sprintf("gate_%d", c.gates)
	fmt.Fprintf(&c.definitions, "Definition %s : gate := mkGate\n  %s\n  %s\n  %s\n  %s.\n", name, matrixText(in.Matrix),
		c.matrix(back), intsText(in.Bias), c.table(step))
	return name
}

// opened is the next gate.
func (c *cellReader) opened() string {
	nodes := c.take(program.OpLinear, program.OpLinear, program.OpAdd, program.OpStep)
	return c.gate(nodes[0], nodes[1], nodes[3])
}

// textbook is the definition with what a step and the last one mean in the library.
func (c *cellReader) textbook(name, theorem, value, after, means, last string, outputs int) *textbook {
	if !c.done() {
		return nil
	}
	sequence := fmt.Sprintf("(fun t => decode_from (t * (%d * %d)) %[2]d x)", c.inputs, c.bits)
	return &textbook{
		name: name, theorem: theorem, definitions: c.definitions.String(),
		value: fmt.Sprintf("map (%s) (seq 0 %d)", fmt.Sprintf(value, sequence), outputs),
		proof: fmt.Sprintf("certify_states every_step (%s)\n    (%s)\n    (%s)", after, means, last),
	}
}

// elmanOf reads an Elman network.
func elmanOf(c *cellReader, _ *stages) *textbook {
	g := c.opened()
	cell := fmt.Sprintf("(opened %d %d %s)", c.inputs, c.state, g)
	means := fmt.Sprintf("elman_means %d %d %s", c.inputs, c.state, g)
	return c.textbook("an Elman network", "elman", "states "+cell+"\n      %[1]s nothing T",
		fmt.Sprintf("state_after %s %d", cell, c.state), means, means, c.state)
}

// gruOf reads a gated recurrent unit.
func gruOf(c *cellReader, _ *stages) *textbook {
	*c = cellReader{reader: c.reader, inputs: c.inputs, bits: c.bits}
	update, reset := c.opened(), c.opened()
	nodes := c.take(program.OpLinear, program.OpAffine, program.OpLinear, program.OpContract, program.OpAdd,
		program.OpStep, program.OpAffine, program.OpContract, program.OpContract, program.OpAdd, program.OpStep)
	candidate := c.gate(nodes[0], nodes[2], nodes[5])
	units, one := c.rounding(nodes[10]), nodes[1].Scale
	if !c.ok || !strings.HasPrefix(units, intText(one)+" ") || nodes[6].Offset != one {
		return nil
	}
	numbers := fmt.Sprintf("%d %d %s", c.inputs, c.state, units)
	cell := fmt.Sprintf("(gru %s %s %s %s)", numbers, update, reset, candidate)
	means := fmt.Sprintf("gru_means %s %s %s %s", numbers, update, reset, candidate)
	return c.textbook("a gated recurrent unit", "gru", "states "+cell+"\n      %[1]s nothing T", "state_after "+cell+" "+fmt.Sprint(c.state), means,
		means, c.state)
}

// lstmOf reads long short-term memory.
func lstmOf(c *cellReader, _ *stages) *textbook {
	*c = cellReader{reader: c.reader, inputs: c.inputs, bits: c.bits}
	var gates []string
	for range 4 {
		gates = append(gates, c.opened())
	}
	nodes := c.take(program.OpContract, program.OpAffine, program.OpContract, program.OpAdd, program.OpStep,
		program.OpStep, program.OpContract, program.OpStep)
	room, units := nodes[1].Scale, c.rounding(nodes[7])
	if !c.ok {
		return nil
	}
	numbers := fmt.Sprintf("%d %d %s %s %s", c.inputs, c.state, units, intText(room), strings.Join(gates, " "))
	numbers += " " + c.table(nodes[5])
	cell, means := "(lstm "+numbers+")", "lstm_means "+numbers
	return c.textbook("long short-term memory", "lstm",
		"fst (states "+cell+"\n      %[1]s (nothing, nothing) T)", "pair_after "+cell+" "+fmt.Sprint(c.state), means, means, c.state)
}

// linearOf reads a state-space model as a recurrence.
func linearOf(c *cellReader, s *stages) *textbook {
	*c = cellReader{reader: c.reader, inputs: c.inputs, bits: c.bits}
	nodes := c.take(program.OpLinear, program.OpLinear, program.OpAdd, program.OpStep,
		program.OpLinear, program.OpLinear, program.OpAdd, program.OpStep)
	if !c.ok || s.last == nil {
		return nil
	}
	c.state = nodes[0].Matrix.Rows
	outputs := nodes[4].Matrix.Rows
	for k, name := range []string{"A", "B", "", "", "C", "D"} {
		if name != "" {
			fmt.Fprintf(&c.definitions, "Definition %s : list (list Z) := %s.\n", name, c.matrix(nodes[k]))
		}
	}
	units, out := c.rounding(nodes[3]), c.rounding(nodes[7])
	unit, between, _ := strings.Cut(units, " ")
	state := fmt.Sprintf("(linear_state %d %d A B %s)", c.inputs, c.state, units)
	output := fmt.Sprintf("(linear_output %d %d C D %s)", c.inputs, c.state, out)
	sizes := fmt.Sprintf("%d %d %s A B %s", c.inputs, c.state, between, unit)
	return c.textbook("a state-space model as a recurrence", "recurrence",
		output[1:len(output)-1]+" (%[1]s (pred T))\n      (states "+state+" %[1]s nothing T)",
		fmt.Sprintf("read_after %s %s %d", state, output, c.state), "linear_means "+sizes,
		fmt.Sprintf("linear_last_means %s %d C D %s", sizes, outputs, out), outputs)
}
