package analysis

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

// Family is a family of programs of which one is known for every n. The blocks of package
// compile are, a [compile.Spec] is, and so is a [compile.FamilyFunc].
type Family interface {
	Program(n int) (*program.Program, error)
	OpenProgram() (*program.Program, error)
}

// Claim is what [Prove] is asked for.
type Claim struct {
	Name     string // of the subject, as the proof names it
	Family   Family
	Strategy lower.Strategy
	Kind     string // of the block, for facts from the literature, such as "attention"; may be ""
	Layers   int    // of a model of several layers, for published bounds per layer
	LeastN   int    // least n that has a member; 0 means 1
	MostN    int    // greatest n that has a member; 0 if every n has
	Advice   string // what of the family depends on n and is given; "" means nothing
	Trained  bool   // the weights are trained ones
	Fixed    bool   // there is one network, whatever n is

	// LogBits asks for the formulas for numbers of LogBits·log₂ n bits, and Precisions are the
	// same family with other numbers of bits, by which it is seen that the formulas hold in p.
	LogBits    int
	Precisions map[int]Family

	// N are the n of the flat circuits that the formulas are compared with; nil for a
	// choice of small ones, as far as Wires goes.
	N []int
	// Wires bounds the circuits that are built, all together, unless N is given; 0 means
	// DefaultWires.
	Wires int64
	// Progress, unless it is nil, is called before each circuit.
	Progress func(n int)
}

// DefaultWires is how many wires the circuits that Prove builds have, all together and by
// formula, unless it is told otherwise. They take a few seconds.
const DefaultWires = 30_000_000

// Prove derives what a family costs for every n, and compares the formulas with flat
// circuits.
//
// The verdict is Proved if there is a derivation and every circuit that was built keeps to
// it, and Refuted, with the circuit, if one does not, which would be a mistake in the
// derivation. A family that has no derivation gets an error: [compile.OpenSizeError] if its
// program depends on n in more than its tensors.
func Prove(ctx context.Context, c Claim) (*Proof, error) {
	open, err := c.Family.OpenProgram()
	if err != nil {
		return nil, err
	}
	f, err := formula.Of(open, c.Strategy)
	if err != nil {
		return nil, err
	}
	model := gates.Standard()
	p := &Proof{
		Format: ProofFormat, Subject: c.Name, Strategy: c.Strategy.String(), DepthModel: model.Name, DepthNote: model.Note,
		Fixed: c.Fixed, From: f.From, Symbols: f.Values,
		DepthFormula: f.Depth, DepthRelation: AtMost, SizeFormula: f.Gates, WiresFormula: f.Wires, SizeRelation: AtMost,
		SizeInN: f.InN(f.Gates), WiresInN: f.InN(f.Wires), WeightInN: f.Weight, MaxWeightInN: f.MostWeight,
		Facts: FactsOf(c.Kind), Checked: []ProofCheck{}, Published: []Published{},
	}
	for _, o := range f.Operations {
		p.Derivation = append(p.Derivation, ProofStep{
			ID: o.ID, Args: slices.Concat([]int{}, o.Args), Stage: o.Stage, Operation: o.What, Shape: o.Shape, Adds: o.Adds, Depth: o.Depth,
			Gates: o.Gates, Wires: o.Wires, Weight: o.Weight, MaxWeight: o.MostWeight, Copies: o.Copies, Why: o.Why, Source: sourceOf(o.Op),
		})
	}
	for _, n := range []int64{1, 1e3, 1e6, 1e9} {
		if c.Fixed && n > 1 {
			break
		}
		if v, ok := p.valueAt(big.NewInt(n)); ok {
			p.Values = append(p.Values, v)
		}
	}
	p.Uniformity = uniformity(f, c)
	p.WeightGrowth = weightGrowth(p)
	p.From = max(p.From, int64(c.LeastN))
	if err := p.compare(ctx, c, formula.SymmetryOf(open), general(f)); err != nil {
		return nil, err
	}
	if err := p.logPrecision(c); err != nil {
		return nil, err
	}
	p.judge(c, f)
	return p, p.Seal()
}

// general reports whether all counts are exact in general position.
func general(f *formula.Costs) bool {
	return !slices.ContainsFunc(f.Operations, func(o formula.Operation) bool { return !o.General })
}

