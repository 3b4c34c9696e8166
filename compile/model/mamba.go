package model

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// Selective are the sizes of a Mamba, a stack of selective state-space models (Gu and
// Dao 2023), as its config.json says.
type Selective struct {
	Hidden     int    // d
	Inner      int    // features of the state-space model
	State      int    // of each inner feature
	Layers     int    //
	Kernel     int    // taps of the short convolution
	Rank       int    // of the map to the step sizes
	Activation string // of convolution and gate, by its name in package compile
	Bias       bool   // of the projections
	ConvBias   bool
	Tied       bool
}

// configureMamba reads the config.json of a Mamba.
func configureMamba(doc document, c *Config) error {
	c.epsilon = 1e-5
	s := &Selective{Kernel: 4, Activation: "silu", ConvBias: true, Tied: true}
	expand := 2.0
	err := fields{
		"conv_kernel":         sizeInto(&s.Kernel),
		"expand":              positive(&expand),
		"hidden_act":          function(&s.Activation),
		"hidden_size":         sizeInto(&s.Hidden),
		"intermediate_size":   sizeInto(&s.Inner),
		"layer_norm_epsilon":  positive(&c.epsilon),
		"num_hidden_layers":   layersInto(&s.Layers),
		"state_size":          sizeInto(&s.State),
		"tie_word_embeddings": into(&s.Tied),
		"time_step_rank": func(raw json.RawMessage) error {
			if string(raw) == `"auto"` {
				return nil
			}
			return sizeInto(&s.Rank)(raw)
		},
		"use_bias":      into(&s.Bias),
		"use_conv_bias": into(&s.ConvBias),
		"vocab_size":    tokensInto(&c.Input.Vocab),
	}.with(
		"d_inner", "d_model", "fused_add_norm", "n_layer", "pad_vocab_size_multiple", "rescale_prenorm_residual",
		"residual_in_fp32", "rms_norm", "ssm_cfg", "time_step_floor", "time_step_init_scheme", "time_step_max",
		"time_step_min", "time_step_scale", "use_mambapy",
	).read(doc, "hidden_size", "num_hidden_layers", "state_size", "vocab_size")
	if err != nil {
		return err
	}
	if inner := expand * float64(s.Hidden); s.Inner == 0 && !(inner >= 1 && inner <= most) {
		return doc.place(badField("expand", "%v times hidden_size is outside 1..%d", expand, most))
	}
	s.Inner, s.Rank = cmp.Or(s.Inner, int(expand*float64(s.Hidden))), cmp.Or(s.Rank, (s.Hidden+15)/16)
	c.Selective, c.HiddenSize, c.IntermediateSize, c.Activation = s, s.Hidden, s.Inner, s.Activation
	c.Input.Kind, c.positions = "tokens", most
	return nil
}

// The tensors of a Mamba that are not part of a layer.
const (
	mambaEmbedding = "backbone.embeddings.weight"
	mambaNorm      = "backbone.norm_f.weight"
)

// mixer returns the name of a tensor of a layer.
func mixer(layer int, name string) string {
	if name != "norm.weight" {
		name = "mixer." + name
	}
	return fmt.Sprintf("backbone.layers.%d.%s", layer, name)
}

func mambaTensors(c *Config) []tensorSpec {
	s := c.Selective
	specs := []tensorSpec{spec(mambaEmbedding, c.Input.Vocab, s.Hidden)}
	for l := range s.Layers {
		add := func(name string, shape ...int) { specs = append(specs, spec(mixer(l, name), shape...)) }
		add("norm.weight", s.Hidden)
		add("in_proj.weight", 2*s.Inner, s.Hidden)
		add("conv1d.weight", s.Inner, 1, s.Kernel)
		add("x_proj.weight", s.Rank+2*s.State, s.Inner)
		add("dt_proj.weight", s.Inner, s.Rank)
		add("dt_proj.bias", s.Inner)
		add("A_log", s.Inner, s.State)
		add("D", s.Inner)
		add("out_proj.weight", s.Hidden, s.Inner)
		if s.ConvBias {
			add("conv1d.bias", s.Inner)
		}
		if s.Bias {
			add("in_proj.bias", 2*s.Inner)
			add("out_proj.bias", s.Hidden)
		}
	}
	specs = append(specs, spec(mambaNorm, s.Hidden))
	if !s.Tied {
		specs = append(specs, spec(s.unembedding(), c.Input.Vocab, s.Hidden))
	}
	return specs
}

