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

// Find returns the one of all that has the name, as nameOf tells it.
//
// Error: *UnknownError.
func Find[T any](what, name string, all []T, nameOf func(T) string) (found T, err error) {
	for _, t := range all {
		if nameOf(t) == name {
			return t, nil
		}
	}
	e := &UnknownError{What: what, Name: name}
	for _, t := range all {
		e.Known = append(e.Known, nameOf(t))
	}
	return found, e
}
