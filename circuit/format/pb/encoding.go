package pb

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// Config chooses the constraints of a circuit. The zero value defines all its gates that an output
// depends on, without an assertion.
type Config struct {
	// Assert are literals that have to be 1. Only gates that they depend on are defined. If there
	// are none, the gates are those that the outputs depend on.
	Assert []circuit.Lit

	// OneSided leaves out the direction of a gate that the asserted literals do not need. It has no
	// effect without asserted literals.
	OneSided bool
}

// AssertError says that the circuit does not have a literal that should be asserted.
type AssertError struct {
	Lit   circuit.Lit
	Gates int // how many the circuit has, with the constant and the inputs
}

func (e *AssertError) Error() string {
	return fmt.Sprintf("pb: literal %v cannot be asserted: the circuit has gates 0 to %d", e.Lit, e.Gates-1)
}

// Side is a set of directions of a gate.
type Side uint8

// The two directions.
const (
	IfOne  Side = 1 << iota // the gate is 1 only where its function is
	IfZero                  // the gate is 0 only where its function is
)

// Encoding numbers the wires of a circuit.
type Encoding struct {
	c         *circuit.Circuit
	assert    []circuit.Lit
	literal   []int32 // by gate; 0: it does not have one
	need      []Side  // by gate
	variables int
}

// Repertoire returns the gates that constraints are made of: all except MOD, and XOR of two inputs
// only.
func Repertoire() basis.Repertoire {
	return basis.Repertoire{Or: true, Xor: true, Wide: true, Complements: true, Threshold: true}
}

// New numbers the wires of c. It fails with an [*AssertError].
func New(c *circuit.Circuit, cfg Config) (*Encoding, error) {
	for _, l := range cfg.Assert {
		if int(l.Gate()) >= c.Len() {
			return nil, &AssertError{l, c.Len()}
		}
	}
	e := &Encoding{c: c, assert: cfg.Assert, literal: make([]int32, c.Len()), need: make([]Side, c.Len())}
	e.reach(cfg)
	for i, g := range c.Inputs() {
		e.literal[g] = int32(i + 1)
	}
	e.variables = len(c.Inputs())
	if e.need[0] != 0 {
		e.variables++
		e.literal[0] = int32(e.variables)
	}
	for g := circuit.Gate(1); int(g) < c.Len(); g++ {
		switch k := c.Kind(g); {
		case e.need[g] == 0 || k.IsSource():
		case k == gates.Buf:
			e.literal[g] = int32(e.Lit(c.Fanin(g)[0]))
		case k == gates.Not:
			e.literal[g] = int32(-e.Lit(c.Fanin(g)[0]))
		default:
			e.variables++
			e.literal[g] = int32(e.variables)
		}
	}
	return e, nil
}

// Lit returns the literal that stands for l, or 0 if l's gate is not encoded since no
// root depends on it.
func (e *Encoding) Lit(l circuit.Lit) int {
	v := int(e.literal[l.Gate()])
	if l.IsComplement() {
		return -v
	}
	return v
}

// Variables returns the number of variables.
func (e *Encoding) Variables() int { return e.variables }

// Asserted returns the literals that are asserted.
func (e *Encoding) Asserted() []circuit.Lit { return e.assert }

// Need returns the directions of g that the roots need. There are none if the roots do not depend
// on it.
func (e *Encoding) Need(g circuit.Gate) Side { return e.need[g] }

// Inputs takes the input wires out of a model, in which variable v has the value
// model[v−1]. A model may end early: a variable that it leaves out is 0.
func (e *Encoding) Inputs(model []bool) []bool {
	in := make([]bool, len(e.c.Inputs()))
	copy(in, model)
	return in
}

// Fit returns nil if all gates that are needed are in the repertoire of the format, otherwise a
// [*netlist.UnfitError] with the first that is not.
func (e *Encoding) Fit(format string, r basis.Repertoire) error {
	for g := range circuit.Gate(e.c.Len()) {
		if e.need[g] != 0 && !r.Has(e.c.Kind(g), len(e.c.Fanin(g))) {
			return netlist.Unfit(format, e.c, g)
		}
	}
	return nil
}
