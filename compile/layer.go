package compile

import (
	"fmt"
	"math"
	"slices"

	"github.com/tc0lab/tc0/compile/program"
)

// Layer is one transformer layer with generic weights. It has multi-head attention and a
// feed-forward network with one hidden layer. Each has a norm and a residual connection,
//
//	pre-norm   r = x + O·attend(norm(x)),    y = r + W₂·f(W₁·norm(r))
//	post-norm  r = norm(x + O·attend(x)),    y = norm(r + W₂·f(W₁·r))
//
// (Xiong et al. 2020 compare the two.) Its real inputs are x·2^−(Bits−1) in [−1, 1).
// Scores and projections are exact. The layer rounds the output of each norm, the output of
// the attention, the residual sums and the hidden units.
//
// Depth of a pre-norm layer, for every n, under min-depth: norm 2, scores 1, exponential with
// the values 1, quotient 1, requantisation 1, norm 1, hidden units 1, requantisation 1,
// together 9. The second norm takes one level if it is an RMS norm, because the square of a
// thermometer code is another sum over the same literals. With layer norms it takes two, and
// the depth is 10. Stable and average-hard softmax add one.
type Layer struct {
	Features   int           `param:"d" zero:"4"`          // d; 0 means 4
	Bits       int           `param:"bits" zero:"3"`       // bits of every quantised value; 0 means 3
	Heads      int           `param:"heads" zero:"1"`      // 0 means 1
	Kind       AttentionKind `param:"kind" zero:"softmax"` // "" means softmax
	Causal     bool          `param:"causal=1"`
	LayerNorm  bool          `param:"norm=layer"`                         // layer norms with bias; else RMS norms
	PostNorm   bool          `param:"place=post"`                         // norms after the residual sums; else before the blocks
	Hidden     int           `param:"hidden" most:"4096" count:"1048576"` // hidden units; 0 means 2·Features
	Activation string        `param:"activation" zero:"relu"`             // of the hidden units, such as "gelu"; "" means relu
	ExpLevels  int           `param:"exp_levels"`                         // thresholds of the exponential; 0 means 2^Bits − 1
	// Resolution is the resolution of the norms, the hidden units and the residual sums, and
	// the range of exp. 0 means 1024, and 64 for the sums. A small resolution makes the layer
	// coarse and its weights small. Gates without weights need small weights.
	Resolution int    `param:"resolution"`
	Seed       uint64 `param:"seed"` // of the generic weights

	counting
}

func (l Layer) defaults() Layer {
	l = filled(l)
	fill(&l.Hidden, 2*l.Features)
	return l
}

func (l Layer) check(n int) error {
	if err := checkSizes("layer", l); err != nil {
		return err
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
		Features: l.Features, Bits: l.Bits, Heads: l.Heads, Kind: l.Kind, Causal: l.Causal, ExpLevels: l.ExpLevels,
		Seed: l.Seed, counting: l.counting,
	}
	if l.Resolution > 0 { // scores within ±ln of it, and weights of a few bits
		a.span, a.guard = max(1, math.Log(float64(l.Resolution))), 2
	}
	return a.defaults()
}

// norm returns the numbers of norm number k for inputs of the given scale.
func (l Layer) norm(k int, scale float64) NormConfig {
	m := Norm{
		Center: l.LayerNorm, Features: l.Features, Bits: l.Bits, OutputBits: l.Bits, Resolution: l.Resolution,
		Seed: l.Seed + uint64(k), counting: l.counting,
	}
	c := m.config()
	c.Scale = scale
	return c
}

// layerMatrix is a generic matrix of a layer in real numbers: an integer matrix over 7 times its columns.
type layerMatrix struct{ *program.Matrix }

func (w layerMatrix) parts() float64 { return float64(7 * w.Columns) }

func (w layerMatrix) real() [][]float64 { return realMatrix(w.Matrix, 1, w.parts()) }

// rounded returns the matrix in integers, of which scale is 1.
func (w layerMatrix) rounded(scale float64) *program.Matrix {
	if w.Data == nil { // it is only counted
		most := max(1, math.RoundToEven(float64(w.Most)/w.parts()*scale))
		return &program.Matrix{Rows: w.Rows, Columns: w.Columns, Most: int64(most)}
	}
	return program.NewMatrix(w.Rows, w.Columns, func(i, j int) int64 {
		return int64(math.RoundToEven(float64(w.Row(i)[j]) / w.parts() * scale))
	})
}

// matrices returns the projection of the attention, and the two of the feed-forward network. The absolute sum of each
// row is at most 1.
func (l Layer) matrices() (project, up, down layerMatrix) {
	generic := func(rows, columns int, tag string) layerMatrix {
		return layerMatrix{l.generic(rows, columns, 7, l.Seed, tag)}
	}
	d := l.Features
	return generic(d, d, "project"), generic(l.Hidden, d, "up"), generic(d, l.Hidden, "down")
}

