// Package precision says how many bits single roundings of a network have, by name.
//
// A [Bits] maps names to bits. A name is one of
//
//	layer 1/query        a rounding: an activation, or a tensor
//	layer 1/*, *.q_proj  all roundings that the pattern fits; each * is any text
//	queries              a kind of rounding
//
// If several fit a rounding, its own name counts, then the longest pattern, then the first kind that it has.
package precision

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// The fewest and the most bits that a rounding has by name.
const (
	Least = 2
	Most  = 16
)

// Bits are the bits of roundings, by name.
type Bits map[string]int

// Names returns the names in order.
func (b Bits) Names() []string { return slices.Sorted(maps.Keys(b)) }

// Outside returns the first name, in order, whose bits are outside [Least]..[Most]; "" if there is none.
func (b Bits) Outside() string {
	for _, name := range b.Names() {
		if bits := b[name]; bits < Least || bits > Most {
			return name
		}
	}
	return ""
}

// Chooser looks up roundings, and keeps count of which names were of use.
type Chooser struct {
	bits     Bits
	patterns []string // the longest first
	used     map[string]bool
	kinds    Bits
	names    Bits
}

// New returns a chooser for some bits, which may be nil.
func New(bits Bits) *Chooser {
	c := &Chooser{bits: bits, used: map[string]bool{}, kinds: Bits{}, names: Bits{}}
	for _, name := range bits.Names() {
		if strings.Contains(name, "*") {
			c.patterns = append(c.patterns, name)
		}
	}
	slices.SortStableFunc(c.patterns, func(x, y string) int { return len(y) - len(x) })
	return c
}

// Of returns the bits of a rounding that has a name and some kinds; otherwise if no name fits.
func (c *Chooser) Of(name string, otherwise int, kinds ...string) int {
	fits := []string{name}
	for _, p := range c.patterns {
		if match(p, name) {
			fits = append(fits, p)
		}
	}
	fits = append(fits, kinds...)
	bits := 0
	for _, key := range fits {
		if v, ok := c.bits[key]; ok {
			c.used[key] = true
			if bits == 0 {
				bits = v
			}
		}
	}
	if bits == 0 {
		bits = otherwise
	}
	c.names[name] = bits
	for _, kind := range kinds {
		c.kinds[kind] = max(c.kinds[kind], bits)
	}
	return bits
}

// Unused returns the first name, in order, that fitted none of the roundings that were looked up; "" if each did.
func (c *Chooser) Unused() string {
	for _, name := range c.bits.Names() {
		if !c.used[name] {
			return name
		}
	}
	return ""
}

// Chosen returns the bits of all roundings that were looked up, by name, and the most of each kind.
func (c *Chooser) Chosen() (names, kinds Bits) { return c.names, c.kinds }

// match reports whether a pattern fits a name.
func match(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile(`(?s)^` + strings.Join(parts, ".*") + `$`).MatchString(name)
}

// Kind returns the kind of an activation: what stands behind the last slash of its name, without a number. Queries,
// keys, values and norms are in the plural.
func Kind(activation string) string {
	kind := activation[strings.LastIndexByte(activation, '/')+1:]
	if last := strings.LastIndexByte(kind, ' '); last >= 0 && strings.Trim(kind[last:], " 0123456789") == "" {
		kind = kind[:last]
	}
	switch kind {
	case "query":
		return "queries"
	case "key", "value", "norm":
		return kind + "s"
	}
	return kind
}
