package handwritten

import (
	"slices"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// MostModulus is the greatest modulus that a circuit holds.
const MostModulus = 1 << 16

// gate reads what stands right of = in the line of a gate, and makes the gate.
func (f *file) gate() (circuit.Lit, error) {
	l := &f.line
	t := l.peek()
	if t.kind == '[' {
		l.at++
		return f.threshold()
	}
	if t.kind == word && l.at+1 < len(l.tokens) {
		switch after := l.tokens[l.at+1].kind; {
		case after == '(' && !t.is("mod"):
			l.at += 2
			return f.call(t)
		case t.is("mod") && after == number:
			l.at++
			return f.mod()
		case t.is("mod"):
			l.at++
			return circuit.False, l.expected("the modulus, as in mod 3 (a, b) in {1, 2},")
		}
	}
	complement := t.is("not") // the first one is the gate
	if complement {
		l.at++
	}
	in, err := f.literal()
	if err != nil {
		return in, err
	}
	f.wires++
	if complement {
		return f.b.Not(in), nil
	}
	return f.b.Buf(in), nil
}

// call reads the inputs of a gate that is written as a call.
func (f *file) call(name token) (circuit.Lit, error) {
	kind, ok := callable[strings.ToLower(string(name.Text))]
	if !ok {
		return circuit.False, f.notCallable(name)
	}
	f.lits = f.lits[:0]
	err := f.line.list(')', func() error {
		l, err := f.literal()
		f.lits = append(f.lits, l)
		return err
	})
	if err != nil {
		return circuit.False, err
	}
	if n := kind.FanIn(); n >= 0 && len(f.lits) != n {
		return circuit.False, name.Errorf("reads %d literals here; %d is right", len(f.lits), n)
	}
	f.wires += int64(len(f.lits))
	if kind == gates.Majority {
		return f.b.Majority(f.lits...), nil
	}
	return f.b.Logic(kind, f.lits...), nil
}

// notCallable returns the error that a word is no kind of gate that is written as a call.
func (f *file) notCallable(name token) error {
	var known []string
	for word := range callable {
		known = append(known, word)
	}
	slices.Sort(known)
	near := gates.Meant(string(name.Text), known)
	if near != "" {
		near += ";"
	}
	return name.Errorf("is no kind of gate;%s known: %s, and [2a - 3b >= 1] and mod 3 (a, b) in {1, 2}",
		near, strings.Join(known, ", "))
}

// literal reads a name or a constant, complemented or not.
func (f *file) literal() (circuit.Lit, error) {
	l, complement, open := &f.line, false, 0
	for {
		switch t := l.peek(); {
		case t.is("not"):
			complement = !complement
			l.at++
			continue
		case t.kind == '(':
			open++
			l.at++
			continue
		}
		break
	}
	lit, err := f.plain()
	if err != nil {
		return lit, err
	}
	for range open {
		if err := l.want(')'); err != nil {
			return lit, err
		}
	}
	return lit.NotIf(complement), nil
}

// plain reads a name or a constant.
func (f *file) plain() (circuit.Lit, error) {
	t := f.line.peek()
	switch {
	case t.kind == number && (t.Is("0") || t.Is("1")):
		f.line.at++
		return circuit.False.NotIf(t.Is("1")), nil
	case f.isCall():
		return circuit.False, t.Errorf("a name, 0 or 1 is expected here; a gate has a line of its own, with a name to read it by")
	case t.kind == number:
		return circuit.False, t.Errorf("a name, 0 or 1 is expected here; a name of digits is written in quotes: %q", t.Text)
	}
	if !t.isName() {
		return circuit.False, f.line.expected("a name, 0 or 1")
	}
	m, ok := f.meaning(t)
	switch {
	case !ok && isCallable(t):
		return circuit.False, t.Errorf("is a kind of gate, written %s(a, b); as a name it is written in quotes",
			strings.ToLower(string(t.Text)))
	case !ok:
		return circuit.False, f.unknown(t.Token)
	case m.sum > 0:
		return circuit.False, t.Errorf("is a sum, and no bit; a gate compares it, as in [%s >= 1]", spelled(string(t.Text)))
	}
	f.line.at++
	return m.lit, nil
}

// isCall reports whether a word and a bracket come next.
func (f *file) isCall() bool {
	l := &f.line
	return l.peek().kind == word && l.at+1 < len(l.tokens) && l.tokens[l.at+1].kind == '('
}

// meaning returns what a name stands for. A word of the format is one only in quotes.
func (f *file) meaning(t token) (meaning, bool) {
	m, ok := f.names[string(t.Text)]
	return m, ok && (t.kind == quoted || !reserved(string(t.Text)))
}

// compares are the signs of a comparison.
var compares = []kind{atLeast, atMost, '<', '>'}

// threshold reads a comparison of sums, behind its first bracket. What is right goes to the left, with the
// opposite sign; where the left is to be the less one, all signs are the opposite.
func (f *file) threshold() (circuit.Lit, error) {
	l := &f.line
	isCompare := func(t token) bool { return slices.Contains(compares, t.kind) }
	side, bound := int64(1), int64(0)
	if i := slices.IndexFunc(l.tokens, isCompare); i >= 0 {
		if k := l.tokens[i].kind; k == atMost || k == '<' {
			side = -1
		}
	}
	var e expression
	if err := f.collect(&e, side); err != nil {
		return circuit.False, err
	}
	switch sign := l.peek(); {
	case !isCompare(sign):
		return circuit.False, l.expected(`a term, or ">=", "<=", ">" or "<",`)
	case sign.kind == '<' || sign.kind == '>':
		bound = 1
	}
	l.at++
	if err := f.collect(&e, -side); err != nil {
		return circuit.False, err
	}
	if err := l.want(']'); err != nil {
		return circuit.False, err
	}
	return f.b.Threshold(f.total(&e), circuit.NewInt(bound)), nil
}

// mod reads the rest of a MOD gate, from its modulus on.
func (f *file) mod() (circuit.Lit, error) {
	l := &f.line
	t := l.take()
	m, err := t.Int(MostModulus)
	if err != nil || m == 0 {
		return circuit.False, t.Errorf("a modulus is 1 to %d", MostModulus)
	}
	if err := l.want('('); err != nil {
		return circuit.False, err
	}
	var e expression
	if err := l.list(')', func() error { return f.collect(&e, 1) }); err != nil {
		return circuit.False, err
	}
	sum := f.total(&e)
	if !l.peek().is("in") {
		return circuit.False, l.expected(`"in" and the residues, as in {1, 2},`)
	}
	l.at++
	if err := l.want('{'); err != nil {
		return circuit.False, err
	}
	var residues []int64
	if err := l.list('}', func() error {
		t := l.take()
		r, err := t.Int(m - 1)
		if t.kind != number || err != nil {
			return residueError(l, t, m)
		}
		residues = append(residues, int64(r))
		return nil
	}); err != nil {
		return circuit.False, err
	}
	return f.b.ModSum(int64(m), residues, sum), nil
}

func residueError(l *line, t token, m int) error {
	if t.kind == atEnd {
		return l.expected("a residue")
	}
	return t.Errorf("a residue modulo %d is 0 to %d", m, m-1)
}