// residualParts is the number of units of a residual sum in one unit of the residual.
func (l Layer) residualParts() int64 {
	fill(&l.Resolution, 64)
	return int64(min(l.Resolution, 64))
}

// hiddenParts is the number of units of the weights of hidden units in 1.
func (l Layer) hiddenParts() float64 {
	fill(&l.Resolution, 1<<10)
	return float64(l.Resolution)
}

// residual appends x + W·y, rounded to units of 2^(1−Bits) times reach. So values up to reach
// are not clipped. It also returns the scale of the result.
func (l Layer) residual(
	p *program.Program, x program.Value, xs float64, y program.Value, ys float64, w layerMatrix, reach float64,
) (program.Value, float64) {
	parts := l.residualParts()
	fine := xs / float64(parts)
	sum := p.Add(p.Affine(parts, x, 0), p.Linear(y, w.rounded(ys/fine), nil, "d"))
	unit := max(1, int64(math.RoundToEven(reach*math.Exp2(float64(1-l.Bits))/fine)))
	return roundTo(p, sum, unit, program.Signed(l.Bits)), float64(unit) * fine
}

// append adds the layer to p, after the positions of the past, if there are any; see
// [Attention.append]. One unit of x [n,d] is scale. It returns the result and its scale.
func (l Layer) append(p *program.Program, x program.Value, scale float64, past *memory) (program.Value, float64) {
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
	a, as = l.attention().append(p, a, as, past)
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
	hidden := program.Range{Hi: int64(1)<<l.Bits - 1}
	unit := l.reach(1) / float64(hidden.Hi)
	if !slices.Contains([]string{"relu", "sigmoid", "softplus"}, l.Activation) {
		hidden.Lo = -(int64(1) << (l.Bits - 2))
	}
	h = Activate(p, p.Linear(h, up.rounded(resolution), nil, "hidden"), l.Activation, hs/resolution, hidden, unit)
	if hidden.Lo == 0 { // functions that only rise have at most one jump for each level
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

// reach returns bounds on what the real layer computes if the input is within 1: for k = 0 of
// the first residual sum, for 1 of the hidden units, for 2 of the second residual sum.
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
func (l Layer) Program(n int) (*program.Program, error) { return sized(l, n) }

// OpenProgram returns the layer for every n.
func (l Layer) OpenProgram() (*program.Program, error) { return opened(l) }

func (l Layer) build(n program.Dim) (*program.Program, float64) {
	p, x := sequence(n, l.Features, l.Bits, "layer %v d=%d heads=%d bits=%d", n, l.Features, l.Heads, l.Bits)
	y, scale := l.append(p, x, unitOf(l.Bits), nil)
	p.Output("y", y)
	return p, scale
}

// Real computes the layer from the textbook formula in float64. The shapes are x [n,d] and
// result [n,d], row-major, in real units. It panics if the activation is unknown; Program
// refuses such an activation.
func (l Layer) Real(x []float64) []float64 {
	l = l.defaults()
	f, err := ActivationFunc(l.Activation)
	if err != nil {
		panic("compile: " + err.Error())
	}
	project, up, down := l.matrices()
	// Each norm has two possible places, and stands in one of them.
	norm := func(k int, here bool, x []float64) []float64 {
		if !here {
			return x
		}
		return l.norm(k, 1).real(x)
	}
	rows := slices.Collect(slices.Chunk(x, l.Features))
	in := slices.Clone(rows)
	for i := range in {
		in[i] = norm(1, !l.PostNorm, in[i])
	}
	var out []float64
	for i, mixed := range l.attention().attend(in) {
		r := norm(1, l.PostNorm, plus(rows[i], times(nil, project.real(), mixed)))
		h := times(nil, up.real(), norm(2, !l.PostNorm, r))
		for j := range h {
			h[j] = f(h[j])
		}
		out = append(out, norm(2, l.PostNorm, plus(r, times(nil, down.real(), h)))...)
	}
	return out
}

var layerFamily = Family{
	Name: "layer", Doc: "transformer layer: attention and feed-forward network with norms and residuals",
	Depth: "9 (RMS norm), 10 (layer norm); stable: one more",
	Params: []Param{
		length("positions"),
		number("d", "features", 4),
		number("heads", "heads, which share the features", 1),
		number("bits", "bits of every quantised value", 3),
		choice("kind", "kind of attention", Softmaxed, AttentionKinds()),
		flag("causal", "1: a position attends to itself and those before it"),
		choice("norm", "kind of norm", "rms", []string{"rms", "layer"}),
		choice("place", "where the norms stand", "pre", []string{"pre", "post"}),
		number("hidden", "hidden units; 0: twice the features", 0),
		choice("activation", "of the hidden units", "relu", ActivationNames()),
		number("exp_levels", "thresholds of the exponential; 0: 2^bits − 1", 0),
		resolutionParam,
	},
	block: func(a Args) (block, error) {
		l := given[Layer](a)
		return realBlock(l, l.Bits), nil
	},
}
