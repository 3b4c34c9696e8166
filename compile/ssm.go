package compile

import (
	"fmt"
	"math"

	"github.com/tc0lab/tc0/compile/program"
)

// The forms of a state-space model.
const (
	Convolution = "convolution" // the whole sequence at once, with the constant kernel of the recurrence
	Recurrence  = "recurrence"  // step by step, the state rounded after each
)

// SSM is the output of a time-invariant state-space model, [S4], at the last position,
// in one of its two forms. In real numbers they are the same function. In integers they
// are not: the convolution rounds once, at the end, and the recurrence rounds its state
// at every step, to StateBits bits.
//
// Depth: of the convolution 1, for every n. Of the recurrence n + 1, one for each state
// and one for the output, as it is unrolled here; that is no lower bound. The
// convolutional form is in L-uniform TC0 (Merrill, Petty and Sabharwal, arXiv
// 2404.08819).
type SSM struct {
	S4
	Form      string // Convolution or Recurrence; "" means Convolution
	StateBits int    // bits of a rounded state, two's complement; 0 means Bits + 1
}

func (m SSM) defaults() SSM {
	m.S4 = m.S4.defaults()
	if m.Form == "" {
		m.Form = Convolution
	}
	if m.StateBits == 0 {
		m.StateBits = m.Bits + 1
	}
	return m
}

func (m SSM) check(n int) error {
	if m.Form != Convolution && m.Form != Recurrence {
		return &UnknownError{"form of a state-space model", m.Form, []string{Convolution, Recurrence}}
	}
	if err := checkSizes("ssm", []size{{"state_bits", m.StateBits, 12}}); err != nil {
		return err
	}
	return m.S4.check(n)
}

// Program returns the model for n positions: input "x" [n,d], output "y" [d].
func (m SSM) Program(n int) (*program.Program, error) { return m.program(program.NewDim("n", n)) }

// OpenProgram returns the model for every n.
func (m SSM) OpenProgram() (*program.Program, error) { return m.program(program.OpenDim("n")) }

func (m SSM) program(n program.Dim) (*program.Program, error) {
	m = m.defaults()
	if err := m.check(n.OrOne()); err != nil {
		return nil, err
	}
	p := program.New(fmt.Sprintf("ssm %s %v d=%d state=%d bits=%d", m.Form, n, m.Features, m.State, m.Bits))
	d := program.NewDim("d", m.Features)
	x := featureInput(p, "x", program.Shape{n, d}, m.Bits, true)
	out := program.Range{Lo: -1 << (m.Bits - 1), Hi: 1<<(m.Bits-1) - 1}
	var y program.Value
	if m.Form == Convolution {
		p.Begin("convolution")
		y = p.Step(p.Select(p.Last(p.Convolve(x, m.kernel()), program.NewDim("last", 1)), 0), program.Round(m.unit(), out))
		p.End()
	} else {
		y = m.recur(p, x, out)
	}
	p.Literals(y, levelsOf(p, out))
	p.Output("y", y)
	return p, p.Err()
}

// recur appends the recurrence of g = (1 − a)⊙h, which stays within 1 as x does:
// g' = a⊙g + (1 − a)⊙x and y = Σ C/(1 − a)·g + D·x.
func (m SSM) recur(p *program.Program, x program.Value, out program.Range) program.Value {
	const parts = 1 << kernelBits
	decay, gain, skip := m.weights()
	state := m.Features * m.State
	fixed := func(v float64) int64 { return int64(math.RoundToEven(v * parts)) }
	// Units of the sum in one of the state: an x has more of them than a g.
	fine := int64(1) << max(0, m.StateBits-m.Bits)
	coarse := int64(1) << max(0, m.Bits-m.StateBits)
	keep := program.NewMatrix(state, state, func(i, j int) int64 {
		if i != j {
			return 0
		}
		return coarse * fixed(decay[i/m.State][i%m.State])
	})
	take := program.NewMatrix(state, m.Features, func(i, f int) int64 {
		if i/m.State != f {
			return 0
		}
		return fine * (parts - fixed(decay[f][i%m.State]))
	})
	read := program.NewMatrix(m.Features, state, func(f, i int) int64 {
		if i/m.State != f {
			return 0
		}
		return coarse * fixed(gain[f][i%m.State]/(1-decay[f][i%m.State]))
	})
	direct := program.NewMatrix(m.Features, m.Features, func(f, g int) int64 {
		if f != g {
			return 0
		}
		return fine * fixed(skip[f])
	})
	levels := program.Range{Lo: -1 << (m.StateBits - 1), Hi: 1<<(m.StateBits-1) - 1}
	zero := p.Const(program.Shape{program.NewDim("state", state)}, make([]int64, state))
	last := p.Scan("step", x, []program.Value{zero}, func(x program.Value, now []program.Value) []program.Value {
		sum := p.Add(p.Linear(now[0], keep, nil, "state"), p.Linear(x, take, nil, "state"))
		return []program.Value{p.Step(sum, program.Round(parts*coarse, levels))}
	})
	p.Begin("output")
	defer p.End()
	final := p.Select(p.Last(x, program.NewDim("last", 1)), 0)
	sum := p.Add(p.Linear(last[0], read, nil, "d"), p.Linear(final, direct, nil, "d"))
	return p.Step(sum, program.Round(fine*m.unit(), out))
}

// Real computes the model from the textbook recurrence in float64: x [n,d] in real
// units, row-major; the last row of the result.
func (m SSM) Real(x []float64) []float64 {
	m = m.defaults()
	y := m.S4.Real(x)
	return y[len(y)-m.Features:]
}

// ssmFamily is the family of both forms.
func ssmFamily() Family {
	of := func(a Args) (SSM, error) {
		m := SSM{S4: s4Of(a), Form: a["kind"], StateBits: a.Int("state_bits")}
		return m, m.S4.check(1)
	}
	return Family{
		Name: "ssm", Doc: "last output of a state-space model, by convolution or by its rounded recurrence",
		Depth: "1 (convolution), n + 1 (recurrence)", Class: "TC0 (convolution)",
		Steps: "n", Stage: "step",
		Params: append([]Param{
			{Name: "n", Doc: "positions"},
			{Name: "kind", Doc: "form", Default: Convolution, Choices: []string{Convolution, Recurrence}},
			{Name: "d", Doc: "features", Default: "4"},
			{Name: "state", Doc: "size of the state of one feature", Default: "2"},
			{Name: "bits", Doc: "bits of an input and of an output", Default: "3"},
			{Name: "state_bits", Doc: "bits of a state of the recurrence; 0: one more", Default: "0"},
		}, common...),
		open: func(a Args) (*program.Program, error) {
			m, err := of(a)
			if err != nil {
				return nil, err
			}
			return m.OpenProgram()
		},
		build: func(a Args) (*Instance, error) {
			m, err := of(a)
			if err != nil {
				return nil, err
			}
			p, err := m.Program(a.Int("n"))
			if err != nil {
				return nil, err
			}
			return &Instance{p, func(in []int64) []float64 { return m.Real(scaled(in, m.scale())) }, m.OutputScale()}, nil
		},
	}
}