// unembedding returns the name of the matrix that the logits come from.
func (s *Selective) unembedding() string {
	if s.Tied {
		return mambaEmbedding
	}
	return "lm_head.weight"
}

// forwardMamba computes a Mamba by its recurrence, token by token: with h the norm
// of x, (v, z) = W_in·h, u = f(conv(v)), (r, B, C) = W_x·u, δ = softplus(W_δ·r + b),
//
//	S ← exp(−exp(A)·δ)·S + δ·u·B,  y = Σ_k C_k·S_k + D·u,  x ← x + W_out·(y ⊙ f(z)).
func forwardMamba(m *Model, in []int64, observe observer) []float64 {
	s := m.Config.Selective
	x := m.tokens(mambaEmbedding, in)
	for l := range s.Layers {
		layer := &mambaLayer{
			m: m, s: s, f: m.Config.function(), name: func(name string) string { return mixer(l, name) },
			seen: func(what string, v []float64) []float64 {
				observe(layerPart(l, what), v)
				return v
			},
			state: make([]float64, s.Inner*s.State),
		}
		for t := range x {
			floats.Add(x[t], layer.step(x[t]))
			layer.seen("residual", x[t])
		}
	}
	return m.unembed(x, m.normOf(mambaNorm), s.unembedding(), observe)
}

// mambaLayer is a layer of a Mamba on its way along the tokens.
type mambaLayer struct {
	m      *Model
	s      *Selective
	f      func(float64) float64
	name   func(name string) string                 // of a tensor of the layer
	seen   func(what string, v []float64) []float64 // after it was observed
	before [][]float64                              // what came into the convolution
	state  []float64                                // [inner,state]
}

// step returns what one token adds to the residual.
func (r *mambaLayer) step(x []float64) []float64 {
	s, w := r.s, r.m.Weights
	h := r.seen("norm", r.m.normOf(r.name("norm.weight")).of(x))
	in := w.affine(r.name("in_proj.weight"), h)
	r.before = append(r.before, in[:s.Inner])
	z := r.seen("gate", apply(r.f, in[s.Inner:]))
	u := r.seen("convolution", apply(r.f, r.convolve()))
	parts := w.affine(r.name("x_proj.weight"), u)
	b, out := r.seen("B", parts[s.Rank:s.Rank+s.State]), r.seen("C", parts[s.Rank+s.State:])
	delta := r.seen("delta", apply(func(v float64) float64 {
		return math.Max(v, 0) + math.Log1p(math.Exp(-math.Abs(v)))
	}, w.affine(r.name("dt_proj.weight"), parts[:s.Rank])))
	drive := r.seen("drive", floats.MulTo(make([]float64, s.Inner), delta, u))
	y := make([]float64, s.Inner)
	for i := range y {
		enters := r.seen("input", floats.ScaleTo(make([]float64, s.State), drive[i], b))
		state := r.state[i*s.State : (i+1)*s.State]
		for k, rate := range w[r.name("A_log")].row(i) {
			state[k] = float64(decay(math.Exp(rate), delta[i])*state[k]) + enters[k]
		}
		read := r.seen("state", slices.Clone(state))
		y[i] = dot(out, read) + float64(w[r.name("D")].Data[i]*u[i])
	}
	floats.Mul(r.seen("scan", y), z)
	return w.affine(r.name("out_proj.weight"), y)
}

// decay returns exp(−rate·w) for w ≥ 0. The rate may be infinite, as it is for an A_log of 1000. Then a state is
// gone after every positive step, and 0 steps leave it.
func decay(rate, w float64) float64 {
	if w == 0 {
		return 1
	}
	return math.Exp(-rate * w)
}

