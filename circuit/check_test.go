package circuit

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/gates"
)

// Nodes of the circuit that checkCircuit builds.
const (
	andGate  = 5 // x₀ ∧ x₁ ∧ ¬x₂
	majGate  = 6 // of x₀, ¬x₁ and and
	geGate   = 7 // [2·maj + 3·x₃ + 4·and ≥ 5] on sum 2
	modGate  = 8 // sum 2 reduced to sum 3, mod 3
	bigGate  = 9 // [2^100·maj + x₃ ≥ 2] on sum 4
	deepGate = 10
	majSum   = 1
	geSum    = 2
	modSum   = 3
	bigSum   = 4
	deepSum  = 5 // 6·ge + 5·sum 2
)

func checkCircuit(t *testing.T) *Circuit {
	t.Helper()
	b := NewBuilder()
	x := b.Inputs("x", 4)
	b.Begin("part")
	and := b.And(x[0], x[1], x[2].Not())
	maj := b.Majority(x[0], x[1].Not(), and)
	b.End()
	s := b.Sum(Weigh(2, maj), Weigh(3, x[3]), Weigh(4, and))
	ge := b.Threshold(s, NewInt(5))
	mod := b.ModSum(3, []int64{1}, s)
	huge := b.Threshold(b.Sum(Term{Pow2(100), maj.Value()}, Weigh(1, x[3])), NewInt(2))
	b.Begin("end")
	deep := b.Threshold(b.Sum(Weigh(6, ge), Term{NewInt(5), s}), NewInt(9))
	b.End()
	b.Output("ge", ge)
	b.Output("mod", mod, huge.Not())
	b.OutputSum("sum", b.Sum(Weigh(2, deep), Weigh(3, and)))
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCheckFindsCorruption breaks each invariant in turn and asserts that Check
// names the offender.
func TestCheckFindsCorruption(t *testing.T) {
	setArg := func(g Gate, i int, v uint32) func(c *Circuit) {
		return func(c *Circuit) { c.reads(g)[i] = v }
	}
	setWeight := func(s SumID, i int, w int64) func(c *Circuit) {
		return func(c *Circuit) { c.stored(s)[i] = w }
	}
	setRef := func(s SumID, i int, r Ref) func(c *Circuit) {
		return func(c *Circuit) { c.Refs(s)[i] = r }
	}
	for _, test := range []struct {
		name   string
		damage func(c *Circuit)
		want   string
	}{
		{"no gates", func(c *Circuit) { c.kind = nil }, "gate 0: is not the constant"},
		{"gate 0", func(c *Circuit) { c.kind[0] = gates.And }, "gate 0: is not the constant"},
		{
			"missing offset", func(c *Circuit) { c.first = c.first[:len(c.first)-1] },
			"gates: the argument offsets do not fit",
		},
		{
			"missing argument", func(c *Circuit) { c.args.used-- },
			"gates: the argument offsets do not fit",
		},
		{"first offset", func(c *Circuit) { c.first[0] = 1 }, "gates: the argument offsets do not fit"},
		{"decreasing offsets", func(c *Circuit) { c.first[andGate+2] = 0 }, "gates: the argument offsets decrease"},
		{"missing form of a sum", func(c *Circuit) { c.sumForm = c.sumForm[1:] }, "sums: the arrays differ in length"},
		{"missing sum offset", func(c *Circuit) { c.sumFirst = c.sumFirst[1:] }, "sums: the arrays differ in length"},
		{"missing term", func(c *Circuit) { c.termRef.used-- }, "sums: the term offsets do not fit"},
		{"missing weight", func(c *Circuit) { c.weights.used-- }, "form 6: its weights do not follow"},
		{"weights twice", func(c *Circuit) { c.form(geSum).from-- }, "form 2: its weights do not follow"},
		{"form 0", func(c *Circuit) { c.forms[0].flag = 0 }, "form 0: is not that of the empty sum"},
		{"missing forms", func(c *Circuit) { c.forms = nil }, "form 0: is not that of the empty sum"},
		{"no form", func(c *Circuit) { c.sumForm[geSum] = 7 }, "sum 2: has form 7 of 7"},
		{"another form", func(c *Circuit) { c.sumForm[geSum] = c.sumForm[deepSum] }, "sum 2: has 3 terms and 2 weights"},
		{"hash", func(c *Circuit) { c.form(geSum).hash++ }, "form 2: its hash is not that of its weights"},
		{"a term in sum 0", func(c *Circuit) { c.sumFirst[1] = 1 }, "sum 0: is not empty"},
		{"decreasing term offsets", func(c *Circuit) { c.sumFirst[3] = 0 }, "sums: the term offsets decrease"},
		{"modulus 0", func(c *Circuit) { c.mods[0].M = 0 }, "modulus 0: 0 with residues [1] is not in normal form"},
		{"great modulus", func(c *Circuit) { c.mods[0].M = 1 << 17 }, "modulus 0: 131072 with"},
		{
			"unsorted residues", func(c *Circuit) { c.mods[0].Residues = []int64{2, 1} },
			"modulus 0: 3 with residues [2 1]",
		},
		{
			"repeated residues", func(c *Circuit) { c.mods[0].Residues = []int64{1, 1} },
			"modulus 0: 3 with residues [1 1]",
		},
		{"great residue", func(c *Circuit) { c.mods[0].Residues = []int64{3} }, "modulus 0: residue 3 is outside 0..2"},
		{
			"negative residue", func(c *Circuit) { c.mods[0].Residues = []int64{-1, 2} },
			"modulus 0: residue -1 is outside",
		},

		{"weight 0", setWeight(geSum, 1, 0), "sum 2: the weight of g5 is 0"},
		{"another weight", setWeight(geSum, 1, 7), "sum 2: its limits are stored as 0..9 and are 0..12"},
		{"a weight beyond the limit", setWeight(geSum, 1, 1<<61), "sum 2: its limits are stored"},
		{"terms out of order", setRef(geSum, 0, gateRef(andGate)), "sum 2: its terms are not in increasing order"},
		{"a sum of itself", setRef(deepSum, 1, sumRef(deepSum)), "sum 5: reads sum 5, which is not made before it"},
		{"a sum of no gate", setRef(bigSum, 1, gateRef(1000)), "sum 4: reads gate 1000 of 11"},
		{"lower limit", func(c *Circuit) { c.form(majSum).lo = 0 }, "sum 1: its limits are stored as 0..2 and are -1..2"},
		{"upper limit", func(c *Circuit) { c.form(deepSum).hi++ }, "sum 5: its limits are stored as 0..52 and are 0..51"},
		{
			"flat flag", func(c *Circuit) { c.form(deepSum).flag |= sumFlat },
			"sum 5: its flags are stored as 010 and are 000",
		},
		{"no flat flag", func(c *Circuit) { c.form(geSum).flag = 0 }, "sum 2: its flags are stored as 000 and are 010"},
		{"unit flag", func(c *Circuit) { c.form(geSum).flag |= sumUnit }, "sum 2: its flags are stored as 110"},
		{"big flag", func(c *Circuit) { c.form(geSum).flag |= sumBig }, "sum 2: number 9 of 5"},
		{"no big flag", func(c *Circuit) { c.form(bigSum).flag &^= sumBig }, "sum 4:"},
		{"a number that is none", setWeight(bigSum, 0, 99), "sum 4: number 99 of 5 does not exist"},
		{"a negative number", setWeight(bigSum, 0, -1), "sum 4: number -1 of 5 does not exist"},
		{"a limit that is none", func(c *Circuit) { c.form(bigSum).hi = 99 }, "sum 4: number 99 of 5 does not exist"},
		{"another number", func(c *Circuit) { c.bigs[0].SetInt64(3) }, "sum 4: its limits are stored"},

		{"no kind", func(c *Circuit) { c.kind[andGate] = 99 }, "gate 5 (Kind(99)): is of no kind"},
		{"a second constant", func(c *Circuit) { c.kind[andGate] = gates.Const }, "gate 5 (CONST): is of no kind"},
		{"an AND reads itself", setArg(andGate, 2, andGate<<1), "gate 5 (AND): reads gate 5, which is not before it"},
		{
			"an AND reads a later gate", setArg(andGate, 2, geGate<<1|1),
			"gate 5 (AND): reads gate 7, which is not before it",
		},
		{"a NOT of three", func(c *Circuit) { c.kind[andGate] = gates.Not }, "gate 5 (NOT): has fan-in 3, not 1"},
		{
			"an input of three", func(c *Circuit) { c.kind[andGate] = gates.Input },
			"gate 5 (INPUT): has fan-in 3, not 0",
		},
		{
			"an input that is no input", func(c *Circuit) { c.kind[2] = gates.And },
			"gate 2: is listed as an input and is none",
		},
		{"a MOD of three", func(c *Circuit) { c.kind[andGate] = gates.Mod }, "gate 5 (MOD): has 3 arguments, not 2"},
		{
			"a small bound of two words", func(c *Circuit) { c.kind[andGate], c.reads(andGate)[2] = gates.Threshold, 0 },
			"gate 5 (THRESHOLD): has 3 arguments, not 2",
		},
		{"a sum that is none", setArg(geGate, 0, 7), "gate 7 (THRESHOLD): reads sum 7 of 7"},
		{"a later sum", setArg(geGate, 0, deepSum), "gate 7 (THRESHOLD): reads sum 5, which is made after it"},
		{"a modulus that is none", setArg(modGate, 1, 1), "gate 8 (MOD): has modulus 1 of 1"},
		{"a bound that is none", setArg(bigGate, 1, 99), "gate 9 (THRESHOLD): number 99 of 5 does not exist"},
		{"a negative bound number", setArg(bigGate, 1, math.MaxUint32), "gate 9 (THRESHOLD): number -1 of 5"},
		{"a majority's bound", setArg(majGate, 1, 2), "gate 6 (MAJORITY): is not a majority: bound 2 on sum 1"},
		{
			"a majority of weights", func(c *Circuit) { c.kind[geGate] = gates.Majority },
			"gate 7 (MAJORITY): is not a majority: bound 5 on sum 2",
		},
		{
			"a majority of big numbers", func(c *Circuit) { c.kind[bigGate] = gates.Majority },
			"gate 9 (MAJORITY): is not a majority: bound 2 on sum 4",
		},

		{
			"inputs in another order", func(c *Circuit) { c.inputs[0], c.inputs[1] = c.inputs[1], c.inputs[0] },
			"gate 1: is not in its place in the list of inputs",
		},
		{
			"a missing input", func(c *Circuit) { c.inputs = c.inputs[:3] },
			"gate 4: is an input and is not listed as one",
		},
		{
			"one input too many", func(c *Circuit) { c.inputs = append(c.inputs, andGate) },
			"gate 5: is listed as an input and is none",
		},
		{
			"a port's wire", func(c *Circuit) { c.inPorts[2].Wires[0] = 4 },
			"input port x[2]: its wires are not the next inputs",
		},
		{
			"a complemented input wire", func(c *Circuit) { c.inPorts[2].Wires[0] ^= 1 },
			"input port x[2]: its wires are not",
		},
		{"a missing port", func(c *Circuit) { c.inPorts = c.inPorts[:3] }, "input ports: 3 wires for 4 inputs"},
		{"a weighted input", func(c *Circuit) { c.inPorts[1].Format = Format{Kind: Weighted, Weights: []Int{NewInt(1)}} }, "input port x[1]: has a weighted format"},

		{"two ports of a name", func(c *Circuit) { c.outs[1].Name = "ge" }, "port ge: has a name that is taken"},
		{"no format", func(c *Circuit) { c.outs[0].Format.Kind = 9 }, "port ge: FormatKind(9) is no format"},
		{
			"a missing port weight", func(c *Circuit) { c.outs[3].Format.Weights = nil },
			"port sum: 0 weights for 2 wires",
		},
		{"an output of no gate", func(c *Circuit) { c.outs[0].Wires[0] = 22 }, "port ge: reads gate 11 of 11"},

		{"no stages", func(c *Circuit) { c.stages = nil }, "stage 0: is not the root"},
		{"a named root", func(c *Circuit) { c.stages[0].Name = "root" }, "stage 0: is not the root"},
		{"a stage in itself", func(c *Circuit) { c.stages[2].Parent = 2 }, "stage 2: its parent 2 is not before it"},
		{"a run of no stage", func(c *Circuit) { c.runs[0].stage = 3 }, "gate 5: belongs to stage 3 of 3"},
		{"a run of no gate", func(c *Circuit) { c.runs[2].first = 11 }, "gate 11: belongs to stage 2 and is one of 11"},
		{
			"runs out of order", func(c *Circuit) { c.runs[0].first = 9 },
			"gate 7: the runs of stages are not in normal form",
		},
		{
			"two runs of a stage", func(c *Circuit) { c.runs[1].stage = 1 },
			"gate 7: the runs of stages are not in normal form",
		},
		{
			"a run of the root first", func(c *Circuit) { c.runs = append([]stageRun{{1, 0}}, c.runs...) },
			"gate 1: the runs of stages are not in normal form",
		},
	} {
		c := checkCircuit(t)
		test.damage(c)
		err := c.Check()
		var breach *CheckError
		if !errors.As(err, &breach) || !strings.HasPrefix(err.Error(), "circuit: "+test.want) {
			t.Errorf("%s: error %v, want %q", test.name, err, test.want)
		}
	}
}

// TestCheckDerivedSizes asserts that a small sum must be stored small, and a wide
// one big.
func TestCheckDerivedSizes(t *testing.T) {
	c := checkCircuit(t)
	// x₃ + 2^100·maj becomes x₃ + 5·maj, all in numbers that need not be big.
	n := int64(len(c.bigs))
	c.bigs = append(c.bigs, big.NewInt(5), big.NewInt(6))
	c.stored(bigSum)[1], c.form(bigSum).hi = n, n+1
	if err := c.Check(); err == nil ||
		!strings.Contains(err.Error(), "sum 4: its flags are stored as 011 and are 010") {
		t.Errorf("a sum of small numbers that is stored big: %v", err)
	}

	c = checkCircuit(t)
	// 3·x₃ + 4·and + 2·maj becomes a sum that reaches the limit.
	c.stored(geSum)[0] = limit - 6
	c.form(geSum).hi = limit
	if err := c.Check(); err == nil ||
		!strings.Contains(err.Error(), "sum 2: its flags are stored as 010 and are 011") {
		t.Errorf("a sum of big numbers that is stored small: %v", err)
	}
}

// TestCheckFindsTheFirst breaks several of many sums and gates, which are checked on all cores.
func TestCheckFindsTheFirst(t *testing.T) {
	const n = 3*corePart + 5
	b := NewBuilder()
	x := b.Inputs("x", 2)
	for i := range n {
		s := b.Sum(Weigh(2, x[0]), Weigh(int64(2*i+3), x[1]))
		b.Output("y"+strconv.Itoa(i), b.Threshold(s, NewInt(3)))
	}
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	gates := c.Len()
	for _, g := range []int{gates - 1, gates - 2, gates - corePart} {
		c.reads(Gate(g))[0] = n + 100
		want := fmt.Sprintf("circuit: gate %d (THRESHOLD): reads sum %d of %d", g, n+100, c.SumCount())
		if err := c.Check(); err == nil || err.Error() != want {
			t.Errorf("%v; want %s", err, want)
		}
	}
	for _, s := range []int{n - 1, n - corePart, 2, 1} {
		c.form(SumID(s)).lo--
		want := fmt.Sprintf("circuit: sum %d: its limits are stored as -1..%d and are 0..%[2]d", s, 2*s+3)
		if err := c.Check(); err == nil || err.Error() != want {
			t.Errorf("%v; want %s", err, want)
		}
	}
}

// TestBoundArgs stores bounds and reads them back, in two words as far as 32 bits go.
func TestBoundArgs(t *testing.T) {
	for v, words := range map[int64]int{
		0: 2, -1: 2, math.MaxInt32: 2, math.MinInt32: 2, math.MaxInt32 + 1: 3, math.MinInt32 - 1: 3,
		1 << 32: 3, limit: 3, -limit: 3,
	} {
		args := boundArgs(new([3]uint32), 7, v)
		if s, got := boundOf(args); s != 7 || got != v || len(args) != words {
			t.Errorf("bound %d on sum 7 takes %d words, and becomes %d on sum %d", v, len(args), got, s)
		}
	}
}
