package analysis

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/big"
	"regexp"
	"slices"

	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

// The flat circuits of a family, which the formulas are compared with.

// NoneAsked is a reason why a proof has no circuits beside it.
const NoneAsked = "none were asked for"

// NoWeights is another reason, and TooLarge a third.
const (
	NoWeights = "the weights are not there"
	TooLarge  = "the circuits are too large to build"
)

// TooWide is the third reason.
var TooWide = regexp.MustCompile(`^the circuit for n=\d+ may have more wires than the \d+ that were to be built$`)

// cost is a number of a circuit that a formula in n bounds.
type cost struct {
	Quantity
	what    string
	formula poly.Poly
}

func (p prover) costs() []cost {
	return []cost{
		{depth, "depth", p.DepthFormula},
		{Size, "size", p.SizeInN},
		{Wires, "wires", p.WiresInN},
		{Weight, "weight", p.WeightInN},
		{MaxWeight, "weight of a gate", p.MaxWeightInN},
	}
}

// met returns the n of the circuits that have just what the formula says.
func (c *cost) met(checked []ProofCheck) []int {
	ns := []int{}
	for _, k := range checked {
		if v, ok := c.formula.AtN(big.NewInt(int64(k.N))); ok && v.Cmp(c.of(k)) == 0 {
			ns = append(ns, k.N)
		}
	}
	return ns
}

// violated names the count of a circuit that is beyond the formulas, "" if there is none.
func (p prover) violated(k ProofCheck) string {
	for _, c := range p.costs() {
		if v, ok := c.formula.AtN(big.NewInt(int64(k.N))); !ok || v.Cmp(c.of(k)) < 0 {
			return fmt.Sprintf("%s %v, and %v by formula", c.what, c.of(k), v)
		}
	}
	return ""
}

// compare builds flat circuits, and compares each row of the derivation with them. The error says that a member is
// not what the program for every n says. The text says what is wrong with a formula; "" if nothing is.
func (p prover) compare(ctx context.Context, c Claim, open *program.Program) (wrong string, err error) {
	s := formula.SymmetryOf(open)
	ns, fix, err := p.choose(ctx, c, s)
	if err != nil {
		return "", err
	}
	if err := p.members(c, ns, open); err != nil {
		return "", err
	}
	checked, err := shard.Each(ctx, "members", len(ns), func(ctx context.Context, i int) (memberRecord, error) {
		return p.member(ctx, c, ns[i], open)
	})
	if err != nil {
		return "", err
	}
	for i, r := range checked {
		if r == nil { // of another shard
			continue
		}
		p.Checked, p.Published = append(p.Checked, r.Check), r.Published
		if r.Wrong != "" && wrong == "" {
			wrong = fmt.Sprintf("at n=%d: %s", ns[i], r.Wrong)
		}
	}
	if shard.Of(ctx).Partial() {
		return wrong, nil
	}
	costs := p.costs()
	p.DepthMet, p.SizeMet = costs[0].met(p.Checked), costs[1].met(p.Checked)
	if fix > 0 {
		p.Interpolated = interpolated(p.Checked, costs[1:], s, fix)
	}
	return wrong, nil
}

// memberRecord is what a circuit that was built says of the formulas.
type memberRecord struct {
	Check     ProofCheck        `json:"check"`
	Published []proof.Published `json:"published"`
	Wrong     string            `json:"wrong,omitempty"` // what it has against them
}

// member builds the circuit for n and compares it with the formulas.
func (p prover) member(ctx context.Context, c Claim, n int, open *program.Program) (r memberRecord, err error) {
	if c.Progress != nil {
		c.Progress(n)
	}
	a, of, err := c.account(ctx, n, open)
	if err != nil {
		return r, err
	}
	flat := a.Circuit.Prune()
	measured := Measure(flat, gates.Standard())
	r.Check = measured.counts(n)
	r.Check.MaxWeight = measured.Heaviest // which the formula bounds
	r.Published = published(c, flat, n)
	r.Wrong = cmp.Or(p.violated(r.Check), Codes(p.Proof, n, flat), Rows(p.Proof, n, a, of))
	return r, nil
}