// convolve returns the short convolution of what came in last.
func (r *mambaLayer) convolve() []float64 {
	s, taps := r.s, r.m.Weights[r.name("conv1d.weight")].Data
	u := make([]float64, s.Inner)
	if s.ConvBias {
		copy(u, r.m.Weights[r.name("conv1d.bias")].Data)
	}
	for i := range u {
		for k := range s.Kernel {
			if from := len(r.before) - s.Kernel + k; from >= 0 {
				u[i] += float64(taps[i*s.Kernel+k] * r.before[from][i])
			}
		}
	}
	return u
}

// mambaBuilder appends one Mamba to a program.
type mambaBuilder struct {
	embedding
	s *Selective

	inner, state, one program.Dim
}

// buildMamba appends a Mamba. The recurrence is unrolled to a sum over all earlier
// positions, each with the exponential of the sum of the step sizes since then:
//
//	S_t = Σ_{s≤t} exp(−exp(A)·Σ_{s<r≤t} δ_r)·round(round(δ_s·u_s)·B_s),
//
// so that the depth does not depend on the length. Rounded are the norm, the
// convolution, the gate, δ, B, C, δ·u, δ·u·B, the exponentials, what is read of the
// state, y and the residual sum.
func buildMamba(z *quantiser) scaled {
	s := z.m.Config.Selective
	b := &mambaBuilder{
		s: s, inner: program.NewDim("f", s.Inner), state: program.NewDim("state", s.State),
		one: program.NewDim("one", 1),
	}
	var x scaled
	b.embedding, x = z.embed(mambaEmbedding)
	z.p.End()
	for l := range s.Layers {
		z.within(fmt.Sprintf("layer %d", l+1), func() {
			if name := mixer(l, "norm.weight"); b.folded(l) {
				x = b.mix(l, x, b.foldedNorm(name))
			} else {
				x = b.mix(l, x, b.norm(b.m.normOf(name), layerPart(l, "norm"), "norm", x))
			}
		})
	}
	x.Value = z.p.Last(x.Value, program.NewDim("outputs", z.m.Config.Outputs))
	return b.unembed(s.unembedding(), b.norm(b.m.normOf(mambaNorm), "last norm", "last norm", x))
}

// foldedNorm is the first norm as a table over the tokens.
func (b *mambaBuilder) foldedNorm(gain string) scaled {
	name := layerPart(0, "norm")
	l := levels{scale: b.real(name, b.signed(name)), out: b.signed(name)}
	if b.m.unknown {
		b.begin("norm as a table")
		defer b.p.End()
		return scaled{b.p.LinearFunc(b.tokens, program.NewDim("d", b.s.Hidden), poly.Int(l.out.Hi), nil), l.scale}
	}
	var columns [][]int64
	for token := range b.table.Rows {
		columns = append(columns, b.tableRow(inUnits(b.row(token, nil), b.start), b.m.normOf(gain), name, l))
	}
	b.begin("norm as a table [a%d s=%.3g]", b.activationBits(name), l.scale)
	defer b.p.End()
	table := program.NewMatrix(b.s.Hidden, b.table.Rows, func(i, j int) int64 { return columns[j][i] })
	return scaled{b.p.Linear(b.tokens, table, nil, "d"), l.scale}
}

// rounded appends the rounding of a sum.
func (b *mambaBuilder) rounded(l int, what string, x scaled) scaled {
	name := layerPart(l, what)
	return b.round(x.Value, b.activation(name, x.unit, b.signed(name)))
}

// function appends a rounded activation function of a sum.
func (b *mambaBuilder) function(l int, what, function string, x scaled, out program.Range) scaled {
	unit := b.real(layerPart(l, what), out)
	return scaled{b.activate(x.Value, function, x.unit, out, unit), unit}
}

// pick returns columns from first on of the last axis of a value [n, ...].
func (b *mambaBuilder) pick(x scaled, first int, to program.Dim, note string) scaled {
	return scaled{b.p.Pick(x.Value, first, to, note), x.unit}
}

