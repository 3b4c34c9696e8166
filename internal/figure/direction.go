package figure

import "fmt"

// Direction is the way depth grows in a figure.
type Direction string

// The directions, by their names in Graphviz.
const (
	LeftRight Direction = "LR"
	BottomTop Direction = "BT"
	TopBottom Direction = "TB"
)

// Check returns an error, in the name of the given package, if d is another direction.
func (d Direction) Check(pkg string) error {
	switch d {
	case LeftRight, BottomTop, TopBottom:
		return nil
	}
	return fmt.Errorf("%s: unknown direction %q; known: %s %s %s", pkg, string(d), LeftRight, BottomTop, TopBottom)
}

// Ends returns the sides of a node, as Graphviz names them, where lines leave and where
// they arrive.
func (d Direction) Ends() (leave, arrive string) {
	switch d {
	case BottomTop:
		return "n", "s"
	case TopBottom:
		return "s", "n"
	}
	return "e", "w"
}
