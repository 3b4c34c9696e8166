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
	return fmt.Sprintf("unknown %s %q;%s known: %s", e.What, e.Name, Meant(e.Name, e.Known), strings.Join(e.Known, ", "))
}

// Meant asks whether one of the known names was meant, as " did you mean NAME?"; it is empty if none is near: with the
// same first letter, and within two letters and a third of the name.
func Meant(name string, known []string) string {
	best, near := "", min(2, len(name)/3)+1
	name = strings.ToLower(name)
	for _, k := range known {
		low := strings.ToLower(k)
		if d := Distance(name, low); d < near && low[:min(1, len(low))] == name[:1] {
			best, near = k, d
		}
	}
	if best == "" {
		return ""
	}
	return " did you mean " + best + "?"
}

// Distance is the number of bytes to insert, delete or replace between two names (Levenshtein 1966), of which at
// most their first 256 bytes count.
func Distance(a, b string) int {
	const longest = 256
	a, b = a[:min(len(a), longest)], b[:min(len(b), longest)]
	row := make([]int, len(b)+1) // distances from what was read of a to each beginning of b
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := before
			if a[i] != b[j] {
				replaced++
			}
			before = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
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