// product appends the product of two values.
func (b *mambaBuilder) product(what, spec string, x, y scaled) scaled {
	return scaled{b.p.Contract(spec, x.Value, y.Value), b.scale(what, x.unit*y.unit)}
}

// mix appends the mixer of a layer on the norm h, and its residual sum with x.
func (b *mambaBuilder) mix(l int, x, h scaled) scaled {
	p, s := b.p, b.s
	u, gate := b.convolve(l, h)

	parts := b.linear(b.affine(mixer(l, "x_proj.weight"), u.unit), u.Value, "r+2·state")
	b.begin("delta, B and C")
	low := b.pick(parts, 0, program.NewDim("r", s.Rank), "r")
	steps := b.linear(b.affine(mixer(l, "dt_proj.weight"), low.unit), low.Value, b.inner.Name)
	delta := b.function(l, "delta", "softplus", steps, b.unsigned(layerPart(l, "delta")))
	in := b.rounded(l, "B", b.pick(parts, s.Rank, b.state, "B"))
	out := b.rounded(l, "C", b.pick(parts, s.Rank+s.State, b.state, "C"))
	p.End()

	b.begin("inputs of the states")
	drive := b.rounded(l, "drive", b.product("drive", "tf,tf->tf", delta, u))
	enters := b.rounded(l, "input", b.product("input", "tf,tk->tfk", drive, in))
	p.End()

	y, unit := b.scan(l, delta, enters, out, u)
	name := layerPart(l, "residual")
	product := b.scale(name, unit*gate.unit)
	x = b.coarse(name+" before", mixer(l, "out_proj.weight"), x, product)
	k, w := b.residual(name+" sum", mixer(l, "out_proj.weight"), x.unit, product)
	b.begin("gate and residual [k=%d]", k)
	defer p.End()
	if b.m.unknown {
		product := p.Contract("tf,tf->tf", y[0], gate.Value)
		sum := b.activation(name, w.sum, signedBits(b.residualBits(name)))
		return b.round(b.add(name+" sum", k, x.Value, w, product).Value, sum)
	}
	total := p.Affine(k, x.Value, 0)
	if s.Bias {
		total = p.Add(total, p.Const(program.Shape{program.NewDim("d", s.Hidden)}, w.bias))
	}
	for f, v := range y {
		product := p.Contract("to,to->to", v, b.pick(gate, f, b.one, "gate").Value)
		column := program.NewMatrix(s.Hidden, 1, func(i, _ int) int64 { return w.weight.Row(i)[f] })
		total = p.Add(total, p.Linear(product, column, nil, "d"))
	}
	b.sized(name+" sum", total.Bounds())
	return b.round(total, b.activation(name, w.sum, signedBits(b.residualBits(name))))
}

// convolve appends the projection, the short convolution with its function, and the
// gate.
func (b *mambaBuilder) convolve(l int, h scaled) (u, gate scaled) {
	p, s := b.p, b.s
	w := b.affine(mixer(l, "in_proj.weight"), h.unit)
	name := mixer(l, "conv1d.weight")
	scale := b.scale(name, max(max(b.greatest(name), 1e-9)/b.most(name), b.finest(biasOf(name))/w.sum))
	taps := b.tensor(Weight, name, scale)
	if b.m.unknown {
		taps = slices.Repeat([]int64{b.limits.Weight}, s.Inner*s.Kernel)
	}
	b.begin("convolution and gate")
	defer p.End()
	both := b.linear(w, h.Value, "2·f")
	in := b.pick(both, 0, b.inner, "convolution")
	var kernel [][]int64
	for row := range slices.Chunk(taps, s.Kernel) {
		// The last tap is that of the position itself.
		slices.Reverse(row)
		kernel = append(kernel, row)
	}
	sum := scaled{p.Convolve(in.Value, kernel), b.scale(name, in.unit*scale)}
	if s.ConvBias {
		sum.Value = p.Add(sum.Value, b.constants(b.inner, b.bias(name, sum.unit)))
	}
	u = b.function(l, "convolution", s.Activation, sum, b.signed(layerPart(l, "convolution")))
	gate = b.pick(both, s.Inner, b.inner, "gate")
	return u, b.function(l, "gate", s.Activation, gate, b.signed(layerPart(l, "gate")))
}

