package analysis

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Restriction describes the rest of a circuit when random inputs are fixed to random bits, as a
// mean over trials. Circuits of AND and OR gates of small depth collapse (Håstad 1986). Parity
// stays the parity of the free inputs.
type Restriction struct {
	Free     float64 `json:"free"` // ρ: each input wire stays free with this probability
	Trials   int     `json:"trials"`
	Inputs   float64 `json:"inputs"`   // that stay free
	Live     float64 `json:"live"`     // free inputs that some output still depends on by its wires
	Size     float64 `json:"size"`     // gates that are left
	Share    float64 `json:"share"`    // of the gates there were
	Depth    float64 `json:"depth"`    // what is left of it
	Constant float64 `json:"constant"` // share of output wires that are decided
}

// Restrict fixes inputs at random and folds away what they decide, for each fraction, in a number
// of trials. Each trial has a seed of its own, so that shards may do them (package shard).
func Restrict(
	ctx context.Context, c *circuit.Circuit, fractions []float64, trials int, seed uint64, model gates.DepthModel,
	progress func(done, all int),
) ([]Restriction, error) {
	if trials < 1 {
		return nil, fmt.Errorf("analysis: %d trials; at least 1 is needed", trials)
	}
	for _, free := range fractions {
		if !(free >= 0 && free <= 1) {
			return nil, fmt.Errorf("analysis: a fraction of %v inputs; it must be in 0..1", free)
		}
	}
	found, err := shard.Each(ctx, "trials", len(fractions)*trials, func(_ context.Context, unit int) (trial, error) {
		if progress != nil {
			progress(unit, len(fractions)*trials)
		}
		return restrict(c, fractions[unit/trials], rand.New(rand.NewPCG(seed, uint64(unit)<<8|13)), model)
	})
	if err != nil {
		return nil, err
	}
	var all []Restriction
	for f, free := range fractions {
		r, sum := Restriction{Free: free, Trials: trials}, trial{}
		for _, t := range found[f*trials : (f+1)*trials] {
			if t == nil { // of another shard
				continue
			}
			sum.Inputs += t.Inputs
			sum.Size += t.Size
			sum.Depth += t.Depth
			sum.Live += t.Live
			sum.Constant += t.Constant
		}
		mean := func(sum int) float64 { return float64(sum) / float64(trials) }
		r.Inputs, r.Size, r.Depth, r.Live = mean(sum.Inputs), mean(sum.Size), mean(sum.Depth), mean(sum.Live)
		r.Constant = mean(sum.Constant) / float64(max(c.OutputCount(), 1))
		if c.Size() > 0 {
			r.Share = r.Size / float64(c.Size())
		}
		all = append(all, r)
	}
	return all, nil
}

// trial is what one restriction leaves.
type trial struct {
	Inputs   int `json:"inputs"` // that stay free
	Live     int `json:"live"`
	Size     int `json:"size"`
	Depth    int `json:"depth"`
	Constant int `json:"constant"` // output wires that are decided
}

// restrict does one trial.
func restrict(c *circuit.Circuit, free float64, rng *rand.Rand, model gates.DepthModel) (t trial, err error) {
	value := make([]circuit.Lit, len(c.Inputs()))
	for i := range value {
		switch {
		case rng.Float64() < free:
			value[i] = freeInput
			t.Inputs++
		case rng.IntN(2) == 0:
			value[i] = circuit.False
		default:
			value[i] = circuit.True
		}
	}
	left, err := c.Restrict(value)
	if err != nil {
		return t, err
	}
	t.Size, t.Depth, t.Live = left.Size(), left.Levels(model).Depth, liveInputs(left)
	for _, l := range left.Outputs() {
		if l == circuit.False || l == circuit.True {
			t.Constant++
		}
	}
	return t, nil
}

// freeInput is neither of the constants.
const freeInput = circuit.True + 1

// liveInputs counts the inputs that some output depends on.
func liveInputs(c *circuit.Circuit) int {
	read := make([]bool, c.Len())
	for _, l := range c.Outputs() {
		read[l.Gate()] = true
	}
	// c is pruned, so that every gate that is left is needed.
	for s := range circuit.SumID(c.SumCount()) {
		for _, r := range c.Refs(s) {
			if !r.IsSum() {
				read[r.Gate()] = true
			}
		}
	}
	for g := range circuit.Gate(c.Len()) {
		for _, l := range c.Fanin(g) {
			read[l.Gate()] = true
		}
	}
	live := 0
	for _, g := range c.Inputs() {
		if read[g] {
			live++
		}
	}
	return live
}

// SwitchingWidth returns a w such that every output is an OR of ANDs, or an AND of ORs, of at most
// w literals each: the hypothesis of the switching lemma. It is not ok where some output is neither, as it
// is built. A single AND or OR of literals has width 1.
func SwitchingWidth(c *circuit.Circuit) (w int, ok bool) {
	for _, l := range c.Outputs() {
		width, ok := normalWidth(c, l)
		if !ok {
			return 0, false
		}
		w = max(w, width)
	}
	return w, true
}

// normalWidth is that of one output.
func normalWidth(c *circuit.Circuit, l circuit.Lit) (int, bool) {
	l = behindNot(c, l)
	if l.IsConst() {
		return 0, true
	}
	top, parts, ok := junction(c, l)
	if !ok {
		return 1, c.Kind(l.Gate()) == gates.Input
	}
	width := 1
	for _, part := range parts {
		part = behindNot(c, part)
		inner, lits, ok := junction(c, part)
		switch {
		case !ok && c.Kind(part.Gate()).IsSource():
			continue
		case !ok || inner == top:
			return 0, false
		}
		for _, lit := range lits {
			if !c.Kind(behindNot(c, lit).Gate()).IsSource() {
				return 0, false
			}
		}
		width = max(width, len(lits))
	}
	return width, true
}

// behindNot follows NOT and BUF gates.
func behindNot(c *circuit.Circuit, l circuit.Lit) circuit.Lit {
	for {
		kind, flip := c.Kind(l.Gate()).Plain()
		if kind != gates.Buf {
			return l
		}
		l = c.Fanin(l.Gate())[0].NotIf(l.IsComplement() != flip)
	}
}

// junction returns what a literal of an AND, OR, NAND or NOR gate is, by De Morgan's laws: the AND or
// the OR of some literals.
func junction(c *circuit.Circuit, l circuit.Lit) (kind gates.Kind, lits []circuit.Lit, ok bool) {
	kind, flip := c.Kind(l.Gate()).Plain()
	if kind != gates.And && kind != gates.Or {
		return kind, nil, false
	}
	negated := l.IsComplement() != flip
	for _, x := range c.Fanin(l.Gate()) {
		lits = append(lits, x.NotIf(negated))
	}
	if negated {
		kind = gates.And + gates.Or - kind
	}
	return kind, lits, true
}

// Switching returns the switching lemma's bound for one level of a decision tree: of a function of such a
// width, a random restriction that leaves each input free with probability ρ decides the output with
// probability at least 1 − 5·ρ·w. It says nothing where that is below 0.
//
// Source: Håstad 1986, with the constant of O'Donnell, Analysis of Boolean Functions (2014), section 4.4.
func Switching(free float64, width int) float64 { return max(0, 1-5*free*float64(width)) }
