package equiv

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/internal/scratch"
)

// symmetric shows that both circuits depend on how many of their inputs are 1 only, and then compares
// them for each such number.
//
// A circuit is symmetric if it computes the same after each of a set of swaps of two inputs that join
// all inputs: they generate all permutations. So n − 1 swaps do, of inputs that are read near each
// other, since few gates change then.
func (e *comparison) symmetric(ctx context.Context) error {
	for _, p := range e.a.InputPorts() {
		if p.Format.Kind == circuit.OneHot || p.Format.Kind == circuit.Thermometer {
			e.found.How = fmt.Sprintf("the inputs of port %s are no plain bits, and cannot be swapped", p.Name)
			return nil
		}
	}
	for i, c := range []*circuit.Circuit{e.a, e.b} {
		swaps := neighbours(c)
		for k, swap := range swaps {
			e.progress("swapping two inputs of "+"AB"[i:i+1], k, len(swaps))
			same, err := e.unchanged(ctx, c, swap)
			if err != nil {
				return err
			}
			if !same {
				return nil
			}
		}
	}
	n := e.inputs.Wires
	counts, err := e.simulate(ctx, "numbers of ones", n+1, func(in *eval.Vectors, first int) {
		for w := range n {
			row := in.Row(w)
			clear(row)
			for lane := range in.Lanes() {
				if first+lane > w { // input w is 1 from w + 1 ones on
					row[lane/64] |= 1 << (lane % 64)
				}
			}
		}
	})
	switch {
	case err != nil:
		return err
	case e.found.Difference != nil:
		e.found.Verdict, e.found.How = Refuted, "a number of ones for which they differ"
	default:
		e.found.Verdict = Proved
		e.found.How = fmt.Sprintf("both are symmetric, by %d swaps of inputs with proofs that were checked, and agree on "+
			"one input of each of %d numbers of ones", 2*(n-1), counts)
	}
	return nil
}

// neighbours returns pairs of input wires that join all: each with the next one in the order in
// which the gates read them.
func neighbours(c *circuit.Circuit) [][2]int {
	wire, first := make(map[circuit.Gate]int), make([]int, len(c.Inputs()))
	for i, g := range c.Inputs() {
		wire[g], first[i] = i, c.Len()
	}
	see := func(g, by circuit.Gate) {
		if i, ok := wire[g]; ok {
			first[i] = min(first[i], int(by))
		}
	}
	for g := range circuit.Gate(c.Len()) {
		switch s, sum := c.ReadsSum(g); {
		case c.Kind(g).IsSource():
		case sum:
			for _, r := range c.Refs(s) {
				if !r.IsSum() {
					see(r.Gate(), g)
				}
			}
		default:
			for _, l := range c.Fanin(g) {
				see(l.Gate(), g)
			}
		}
	}
	order := make([]int, len(first))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(first[i], first[j]) })
	var list [][2]int
	for i := 1; i < len(order); i++ {
		list = append(list, [2]int{order[i-1], order[i]})
	}
	return list
}

// unchanged reports whether a circuit computes the same with two inputs swapped, by a proof that is
// checked. If it does not, or if that is not known, it says so in the result.
func (e *comparison) unchanged(ctx context.Context, c *circuit.Circuit, swap [2]int) (bool, error) {
	// The gates that the two inputs do not reach are inputs first: the circuit is smaller then, and
	// nearly always they can be.
	var how string
	for _, cut := range []bool{true, false} {
		miter, err := swapMiter(c, swap, cut)
		if err != nil {
			return false, err
		}
		if miter.Outputs()[0] == circuit.False {
			return true, nil
		}
		same, why, err := e.contradictory(ctx, miter)
		if same || err != nil {
			return same, err
		}
		how = why
	}
	e.found.How = fmt.Sprintf("there is no proof that input wires %d and %d can be swapped: %s", swap[0], swap[1], how)
	return false, nil
}

