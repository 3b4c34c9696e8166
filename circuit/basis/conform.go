package basis

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Error says why a gate is not in a basis, or cannot be made in it.
type Error struct {
	Basis Basis
	Gate  circuit.Gate // of the circuit that was given
	Stage string       // the path of its stage; "" for the whole circuit
	What  string       // what is wrong with the gate
}

// Error returns one line.
func (e *Error) Error() string {
	where := ""
	if e.Stage != "" {
		where = fmt.Sprintf(" in stage %q", e.Stage)
	}
	return fmt.Sprintf("basis %v: gate %d%s: %s", e.Basis, e.Gate, where, e.What)
}

func errorAt(c *circuit.Circuit, b Basis, g circuit.Gate, format string, args ...any) error {
	return &Error{b, g, c.StagePath(c.StageOf(g)), fmt.Sprintf(format, args...)}
}

// Conforms returns nil if every gate of c is one of the basis; otherwise an [*Error]
// that names the first gate that is not, its kind and its stage.
//
// Complement is free: NOT and BUF belong to every basis, and NAND, NOR and XNOR
// stand for AND, OR and XOR with a complement. [Legalise] makes none of them but
// BUF, and that for MAJ only.
func Conforms(c *circuit.Circuit, b Basis) error {
	if int(b) >= len(names) {
		return fmt.Errorf("basis: %v is no basis", b)
	}
	if b == TC0 {
		return nil
	}
	for g := range circuit.Gate(c.Len()) {
		kind := c.Kind(g)
		if kind.IsSource() || kind == gates.Buf || kind == gates.Not {
			continue
		}
		switch plain, _ := withoutComplement(kind); {
		case !allowed(b, plain):
			return errorAt(c, b, g, "%s gate is not in the basis, which has %s", oneOf(kind), contents[b])
		case b == NC1 && len(c.Fanin(g)) > 2:
			return errorAt(c, b, g, "%s gate of fan-in %d is not in the basis, which has %s", oneOf(kind), len(c.Fanin(g)), contents[b])
		}
	}
	return nil
}

// oneOf returns the name of k with its article.
func oneOf(k gates.Kind) string {
	if k == gates.And || k == gates.Or {
		return "an " + k.String()
	}
	return "a " + k.String()
}
