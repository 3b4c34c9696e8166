package compile

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/tc0lab/tc0/compile/program"
)

// S4 is a time-invariant state-space model with generic weights, in its convolutional form. Each
// feature has a diagonal state of its own:
//
//	h_t = a ⊙ h_{t−1} + B·x_t,  y_t = C·h_t + D·x_t,
//
// which is y_t = Σ_{s≤t} K[t−s]·x_s + D·x_t with the constant kernel K[k] = Σ_j C_j·B_j·a_j^k
// (Gu, Goel and Ré 2022). The kernel is rounded to 2^−kernelBits = 2^−8. The last rounding adds
// an error of up to half a unit of output. The rounded kernel adds up to n·2^−9 times the
// largest input, which is a unit at n = 256.
//
// All decays are below 1, so the rounded kernel ends: an output reads a window of positions, and its
// fan-in does not grow with n (NC0). With Memory = [MemoryAll] the first state of each feature has
// the decay 1 and the weight 1, and no weight is negative. Then every earlier position counts (TC0):
// where all other inputs are 0, it alone can change the output. Such sums have no bound. So outputs
// are clipped beyond 2^Bits − 1 times the largest input, in [S4.Real] too.
//
// Depth: 1, a Step on a Sum, for every n.
type S4 struct {
	Features int    `param:"d" zero:"4" most:"1024"`     // d; 0 means 4
	State    int    `param:"state" zero:"2" most:"1024"` // 0 means 2
	Bits     int    `param:"bits" zero:"3" most:"12"`    // of an input and of an output, two's complement; 0 means 3
	Memory   Memory `param:"memory" zero:"window"`       // "" means MemoryWindow
	Seed     uint64 `param:"seed"`                       // of the generic weights
}

// Memory is what a state-space model keeps of positions that are far away.
type Memory string

// The memories.
const (
	MemoryWindow Memory = "window" // nothing: it reads a window of positions
	MemoryAll    Memory = "all"    // a part of each, at every n
)

var memories = []Memory{MemoryWindow, MemoryAll}

// kernelBits is the precision of kernels and skip weights.
const kernelBits = 8

func (m S4) defaults() S4 { return filled(m) }

func (m S4) check(n int) error {
	return cmp.Or(oneOf("memory", m.Memory, memories), checkSizes("s4", m, size{name: "n", v: n, most: 1 << 12}))
}

// weights returns the real decays a [d][state], the products C·B [d][state] and the
// skip weights D [d].
func (m S4) weights() (decay, gain [][]float64, skip []float64) {
	decay = realMatrix(genericMatrix(m.Features, m.State, 7, m.Seed, "decay"), 1, 16)
	for _, row := range decay {
		for j, v := range row {
			row[j] = 0.5 + math.Abs(v)
		}
	}
	gain = realMatrix(genericMatrix(m.Features, m.State, 7, m.Seed, "gain"), 1, float64(7*m.State))
	skip = genericReals(m.Features, 7, 7, m.Seed, "skip")
	if m.Memory == MemoryAll {
		for f, c := range gain {
			for j := range c {
				c[j] = math.Abs(c[j])
			}
			decay[f][0], c[0], skip[f] = 1, 1, math.Abs(skip[f])
		}
	}
	return decay, gain, skip
}

// unit returns how many units of the sum make one unit of output. It is so large that outputs are
// never clipped, however long the input is, unless a state forgets nothing.
func (m S4) unit() int64 {
	if m.Memory == MemoryAll {
		return (1<<m.Bits - 1) << kernelBits // less than the least input makes, twice, by the weight 1
	}
	decay, gain, skip := m.weights()
	most := 0.0
	for f := range skip {
		sum := math.Abs(skip[f])
		for j, c := range gain[f] {
			sum += math.Abs(c) / (1 - decay[f][j])
		}
		most = max(most, sum)
	}
	return int64(math.Ceil(math.Ldexp(most, kernelBits)))
}

// OutputScale returns the real value of one unit of output.
func (m S4) OutputScale() float64 {
	m = m.defaults()
	return unitOf(m.Bits) * math.Ldexp(float64(m.unit()), -kernelBits)
}

// Program returns the model for n positions: input "x" [n,d], output "y" [n,d].
func (m S4) Program(n int) (*program.Program, error) { return sized(m, n) }

// OpenProgram returns the model for every n.
func (m S4) OpenProgram() (*program.Program, error) { return opened(m) }

