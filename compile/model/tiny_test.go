package model

import (
	"encoding/binary"
	"encoding/json"
	"io/fs"
	"maps"
	"math"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// stored is a tensor as it stands in a file.
type stored struct {
	kind  string
	shape []int
	data  []byte
}

// reals returns a tensor of 32-bit floats.
func reals(shape []int, values ...float32) stored {
	s := stored{"F32", shape, nil}
	for _, v := range values {
		s.data = binary.LittleEndian.AppendUint32(s.data, math.Float32bits(v))
	}
	return s
}

// octets returns a tensor of bytes.
func octets(shape []int, values ...byte) stored { return stored{"U8", shape, values} }

// store writes a file in the safetensors format.
func store(tensors map[string]stored) []byte {
	header, data := map[string]any{}, []byte(nil)
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		t := tensors[name]
		header[name] = map[string]any{
			"dtype":        t.kind,
			"shape":        t.shape,
			"data_offsets": []int{len(data), len(data) + len(t.data)},
		}
		data = append(data, t.data...)
	}
	text, err := json.Marshal(header)
	if err != nil {
		panic(err)
	}
	return withHeader(string(text), data)
}

// withHeader writes a file with any header.
func withHeader(header string, data []byte) []byte {
	file := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(file, header...), data...)
}

// folder is a model folder in memory that tests take apart.
type folder struct {
	config      map[string]any
	weights     map[string]stored
	calibration map[string]stored
	test        map[string]stored
}

func (f folder) fs(t testing.TB) fstest.MapFS {
	config, err := json.Marshal(f.config)
	if err != nil {
		t.Fatal(err)
	}
	m := fstest.MapFS{
		"tiny/config.json":       {Data: config},
		"tiny/model.safetensors": {Data: store(f.weights)},
	}
	if f.calibration != nil {
		m["tiny/calibration.safetensors"] = &fstest.MapFile{Data: store(f.calibration)}
	}
	if f.test != nil {
		m["tiny/test.safetensors"] = &fstest.MapFile{Data: store(f.test)}
	}
	return m
}

// tinyMLP is a 3-2-outputs perceptron whose integers are easy to work out by hand;
// see TestTinyMLP.
func tinyMLP(outputs int) folder {
	names := []string{"no", "yes"}
	return folder{
		config: map[string]any{
			"model_type":   "mlp",
			"name":         "tiny",
			"input":        map[string]any{"kind": "vector", "length": 3, "bits": 2, "scale": 1},
			"layer_sizes":  []int{3, 2, outputs},
			"activation":   "relu",
			"labels":       names[:outputs],
			"quantization": map[string]any{"weight_bits": 3, "activation_bits": 2, "percentile": 100},
		},
		weights: map[string]stored{
			"layers.0.weight": reals([]int{2, 3}, 3, -1, 2, -3, 2, 1),
			"layers.0.bias":   reals([]int{2}, 0, -2),
			"layers.1.weight": reals([]int{outputs, 2}, []float32{0.375, -0.25, -0.25, 0.375}[:2*outputs]...),
			"layers.1.bias":   reals([]int{outputs}, []float32{1.5625, 1.25}[:outputs]...),
		},
		calibration: map[string]stored{
			"inputs": octets([]int{2, 3}, 3, 0, 3, 0, 0, 0),
			"labels": octets([]int{2}, 0, 0),
		},
	}
}

