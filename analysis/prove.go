package analysis

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/analysis/shard"
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

// Claim is the question for [Prove].
type Claim struct {
	Name     string // of the subject, as the proof names it
	Family   Family
	Strategy lower.Strategy
	Kind     string   // of the block, for facts from the literature, such as "attention"; may be ""
	Layers   int      // of a model of several layers, for published bounds per layer
	LeastN   int      // least n that has a member; 0 means 1
	MostN    int      // greatest n that has a member; 0 if there is none
	Each     string   // of the n that have a member, in words, such as "even n"; "" means "n"
	Advice   string   // the part of the family that depends on n and is given; "" if there is none
	Trained  bool     // the weights are trained ones
	Fixed    bool     // there is one network for every n
	Unbuilt  bool     // no member is built: it is too large, or the formulas bound all weights
	Assuming []string // what else the formulas assume, in a line each
	At       []int64  // more n to evaluate the formulas at: 1024 is possible
	Members  string   // of a problem, which is no network: which n have a circuit, and why no others; "" for networks

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

// Prove derives the cost of a family for every n, and compares the formulas with flat circuits.
//
// The circuits are units of work (package shard); a process that does one shard of them returns no verdict.
//
// The verdict is Proved if there is a derivation and every circuit that was built keeps to it. It
// is Refuted, with the circuit, if one does not; that would be a mistake in the derivation. A
// family without a derivation gets an error: [compile.OpenSizeError] if its program depends on n in
// more than its tensors.
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
	p := prover{&Proof{
		Format: proof.Format, Subject: c.Name, Strategy: c.Strategy.String(),
		DepthModel: model.Name, DepthNote: model.Note,
		Fixed: c.Fixed, From: f.From, Symbols: f.Values,
		DepthFormula: f.Depth, SizeFormula: f.Gates, WiresFormula: f.Wires, DepthMet: []int{}, SizeMet: []int{},
		SizeInN: f.InN(f.Gates), WiresInN: f.InN(f.Wires), WeightInN: f.Weight, MaxWeightInN: f.MostWeight,
		Facts: FactsOf(c.Kind), Checked: []ProofCheck{}, Published: []proof.Published{},
	}}
	p.From = max(p.From, int64(c.LeastN))
	if c.MostN > 0 && p.From > int64(c.MostN) {
		return nil, fmt.Errorf("%s: the formulas begin at n=%d, and there is no member beyond n=%d", c.Name, p.From, c.MostN)
	}
	p.Members = p.membersOf(c, f.Outputs)
	for _, o := range f.Operations {
		p.Derivation = append(p.Derivation, stepOfProof(&o))
	}
	p.values(c)
	p.Uniformity = uniformity(f, c)
	wrong, err := p.compare(ctx, c, open)
	if err != nil {
		return nil, err
	}
	if shard.Of(ctx).Partial() { // what some members say is no proof
		return p.Proof, nil
	}
	if err := p.logPrecision(c); err != nil {
		return nil, err
	}
	p.judge(c, f, wrong)
	return p.Proof, p.Seal()
}

// prover is a proof that is being made.
type prover struct{ *Proof }

// stepOfProof is an operation as a line of the derivation.
func stepOfProof(o *formula.Operation) proof.Step {
	return proof.Step{
		ID: o.ID, Args: append([]int{}, o.Args...), Stage: o.Stage, What: o.What, Shape: o.Shape,
		Adds: o.Adds, Depth: o.Depth, Gates: o.Gates, Wires: o.Wires, Weight: o.Weight, MostWeight: o.MostWeight,
		FanIn: o.FanIn, Counting: o.Counting, Copies: o.Copies, Shares: o.Shares, Why: o.Why, Source: sources[o.Op],
	}
}

