package circuit_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// mirror builds a circuit of arbitrary choices and computes beside it, with
// gates.Gate.Truth and math/big and on a few input vectors, what each literal and
// each sum must be.
type mirror struct {
	pick  func(n int) int // a choice in 0..n−1
	b     *circuit.Builder
	keep  bool
	depth int // stages open

	vectors [][]bool
	lits    []circuit.Lit
	truth   [][]bool // by literal and vector
	sums    []circuit.Sum
	value   [][]*big.Int // by sum and vector
}

const mirrorVectors = 24

// newMirror starts a circuit with inputs in ports of several formats.
func newMirror(pick func(int) int, keep bool) *mirror {
	m := &mirror{pick: pick, b: circuit.NewBuilder(), keep: keep}
	if keep {
		m.b.Keep()
	}
	m.vectors = make([][]bool, mirrorVectors)
	add := func(name string, f circuit.Format, wires int) {
		for _, l := range m.b.InputPort(name, f, wires) {
			truth := make([]bool, mirrorVectors)
			for v := range truth {
				truth[v] = pick(2) == 1
				m.vectors[v] = append(m.vectors[v], truth[v])
			}
			m.lits, m.truth = append(m.lits, l), append(m.truth, truth)
		}
	}
	add("x", circuit.Format{}, 1+pick(4))
	add("y", circuit.Format{Kind: circuit.TwosComplement}, pick(4))
	add("z", circuit.Format{Kind: circuit.Thermometer, Offset: circuit.NewInt(-3)}, pick(3))
	add("w", circuit.Format{Kind: circuit.OneHot, Offset: circuit.Pow2(90)}, pick(3))
	return m
}

// randomMirror is a mirror of pseudorandom choices after the given number of steps.
func randomMirror(seed uint64, keep bool, steps int) *mirror {
	m := newMirror(rand.New(rand.NewPCG(seed, 1)).IntN, keep)
	for range steps {
		m.step()
	}
	return m
}

// lit chooses a literal, now and then a constant.
func (m *mirror) lit() (circuit.Lit, []bool) {
	flip := m.pick(2) == 1
	truth := make([]bool, mirrorVectors)
	l := circuit.False
	if i := m.pick(len(m.lits) + 1); i < len(m.lits) {
		l = m.lits[i]
		copy(truth, m.truth[i])
	}
	for v := range truth {
		truth[v] = truth[v] != flip
	}
	return l.NotIf(flip), truth
}

// some chooses up to max literals, and gives their bits by vector.
func (m *mirror) some(max int) ([]circuit.Lit, [][]bool) {
	lits := make([]circuit.Lit, m.pick(max+1))
	bits := make([][]bool, mirrorVectors)
	for i := range lits {
		l, truth := m.lit()
		lits[i] = l
		for v := range bits {
			bits[v] = append(bits[v], truth[v])
		}
	}
	return lits, bits
}

func (m *mirror) weight() circuit.Int {
	w := circuit.NewInt(int64(m.pick(9) - 4))
	switch m.pick(12) {
	case 0:
		w = w.Mul(circuit.Pow2(m.pick(63)))
	case 1:
		w = w.Mul(circuit.Pow2(200)).Add(circuit.NewInt(int64(m.pick(3))))
	}
	return w
}

func (m *mirror) record(l circuit.Lit, truth func(v int) (bool, error)) {
	bits := make([]bool, mirrorVectors)
	for v := range bits {
		bit, err := truth(v)
		if err != nil {
			panic(err)
		}
		bits[v] = bit
	}
	m.lits, m.truth = append(m.lits, l), append(m.truth, bits)
}

func (m *mirror) recordSum(s circuit.Sum, value func(v int) *big.Int) {
	values := make([]*big.Int, mirrorVectors)
	for v := range values {
		values[v] = value(v)
	}
	m.sums, m.value = append(m.sums, s), append(m.value, values)
}

// step makes a gate or a sum, or opens or closes a stage.
func (m *mirror) step() {
	switch m.pick(12) {
	case 0, 1, 2, 3:
		m.logic()
	case 4, 5, 6:
		m.sum()
	case 7, 8:
		m.threshold()
	case 9:
		m.majority()
	case 10:
		m.mod()
	default:
		if m.depth > 0 && m.pick(2) == 0 {
			m.b.End()
			m.depth--
		} else {
			m.b.Begin(fmt.Sprintf("part %d", m.pick(3)))
			m.depth++
		}
	}
}

func (m *mirror) logic() {
	kinds := []gates.Kind{gates.And, gates.Or, gates.Nand, gates.Nor, gates.Xor, gates.Xnor, gates.Not, gates.Buf}
	k := kinds[m.pick(len(kinds))]
	lits, bits := m.some(5)
	if n := k.FanIn(); n == 1 {
		var truth []bool
		lits = make([]circuit.Lit, 1)
		lits[0], truth = m.lit()
		for v := range bits {
			bits[v] = truth[v : v+1]
		}
	}
	m.record(makeLogic(m.b, k, lits), func(v int) (bool, error) { return gates.Gate{Kind: k}.Truth(bits[v]) })
}

// makeLogic calls the method of b that makes a gate of kind k.
func makeLogic(b *circuit.Builder, k gates.Kind, lits []circuit.Lit) circuit.Lit {
	switch k {
	case gates.Buf:
		return b.Buf(lits[0])
	case gates.Not:
		return b.Not(lits[0])
	case gates.And:
		return b.And(lits...)
	case gates.Or:
		return b.Or(lits...)
	case gates.Nand:
		return b.Nand(lits...)
	case gates.Nor:
		return b.Nor(lits...)
	case gates.Xor:
		return b.Xor(lits...)
	case gates.Xnor:
		return b.Xnor(lits...)
	case gates.Majority:
		return b.Majority(lits...)
	}
	panic("no logic gate: " + k.String())
}

