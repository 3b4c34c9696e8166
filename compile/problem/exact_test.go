package problem_test

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/compile/problem"
	"github.com/tc0lab/tc0/internal/longtest"
)

func built(t *testing.T, text string) *circuit.Circuit {
	t.Helper()
	s, err := problem.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// bitsOf returns the bits of numbers, one after another.
func bitsOf(n int, numbers ...*big.Int) (out []bool) {
	for _, v := range numbers {
		for i := range n {
			out = append(out, v.Bit(i) == 1)
		}
	}
	return out
}

func numberOf(bits []bool) *big.Int {
	v := new(big.Int)
	for i, b := range bits {
		if b {
			v.SetBit(v, i, 1)
		}
	}
	return v
}

// divided is division of n bits by math/big.
func divided(n int) func(x, y *big.Int) *big.Int {
	return func(x, y *big.Int) *big.Int {
		if y.Sign() == 0 {
			return big.NewInt(1<<n - 1)
		}
		return new(big.Int).Div(x, y)
	}
}

// arithmetic is a problem about numbers of n bits, its random inputs, and what math/big answers.
type arithmetic struct {
	name      string
	n, inputs int
	f         func(x, y *big.Int) *big.Int
}

func sum(x, y *big.Int) *big.Int     { return new(big.Int).Add(x, y) }
func product(x, y *big.Int) *big.Int { return new(big.Int).Mul(x, y) }

// Numbers of any size, against math/big.
func TestArithmeticAgainstBig(t *testing.T) {
	againstBig(t,
		arithmetic{"addition", 100, 10_000, sum},
		arithmetic{"multiplication", 24, 1_000, product},
		arithmetic{"multiplication", 12, 2_000, product},
		arithmetic{"division", 8, 2_000, divided(8)},
		arithmetic{"division:depth=4", 6, 5_000, divided(6)},
		arithmetic{"division:depth=3", 3, 1_000, divided(3)},
		arithmetic{"division:depth=2", 11, 2_000, divided(11)},
	)
}

// Larger numbers, and more of them.
func TestLongArithmeticAgainstBig(t *testing.T) {
	longtest.Need(t)
	againstBig(t,
		arithmetic{"multiplication", 40, 1_000, product},
		arithmetic{"multiplication", 12, 10_000, product},
		arithmetic{"division", 8, 10_000, divided(8)},
		arithmetic{"division", 11, 1_000, divided(11)},
		arithmetic{"division:depth=4", 7, 10_000, divided(7)},
		arithmetic{"division:depth=3", 4, 10_000, divided(4)},
		arithmetic{"division:depth=2", 13, 10_000, divided(13)},
	)
}

func againstBig(t *testing.T, tests ...arithmetic) {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, 4))
	draw := func(n int) *big.Int {
		v := new(big.Int)
		for i := range n {
			v.SetBit(v, i, uint(rng.IntN(2)))
		}
		switch rng.IntN(6) {
		case 0:
			return v.Rsh(v, uint(rng.IntN(n)))
		case 1:
			return v.Sub(v.Lsh(big.NewInt(1), uint(n)), big.NewInt(1))
		}
		return v
	}
	for _, test := range tests {
		s, err := problem.Parse(test.name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := s.With("n", test.n).Circuit()
		if err != nil {
			t.Fatal(err)
		}
		inputs := make([][]bool, test.inputs)
		var want []*big.Int
		for i := range inputs {
			x, y := draw(test.n), draw(test.n)
			inputs[i] = bitsOf(test.n, x, y)
			want = append(want, test.f(x, y))
		}
		for i, out := range evaluateBits(t, c, inputs) {
			if got := numberOf(out); got.Cmp(want[i]) != 0 {
				t.Fatalf("%s of %d bits, %v: %v, want %v", test.name, test.n, inputs[i], got, want[i])
			}
		}
	}
}

// Rule 110 for 1 000 random rows, against a simulation with a map of the eight cases.
func TestRule110AgainstSimulation(t *testing.T) {
	const n, steps = 24, 12
	c := built(t, "rule110:n=24,steps=12")
	if c.Depth() != steps+1 {
		t.Errorf("depth %d", c.Depth())
	}
	next := map[string]byte{
		"111": '0',
		"110": '1',
		"101": '1',
		"100": '0',
		"011": '1',
		"010": '1',
		"001": '1',
		"000": '0',
	}
	rng := rand.New(rand.NewPCG(110, 110))
	var inputs [][]int64
	var want []string
	for range 1000 {
		row := make([]byte, n)
		in := make([]int64, n)
		for i := range row {
			row[i] = byte('0' + rng.IntN(2))
			in[i] = int64(row[i] - '0')
		}
		for range steps {
			wide := string(row[n-1]) + string(row) + string(row[0])
			for i := range row {
				row[i] = next[wide[i:i+3]]
			}
		}
		inputs, want = append(inputs, in), append(want, string(row))
	}
	out, err := analysis.Evaluate(t.Context(), c, inputs)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range out {
		text := ""
		for _, v := range row {
			text += string(byte('0' + v))
		}
		if text != want[i] {
			t.Fatalf("%v: %s, want %s", inputs[i], text, want[i])
		}
	}
}

