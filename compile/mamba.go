package compile

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/tc0lab/tc0/compile/program"
)

// Mamba is a selective state-space model with generic weights (Gu and Dao 2023). Its
// mixing is, for each feature f and state k,
//
//	δ_t = softplus(W_δ·x_t), B_t = W_B·x_t, C_t = W_C·x_t
//	h_t = exp(−A_k·δ_t)·h_{t−1} + δ_t·B_t·x_t,  y_t = Σ_k C_t·h_t + D·x_t,
//
// unrolled to y_t = Σ_{s≤t} Σ_k exp(−A_k·Σ_{s<r≤t} δ_r)·δ_s·x_s·B_s·C_t + D·x_t. A Block also
// has the parts around the mixing, as in the network: x is silu of a short causal convolution
// of a projection; y is multiplied by silu of another projection, and then projected.
//
// Depth: mixing 3 for every n. The thresholds of δ absorb the bits of x, B and C. The
// thresholds of exp compare sums of δ and absorb the products. One Step requantises. A block
// has depth 5: one more level for silu after the convolution, and one for the last
// requantisation.
// The scan is the exact sum. A recurrence that rounds at each step is another function.
//
// A decay that rounds to 0 forgets, so that an output reads a window of positions where no δ is 0, and
// the fan-in does not grow with n (NC0). With Memory = [MemoryAll] a decay is at least 1 of its
// levels. Then each earlier position counts at every n (TC0). Such sums have no bound, so they are
// clipped beyond 1 plus the greatest value that comes into the mixing, in [Mamba.Real] too.
//
// Source: Merrill, Petty and Sabharwal (2024) have an upper bound without circuits.
type Mamba struct {
	Features  int    `param:"d" zero:"2" most:"256" count:"1048576"` // d; 0 means 2
	State     int    `param:"state" zero:"2" most:"256"`             // 0 means 2
	Bits      int    `param:"bits" zero:"2" most:"8"`                // of every quantised value; 0 means 2
	ExpLevels int    `param:"exp_levels" most:"4096"`                // thresholds of the decays; 0 means 2^(Bits+1) − 1
	Block     bool   `param:"kind=block"`                            // with convolution, gate and projections
	Memory    Memory `param:"memory" zero:"window"`                  // "" means MemoryWindow
	Seed      uint64 `param:"seed"`                                  // of the generic weights

	counting
}

func (m Mamba) defaults() Mamba {
	m = filled(m)
	if m.Bits < 12 { // check refuses more
		fill(&m.ExpLevels, 1<<(m.Bits+1)-1)
	}
	return m
}

func (m Mamba) check(n int) error {
	if err := cmp.Or(oneOf("memory", m.Memory, memories), checkSizes("mamba", m, size{name: "n", v: n, most: 1 << 10})); err != nil {
		return err
	}
	if n*n > program.MostElements/m.Features {
		return fmt.Errorf("compile: mamba: n=%d, d=%d makes more than %d pairs", n, m.Features, program.MostElements)
	}
	return nil
}

// generic returns a generic integer matrix. Multiplied by weightScale, the absolute sum of each
// row is at most 1.
func (m Mamba) generic(rows int, tag string) *program.Matrix {
	return m.counting.generic(rows, m.Features, 7, m.Seed, tag)
}

func (m Mamba) weightScale() float64 { return 1 / float64(7*m.Features) }

func (m Mamba) skip() []float64 { return genericReals(m.Features, 7, 7, m.Seed, "skip") }

// rate is A_k.
func (m Mamba) rate(k int) float64 { return float64(k+1) / 2 }

// least is the least level of a decay.
func (m Mamba) least() int64 {
	if m.Memory == MemoryAll {
		return 1
	}
	return 0
}

// blockGain is the factor by which the projections of a block enlarge, as the norm before it
// would do. Without it the values after two functions and a product would be nearly 0.
const blockGain = 4

// reach bounds the values that come into the mixing: the input, or silu of a convolution. The
// taps of the convolution add up to 5/4.
func (m Mamba) reach() float64 {
	if m.Block {
		return blockGain * 1.25
	}
	return 1
}

// deltaUnit is the real value of one unit of δ.
func (m Mamba) deltaUnit() float64 { return softplus(1) / float64(int64(1)<<m.Bits-1) }

// innerScale is the unit of the matrices that read what comes into the mixing. With this unit
// their results are at most 1.
func (m Mamba) innerScale() float64 { return m.weightScale() / m.reach() }

// mixReach is the greatest output of the mixing that is not clipped.
func (m Mamba) mixReach() float64 { return 1 + m.reach() }

// blockReach is the same for a block.
const blockReach = 1

// decay is exp(−A_k·w) in levels, for w units of δ.
func (m Mamba) decay(k int, w int64) int64 {
	rate := m.rate(k) * m.deltaUnit()
	return max(m.least(), int64(math.Floor(float64(m.ExpLevels)*math.Exp(-rate*float64(w))+0.5)))
}

