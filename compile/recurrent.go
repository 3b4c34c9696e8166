package compile

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/tc0lab/tc0/compile/program"
)

// RecurrentKind is a kind of recurrent network.
type RecurrentKind string

// The kinds of recurrent network.
const (
	Elman RecurrentKind = "rnn"  // h' = tanh(W·x + U·h + b)
	GRU   RecurrentKind = "gru"  // gated recurrent unit
	LSTM  RecurrentKind = "lstm" // long short-term memory
)

var recurrentKinds = []RecurrentKind{Elman, GRU, LSTM}

// Check returns a [*gates.UnknownError] unless the kind is known.
func (k RecurrentKind) Check() error { return oneOf("kind of recurrent network", k, recurrentKinds) }

// Recurrent is a recurrent network with generic weights. It is unrolled over n steps from a state
// of zeros. Features and state have one size. With σ the sigmoid,
//
//	Elman  h' = tanh(W·x + U·h + b)
//	GRU    z, r = σ(W·x + U·h + b), c = tanh(W·x + r⊙(U·h) + b), h' = (1−z)⊙h + z⊙c
//	LSTM   i, f, o = σ(W·x + U·h + b), g = tanh(W·x + U·h + b),
//	       c' = f⊙c + i⊙g, h' = o⊙tanh(c')
//
// (Elman 1990; Cho et al. 2014; Hochreiter and Schmidhuber 1997 with the forget gate of
// Gers et al. 2000). Every activation, h' and c' are rounded to Bits bits.
//
// Depth: n times the depth of a cell, which is 1, 3 or 4. A GRU has levels for its gates, for c
// and for h'; c joins the thresholds of r with the literals of h. An LSTM has levels for its
// gates, for an AND of i⊙g, for c' and for h'; tanh of the rounded c' needs no gates. This is
// the depth of the unrolled circuit. It is not a lower bound.
type Recurrent struct {
	Kind     RecurrentKind `zero:"rnn"`                      // "" means Elman
	Features int           `param:"d" zero:"2" most:"1024"`  // d, of inputs and state; 0 means 2
	Bits     int           `param:"bits" zero:"3" most:"10"` // of inputs, gates and state; 0 means 3
	Seed     uint64        `param:"seed"`                    // of the generic weights
}

func (m Recurrent) defaults() Recurrent { return filled(m) }

func (m Recurrent) check(n int) error {
	return cmp.Or(
		m.Kind.Check(),
		checkSizes(string(m.Kind), m, size{name: "n", v: n, most: 1 << 16}),
	)
}

// scale is the real value of one unit of an input and of the state. gateUnit is the real value of
// one unit of a gate.
func (m Recurrent) scale() float64       { return unitOf(m.Bits) }
func (m Recurrent) gateUnit() float64    { return math.Exp2(float64(-m.Bits)) }
func (m Recurrent) weightScale() float64 { return 1 / float64(7*m.Features) }

func (m Recurrent) signed() program.Range {
	top := max(1, int64(1)<<(m.Bits-1)-1)
	return program.Range{Lo: -top, Hi: top}
}

// weights returns the integers of one gate: the weights of the input, the weights of the state,
// and the bias in units of their sum.
func (m Recurrent) weights(gate string) (w, u *program.Matrix, bias []int64) {
	d := m.Features
	w, u = genericMatrix(d, d, 7, m.Seed, gate+" input"), genericMatrix(d, d, 7, m.Seed, gate+" state")
	return w, u, genericBias(d, 7<<(m.Bits-1), m.Seed, gate+" bias")
}

// Program returns the network for n steps: input "x" [n,d], output "h" [d]. The output is the
// last state.
func (m Recurrent) Program(n int) (*program.Program, error) { return sized(m, n) }

// OpenProgram returns the network for every n.
func (m Recurrent) OpenProgram() (*program.Program, error) { return opened(m) }

func (m Recurrent) build(n program.Dim) (*program.Program, float64) {
	p, x := sequence(n, m.Features, m.Bits, "%s %v d=%d bits=%d", m.Kind, n, m.Features, m.Bits)
	d := x.Shape()[1]
	zero := p.Const(program.Shape{d}, make([]int64, d.Size()))
	step := func(x program.Value, state []program.Value) []program.Value { return m.cell(p, x, state) }
	first := []program.Value{zero}
	if m.Kind == LSTM {
		first = append(first, zero)
	}
	state := p.Scan("step", x, first, step)
	p.Output("h", state[0])
	return p, m.scale()
}

