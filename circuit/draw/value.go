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

// join separates values by commas; three and more that follow each other are "1…3".
func join(list []circuit.Int, write func(circuit.Int) string) string {
	one := circuit.NewInt(1)
	var words []string
	for i := 0; i < len(list); {
		k := i
		for k+1 < len(list) && list[k].Add(one).Cmp(list[k+1]) == 0 {
			k++
		}
		if k < i+2 {
			k = i
			words = append(words, write(list[i]))
		} else {
			words = append(words, write(list[i])+"…"+write(list[k]))
		}
		i = k + 1
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