// valueAt evaluates the formulas.
func (p *Proof) valueAt(n *big.Int) (ProofValue, bool) {
	v := ProofValue{N: number(n)}
	for _, f := range []struct {
		of poly.Poly
		to *Number
	}{{p.DepthFormula, &v.Depth}, {p.SizeInN, &v.Size}, {p.WiresInN, &v.Wires}, {p.WeightInN, &v.Weight}} {
		value, ok := f.of.AtN(n)
		if !ok {
			return v, false
		}
		*f.to = number(value)
	}
	return v, true
}

// compare builds flat circuits, and sees what of the formulas is exact.
func (p *Proof) compare(ctx context.Context, c Claim, s formula.Symmetry, general bool) error {
	ns, fix, err := p.choose(ctx, c, s)
	if err != nil {
		return err
	}
	var last *circuit.Circuit
	for _, n := range ns {
		if c.Progress != nil {
			c.Progress(n)
		}
		flat, err := flatCircuit(ctx, c, n)
		if err != nil {
			return fmt.Errorf("n=%d: %w", n, err)
		}
		m := Measure(flat, gates.Standard())
		p.Checked = append(p.Checked, ProofCheck{n, m.Depth, m.Size, m.Wires, m.Weight, m.MaxWeight})
		p.Verdict.Class, last = m.Class, flat
	}
	if last != nil {
		p.Published = published(c, last, ns[len(ns)-1])
	}
	depth, size := true, general
	for _, k := range p.Checked {
		d, _ := p.DepthFormula.AtN(big.NewInt(int64(k.N)))
		g, _ := p.SizeInN.AtN(big.NewInt(int64(k.N)))
		depth = depth && d.IsInt64() && d.Int64() == int64(k.Depth)
		size = size && g.IsInt64() && g.Int64() == int64(k.Size)
	}
	least := leastChecks
	if c.Fixed {
		least = 1
	}
	if depth && len(p.Checked) >= least {
		p.DepthRelation = Equal
	}
	if size && len(p.Checked) >= least {
		p.SizeRelation = Equal
	}
	if fix > 0 {
		p.Exact = exactCounts(p.Checked, s, fix)
	}
	return nil
}

// leastChecks is the least number of circuits that make a relation "=".
const leastChecks = 4

func flatCircuit(ctx context.Context, c Claim, n int) (*circuit.Circuit, error) {
	program, err := c.Family.Program(n)
	if err != nil {
		return nil, err
	}
	return lower.ProgramContext(ctx, program, c.Strategy, nil)
}

// choose returns the n of the circuits to build, and how many of them, the first ones, fix
// polynomials by symmetry; 0 if none do.
func (p *Proof) choose(ctx context.Context, c Claim, s formula.Symmetry) (ns []int, fix int, err error) {
	degree := max(p.SizeInN.Degree("n"), p.WiresInN.Degree("n"), p.WeightInN.Degree("n"))
	if c.N != nil {
		ns = slices.Clone(c.N)
		slices.Sort(ns)
		ns = slices.Compact(ns)
		if len(ns) > 0 && int64(ns[0]) < p.From {
			return nil, 0, fmt.Errorf("n=%d is below %d, where the formulas begin", ns[0], p.From)
		}
		if len(ns) > 0 && c.MostN > 0 && ns[len(ns)-1] > c.MostN {
			return nil, 0, fmt.Errorf("n=%d is beyond %d, the greatest that there is", ns[len(ns)-1], c.MostN)
		}
		if s.Kind != "" && len(ns) > degree+1 && run(ns) && ns[0] >= s.From {
			fix = degree + 1
		}
		return ns, fix, nil
	}
	budget := c.Wires
	if budget == 0 {
		budget = DefaultWires
	}
	// The formula is an upper bound; a small circuit tells how far off it is.
	share := 1.0
	enough := func(first, count int) []int {
		var ns []int
		total := 0.0
		for n := first; n < first+count && (c.MostN == 0 || n <= c.MostN); n++ {
			w, ok := p.WiresInN.AtN(big.NewInt(int64(n)))
			if !ok {
				break
			}
			expected, _ := new(big.Float).Mul(new(big.Float).SetInt(w), big.NewFloat(share)).Float64()
			if total += expected; total > float64(budget) {
				break
			}
			ns = append(ns, n)
		}
		return ns
	}
	if c.Fixed {
		return enough(1, 1), 0, nil
	}
	if s.Kind != "" {
		// One more than fix it, two to see that it holds, and four at least.
		first, count := max(s.From, int(p.From)), max(degree+3, leastChecks)
		if probe := enough(max(int(p.From), 3), 1); len(probe) > 0 && len(enough(first, count)) < count {
			flat, err := flatCircuit(ctx, c, probe[0])
			if err != nil {
				return nil, 0, fmt.Errorf("n=%d: %w", probe[0], err)
			}
			bound, _ := p.WiresInN.AtN(big.NewInt(int64(probe[0])))
			of, _ := new(big.Float).SetInt(bound).Float64()
			share = min(1, 2*float64(flat.Stats().Wires)/of)
		}
		if ns := enough(first, count); len(ns) == count {
			return ns, degree + 1, nil
		}
	}
	// At the very least of all, a family may be degenerate.
	first := max(int(p.From), 2)
	if ns = enough(first, leastChecks); len(ns) == 0 {
		p.Unchecked = fmt.Sprintf("the circuit for n=%d may have more wires than the %d that were to be built", first, budget)
		if c.MostN > 0 && first > c.MostN {
			p.Unchecked = fmt.Sprintf("there is no member from n=%d to n=%d", first, c.MostN)
		}
	}
	return ns, 0, nil
}