// cell appends one step. The state is h, and for an LSTM also c.
func (m Recurrent) cell(p *program.Program, x program.Value, state []program.Value) []program.Value {
	h := state[0]
	s, full := m.scale(), int64(1)<<m.Bits
	sum := func(gate string) program.Value {
		w, u, bias := m.weights(gate)
		return p.Add(p.Linear(x, w, bias, "d"), p.Linear(h, u, nil, "d"))
	}
	sigma := func(gate string) program.Value {
		p.Begin(gate)
		defer p.End()
		return Activate(p, sum(gate), "sigmoid", m.weightScale()*s, program.Range{Hi: full - 1}, m.gateUnit())
	}
	tanh := func(v program.Value, scale float64) program.Value {
		return Activate(p, v, "tanh", scale, m.signed(), s)
	}
	times := p.Elementwise
	// rounded takes a product of a gate and a state back to units of the state.
	rounded := func(v program.Value, units int64) program.Value {
		return p.Step(v, program.Round(units*full, m.signed()))
	}
	switch m.Kind {
	case GRU:
		z, r := sigma("update"), sigma("reset")
		p.Begin("candidate")
		w, u, bias := m.weights("candidate")
		v := p.Add(p.Affine(full, p.Linear(x, w, bias, "d"), 0), times(r, p.Linear(h, u, nil, "d")))
		v = tanh(v, m.weightScale()*s*m.gateUnit())
		p.End()
		p.Begin("state")
		defer p.End()
		return []program.Value{rounded(p.Add(times(p.Affine(-1, z, full), h), times(z, v)), 1)}
	case LSTM:
		i, f, o := sigma("input"), sigma("forget"), sigma("output")
		p.Begin("candidate")
		g := tanh(sum("candidate"), m.weightScale()*s)
		p.End()
		p.Begin("cell")
		// The cell has room for ±2, twice the room of the state.
		c := rounded(p.Add(p.Affine(2, times(f, state[1]), 0), times(i, g)), 2)
		p.End()
		p.Begin("state")
		defer p.End()
		return []program.Value{rounded(times(o, tanh(c, 2*s)), 1), c}
	}
	return []program.Value{tanh(sum("state"), m.weightScale()*s)}
}

// Real computes the last state from the textbook formulas in float64: x [n,d] in real
// units, row-major.
func (m Recurrent) Real(x []float64) []float64 {
	m = m.defaults()
	d := m.Features
	h, c := make([]float64, d), make([]float64, d)
	for row := range slices.Chunk(x, d) {
		h, c = m.RealStep(row, h, c, 1)
	}
	return h
}

// RealStep computes one step in float64 from the state h, and for an LSTM also from c. The gain
// multiplies the weights of the state. It is 1 for the network itself, and more for a network
// that forgets less.
func (m Recurrent) RealStep(x, h, c []float64, gain float64) (nextH, nextC []float64) {
	m = m.defaults()
	d := m.Features
	// linear returns W·x + b and U·h of one gate.
	linear := func(gate string) (in, back []float64) {
		w, u, bias := m.weights(gate)
		state := realMatrix(u, gain, 1)
		for _, row := range state {
			floats.Scale(m.weightScale(), row)
		}
		in = times(scaled(bias, m.scale()*m.weightScale()), realMatrix(w, m.weightScale(), 1), x)
		return in, times(nil, state, h)
	}
	gate := func(name string, f func(float64) float64) []float64 {
		sum := plus(linear(name))
		for i := range sum {
			sum[i] = f(sum[i])
		}
		return sum
	}
	nextH, nextC = make([]float64, d), slices.Clone(c)
	switch m.Kind {
	case GRU:
		z, r := gate("update", sigmoid), gate("reset", sigmoid)
		in, back := linear("candidate")
		for k := range nextH {
			nextH[k] = float64((1-z[k])*h[k]) + float64(z[k]*math.Tanh(in[k]+float64(r[k]*back[k])))
		}
	case LSTM:
		i, f, o := gate("input", sigmoid), gate("forget", sigmoid), gate("output", sigmoid)
		for k, g := range gate("candidate", math.Tanh) {
			nextC[k] = float64(f[k]*c[k]) + float64(i[k]*g)
			nextH[k] = float64(o[k] * math.Tanh(nextC[k]))
		}
	default:
		nextH = gate("state", math.Tanh)
	}
	return nextH, nextC
}

// StateSize is the number of features of the state h; for an LSTM, c has as many.
func (m Recurrent) StateSize() int { return m.defaults().Features }

// StateWeights returns the real matrix by which a gate reads the state. An Elman network has the
// gate "state"; a GRU has "update", "reset" and "candidate"; an LSTM has "input", "forget",
// "output" and "candidate".
func (m Recurrent) StateWeights(gate string) [][]float64 {
	m = m.defaults()
	_, u, _ := m.weights(gate)
	return realMatrix(u, m.weightScale(), 1)
}

// recurrentOf returns the network that the parameters describe.
func recurrentOf(kind RecurrentKind, a Args) Recurrent {
	m := given[Recurrent](a)
	m.Kind = kind
	return m
}

// recurrentFamily is the family of one kind of network.
func recurrentFamily(kind RecurrentKind, doc, depth string) Family {
	return Family{
		Name: string(kind), Doc: doc, Depth: depth, Steps: "n", Stage: "step",
		Params: []Param{
			length("steps"),
			number("d", "features of inputs and of the state", 2),
			number("bits", "bits of inputs, gates and state", 3),
			choice("order", "one step after another, or a tree of maps between all states, for few states",
				SerialOrder, []string{SerialOrder, TreeOrder}),
		},
		block: func(a Args) (block, error) {
			m := recurrentOf(kind, a)
			b := realBlock(m, m.Bits)
			if a["order"] == TreeOrder {
				b.program = Reassociated{m}.program
			}
			return b, nil
		},
	}
}

// Recurrent returns the recurrent network of a spec of one of the families rnn, gru and
// lstm.
func (s Spec) Recurrent() (Recurrent, error) {
	kind := RecurrentKind(s.Family.Name)
	if err := cmp.Or(oneOf("recurrent network", kind, recurrentKinds), s.check()); err != nil {
		return Recurrent{}, err
	}
	m := recurrentOf(kind, s.Args).defaults()
	return m, m.check(1)
}
