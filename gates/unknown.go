package gates

import (
	"fmt"
	"strings"
)

// UnknownError says that a name is not one of those known.
type UnknownError struct {
	What  string // what was looked for, such as "family"
	Name  string
	Known []string
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("unknown %s %q; known: %s", e.What, e.Name, strings.Join(e.Known, ", "))
}
