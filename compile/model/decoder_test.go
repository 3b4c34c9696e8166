package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/cmplx"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tc0lab/tc0/compile/lower"
)

// plain is a decoder as papers write it, by its functions. It shares no code with the package.
type plain struct {
	layers, heads, keyHeads int
	embed                   func(t, token int) []float64
	norm1, norm2            func(l int, x []float64) []float64
	qkv                     func(l int, h []float64) (q, k, v []float64) // heads side by side
	turn                    func(x []float64, t int) []float64           // of one head; nil: none
	bias                    func(head, distance int) float64             // of a score; nil: 0
	out, mlp                func(l int, h []float64) []float64
	parallel                bool
	logits                  func(x []float64) []float64
}

// run returns the logits of the last positions.
func (p plain) run(in []int64, outputs int) (all []float64) {
	x := make([][]float64, len(in))
	for t, token := range in {
		x[t] = p.embed(t, int(token))
	}
	for l := range p.layers {
		before, attended := x, p.attend(l, x)
		x = make([][]float64, len(in))
		for t := range x {
			sum := added(before[t], p.out(l, attended[t]))
			h := sum
			if p.parallel {
				h = before[t]
			}
			x[t] = added(sum, p.mlp(l, p.norm2(l, h)))
		}
	}
	for _, row := range x[len(x)-outputs:] {
		all = append(all, p.logits(row)...)
	}
	return all
}

func (p plain) attend(l int, x [][]float64) [][]float64 {
	var qs, ks, vs [][][]float64
	for t, row := range x {
		q, k, v := p.qkv(l, p.norm1(l, row))
		cut := func(x []float64, heads int, turned bool) (rows [][]float64) {
			for row := range slices.Chunk(x, len(x)/heads) {
				if turned && p.turn != nil {
					row = p.turn(row, t)
				}
				rows = append(rows, row)
			}
			return rows
		}
		qs, ks = append(qs, cut(q, p.heads, true)), append(ks, cut(k, p.keyHeads, true))
		vs = append(vs, cut(v, p.keyHeads, false))
	}
	out := make([][]float64, len(x))
	for i := range x {
		for h := range p.heads {
			g := h * p.keyHeads / p.heads
			mix, total := make([]float64, len(vs[0][0])), 0.0
			for j := range i + 1 {
				score := 0.0
				for f := range qs[i][h] {
					score += qs[i][h][f] * ks[j][g][f]
				}
				score /= math.Sqrt(float64(len(qs[i][h])))
				if p.bias != nil {
					score += p.bias(h, i-j)
				}
				e := math.Exp(score)
				total += e
				for f, v := range vs[j][g] {
					mix[f] += e * v
				}
			}
			for _, v := range mix {
				out[i] = append(out[i], v/total)
			}
		}
	}
	return out
}

func added(x, y []float64) []float64 {
	z := make([]float64, len(x))
	for i := range z {
		z[i] = x[i] + y[i]
	}
	return z
}

// raw are the tensors of a file, by their names there.
type raw map[string]*Tensor

// of returns W·x + b, with or without a bias, from an [out,in] matrix.
func (w raw) of(name string, x []float64) []float64 {
	m := w[name+".weight"]
	if m == nil {
		m = w[name]
	}
	y := make([]float64, m.Shape[0])
	for i := range y {
		for j, v := range x {
			y[i] += m.Data[i*len(x)+j] * v
		}
		if b := w[name+".bias"]; b != nil {
			y[i] += b.Data[i]
		}
	}
	return y
}

// conv1d returns x·W + b, with or without a bias, from an [in,out] matrix.
func (w raw) conv1d(name string, x []float64) []float64 {
	m := w[name+".weight"]
	y := make([]float64, m.Shape[1])
	for j := range y {
		for i, v := range x {
			y[j] += m.Data[i*len(y)+j] * v
		}
	}
	if b := w[name+".bias"]; b != nil {
		y = added(y, b.Data)
	}
	return y
}

func (w raw) at(name string, row int) []float64 {
	m := w[name]
	return slices.Clone(m.Data[row*m.Shape[1] : (row+1)*m.Shape[1]])
}

