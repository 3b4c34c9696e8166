package random_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/internal/random"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// TestProgramsComputeTheirReference builds random programs of each operation for every n and for
// small ones, and compares their circuits with the reference on random inputs. No operation of
// programs is left out.
func TestProgramsComputeTheirReference(t *testing.T) {
	names, seen := random.Operations(), map[program.Op]bool{}
	choice := map[string]byte{} // the byte that chooses an operation
	for k := range 256 {
		q := make(random.Program, 32)
		q[16] = byte(k)
		choice[q.Uses()[0]] = byte(k)
	}
	for k, name := range names {
		r := rand.New(rand.NewPCG(uint64(k), 7))
		for range 12 {
			q := random.DrawProgram(r)[:48]
			q[16], q[32] = byte(r.Uint32()), choice[name] // the last operation is this one
			if uses := q.Uses(); !slices.Contains(uses, name) {
				t.Fatalf("%v uses %v, not %s", q, uses, name)
			}
			open, err := q.OpenProgram()
			if err != nil {
				t.Errorf("%s: %v: %v", name, q, err)
				continue
			}
			for n := 2; n <= 4; n++ {
				p, err := q.Program(n)
				if err == nil {
					err = p.Check()
				}
				if err != nil {
					t.Errorf("%s: %v, n=%d: %v", name, q, n, err)
					continue
				}
				for id, node := range p.Nodes() {
					seen[node.Op] = true
					if len(open.Repeats()) == 0 && (id >= len(open.Nodes()) || open.Nodes()[id].Op != node.Op) {
						t.Fatalf("%s: %v is not one list of operations: at n=%d\n%v\nand for every n\n%v", name, q, n, p, open)
					}
				}
				computes(t, r, p, random.DrawStrategy(r))
			}
		}
	}
	for o := program.Op(0); !strings.HasPrefix(o.String(), "Op("); o++ {
		if !seen[o] {
			t.Errorf("no random program has a %v", o)
		}
	}
}

// computes compares a circuit with the reference on some inputs.
func computes(t *testing.T, r *rand.Rand, p *program.Program, s lower.Strategy) {
	t.Helper()
	c, err := lower.Program(p, s)
	if err != nil {
		t.Fatal(err)
	}
	in := make([]int64, len(p.Inputs()))
	for range 6 {
		var wires []bool
		for i, port := range c.InputPorts() {
			bounds := p.Inputs()[i].Bounds
			in[i] = bounds.Lo + r.Int64N(bounds.Hi-bounds.Lo+1)
			w := make([]bool, len(port.Wires))
			if err := port.Format.Encode(circuit.NewInt(in[i]), w); err != nil {
				t.Fatal(err)
			}
			wires = append(wires, w...)
		}
		want, err := p.Reference(in)
		if err != nil {
			t.Fatal(err)
		}
		out, err := c.Eval(wires)
		if err != nil {
			t.Fatal(err)
		}
		for i, port := range c.OutputPorts() {
			got, err := port.Format.Decode(out[:len(port.Wires)])
			if err != nil || got.Cmp(circuit.NewInt(want[i])) != 0 {
				t.Fatalf("%v, inputs %v: %s is %v, %v, and %d by the reference, in\n%v", s, in, port.Name, got, err, want[i], p)
			}
			out = out[len(port.Wires):]
		}
	}
}

func TestTrialsReadBack(t *testing.T) {
	for seed := range uint64(50) {
		want, err := random.DrawTrial(rand.New(rand.NewPCG(seed, 3)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := random.ParseTrial(want.String())
		if err != nil || got.String() != want.String() || got.Strategy != want.Strategy || got.Few != want.Few {
			t.Errorf("%v is read as %v, %v", want, got, err)
		}
	}
	for _, bad := range []string{"", "program:0 min-depth true", "program:00 best true", "none min-depth true", "s4 min-depth 2"} {
		if trial, err := random.ParseTrial(bad); err == nil {
			t.Errorf("%q is read as %v", bad, trial)
		}
	}
}

// TestAnyBytesAreAFamily builds the members of short and odd lists of bytes.
func TestAnyBytesAreAFamily(t *testing.T) {
	for _, q := range []random.Program{nil, {1}, make(random.Program, 17), slices.Repeat(random.Program{255}, 1000)} {
		if _, err := q.Program(3); err != nil {
			t.Errorf("%v: %v", q, err)
		}
	}
}

// TestForgedProofsAreBroken asserts that a comparison sees each number that is too small.
func TestForgedProofsAreBroken(t *testing.T) {
	trial, err := random.ParseTrial("rmsnorm min-depth false")
	if err != nil {
		t.Fatal(err)
	}
	honest, err := trial.Prove()
	if err != nil {
		t.Fatal(err)
	}
	const n = 20
	found, err := random.Compare(honest, trial.Family, trial.Strategy, n, 0)
	if err != nil || len(found.Broken) > 0 || found.GatesRatio != 1 || found.Gates != 44*n {
		t.Fatalf("%+v, %v; want 44 gates for each row", found, err)
	}
	smaller := func(f *poly.Poly) { *f = f.Minus(poly.Int(1)) }
	for what, forge := range map[string]func(p *analysis.Proof){
		"depth": func(p *analysis.Proof) { smaller(&p.DepthFormula) },
		"gates": func(p *analysis.Proof) { smaller(&p.SizeInN) },
		"wires": func(p *analysis.Proof) { p.WiresInN = p.WiresInN.Over(2) },
		"weight": func(p *analysis.Proof) {
			p.WeightInN = poly.Symbol("n")
		},
		"weight of a gate": func(p *analysis.Proof) { p.MaxWeightInN = poly.Int(1) },
		"refuted":          func(p *analysis.Proof) { p.Verdict.Verdict = analysis.Refuted },
	} {
		forged := *honest
		forge(&forged)
		found, err := random.Compare(&forged, trial.Family, trial.Strategy, n, 0)
		if err != nil || len(found.Broken) != 1 || !strings.HasPrefix(found.Broken[0], "n=20: "+what) {
			t.Errorf("%s: %v, %v", what, found, err)
		}
	}
	forged := *honest
	forged.Derivation = slices.Clone(honest.Derivation)
	last := &forged.Derivation[len(forged.Derivation)-1]
	last.Gates = last.Gates.Minus(poly.Int(1))
	found, err = random.Compare(&forged, trial.Family, trial.Strategy, n, 0)
	if err != nil || len(found.Broken) != 1 || !strings.Contains(found.Broken[0], "more gates than") {
		t.Errorf("%v, %v; want one row", found, err)
	}
	if _, err := random.Compare(honest, trial.Family, trial.Strategy, n, 10); err != random.ErrLarge {
		t.Errorf("error %v, want one about a large circuit", err)
	}
}