// values evaluates the formulas at some n that have a member.
func (p prover) values(c Claim) {
	ns := []int64{p.From, 1e3, 1e6, 1e9}
	switch {
	case c.Fixed:
		ns = ns[:1]
	case c.MostN > 0:
		ns = slices.Compact([]int64{p.From, int64(c.MostN)})
	}
	for _, n := range c.At {
		if n > p.From && (c.MostN == 0 || n < int64(c.MostN)) {
			ns = append(ns, n)
		}
	}
	slices.Sort(ns)
	for _, n := range ns {
		if v, ok := p.valueAt(big.NewInt(n)); ok {
			p.Values = append(p.Values, v)
		}
	}
}

// valueAt evaluates the formulas.
func (p prover) valueAt(n *big.Int) (proof.Value, bool) {
	v := proof.Value{N: circuit.BigInt(n)}
	costs := p.costs()
	for i, to := range []*circuit.Int{&v.Depth, &v.Size, &v.Wires, &v.Weight} {
		value, ok := costs[i].formula.AtN(n)
		if !ok {
			return v, false
		}
		*to = circuit.BigInt(value)
	}
	return v, true
}

// logPrecision puts p = c·log₂ n into the formulas, if they are the same for all the numbers
// of bits that the family was given with.
func (p prover) logPrecision(c Claim) error {
	if c.LogBits == 0 {
		return nil
	}
	out := &proof.LogPrecision{C: c.LogBits}
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
			return fmt.Errorf("%s: for %d bits the formulas in p are others than for %d, so that p = c·log₂ n "+
				"cannot be put into them: depth %v and %v, gates %v and %v",
				c.Name, bits, p.Symbols["p"], f.Depth, p.DepthFormula, f.Gates, p.SizeFormula)
		}
		out.SameAt = append(out.SameAt, bits)
		out.Weights = append(out.Weights, proof.WeightAt{Bits: bits, MaxWeight: f.MostWeight})
	}
	values := map[string]poly.Poly{}
	for name, v := range p.Symbols {
		values[name] = poly.Int(v)
	}
	values["p"] = poly.Symbol("L").Times(poly.Int(int64(c.LogBits)))
	values["2^p"] = poly.Product(slices.Repeat([]poly.Poly{poly.Symbol("n")}, c.LogBits)...)
	out.Size, out.Wires = p.SizeFormula.Substitute(values), p.WiresFormula.Substitute(values)
	p.LogPrecision = out
	return nil
}

// judge writes the verdict. The text wrong says what circuits have against the formulas.
func (p prover) judge(c Claim, f *formula.Costs, wrong string) {
	v := &p.Verdict
	*v = consistent(otherDepths)
	v.Verdict = Proved
	bounds := fmt.Sprintf("depth at most %s and at most %s gates", p.DepthFormula.Pretty(), p.SizeInN.Pretty())
	if p.SizeInN.Equal(poly.Int(1)) {
		bounds = strings.TrimSuffix(bounds, "s")
	}
	v.Claim = fmt.Sprintf("for %s the circuit of this family has %s", p.Members, bounds)
	v.Reason = fmt.Sprintf("by construction: an induction over the %d operations of its program", len(p.Derivation))
	if c.Fixed {
		v.Claim = fmt.Sprintf("the circuit of this network has %s", bounds)
		v.Scope = "this one circuit, of one size: a finite circuit is in no class; " +
			"nothing of the function it computes, which other circuits may compute in less depth"
	} else {
		v.Reason += ", in which n is a symbol"
	}
	if c.Members != "" {
		forProblem(v, c.Members)
	} else if c.MostN > 0 {
		v.Assumptions = append(v.Assumptions, fmt.Sprintf("the trained tables end at n = %d; with longer tables "+
			"the formulas hold beyond it, too", c.MostN))
	}
	v.Assumptions = append(v.Assumptions, c.Assuming...)
	for _, k := range p.Checked {
		v.CheckedN = append(v.CheckedN, k.N)
	}
	if wrong != "" {
		v.Verdict, v.Claim, v.Reason = Refuted, "the formulas of the derivation hold", wrong
	}
	v.Class = classOf(p.Proof, c, f)
	v.ClassMeans = classMeans[v.Class]
	p.WeightGrowth, p.NotProved = weightGrowth(p.Proof), notProved(c, p.Uniformity)
}