// sum makes a sum of literals and of sums made before.
func (m *mirror) sum() {
	add := m.weight()
	values := make([]*big.Int, mirrorVectors)
	for v := range values {
		values[v] = add.Big()
	}
	a := m.b.Linear()
	a.AddConst(add)
	for range m.pick(6) {
		w := m.weight()
		if len(m.sums) > 0 && m.pick(3) == 0 {
			i := max(m.pick(len(m.sums)), m.pick(len(m.sums)))
			if m.value[i][0].BitLen() > 2000 { // sums of sums of huge sums
				continue
			}
			a.Add(w, m.sums[i])
			for v := range values {
				values[v].Add(values[v], new(big.Int).Mul(w.Big(), m.value[i][v]))
			}
			continue
		}
		l, truth := m.lit()
		a.AddLit(w, l)
		for v := range values {
			if truth[v] {
				values[v].Add(values[v], w.Big())
			}
		}
	}
	s := a.Sum()
	if m.pick(4) == 0 {
		w := m.weight()
		s = s.Times(w).Plus(w)
		for v := range values {
			values[v].Mul(values[v], w.Big()).Add(values[v], w.Big())
		}
	}
	m.recordSum(s, func(v int) *big.Int { return values[v] })
}

// threshold compares a sum with a bound that some vector just reaches or misses.
func (m *mirror) threshold() {
	if len(m.sums) == 0 {
		return
	}
	i := m.pick(len(m.sums))
	t := new(big.Int).Add(m.value[i][m.pick(mirrorVectors)], big.NewInt(int64(m.pick(3)-1)))
	if m.pick(8) == 0 {
		t = m.weight().Big()
	}
	m.record(
		m.b.Threshold(m.sums[i], circuit.BigInt(t)),
		func(v int) (bool, error) { return m.value[i][v].Cmp(t) >= 0, nil },
	)
}

func (m *mirror) majority() {
	lits, bits := m.some(7)
	t := m.pick(8)
	if m.pick(2) == 0 {
		m.record(
			m.b.Majority(lits...),
			func(v int) (bool, error) { return gates.Gate{Kind: gates.Majority}.Truth(bits[v]) },
		)
		return
	}
	gate := gates.Gate{Kind: gates.Threshold, Bound: big.NewInt(int64(t))}
	m.record(m.b.AtLeast(t, lits...), func(v int) (bool, error) { return gate.Truth(bits[v]) })
}

func (m *mirror) mod() {
	modulus := int64(1 + m.pick(6))
	var residues, reduced []int64
	for range m.pick(4) {
		r := int64(m.pick(13) - 6)
		residues = append(residues, r)
		reduced = append(reduced, ((r%modulus)+modulus)%modulus)
	}
	accepted := func(v *big.Int) bool {
		r := new(big.Int).Mod(v, big.NewInt(modulus)).Int64()
		for _, want := range reduced {
			if r == want {
				return true
			}
		}
		return false
	}
	if len(m.sums) > 0 && m.pick(2) == 0 {
		i := m.pick(len(m.sums))
		m.record(
			m.b.ModSum(modulus, residues, m.sums[i]),
			func(v int) (bool, error) { return accepted(m.value[i][v]), nil },
		)
		return
	}
	lits, bits := m.some(6)
	gate := gates.Gate{Kind: gates.Mod, Modulus: modulus, Residues: reduced}
	m.record(m.b.Mod(modulus, residues, lits...), func(v int) (bool, error) { return gate.Truth(bits[v]) })
}

// finish makes everything an output, or a part of it, and ends the build.
func (m *mirror) finish(all bool) (*circuit.Circuit, error) {
	m.outputs(all)
	return m.b.Circuit()
}

// outputs makes the outputs.
func (m *mirror) outputs(all bool) {
	for ; m.depth > 0; m.depth-- {
		m.b.End()
	}
	if all {
		m.b.OutputPort("all", circuit.Format{Kind: circuit.TwosComplement}, m.lits...)
		for i, s := range m.sums {
			m.b.OutputSum(fmt.Sprintf("sum %d", i), s)
		}
	} else {
		n := len(m.lits)
		m.lits, m.truth = m.lits[n-min(n, 3):], m.truth[n-min(n, 3):]
		m.sums, m.value = nil, nil
		m.b.OutputPort("all", circuit.Format{Kind: circuit.OneHot, Offset: circuit.NewInt(7)}, m.lits...)
	}
}

// verify compares c on all the vectors with what was computed beside it.
func (m *mirror) verify(c *circuit.Circuit) error {
	for v, in := range m.vectors {
		out, err := c.Eval(in)
		if err != nil {
			return err
		}
		for i, l := range m.lits {
			if out[i] != m.truth[i][v] {
				return fmt.Errorf("vector %d: output %d (%v) is %v, want %v", v, i, l, out[i], m.truth[i][v])
			}
		}
		at := len(m.lits)
		for i, p := range c.OutputPorts()[1:] {
			got, err := p.Format.Decode(out[at : at+len(p.Wires)])
			if err != nil {
				return err
			}
			if want := m.value[i][v]; got.Big().Cmp(want) != 0 {
				return fmt.Errorf("vector %d: sum %d is %v, want %v", v, i, got, want)
			}
			at += len(p.Wires)
		}
	}
	return nil
}