// lags is the number of positions up to t that y_t can read through state k, if each δ is at least least: at
// greater lags every decay rounds to 0. It is 0 if no number bounds them.
func (m Mamba) lags(k int, least int64) int {
	if least == 0 || m.Memory == MemoryAll {
		return 0
	}
	return sort.Search(math.MaxInt32, func(lag int) bool { return m.decay(k, int64(lag)*least) == 0 })
}

// past arranges what each position reads of earlier ones. Element [t,s,f] of sums is the sum of δ after the source s
// and up to t, and that of sources is the value of the source. If lags is not 0, s is no position, but how far one is
// before t. The function masked sets to 0 what is not in the past.
//
// Shapes: δ and values [n,d]; results [n,s,d], with s = n, or s = lags.
func past(p *program.Program, delta, values program.Value, lags int) (
	sums, sources program.Value, masked func(program.Value) program.Value,
) {
	n, d := delta.Shape()[0], delta.Shape()[1]
	if lags == 0 {
		s := n.Renamed("s")
		masked = func(v program.Value) program.Value { return p.CausalMask(v, 0, 1, 0) }
		sources = p.Broadcast(p.Reshape(values, program.Shape{s, d}, "sources"), n)
		return p.Window(delta, s.Name), p.Transpose(sources, 2, 0, 1), masked
	}
	lag := program.NewDim(fmt.Sprintf("lag_%d", lags), lags)
	kernels := make([][]int64, d.Size()*lags)
	for i := range kernels {
		kernels[i] = slices.Repeat([]int64{1}, i%lags)
	}
	flat := program.Shape{n, program.NewDim("sums_of_"+lag.Name, len(kernels))}
	sums = p.Convolve(p.Reshape(p.Broadcast(delta, lag), flat, "sums"), kernels)
	sums = p.Transpose(p.Reshape(sums, program.Shape{n, d, lag}, "sums"), 0, 2, 1)
	return sums, p.Delayed(values, lag), p.FromStart
}

// mix appends the mixing of x [n,d]. One unit of x is scale. It returns the result and its
// scale.
func (m Mamba) mix(p *program.Program, x program.Value, scale float64) (program.Value, float64) {
	d := x.Shape()[1]
	p.Begin("delta")
	delta := Activate(p, p.Linear(x, m.generic(d.Size(), "delta"), nil, d.Name), "softplus", scale*m.innerScale(),
		program.Range{Hi: 1<<m.Bits - 1}, m.deltaUnit())
	p.End()
	p.Begin("inputs")
	drive := p.Contract("sf,sf->sf", delta, x)
	b := p.Linear(x, m.generic(m.State, "B"), nil, "state")
	c := p.Linear(x, m.generic(m.State, "C"), nil, "state")
	p.End()
	levels := float64(m.ExpLevels)
	var y program.Value
	for k := range m.State {
		column := func(v program.Value) program.Value { return p.Column(v, k, fmt.Sprintf("state %d", k)) }
		lags := m.lags(k, delta.Bounds().Lo)
		p.Begin("inputs")
		sums, sources, masked := past(p, delta, p.Contract("sf,s->sf", drive, column(b)), lags)
		product := masked(p.Contract("tsf,t->tsf", sources, column(c)))
		p.End()
		p.Begin("decay")
		decay := p.Step(sums, program.Monotone(p.Domain(sums, "decay"), func(w int64) int64 { return m.decay(k, w) }))
		p.Varies(decay)
		p.Literals(decay, expLevels(p, m.ExpLevels))
		decay = masked(decay)
		p.End()
		p.Begin("scan")
		part := p.Contract("tsf,tsf->tf", decay, product)
		if k == 0 {
			y = part
		} else {
			y = p.Add(y, part)
		}
		p.End()
	}
	fine := m.deltaUnit() * scale * float64(scale*m.innerScale()) * float64(scale*m.innerScale()) / levels
	p.Begin("output")
	defer p.End()
	skip := make([]int64, d.Size())
	for f, w := range m.skip() {
		skip[f] = int64(math.RoundToEven(w * scale / fine))
	}
	y = p.Add(y, p.Contract("tf,f->tf", x, p.Const(program.Shape{d}, skip)))
	unit := int64(math.Ceil(m.mixReach() * unitOf(m.Bits) / fine))
	return roundTo(p, y, unit, program.Signed(m.Bits)), float64(unit) * fine
}

// convolution holds the taps of the short convolution, for x_t and x_{t−1}, in quarters.
var convolution = [2]int64{3, 2}

