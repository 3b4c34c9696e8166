package circuit

import (
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

// Check verifies every invariant of the representation, re-deriving all that is
// stored for speed, and returns the first breach as a [*CheckError]. It is plain
// rather than clever: a circuit that passes can be evaluated, drawn and written
// without any further test.
func (c *Circuit) Check() error {
	for _, check := range []func() error{c.checkArrays, c.checkSums, c.checkGates, c.checkInputs, c.checkPorts, c.checkStages} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func breach(where, format string, args ...any) error {
	return &CheckError{where, fmt.Sprintf(format, args...)}
}

func (c *Circuit) checkArrays() error {
	n, s := len(c.kind), len(c.sumFlag)
	switch {
	case n == 0 || c.kind[0] != gates.Const:
		return breach("gate 0", "is not the constant")
	case len(c.first) != n+1 || c.first[0] != 0 || int(c.first[n]) != len(c.args):
		return breach("gates", "the argument offsets do not fit the arguments")
	case s == 0 || len(c.sumFirst) != s+1 || len(c.sumLo) != s || len(c.sumHi) != s:
		return breach("sums", "the arrays differ in length")
	case c.sumFirst[0] != 0 || int(c.sumFirst[s]) != len(c.termRef) || len(c.termRef) != len(c.termWeight):
		return breach("sums", "the term offsets do not fit the terms")
	case c.sumFirst[1] != 0:
		return breach("sum 0", "is not empty")
	case !slices.IsSorted(c.first):
		return breach("gates", "the argument offsets decrease")
	case !slices.IsSorted(c.sumFirst):
		return breach("sums", "the term offsets decrease")
	}
	for i, m := range c.mods {
		if m.M < 1 || m.M > 1<<16 || !slices.IsSorted(m.Residues) || len(slices.Compact(slices.Clone(m.Residues))) != len(m.Residues) {
			return breach(fmt.Sprintf("modulus %d", i), "%d with residues %v is not in normal form", m.M, m.Residues)
		}
		for _, r := range m.Residues {
			if r < 0 || r >= m.M {
				return breach(fmt.Sprintf("modulus %d", i), "residue %d is outside 0..%d", r, m.M-1)
			}
		}
	}
	return nil
}

func (c *Circuit) checkSums() error {
	for s := range c.sumFlag {
		if err := c.checkSum(SumID(s)); err != nil {
			return err
		}
	}
	return nil
}

func (c *Circuit) checkSum(s SumID) error {
	where := fmt.Sprintf("sum %d", s)
	at, end := c.sumFirst[s], c.sumFirst[s+1]
	stored := []int64{c.sumLo[s], c.sumHi[s]}
	if c.sumFlag[s]&sumBig != 0 {
		for _, v := range append(stored, c.termWeight[at:end]...) {
			if v < 0 || v >= int64(len(c.bigs)) {
				return breach(where, "number %d of %d does not exist", v, len(c.bigs))
			}
		}
	}
	for i, r := range c.termRef[at:end] {
		switch {
		case i > 0 && c.termRef[int(at)+i-1] >= r:
			return breach(where, "its terms are not in increasing order")
		case r.IsSum() && r.Sum() >= s:
			return breach(where, "reads sum %d, which is not made before it", r.Sum())
		case !r.IsSum() && int(r.Gate()) >= c.Len():
			return breach(where, "reads gate %d of %d", r.Gate(), c.Len())
		case c.Weight(s, i).IsZero():
			return breach(where, "the weight of %v is 0", r)
		}
	}
	lo, hi, flag := c.limitsOf(int(end-at), func(i int) (Ref, Int) { return c.termRef[int(at)+i], c.Weight(s, i) })
	if gotLo, gotHi := c.Limits(s); gotLo.Cmp(lo) != 0 || gotHi.Cmp(hi) != 0 {
		return breach(where, "its limits are stored as %v..%v and are %v..%v", gotLo, gotHi, lo, hi)
	}
	if c.sumFlag[s]&^sumBig != flag {
		return breach(where, "its flags are stored as %b and are %b", c.sumFlag[s]&^sumBig, flag)
	}
	outside := lo.Cmp(I(-limit)) <= 0 || hi.Cmp(I(limit)) >= 0
	if outside && c.sumFlag[s]&sumBig == 0 {
		return breach(where, "its range %v..%v is too wide for small numbers", lo, hi)
	}
	return nil
}

func (c *Circuit) checkGates() error {
	newest := c.newestGates()
	for g, k := range c.kind {
		where := fmt.Sprintf("gate %d", g)
		if !k.Valid() || k == gates.Const && g > 0 {
			return breach(where, "%v is no kind of gate", k)
		}
		args := c.args[c.first[g]:c.first[g+1]]
		where = fmt.Sprintf("gate %d (%v)", g, k)
		switch {
		case k == gates.Mod && len(args) != 2, k.ReadsSum() && k != gates.Mod && len(args) != 3:
			return breach(where, "has %d arguments", len(args))
		case !k.ReadsSum() && k.FanIn() >= 0 && len(args) != k.FanIn():
			return breach(where, "has fan-in %d, not %d", len(args), k.FanIn())
		case !k.ReadsSum():
			for _, a := range args {
				if int(a>>1) >= g {
					return breach(where, "reads gate %d, which is not before it", a>>1)
				}
			}
			continue
		case int(args[0]) >= c.SumCount():
			return breach(where, "reads sum %d of %d", args[0], c.SumCount())
		case int(newest[args[0]]) >= g:
			return breach(where, "reads sum %d, which is made after it", args[0])
		case k == gates.Mod && int(args[1]) >= len(c.mods):
			return breach(where, "has modulus %d of %d", args[1], len(c.mods))
		}
		if k != gates.Mod {
			if err := c.checkBound(Gate(g), where); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Circuit) checkBound(g Gate, where string) error {
	args := c.args[c.first[g]:]
	s, v := SumID(args[0]), int64(uint64(args[1])|uint64(args[2])<<32)
	if c.sumFlag[s]&sumBig != 0 && (v < 0 || v >= int64(len(c.bigs))) {
		return breach(where, "number %d of %d does not exist", v, len(c.bigs))
	}
	if c.kind[g] != gates.Majority {
		return nil
	}
	lo, _ := c.Limits(s)
	_, t := c.Bound(g)
	if want := I(int64(len(c.Refs(s))/2 + 1)).Add(lo); c.sumFlag[s]&sumUnit == 0 || t.Cmp(want) != 0 {
		return breach(where, "is not a majority: bound %v on sum %d", t, s)
	}
	return nil
}

func (c *Circuit) checkInputs() error {
	next := 0
	for g, k := range c.kind {
		if k == gates.Input {
			if next >= len(c.inputs) || c.inputs[next] != Gate(g) {
				return breach(fmt.Sprintf("gate %d", g), "is an input that the list of inputs does not have in its place")
			}
			next++
		}
	}
	if next != len(c.inputs) {
		return breach("inputs", "%d are listed and %d exist", len(c.inputs), next)
	}
	next = 0
	for _, p := range c.inPorts {
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
			switch {
			case names[p.Name]:
				return breach("port "+p.Name, "has a name that is taken")
			case p.Format.Kind >= numFormats:
				return breach("port "+p.Name, "%v is no format", p.Format.Kind)
			case p.Format.Kind == Weighted && len(p.Format.Weights) != len(p.Wires):
				return breach("port "+p.Name, "%d weights for %d wires", len(p.Format.Weights), len(p.Wires))
			}
			names[p.Name] = true
			for _, x := range p.Wires {
				if int(x.Gate()) >= c.Len() {
					return breach("port "+p.Name, "reads gate %d of %d", x.Gate(), c.Len())
				}
			}
		}
	}
	return nil
}

func (c *Circuit) checkStages() error {
	if len(c.stages) == 0 || c.stages[0].Parent != 0 {
		return breach("stage 0", "is not the root")
	}
	for i, s := range c.stages[1:] {
		if int(s.Parent) > i {
			return breach(fmt.Sprintf("stage %d", i+1), "its parent %d is not before it", s.Parent)
		}
	}
	for i, r := range c.runs {
		switch {
		case int(r.stage) >= len(c.stages):
			return breach(fmt.Sprintf("gate %d", r.first), "belongs to stage %d of %d", r.stage, len(c.stages))
		case i > 0 && (c.runs[i-1].first >= r.first || c.runs[i-1].stage == r.stage):
			return breach(fmt.Sprintf("gate %d", r.first), "the runs of stages are not in normal form")
		}
	}
	return nil
}
