package draw

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/internal/press"
)

// mostText is how many characters of weights or bounds stand in the figure. Others stand in the
// table under it.
const mostText = 9

// table is what a figure says below the picture of values that have no room in it. Each entry has
// a letter, which stands in their place.
type table struct {
	entries []string
	letters map[string]string // by entry
}

// letters are those that stand for entries: none that looks like a digit.
const letters = "abcdefghkmnpqrstuvwxyz"

// letter returns the letter of an entry: a to z without some, then a1 and so on. Equal entries share one.
func (t *table) letter(entry string) string {
	if l, ok := t.letters[entry]; ok {
		return l
	}
	if t.letters == nil {
		t.letters = map[string]string{}
	}
	i := len(t.entries)
	l := letters[i%len(letters):][:1]
	if i >= len(letters) {
		l += fmt.Sprint(i / len(letters))
	}
	t.letters[entry] = l
	t.entries = append(t.entries, l+": "+entry)
	return l
}

// values writes values that several gates or wires have, each once and in order, or the letter of
// the table where they are if they are too long.
func (t *table) values(list []circuit.Int) string {
	if len(list) == 0 {
		return ""
	}
	text, exact := listed(list)
	if exact && utf8.RuneCountInString(text) <= mostText {
		return text
	}
	if len(list) == 1 && exact {
		return text
	}
	return t.letter(exactly(list))
}

// lines returns the table in lines of at most the given number of characters, where possible.
func (t *table) lines(width int) []string {
	if len(t.entries) == 0 {
		return nil
	}
	return wrap(t.entries, width)
}

// distinct returns the values in order, each once.
func distinct(list []circuit.Int) []circuit.Int {
	list = slices.Clone(list)
	slices.SortFunc(list, circuit.Int.Cmp)
	return slices.CompactFunc(list, func(a, b circuit.Int) bool { return a.Cmp(b) == 0 })
}

// listed writes values in short and says whether that is exact.
func listed(list []circuit.Int) (text string, exact bool) {
	exact = true
	text = join(distinct(list), func(x circuit.Int) string {
		one, ok := number(x)
		exact = exact && ok
		return one
	})
	return text, exact
}

// exactly writes values with all their digits.
func exactly(list []circuit.Int) string {
	return join(distinct(list), func(x circuit.Int) string {
		if text, exact := number(x); exact {
			return text
		}
		sign := ""
		if x.Sign() < 0 {
			sign = "−"
		}
		return sign + press.Grouped(x.Abs().String())
	})
}

// join separates values by commas; three and more that follow each other are "1…3", four and more
// of which each is twice the one before are "1, 2…8".
func join(list []circuit.Int, write func(circuit.Int) string) string {
	one := circuit.NewInt(1)
	run := func(from int, next func(a, b circuit.Int) bool) int {
		k := from
		for k+1 < len(list) && next(list[k], list[k+1]) {
			k++
		}
		return k - from + 1
	}
	follows := func(a, b circuit.Int) bool { return a.Add(one).Cmp(b) == 0 }
	doubles := func(a, b circuit.Int) bool {
		return a.Sign() > 0 && a.Add(a).Cmp(b) == 0 || a.Sign() < 0 && b.Add(b).Cmp(a) == 0
	}
	var words []string
	for i := 0; i < len(list); {
		n := 1
		switch double, follow := run(i, doubles), run(i, follows); {
		case double >= 4:
			n = double
			words = append(words, write(list[i]), write(list[i+1])+"…"+write(list[i+n-1]))
			if list[i].Sign() < 0 {
				at := len(words) - 2
				words = append(words[:at], write(list[i])+"…"+write(list[i+n-2]), write(list[i+n-1]))
			}
		case follow >= 3:
			n = follow
			words = append(words, write(list[i])+"…"+write(list[i+n-1]))
		default:
			words = append(words, write(list[i]))
		}
		i += n
	}
	return strings.Join(words, ", ")
}

// writeValues writes the bounds of gates into them and the weights beside the lines.
func (s *scene) writeValues() {
	one := circuit.NewInt(1)
	for i := range s.nodes {
		n := &s.nodes[i]
		if len(n.bounds) > 0 {
			n.label += s.aside.values(n.bounds)
		}
		if len(n.more) > 0 {
			sep := "\n"
			if n.role == roleLogic || n.role == roleSum {
				sep = " "
			}
			n.label += fmt.Sprintf("%s×%d", sep, len(n.more)+1)
		}
	}
	for i := range s.edges {
		e := &s.edges[i]
		if slices.ContainsFunc(e.weights, func(w circuit.Int) bool { return w.Abs().Cmp(one) != 0 }) {
			e.label = s.aside.values(e.weights)
		}
	}
}