// append appends the mixing, or the block around it.
func (m Mamba) append(p *program.Program, x program.Value, scale float64) (program.Value, float64) {
	if !m.Block {
		return m.mix(p, x, scale)
	}
	d := x.Shape()[1]
	p.Begin("convolution")
	in := p.Linear(x, m.generic(d.Size(), "in"), nil, d.Name)
	in = p.Convolve(in, slices.Repeat([][]int64{convolution[:]}, d.Size()))
	inner, out := m.reach()*unitOf(m.Bits), program.Signed(m.Bits)
	u := Activate(p, in, "silu", blockGain*scale*m.weightScale()/4, out, inner)
	p.End()
	y, ys := m.mix(p, u, inner)
	p.Begin("gate")
	z := Activate(p, p.Linear(x, m.generic(d.Size(), "gate"), nil, d.Name), "silu", blockGain*scale*m.weightScale(),
		out, inner)
	y = p.Contract("tf,tf->tf", y, z)
	p.End()
	p.Begin("projection")
	defer p.End()
	fine := ys * inner * m.weightScale()
	unit := int64(math.Ceil(blockReach * unitOf(m.Bits) / fine))
	y = p.Linear(y, m.generic(d.Size(), "out"), nil, d.Name)
	return p.Step(y, program.Round(unit, out)), float64(unit) * fine
}

// Program returns the model for n positions: input "x" [n,d], output "y" [n,d].
func (m Mamba) Program(n int) (*program.Program, error) { return sized(m, n) }

// OpenProgram returns the model for every n.
func (m Mamba) OpenProgram() (*program.Program, error) { return opened(m) }

func (m Mamba) build(n program.Dim) (*program.Program, float64) {
	p, x := sequence(n, m.Features, m.Bits, "mamba %v d=%d state=%d bits=%d", n, m.Features, m.State, m.Bits)
	y, scale := m.append(p, x, unitOf(m.Bits))
	p.Output("y", y)
	return p, scale
}

// Real computes the model from the textbook recurrence in float64. The shapes are x [n,d] and
// result [n,d], row-major, in real units.
func (m Mamba) Real(x []float64) []float64 {
	m = m.defaults()
	d := m.Features
	read := func(tag string, rows int, scale float64, v []float64) []float64 {
		return times(nil, realMatrix(m.generic(rows, tag), scale, 1), v)
	}
	outer, inner, silu := m.weightScale(), m.innerScale(), textbook["silu"]
	h := make([]mambaState, d*m.State)
	least := float64(m.least()) / float64(m.ExpLevels)
	before := make([]float64, d)
	skip := m.skip()
	var out []float64
	for t := 0; t < len(x); t += d {
		u := x[t : t+d]
		if m.Block {
			now := read("in", d, outer, u)
			u = make([]float64, d)
			for f := range u {
				u[f] = silu(blockGain * (float64(0.75*now[f]) + float64(0.5*before[f])))
			}
			before = now
		}
		delta, b, c := read("delta", d, inner, u), read("B", m.State, inner, u), read("C", m.State, inner, u)
		y := make([]float64, d)
		for f := range d {
			step := textbook["softplus"](delta[f])
			y[f] = float64(skip[f] * u[f])
			for k := range m.State {
				y[f] += float64(c[k] * h[f*m.State+k].next(math.Exp(-m.rate(k)*step), float64(step*b[k]*u[f]), least))
			}
		}
		if m.Memory == MemoryAll {
			clipped(y, -m.mixReach(), m.mixReach()*(1-unitOf(m.Bits)))
		}
		if m.Block {
			for f, z := range read("gate", d, outer, x[t:t+d]) {
				y[f] *= silu(blockGain * z)
			}
			y = read("out", d, outer, y)
		}
		out = append(out, y...)
	}
	return out
}

// mambaState is one number of the state, in real numbers: the sum, or its terms and their weights
// where none is to be forgotten.
type mambaState struct {
	sum            float64
	terms, weights []float64
}

// next adds a term, after the terms before decayed, and returns the sum. No weight falls below least.
func (h *mambaState) next(decay, term, least float64) float64 {
	if least == 0 {
		h.sum = float64(decay*h.sum) + term
		return h.sum
	}
	h.terms, h.weights = append(h.terms, term), append(h.weights, 1/decay)
	h.sum = 0
	for i, v := range h.terms {
		h.weights[i] *= decay
		h.sum += float64(max(h.weights[i], least) * v)
	}
	return h.sum
}

var mambaFamily = Family{
	Name: "mamba", Doc: "selective state-space model: its mixing, or the block around it",
	Depth: "3 (mixing), 5 (block)",
	Params: []Param{
		length("positions"),
		number("d", "features", 2),
		number("state", "size of the state of one feature", 2),
		number("bits", "bits of every quantised value", 2),
		choice("kind", "the mixing alone, or with convolution, gate and projections", "mixing",
			[]string{"mixing", "block"}),
		memoryParam,
		number("exp_levels", "thresholds of the decays; 0: 2^(bits+1) − 1", 0),
	},
	block: func(a Args) (block, error) {
		m := given[Mamba](a)
		return realBlock(m, m.Bits), nil
	},
}