// tinyAttention is an attention-classifier of three tokens out of two.
func tinyAttention() folder {
	return folder{
		config: map[string]any{
			"model_type":        "attention-classifier",
			"name":              "tiny",
			"input":             map[string]any{"kind": "tokens", "length": 3, "vocab": 2},
			"hidden_size":       2,
			"intermediate_size": 3,
			"activation":        "relu",
			"labels":            []string{"a", "b"},
			"quantization":      map[string]any{"weight_bits": 4, "activation_bits": 3, "exp_levels": 5},
		},
		weights: map[string]stored{
			"embed.weight":            reals([]int{2, 2}, 1, -0.5, -0.25, 0.75),
			"attention.query.weight":  reals([]int{2, 2}, 1, 0.5, -0.5, 1),
			"attention.key.weight":    reals([]int{2, 2}, 0.5, -1, 1, 0.25),
			"attention.value.weight":  reals([]int{2, 2}, 1, 0.25, -0.5, 1),
			"attention.output.weight": reals([]int{2, 2}, 1, -0.125, 0.25, 1),
			"mlp.up.weight":           reals([]int{3, 2}, 1, -1, 0.5, 1, -1, 0.25),
			"mlp.up.bias":             reals([]int{3}, 0.125, 0, -0.25),
			"mlp.down.weight":         reals([]int{2, 3}, 1, 0.5, -1, -0.5, 1, 0.25),
			"mlp.down.bias":           reals([]int{2}, 0.5, -0.5),
			"head.weight":             reals([]int{2, 2}, 1, -1, -0.5, 1),
			"head.bias":               reals([]int{2}, 0, 0.125),
		},
		calibration: map[string]stored{
			"inputs": octets([]int{4, 3}, 0, 0, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1),
			"labels": octets([]int{4}, 0, 1, 0, 1),
		},
	}
}

func mustLoad(t testing.TB, fsys fs.FS, dir string) *Model {
	t.Helper()
	m, err := Load(fsys, dir)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func mustQuantise(t testing.TB, m *Model, q Quantisation) *Quantised {
	t.Helper()
	z, err := m.Quantise(q)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// strategies are those that circuits of models are built with in tests.
var strategies = []lower.Strategy{lower.MinDepth, lower.Balanced, lower.MinSize, {}, {Digits: 2, Binary: true}}

func mustLower(t testing.TB, p *program.Program, s lower.Strategy) *circuit.Circuit {
	t.Helper()
	c, err := lower.Program(p, s)
	if err != nil {
		t.Fatalf("%s, %v: %v", p.Name(), s, err)
	}
	if err := c.Check(); err != nil {
		t.Fatalf("%s, %v: %v", p.Name(), s, err)
	}
	return c
}

// evaluate computes the integers on the output ports of a circuit.
func evaluate(t testing.TB, c *circuit.Circuit, in []int64) []int64 {
	t.Helper()
	var wires []bool
	for i, port := range c.InputPorts() {
		w := make([]bool, len(port.Wires))
		if err := port.Format.Encode(circuit.NewInt(in[i]), w); err != nil {
			t.Fatalf("%s: %v", port.Name, err)
		}
		wires = append(wires, w...)
	}
	out, err := c.Eval(wires)
	if err != nil {
		t.Fatal(err)
	}
	var values []int64
	for _, port := range c.OutputPorts() {
		v, err := port.Format.Decode(out[:len(port.Wires)])
		if err != nil {
			t.Fatalf("%s on %v: %v", port.Name, in, err)
		}
		small, ok := v.Int64()
		if !ok {
			t.Fatalf("%s on %v is %v", port.Name, in, v)
		}
		values, out = append(values, small), out[len(port.Wires):]
	}
	return values
}

// everyInput calls f for all inputs of a model.
func everyInput(m *Model, f func(in []int64)) {
	in := make([]int64, m.Config.Input.Ports())
	for {
		f(in)
		i := 0
		for ; i < len(in); i++ {
			if in[i]++; in[i] <= m.Config.Input.Top() {
				break
			}
			in[i] = 0
		}
		if i == len(in) {
			return
		}
	}
}

// same compares the circuit of a program with its reference on one input.
func same(t testing.TB, p *program.Program, c *circuit.Circuit, in []int64) {
	t.Helper()
	want, err := p.Reference(in)
	if err != nil {
		t.Fatal(err)
	}
	if got := evaluate(t, c, in); !slices.Equal(got, want) {
		t.Fatalf("%s: the circuit answers %v on %v, and the reference %v", p.Name(), got, in, want)
	}
}

// find returns the choice made for a tensor.
func find(t testing.TB, q *Quantised, tensor string) Choice {
	t.Helper()
	i := slices.IndexFunc(q.Choices, func(c Choice) bool { return c.Tensor == tensor })
	if i < 0 {
		t.Fatalf("no choice for %q", tensor)
	}
	return q.Choices[i]
}