// contradictory reports whether a miter is 0, by a proof that is checked; otherwise why it is not
// known.
func (e *comparison) contradictory(ctx context.Context, miter *circuit.Circuit) (bool, string, error) {
	dir, remove, err := scratch.Folder("", "tc0-swap-")
	if err != nil {
		return false, "", err
	}
	defer remove()
	sub := &comparison{
		cfg: e.cfg, solvers: e.solvers, found: &Result{Miter: &MiterSize{}},
		differs: func(in []bool) (bool, error) {
			out, err := miter.Eval(in)
			return err == nil && out[0], err
		},
	}
	sub.cfg.Progress = nil
	_, err = sub.tryCertify(ctx, miter, certificateIn(dir), true)
	switch {
	case ctx.Err() != nil:
		return false, "", ctx.Err()
	case sub.found.Verdict == Proved:
		return true, "", nil
	case sub.found.Verdict == Refuted:
		return false, "the circuit changes", nil
	case err != nil:
		return false, err.Error(), nil
	}
	return false, "no solver was asked that can write one", nil
}

// swapMiter returns the circuit that is 1 where c computes something else with two inputs swapped.
// If cut, its inputs are the two and what they do not reach. Then it may be 1 where c is not: what
// it takes as inputs may never have those values.
func swapMiter(c *circuit.Circuit, swap [2]int, cut bool) (*circuit.Circuit, error) {
	b := circuit.NewBuilderSize(2 * c.Len())
	var before, after []circuit.Lit
	if cut && c.SumCount() <= 1 {
		before, after = cutCopies(b, c, swap)
	} else {
		var inputs []circuit.Lit
		for _, port := range c.InputPorts() {
			inputs = append(inputs, b.InputPort(port.Name, port.Format, len(port.Wires))...)
		}
		swapped := slices.Clone(inputs)
		swapped[swap[0]], swapped[swap[1]] = swapped[swap[1]], swapped[swap[0]]
		var errA, errB error
		before, errA = imported(b.Import, c, inputs)
		after, errB = imported(b.Import, c, swapped)
		if err := cmp.Or(errA, errB); err != nil {
			return nil, err
		}
	}
	var differ []circuit.Lit
	for i := range before {
		differ = append(differ, b.Xor(before[i], after[i]))
	}
	b.Output("differ", b.Or(differ...))
	made, err := b.Circuit()
	if err != nil {
		return nil, err
	}
	return made.Prune(), nil
}

// cutCopies makes twice the gates that two inputs reach, and returns the outputs among them. The
// circuit has no sums.
func cutCopies(b *circuit.Builder, c *circuit.Circuit, swap [2]int) (before, after []circuit.Lit) {
	copies := [2]*circuit.Follower{b.Follow(c), b.Follow(c)}
	reached := make([]bool, c.Len())
	set := func(g circuit.Gate, p, q circuit.Lit) { copies[0].Lits[g], copies[1].Lits[g] = p, q }
	x, y := c.Inputs()[swap[0]], c.Inputs()[swap[1]]
	p, q := b.Input("x"), b.Input("y")
	set(x, p, q)
	set(y, q, p)
	reached[x], reached[y] = true, true
	for g := range circuit.Gate(c.Len()) {
		k := c.Kind(g)
		if k.IsSource() || !slices.ContainsFunc(c.Fanin(g), func(l circuit.Lit) bool { return reached[l.Gate()] }) {
			continue
		}
		reached[g] = true
		for _, l := range c.Fanin(g) {
			if g := l.Gate(); g != 0 && !reached[g] && copies[0].Lits[g] == 0 {
				in := b.Input(fmt.Sprintf("g%d", g))
				set(g, in, in)
			}
		}
		for _, f := range copies {
			f.Lits[g] = b.Logic(k, f.Fanin(g)...)
		}
	}
	for _, l := range c.Outputs() {
		if reached[l.Gate()] {
			before, after = append(before, copies[0].Of(l)), append(after, copies[1].Of(l))
		}
	}
	return before, after
}
