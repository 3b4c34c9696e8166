package coq

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// parameter is a number, or an array of numbers, that is another one for each n and is not written as a function of n.
// The theorem is about every choice of it. So it is about that of tc0, for each n.
type parameter struct {
	name, kind, what string
	node             int // the operation that has it
	// of is its choice in a member, where this is the operation.
	of func(m *program.Node) (string, error)
}

// The kinds of parameters, as types of the library.
const (
	scalar = "Z"
	series = "nat -> Z" // thresholds or jumps, by number
	array  = "idx -> Z" // weights or constants, by their indices
)

// parameter appends a parameter for an operation, and returns its name.
func (t *translator) parameter(
	n *program.Node, letter, kind, what string, of func(m *program.Node) (string, error),
) string {
	name := t.named(letter, n.ID)
	what = fmt.Sprintf("%s of %s", what, strings.TrimSpace(n.Path()+" "+n.String()))
	t.term.parameters = append(t.term.parameters, parameter{name, kind, what, n.ID, of})
	return name
}

// named is the name of a parameter. Copies of one body have the same names.
func (t *translator) named(letter string, id int) string {
	if id >= t.copied {
		id -= t.shift
	}
	return fmt.Sprintf("%s%d", letter, id)
}

// arrayText is a choice of an array.
func arrayText(shape []int, data []int64) string {
	return fmt.Sprintf("(array %s%%nat %s)", listText(shape, func(k int) string { return fmt.Sprint(k) }), intsText(data))
}

// sizesOf are the sizes of a shape without open ones.
func sizesOf(s program.Shape) []int {
	sizes := make([]int, len(s))
	for k, d := range s {
		sizes[k] = d.Size()
	}
	return sizes
}

// binders are the parameters with their types, in parentheses.
func (t *term) binders() string {
	var b strings.Builder
	for _, p := range t.parameters {
		fmt.Fprintf(&b, " (%s : %s)", p.name, p.kind)
	}
	return b.String()
}

// program is the program with the parameters under their names.
func (t *term) program() string {
	if len(t.parameters) == 0 {
		return "program"
	}
	var b strings.Builder
	b.WriteString("(program")
	for _, p := range t.parameters {
		b.WriteString(" " + p.name)
	}
	return b.String() + ")"
}

// chosen is a member's choice of all parameters.
func (t *term) chosen(m *program.Program) (string, error) {
	var b strings.Builder
	for _, p := range t.parameters {
		text, err := p.of(&m.Nodes()[p.node])
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "\n  (* %s *) %s", p.name, text)
	}
	return b.String(), nil
}

// factor is a number of the program, or a parameter if it is another one for each n.
func (t *translator) factor(n *program.Node) string {
	if !n.Func {
		return intText(n.Scale)
	}
	return t.parameter(n, "K", scalar, "the factor", func(m *program.Node) (string, error) { return intText(m.Scale), nil })
}

// constant is the weight of a summand: the element of a constant that expressions name.
func (t *translator) constant(c *program.Node, at []*index) string {
	if c.Data != nil && !c.Shape.Open() {
		return entryText(c.Shape, c.Data, at)
	}
	for _, p := range t.term.parameters { // read by several operations
		if p.name == t.named("C", c.ID) {
			return fmt.Sprintf("chosen %s %s", p.name, indexText(at))
		}
	}
	name := t.parameter(c, "C", array, "the numbers", func(m *program.Node) (string, error) {
		return arrayText(sizesOf(m.Shape), m.Data), nil
	})
	return fmt.Sprintf("chosen %s %s", name, indexText(at))
}

// weighted writes a Linear whose weights are parameters.
func (t *translator) weighted(n *program.Node, x int) error {
	r := len(n.Shape)
	columns := n.Arg(0).Shape[r-1]
	w := t.parameter(n, "W", array, "the weights", func(m *program.Node) (string, error) {
		if t.numbers != nil && t.numbers.hashes[n.ID] != "" {
			return t.numbers.hashes[n.ID], nil
		}
		return arrayText([]int{m.Matrix.Rows, m.Matrix.Columns}, m.Matrix.Data), nil
	})
	bias := "CK 0"
	if slices.ContainsFunc(t.twins(n), func(m *program.Node) bool { return m.Bias != nil }) {
		name := t.parameter(n, "B", array, "the biases", func(m *program.Node) (string, error) {
			return arrayText([]int{m.Matrix.Rows}, m.Bias), nil
		})
		bias = fmt.Sprintf("chosen %s [IV %d]", name, r-1)
	}
	t.number[n.ID] = t.put(n, operation{
		kind: sum, shape: n.Shape, summed: program.Shape{columns}, args: []int{x},
		left: coordinates(append(sequence(r-1), r)...),
		text: fmt.Sprintf("weighted %s %s %d %s (%s) %d", shapeText(n.Shape), sizeText(columns), r-1, w, bias, x),
	})
	return nil
}