// membersOf says for which n there is a circuit, and sets the codes of its outputs.
func (p prover) membersOf(c Claim, outputs []formula.Output) string {
	unbounded := false
	p.Outputs = []proof.Output{}
	for _, o := range outputs {
		p.Outputs = append(p.Outputs, proof.Output{Name: o.Name, Code: o.Code, Numbers: o.Numbers, Wires: o.Wires})
		unbounded = unbounded || o.Unbounded
	}
	if c.Fixed {
		return ""
	}
	each := c.Each
	if each == "" {
		each = "n"
	}
	text := fmt.Sprintf("every %s ≥ %d", each, p.From)
	if c.MostN > 0 {
		text = fmt.Sprintf("every %s from %d to %d", each, p.From, c.MostN)
	}
	if unbounded {
		text += " at which the outputs fit 64 bits"
	}
	return text
}

// classOf names the class that the formulas put the family in.
func classOf(p *Proof, c Claim, f *formula.Costs) string {
	unbounded := slices.ContainsFunc(f.Operations, func(o formula.Operation) bool { return o.FanIn.Degree("n") > 0 })
	counts := slices.ContainsFunc(f.Operations, func(o formula.Operation) bool { return o.Counting.Degree("n") > 0 })
	switch {
	case c.Fixed:
		return OneCircuit
	case !f.Constant && p.DepthFormula.Degree("n") == 1:
		return linearDepth
	case !f.Constant:
		return "depth " + powerOfN(p.DepthFormula.Degree("n"))
	case !unbounded:
		// A gate that reads a number of wires that n does not change is a circuit of AND
		// and OR gates with two inputs, of a size that n does not change.
		return "NC0"
	case p.SizeInN.Degree("n") >= poly.Exponential:
		return "none: size not polynomial"
	case !counts: // all gates that read more and more wires are AND and OR gates
		return "AC0"
	}
	return "TC0"
}

// classMeans says in a clause what a class is, as the proof shows it.
var classMeans = map[string]string{
	"NC0": "each output depends on a number of inputs that does not grow with n",
	"AC0": "constant depth and polynomial size; each gate that reads more and more wires is an AND or an OR",
	"TC0": "constant depth and polynomial size; the bound on the fan-in of some threshold gates grows with n",
}

// notProved lists what a proof does not say, with what there is instead.
func notProved(c Claim, u proof.Uniformity) []string {
	every := "that the circuit computes what it should at every n: that is tested, on circuits that were built"
	switch {
	case c.Fixed:
		every = "that the circuit computes what it should on every input: that is tested"
	case c.Unbuilt && c.Trained:
		every = "that a circuit computes what it should: that is tested once it is built, from weights"
	}
	out := []string{every}
	if len(FactsOf(c.Kind)) > 0 {
		out = append(out, "what is known from the literature: that is cited")
	}
	switch {
	case c.Fixed:
	case strings.HasPrefix(u.Notion, unnotioned):
		out = append(out, "that the family is uniform")
	default:
		out = append(out, "that the family is uniform: of that there is evidence")
	}
	return out
}

// weightGrowth says how the weights of a gate grow with n, and what follows for gates without
// weights.
func weightGrowth(p *Proof) string {
	each := p.MaxWeightInN
	if each.Degree("n") >= poly.Exponential {
		return fmt.Sprintf(exponentialWeights, each.Pretty())
	}
	growth := fmt.Sprintf("polynomial: the weights of a gate add up to O(%s)", powerOfN(each.Degree("n")))
	if each.Degree("n") == 0 {
		growth = "the weights of a gate add up to a number that does not depend on n"
	}
	if p.Fixed || p.SizeInN.Degree("n") >= poly.Exponential {
		return growth
	}
	small := ""
	if p.Class == "TC0" {
		small = " (TC0 with small weights)"
	}
	return growth + ". So the same circuit with unweighted gates has the same depth and polynomial size" + small +
		": a weight w is w repeated wires, which come from free buffers (basis MAJ)"
}

func powerOfN(k int) string {
	if k == 1 {
		return "n"
	}
	return fmt.Sprintf("n^%d", k)
}
