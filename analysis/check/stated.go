package check

import (
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/circuit"
)

// stated is what a proof says.
type stated struct {
	*proof.Proof
	formulas map[string]polynomial // by their text
}

// formula reads a formula of the proof.
func (s *stated) formula(where string, of fmt.Stringer) (polynomial, error) {
	text := of.String()
	if p, ok := s.formulas[text]; ok {
		return p, nil
	}
	p, err := read(text)
	if err != nil {
		return nil, errorf(where, "%v", err)
	}
	s.formulas[text] = p
	return p, nil
}

// same compares a formula of the proof with the one that was derived.
func (s *stated) same(where string, have fmt.Stringer, want polynomial, from string) error {
	p, err := s.formula(where, have)
	if err == nil && !p.equal(want) {
		err = errorf(where, "%v, and %s gives %v", have, from, want)
	}
	return err
}

// rows compares the rows of the derivation.
func (s *stated) rows(d *derivation) error {
	if have, want := len(s.Derivation), len(d.rows); have != want {
		return errorf("derivation", "%d rows, and the program gives %d", have, want)
	}
	for i, step := range s.Derivation {
		r := &d.rows[i]
		where := fmt.Sprintf("derivation[%d] %v in stage %q: ", i, r.node, r.node.Path())
		for _, f := range []struct{ name, have, want string }{
			{"id", fmt.Sprint(step.ID), fmt.Sprint(r.node.ID)},
			{"args", fmt.Sprint(step.Args), fmt.Sprint(append([]int{}, r.node.Args...))},
			{"stage", step.Stage, r.node.Path()},
			{"operation", step.What, r.node.String()},
			{"shape", step.Shape, r.node.Shape.String()},
		} {
			if f.have != f.want {
				return errorf(where+f.name, "%s, and its program has %s", f.have, f.want)
			}
		}
		for _, f := range []struct {
			name string
			have fmt.Stringer
			want polynomial
		}{
			{"adds", step.Adds, r.adds},
			{"depth", step.Depth, r.depth},
			{"gates", step.Gates, r.gates},
			{"wires", step.Wires, r.wires},
			{"weight", step.Weight, r.weight},
			{"max_weight", step.MostWeight, r.most},
			{"copies", step.Copies, r.copies},
		} {
			if err := s.same(where+f.name, f.have, f.want, "its program"); err != nil {
				return err
			}
		}
	}
	return nil
}

// sums compares the sums over the rows, and the symbols.
func (s *stated) sums(d *derivation) error {
	if !maps.Equal(s.Symbols, d.symbols) {
		return errorf("symbols", "%v, and the program has %v", s.Symbols, d.symbols)
	}
	known := map[string]polynomial{}
	for name, v := range d.symbols {
		known[name] = number(v)
	}
	for _, f := range []struct {
		name string
		have fmt.Stringer
		want polynomial
	}{
		{"depth_formula", s.DepthFormula, d.depth},
		{"size_formula", s.SizeFormula, d.gates},
		{"wires_formula", s.WiresFormula, d.wires},
		{"size_in_n", s.SizeInN, d.gates.with(known)},
		{"wires_in_n", s.WiresInN, d.wires.with(known)},
		{"weight_in_n", s.WeightInN, d.weight},
		{"max_weight_in_n", s.MaxWeightInN, d.most},
	} {
		if err := s.same(f.name, f.have, f.want, "the sum of the rows"); err != nil {
			return err
		}
	}
	return nil
}

// tableOf are the n of the table of values.
var tableOf = []int64{1, 1e3, 1e6, 1e9}

// values compares the table of values.
func (s *stated) values(*derivation) error {
	for i, v := range s.Values {
		if !slices.ContainsFunc(tableOf, func(n int64) bool { return v.N.Big().Cmp(big.NewInt(n)) == 0 }) {
			return errorf(fmt.Sprintf("values[%d].n", i), "%v is none of %v", v.N, tableOf)
		}
		for _, f := range []struct {
			name string
			of   fmt.Stringer
			have circuit.Int
		}{
			{"depth", s.DepthFormula, v.Depth},
			{"size", s.SizeInN, v.Size},
			{"wires", s.WiresInN, v.Wires},
			{"weight", s.WeightInN, v.Weight},
		} {
			where := fmt.Sprintf("values[%d].%s", i, f.name)
			p, err := s.formula(where, f.of)
			if err != nil {
				return err
			}
			if want, ok := p.at(v.N.Big()); !ok || want.Cmp(f.have.Big()) != 0 {
				return errorf(where, "%v, and the formula gives %v", f.have, want)
			}
		}
	}
	return nil
}

// uniformity compares how many operations there are, and how many positions tell their gates apart.
func (s *stated) uniformity(d *derivation) error {
	most := 0
	for _, r := range d.rows {
		most = max(most, r.indices)
	}
	if u := s.Uniformity; u.Operations != len(d.rows) || u.Indices != most {
		return errorf("uniformity", "%d operations and %d indices, and the program has %d and %d",
			u.Operations, u.Indices, len(d.rows), most)
	}
	return nil
}

// logPrecision puts p = c·log₂ n into the formulas.
func (s *stated) logPrecision(d *derivation) error {
	l := s.LogPrecision
	if l == nil {
		return nil
	}
	known := map[string]polynomial{}
	for name, v := range d.symbols {
		known[name] = number(v)
	}
	if l.C < 1 || l.C > mostPower {
		return errorf("log_precision.c", "%d", l.C)
	}
	known["p"], known["2^p"] = product(symbol("L"), number(int64(l.C))), number(1)
	for range l.C {
		known["2^p"] = product(known["2^p"], symbol("n"))
	}
	if err := s.same("log_precision.size", l.Size, d.gates.with(known), "the derivation"); err != nil {
		return err
	}
	return s.same("log_precision.wires", l.Wires, d.wires.with(known), "the derivation")
}

// verdict checks that what is called exact was compared often enough.
func (s *stated) verdict(*derivation) error {
	for _, r := range []struct {
		name string
		is   proof.Relation
	}{{"depth_relation", s.DepthRelation}, {"size_relation", s.SizeRelation}} {
		switch {
		case r.is != proof.Equal && r.is != proof.AtMost:
			return errorf(r.name, "%q", r.is)
		case r.is == proof.Equal && len(s.Checked) < 4 && !(s.Fixed && len(s.Checked) == 1):
			return errorf(r.name, "\"=\" on %d circuits", len(s.Checked))
		}
	}
	if e := s.Exact; e != nil {
		most := max(e.Size.Degree("n"), e.Wires.Degree("n"), e.Weight.Degree("n"))
		if len(e.FixedBy) <= most || len(s.Checked) <= len(e.FixedBy) {
			return errorf("exact.fixed_by", "%d circuits of %d for polynomials of degree %d",
				len(e.FixedBy), len(s.Checked), most)
		}
		for i, n := range e.FixedBy {
			if n != s.Checked[i].N || e.From != s.Checked[0].N {
				return errorf("exact.fixed_by", "%v from n=%d on, and these are not the first circuits", e.FixedBy, e.From)
			}
		}
	}
	if s.Verdict.Verdict != proof.Proved && s.Verdict.Verdict != proof.Refuted {
		return errorf("verdict", "%q", s.Verdict.Verdict)
	}
	return nil
}
