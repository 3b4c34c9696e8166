package explore

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// mostNamed is how many of what a gate reads are named in a sentence; of more, there is their number.
const mostNamed = 6

// when says in words when a gate is 1: of logic exactly, of a weighted sum also what adds to it and what takes from it.
func (x *Circuit) when(g circuit.Gate, d *Gate) string {
	switch k := x.c.Kind(g); {
	case k.IsSource():
		return ""
	case len(d.Terms) == 0:
		return fmt.Sprintf("always %d: it reads nothing", bit(d.Value))
	case k.ReadsSum():
		return "1 where " + whenSum(d)
	default:
		return "1 where " + whenLogic(d, k)
	}
}

func bit(one bool) int {
	if one {
		return 1
	}
	return 0
}

// whenLogic words AND, OR, XOR and their complements by what has to be 1 and what has to be 0.
func whenLogic(d *Gate, k gates.Kind) string {
	plain, inverse := k.Plain()
	if plain == gates.Xor {
		odd := !inverse
		for _, t := range d.Terms {
			odd = odd != t.Not
		}
		number := map[bool]string{true: "an odd number of ", false: "an even number of "}[odd]
		return number + listed(d.Terms, "and") + " is 1"
	}
	all := (plain == gates.And) != inverse // by De Morgan, NAND is an OR of complements, NOR an AND
	var ones, zeros []Term
	for _, t := range d.Terms {
		if t.Not != inverse {
			zeros = append(zeros, t)
		} else {
			ones = append(ones, t)
		}
	}
	clause := func(list []Term, value int) string {
		switch {
		case len(list) == 1:
			return fmt.Sprintf("%s is %d", list[0].Name, value)
		case all && len(list) > mostNamed && len(list) == len(d.Terms):
			return fmt.Sprintf("all %d that it reads are %d", len(list), value)
		case all && len(list) > mostNamed:
			return fmt.Sprintf("%d that it reads are %d", len(list), value)
		case all:
			return fmt.Sprintf("%s are %d", listed(list, "and"), value)
		case len(list) > mostNamed:
			return fmt.Sprintf("at least one of %d that it reads is %d", len(list), value)
		}
		return fmt.Sprintf("%s is %d", listed(list, "or"), value)
	}
	var parts []string
	if len(ones) > 0 {
		parts = append(parts, clause(ones, 1))
	}
	if len(zeros) > 0 {
		parts = append(parts, clause(zeros, 0))
	}
	return strings.Join(parts, map[bool]string{true: ", and ", false: ", or "}[all])
}

// whenSum words a threshold or a rest of a sum.
func whenSum(d *Gate) string {
	if d.Modulus > 0 {
		rests := make([]string, len(d.Residues))
		for i, r := range d.Residues {
			rests[i] = fmt.Sprint(r)
		}
		return fmt.Sprintf("its sum, divided by %d, leaves %s", d.Modulus, series(rests, "or"))
	}
	if counts := !slices.ContainsFunc(d.Terms, func(t Term) bool { return t.Weight != "1" }); counts && len(d.Terms) > 1 {
		are := map[bool]string{true: "is", false: "are"}[d.Bound == "1"]
		return fmt.Sprintf("at least %s of %s %s 1", strings.Replace(d.Bound, "-", "−", 1), listed(d.Terms, "and"), are)
	}
	var plus, minus []Term
	for _, t := range d.Terms {
		if strings.HasPrefix(t.Weight, "-") {
			minus = append(minus, t)
		} else {
			plus = append(plus, t)
		}
	}
	var parts []string
	if len(plus) > 0 {
		parts = append(parts, "a 1 at "+anyOf(plus)+" adds to it")
	}
	if len(minus) > 0 {
		parts = append(parts, "a 1 at "+anyOf(minus)+" takes from it")
	}
	return fmt.Sprintf("its sum is at least %s: %s", strings.Replace(d.Bound, "-", "−", 1), strings.Join(parts, ", "))
}

// listed names terms, or says how many there are.
func listed(list []Term, word string) string {
	if len(list) > mostNamed {
		return fmt.Sprintf("%d that it reads", len(list))
	}
	names := make([]string, len(list))
	for i, t := range list {
		names[i] = t.Name
	}
	return series(names, word)
}

// anyOf names terms of which one is meant.
func anyOf(list []Term) string {
	if len(list) > mostNamed {
		return "any of " + listed(list, "or")
	}
	return listed(list, "or")
}

// series writes "a", "a or b", "a, b or c".
func series(names []string, word string) string {
	if n := len(names) - 1; n > 0 {
		return strings.Join(names[:n], ", ") + " " + word + " " + names[n]
	}
	return names[0]
}