// jumps is the base and the jumps of a Step or a MaxStep, and how many there are. They are parameters if they are
// others for each n. Those of the program are all that there can be; at some n fewer are in range.
func (t *translator) jumps(n *program.Node, form string) (base, jumps string, count int, err error) {
	if t.fixed(n) {
		return intText(n.Steps.Base), jumpsText(n.Steps, form), len(n.Steps.At), nil
	}
	if n.Even {
		if text, count, ok := t.even(n); ok {
			return intText(n.Asked.Lo), text, count, nil
		}
	}
	if count, err = t.slots(n); err != nil {
		return "", "", 0, err
	}
	padded := func(list []int64) (string, error) {
		if len(list) > count {
			return "", fmt.Errorf("coq: %d jumps, and %d for every n", len(list), count)
		}
		return fmt.Sprintf("(listed %s)", intsText(list)), nil
	}
	base = t.parameter(n, "b", scalar, "the least value", func(m *program.Node) (string, error) {
		return intText(m.Steps.Base), nil
	})
	at := t.parameter(n, "T", series, "the thresholds", func(m *program.Node) (string, error) {
		return padded(m.Steps.At)
	})
	by := t.parameter(n, "J", series, "the jumps", func(m *program.Node) (string, error) { return padded(m.Steps.Jump) })
	return base, fmt.Sprintf("(jumps %s %s %d)", at, by, count), count, nil
}

// slots is how many jumps a function that is another one for each n can have.
func (t *translator) slots(n *program.Node) (int, error) {
	if n.Count == nil {
		return len(n.Steps.At), nil
	}
	most, ok := n.Count.At(symbols(t.open))
	if !ok || !most.IsInt64() || most.Int64() > 1<<16 {
		return 0, fmt.Errorf("%v jumps, others for each n", n.Count)
	}
	return max(len(n.Steps.At), int(most.Int64())), nil
}

// symbols are the values of the symbols of an open program, without that of n.
func symbols(open *program.Program) map[string]*big.Int {
	values := open.Symbols()
	delete(values, "n")
	return values
}

// even writes the jumps of a rounding, whose unit is a parameter.
func (t *translator) even(n *program.Node) (text string, count int, ok bool) {
	unit, count, ok := t.unit(n)
	return fmt.Sprintf("(rounded %s %s %d)", unit, intText(n.Asked.Lo), count), count, ok
}

// unit is the parameter that is the unit of a rounding, and how many levels there are.
func (t *translator) unit(n *program.Node) (name string, count int, ok bool) {
	for _, m := range t.twins(n) {
		if _, ok := unitOf(m); !ok {
			return "", 0, false
		}
	}
	name = t.parameter(n, "unit", scalar, "the unit", func(m *program.Node) (string, error) {
		unit, ok := unitOf(m)
		if !ok {
			return "", fmt.Errorf("coq: %v rounds to no unit", m)
		}
		return intText(unit), nil
	})
	return name, int(n.Asked.Hi - n.Asked.Lo), true
}

// unitOf is the unit of a rounding.
func unitOf(n *program.Node) (int64, bool) {
	unit, _ := n.Steps.Uniform()
	if len(n.Steps.At) == 1 { // the jump is at y·unit − ⌊unit/2⌋ for the only y
		unit = 2 * n.Steps.At[0] / max(2*n.Asked.Hi-1, 1)
	}
	if unit < 1 {
		return 0, false
	}
	same := program.Round(unit, n.Asked)
	return unit, same.Base == n.Steps.Base && slices.Equal(same.At, n.Steps.At) && slices.Equal(same.Jump, n.Steps.Jump)
}

// fixed reports whether the function of a Step or a MaxStep is the same one for every n, where it matters.
func (t *translator) fixed(n *program.Node) bool {
	if !n.Func {
		return true
	}
	if len(n.Steps.At) == 0 {
		return false
	}
	for _, m := range t.twins(n) {
		if !alike(n.Steps, m) {
			return false
		}
	}
	return true
}

// alike reports whether a function has the values of that of a member, on the range of its operand.
func alike(f program.Staircase, m *program.Node) bool {
	lo, hi, bounded := m.Arg(0).Ends()
	if m.Op == program.OpMaxStep {
		lo, hi = lo.Sub(hi), circuit.NewInt(0)
	}
	least, ok := lo.Int64()
	most, fits := hi.Int64()
	if !bounded || !ok || !fits {
		return false
	}
	for _, x := range slices.Concat(f.At, m.Steps.At, []int64{least}) {
		if x >= least && x <= most && f.Apply(x) != m.Steps.Apply(x) {
			return false
		}
	}
	return true
}