func TestSizesOfArithmetic(t *testing.T) {
	for n := 1; n <= 40; n++ {
		s, _ := problem.Parse("addition")
		c, err := s.With("n", n).Circuit()
		if err != nil || c.Size() != 2*n || c.Depth() != 2 {
			t.Errorf("addition of %d bits: %d gates, depth %d, %v; want %d and 2", n, c.Size(), c.Depth(), err, 2*n)
		}
	}
	for _, n := range []int{2, 9, 33} {
		s, _ := problem.Parse("parity")
		if c, err := s.With("n", n).Circuit(); err != nil || c.Size() != n/2+1 {
			t.Errorf("parity of %d: %d gates, %v", n, c.Size(), err)
		}
		s, _ = problem.Parse("s5")
		if c, err := s.With("n", n).Circuit(); err != nil || c.Size() != 125*(n-2)+26 {
			t.Errorf("s5 of %d: %d gates, %v", n, c.Size(), err)
		}
	}
}

func TestProblemsRefuse(t *testing.T) {
	for text, want := range map[string]string{
		"rule110:n=8,rule=256":  "rule110: rule=256 is outside 0..255",
		"rule110:n=2":           "rule110: n=2 is outside 3..16384",
		"rule110:n=8,steps=0":   "rule110: steps=0 is outside 1..4096",
		"rule110:n=8,steps=-1":  `rule110: steps="-1" is not a whole number of at least 0`,
		"addition":              "addition: parameter n is missing: it names the family, and this needs one member, such as addition:n=8",
		"billiard:n=5":          "billiard: n=5 is odd: blocks have two rows and two columns",
		"division:n=25":         "division: n=25 is outside 2..16",
		"division:n=9,depth=4":  "division: n=9 at depth 4 is more than 8",
		"dyck1:n=7":             "dyck1: n=7 is odd, and no word of odd length is balanced",
		"cvp:n=99,kind=pairs":   "cvp: kind=pairs: n + inputs = 102 is more than 80",
		"s5:n=2,kind=sideways":  `s5: unknown kind "sideways"; known: tree, unrolled`,
		"addition:n=2,n=3":      `addition: parameter "n" is given twice`,
		"reachability:n=1":      "reachability: n=1 is outside 2..128",
		"gridworld:n=2,walls=1": `unknown parameter of gridworld "walls"; known: n, rows, columns`,
	} {
		s, err := problem.Parse(text)
		if err == nil {
			_, err = s.Circuit()
		}
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if _, err := problem.Find("halting"); err == nil {
		t.Error("halting was found")
	}
}

// The table is built once, and not for each look-up.
func TestFindBuildsNothing(t *testing.T) {
	problem.All()
	allocations := testing.AllocsPerRun(10, func() {
		if p, err := problem.Find("parity"); err != nil || p.Name != "parity" {
			t.Errorf("%s, %v", p.Name, err)
		}
	})
	if allocations != 0 {
		t.Errorf("a look-up makes %v allocations", allocations)
	}
}

// Every problem says what it has to, and what it says of its depth is a formula of its
// parameters.
func TestProblemsAreDescribed(t *testing.T) {
	for _, p := range problem.All() {
		for name, text := range map[string]string{
			"doc": p.Doc, "depth": p.Depth, "size": p.Size, "class": p.Class, "source": p.Source,
			"beyond": p.Beyond, "serial": p.Serial, "why": p.Why,
		} {
			if text == "" {
				t.Errorf("%s: no %s", p.Name, name)
			}
		}
		if (p.Best == "") != (p.BestSource == "") {
			t.Errorf("%s: best depth %q, source %q", p.Name, p.Best, p.BestSource)
		}
		if !slices.Contains([]problem.Shape{problem.Wide, problem.Between, problem.Deep, problem.Shortcut}, p.Shape) {
			t.Errorf("%s: shape %q", p.Name, p.Shape)
		}
	}
}

// evaluateBits computes a circuit on many vectors of bits.
func evaluateBits(t *testing.T, c *circuit.Circuit, inputs [][]bool) [][]bool {
	t.Helper()
	plan := eval.Compile(c, eval.Config{})
	in := eval.NewVectors(len(c.Inputs()), len(inputs))
	for lane, bits := range inputs {
		in.SetLane(lane, bits)
	}
	result, err := plan.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]bool
	for lane := range inputs {
		out = append(out, result.Lane(lane))
	}
	return out
}
