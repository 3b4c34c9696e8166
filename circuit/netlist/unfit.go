package netlist

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
)

// UnfitError says that a format has no words for a gate of the circuit that is to be
// written. [basis.Express] makes others of it.
type UnfitError struct {
	Format string
	Gate   circuit.Gate
	What   string // the gate, such as "a THRESHOLD gate"
}

func (e *UnfitError) Error() string {
	return fmt.Sprintf("%s has no words for gate %d, %s", e.Format, e.Gate, e.What)
}

// Fit returns nil if every gate of c is in the repertoire of the format, else an
// [*UnfitError] with the first that is not.
func Fit(format string, c *circuit.Circuit, r basis.Repertoire) error {
	for g := range circuit.Gate(c.Len()) {
		if !r.Has(c.Kind(g), len(c.Fanin(g))) {
			what := fmt.Sprintf("of kind %v", c.Kind(g))
			if c.Kind(g).IsLogic() {
				what += fmt.Sprintf(" and fan-in %d", len(c.Fanin(g)))
			}
			return &UnfitError{format, g, what}
		}
	}
	return nil
}
