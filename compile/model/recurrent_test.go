package model

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tc0lab/tc0/compile/lower"
)

// cellNet is a recurrent network of random weights, as PyTorch stores it, and the numbers of its tensors.
type cellNet struct {
	config, settings map[string]any
	numbers          map[string][]float64
	shapes           map[string][]int
}

// newCellNet makes a network of 4 tokens and a state of 3. Names are the modules of embedding, cells and head; no
// embedding means one-hot tokens.
func newCellNet(kind string, layers int, embedding, cells, head string) cellNet {
	const vocab, hidden, embedded = 4, 3, 2
	f := cellNet{
		config: map[string]any{
			"model_type": kind, "vocab_size": vocab, "hidden_size": hidden, "num_layers": layers, "batch_first": true,
			"dropout": 0.1,
		},
		settings: map[string]any{
			"name": "tiny", "length": 4, "outputs": 2, "quantization": map[string]any{"percentile": 100},
		},
		numbers: map[string][]float64{}, shapes: map[string][]int{},
	}
	rng := rand.New(rand.NewPCG(3, 4))
	add := func(name string, shape ...int) {
		size := 1
		for _, n := range shape {
			size *= n
		}
		for range size {
			f.numbers[name] = append(f.numbers[name], float64(float32(2.4*rng.Float64()-1.2)))
		}
		f.shapes[name] = shape
	}
	in := vocab
	if embedding != "" {
		in = embedded
		f.config["embedding_size"] = in
		add(embedding+".weight", vocab, in)
	}
	rows := hidden * map[string]int{"rnn": 1, "gru": 3, "lstm": 4}[kind]
	for l := range layers {
		add(fmt.Sprintf("%sweight_ih_l%d", cells, l), rows, in)
		add(fmt.Sprintf("%sweight_hh_l%d", cells, l), rows, hidden)
		add(fmt.Sprintf("%sbias_ih_l%d", cells, l), rows)
		add(fmt.Sprintf("%sbias_hh_l%d", cells, l), rows)
		in = hidden
	}
	add(head+".weight", vocab, hidden)
	add(head+".bias", vocab)
	return f
}

func (f cellNet) fs(t testing.TB) fstest.MapFS {
	t.Helper()
	weights := map[string]stored{}
	for name, v := range f.numbers {
		var short []float32
		for _, x := range v {
			short = append(short, float32(x))
		}
		weights[name] = reals(f.shapes[name], short...)
	}
	files := fstest.MapFS{"tiny/model.safetensors": {Data: store(weights)}}
	for name, v := range map[string]any{"config.json": f.config, "tc0.json": f.settings} {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		files["tiny/"+name] = &fstest.MapFile{Data: text}
	}
	return files
}

// reference computes the logits at all positions with loops over the flat numbers, gate by gate as the manual of
// PyTorch writes them.
func (f cellNet) reference(
	kind string, layers int, embedding, cells, head string, relu bool, tokens []int64,
) []float64 {
	const vocab, hidden = 4, 3
	sigma := func(x float64) float64 { return (1 + math.Tanh(x/2)) / 2 }
	h, c := map[int][]float64{}, map[int][]float64{}
	for l := range layers {
		h[l], c[l] = make([]float64, hidden), make([]float64, hidden)
	}
	var logits []float64
	for _, token := range tokens {
		x := make([]float64, vocab)
		x[token] = 1
		if embedding != "" {
			x = f.numbers[embedding+".weight"][2*token : 2*token+2]
		}
		for l := range layers {
			get := func(what string) []float64 { return f.numbers[fmt.Sprintf("%s%s_l%d", cells, what, l)] }
			// row is one row of both products, apart.
			row := func(i int) (in, back float64) {
				in, back = get("bias_ih")[i], get("bias_hh")[i]
				for j, v := range x {
					in += get("weight_ih")[i*len(x)+j] * v
				}
				for j, v := range h[l] {
					back += get("weight_hh")[i*hidden+j] * v
				}
				return in, back
			}
			sum := func(i int) float64 { in, back := row(i); return in + back }
			next, cell := make([]float64, hidden), make([]float64, hidden)
			for k := range hidden {
				switch kind {
				case "gru":
					r, z := sigma(sum(k)), sigma(sum(hidden+k))
					in, back := row(2*hidden + k)
					n := math.Tanh(in + r*back)
					next[k] = n + z*(h[l][k]-n)
				case "lstm":
					i, forget, o := sigma(sum(k)), sigma(sum(hidden+k)), sigma(sum(3*hidden+k))
					g := math.Tanh(sum(2*hidden + k))
					cell[k] = forget*c[l][k] + i*g
					next[k] = o * math.Tanh(cell[k])
				default:
					if next[k] = math.Tanh(sum(k)); relu {
						next[k] = math.Max(sum(k), 0)
					}
				}
			}
			h[l], c[l], x = next, cell, next
		}
		for i := range vocab {
			y := f.numbers[head+".bias"][i]
			for j, v := range x {
				y += f.numbers[head+".weight"][i*hidden+j] * v
			}
			logits = append(logits, y)
		}
	}
	return logits
}

