package model

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/brief"
)

// LoadError says what is wrong with a file of a model.
type LoadError struct {
	File   string
	Line   int    // from 1, in config.json; 0 if not known
	Column int    // from 1, in bytes; 0 if not known
	Name   string // the tensor or the field; "" if it is the whole file
	What   string
	Err    error // what lies behind it, or nil
}

// Error returns one line.
func (e *LoadError) Error() string {
	s := e.File
	if e.Line > 0 {
		s += fmt.Sprintf(":%d:%d", e.Line, e.Column)
	}
	if e.Name != "" {
		kind := "field"
		if path.Ext(e.File) == ".safetensors" || strings.HasSuffix(e.File, ".index.json") {
			kind = "tensor"
		}
		s += ": " + kind + " " + brief.Quote(e.Name)
	}
	s += ": " + brief.Sentence(e.What)
	if e.Err != nil {
		s += ": " + brief.Error(e.Err)
	}
	return s
}

// Unwrap returns what lies behind e.
func (e *LoadError) Unwrap() error { return e.Err }

// QuantiseError says why a model cannot be quantised.
type QuantiseError struct {
	Model string
	Name  string // the tensor or the setting; "" if it is the whole model
	What  string
	Err   error // what lies behind it, or nil
}

// Error returns one line.
func (e *QuantiseError) Error() string {
	s := fmt.Sprintf("model %s: quantise: ", brief.Quote(e.Model))
	if e.Name != "" {
		s += brief.Quote(e.Name) + ": "
	}
	s += brief.Sentence(e.What)
	if e.Err != nil {
		s += ": " + brief.Error(e.Err)
	}
	return s
}

// Unwrap returns what lies behind e.
func (e *QuantiseError) Unwrap() error { return e.Err }

// there says which names there are in place of one that is missing: the nearest, and as many kinds as fit a line.
func there(missing string, names []string) string {
	if len(names) == 0 {
		return "there are no tensors"
	}
	slices.Sort(names)
	far := func(name string) int {
		if numbersOf(name) != numbersOf(missing) { // such as of another layer
			return gates.Distance(name, missing) + 3
		}
		return gates.Distance(name, missing)
	}
	nearest := slices.MinFunc(names, func(a, b string) int { return far(a) - far(b) })
	const room = 200
	text, kinds := "", patterns(names)
	for i, name := range kinds {
		if name = brief.Clip(name); i > 0 && len(text)+len(name) > room {
			text += fmt.Sprintf(" and %d more", len(kinds)-i)
			break
		}
		text += ", "[:2*min(i, 1)] + name
	}
	return fmt.Sprintf("the nearest name there is %s; there are %s", brief.Quote(nearest), text)
}

// numbersOf returns the digits of a name, with spaces for what is between them.
func numbersOf(name string) string {
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r < '0' || r > '9' }), " ")
}

// list joins names.
func list(names []string) string { return strings.Join(names, ", ") }

// sortedKeys returns the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// printable reports whether s is fit for tables: 1 to 100 bytes, all of them printable.
func printable(s string) bool {
	return s != "" && len(s) <= 100 && !strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) })
}
