package explore_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/gates"
)

// assigned are values of what a gate reads.
type assigned map[circuit.Gate]bool

// truth computes a gate from what it reads, by the definition of its kind.
func truth(t *testing.T, c *circuit.Circuit, g circuit.Gate, of assigned) bool {
	t.Helper()
	if s, ok := c.ReadsSum(g); ok {
		sum := circuit.Int{}
		from, weights := c.Flatten(s)
		for i, f := range from {
			if of[f] {
				sum = sum.Add(weights[i])
			}
		}
		if c.Kind(g) == gates.Mod {
			_, m := c.Modulus(g)
			return m.Accepts(sum)
		}
		_, bound := c.Bound(g)
		return sum.Cmp(bound) >= 0
	}
	all, some, odd := true, false, false
	for _, l := range c.Fanin(g) {
		one := of[l.Gate()] != l.IsComplement()
		all, some, odd = all && one, some || one, odd != one
	}
	switch k := c.Kind(g); k {
	case gates.And:
		return all
	case gates.Nand:
		return !all
	case gates.Or, gates.Buf:
		return some
	case gates.Nor, gates.Not:
		return !some
	case gates.Xor:
		return odd
	case gates.Xnor:
		return !odd
	default:
		t.Fatalf("gate %d is a %v", g, k)
		return false
	}
}

var (
	clauses  = regexp.MustCompile(`^(.+) (?:is|are) ([01])$`)
	parities = regexp.MustCompile(`^an (odd|even) number of (.+) is 1$`)
	counted  = regexp.MustCompile(`^at least (\S+) of (.+) (?:is|are) 1$`)
	rest     = regexp.MustCompile(`^its sum, divided by (\d+), leaves (.+)$`)
	weighed  = regexp.MustCompile(`^its sum is at least (\S+): (?:a 1 at (.+?) adds to it)?(?:, )?(?:a 1 at (.+?) takes from it)?$`)
)

// claim is what a sentence says of a gate: when it is 1, and what adds to its sum and takes from it.
type claim struct {
	holds       func(value func(name string) bool) bool // nil: it says no more than what follows
	plus, minus []string
}

// names splits a list; names of wires of ports have commas in them, without a blank.
func names(text string) []string {
	if text == "" {
		return nil
	}
	return regexp.MustCompile(`, | and | or `).Split(text, -1)
}

// ones counts the names that are 1.
func ones(list []string, value func(string) bool) (n int) {
	for _, name := range list {
		if value(name) {
			n++
		}
	}
	return n
}

// understood reads a sentence.
func understood(t *testing.T, text string) claim {
	t.Helper()
	text, ok := strings.CutPrefix(text, "1 where ")
	if !ok {
		t.Fatalf("%q does not say where", text)
	}
	if m := parities.FindStringSubmatch(text); m != nil {
		list := names(m[2])
		return claim{holds: func(v func(string) bool) bool { return (ones(list, v)%2 == 1) == (m[1] == "odd") }}
	}
	if m := counted.FindStringSubmatch(text); m != nil {
		list, least := names(m[2]), 0
		if _, err := fmt.Sscan(strings.Replace(m[1], "−", "-", 1), &least); err != nil {
			t.Fatal(err)
		}
		return claim{holds: func(v func(string) bool) bool { return ones(list, v) >= least }, plus: list}
	}
	if m := weighed.FindStringSubmatch(text); m != nil {
		return claim{plus: names(m[2]), minus: names(m[3])}
	}
	if rest.MatchString(text) {
		return claim{}
	}
	either := strings.Contains(text, ", or ")
	parts := strings.Split(strings.ReplaceAll(text, ", or ", ", and "), ", and ")
	return claim{holds: func(v func(string) bool) bool {
		holds := !either
		for _, part := range parts {
			m := clauses.FindStringSubmatch(part)
			if m == nil {
				t.Fatalf("%q says nothing", part)
			}
			list, want := names(m[1]), m[2] == "1"
			n := ones(list, func(name string) bool { return v(name) == want })
			one := n == len(list)
			if either || strings.Contains(m[1], " or ") {
				one = n > 0
			}
			if holds = holds && one; either {
				holds = holds || one
			}
		}
		return holds
	}}
}

