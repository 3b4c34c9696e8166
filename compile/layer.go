package compile

import (
	"fmt"
	"math"
	"slices"

	"github.com/tc0lab/tc0/compile/program"
)

// Layer is one transformer layer with generic weights: multi-head attention and a
// feed-forward network of one hidden layer, each with a norm and a residual
// connection,
//
//	pre-norm   r = x + O·attend(norm(x)),    y = r + W₂·f(W₁·norm(r))
//	post-norm  r = norm(x + O·attend(x)),    y = norm(r + W₂·f(W₁·r))
//
// (Xiong et al. 2020 compare the two.) Its real inputs are x·2^−(Bits−1) in [−1, 1).
// Scores and projections are exact; what is rounded is the output of each norm, the
// attention's output, the residual sums and the hidden units.
//
// Depth of a pre-norm layer, for every n, under min-depth: norm 2, scores 1,
// exponential with the values 1, quotient 1, requantisation 1, norm 1, hidden units 1,
// requantisation 1, together 9. The second norm takes one level, not two, if it is
// an RMS norm, since the square of a thermometer code is another sum over the same
// literals; with layer norms it is 10. Stable and average-hard softmax add one.
type Layer struct {
	Features   int    // d; 0 means 4
	Bits       int    // bits of every quantised value; 0 means 3
	Heads      int    // 0 means 1
	Kind       string // one of AttentionKinds; "" means softmax
	Causal     bool
	LayerNorm  bool   // layer norms with bias; else RMS norms
	PostNorm   bool   // norms after the residual sums; else before the blocks
	Hidden     int    // hidden units; 0 means 2·Features
	Activation string // of the hidden units: "relu", "gelu", "silu", ...; "" means relu
	ExpLevels  int    // thresholds of the exponential; 0 means 2^Bits − 1
	// Resolution is that of the norms, the hidden units and the residual sums, and the
	// range of exp; 0 means 1024, 64 for the sums. A small one makes small weights, which
	// unweighted gates need, and a coarse layer.
	Resolution int
	Seed       uint64 // of the generic weights
}

func (l Layer) defaults() Layer {
	if l.Features == 0 {
		l.Features = 4
	}
	if l.Bits == 0 {
		l.Bits = 3
	}
	if l.Heads == 0 {
		l.Heads = 1
	}
	if l.Kind == "" {
		l.Kind = Softmaxed
	}
	if l.Hidden == 0 {
		l.Hidden = 2 * l.Features
	}
	if l.Activation == "" {
		l.Activation = "relu"
	}
	return l
}

func (l Layer) check(n int) error {
	if l.Hidden < 1 || l.Hidden > 1<<12 {
		return fmt.Errorf("compile: layer: hidden=%d is outside 1..%d", l.Hidden, 1<<12)
	}
	if l.Bits < 2 || l.Bits > 8 {
		return fmt.Errorf("compile: layer: bits=%d is outside 2..8", l.Bits)
	}
	if _, err := findActivation(l.Activation); err != nil {
		return err
	}
	return l.attention().defaults().check(n)
}

// attention returns the attention of the layer.
func (l Layer) attention() Attention {
	a := Attention{
		Features: l.Features, Bits: l.Bits, Heads: l.Heads, Kind: l.Kind, Causal: l.Causal, ExpLevels: l.ExpLevels, Seed: l.Seed,
	}
	if l.Resolution > 0 { // scores within ±ln of it, and weights of a few bits
		a.span, a.guard = max(1, math.Log(float64(l.Resolution))), 2
	}
	return a.defaults()
}

// norm returns the numbers of norm number k for inputs of the given scale.
func (l Layer) norm(k int, scale float64) NormConfig {
	m := Norm{Center: l.LayerNorm, Features: l.Features, Bits: l.Bits, OutputBits: l.Bits, Resolution: l.Resolution, Seed: l.Seed + uint64(k)}
	c := m.config()
	c.Scale = scale
	return c
}

// generic returns a generic real matrix whose rows have an absolute sum of at most 1.
func (l Layer) generic(rows, columns int, tag string) [][]float64 {
	const top = 7
	m := genericMatrix(rows, columns, top, l.Seed, tag)
	w := make([][]float64, rows)
	for i := range w {
		for _, v := range m.Row(i) {
			w[i] = append(w[i], float64(v)/float64(top*columns))
		}
	}
	return w
}

func (l Layer) matrices() (project, up, down [][]float64) {
	d := l.Features
	return l.generic(d, d, "project"), l.generic(l.Hidden, d, "up"), l.generic(d, l.Hidden, "down")
}

// rounded returns the integers nearest to w·scale.
func rounded(w [][]float64, scale float64) *program.Matrix {
	return program.NewMatrix(len(w), len(w[0]), func(i, j int) int64 { return int64(math.RoundToEven(w[i][j] * scale)) })
}