// members compares the programs for some small n with the one for every n, apart from those whose circuits are built.
func (p prover) members(c Claim, built []int, open *program.Program) error {
	for _, n := range []int{int(p.From), int(p.From) + 1, int(p.From) + 2, int(p.From) + 5} {
		if slices.Contains(built, n) || c.Fixed || c.Unbuilt || c.MostN > 0 && n > c.MostN {
			continue
		}
		m, err := c.Family.Program(n)
		if err != nil && c.Each == "" && c.MostN == 0 {
			return fmt.Errorf("n=%d: %w", n, err)
		}
		if err != nil {
			continue // there is no circuit for this n, such as an odd one
		}
		if _, err := m.MemberOf(open); err != nil {
			return err
		}
	}
	return nil
}

// Codes says in which output the code of a circuit is not the one that the proof names, or has too many wires; ""
// if in none. A port with constants only has no code.
func Codes(p *proof.Proof, n int, c *circuit.Circuit) string {
	kinds := map[string]circuit.FormatKind{formula.Thermometer: circuit.Thermometer, formula.OneHot: circuit.OneHot}
	ports, at := c.OutputPorts(), 0
	for _, o := range p.Outputs {
		numbers, _ := o.Numbers.AtN(big.NewInt(int64(n)))
		most, ok := o.Wires.AtN(big.NewInt(int64(n)))
		if numbers == nil || !ok || int64(len(ports)-at) < numbers.Int64() {
			return fmt.Sprintf("output %s has not the %v numbers of the proof", o.Name, numbers)
		}
		for _, port := range ports[at : at+int(numbers.Int64())] {
			wires := slices.DeleteFunc(slices.Clone(port.Wires), circuit.Lit.IsConst)
			kind, strict := kinds[o.Code]
			if len(wires) > 0 && strict && port.Format.Kind != kind || big.NewInt(int64(len(wires))).Cmp(most) > 0 {
				return fmt.Sprintf("port %s: %v of %d wires, and %s of %v in the proof",
					port.Name, port.Format.Kind, len(wires), o.Code, most)
			}
			at++
		}
	}
	if at != len(ports) {
		return fmt.Sprintf("%d numbers in the outputs, and %d in the proof", len(ports), at)
	}
	return ""
}

// leastChecks is how many circuits are built if they are not too large.
const leastChecks = 4

// account lowers the member for n, and compares its operations with those of the program for every n.
func (c *Claim) account(ctx context.Context, n int, open *program.Program) (*lower.Account, []int, error) {
	member, err := c.Family.Program(n)
	if err != nil {
		return nil, nil, fmt.Errorf("n=%d: %w", n, err)
	}
	of, err := member.MemberOf(open)
	if err != nil {
		return nil, nil, fmt.Errorf("n=%d: %w", n, err)
	}
	a, err := lower.Accounted(ctx, member, c.Strategy, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("n=%d: %w", n, err)
	}
	return a, of, nil
}

func flatCircuit(ctx context.Context, c Claim, n int) (*circuit.Circuit, error) {
	member, err := c.Family.Program(n)
	var flat *circuit.Circuit
	if err == nil {
		flat, err = lower.ProgramContext(ctx, member, c.Strategy, nil)
	}
	if err != nil {
		return nil, fmt.Errorf("n=%d: %w", n, err)
	}
	return flat, nil
}

