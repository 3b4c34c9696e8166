package netlist

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// UnfitError says that a format does not have a gate of the circuit to be written. basis.Express
// makes the gate of others.
type UnfitError struct {
	Format string
	Gate   circuit.Gate
	What   string // the gate, such as "a MOD gate" or "an AND gate of fan-in 3"
}

func (e *UnfitError) Error() string {
	return fmt.Sprintf("%s has no words for gate %d, %s", e.Format, e.Gate, e.What)
}

// Fit returns nil if the format has every gate of c, by the method of a basis.Repertoire, otherwise
// an [*UnfitError] with the first gate that it does not have.
func Fit(format string, c *circuit.Circuit, has func(kind gates.Kind, fanIn int) bool) error {
	for g := range circuit.Gate(c.Len()) {
		if !has(c.Kind(g), len(c.Fanin(g))) {
			return Unfit(format, c, g)
		}
	}
	return nil
}

// Unfit returns the error that the format does not have gate g of c.
func Unfit(format string, c *circuit.Circuit, g circuit.Gate) *UnfitError {
	kind, what := c.Kind(g), "a "
	switch kind {
	case gates.And, gates.Or, gates.Xor, gates.Xnor: // as they are spoken
		what = "an "
	}
	what += kind.String() + " gate"
	if kind.IsLogic() {
		what += fmt.Sprintf(" of fan-in %d", len(c.Fanin(g)))
	}
	return &UnfitError{format, g, what}
}