// residualParts is how finely a residual sum counts: so many units in one of the
// residual.
func (l Layer) residualParts() int64 {
	if l.Resolution > 0 {
		return int64(min(l.Resolution, 64))
	}
	return 64
}

// hiddenParts is how finely the weights of the hidden units count.
func (l Layer) hiddenParts() float64 {
	if l.Resolution > 0 {
		return float64(l.Resolution)
	}
	return 1 << 10
}

// residual appends x + W·y, rounded to units of 2^(1−Bits) times reach, so that
// values up to reach are not clipped. It returns the scale of the result.
func (l Layer) residual(p *program.Program, x program.Value, xs float64, y program.Value, ys float64, w [][]float64, reach float64) (program.Value, float64) {
	parts := l.residualParts()
	fine := xs / float64(parts)
	sum := p.Add(p.Affine(parts, x, 0), p.Linear(y, rounded(w, ys/fine), nil, "d"))
	unit := max(1, int64(math.RoundToEven(reach*math.Exp2(float64(1-l.Bits))/fine)))
	top := int64(1) << (l.Bits - 1)
	r := p.Step(sum, program.Round(unit, program.Range{Lo: -top, Hi: top - 1}))
	p.Literals(r, levelsOf(p, program.Range{Lo: -top, Hi: top - 1}))
	return r, float64(unit) * fine
}

// append adds the layer to p; one unit of x [n,d] is scale. It returns the result and
// its scale.
func (l Layer) append(p *program.Program, x program.Value, scale float64) (program.Value, float64) {
	return l.appendAfter(p, x, scale, nil)
}

// appendAfter is append for positions that come after those of the past; see
// [Attention.appendAfter].
func (l Layer) appendAfter(p *program.Program, x program.Value, scale float64, past *memory) (program.Value, float64) {
	project, up, down := l.matrices()
	normalise := func(k int, x program.Value, scale float64) (program.Value, float64) {
		c := l.norm(k, scale)
		p.Begin(fmt.Sprintf("norm %d", k))
		defer p.End()
		return Normalise(p, x, c), c.Unit
	}
	a, as := x, scale
	if !l.PostNorm {
		a, as = normalise(1, x, scale)
	}
	p.Begin("attention")
	a, as = l.attention().appendAfter(p, a, as, past)
	p.End()
	p.Begin("residual 1")
	r, rs := l.residual(p, x, scale, a, as, project, l.reach(0))
	p.End()
	if l.PostNorm {
		r, rs = normalise(1, r, rs)
	}
	h, hs := r, rs
	if !l.PostNorm {
		h, hs = normalise(2, r, rs)
	}
	p.Begin("hidden")
	resolution := l.hiddenParts()
	hidden, unit := program.Range{Lo: 0, Hi: int64(1)<<l.Bits - 1}, l.reach(1)/float64(int64(1)<<l.Bits-1)
	if l.Activation != "relu" && l.Activation != "sigmoid" && l.Activation != "softplus" {
		hidden.Lo = -(int64(1) << (l.Bits - 2))
	}
	h = Activate(p, p.Linear(h, rounded(up, resolution), nil, "hidden"), l.Activation, hs/resolution, hidden, unit)
	if hidden.Lo == 0 { // functions that only rise have a jump for each level at most
		p.Literals(h, levelsOf(p, hidden))
	}
	p.End()
	p.Begin("residual 2")
	y, ys := l.residual(p, r, rs, h, unit, down, l.reach(2))
	p.End()
	if l.PostNorm {
		y, ys = normalise(2, y, ys)
	}
	return y, ys
}

// reach returns bounds on what the real layer computes: of the first residual sum, of
// the hidden units, and of the second residual sum, if the input is within 1.
func (l Layer) reach(k int) float64 {
	norm := math.Sqrt(float64(l.Features))
	if l.LayerNorm {
		norm += 0.25
	}
	first := 1 + norm
	if l.PostNorm {
		first = 2
	}
	switch k {
	case 0:
		return first
	case 1:
		return norm
	}
	if l.PostNorm {
		return 2 * norm
	}
	return first + norm
}

// Program returns the layer for n positions: input "x" [n,d], output "y" [n,d].
func (l Layer) Program(n int) (*program.Program, error) {
	p, _, err := l.program(program.NewDim("n", n))
	return p, err
}

// OpenProgram returns the layer for every n.
func (l Layer) OpenProgram() (*program.Program, error) {
	p, _, err := l.program(program.OpenDim("n"))
	return p, err
}

func (l Layer) program(n program.Dim) (*program.Program, float64, error) {
	l = l.defaults()
	if err := l.check(n.OrOne()); err != nil {
		return nil, 0, err
	}
	p := program.New(fmt.Sprintf("layer %v d=%d heads=%d bits=%d", n, l.Features, l.Heads, l.Bits))
	x := featureInput(p, "x", program.Shape{n, program.NewDim("d", l.Features)}, l.Bits, true)
	y, scale := l.append(p, x, math.Exp2(float64(1-l.Bits)))
	p.Output("y", y)
	return p, scale, p.Err()
}

