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
			{"shares", fmt.Sprint(append([]int{}, step.Shares...)), fmt.Sprint(append([]int{}, r.shares...))},
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
			{"fan_in", step.FanIn, r.fanIn},
			{"counting", step.Counting, r.counting},
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

// values compares the table of values.
func (s *stated) values(*derivation) error {
	ns, most := []int64{s.From, 1e3, 1024, 1e6, 1e9}, s.greatest()
	if most > 0 {
		ns = []int64{s.From, 1024, most}
	}
	for i, v := range s.Values {
		if !slices.ContainsFunc(ns, func(n int64) bool { return v.N.Big().Cmp(big.NewInt(n)) == 0 }) {
			return errorf(fmt.Sprintf("values[%d].n", i), "%v is none of %v", v.N, ns)
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
		most = max(most, r.indices+r.copies.degree()) // a copy has a number, too
	}
	if u := s.Uniformity; u.Operations != len(d.rows) || u.Indices != most {
		return errorf("uniformity", "%d operations and %d indices, and the program has %d and %d",
			u.Operations, u.Indices, len(d.rows), most)
	}
	return nil
}

// outputs compares the codes of the outputs.
func (s *stated) outputs(d *derivation) error {
	if len(s.Outputs) != len(d.outputs) {
		return errorf("outputs", "%d, and the program has %d", len(s.Outputs), len(d.outputs))
	}
	for i, o := range s.Outputs {
		where, want := fmt.Sprintf("outputs[%d].", i), d.outputs[i]
		if o.Name != want.name || o.Code != want.code {
			return errorf(where+"code", "%s %s, and the program has %s %s", o.Name, o.Code, want.name, want.code)
		}
		if err := s.same(where+"numbers", o.Numbers, want.numbers, "the program"); err != nil {
			return err
		}
		if err := s.same(where+"wires", o.Wires, want.wires, "the program"); err != nil {
			return err
		}
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
	for i, w := range l.Weights {
		where := fmt.Sprintf("log_precision.weights[%d].", i)
		if i >= len(l.SameAt) || l.SameAt[i] != w.Bits {
			return errorf(where+"bits", "%d, and the formulas are the same at %v", w.Bits, l.SameAt)
		}
		if int64(w.Bits) == s.Symbols["p"] { // the others are of other programs
			if err := s.same(where+"max_weight", w.MaxWeight, d.most, "the derivation"); err != nil {
				return err
			}
		}
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

// valueAt returns the value of a formula of the proof.
func (s *stated) valueAt(where string, of fmt.Stringer, n int) (*big.Int, error) {
	p, err := s.formula(where, of)
	if err != nil {
		return nil, err
	}
	v, ok := p.at(big.NewInt(int64(n)))
	if !ok {
		return nil, errorf(where, "%v has no whole value at n=%d", of, n)
	}
	return v, nil
}

// met checks at which circuits of the proof a formula is met.
func (s *stated) met() error {
	for _, f := range []struct {
		name string
		of   fmt.Stringer
		met  []int
		have func(k proof.Check) int
	}{
		{"depth_met", s.DepthFormula, s.DepthMet, func(k proof.Check) int { return k.Depth }},
		{"size_met", s.SizeInN, s.SizeMet, func(k proof.Check) int { return k.Size }},
	} {
		met := []int{}
		for _, k := range s.Checked {
			v, err := s.valueAt(f.name, f.of, k.N)
			if err != nil {
				return err
			}
			if v.Cmp(big.NewInt(int64(f.have(k)))) == 0 {
				met = append(met, k.N)
			}
		}
		if !slices.Equal(met, f.met) {
			return errorf(f.name, "%v, and %v is met at %v", f.met, f.of, met)
		}
	}
	return nil
}

// interpolated checks the polynomials through the circuits of the proof.
func (s *stated) interpolated() error {
	e := s.Interpolated
	if e == nil {
		return nil
	}
	var ns []int
	for _, k := range s.Checked {
		ns = append(ns, k.N)
		for _, f := range []struct {
			name string
			of   fmt.Stringer
			have *big.Int
		}{
			{"interpolated.size", e.Size, big.NewInt(int64(k.Size))},
			{"interpolated.wires", e.Wires, big.NewInt(k.Wires)},
			{"interpolated.weight", e.Weight, k.Weight.Big()},
		} {
			v, err := s.valueAt(f.name, f.of, k.N)
			if err != nil {
				return err
			}
			if p := s.formulas[f.of.String()]; p.degree() >= len(e.FixedBy) {
				return errorf(f.name, "%v, and %d circuits fix it", f.of, len(e.FixedBy))
			}
			if v.Cmp(f.have) != 0 {
				return errorf(f.name, "%v is %v at n=%d, and the circuit has %v", f.of, v, k.N, f.have)
			}
		}
	}
	if !slices.Equal(ns, slices.Concat(e.FixedBy, e.Agree)) || len(e.Agree) == 0 {
		return errorf("interpolated.fixed_by", "%v and %v, and the circuits are %v", e.FixedBy, e.Agree, ns)
	}
	return nil
}
