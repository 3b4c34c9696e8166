package analysis

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/longtest"
)

// instance returns the member of a family that a spec names.
func instance(t testing.TB, text string) (*compile.Instance, lower.Strategy) {
	t.Helper()
	spec, err := compile.ParseSpec(text)
	if err != nil {
		t.Fatal(err)
	}
	i, err := spec.Instance()
	if err != nil {
		t.Fatal(err)
	}
	s, err := spec.Strategy()
	if err != nil {
		t.Fatal(err)
	}
	return i, s
}

func build(t testing.TB, text string) (*circuit.Circuit, *compile.Instance) {
	t.Helper()
	i, s := instance(t, text)
	c, err := lower.Program(i.Program, s)
	if err != nil {
		t.Fatal(err)
	}
	return c, i
}

func TestDepthOfAttentionDoesNotDependOnN(t *testing.T) { depthOfAttention(t, 2, 4, 8, 16) }

func TestLongDepthOfAttentionDoesNotDependOnN(t *testing.T) {
	longtest.Need(t)
	depthOfAttention(t, 32)
}

func depthOfAttention(t *testing.T, ns ...int) {
	t.Helper()
	for _, n := range ns {
		for strategy, want := range map[string]int{"min-depth": 3, "thermometer": 4} {
			c, _ := build(t, fmt.Sprintf("attention:n=%d,d=4,bits=3,strategy=%s", n, strategy))
			if m := Measure(c, gates.Standard()); m.Depth != want || m.Span != want || m.GateClass != gates.TC0 {
				t.Errorf("n=%d, %s: depth %d, span %d, class %s; want depth %d",
					n, strategy, m.Depth, m.Span, m.GateClass, want)
			}
		}
	}
}

func TestDepthOfTwoLayers(t *testing.T) {
	c, _ := build(t, "mlp:n=6,layers=2,bits=3")
	if m := Measure(c, gates.Standard()); m.Depth != 2 {
		t.Errorf("depth %d, want 2", m.Depth)
	}
}

// The one pass of Measure must agree with the counts of package circuit, and the
// ledger and the levels must add up to them.
func TestMeasureAgreesWithStats(t *testing.T) {
	for _, text := range []string{
		"attention:n=4,d=2", "attention:n=3,d=2,strategy=balanced", "attention:n=2,d=2,strategy=min-size",
		"mlp:n=5,layers=3", "mlp:n=4,bits=5,strategy=digits2+binary",
	} {
		c, _ := build(t, text)
		st := c.Stats()
		for _, model := range gates.DepthModels() {
			m := Measure(c, model)
			levels := 0
			for _, n := range m.Levels {
				levels += n
			}
			var size int
			var wires int64
			var weight circuit.Int
			for _, row := range m.Ledger {
				size += row.Size
				wires += row.Wires
				weight = weight.Add(row.Weight)
			}
			got := fmt.Sprint(
				m.Size,
				size,
				levels,
				m.Wires,
				wires,
				m.Weight,
				weight,
				m.MaxWeight,
				m.MaxFanIn,
				m.Inputs,
				m.Outputs,
				m.GateClass,
			)
			want := fmt.Sprint(
				st.Size,
				st.Size,
				st.Size,
				st.Wires,
				st.Wires,
				st.Weight,
				st.Weight,
				st.MaxWeight,
				st.MaxFanIn,
				st.Inputs,
				st.Outputs,
				st.Class,
			)
			if got != want {
				t.Errorf("%s, %s: measured %s, want %s", text, model.Name, got, want)
			}
			if want := c.Levels(model).Depth; m.Depth != want {
				t.Errorf("%s, %s: depth %d, want %d", text, model.Name, m.Depth, want)
			}
			for kind, n := range m.Gates {
				if k, err := gates.ParseKind(kind); err != nil || st.Gates[k] != n {
					t.Errorf("%s: %d gates of kind %s, want %d (%v)", text, n, kind, st.Gates[k], err)
				}
			}
		}
	}
}

func TestLedgerOfAttention(t *testing.T) {
	c, _ := build(t, "attention:n=4,d=2,bits=2")
	var got []string
	for _, r := range Ledger(c, c.Levels(gates.Standard())) {
		got = append(got, fmt.Sprintf("%s %d %d..%d", r.Stage, r.Depth, r.From, r.To))
	}
	// The thresholds of exp absorb the values, in stage mix; those for Σ exp are level
	// with them.
	want := []string{"scores 1 1..1", "exp 1 2..2", "mix 1 2..2", "quotient 1 3..3"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the ledger differs (-want +got):\n%s", diff)
	}
}

// A stage's depth is that of its longest inner path, through nested sums, whatever
// lies below it.
func TestLedgerDepthIsWithinTheStage(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 6)
	b.Begin("outer")
	low := b.And(x[0], x[1])
	b.Begin("inner")
	p := b.Xor(low, x[2])
	q := b.Or(p, x[3])
	b.End()
	s := b.Sum(
		circuit.Term{Weight: circuit.NewInt(2), Of: low.Value()},
		circuit.Term{Weight: circuit.NewInt(3), Of: q.Value()},
		circuit.Term{Weight: circuit.NewInt(1), Of: x[4].Value()},
	)
	top := b.Threshold(
		b.Sum(
			circuit.Term{Weight: circuit.NewInt(1), Of: s},
			circuit.Term{Weight: circuit.NewInt(1), Of: x[5].Value()},
		),
		circuit.NewInt(4),
	)
	b.End()
	b.Output("y", top)
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	m := Measure(c, gates.Standard())
	want := []StageCost{
		{Stage: "outer", Depth: 2, From: 1, To: 4, Counts: proof.Counts{Size: 2, Wires: 6, Weight: circuit.NewInt(9)}},
		{
			Stage:  "outer/inner",
			Depth:  2,
			From:   2,
			To:     3,
			Counts: proof.Counts{Size: 2, Wires: 4, Weight: circuit.NewInt(4)},
		},
	}
	same := cmp.Comparer(func(x, y circuit.Int) bool { return x.Cmp(y) == 0 })
	if diff := cmp.Diff(want, m.Ledger, same); diff != "" {
		t.Errorf("the ledger differs (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{0, 1, 1, 1, 1}, m.Levels); diff != "" {
		t.Errorf("the levels differ (-want +got):\n%s", diff)
	}
}
