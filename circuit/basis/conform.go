package basis

import (
	"fmt"
	"slices"

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

// contents lists the gates that a basis has, in addition to NOT and BUF, and their name in error
// messages.
var contents = []struct {
	text  string
	kinds []gates.Kind
}{
	TC0: {"every gate", gates.Kinds()},
	AC0: {"AND and OR gates", []gates.Kind{gates.And, gates.Or}},
	MAJ: {"unweighted MAJORITY gates", []gates.Kind{gates.Majority}},
	NC1: {"AND, OR and XOR gates of two literals", []gates.Kind{gates.And, gates.Or, gates.Xor}},
}

// Conforms returns nil if every gate of c is one of the basis; otherwise an [*Error]
// that names the first gate that is not, its kind and its stage.
//
// Complement is free: NOT and BUF belong to every basis, and NAND, NOR and XNOR stand for AND, OR
// and XOR with a complement. Of all these, [Legalise] makes only BUF, and only for MAJ.
func Conforms(c *circuit.Circuit, b Basis) error {
	if int(b) >= len(contents) {
		return fmt.Errorf("basis: %v is no basis", b)
	}
	has := contents[b]
	for g := range circuit.Gate(c.Len()) {
		kind := c.Kind(g)
		plain, _ := kind.Plain()
		wide := ""
		switch n := len(c.Fanin(g)); {
		case kind.IsSource() || plain == gates.Buf:
			continue
		case !slices.Contains(has.kinds, plain):
		case b == NC1 && n > 2:
			wide = fmt.Sprintf(" of fan-in %d", n)
		default:
			continue
		}
		article := "a"
		if kind == gates.And || kind == gates.Or {
			article = "an"
		}
		return errorAt(c, b, g, "%s %v gate%s is not in the basis, which has %s", article, kind, wide, has.text)
	}
	return nil
}
