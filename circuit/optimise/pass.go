package optimise

import (
	"context"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Pass describes a pass.
type Pass struct {
	Name  string
	Doc   string  // one line
	After []After // the passes that come before it, by default
}

// After is a reason for the order of two passes. Any order is correct; another one
// needs more rounds, or puts a saving down to another pass.
type After struct {
	Pass   string
	Reason string
}

// rule makes the replacement of gate g in the new circuit, and reports whether it is more than a
// copy.
type rule func(g circuit.Gate) (circuit.Lit, bool)

// try returns the rule that replaces a gate by the literal that find finds for it, if that is as
// early. Otherwise the rule copies the gate.
func (r *rewriter) try(find rule) rule {
	return func(g circuit.Gate) (circuit.Lit, bool) {
		if l, ok := find(g); ok {
			if r.fits(g, l) {
				return l, true
			}
			r.refuse(g)
		}
		return r.copy(g), false
	}
}

type pass struct {
	Pass
	start func(r *rewriter) rule // nil: only the gates that no output needs go
	needs [][]gates.Kind         // for circuits that have a kind of each list; gates not in the first are copied
	fades bool                   // it takes long and saves less each time: see faded
}

// passes returns the table of passes, in their order.
func passes() []pass {
	and := []gates.Kind{gates.And, gates.Or, gates.Nand, gates.Nor}
	parity := []gates.Kind{gates.Xor, gates.Xnor}
	bound := []gates.Kind{gates.Threshold, gates.Majority}
	return []pass{
		{Pass{"dead", "leave out gates and sums that no output depends on", nil}, nil, nil, false},
		{Pass{"constants", "fold constants, repeated literals and gates of one input", []After{
			{"dead", "every pass leaves out dead gates, and those that were dead at the start " +
				"are no saving of its own"},
		}}, foldConstants, nil, false},
		{Pass{
			"complements",
			"write NAND, NOR and XNOR as AND, OR and XOR with a complement, where that costs no depth",
			[]After{
				{"constants", "a NAND that is a constant needs no other writing"},
			},
		}, moveComplements, [][]gates.Kind{{gates.Nand, gates.Nor, gates.Xor, gates.Xnor}}, false},
		{Pass{"merge", "make gates and sums once that are equal, up to complement, sign, factor and constant", []After{
			{"constants", "buffers and repeated literals hide equal gates"},
			{"complements", "NAND(x, y) and AND(x, y) share a gate only if a complement may be read"},
		}}, mergeEqual, nil, false},
		{Pass{"rewrite", "put smaller structures in the place of parts of AND and OR of two inputs", []After{
			{"merge", "equal gates need no structure of their own"},
		}}, rewriteCuts, [][]gates.Kind{and}, true},
		{Pass{
			"flatten",
			"put AND into AND, OR into OR and XOR into XOR where nothing else reads the inner gate",
			[]After{
				{"rewrite", "wide gates are where the parts end that it looks at"},
				{
					"merge",
					"equal inner gates become one with two readers, which is cheaper than putting both into theirs",
				},
			},
		}, flattenGates, [][]gates.Kind{append(parity, and...)}, false},
		{Pass{"absorption", "apply the laws of absorption to AND and OR, one level down", []After{
			{"flatten", "a literal and the gate that it absorbs have to be inputs of one gate"},
		}}, absorbLiterals, [][]gates.Kind{and}, false},
		{Pass{"parities", "recognise XOR of two literals made of AND and OR", []After{
			{"absorption", "the XOR of four NANDs is one of two ANDs only then"},
		}}, findParities, [][]gates.Kind{and}, false},
		{Pass{
			"thresholds",
			"make weights and bounds of threshold gates small, and recognise AND, OR and MAJORITY",
			[]After{
				{"constants", "a literal that is a constant is part of the bound"},
				{"merge", "thresholds on equal sums are found while they still share one"},
			},
		}, normaliseThresholds, [][]gates.Kind{bound}, false},
		{Pass{"moduli", "make weights and moduli of MOD gates small, and recognise XOR", []After{
			{"merge", "as for thresholds"},
		}}, reduceModuli, [][]gates.Kind{{gates.Mod}}, false},
		{Pass{"takein", "make a threshold gate decide the AND or OR that alone reads it", []After{
			{"thresholds", "a threshold gate that is an AND or OR is flattened without any weight"},
			{"absorption", "a literal that is left out needs no weight"},
		}}, takeIn, [][]gates.Kind{and, bound}, false},
	}
}

// Passes describes the passes in the order in which they are run.
func Passes() []Pass {
	var list []Pass
	for _, p := range passes() {
		list = append(list, p.Pass)
	}
	return list
}

// run applies p to a circuit once, and leaves out the gates that no output needs. It returns the number of
// changed gates. If that is 0, it returns nil. Last is the number of the last run before which p has found nothing in
// what it left, and now that of this run.
func (p pass) run(
	ctx context.Context, t *tracked, model gates.DepthModel, most gates.Class, now, last uint32,
	progress func(done, all int),
) (*tracked, int, error) {
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	if p.start == nil {
		if t.own { // each run leaves out what is dead
			return nil, 0, nil
		}
		left, gone := t.bury(now)
		return left, gone, nil
	}
	if !p.applies(t) {
		return nil, 0, nil
	}
	most = max(most, t.class)
	if t.near == nil {
		t.spread()
	}
	var nothing []bool
	if t.own && !p.fades { // which does all its work before the first gate
		if t.newest <= last {
			return nil, 0, nil
		}
		r := newLooker(ctx, t, model, now, last)
		r.progress, r.class, r.finds = progress, most, p.finds()
		var any bool
		var err error
		if apply := p.start(r); r.keep != nil || r.seen != nil {
			any, err = r.looks(apply)
		} else {
			nothing, any, err = p.looksAll(r, apply)
		}
		if !any || err != nil {
			t.pool.unmark(nothing)
			return nil, 0, err
		}
	}
	r := newRewriter(ctx, t, model, now, last)
	r.progress, r.class, r.finds, r.nothing = progress, most, p.finds(), nothing
	return r.run(p.start(r))
}

// finds returns the kinds of gate for which the pass may find something.
func (p pass) finds() *[gates.NumKinds]bool {
	var found [gates.NumKinds]bool
	for k := range found {
		found[k] = len(p.needs) == 0 || slices.Contains(p.needs[0], gates.Kind(k))
	}
	return &found
}

// applies reports whether a circuit has the kinds of gate that the pass is for.
func (p pass) applies(t *tracked) bool {
	for _, list := range p.needs {
		if !slices.ContainsFunc(list, func(k gates.Kind) bool { return t.tally.kinds[k] > 0 }) {
			return false
		}
	}
	return true
}
