package formula_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

// fine is a code of two bits of a sum.
var fine = program.Staircase{At: []int64{1, 2, 3}, Jump: []int64{1, 1, 1}}

// remembering is a program whose copies read what the copies before them made, through part. The sum over all of them
// is put to use by next. It has so many steps, or any number if steps is 0.
func remembering(
	n program.Dim, steps int,
	part func(p *program.Program, query, kept program.Value) program.Value,
	next func(p *program.Program, sum, query program.Value) program.Value,
) (*program.Program, error) {
	p := program.New("remembering")
	prompt := p.Input("prompt", program.Shape{n}, 2, false)
	ask := func(x program.Value) program.Value {
		return p.Step(p.Affine(2, x, 1), program.Staircase{At: []int64{2, 4, 5}, Jump: []int64{1, -1, 2}})
	}
	var kept []program.Value
	for last := p.Step(p.Add(prompt, prompt), fine); len(kept) < max(3, steps); last = kept[len(kept)-1] {
		query := ask(last)
		sum := part(p, query, prompt)
		for k := 0; k < len(kept)-1 && len(kept) > 2; k++ {
			sum = p.Add(sum, part(p, query, kept[k]))
		}
		kept = append(kept, next(p, sum, query))
	}
	if steps > 0 {
		p.Output("y", kept[len(kept)-1])
		return p, p.Err()
	}
	state := []program.Value{kept[2], kept[0], kept[1]} // the latest, and those that are read
	out := p.Unending("step", 3, state, func(s []program.Value) []program.Value {
		query := ask(s[0])
		sum := part(p, query, prompt)
		at := len(p.Nodes())
		sum = p.Add(sum, part(p, query, s[1]))
		middle := len(p.Nodes())
		sum = p.Add(sum, part(p, query, s[2]))
		p.Stand(at, middle)
		return []program.Value{next(p, sum, query), s[2], s[0]}
	})
	p.Output("y", out[0])
	return p, p.Err()
}

func product(p *program.Program, query, kept program.Value) program.Value {
	return p.Contract("i,i->i", query, p.Step(p.Affine(3, kept, 0), program.Staircase{At: []int64{2, 5}, Jump: []int64{2, 1}}))
}

func quotient(p *program.Program, sum, query program.Value) program.Value {
	return p.Step(p.Add(p.Quotient(sum, p.Affine(0, sum, 1), program.Range{Lo: 0, Hi: 3}), query), fine)
}

// Operations on what all earlier copies made are read for every number of copies, if it is certain how they go on.
func TestStandsForEarlierCopies(t *testing.T) {
	for _, test := range []struct {
		name string
		part func(p *program.Program, query, kept program.Value) program.Value
		next func(p *program.Program, sum, query program.Value) program.Value
		want string
	}{
		{"products", product, quotient, "2·T + 2"},
		{"codes", func(p *program.Program, query, kept program.Value) program.Value {
			return p.Step(p.Add(query, kept), fine)
		}, quotient, "a sum over all of them is read by Step"},
		{"the sum is multiplied", product, func(p *program.Program, sum, query program.Value) program.Value {
			return quotient(p, p.Contract("i,i->i", sum, query), query)
		}, "a sum over all of them is read by Contract"},
		{"the sum is the state", product, func(p *program.Program, sum, _ program.Value) program.Value {
			return sum
		}, "the state changes"},
	} {
		p, err := remembering(program.OpenDim("n"), 0, test.part, test.next)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		f, err := formula.StepsOf(p, lower.MinDepth, func(*program.Node) int { return 0 })
		got := fmt.Sprint(err)
		if err == nil {
			got = f.Depth.String()
		}
		if !strings.Contains(got, test.want) {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
		for steps := 4; err == nil && steps < 9; steps++ {
			one, _ := remembering(program.NewDim("n", 2), steps, test.part, test.next)
			c, err := lower.Program(one, lower.MinDepth)
			if err != nil {
				t.Fatal(err)
			}
			most, _ := f.Depth.At(map[string]*big.Int{"T": big.NewInt(int64(steps))})
			if depth := c.Levels(gates.Standard()).Depth; int64(depth) != most.Int64() {
				t.Errorf("%s: depth %d of %d steps, and %s is derived", test.name, depth, steps, f.Depth)
			}
		}
	}
}
