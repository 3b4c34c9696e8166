package problem_test

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/problem"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/longtest"
)

// mostBits is how many input bits are tried exhaustively.
const mostBits = 16

// member is a circuit of a problem, with what is expected of it.
type member struct {
	spec  string
	depth int
	class gates.Class
}

// TestProblems compares circuits with their references.
func TestProblems(t *testing.T) {
	compareAll(t, []member{
		{"and:n=9", 1, gates.AC0},
		{"or:n=9", 1, gates.AC0},
		{"majority:n=11", 1, gates.TC0},
		{"parity:n=2", 2, gates.TC0},
		{"parity:n=14,kind=gate", 1, gates.ACC0},
		{"parity:n=14", 2, gates.TC0},
		{"mod:n=14", 2, gates.TC0},
		{"mod:n=9,m=2", 2, gates.TC0},
		{"mod:n=30,m=7", 2, gates.TC0},
		{"mod:n=5,m=9", 1, gates.AC0},
		{"mod:n=30,m=7,kind=gate", 1, gates.ACC0},
		{"comparison:n=8", 1, gates.TC0},
		{"comparison:n=40", 1, gates.TC0},
		{"addition:n=1", 2, gates.TC0},
		{"addition:n=8", 2, gates.TC0},
		{"addition:n=50", 2, gates.TC0},
		{"iterated-addition:n=4,bits=4", 2, gates.TC0},
		{"iterated-addition:n=3,bits=5", 2, gates.TC0},
		{"iterated-addition:n=9,bits=20", 2, gates.TC0},
		{"multiplication:n=3", 3, gates.TC0},
		{"multiplication:n=8", 3, gates.TC0},
		{"multiplication:n=20", 3, gates.TC0},
		{"division:n=2,depth=2", 2, gates.TC0},
		{"division:n=8,depth=2", 2, gates.TC0},
		{"division:n=11,depth=2", 2, gates.TC0},
		{"division:n=2,depth=3", 3, gates.TC0},
		{"division:n=3,depth=3", 3, gates.TC0},
		{"division:n=2,depth=4", 4, gates.TC0},
		{"division:n=4,depth=4", 4, gates.TC0},
		{"division:n=5,depth=4", 4, gates.TC0},
		{"division:n=2", 5, gates.TC0},
		{"division:n=3", 5, gates.TC0},
		{"division:n=4", 5, gates.TC0},
		{"division:n=7", 5, gates.TC0},
		{"sorting:n=2,bits=1", 1, gates.AC0},
		{"sorting:n=12,bits=1", 1, gates.TC0},
		{"sorting:n=5", 3, gates.TC0},
		{"sorting:n=4,bits=4", 3, gates.TC0},
		{"sorting:n=9,bits=7", 3, gates.TC0},
		{"dyck1:n=14", 2, gates.TC0},
		{"dyck1:n=40", 2, gates.TC0},
		{"dyck:n=6", 3, gates.TC0},
		{"dyck:n=8,k=1,depth=2", 2, gates.TC0},
		{"dyck:n=14,k=3,depth=4", 3, gates.TC0},
		{"dyck:n=6,k=8,depth=64", 3, gates.TC0},
		{"dyck:n=30,k=5,depth=2", 3, gates.TC0},
		{"s5:n=2", 2, gates.TC0},
		{"s5:n=7", 4, gates.TC0},
		{"s5:n=7,kind=unrolled", 7, gates.TC0},
		{"s5:n=16", 5, gates.TC0},
		{"formula:n=8", 3, gates.TC0},
		{"formula:n=6", 3, gates.TC0},
		{"formula:n=20", 5, gates.TC0},
		{"reachability:n=4", 4, gates.AC0},
		{"reachability:n=6,kind=undirected", 6, gates.AC0},
		{"reachability:n=9", 6, gates.AC0},
		{"reachability:n=2", 0, gates.AC0},
		{"reachability:n=17,kind=undirected", 8, gates.AC0},
		{"cvp:n=3", 6, gates.TC0},
		{"cvp:n=12,inputs=4", 24, gates.TC0},
		{"cvp:n=3,kind=pairs", 4, gates.TC0},
		{"cvp:n=12,inputs=4,kind=pairs", 13, gates.TC0},
		{"rule110:n=12,steps=5", 6, gates.TC0},
		{"rule110:n=10,steps=3,rule=30", 4, gates.TC0},
		{"rule110:n=10,steps=3,rule=254", 3, gates.AC0},
		{"rule110:n=3,steps=2", 3, gates.TC0},
		{"rule110:n=9,steps=4,rule=90", 5, gates.TC0},
		{"rule110:n=9,steps=4,rule=170", 0, gates.AC0},
		{"rule110:n=9,steps=3,rule=51", 0, gates.AC0},
		{"rule110:n=9,steps=3,rule=0", 0, gates.AC0},
		{"rule110:n=9,steps=3,rule=255", 0, gates.AC0},
		{"billiard:n=4,steps=5", 6, gates.TC0},
		{"billiard:n=8,steps=4", 5, gates.TC0},
		{"billiard:n=2,steps=3", 4, gates.TC0},
		{"particle:n=6", 2, gates.TC0},
		{"particle:n=5,velocity=4,steps=30", 2, gates.TC0},
		{"particle:n=2,velocity=2,steps=3", 2, gates.TC0},
		{"particles:n=2,steps=3", 4, gates.TC0},
		{"particles:n=5,steps=4", 5, gates.TC0},
		{"arithmetic:n=3", 4, gates.TC0},
		{"arithmetic:n=9,m=10", 10, gates.TC0},
		{"gridworld:n=4,rows=2,columns=2", 5, gates.TC0},
		{"gridworld:n=12", 13, gates.TC0},
		{"sudoku:n=1", 2, gates.AC0},
		{"sudoku:n=4", 8, gates.AC0},
	})
}