func (m S4) build(n program.Dim) (*program.Program, float64) {
	p, x := sequence(n, m.Features, m.Bits, "s4 %v d=%d state=%d bits=%d", n, m.Features, m.State, m.Bits)
	if n := n.OrOne(); n*n > program.MostElements/m.Features {
		p.Fail(fmt.Errorf("compile: s4: the kernel of n=%d, d=%d has more than %d entries", n, m.Features,
			program.MostElements))
	}
	p.Begin("convolution")
	y := roundTo(p, m.convolve(p, x), m.unit(), program.Signed(m.Bits))
	p.End()
	p.Output("y", y)
	return p, m.OutputScale()
}

// convolve returns the convolution of x with the kernel.
func (m S4) convolve(p *program.Program, x program.Value) program.Value {
	kernel, tail := m.kernel()
	if m.Memory == MemoryAll {
		return p.ConvolveAll(x, kernel, tail)
	}
	return p.Convolve(x, kernel)
}

// kernel returns the rounded taps of each feature, up to where they no longer change, and the tap of
// all greater lags: 0 if all decays are below 1, else that of the state with decay 1.
func (m S4) kernel() (kernel [][]int64, tail []int64) {
	decay, gain, skip := m.weights()
	kernel, tail = make([][]int64, m.Features), make([]int64, m.Features)
	round := func(v float64) int64 { return int64(math.RoundToEven(math.Ldexp(v, kernelBits))) }
	for f := range kernel {
		powers := slices.Clone(gain[f])
		for lag, rest := 0, math.Inf(1); rest >= math.Ldexp(0.5, -kernelBits); lag++ {
			k := 0.0
			rest = 0
			for j := range powers {
				k += powers[j]
				powers[j] *= decay[f][j]
				if decay[f][j] < 1 {
					rest += math.Abs(powers[j])
				}
			}
			if lag == 0 {
				k += skip[f]
			}
			kernel[f] = append(kernel[f], round(k))
		}
		if m.Memory == MemoryAll {
			tail[f] = round(gain[f][0])
		}
	}
	return kernel, tail
}

// Real computes the model from the textbook recurrence in float64. The shapes are x [n,d] and
// result [n,d], row-major, in real units.
func (m S4) Real(x []float64) []float64 {
	m = m.defaults()
	decay, gain, skip := m.weights()
	states := make([]float64, m.Features*m.State)
	y := make([]float64, len(x))
	for i, v := range x {
		f := i % m.Features
		y[i] = float64(skip[f] * v)
		h := states[f*m.State:][:m.State]
		for j := range h {
			h[j] = float64(decay[f][j]*h[j]) + v
			y[i] += float64(gain[f][j] * h[j])
		}
	}
	if m.Memory == MemoryAll {
		out, unit := program.Signed(m.Bits), m.OutputScale()
		return clipped(y, float64(out.Lo)*unit, float64(out.Hi)*unit)
	}
	return y
}

// memoryParam is the parameter of [Memory].
var memoryParam = choice("memory", "what an output reads: a window of positions, and what is farther is forgotten, "+
	"or all earlier ones", MemoryWindow, memories)

var s4Family = Family{
	Name: "s4", Doc: "time-invariant state-space model in convolutional form", Depth: "1",
	Params: []Param{
		length("positions"),
		number("d", "features", 4),
		number("state", "size of the state of one feature", 2),
		number("bits", "bits of an input and of an output", 3),
		memoryParam,
	},
	block: func(a Args) (block, error) {
		m := given[S4](a)
		return realBlock(m, m.Bits), m.check(1) // no parameter may be 0
	},
}

// StateSpaceForm is a form of a state-space model.
type StateSpaceForm string

// The forms of a state-space model.
const (
	Convolution StateSpaceForm = "convolution" // the whole sequence at once, with the constant kernel of the recurrence
	Recurrence  StateSpaceForm = "recurrence"  // step by step, the state rounded after each
)

var stateSpaceForms = []StateSpaceForm{Convolution, Recurrence}

// SSM is the output of a time-invariant state-space model, [S4], at the last position, in one of
// its two forms. In real numbers both forms are the same function. In integers they differ: the
// convolution rounds once, at the end; the recurrence rounds its state to StateBits bits at
// every step.
//
// Depth: the convolution has 1, for every n. The recurrence has n + 1 as it is unrolled here: one
// for each state and one for the output. That is not a lower bound. The convolutional form is
// in L-uniform TC0 (Merrill, Petty and Sabharwal, arXiv 2404.08819).
type SSM struct {
	S4
	Form      StateSpaceForm `param:"kind" zero:"convolution"` // Convolution or Recurrence; "" means Convolution
	StateBits int            `param:"state_bits" most:"12"`    // of a rounded state, two's complement; 0 means Bits + 1
}

func (m SSM) defaults() SSM {
	m.S4 = m.S4.defaults()
	m = filled(m)
	fill(&m.StateBits, m.Bits+1)
	return m
}

