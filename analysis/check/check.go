package check

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/gates"
)

// Error says what is wrong with a proof.
type Error struct {
	Where string // the field, such as "derivation[3].depth"
	What  string
}

func (e *Error) Error() string { return "check: " + e.Where + ": " + e.What }

func errorf(where, format string, args ...any) error {
	return &Error{where, fmt.Sprintf(format, args...)}
}

// Member builds the flat circuit of a family for one n.
type Member = func(ctx context.Context, n int) (*circuit.Circuit, error)

// Proof checks p: its seal and its arithmetic, the circuits that it says were built, which
// are built again, and the circuits for the other n that are given. The member builds with the
// strategy of the proof. The first thing that is wrong is returned as an [*Error].
func Proof(ctx context.Context, p *proof.Proof, member Member, ns ...int) error {
	if p.Format != proof.Format {
		return errorf("format", "%q, want %q", p.Format, proof.Format)
	}
	if !p.Sealed() {
		return errorf("digest", "the contents are not those that were sealed")
	}
	if err := arithmetic(p); err != nil {
		return err
	}
	stated := map[int]proof.Check{}
	var checked []int
	for _, k := range p.Checked {
		stated[k.N] = k
		checked = append(checked, k.N)
	}
	if !slices.Equal(checked, append([]int{}, p.CheckedN...)) {
		return errorf("checked_n", "%v, but checked has %v", p.CheckedN, checked)
	}
	all := slices.Concat(checked, ns)
	if len(checked) > 0 && int64(checked[0]) > p.From && p.From > 0 && !p.Fixed {
		all = append(all, int(p.From)) // the least that the formulas are about
	}
	slices.Sort(all)
	for _, n := range slices.Compact(all) {
		if int64(n) < p.From {
			return errorf("from", "n=%d is below %d, where the formulas begin", n, p.From)
		}
		c, err := member(ctx, n)
		if err != nil {
			return fmt.Errorf("check: n=%d: %w", n, err)
		}
		counted := count(c, n)
		if k, ok := stated[n]; ok && text(k) != text(counted) {
			return errorf("checked", "at n=%d the proof says %s, and the circuit has %s", n, text(k), text(counted))
		}
		if err := against(p, counted); err != nil {
			return err
		}
	}
	return relations(p)
}

// sum is a formula of a proof, and the polynomial that it has to be.
type sum struct {
	where      string
	have, want poly.Poly
}

// arithmetic does the sums of the derivation again.
func arithmetic(p *proof.Proof) error {
	var size, wires, weight, most poly.Poly
	constants := map[string]poly.Poly{}
	for _, name := range slices.Sorted(maps.Keys(p.Symbols)) {
		v := p.Symbols[name]
		constants[name] = poly.Int(v)
		base, ok := strings.CutPrefix(name, "2^")
		if bits := p.Symbols[base]; ok && (bits < 0 || bits > 61 || v != 1<<bits) {
			return errorf("symbols", "%s = %d, but %s = %d", name, v, base, bits)
		}
	}
	level, each := map[int]proof.Step{}, 0
	for _, s := range p.Derivation {
		if !once(s) {
			each++
		}
		level[s.ID] = s
	}
	for i, s := range p.Derivation {
		where := fmt.Sprintf("derivation[%d]", i)
		size = size.Plus(s.Gates.Times(s.Copies))
		wires = wires.Plus(s.Wires.Times(s.Copies))
		weight = weight.Plus(s.Weight.Times(s.Copies))
		most = most.Plus(s.MostWeight)
		if err := copies(p, where, s); err != nil {
			return err
		}
		if err := levels(where, s, level, each); err != nil {
			return err
		}
	}
	sums := []sum{
		{"size_formula", p.SizeFormula, size},
		{"wires_formula", p.WiresFormula, wires},
		{"size_in_n", p.SizeInN, size.Substitute(constants)},
		{"wires_in_n", p.WiresInN, wires.Substitute(constants)},
		{"weight_in_n", p.WeightInN, weight},
		{"max_weight_in_n", p.MaxWeightInN, most},
	}
	if l := p.LogPrecision; l != nil {
		constants["p"], constants["2^p"] = poly.Symbol("L").Times(poly.Int(int64(l.C))), poly.Int(1)
		for range min(l.C, 64) {
			constants["2^p"] = constants["2^p"].Times(poly.Symbol("n"))
		}
		sums = append(sums, sum{"log_precision.size", l.Size, size.Substitute(constants)},
			sum{"log_precision.wires", l.Wires, wires.Substitute(constants)})
	}
	for i, v := range p.Values {
		at := map[string]poly.Poly{"n": poly.Big(v.N.Big())}
		for _, f := range []struct {
			name string
			of   poly.Poly
			have circuit.Int
		}{
			{"depth", p.DepthFormula, v.Depth},
			{"size", p.SizeInN, v.Size},
			{"wires", p.WiresInN, v.Wires},
			{"weight", p.WeightInN, v.Weight},
		} {
			where := fmt.Sprintf("values[%d].%s", i, f.name)
			sums = append(sums, sum{where, poly.Big(f.have.Big()), f.of.Substitute(at)})
		}
	}
	for _, sum := range sums {
		if !sum.have.Equal(sum.want) {
			return errorf(sum.where, "%v, and the derivation adds up to %v", sum.have, sum.want)
		}
	}
	if !slices.ContainsFunc(p.Derivation, func(s proof.Step) bool { return s.Depth.Equal(p.DepthFormula) }) {
		return errorf("depth_formula", "%v, which is the depth of no operation", p.DepthFormula)
	}
	return nil
}