// The sentence about a gate says when it is 1, for all values of what it reads; of a weighted sum it says on which way
// each of them moves the gate.
func TestSentenceOfAGateIsItsTruth(t *testing.T) {
	kinds := map[gates.Kind]int{}
	for name, c := range circuits(t) {
		s := open(t, c)
		for g := range circuit.Gate(c.Len()) {
			d := asking[explore.Gate](t, s, "gate", fmt.Sprintf(`{"gate":%d}`, g))
			if c.Kind(g).IsSource() || len(d.Terms) == 0 || len(d.Terms) > 6 {
				continue
			}
			kinds[c.Kind(g)]++
			said := understood(t, d.When)
			number := map[string]circuit.Gate{}
			for _, term := range d.Terms {
				number[term.Name] = circuit.Gate(term.Gate)
			}
			list := slices.Collect(func(yield func(circuit.Gate) bool) {
				for _, f := range number {
					if !yield(f) {
						return
					}
				}
			})
			for bits := range 1 << len(list) {
				of := assigned{}
				for i, f := range list {
					of[f] = bits>>i&1 == 1
				}
				got := truth(t, c, g, of)
				if said.holds != nil && said.holds(func(name string) bool { return of[number[name]] }) != got {
					t.Fatalf("%s, g%d, %s: for %v it is %v, and is said to be %q", name, g, d.Text, of, got, d.When)
				}
				for _, way := range []struct {
					names []string
					up    bool
				}{{said.plus, true}, {said.minus, false}} {
					for _, n := range way.names {
						f, ok := number[n]
						if !ok {
							t.Fatalf("%s: %q is nothing that g%d reads", d.When, n, g)
						}
						if was := of[f]; !was {
							of[f] = true
							if now := truth(t, c, g, of); now != got && now != way.up {
								t.Fatalf("%s, g%d: a 1 of %s makes it %v, and it is said: %s", name, g, n, now, d.When)
							}
							of[f] = false
						}
					}
				}
			}
		}
	}
	for _, k := range []gates.Kind{gates.And, gates.Nor, gates.Xor, gates.Mod, gates.Threshold, gates.Not} {
		if kinds[k] == 0 {
			t.Errorf("no gate of kind %v was looked at", k)
		}
	}
}

// What is complemented, and what has a negative weight, is said.
func TestSentences(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Inputs("x", 12)
	s := b.Linear()
	for i := range 3 {
		s.AddLit(circuit.NewInt(int64(3-2*i)), x[i])
	}
	count := b.Linear()
	for _, l := range x {
		count.AddLit(circuit.NewInt(1), l)
	}
	lits := []circuit.Lit{
		b.And(x[0], x[1].Not()), b.Or(x[0], x[1].Not(), x[2]), b.Nand(x[0], x[1].Not()), b.Nor(x[0], x[1].Not()),
		b.Xor(x[0], x[1].Not()), b.Threshold(s.Sum(), circuit.NewInt(-1)), b.Threshold(count.Sum(), circuit.NewInt(5)),
		b.And(x...), b.Mod(3, []int64{0, 2}, x[:3]...),
	}
	want := []string{
		"1 where x[0] is 1, and x[1] is 0",
		"1 where x[0] or x[2] is 1, or x[1] is 0",
		"1 where x[1] is 1, or x[0] is 0",
		"1 where x[1] is 1, and x[0] is 0",
		"1 where an even number of x[0] and x[1] is 1",
		"1 where its sum is at least −1: a 1 at x[0] or x[1] adds to it, a 1 at x[2] takes from it",
		"1 where at least 5 of 12 that it reads are 1",
		"1 where all 12 that it reads are 1",
		"1 where its sum, divided by 3, leaves 0 or 2",
	}
	b.OutputPort("y", circuit.Format{}, lits...)
	c := finish(t, b)
	session, err := explore.Open(c, explore.Options{Reasons: map[string]map[string]string{"": {"AND": "a product"}}})
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range c.OutputPorts()[0].Wires {
		d := asking[explore.Gate](t, session, "gate", `{"gate":`+strconv.Itoa(int(l.Gate()))+`}`)
		if d.When != want[i] || l.IsComplement() {
			t.Errorf("%s is said to be %q, want %q", d.Text, d.When, want[i])
		}
		if why := "AND of 1 input and the complement of 1 input: a product"; i == 0 && d.Why != why {
			t.Errorf("it is there for %q, want %q", d.Why, why)
		}
	}
}