func (m SSM) check(n int) error {
	return cmp.Or(
		oneOf("form of a state-space model", m.Form, stateSpaceForms),
		m.forgets(),
		checkSizes("ssm", m),
		m.S4.check(n),
	)
}

// forgets refuses a recurrence that forgets nothing: it keeps (1 − a)·h, which is 0 for the decay 1.
func (m SSM) forgets() error {
	if m.Form == Recurrence && m.Memory == MemoryAll {
		return fmt.Errorf("compile: ssm: the form %s has memory=%s only", Recurrence, MemoryWindow)
	}
	return nil
}

// Program returns the model for n positions: input "x" [n,d], output "y" [d].
func (m SSM) Program(n int) (*program.Program, error) { return sized(m, n) }

// OpenProgram returns the model for every n.
func (m SSM) OpenProgram() (*program.Program, error) { return opened(m) }

func (m SSM) build(n program.Dim) (*program.Program, float64) {
	p, x := sequence(n, m.Features, m.Bits, "ssm %s %v d=%d state=%d bits=%d", m.Form, n, m.Features, m.State, m.Bits)
	var y program.Value
	if m.Form == Convolution {
		p.Begin("convolution")
		y = roundTo(p, lastRow(p, m.convolve(p, x)), m.unit(), program.Signed(m.Bits))
		p.End()
	} else {
		y = m.recur(p, x)
	}
	p.Output("y", y)
	return p, m.OutputScale()
}

// recur appends the recurrence of g = (1 − a)⊙h: g' = a⊙g + (1 − a)⊙x and
// y = Σ C/(1 − a)·g + D·x. As x does, g stays within 1.
func (m SSM) recur(p *program.Program, x program.Value) program.Value {
	const parts = 1 << kernelBits
	decay, gain, skip := m.weights()
	state := m.Features * m.State
	fixed := func(v float64) int64 { return int64(math.RoundToEven(v * parts)) }
	// One unit of x is fine units of the sum, and one unit of g is coarse units.
	fine := int64(1) << max(0, m.StateBits-m.Bits)
	coarse := int64(1) << max(0, m.Bits-m.StateBits)
	// spread has an entry where the state of the row belongs to the feature of the column.
	spread := func(at func(f, k int) int64) *program.Matrix {
		return program.NewMatrix(state, m.Features, func(i, f int) int64 {
			if i/m.State != f {
				return 0
			}
			return at(f, i%m.State)
		})
	}
	keep := diagonal(state, state, func(i int) int64 { return coarse * fixed(decay[i/m.State][i%m.State]) })
	take := spread(func(f, k int) int64 { return fine * (parts - fixed(decay[f][k])) })
	read := transposed(spread(func(f, k int) int64 { return coarse * fixed(gain[f][k]/(1-decay[f][k])) }))
	direct := diagonal(m.Features, m.Features, func(f int) int64 { return fine * fixed(skip[f]) })
	zero := p.Const(program.Shape{program.NewDim("state", state)}, make([]int64, state))
	g := p.Scan("step", x, []program.Value{zero}, func(x program.Value, now []program.Value) []program.Value {
		sum := p.Add(p.Linear(now[0], keep, nil, "state"), p.Linear(x, take, nil, "state"))
		return []program.Value{p.Step(sum, program.Round(parts*coarse, program.Signed(m.StateBits)))}
	})[0]
	p.Begin("output")
	defer p.End()
	final := lastRow(p, x)
	sum := p.Add(p.Linear(g, read, nil, "d"), p.Linear(final, direct, nil, "d"))
	return roundTo(p, sum, fine*m.unit(), program.Signed(m.Bits))
}

// Real computes the model from the textbook recurrence in float64. The shapes are x [n,d] and
// result [d], in real units. The result is the last row of [S4.Real].
func (m SSM) Real(x []float64) []float64 {
	m = m.defaults()
	y := m.S4.Real(x)
	return y[len(y)-m.Features:]
}

var ssmFamily = Family{
	Name: "ssm", Doc: "last output of a state-space model, by convolution or by its rounded recurrence",
	Depth: "1 (convolution), n + 1 (recurrence)", Steps: "n", Stage: "step",
	Params: slices.Concat(
		[]Param{length("positions"), choice("kind", "form", Convolution, stateSpaceForms)},
		s4Family.without("n"),
		[]Param{number("state_bits", "bits of a state of the recurrence; 0: one more", 0)},
	),
	block: func(a Args) (block, error) {
		m := given[SSM](a)
		return realBlock(m, m.Bits), cmp.Or(m.forgets(), m.S4.check(1))
	},
}
