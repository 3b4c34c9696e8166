package check

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/analysis/proof"
)

// claimed is the sentence that a proof proves: for which n, depth and gates.
var claimed = regexp.MustCompile(`^(?:for (every .+) the circuit of this family|the circuit of this network) ` +
	`has depth at most (.+) and at most (.+) gates?$`)

// counted says for which n there is a circuit: from the least on, or up to a greatest one.
var counted = regexp.MustCompile(`^every [a-z ]+ (?:≥ (\d+)|from (\d+) to (\d+))(?: at which the outputs fit 64 bits)?$`)

// greatest returns the greatest n that has a circuit; 0 if there is none.
func (s *stated) greatest() int64 {
	if parts := counted.FindStringSubmatch(s.Members); parts != nil {
		n, _ := strconv.ParseInt(parts[3], 10, 64)
		return n
	}
	return 0
}

// members checks for which n there is a circuit.
func (s *stated) members(d *derivation) error {
	parts := counted.FindStringSubmatch(s.Members)
	unbounded := slices.ContainsFunc(d.outputs, func(o output) bool { return o.unbounded })
	switch {
	case s.Fixed && s.Members == "":
		return nil
	case s.Fixed || parts == nil:
		return errorf("members", "%q", s.Members)
	case strings.HasSuffix(s.Members, "fit 64 bits") != unbounded:
		return errorf("members", "%q, and it is %t that no bound on the outputs holds for every n", s.Members, unbounded)
	case parts[1]+parts[2] != fmt.Sprint(s.From):
		return errorf("members", "%q, and the formulas begin at n=%d", s.Members, s.From)
	}
	for _, k := range s.Checked {
		if most := s.greatest(); most > 0 && int64(k.N) > most {
			return errorf("members", "%q, and there is a circuit for n=%d", s.Members, k.N)
		}
	}
	return nil
}

// operations and growth are the numbers in other sentences.
var (
	operations = regexp.MustCompile(`the (\d+) operations`)
	growth     = regexp.MustCompile(`O\(n(?:\^(\d+))?\)`)
)

// verdict reads the sentences of the verdict, and compares their numbers with the derivation.
func (s *stated) verdict(d *derivation) error {
	v := &s.Verdict
	if v.Verdict == proof.Refuted {
		return errorf("verdict", "refuted, so that it proves nothing: %s", v.Reason)
	}
	parts := claimed.FindStringSubmatch(v.Claim)
	switch {
	case v.Verdict != proof.Proved:
		return errorf("verdict", "%q", v.Verdict)
	case parts == nil:
		return errorf("claim", "%q is no claim about depth and gates", v.Claim)
	case parts[1] != s.Members:
		return errorf("claim", "%q, and the circuits are for %q", v.Claim, s.Members)
	}
	for i, f := range []struct {
		what string
		of   fmt.Stringer
	}{{"depth", s.DepthFormula}, {"gates", s.SizeInN}} {
		want, err := s.formula("claim", f.of)
		if err != nil {
			return err
		}
		if have, err := read(plain(parts[2+i])); err != nil || !have.equal(want) {
			return errorf("claim", "%q, and the derivation gives %v for %s", v.Claim, want, f.what)
		}
	}
	if n := operations.FindStringSubmatch(v.Reason); n == nil || n[1] != fmt.Sprint(len(d.rows)) {
		return errorf("reason", "%q, and the derivation has %d rows", v.Reason, len(d.rows))
	}
	if class := s.class(d); v.Class != class {
		return errorf("class", "%q, and the derivation gives %q", v.Class, class)
	}
	return s.growth(d)
}

// class names the class that the derivation shows, as a proof names it.
func (s *stated) class(d *derivation) string {
	unbounded := slices.ContainsFunc(d.rows, func(r row) bool { return r.fanIn.degree() > 0 })
	switch {
	case s.Fixed:
		return "none: one circuit"
	case d.depth.degree() > 0:
		return "depth linear"
	case !unbounded: // each gate is a circuit of gates with two inputs, of a size that n does not change
		return "NC0"
	case d.gates.degree() >= exponential:
		return "none: size not polynomial"
	case !slices.ContainsFunc(d.rows, func(r row) bool { return r.counting.degree() > 0 }):
		return "AC0"
	}
	return "TC0"
}

// growth checks the power of n in the sentence about weights.
func (s *stated) growth(d *derivation) error {
	n, power := growth.FindStringSubmatch(s.WeightGrowth), d.most.degree()
	switch {
	case power >= exponential:
		if !strings.HasPrefix(s.WeightGrowth, "exponential: ") {
			return errorf("weight_growth", "%q, and the weights of a gate add up to %v", s.WeightGrowth, d.most)
		}
	case n != nil && (n[1] == "" && power == 1 || n[1] == fmt.Sprint(power)):
	case n != nil || power > 0 || !strings.Contains(s.WeightGrowth, "does not depend on n"):
		return errorf("weight_growth", "%q, and the weights of a gate add up to %v", s.WeightGrowth, d.most)
	}
	return nil
}

// raised has the raised digits, in order.
var raised = []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")

// plain returns a formula as people write it in the letters of a proof: with "^" before raised digits.
func plain(text string) string {
	var out []rune
	power := false
	for _, r := range strings.ReplaceAll(text, "−", "-") {
		digit := slices.Index(raised, r)
		if digit >= 0 && !power {
			out = append(out, '^')
		}
		if power = digit >= 0; power {
			r = '0' + rune(digit)
		}
		out = append(out, r)
	}
	return string(out)
}