// cellNets are kinds of network under several names.
var cellNets = []struct {
	kind, embedding, cells, head string
	layers                       int
	relu                         bool
}{
	{"rnn", "embedding", "rnn.", "fc", 1, false},
	{"rnn", "", "", "head", 2, true},
	{"gru", "", "gru.", "fc", 1, false},
	{"gru", "encoder", "rnn.", "decoder", 2, false},
	{"lstm", "embed", "lstm.", "linear", 1, false},
	{"lstm", "", "rnn.", "head", 2, false},
}

func TestForwardOfRecurrentNetworks(t *testing.T) {
	for _, n := range cellNets {
		f := newCellNet(n.kind, n.layers, n.embedding, n.cells, n.head)
		if n.relu {
			f.config["nonlinearity"] = "relu"
		}
		m := mustLoad(t, f.fs(t), "tiny")
		everyInput(m, func(in []int64) {
			want := f.reference(n.kind, n.layers, n.embedding, n.cells, n.head, n.relu, in)
			for i, y := range m.Forward(in) {
				if w := want[2*4+i]; math.Abs(y-w) > 1e-12 {
					t.Fatalf("%v: logit %d of %v is %v, want %v", n, i, in, y, w)
				}
			}
		})
	}
}

func TestCircuitsOfRecurrentNetworks(t *testing.T) {
	for _, n := range cellNets {
		f := newCellNet(n.kind, n.layers, n.embedding, n.cells, n.head)
		if n.relu {
			f.config["nonlinearity"] = "relu"
		}
		m := mustLoad(t, f.fs(t), "tiny")
		q := mustQuantise(t, m, Quantisation{WeightBits: 6, ActivationBits: 3, ResidualBits: 4})
		for _, s := range []lower.Strategy{lower.Balanced, lower.MinDepth} {
			c := mustLower(t, q.Program, s)
			i := 0
			everyInput(m, func(in []int64) {
				if i++; i%7 == 0 {
					same(t, q.Program, c, in)
				}
			})
		}
		// The depth grows with the length, by the same for each position.
		lengths, ok := q.Lengths()
		if !ok {
			t.Fatal("no lengths")
		}
		var depths []int
		for length := 3; length <= 5; length++ {
			p, err := lengths.Program(length)
			if err != nil {
				t.Fatal(err)
			}
			depths = append(depths, mustLower(t, p, lower.MinDepth).Depth())
		}
		step := map[string]int{"rnn": 1, "gru": 4, "lstm": 4}[n.kind]
		if depths[1]-depths[0] != step || depths[2]-depths[1] != step {
			t.Errorf("%v: depths %v, want steps of %d", n, depths, step)
		}
		if _, err := lengths.OpenProgram(); err != nil {
			t.Errorf("%v: %v", n, err)
		}
	}
}

func TestFineRecurrentNetworks(t *testing.T) {
	for _, n := range cellNets {
		for _, scale := range []string{perTensor, perChannel} {
			f := newCellNet(n.kind, n.layers, n.embedding, n.cells, n.head)
			if n.relu {
				f.config["nonlinearity"] = "relu"
			}
			m := mustLoad(t, f.fs(t), "tiny")
			fine := Quantisation{WeightBits: 12, ActivationBits: 11, ResidualBits: 13, WeightScale: scale}
			q := mustQuantise(t, m, fine)
			d := &Dataset{}
			everyInput(m, func(in []int64) { d.Inputs = append(d.Inputs, slices.Clone(in)) })
			mean, greatest, size, err := q.LogitError(d)
			t.Logf("%v %s: %.3g, %.3g of %.3g", n, scale, mean, greatest, size)
			if err != nil || mean > 0.002*size || greatest > 0.02*size {
				t.Errorf("%v: error %v, at most %v, of %v, %v", n, mean, greatest, size, err)
			}
		}
	}
}

func TestFieldsOfRecurrentNetworks(t *testing.T) {
	for field, want := range map[string]any{
		"bidirectional":       true,
		"proj_size":           2,
		"input_size":          3,
		"tie_word_embeddings": true,
		"num_layers":          0,
		"nonlinearity":        "relu",
		"hidden_size":         5,
	} {
		f := newCellNet("gru", 1, "embedding", "gru.", "fc")
		f.config[field] = want
		_, err := Load(f.fs(t), "tiny")
		if err == nil || field != "hidden_size" && !strings.Contains(err.Error(), `field "`+field+`"`) {
			t.Errorf("%s: %v gives %v", field, want, err)
		}
	}
	f := newCellNet("lstm", 1, "", "", "fc")
	maps.DeleteFunc(f.numbers, func(name string, _ []float64) bool { return strings.HasPrefix(name, "weight_hh") })
	if _, err := Load(f.fs(t), "tiny"); err == nil || !strings.Contains(err.Error(), `tensor "weight_hh_l0": is missing`) {
		t.Error(err)
	}
}
