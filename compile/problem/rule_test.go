package problem_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile/problem"
)

// after returns one cell after t steps of a rule, as a function of a row of n cells.
func after(t *testing.T, rule, steps, n int) func(row []int64) int64 {
	t.Helper()
	s, err := problem.Parse(fmt.Sprintf("rule110:n=%d,steps=%d,rule=%d", n, steps, rule))
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.Reference()
	if err != nil {
		t.Fatal(err)
	}
	return func(row []int64) int64 { return f(row)[0] }
}

// isAffine tells by superposition on random rows: f(x) + f(y) + f(0) + f(x + y) is 0.
func isAffine(f func(row []int64) int64, n int, rng *rand.Rand) bool {
	for range 60 {
		x, y, both := make([]int64, n), make([]int64, n), make([]int64, n)
		for i := range n {
			x[i], y[i] = rng.Int64N(2), rng.Int64N(2)
			both[i] = x[i] ^ y[i]
		}
		if f(x)^f(y)^f(make([]int64, n))^f(both) != 0 {
			return false
		}
	}
	return true
}

// seen returns how many cells change f if they alone are not as the others, which are all base.
func seen(f func(row []int64) int64, n int, base int64) (count int) {
	row := slices.Repeat([]int64{base}, n)
	whole := f(row)
	for i := range row {
		row[i] = 1 - base
		if f(row) != whole {
			count++
		}
		row[i] = base
	}
	return count
}

// Each of the 256 rules has the class of its own function: what a cell after t steps is was
// found by running the rule, and not from its table.
func TestRuleClasses(t *testing.T) {
	const steps, n = 7, 15
	rng := rand.New(rand.NewPCG(1, 1))
	counts := map[string]int{}
	for rule := range 256 {
		s, err := problem.Parse(fmt.Sprintf("rule110:n=%d,steps=%d,rule=%d", n, steps, rule))
		if err != nil {
			t.Fatal(err)
		}
		p := s.Facts()
		class := strings.TrimRight(strings.Fields(p.Class)[0], ",:")
		counts[class]++
		f, once := after(t, rule, steps, n), after(t, rule, 1, n)
		cells := max(seen(f, n, 0), seen(f, n, 1))
		switch affine := isAffine(f, n, rng) && isAffine(once, n, rng); class {
		case "NC0":
			if !affine || cells > 1 || p.Depth != "0" || p.Shape != problem.Wide {
				t.Errorf("rule %d: %s, depth %s, %s; affine: %t, of %d cells", rule, class, p.Depth, p.Shape, affine, cells)
			}
		case "ACC0":
			// At t = 7 these are parities of at least five cells.
			if !affine || cells < 5 || p.Best != "2" || p.Shape != problem.Shortcut {
				t.Errorf("rule %d: %s, best %s, %s; affine: %t, of %d cells", rule, class, p.Best, p.Shape, affine, cells)
			}
		case "AC0":
			all := []int64{f(make([]int64, n)), f(slices.Repeat([]int64{1}, n))}
			if affine || cells < steps || p.Best != "1" || !slices.Equal(all, []int64{0, 1}) ||
				min(seen(f, n, 0), seen(f, n, 1)) != 0 {
				t.Errorf("rule %d: %s; affine: %t, of %d cells", rule, class, affine, cells)
			}
		case "P-complete":
			if affine || p.Serial != "yes, if NC ≠ P" || !strings.Contains(p.Class, "on a ring of at least 2·t + 1 cells") {
				t.Errorf("rule %d: %s; %s; affine: %t", rule, p.Class, p.Serial, affine)
			}
		case "in":
			if affine || p.Serial != "not claimed here" || p.Beyond != "not claimed here" || p.Shape != problem.Deep {
				t.Errorf("rule %d: %s; %s; affine: %t", rule, p.Class, p.Serial, affine)
			}
		default:
			t.Errorf("rule %d: class %q", rule, p.Class)
		}
	}
	want := map[string]int{"NC0": 8, "ACC0": 8, "AC0": 8, "P-complete": 4, "in": 228}
	for class, count := range want {
		if counts[class] != count {
			t.Errorf("%s: %d rules, want %d", class, counts[class], count)
		}
	}
}

// What is said of the depth and of the size of each rule is so.
func TestRuleDepths(t *testing.T) {
	const n, steps = 9, 3
	for rule := range 256 {
		s, err := problem.Parse(fmt.Sprintf("rule110:n=%d,steps=%d,rule=%d", n, steps, rule))
		if err != nil {
			t.Fatal(err)
		}
		p, c := s.Facts(), built(t, s.String())
		want := map[string]int{"0": 0, "steps": steps, "steps + 1": steps + 1}
		if depth, ok := want[p.Depth]; !ok || c.Depth() != depth {
			t.Errorf("rule %d: depth %d, said to be %s", rule, c.Depth(), p.Depth)
		}
		size := 0
		switch {
		case p.Size == "n·steps":
			size = n * steps
		case p.Size != "0":
			var each int
			if _, err := fmt.Sscanf(p.Size, "%d·n·steps + n", &each); err != nil {
				t.Fatalf("rule %d: %s: %v", rule, p.Size, err)
			}
			size = each*n*steps + n
		}
		if c.Size() != size {
			t.Errorf("rule %d: %d gates, said to be %s", rule, c.Size(), p.Size)
		}
	}
}

// A mirror, and 0 and 1 exchanged, make of Rule 110 the rules that are said to be like it.
func TestRulesLikeRule110(t *testing.T) {
	of := func(rule, left, cell, right int) int { return rule >> (4*left + 2*cell + right) & 1 }
	made := func(f func(left, cell, right int) int) (rule int) {
		for m := range 8 {
			rule |= f(m>>2, m>>1&1, m&1) << m
		}
		return rule
	}
	mirror := made(func(l, c, r int) int { return of(110, r, c, l) })
	exchanged := made(func(l, c, r int) int { return 1 - of(110, 1-l, 1-c, 1-r) })
	both := made(func(l, c, r int) int { return 1 - of(110, 1-r, 1-c, 1-l) })
	if got := []int{mirror, exchanged, both}; !slices.Equal(got, []int{124, 137, 193}) {
		t.Errorf("%v", got)
	}
}
