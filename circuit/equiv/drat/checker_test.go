package drat

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// pigeons is a formula that three pigeons in two holes do not satisfy: variable 2·p + h + 1 says that
// pigeon p is in hole h.
const pigeons = `c three pigeons, two holes
p cnf 6 9
1 2 0
3 4 0
5 6 0
-1 -3 0
-1 -5 0
-3 -5 0
-2 -4 0
-2 -6 0
-4 -6 0
`

func check(formula, proof string) (*Report, error) {
	return Check(context.Background(), strings.NewReader(formula), strings.NewReader(proof))
}

func TestCheck(t *testing.T) {
	r, err := check(pigeons, "c a proof\n9 -7 -8 0\nd -8 9 -7 0\n-1 0\n0\n")
	if err != nil || *r != (Report{Clauses: 9, Added: 2, Defined: 1, Removed: 1}) {
		t.Errorf("%+v, %v", r, err)
	}
	// A definition of variable 9 as 7 ∧ 8.
	r, err = check(pigeons, "9 -7 -8 0\n-9 7 0\n-9 8 0\n-1 0\n0\n")
	if err != nil || r.Defined != 3 {
		t.Errorf("a definition: %+v, %v", r, err)
	}
	if r, err := check("p cnf 2 1\n0\n", ""); err != nil || r.Clauses != 1 {
		t.Errorf("the empty clause in the formula: %+v, %v", r, err)
	}
}

// TestRefused asserts that what is no proof is refused, with the reason.
func TestRefused(t *testing.T) {
	var step *StepError
	var form *FormatError
	for _, c := range []struct {
		name, formula, proof string
		want                 any
	}{
		{"a proof that stops", pigeons, "c nothing\n", ErrOpen},
		{"only the empty clause", pigeons, "0\n", &step},
		{"a clause that does not follow", "p cnf 3 4\n1 2 0\n-1 -2 0\n2 3 0\n-2 -3 0\n", "1 0\n0\n", &step},
		{"a definition of a variable that is read", "p cnf 2 2\n1 2 0\n-1 -2 0\n", "1 -2 0\n0\n", &step},
		{"a satisfiable formula", "p cnf 2 2\n1 2 0\n-1 -2 0\n", "1 0\n2 0\n0\n", &step},
		{"a definition both ways", "p cnf 1 1\n1 0\n", "2 0\n-2 0\n0\n", &step},
		{"a removed clause", pigeons, "d 1 2 0\nd -1 -3 0\nd -3 -5 0\n0\n", &step},
		{"garbage", pigeons, "-1 x 0\n", &form},
		{"a clause without an end", pigeons, "-1 -2", &form},
		{"a large number", pigeons, "99999999999999999999 0\n", &form},
		{"an endless word", pigeons, strings.Repeat("1", 100), &form},
		{"no head", "1 2 0\n", "0\n", &form},
		{"a variable beyond the head", "p cnf 1 1\n2 0\n", "0\n", &form},
		{"too few clauses", "p cnf 1 2\n1 0\n", "0\n", &form},
		{"too many clauses", "p cnf 1 1\n1 0\n-1 0\n", "0\n", &form},
	} {
		_, err := check(c.formula, c.proof)
		ok := false
		switch want := c.want.(type) {
		case error:
			ok = errors.Is(err, want)
		default:
			ok = errors.As(err, c.want)
		}
		if !ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestSatisfiableIsNeverRefuted asserts that random proofs of random formulas that can be satisfied
// are all refused: a checker that takes one would prove what is false.
func TestSatisfiableIsNeverRefuted(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	accepted := 0
	for range 800 {
		n := 3 + r.IntN(5)
		model := r.IntN(1 << n)
		holds := func(l int) bool { return l > 0 == (model>>(max(l, -l)-1)&1 == 1) }
		clause := func(variables int) []int {
			var c []int
			for range 1 + r.IntN(3) {
				c = append(c, (1+r.IntN(variables))*(1-2*r.IntN(2)))
			}
			return c
		}
		var formula strings.Builder
		count := 3 * n
		fmt.Fprintf(&formula, "p cnf %d %d\n", n, count)
		for range count {
			c := clause(n)
			for !holds(c[0]) {
				c[0] = (1 + r.IntN(n)) * (1 - 2*r.IntN(2))
			}
			fmt.Fprintln(&formula, strings.Trim(fmt.Sprint(c), "[]"), 0)
		}
		var proof strings.Builder
		for range 30 { // of which those that are refused are left out
			line := ""
			if r.IntN(5) == 0 {
				line = "d "
			}
			line += strings.Trim(fmt.Sprint(clause(n+3)), "[]") + " 0\n"
			if _, err := check(formula.String(), proof.String()+line); errors.Is(err, ErrOpen) {
				proof.WriteString(line)
				accepted++
			} else if err == nil {
				t.Fatalf("satisfied by %b, and refuted:\n%s%s", model, formula.String(), proof.String()+line)
			}
		}
		if _, err := check(formula.String(), proof.String()+"0\n"); err == nil {
			t.Fatalf("satisfied by %b, and refuted:\n%s%s", model, formula.String(), proof.String())
		}
	}
	if accepted < 2_500 {
		t.Errorf("%d lines were accepted", accepted)
	}
}

// FuzzCheck asserts that no file makes the checker fail otherwise than with an error, and that a
// small formula that it says cannot be satisfied is not.
func FuzzCheck(f *testing.F) {
	f.Add(pigeons, "-1 0\n0\n")
	f.Add("p cnf 1 1\n1 0\n", "2 0\n-2 0\n0\n")
	f.Fuzz(func(t *testing.T, formula, proof string) {
		if len(formula)+len(proof) > 1<<12 {
			return
		}
		var clauses [][]literal
		most := uint32(0)
		err := readFormula(strings.NewReader(formula), func(c []literal) {
			clauses = append(clauses, append([]literal(nil), c...))
			for _, l := range c {
				most = max(most, l.variable())
			}
		})
		if err != nil || most > 12 {
			return
		}
		if _, err := check(formula, proof); err != nil {
			return
		}
	models:
		for m := range 1 << most {
			for _, c := range clauses {
				satisfied := false
				for _, l := range c {
					satisfied = satisfied || (m>>(l.variable()-1)&1 == 1) != (l&1 == 1)
				}
				if !satisfied {
					continue models
				}
			}
			t.Fatalf("satisfied by %b", m)
		}
	})
}