// run reports whether the numbers follow one another.
func run(ns []int) bool { return ns[len(ns)-1]-ns[0] == len(ns)-1 }

// exactCounts interpolates the counts of the first circuits, and returns them if the others
// agree.
func exactCounts(checked []ProofCheck, s formula.Symmetry, fix int) *ExactCounts {
	e := &ExactCounts{From: checked[0].N, Reason: fmt.Sprintf(
		"%s (%s): so the gates, wires and weights of each kind of pair of positions are alike, their numbers are polynomials of degree %d at most once every kind of pair and every level occurs, and %d circuits fix them; the other circuits that were built agree",
		s.Why, s.Kind, fix-1, fix)}
	for _, count := range []struct {
		of func(k ProofCheck) *big.Int
		to *poly.Poly
	}{
		{func(k ProofCheck) *big.Int { return big.NewInt(int64(k.Size)) }, &e.Size},
		{func(k ProofCheck) *big.Int { return big.NewInt(k.Wires) }, &e.Wires},
		{func(k ProofCheck) *big.Int { return k.Weight.Big() }, &e.Weight},
	} {
		var values []*big.Int
		for _, k := range checked[:fix] {
			values = append(values, count.of(k))
		}
		*count.to = poly.Interpolate(int64(e.From), values)
		for _, k := range checked {
			if v, ok := count.to.AtN(big.NewInt(int64(k.N))); !ok || v.Cmp(count.of(k)) != 0 {
				return nil
			}
		}
	}
	for _, k := range checked[:fix] {
		e.FixedBy = append(e.FixedBy, k.N)
	}
	return e
}

// logPrecision puts p = c·log₂ n into the formulas, if they are the same for all the numbers
// of bits that the family was given with.
func (p *Proof) logPrecision(c Claim) error {
	if c.LogBits == 0 {
		return nil
	}
	out := &LogPrecision{C: c.LogBits}
	for _, bits := range slices.Sorted(maps.Keys(c.Precisions)) {
		open, err := c.Precisions[bits].OpenProgram()
		if err != nil {
			return err
		}
		f, err := formula.Of(open, c.Strategy)
		if err != nil {
			return err
		}
		if !f.Gates.Equal(p.SizeFormula) || !f.Wires.Equal(p.WiresFormula) || !f.Depth.Equal(p.DepthFormula) {
			return fmt.Errorf("%s: for %d bits the formulas in p are others than for %d, so that p = c·log₂ n cannot be put into them: depth %v and %v, gates %v and %v",
				c.Name, bits, p.Symbols["p"], f.Depth, p.DepthFormula, f.Gates, p.SizeFormula)
		}
		out.SameAt = append(out.SameAt, bits)
	}
	values := map[string]poly.Poly{}
	for name, v := range p.Symbols {
		values[name] = poly.Int(v)
	}
	values["p"] = poly.Symbol("L").Times(poly.Int(int64(c.LogBits)))
	power := poly.Int(1)
	for range c.LogBits {
		power = power.Times(poly.Symbol("n"))
	}
	values["2^p"] = power
	out.Size, out.Wires = p.SizeFormula.Substitute(values), p.WiresFormula.Substitute(values)
	p.LogPrecision = out
	return nil
}