// rms divides by the root mean square; the gain is plus + the tensor, or 1 without one.
func (w raw) rms(name string, x []float64, epsilon, plus float64) []float64 {
	sum, y := 0.0, make([]float64, len(x))
	for _, v := range x {
		sum += v * v / float64(len(x))
	}
	for i, v := range x {
		y[i] = v / math.Sqrt(sum+epsilon)
		if gain := w[name+".weight"]; gain != nil {
			y[i] *= plus + gain.Data[i]
		}
	}
	return y
}

func (w raw) layerNorm(name string, x []float64) []float64 {
	mean, variance, y := 0.0, 0.0, make([]float64, len(x))
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) / float64(len(x))
	}
	for i, v := range x {
		y[i] = (v - mean) / math.Sqrt(variance+1e-5) * w[name+".weight"].Data[i]
		if bias := w[name+".bias"]; bias != nil {
			y[i] += bias.Data[i]
		}
	}
	return y
}

// halves turns feature i of the first half of the turned features with feature i of the second.
func halves(frequencies ...float64) func(x []float64, t int) []float64 {
	return func(x []float64, t int) []float64 {
		y, n := slices.Clone(x), len(frequencies)
		for i, f := range frequencies {
			z := complex(x[i], x[i+n]) * cmplx.Exp(complex(0, float64(t)*f))
			y[i], y[i+n] = real(z), imag(z)
		}
		return y
	}
}

func each(x []float64, f func(float64) float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = f(v)
	}
	return y
}

func times(x, y []float64) []float64 {
	z := make([]float64, len(x))
	for i := range z {
		z[i] = x[i] * y[i]
	}
	return z
}

func swish(v float64) float64 { return v / (1 + math.Exp(-v)) }

func tanhGELU(v float64) float64 {
	return v / 2 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(v+0.044715*v*v*v)))
}

func erfGELU(v float64) float64 { return v / 2 * (1 + math.Erf(v/math.Sqrt2)) }

// folder returns files of the kind with random weights, and the weights as the files have them.
func (k kind) folder(t testing.TB, length int) (fstest.MapFS, raw) {
	t.Helper()
	config, err := json.Marshal(k.config)
	if err != nil {
		t.Fatal(err)
	}
	kind, _ := k.config["model_type"].(string)
	a, err := findArchitecture(kind)
	if err != nil {
		t.Fatal(err)
	}
	c := Config{ModelType: kind}
	if err := a.configure(document{"config.json", config}, &c); err != nil {
		t.Fatal(err)
	}
	prefix := map[string]string{"gpt2": "transformer."}[kind]
	r, w, tensors := rand.New(rand.NewPCG(7, 9)), raw{}, map[string]stored{}
	for _, s := range a.tensors(&c) {
		shape, name := slices.Clone(s.shape), s.stored
		if name == "" {
			name = prefix + s.name
		}
		if s.transposed {
			slices.Reverse(shape)
		}
		size := 1
		for _, n := range shape {
			size *= n
		}
		values, double := make([]float32, size), make([]float64, size)
		for i := range values {
			values[i] = float32(r.NormFloat64() * 0.3)
			if len(shape) == 1 && strings.HasSuffix(name, ".weight") && c.ModelType != "gemma" {
				values[i] += 1 // a gain
			}
			double[i] = float64(values[i])
		}
		tensors[name], w[name] = reals(shape, values...), &Tensor{shape, double}
	}
	settings := fmt.Sprintf(`{"name": "tiny", "length": %d, "outputs": %d}`, length, min(length, 2))
	return fstest.MapFS{
		"tiny/config.json": {Data: config}, "tiny/tc0.json": {Data: []byte(settings)},
		"tiny/model.safetensors": {Data: store(tensors)},
	}, w
}

