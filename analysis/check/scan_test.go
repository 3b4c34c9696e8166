package check_test

import (
	"context"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// scans are bodies whose copies are not as the first ones, with the depth for every n.
var scans = []struct {
	name, strategy, depth string
	family                compile.FamilyFunc
}{
	// A code meets the code of the copy before. In the program the two are values of one operation.
	{"codes of two copies", "thermometer", "2·n", func(n program.Dim) (*program.Program, error) {
		p, d := program.New("codes"), program.NewDim("d", 2)
		x := p.Input("x", program.Shape{n, d}, 2, false)
		k, s := p.Input("k", program.Shape{d}, 2, false), p.Input("s", program.Shape{d}, 4, false)
		out := p.Scan("scan", x, []program.Value{k, s}, func(x program.Value, state []program.Value) []program.Value {
			code := p.Step(p.Add(state[1], x), program.Round(3, program.Range{Lo: 0, Hi: 3}))
			return []program.Value{code, p.Contract("f,f->f", state[0], code)}
		})
		p.Output("y", out[1])
		return p, p.Err()
	}},
	// A sum of the state and of a value that is deeper for the first n.
	{"a deep value beside it", "min-depth", "n + 4", func(n program.Dim) (*program.Program, error) {
		p, d := program.New("beside"), program.NewDim("d", 2)
		x := p.Input("x", program.Shape{n, d}, 2, false)
		deep := p.Input("k", program.Shape{d}, 2, false)
		round := program.Round(2, program.Range{Lo: 0, Hi: 3})
		for range 5 {
			mixed := p.Linear(deep, program.NewMatrix(2, 2, func(i, j int) int64 { return int64(2*i + j + 1) }), nil, "d")
			deep = p.Step(mixed, round)
		}
		state := p.Scan("scan", x, []program.Value{p.Input("s", program.Shape{d}, 2, false)},
			func(x program.Value, state []program.Value) []program.Value {
				return []program.Value{p.Step(p.Add(state[0], x), round)}
			})
		p.Output("y", p.Add(state[0], deep))
		return p, p.Err()
	}},
}

// TestScans builds the circuits of scans up to an n at which they go on for long.
func TestScans(t *testing.T) {
	for _, test := range scans {
		p := holds(t, test.name, test.strategy, test.family)
		if got := p.DepthFormula.String(); got != test.depth {
			t.Errorf("%s: depth %s, want %s", test.name, got, test.depth)
		}
		// The value of the output has the depth of the whole.
		if last := p.Derivation[len(p.Derivation)-1]; !last.Depth.Equal(p.DepthFormula) {
			t.Errorf("%s: the last row has depth %v, and the whole %v", test.name, last.Depth, p.DepthFormula)
		}
	}
}

// holds proves something about a family, and checks it with circuits for more n.
func holds(t *testing.T, name, strategy string, family compile.FamilyFunc) *analysis.Proof {
	t.Helper()
	s, err := lower.ParseStrategy(strategy)
	if err != nil {
		t.Fatal(err)
	}
	p, err := analysis.Prove(t.Context(), analysis.Claim{Name: name, Family: family, Strategy: s, N: []int{2, 3}})
	if err != nil {
		t.Fatal(err)
	}
	open, err := family.OpenProgram()
	if err != nil {
		t.Fatal(err)
	}
	member := func(ctx context.Context, n int) (*circuit.Circuit, error) {
		q, err := family.Program(n)
		if err != nil {
			return nil, err
		}
		return lower.ProgramContext(ctx, q, s, nil)
	}
	if err := resealed(t, p, subject{open, member}, 5, 8, 13); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return p
}