// Real computes the layer from the textbook formula in float64: x [n,d] in real
// units, row-major; result likewise.
func (l Layer) Real(x []float64) []float64 {
	l = l.defaults()
	a := l.attention()
	f, err := ActivationFunc(l.Activation)
	if err != nil {
		return nil
	}
	project, up, down := l.matrices()
	query, key, value := a.weights()
	times := func(w [][]float64, x []float64) []float64 {
		y := make([]float64, len(w))
		for i := range w {
			for j, v := range x {
				y[i] += float64(w[i][j] * v)
			}
		}
		return y
	}
	real := func(m *program.Matrix) func([]float64) []float64 {
		w := make([][]float64, m.Rows)
		for i := range w {
			for _, v := range m.Row(i) {
				w[i] = append(w[i], float64(v)*a.weightScale())
			}
		}
		return func(x []float64) []float64 { return times(w, x) }
	}
	norm := func(k int, x []float64) []float64 {
		c := l.norm(k, 1)
		return realNorm(x, c.Center, c.Gain, c.Bias, c.Epsilon)
	}
	plus := func(x, y []float64) []float64 {
		z := slices.Clone(x)
		for i := range z {
			z[i] += y[i]
		}
		return z
	}
	rows := slices.Collect(slices.Chunk(x, l.Features))
	in := slices.Clone(rows)
	if !l.PostNorm {
		for i := range in {
			in[i] = norm(1, rows[i])
		}
	}
	mixed := a.attend(in, real(query), real(key), real(value))
	var out []float64
	for i, row := range rows {
		r := plus(row, times(project, mixed[i]))
		h := r
		if l.PostNorm {
			r = norm(1, r)
			h = r
		} else {
			h = norm(2, r)
		}
		h = times(up, h)
		for j := range h {
			h[j] = f(h[j])
		}
		y := plus(r, times(down, h))
		if l.PostNorm {
			y = norm(2, y)
		}
		out = append(out, y...)
	}
	return out
}

// layerFamilies returns the families of whole layers.
func layerFamilies() []Family {
	return []Family{{
		Name: "layer", Doc: "transformer layer: attention and feed-forward network with norms and residuals",
		Depth: "9 (RMS norm), 10 (layer norm); stable: one more", Class: "TC0",
		Params: append([]Param{
			{Name: "n", Doc: "positions"},
			{Name: "d", Doc: "features", Default: "4"},
			{Name: "heads", Doc: "heads, which share the features", Default: "1"},
			{Name: "bits", Doc: "bits of every quantised value", Default: "3"},
			{Name: "kind", Doc: "kind of attention", Default: Softmaxed, Choices: AttentionKinds()},
			{Name: "causal", Doc: "1: a position attends to itself and those before it", Default: "0", Choices: []string{"0", "1"}},
			{Name: "norm", Doc: "kind of norm", Default: "rms", Choices: []string{"rms", "layer"}},
			{Name: "place", Doc: "where the norms stand", Default: "pre", Choices: []string{"pre", "post"}},
			{Name: "hidden", Doc: "hidden units; 0: twice the features", Default: "0"},
			{Name: "activation", Doc: "of the hidden units", Default: "relu", Choices: ActivationNames()},
			{Name: "exp_levels", Doc: "thresholds of the exponential; 0: 2^bits − 1", Default: "0"},
			resolutionParam,
		}, common...),
		build: buildLayer,
		open: func(a Args) (*program.Program, error) {
			l, err := layerOf(a)
			if err != nil {
				return nil, err
			}
			return l.OpenProgram()
		},
	}}
}

// layerOf returns the layer that the parameters describe.
func layerOf(a Args) (Layer, error) {
	l := Layer{
		Features: a.Int("d"), Bits: a.Int("bits"), Heads: a.Int("heads"), Kind: a["kind"], Causal: a["causal"] == "1",
		LayerNorm: a["norm"] == "layer", PostNorm: a["place"] == "post", Hidden: a.Int("hidden"), Activation: a["activation"],
		ExpLevels: a.Int("exp_levels"), Resolution: a.Int("resolution"), Seed: uint64(a.Int("seed")),
	}
	if l.Features == 0 || l.Bits == 0 || l.Heads == 0 {
		return l, fmt.Errorf("layer: d=%d, bits=%d and heads=%d must be at least 1", l.Features, l.Bits, l.Heads)
	}
	return l, nil
}

func buildLayer(a Args) (*Instance, error) {
	l, err := layerOf(a)
	if err != nil {
		return nil, err
	}
	p, unit, err := l.program(program.NewDim("n", a.Int("n")))
	if err != nil {
		return nil, err
	}
	scale := math.Exp2(float64(1 - l.Bits))
	return &Instance{p, func(in []int64) []float64 { return l.Real(scaled(in, scale)) }, unit}, nil
}