// choose returns the n of the circuits to build. It also returns how many of the first ones fix
// polynomials by symmetry; 0 if none do.
func (p prover) choose(ctx context.Context, c Claim, s formula.Symmetry) (ns []int, fix int, err error) {
	degree := max(p.SizeInN.Degree("n"), p.WiresInN.Degree("n"), p.WeightInN.Degree("n"))
	switch {
	case c.N != nil:
		if ns, err = p.given(c); len(ns) == 0 {
			p.Unchecked = NoneAsked
			switch {
			case c.Unbuilt && c.Trained:
				p.Unchecked = NoWeights
			case c.Unbuilt:
				p.Unchecked = TooLarge
			}
		}
		if s.Kind != "" && len(ns) > degree+1 && ns[len(ns)-1]-ns[0] == len(ns)-1 && ns[0] >= s.From {
			fix = degree + 1
		}
		return ns, fix, err
	case c.Fixed:
		return p.affordable(c, 1, 1, 1), 0, nil
	}
	share := 1.0
	if s.Kind != "" {
		// One more than fix it, two to see that it holds, and four at least.
		first, count := max(s.From, int(p.From)), max(degree+3, leastChecks)
		probe := p.affordable(c, share, max(int(p.From), 3), 1)
		if len(probe) > 0 && len(p.affordable(c, share, first, count)) < count {
			// The formula is an upper bound; a small circuit tells how far off it is.
			flat, err := flatCircuit(ctx, c, probe[0])
			if err != nil {
				return nil, 0, err
			}
			share = min(1, 2*float64(flat.Stats().Wires)/p.wiresAt(probe[0]))
		}
		if ns := p.affordable(c, share, first, count); len(ns) == count {
			return ns, degree + 1, nil
		}
	}
	// At the very least of all, a family may be degenerate.
	first := max(int(p.From), 2)
	if c.MostN > 0 {
		first = min(first, c.MostN)
	}
	if ns = p.affordable(c, share, first, leastChecks); len(ns) == 0 {
		p.Unchecked = fmt.Sprintf("the circuit for n=%d may have more wires than the %d that were to be built",
			first, c.wires())
	}
	return ns, 0, nil
}

// given returns the n that the claim names, in order.
func (p prover) given(c Claim) ([]int, error) {
	ns := slices.Compact(slices.Sorted(slices.Values(c.N)))
	if len(ns) > 0 && int64(ns[0]) < p.From {
		return nil, fmt.Errorf("n=%d is below %d, where the formulas begin", ns[0], p.From)
	}
	if len(ns) > 0 && c.MostN > 0 && ns[len(ns)-1] > c.MostN {
		return nil, fmt.Errorf("n=%d is beyond %d: %s", ns[len(ns)-1], c.MostN,
			cmp.Or(c.Members, "there the trained tables end"))
	}
	return ns, nil
}

func (c *Claim) wires() int64 { return cmp.Or(c.Wires, DefaultWires) }

// wiresAt returns the wires at one n, by formula; +∞ where the formula has no value.
func (p prover) wiresAt(n int) float64 {
	w, ok := p.WiresInN.AtN(big.NewInt(int64(n)))
	if !ok {
		return math.Inf(1)
	}
	wires, _ := new(big.Float).SetInt(w).Float64()
	return wires
}

// affordable returns the n from the first on, as many as count, whose circuits together stay within
// the wires that the claim allows, if each has a share of the number that the formula gives.
func (p prover) affordable(c Claim, share float64, first, count int) []int {
	var ns []int
	total := 0.0
	for n := first; n < first+count && (c.MostN == 0 || n <= c.MostN); n++ {
		if total += share * p.wiresAt(n); total > float64(c.wires()) {
			break
		}
		ns = append(ns, n)
	}
	return ns
}

// interpolated returns the polynomials through size, wires and weight of the first circuits. It returns nil if the
// other circuits do not agree, or if a polynomial is above its bound at some n.
func interpolated(checked []ProofCheck, costs []cost, s formula.Symmetry, fix int) *proof.Interpolation {
	if checked[len(checked)-1].Size == 0 { // nothing is seen yet of what the family does
		return nil
	}
	e := &proof.Interpolation{Agree: []int{}, Reason: s.String()}
	for i, k := range checked {
		if i < fix {
			e.FixedBy = append(e.FixedBy, k.N)
		} else {
			e.Agree = append(e.Agree, k.N)
		}
	}
	later := poly.Symbol("n").Plus(poly.Int(int64(checked[0].N)))
	for i, to := range []*poly.Poly{&e.Size, &e.Wires, &e.Weight} {
		var values []*big.Int
		for _, k := range checked[:fix] {
			values = append(values, costs[i].of(k))
		}
		found := cost{Quantity: costs[i].Quantity, formula: poly.Interpolate(int64(checked[0].N), values)}
		slack := costs[i].formula.Minus(found.formula).Substitute(map[string]poly.Poly{"n": later})
		if len(found.met(checked)) < len(checked) || !poly.Max(slack, poly.Poly{}).Equal(slack) {
			return nil
		}
		*to = found.formula
	}
	return e
}