// stateParts is how many parts of a product of state and C are kept, so that D is fine, too.
const stateParts = 64

// unknownScan is what scan appends for all weights that there can be: the same operations, for all features and states
// at once. The thresholds of a decay may be others for each of them.
func (b *mambaBuilder) unknownScan(window, enters, out, u program.Value, held, scan levels) program.Value {
	p, steps := b.p, b.q.ExpLevels
	rows := b.length.Renamed("s")
	all := program.Range{Hi: int64(steps)}
	kept := p.StepFunc(p.Broadcast(window, b.state), all, poly.Int(int64(steps)), nil)
	p.Varies(kept)
	kept = p.CausalMask(kept, 0, 1, 0)
	sources := p.Reshape(enters, program.Shape{rows, b.inner, b.state}, "sources")
	state := b.round(p.Contract("tsfk,sfk->tfk", kept, sources), held)
	read := p.Affine(stateParts, p.Contract("tfk,tk->tf", state.Value, out), 0)
	return b.round(p.Add(p.Contract("tf,f->tf", u, b.constants(b.inner, nil)), read), scan).Value
}

// scan appends what the states are read out to: for each inner feature a value [n,1], and the
// unit of all of them.
func (b *mambaBuilder) scan(l int, delta, enters, out, u scaled) ([]program.Value, float64) {
	p, s := b.p, b.s
	steps := int64(b.q.ExpLevels)
	b.choose(Choice{
		Tensor: layerPart(l, "decay"), Kind: Exponential, Scale: 1 / float64(steps), Levels: b.q.ExpLevels,
	}, program.Range{Hi: steps})
	stateName, scanName := layerPart(l, "state"), layerPart(l, "scan")
	held := b.activation(stateName, b.scale("state", enters.unit/float64(steps)), b.signed(stateName))
	const parts = stateParts
	fine := b.scale("scan", held.scale*out.unit/parts)
	scan := b.activation(scanName, fine, b.signed(scanName))
	name := mixer(l, "D")
	skip := make([]int64, s.Inner)
	for f, v := range b.m.Weights[name].Data {
		skip[f] = b.integer(name, v*u.unit/fine)
	}
	b.keep(Weight, name, skip, fine/u.unit)
	b.begin("scan [exp %d, state u=%d, u=%d]", steps, held.unit, scan.unit)
	defer p.End()
	window := p.Window(delta.Value, "s")
	if b.m.unknown {
		return []program.Value{b.unknownScan(window, enters.Value, out.Value, u.Value, held, scan)}, scan.scale
	}
	flat := p.Reshape(enters.Value, program.Shape{b.length, program.NewDim("f·state", s.Inner*s.State)}, "inputs")
	var all []program.Value
	for f := range s.Inner {
		since := p.Column(window, f, fmt.Sprintf("feature %d", f))
		total := p.Contract("to,o->to", b.pick(u, f, b.one, "skip").Value, p.Const(program.Shape{b.one}, skip[f:f+1]))
		for k := range s.State {
			rate := math.Exp(b.m.Weights[mixer(l, "A_log")].row(f)[k]) * delta.unit
			kept := p.Step(since, program.Monotone(p.Domain(since, "decay"), func(w int64) int64 {
				return int64(math.Floor(float64(steps)*decay(rate, float64(w)) + 0.5))
			}))
			p.Varies(kept)
			p.Literals(kept, poly.Int(steps))
			kept = p.CausalMask(kept, 0, 1, 0)
			column := p.Pick(flat, f*s.State+k, b.one, fmt.Sprintf("state %d", k))
			in := p.Reshape(column, program.Shape{b.length.Renamed("s"), b.one}, "sources")
			state := b.round(p.Contract("ts,so->to", kept, in), held)
			read := p.Contract("to,to->to", state.Value, b.pick(out, k, b.one, "C").Value)
			total = p.Add(total, p.Affine(parts, read, 0))
		}
		all = append(all, b.round(total, scan).Value)
	}
	return all, scan.scale
}
