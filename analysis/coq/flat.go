package coq

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

// builtVectors is how many inputs a circuit that is built has values for.
const builtVectors = 10

// Bounds on a circuit that is written gate by gate: Coq looks through all gates before one for each of its wires.
const (
	mostGates = 500
	mostWires = 5_000
)

// built writes the circuit that tc0 builds for a member, gate by gate: the greatest of the first two that is small
// enough. Coq computes whether it is well formed, its depth, size and wires, and its values on some inputs, which are
// those of the integer reference. It is "" if none is small, or has gates or outputs that have no words.
func (t *term) built(members []*program.Program, s lower.Strategy) (string, error) {
	for k := min(1, len(members)-1); k >= 0; k-- {
		n, err := sizeOf(t.open, members[k])
		if err != nil {
			return "", err
		}
		c, err := lower.Program(members[k], s)
		if err != nil {
			return "", err
		}
		st := c.Stats()
		if c.Size() > mostGates || st.Wires > mostWires {
			continue
		}
		text, ok := flatText(c)
		if !ok {
			return "", nil
		}
		var b strings.Builder
		fmt.Fprintf(&b, "\n(* The circuit that tc0 builds for n = %d, gate by gate. *)\nFrom TC0 Require Import Flat.\n", n)
		fmt.Fprintf(&b, "Definition built : circuit := %s.\n", text)
		fmt.Fprintf(&b, "Theorem built_counted :\n  wf built /\\ depth built = %d%%nat /\\ size built = %d%%nat /\\ wires built = %d%%nat.\n"+
			"Proof. apply counted_ok. vm_compute. reflexivity. Qed.\nPrint Assumptions built_counted.\n",
			st.Depth, st.Size, st.Wires)
		b.WriteString("\n(* On some inputs: what the integer reference computes. *)\n")
		r := rand.New(rand.NewPCG(1, 3))
		for i := range builtVectors {
			values, wires := inputs(members[k], r)
			out, err := members[k].Reference(values)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&b, "Example built_%d : eval built (bits %s) =\n  %s.\nProof. vm_compute. reflexivity. Qed.\n",
				i+1, bitsText(wires), intsText(elements(members[k], out)))
		}
		return b.String(), nil
	}
	return "", nil
}

// flatText is a circuit as a term of Circuit.v. It reports false if the circuit has what that lacks.
func flatText(c *circuit.Circuit) (string, bool) {
	lits := make([]string, c.Len()) // by gate
	for i, g := range c.Inputs() {
		lits[g] = fmt.Sprintf("xi %d", i)
	}
	lit := func(l circuit.Lit) string {
		text := lits[l.Gate()]
		switch inner, complemented := strings.CutPrefix(text, "neg ("); {
		case !l.IsComplement():
			return text
		case complemented:
			return strings.TrimSuffix(inner, ")")
		}
		return "neg (" + text + ")"
	}
	terms := func(list []circuit.Gate, weights []circuit.Int) string {
		all := make([]string, len(list))
		for i, g := range list {
			all[i] = fmt.Sprintf("(%s, %s)", bigText(weights[i]), lits[g])
		}
		return "[" + strings.Join(all, "; ") + "]"
	}
	var rows []string
	for g := range circuit.Gate(c.Len()) {
		kind := c.Kind(g)
		var row string
		switch kind {
		case gates.Input:
			continue
		case gates.And, gates.Or:
			word := map[gates.Kind]string{gates.And: "FAnd", gates.Or: "FOr"}[kind]
			row = word + " " + listText(c.Fanin(g), lit)
		case gates.Threshold, gates.Majority:
			s, bound := c.Bound(g)
			from, weights := c.Flatten(s)
			row = fmt.Sprintf("FThr %s %s", terms(from, weights), bigText(bound))
		case gates.Buf, gates.Not:
			lits[g] = lit(c.Fanin(g)[0].NotIf(kind == gates.Not))
			continue
		default:
			if kind.IsSource() { // the constant: nothing may read it
				continue
			}
			return "", false
		}
		lits[g] = fmt.Sprintf("gi %d", len(rows))
		rows = append(rows, row)
	}
	var outs []string
	for _, p := range c.OutputPorts() {
		base, weights, ok := weighted(p)
		if !ok {
			return "", false
		}
		var all []string
		for i, l := range p.Wires {
			switch l {
			case circuit.False:
			case circuit.True:
				base = base.Add(weights[i])
			default:
				all = append(all, fmt.Sprintf("(%s, %s)", bigText(weights[i]), lit(l)))
			}
		}
		outs = append(outs, fmt.Sprintf("(%s, [%s])", bigText(base), strings.Join(all, "; ")))
	}
	return fmt.Sprintf("mkCircuit %d [\n  %s] [\n  %s]", len(c.Inputs()), strings.Join(rows, ";\n  "),
		strings.Join(outs, ";\n  ")), true
}

// weighted is the integer of a port as a constant and a weighted sum of its wires. It reports false for a one-hot code,
// which stands for a row of single bits in a term.
func weighted(p circuit.Port) (base circuit.Int, weights []circuit.Int, ok bool) {
	one := circuit.NewInt(1)
	switch p.Format.Kind {
	case circuit.Weighted:
		return p.Format.Offset, p.Format.Weights, true
	case circuit.OneHot:
		return base, nil, false
	case circuit.Thermometer:
		base = p.Format.Offset
	}
	for i := range p.Wires {
		switch {
		case p.Format.Kind == circuit.Thermometer:
			weights = append(weights, one)
		case p.Format.Kind == circuit.TwosComplement && i == len(p.Wires)-1:
			weights = append(weights, circuit.Pow2(i).Neg())
		default:
			weights = append(weights, circuit.Pow2(i))
		}
	}
	return base, weights, true
}

// bigText is an integer for Coq.
func bigText(v circuit.Int) string {
	if v.Sign() < 0 {
		return "(" + v.String() + ")"
	}
	return v.String()
}
