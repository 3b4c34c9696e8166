package problem_test

import (
	"fmt"
	"math/bits"
	"testing"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/problem"
)

// logOf is ⌈log₂ n⌉.
func logOf(n int) int { return bits.Len(uint(n - 1)) }

// What each problem says of the depth and of the size of its circuits, in words, as
// functions, for many parameters from the least that are allowed on. A size of −1 is not
// compared.
func TestDepthAndSizeFormulas(t *testing.T) {
	type formula struct {
		depth, size string
		of          func(a compile.Args) (depth, size int)
		specs       []string
	}
	constant := func(depth int) func(compile.Args) (int, int) {
		return func(compile.Args) (int, int) { return depth, -1 }
	}
	steps := func(a compile.Args) (int, int) { return a.Int("steps") + 1, -1 }
	each := func(format string, numbers ...int) (out []string) {
		for _, n := range numbers {
			out = append(out, fmt.Sprintf(format, n))
		}
		return out
	}
	formulas := map[string]formula{
		"and":      {"1", "1", func(compile.Args) (int, int) { return 1, 1 }, each("and:n=%d", 2, 3, 50)},
		"or":       {"1", "1", func(compile.Args) (int, int) { return 1, 1 }, each("or:n=%d", 2, 3, 50)},
		"majority": {"1", "1", func(compile.Args) (int, int) { return 1, 1 }, each("majority:n=%d", 2, 3, 50)},
		"parity": {"2 (thresholds), 1 (gate)", "⌊n/2⌋ + 1 (thresholds), 1 (gate)", func(a compile.Args) (int, int) {
			if a["kind"] == "gate" {
				return 1, 1
			}
			return 2, a.Int("n")/2 + 1
		}, append(each("parity:n=%d", 2, 3, 4, 31), each("parity:n=%d,kind=gate", 2, 9)...)},
		"mod": {
			"2 (thresholds; 1 if m > n), 1 (gate)",
			"⌊n/m⌋ + 1 (thresholds), 1 (gate)",
			func(a compile.Args) (int, int) {
				n, m := a.Int("n"), a.Int("m")
				if a["kind"] == "gate" || m > n {
					return 1, 1
				}
				return 2, n/m + 1
			},
			[]string{
				"mod:n=2",
				"mod:n=3",
				"mod:n=2,m=2",
				"mod:n=8,m=8",
				"mod:n=30,m=7",
				"mod:n=4,m=5",
				"mod:n=9,kind=gate",
			},
		},
		"comparison": {
			"1",
			"1",
			func(compile.Args) (int, int) { return 1, 1 },
			each("comparison:n=%d", 1, 2, 70),
		},
		"addition": {
			"2",
			"2·n",
			func(a compile.Args) (int, int) { return 2, 2 * a.Int("n") },
			each("addition:n=%d", 1, 2, 3, 40),
		},
		"iterated-addition": {
			"2",
			"at most (bits + 1)·n + 1",
			constant(2),
			[]string{"iterated-addition:n=2,bits=1", "iterated-addition:n=2", "iterated-addition:n=17,bits=3"},
		},
		"multiplication": {"3", "O(n²)", constant(3), each("multiplication:n=%d", 2, 3, 9)},
		"division": {"5, 4 or 3 in polynomial size, or 2, as chosen", "", func(a compile.Args) (int, int) {
			if a["depth"] == "2" {
				return 2, 1<<a.Int("n") + a.Int("n") - 2
			}
			return a.Int("depth"), -1
		}, append(append(each("division:n=%d", 2, 3, 9), each("division:n=%d,depth=2", 2, 3, 8)...), "division:n=2,depth=3", "division:n=3,depth=4")},
		"sorting": {
			"3 (1 if bits = 1)",
			"O(n²·bits)",
			func(a compile.Args) (int, int) {
				if a.Int("bits") == 1 {
					return 1, a.Int("n")
				}
				return 3, -1
			},
			[]string{"sorting:n=2", "sorting:n=2,bits=1", "sorting:n=9,bits=1", "sorting:n=128,bits=1", "sorting:n=7,bits=5"},
		},
		"dyck1": {
			"2",
			"n + 1",
			func(a compile.Args) (int, int) { return 2, a.Int("n") + 1 },
			each("dyck1:n=%d", 2, 4, 30),
		},
		"dyck": {"3 (2 if k = 1)", "O(n²·depth)", func(a compile.Args) (int, int) {
			if a.Int("k") == 1 {
				return 2, -1
			}
			return 3, -1
		}, []string{"dyck:n=2", "dyck:n=2,k=1", "dyck:n=12,k=5,depth=1", "dyck:n=12,k=1,depth=4"}},
		"s5": {"⌈log₂ n⌉ + 1 (tree), n (unrolled)", "125·(n − 2) + 26", func(a compile.Args) (int, int) {
			n := a.Int("n")
			if a["kind"] == "tree" {
				return logOf(n) + 1, 125*(n-2) + 26
			}
			return n, 125*(n-2) + 26
		}, append(each("s5:n=%d", 2, 3, 4, 5, 9, 16), each("s5:n=%d,kind=unrolled", 2, 3, 9)...)},
		"formula": {
			"⌈log₂ n⌉",
			"n − 1",
			func(a compile.Args) (int, int) { return logOf(a.Int("n")), a.Int("n") - 1 },
			each("formula:n=%d", 2, 3, 4, 5, 33),
		},
		"reachability": {
			"2·⌈log₂ (n − 1)⌉", "O(n³·log n)", func(a compile.Args) (int, int) { return 2 * logOf(a.Int("n")-1), -1 },
			append(
				each("reachability:n=%d", 2, 3, 4, 5, 6, 9, 10, 18),
				each("reachability:n=%d,kind=undirected", 2, 3, 5, 10)...),
		},
		"cvp": {
			"2·n (select), n + 1 (pairs)",
			"n² + 2·n·inputs (select), O(n·(n + inputs)²) (pairs)",
			func(a compile.Args) (int, int) {
				n, k := a.Int("n"), a.Int("inputs")
				if a["kind"] == "pairs" {
					return n + 1, -1
				}
				return 2 * n, n*n + 2*n*k
			},
			[]string{
				"cvp:n=1",
				"cvp:n=1,inputs=2",
				"cvp:n=9",
				"cvp:n=12,inputs=7",
				"cvp:n=1,kind=pairs",
				"cvp:n=7,kind=pairs",
			},
		},
		"rule110": {
			"steps + 1 (Rule 110 and most others)",
			"3·n·steps + n (Rule 110)",
			func(a compile.Args) (int, int) {
				n, t := a.Int("n"), a.Int("steps")
				return t + 1, 3*n*t + n
			},
			[]string{"rule110:n=4", "rule110:n=8,steps=5", "rule110:n=20,steps=2"},
		},
		"billiard":  {"steps + 1", "O(n²·steps)", steps, []string{"billiard:n=2", "billiard:n=6,steps=3"}},
		"particles": {"steps + 1", "O(n²·steps)", steps, []string{"particles:n=2", "particles:n=5,steps=3"}},
		"particle": {
			"2",
			"O(N + t·2^velocity)",
			constant(2),
			[]string{"particle:n=2", "particle:n=2,velocity=1,steps=1", "particle:n=5,steps=31"},
		},
		"arithmetic": {"n + 1", "3·m²·n + m", func(a compile.Args) (int, int) {
			n, m := a.Int("n"), a.Int("m")
			return n + 1, 3*m*m*n + m
		}, []string{"arithmetic:n=1", "arithmetic:n=1,m=2", "arithmetic:n=6,m=3"}},
		"gridworld": {
			"n + 1",
			"at most 8·rows·columns·n",
			func(a compile.Args) (int, int) { return a.Int("n") + 1, -1 },
			[]string{"gridworld:n=1", "gridworld:n=2,rows=2,columns=2", "gridworld:n=9"},
		},
		"sudoku": {
			"2·n",
			"at most 3645·n",
			func(a compile.Args) (int, int) { return 2 * a.Int("n"), -1 },
			each("sudoku:n=%d", 1, 3),
		},
	}
	for name, f := range formulas {
		p, err := problem.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		if p.Depth != f.depth || f.size != "" && p.Size != f.size {
			t.Errorf("%s says depth %q and size %q, and tested are %q and %q", name, p.Depth, p.Size, f.depth, f.size)
		}
		for _, text := range f.specs {
			s, err := problem.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			c, err := s.Circuit()
			if err != nil {
				t.Fatal(err)
			}
			depth, size := f.of(s.Args)
			if c.Depth() != depth || size >= 0 && c.Size() != size {
				t.Errorf("%s: depth %d and %d gates; by the formulas %d and %d", text, c.Depth(), c.Size(), depth, size)
			}
		}
	}
	for _, name := range problem.Names() {
		if _, ok := formulas[name]; !ok {
			t.Errorf("%s: no formula is tested", name)
		}
	}
}