// judge writes the verdict.
func (p *Proof) judge(c Claim, f *formula.Costs) {
	depth := "depth at most " + p.DepthFormula.Pretty()
	if p.DepthRelation == Equal && !c.Fixed {
		depth += ", and no less at any n that was built,"
	}
	v := &p.Verdict
	v.Verdict = Proved
	v.Claim = fmt.Sprintf("for every n ≥ %d the circuit of this family has %s and at most %s gates", p.From, depth, p.SizeInN.Pretty())
	v.Reason = fmt.Sprintf("by construction: an induction over the %d operations of its program, in which n is a symbol", len(p.Derivation))
	if c.Fixed {
		v.Claim = fmt.Sprintf("the circuit of this network has %s and at most %s gates", depth, p.SizeInN.Pretty())
		v.Reason = fmt.Sprintf("by construction: an induction over the %d operations of its program", len(p.Derivation))
	}
	v.Scope = "this family of circuits; nothing of the functions they compute, which other circuits may compute in less depth"
	v.Assumptions = append(slices.Clone(commonAssumptions), "the formulas are upper bounds; where they say \"=\" it is for weights in general position, as these are in all circuits that were built: no weight vanishes, no two sums coincide and every level is reached")
	if c.Fixed {
		v.Scope = "this one circuit, of one size: a finite circuit is in no class; nothing of the function it computes, which other circuits may compute in less depth"
	} else if p.DepthRelation == Equal {
		v.Assumptions = append(v.Assumptions, fmt.Sprintf("proved for every n is that the depth is no more than %s; that it is no less was measured, on the circuits that were built", p.DepthFormula.Pretty()))
	}
	if c.MostN > 0 {
		v.Assumptions = append(v.Assumptions, fmt.Sprintf("the trained tables reach n = %d; beyond it they would have to be continued, and the formulas hold for any continuation", c.MostN))
	}
	v.CheckedN = []int{}
	for _, k := range p.Checked {
		v.CheckedN = append(v.CheckedN, k.N)
		if wrong := p.violated(k); wrong != "" {
			v.Verdict, v.Claim, v.Reason = Refuted, "the formulas of the derivation hold", fmt.Sprintf("at n=%d: %s", k.N, wrong)
		}
	}
	v.Class = classOf(p, f)
}

// violated says what of a circuit is beyond the formulas; "" if nothing is.
func (p *Proof) violated(k ProofCheck) string {
	n := big.NewInt(int64(k.N))
	for _, c := range []struct {
		what    string
		formula poly.Poly
		counted circuit.Int
	}{
		{"depth", p.DepthFormula, circuit.I(int64(k.Depth))},
		{"size", p.SizeInN, circuit.I(int64(k.Size))},
		{"wires", p.WiresInN, circuit.I(k.Wires)},
		{"weight", p.WeightInN, k.Weight.Int},
		{"greatest weight", p.MaxWeightInN, k.MaxWeight.Int},
	} {
		v, ok := c.formula.AtN(n)
		if !ok || circuit.BigInt(v).Cmp(c.counted) < 0 {
			return fmt.Sprintf("%s %v, and %v by formula", c.what, c.counted, v)
		}
	}
	return ""
}

// classOf names the class that the formulas put the family in.
func classOf(p *Proof, f *formula.Costs) string {
	switch {
	case !f.Constant && p.DepthFormula.Degree("n") == 1:
		return "depth linear"
	case !f.Constant:
		return fmt.Sprintf("depth n^%d", p.DepthFormula.Degree("n"))
	case !slices.ContainsFunc(f.Operations, func(o formula.Operation) bool { return o.Unbounded }):
		// A gate that reads a number of wires that n does not change is a circuit of AND
		// and OR gates of a size that n does not change.
		return "AC0"
	}
	return "TC0"
}

// SymbolText lists the values of the symbols of a proof, such as "d = 4, p = 3".
func (p *Proof) SymbolText() string {
	used := map[string]bool{}
	for _, f := range []poly.Poly{p.SizeFormula, p.WiresFormula} {
		for _, s := range f.Symbols() {
			used[s] = true
		}
	}
	var parts []string
	for _, s := range slices.Sorted(maps.Keys(p.Symbols)) {
		if used[s] && !strings.HasPrefix(s, "2^") {
			parts = append(parts, fmt.Sprintf("%s = %d", s, p.Symbols[s]))
		} else if used[s] && !used[strings.TrimPrefix(s, "2^")] {
			name := strings.TrimPrefix(s, "2^")
			parts = append(parts, fmt.Sprintf("%s = %d", name, p.Symbols[name]))
		}
	}
	return strings.Join(parts, ", ")
}