// once reports whether an operation stands in the program once.
func once(s proof.Step) bool { return s.Copies.Equal(poly.Int(1)) }

// copies checks how often an operation stands in the program: once, or, if the depth depends on n,
// in each copy except the first.
func copies(p *proof.Proof, where string, s proof.Step) error {
	again := poly.Symbol("n").Minus(poly.Int(1))
	if !once(s) && (p.DepthFormula.Degree("n") == 0 || !s.Copies.Equal(again)) {
		return errorf(where+".copies", "%v", s.Copies)
	}
	return nil
}

// levels checks the level of one operation: the level of its deepest operand plus the levels that
// it adds. An operand without a line of its own belongs to the copy before, which has a number of
// operations.
func levels(where string, s proof.Step, level map[int]proof.Step, each int) error {
	before := poly.Poly{}
	for _, a := range s.Args {
		arg, ok := level[a]
		depth := arg.Depth
		if ok && a >= s.ID {
			return errorf(where+".args", "operand %d comes later", a)
		}
		if !ok {
			if once(s) || each == 0 {
				return errorf(where+".args", "operand %d has no line before", a)
			}
			// Its level is that of this copy's own, for one copy less.
			later, known := level[a+each]
			if !known {
				return errorf(where+".args", "operand %d has no line", a)
			}
			depth = later.Depth.Substitute(map[string]poly.Poly{"n": poly.Symbol("n").Minus(poly.Int(1))})
		}
		before = deeper(before, depth)
	}
	// A value that selects from a deeper one may be shallower. Then it does not add levels.
	if want := before.Plus(s.Adds); !s.Depth.Equal(want) && !(s.Adds.IsZero() && deeper(want, s.Depth).Equal(want)) {
		return errorf(where+".depth", "%v, and its operands and what it adds make %v", s.Depth, want)
	}
	return nil
}

// deeper returns the greater of two depths, for large n.
func deeper(a, b poly.Poly) poly.Poly {
	x, _ := a.AtN(big.NewInt(1 << 40))
	y, _ := b.AtN(big.NewInt(1 << 40))
	if x != nil && y != nil && x.Cmp(y) >= 0 {
		return a
	}
	return b
}

// count counts a circuit by itself: levels gate by gate, wires from the flattened sums.
func count(c *circuit.Circuit, n int) proof.Check {
	k := proof.Check{N: n}
	shapes := c.Shapes()
	level, sumLevel := make([]int, c.Len()), make([]int, 0, c.SumCount())
	for g := range circuit.Gate(c.Len()) {
		kind := c.Kind(g)
		if kind.IsSource() {
			continue
		}
		shape := shapes.Of(g)
		k.Size++
		k.Wires += int64(shape.FanIn)
		k.Weight = k.Weight.Add(shape.Weight)
		k.MaxWeight = k.MaxWeight.Max(shape.MaxWeight)
		for _, l := range c.Fanin(g) {
			level[g] = max(level[g], level[l.Gate()])
		}
		if s, ok := c.ReadsSum(g); ok {
			for len(sumLevel) <= int(s) { // a sum reads sums and gates made before
				deepest := 0
				for _, r := range c.Refs(circuit.SumID(len(sumLevel))) {
					if r.IsSum() {
						deepest = max(deepest, sumLevel[r.Sum()])
					} else {
						deepest = max(deepest, level[r.Gate()])
					}
				}
				sumLevel = append(sumLevel, deepest)
			}
			level[g] = sumLevel[s]
		}
		if kind != gates.Not && kind != gates.Buf {
			level[g]++
		}
	}
	for _, l := range c.Outputs() {
		k.Depth = max(k.Depth, level[l.Gate()])
	}
	return k
}

func text(k proof.Check) string {
	return fmt.Sprintf("depth %d, %d gates, %d wires, weight %v, greatest weight %v",
		k.Depth, k.Size, k.Wires, k.Weight, k.MaxWeight)
}

// against compares a circuit with the formulas.
func against(p *proof.Proof, k proof.Check) error {
	type bound struct {
		name    string
		of      poly.Poly
		counted *big.Int
	}
	depth, size := big.NewInt(int64(k.Depth)), big.NewInt(int64(k.Size))
	wires, weight := big.NewInt(k.Wires), k.Weight.Big()
	bounds := []bound{
		{"depth_formula", p.DepthFormula, depth},
		{"size_formula", p.SizeInN, size},
		{"wires_formula", p.WiresInN, wires},
		{"weight_in_n", p.WeightInN, weight},
		{"max_weight_in_n", p.MaxWeightInN, k.MaxWeight.Big()},
	}
	for _, f := range bounds {
		v, ok := f.of.AtN(big.NewInt(int64(k.N)))
		if !ok {
			return errorf(f.name, "%v has no whole value at n=%d", f.of, k.N)
		}
		if v.Cmp(f.counted) < 0 {
			return errorf(f.name, "the formula %v is %v at n=%d, and the circuit has %v", f.of, v, k.N, f.counted)
		}
	}
	return nil
}

// relations checks the verdict.
func relations(p *proof.Proof) error {
	if p.Verdict.Verdict != proof.Proved && p.Verdict.Verdict != proof.Refuted {
		return errorf("verdict", "%q", p.Verdict.Verdict)
	}
	return nil
}
