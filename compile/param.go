package compile

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/gates"
)

// Param is a parameter of a family.
type Param struct {
	Name    string
	Doc     string
	Default string   // "" if it must be given
	Choices []string // nil if any integer will do

	valid func(value string) error // checks the value, if a list is not enough
}

// Args are the values of a family's parameters, by name.
type Args map[string]string

// common are the parameters that every family has, after its own.
var common = []Param{
	{
		Name: "strategy", Doc: "how values are encoded: min-depth, balanced, min-size, or parts joined by +",
		Default: "min-depth",
		valid:   func(value string) error { _, err := lower.ParseStrategy(value); return err },
	},
	choice("basis", "gates of the circuit: thresholds (TC0), AND and OR (AC0), majorities (MAJ), fan-in 2 (NC1)",
		"TC0", basis.Names()),
	{Name: "seed", Doc: "seed of the generic weights", Default: "1"},
}

// length is the parameter n.
func length(doc string) Param { return Param{Name: "n", Doc: doc} }

// number is a parameter that is a whole number. It may be 0 if that is the default, since blocks take 0 for
// their default.
func number(name, doc string, otherwise int) Param {
	return Param{Name: name, Doc: doc, Default: strconv.Itoa(otherwise), valid: func(value string) error {
		if value == "0" && otherwise > 0 {
			return fmt.Errorf("%s=0 must be at least 1", name)
		}
		return whole(name, value)
	}}
}

// choice is a parameter that is one of some names.
func choice[K ~string](name, doc string, otherwise K, known []K) Param {
	return Param{Name: name, Doc: doc, Default: string(otherwise), Choices: texts(known)}
}

// flag is a parameter that is 1 or 0, which is the default.
func flag(name, doc string) Param { return choice(name, doc, "0", []string{"0", "1"}) }

// texts returns the names of kinds.
func texts[K ~string](kinds []K) []string {
	list := make([]string, len(kinds))
	for i, k := range kinds {
		list[i] = string(k)
	}
	return list
}

// oneOf returns a [*gates.UnknownError] unless the name is one of those known.
func oneOf[K ~string](what string, name K, known []K) error {
	if slices.Contains(known, name) {
		return nil
	}
	return &gates.UnknownError{What: what, Name: string(name), Known: texts(known)}
}

// Check returns an error if the parameter cannot have the value.
func (p Param) Check(value string) error {
	switch {
	case p.valid != nil:
		return p.valid(value)
	case p.Choices != nil:
		return oneOf(p.Name, value, p.Choices)
	}
	return whole(p.Name, value)
}

// whole returns an error if the value of a parameter is no whole number from 0 on.
func whole(name, value string) error {
	v, err := strconv.ParseInt(value, 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange) && value[0] != '-':
		return fmt.Errorf("%s=%s is beyond %d", name, value, math.MaxInt64)
	case err != nil || v < 0 || strconv.FormatInt(v, 10) != value:
		return fmt.Errorf("%s=%q is not a whole number of at least 0", name, value)
	}
	return nil
}

// ParseArgs reads parameters such as "n=8,d=4", which follow the name of a family or a problem,
// and fills in the defaults.
func ParseArgs(name string, params []Param, text string) (Args, error) {
	args := Args{}
	var known []string
	for _, p := range params {
		known = append(known, p.Name)
		if p.Default != "" {
			args[p.Name] = p.Default
		}
	}
	if text == "" {
		return args, nil
	}
	given := map[string]bool{}
	for _, part := range strings.Split(text, ",") {
		key, value, ok := strings.Cut(part, "=")
		if !ok {
			return nil, fmt.Errorf("%s: %q is not of the form name=value", name, part)
		}
		i := slices.Index(known, key)
		if i < 0 {
			return nil, &gates.UnknownError{What: "parameter of " + name, Name: key, Known: known}
		}
		if given[key] {
			return nil, fmt.Errorf("%s: parameter %q is given twice", name, key)
		}
		given[key] = true
		if err := params[i].Check(value); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		args[key] = value
	}
	return args, nil
}

// WriteArgs writes a name with its parameters, in their order. It writes all of them, or only
// parameters that differ from their defaults. [ParseArgs] reads them back.
func WriteArgs(name string, params []Param, args Args, all bool) string {
	var parts []string
	for _, p := range params {
		if v, ok := args[p.Name]; ok && (all || v != p.Default) {
			parts = append(parts, p.Name+"="+v)
		}
	}
	if len(parts) == 0 {
		return name
	}
	return name + ":" + strings.Join(parts, ",")
}

// Int returns a parameter that is a whole number, or 0 if it is not given. It panics at any other
// text. [ParseArgs] and everything that builds from a [Spec] refuse such a text.
func (a Args) Int(name string) int {
	if a[name] == "" {
		return 0
	}
	v, err := strconv.Atoi(a[name])
	if err != nil {
		panic("compile: parameter " + name + ": " + err.Error())
	}
	return v
}