// The formula is that of the papers on every input, and the names are the published ones.
func TestDecodersAreThoseOfThePapers(t *testing.T) {
	for _, k := range kinds {
		files, w := k.folder(t, 4)
		m := mustLoad(t, files, "tiny")
		for _, name := range k.tensors {
			if w[name] == nil {
				t.Errorf("%s: there is no tensor %s", k.name, name)
			}
		}
		p := k.plain(w)
		everyInput(m, func(in []int64) {
			got, want := m.Forward(in), p.run(in, 2)
			for i := range want {
				if math.Abs(got[i]-want[i]) > 1e-9*(1+math.Abs(want[i])) || len(got) != len(want) {
					t.Fatalf("%s: input %v: logit %d is %v, want %v", k.name, in, i, got[i], want[i])
				}
			}
		})
	}
}

// With fine roundings the integers come close to the formula, with tables for the first layer and without.
func TestFineDecoders(t *testing.T) {
	for _, k := range kinds {
		for _, tables := range []int{foldedVocabulary, 0} {
			files, _ := k.folder(t, 3)
			m := mustLoad(t, files, "tiny")
			m.tables = tables
			d := &Dataset{}
			everyInput(m, func(in []int64) { d.Inputs = append(d.Inputs, slices.Clone(in)) })
			m.Calibration = d // so that nothing is clipped
			q := mustQuantise(t, m, Quantisation{
				WeightBits: 12, ActivationBits: 11, ResidualBits: 14, ExpLevels: 2000, Percentile: 100,
			})
			mean, greatest, size, err := q.LogitError(d)
			near := 0.02
			if m.Config.Decoder.ALiBi {
				near = 0.005 // wrong slopes make it 0.013
			}
			if err != nil || mean > near*size || greatest > 0.1*size {
				t.Errorf("%s, tables up to %d tokens: logits are off by %.4g on average, %.4g at most, and are %.4g (%v)",
					k.name, tables, mean, greatest, size, err)
			}
		}
	}
}

// The circuit is the network in integers on every input, and the network of one length is that of every length.
func TestDecoderCircuits(t *testing.T) {
	for _, k := range kinds {
		for _, tables := range []int{foldedVocabulary, 0} {
			files, _ := k.folder(t, 2)
			m := mustLoad(t, files, "tiny")
			m.tables = tables
			q := mustQuantise(t, m, Quantisation{WeightBits: 4, ActivationBits: 3, ResidualBits: 4, ExpLevels: 5})
			c := mustLower(t, q.Program, lower.Balanced)
			everyInput(m, func(in []int64) { same(t, q.Program, c, in) })
			lengths, _ := q.Lengths()
			open, err := lengths.OpenProgram()
			if err != nil {
				t.Fatalf("%s: %v", k.name, err)
			}
			member, err := lengths.Program(3)
			if err != nil {
				t.Fatalf("%s: %v", k.name, err)
			}
			if _, err := member.MemberOf(open); err != nil {
				t.Errorf("%s: %v", k.name, err)
			}
		}
	}
}

// merged returns a JSON object with some fields set.
func merged(t testing.TB, text []byte, more map[string]any) []byte {
	t.Helper()
	object := map[string]any{}
	if err := json.Unmarshal(text, &object); err != nil {
		t.Fatal(err)
	}
	maps.Copy(object, more)
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// FuzzDecoder checks that no config.json of a decoder makes the reader fail otherwise than with a LoadError.
func FuzzDecoder(f *testing.F) {
	for _, k := range kinds {
		files, _ := k.folder(f, 2)
		f.Add(files["tiny/config.json"].Data)
	}
	f.Add([]byte(`{"model_type": "decoder", "hidden_size": 4, "intermudiate_size": 3}`)) // the type with most fields
	f.Fuzz(func(t *testing.T, config []byte) {
		d := document{"config.json", config}
		a, err := d.architecture()
		c := &Config{ModelType: a.name}
		if err != nil || partNames[a.name] == nil {
			return
		}
		if err := a.configure(d, c); err != nil {
			var e *LoadError
			if !errors.As(err, &e) || len(err.Error()) > 2000 {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		if c.Decoder.Layers < 100 && len(a.tensors(c)) == 0 {
			t.Fatal("no tensors")
		}
	})
}