// The largest circuits.
func TestLongProblems(t *testing.T) {
	longtest.Need(t)
	compareAll(t, []member{
		{"division:n=4,depth=3", 3, gates.TC0},
		{"division:n=8,depth=4", 4, gates.TC0},
		{"reachability:n=18", 10, gates.AC0},
	})
}

// compareAll compares circuits with their references: on all inputs where they have few
// bits, else on 10 000; and checks depth and basis.
func compareAll(t *testing.T, members []member) {
	t.Helper()
	for _, test := range members {
		t.Run(test.spec, func(t *testing.T) {
			t.Parallel()
			s, err := problem.Parse(test.spec)
			if err != nil {
				t.Fatal(err)
			}
			c, err := s.Circuit()
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Check(); err != nil {
				t.Fatal(err)
			}
			if got := c.Depth(); got != test.depth {
				t.Errorf("depth %d, want %d", got, test.depth)
			}
			class := gates.AC0
			for _, g := range kinds(c) {
				class = max(class, g)
			}
			if class != test.class {
				t.Errorf("basis of class %v, want %v", class, test.class)
			}
			compare(t, s, c)
		})
	}
}

func kinds(c *circuit.Circuit) (all []gates.Class) {
	for g := range circuit.Gate(c.Len()) {
		if k := c.Kind(g); !k.IsSource() {
			all = append(all, k.Class(3))
		}
	}
	return all
}

// choicesOf returns how many integers a port can have.
func choicesOf(p circuit.Port) *big.Int {
	if p.Format.Kind == circuit.OneHot {
		return big.NewInt(int64(len(p.Wires)))
	}
	return new(big.Int).Lsh(big.NewInt(1), uint(len(p.Wires)))
}

// compare evaluates circuit and reference on many inputs.
func compare(t *testing.T, s problem.Spec, c *circuit.Circuit) {
	t.Helper()
	ports := c.InputPorts()
	all := big.NewInt(1)
	for _, p := range ports {
		all.Mul(all, choicesOf(p))
	}
	count := 10_000
	exhaustive := all.BitLen() <= mostBits
	if exhaustive {
		count = int(all.Int64())
	}
	rng := rand.New(rand.NewPCG(7, 7))
	var inputs [][]int64
	for i := range count {
		in := make([]int64, len(ports))
		rest := int64(i)
		for k, p := range ports {
			most, lo := choicesOf(p).Int64(), int64(0)
			if p.Format.Kind == circuit.TwosComplement {
				lo = -most / 2
			}
			switch {
			case exhaustive:
				in[k], rest = lo+rest%most, rest/most
			case i%8 == 0: // extremes
				in[k] = lo + []int64{0, most - 1}[rng.IntN(2)]
			default:
				in[k] = lo + rng.Int64N(most)
			}
		}
		if drawn := s.Sample(rng); drawn != nil && !exhaustive && i%2 == 0 {
			in = drawn
		}
		inputs = append(inputs, in)
	}
	reference, err := s.Reference()
	if err != nil {
		t.Fatal(err)
	}
	got, err := analysis.Evaluate(t.Context(), c, inputs)
	if err != nil {
		t.Fatal(err)
	}
	yes := 0
	for i, in := range inputs {
		want := reference(slices.Clone(in))
		if !slices.Equal(got[i], want) {
			t.Fatalf("inputs %v: circuit %v, reference %v", in, got[i], want)
		}
		if want[0] != 0 {
			yes++
		}
	}
	if yes == 0 && !exhaustive {
		t.Errorf("the first output is 0 on all of %d inputs: they test nothing", count)
	}
}
