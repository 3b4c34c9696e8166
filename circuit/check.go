package circuit

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/gates"
)

// CheckError is a broken invariant of a circuit.
type CheckError struct {
	Where string // the offending gate, sum, port or stage
	What  string // what is wrong with it
}

func (e *CheckError) Error() string { return "circuit: " + e.Where + ": " + e.What }

// Check verifies every invariant of the representation. It computes again everything that is stored
// for speed, and returns the first breach as a [*CheckError]. The code is plain and not clever. A
// circuit that passes can be evaluated, drawn and written without any further test.
func (c *Circuit) Check() error {
	if err := c.checkArrays(); err != nil {
		return err
	}
	plain := c.plainForms()
	check := func(s int) error {
		if plain[c.sumForm[s]] && c.readsGates(SumID(s)) {
			return nil
		}
		return c.checkSum(SumID(s))
	}
	if err := firstOf(len(c.sumForm), check); err != nil {
		return err
	}
	if err := c.checkForms(plain); err != nil {
		return err
	}
	newest := c.newestGates()
	if err := firstOf(len(c.kind), func(g int) error { return c.checkGate(g, c.kind[g], newest) }); err != nil {
		return err
	}
	for _, check := range []func() error{c.checkInputs, c.checkPorts, c.checkStages} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// firstOf returns the error of the first of n things that has one. The check runs on all cores.
func firstOf(n int, check func(i int) error) error {
	found := make([]error, (n+corePart-1)/corePart)
	onCores(n, func(from, to int) {
		for i := from; i < to && found[from/corePart] == nil; i++ {
			found[from/corePart] = check(i)
		}
	})
	return cmp.Or(found...)
}

func breach(where, format string, args ...any) error {
	return &CheckError{where, fmt.Sprintf(format, args...)}
}

func (c *Circuit) checkArrays() error {
	n, s := len(c.kind), len(c.sumForm)
	switch {
	case n == 0 || c.kind[0] != gates.Const:
		return breach("gate 0", "is not the constant")
	case len(c.first) != n+1:
		return breach("gates", "the argument offsets do not fit the arguments")
	case s == 0 || len(c.sumFirst) != s+1:
		return breach("sums", "the arrays differ in length")
	case len(c.forms) == 0 || c.forms[0] != emptyForm():
		return breach("form 0", "is not that of the empty sum")
	}
	if err := cmp.Or(c.args.breach("gates", "argument", c.first), c.termRef.breach("sums", "term", c.sumFirst)); err != nil {
		return err
	}
	if len(c.Refs(0)) > 0 {
		return breach("sum 0", "is not empty")
	}
	if i := c.misplacedForm(); i >= 0 {
		return breach(fmt.Sprintf("form %d", i), "its weights do not follow those before")
	}
	for s, i := range c.sumForm {
		switch {
		case int(i) >= len(c.forms):
			return breach(fmt.Sprintf("sum %d", s), "has form %d of %d", i, len(c.forms))
		case int(c.forms[i].n) != len(c.Refs(SumID(s))):
			return breach(fmt.Sprintf("sum %d", s), "has %d terms and %d weights", len(c.Refs(SumID(s))), c.forms[i].n)
		}
	}
	for i, m := range c.mods {
		where := fmt.Sprintf("modulus %d", i)
		if m.M < 1 || m.M > maxModulus || !slices.IsSorted(m.Residues) ||
			len(slices.Compact(slices.Clone(m.Residues))) != len(m.Residues) {
			return breach(where, "%d with residues %v is not in normal form", m.M, m.Residues)
		}
		for _, r := range m.Residues {
			if r < 0 || r >= m.M {
				return breach(where, "residue %d is outside 0..%d", r, m.M-1)
			}
		}
	}
	return nil
}

// misplacedForm returns the first form whose weights are not right behind those of the forms before; −1 if there is
// none.
func (c *Circuit) misplacedForm() int {
	first := make([]uint32, 0, len(c.forms)+1)
	for i := range c.forms {
		first = append(first, c.forms[i].from)
	}
	first = append(first, c.weights.end())
	if i := c.weights.misplaced(first); i >= 0 {
		return min(i, len(c.forms)-1)
	}
	for i := range c.forms {
		if len(c.weights.of(first[i], first[i+1])) != int(c.forms[i].n) {
			return min(i+1, len(c.forms)-1)
		}
	}
	return -1
}

// checkForms checks what sums do not say of their forms.
func (c *Circuit) checkForms(plain []bool) error {
	for i, f := range c.forms {
		if plain[i] {
			continue
		}
		where := fmt.Sprintf("form %d", i)
		weights := c.weightsOf(&f)
		for _, v := range weights {
			if f.flag&sumBig != 0 && (v < 0 || v >= int64(len(c.bigs))) {
				return breach(where, "number %d of %d does not exist", v, len(c.bigs))
			}
		}
		if f.hash != c.hashStored(f.flag, weights) {
			return breach(where, "its hash is not that of its weights")
		}
	}
	return nil
}

func (c *Circuit) checkSum(s SumID) error {
	bad := func(format string, args ...any) error { return breach(fmt.Sprintf("sum %d", s), format, args...) }
	refs, of, small := c.Refs(s), c.form(s), true
	if of.flag&sumBig != 0 {
		for _, v := range slices.Concat(c.stored(s), []int64{of.lo, of.hi}) {
			if v < 0 || v >= int64(len(c.bigs)) {
				return bad("number %d of %d does not exist", v, len(c.bigs))
			}
		}
	}
	for i, r := range refs {
		w := c.Weight(s, i)
		switch {
		case i > 0 && refs[i-1] >= r:
			return bad("its terms are not in increasing order")
		case r.IsSum() && r.Sum() >= s:
			return bad("reads sum %d, which is not made before it", r.Sum())
		case !r.IsSum() && int(r.Gate()) >= c.Len():
			return bad("reads gate %d of %d", r.Gate(), c.Len())
		case w.IsZero():
			return bad("the weight of %v is 0", r)
		}
		small = small && w.big == nil
	}
	lo, hi, flag := c.limitsOf(len(refs), func(i int) (Ref, Int) { return refs[i], c.Weight(s, i) })
	if !small || !smallRange(lo, hi) {
		flag |= sumBig
	}
	if gotLo, gotHi := c.Limits(s); gotLo.Cmp(lo) != 0 || gotHi.Cmp(hi) != 0 {
		return bad("its limits are stored as %v..%v and are %v..%v", brief(gotLo), brief(gotHi), brief(lo), brief(hi))
	}
	if of.flag != flag {
		return bad("its flags are stored as %03b and are %03b", of.flag, flag)
	}
	return nil
}

// plainForms marks the forms that are right for sums of gates, with weights far from any overflow, which most are.
func (c *Circuit) plainForms() []bool {
	plain := make([]bool, len(c.forms))
	for i, f := range c.forms {
		weights := c.weightsOf(&f)
		right := gatesForm(weights)
		right.from, right.n = f.from, f.n
		plain[i] = f == right && !slices.ContainsFunc(weights, func(w int64) bool { return w == 0 || !isPlain(w) })
	}
	return plain
}

// readsGates reports whether s reads gates, in order.
func (c *Circuit) readsGates(s SumID) bool {
	next := 0
	for _, r := range c.Refs(s) {
		if int(r) < next || int(r) >= len(c.kind) {
			return false
		}
		next = int(r) + 1
	}
	return true
}

// brief writes a number, or the length of one that would fill a page.
func brief(v Int) string {
	if n := v.BitLen(); n > 256 {
		return fmt.Sprintf("(a number of %d bits)", n)
	}
	return v.String()
}

func (c *Circuit) checkGate(g int, k gates.Kind, newest []uint32) error {
	bad := func(format string, args ...any) error {
		return breach(fmt.Sprintf("gate %d (%v)", g, k), format, args...)
	}
	if !k.Valid() || k == gates.Const && g > 0 {
		return bad("is of no kind that a gate can be")
	}
	args := c.reads(Gate(g))
	if !k.ReadsSum() {
		if want := k.FanIn(); want >= 0 && len(args) != want {
			return bad("has fan-in %d, not %d", len(args), want)
		}
		for _, a := range args {
			if int(a>>1) >= g {
				return bad("reads gate %d, which is not before it", a>>1)
			}
		}
		return nil
	}

	want := 2
	if k != gates.Mod && len(args) > want {
		_, v := boundOf(args)
		want = len(boundArgs(new([3]uint32), 0, v))
	}
	switch {
	case len(args) != want:
		return bad("has %d arguments, not %d", len(args), want)
	case int(args[0]) >= c.SumCount():
		return bad("reads sum %d of %d", args[0], c.SumCount())
	case int(newest[args[0]]) >= g:
		return bad("reads sum %d, which is made after it", args[0])
	case k == gates.Mod && int(args[1]) >= len(c.mods):
		return bad("has modulus %d of %d", args[1], len(c.mods))
	case k == gates.Mod:
		return nil
	}
	s, v := c.bound(Gate(g))
	if c.flag(s)&sumBig != 0 && (v < 0 || v >= int64(len(c.bigs))) {
		return bad("number %d of %d does not exist", v, len(c.bigs))
	}
	if k == gates.Majority && !c.IsMajority(s, c.number(s, v)) {
		return bad("is not a majority: bound %s on sum %d", brief(c.number(s, v)), s)
	}
	return nil
}

func (c *Circuit) checkInputs() error {
	bad := func(g Gate, what string) error { return breach(fmt.Sprintf("gate %d", g), "%s", what) }
	for i, g := range c.inputs {
		switch {
		case int(g) >= c.Len() || c.kind[g] != gates.Input:
			return bad(g, "is listed as an input and is none")
		case i > 0 && c.inputs[i-1] >= g:
			return bad(g, "is not in its place in the list of inputs")
		}
	}
	for g, k := range c.kind {
		if k != gates.Input {
			continue
		}
		if _, listed := slices.BinarySearch(c.inputs, Gate(g)); !listed {
			return bad(Gate(g), "is an input and is not listed as one")
		}
	}
	next := 0
	for _, p := range c.inPorts {
		if p.Format.Kind == Weighted {
			return breach("input port "+p.Name, "has a weighted format, which has no unique code")
		}
		for _, x := range p.Wires {
			if next >= len(c.inputs) || x != c.inputs[next].Lit() {
				return breach("input port "+p.Name, "its wires are not the next inputs")
			}
			next++
		}
	}
	if next != len(c.inputs) {
		return breach("input ports", "%d wires for %d inputs", next, len(c.inputs))
	}
	return nil
}

func (c *Circuit) checkPorts() error {
	for _, ports := range [][]Port{c.inPorts, c.outs} {
		names := map[string]bool{}
		for _, p := range ports {
			bad := func(format string, args ...any) error { return breach("port "+p.Name, format, args...) }
			switch f := p.Format; {
			case names[p.Name]:
				return bad("has a name that is taken")
			case f.Kind >= numFormats:
				return bad("%v is no format", f.Kind)
			case f.Kind == Weighted && len(f.Weights) != len(p.Wires):
				return bad("%d weights for %d wires", len(f.Weights), len(p.Wires))
			}
			names[p.Name] = true
			for _, x := range p.Wires {
				if int(x.Gate()) >= c.Len() {
					return bad("reads gate %d of %d", x.Gate(), c.Len())
				}
			}
		}
	}
	return nil
}

func (c *Circuit) checkStages() error {
	if len(c.stages) == 0 || c.stages[0] != (Stage{}) {
		return breach("stage 0", "is not the root")
	}
	for i, s := range c.stages[1:] {
		if int(s.Parent) > i {
			return breach(fmt.Sprintf("stage %d", i+1), "its parent %d is not before it", s.Parent)
		}
	}
	last := stageRun{}
	for i, r := range c.runs {
		where := fmt.Sprintf("gate %d", r.first)
		switch {
		case int(r.first) >= c.Len():
			return breach(where, "belongs to stage %d and is one of %d", r.stage, c.Len())
		case int(r.stage) >= len(c.stages):
			return breach(where, "belongs to stage %d of %d", r.stage, len(c.stages))
		case r.stage == last.stage || i > 0 && r.first <= last.first:
			return breach(where, "the runs of stages are not in normal form")
		}
		last = r
	}
	return nil
}
