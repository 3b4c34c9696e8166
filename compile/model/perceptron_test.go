package model

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
)

// sevenths is a reproducible number in −1..1.
func sevenths(i int) float32 { return float32(i*i%15-7) / 7 }

// denseNet is a perceptron 2-3-outputs, written with the given names of its two layers.
func denseNet(first, second string, outputs int, biases bool) folder {
	numbers := func(from, count int) []float32 {
		var v []float32
		for i := range count {
			v = append(v, sevenths(from+i))
		}
		return v
	}
	f := tinyMLP(2)
	f.config["layer_sizes"] = []int{2, 3, outputs}
	f.config["input"] = map[string]any{"kind": "vector", "length": 2, "bits": 3, "scale": 0.25}
	f.config["labels"] = []string{"a", "b", "c", "d"}[:outputs]
	f.config["quantization"] = map[string]any{"weight_bits": 9, "activation_bits": 8, "percentile": 100}
	f.weights = map[string]stored{
		first + ".weight":  reals([]int{3, 2}, numbers(2, 6)...),
		second + ".weight": reals([]int{outputs, 3}, numbers(5, 3*outputs)...),
	}
	if biases {
		f.weights[first+".bias"] = reals([]int{3}, numbers(3, 3)...)
		f.weights[second+".bias"] = reals([]int{outputs}, numbers(1, outputs)...)
	}
	var inputs []byte
	for x := range 8 {
		for y := range 8 {
			inputs = append(inputs, byte(x), byte(y))
		}
	}
	f.calibration = map[string]stored{
		"inputs": octets([]int{64, 2}, inputs...),
		"labels": octets([]int{64}, make([]byte, 64)...),
	}
	return f
}

func TestEveryActivationOfPerceptron(t *testing.T) {
	for _, name := range compile.ActivationNames() {
		f := denseNet("layers.0", "layers.1", 3, true)
		f.config["activation"] = name
		m := mustLoad(t, f.fs(t), "tiny")
		function, err := compile.ActivationFunc(name)
		if err != nil {
			t.Fatal(err)
		}
		w := m.Weights
		want := func(in []int64) []float64 {
			var h, y [3]float64
			for i := range h {
				sum := w["layers.0.bias"].Data[i]
				for j, x := range in {
					sum += w["layers.0.weight"].Data[2*i+j] * float64(x) / 4
				}
				h[i] = function(sum)
			}
			for i := range y {
				y[i] = w["layers.1.bias"].Data[i]
				for j, x := range h {
					y[i] += w["layers.1.weight"].Data[3*i+j] * x
				}
			}
			return y[:]
		}
		q := mustQuantise(t, m, Quantisation{})
		c := mustLower(t, q.Program, lower.MinDepth)
		everyInput(m, func(in []int64) {
			same(t, q.Program, c, in)
			for i, y := range m.Forward(in) {
				if math.Abs(y-want(in)[i]) > 1e-12 {
					t.Fatalf("%s: logit %d of %v is %v, want %v", name, i, in, y, want(in)[i])
				}
			}
		})
		if mean, greatest, size, err := q.LogitError(m.Calibration); err != nil || mean > 0.02*size {
			t.Errorf("%s: error of a logit %v, at most %v, of %v, %v", name, mean, greatest, size, err)
		}
	}
}

func TestSlopeOfLeakyReLU(t *testing.T) {
	f := denseNet("layers.0", "layers.1", 2, true)
	f.config["activation"], f.config["negative_slope"] = "leaky_relu", 0.25
	m := mustLoad(t, f.fs(t), "tiny")
	for x, want := range map[float64]float64{-2: -0.5, 0: 0, 3: 3} {
		if got := m.Config.function()(x); got != want {
			t.Errorf("%s of %v is %v, want %v", m.Config.Activation, x, got, want)
		}
	}
	for _, bad := range []map[string]any{
		{"negative_slope": -1},
		{"negative_slope": 2},
		{"activation": "relu"},
		{"activation": "leaky_relu:0.5"},
		{"activation": "swish"},
	} {
		f.config["activation"], f.config["negative_slope"] = "leaky_relu", 0.25
		for k, v := range bad {
			f.config[k] = v
		}
		if _, err := Load(f.fs(t), "tiny"); err == nil {
			t.Errorf("%v was accepted", bad)
		}
	}
}

func TestNamesOfLayers(t *testing.T) {
	in := []int64{5, 2}
	want := mustLoad(t, denseNet("layers.0", "layers.1", 3, true).fs(t), "tiny").Forward(in)
	for _, names := range [][2]string{
		{"0", "2"},
		{"net.2", "net.10"},
		{"l1", "l2"},
		{"fc1", "fc2"},
		{"layers.0", "layers.3"},
		{"block0.linear", "block1.linear"},
	} {
		m := mustLoad(t, denseNet(names[0], names[1], 3, true).fs(t), "tiny")
		if got := m.Forward(in); !slices.Equal(got, want) {
			t.Errorf("%v: %v, want %v", names, got, want)
		}
	}
	_, err := Load(denseNet("first", "second", 3, true).fs(t), "tiny")
	if err == nil || !strings.Contains(err.Error(), `tensor "layers.0.weight": is missing`) {
		t.Error(err)
	}
}

func TestPerceptronWithoutBiases(t *testing.T) {
	f := denseNet("l1", "l2", 3, false)
	m := mustLoad(t, f.fs(t), "tiny")
	if got := m.Forward([]int64{0, 0}); !slices.Equal(got, make([]float64, 3)) {
		t.Errorf("%v without biases and inputs", got)
	}
	f.config["bias"] = true
	if _, err := Load(f.fs(t), "tiny"); err == nil || !strings.Contains(err.Error(), `"l1.bias": is missing`) {
		t.Error(err)
	}
	f = denseNet("l1", "l2", 3, true)
	delete(f.weights, "l2.bias")
	if _, err := Load(f.fs(t), "tiny"); err == nil || !strings.Contains(err.Error(), `"l2.bias": is missing`) {
		t.Error(err)
	}
	f = denseNet("l1", "l2", 3, true)
	f.config["bias"] = false
	if _, err := Load(f.fs(t), "tiny"); err == nil || !strings.Contains(err.Error(), `"l1.bias": is not part`) {
		t.Error(err)
	}
}

func TestRegression(t *testing.T) {
	f := denseNet("0", "2", 2, true)
	f.config["task"], f.config["activation"] = "regression", "tanh"
	f.config["labels"] = []string{}
	plain := mustLoad(t, f.fs(t), "tiny")
	var targets []float32
	for _, in := range plain.Calibration.Inputs {
		for _, y := range plain.Forward(in) {
			targets = append(targets, float32(y))
		}
	}
	f.test = map[string]stored{"inputs": f.calibration["inputs"], "targets": reals([]int{64, 2}, targets...)}
	m := mustLoad(t, f.fs(t), "tiny")
	q := mustQuantise(t, m, Quantisation{ResidualBits: 9})
	c := mustLower(t, q.Program, lower.MinDepth)
	if c.Size() == 0 {
		t.Error("there are no gates")
	}
	d := m.Test
	e, err := d.MeanError(func(i int) ([]float64, error) { return m.Forward(d.Inputs[i]), nil })
	if err != nil || e > 1e-6 {
		t.Errorf("mean error %v in float64, %v", e, err)
	}
	r2, err := d.R2(func(i int) ([]float64, error) {
		y := m.Forward(d.Inputs[i])
		return []float64{y[0] + 1, y[1]}, nil
	})
	if err != nil || math.Abs(*r2-(1-64/spread(d.Targets))) > 1e-4 {
		t.Errorf("R² %v, %v", *r2, err)
	}
	constant := Dataset{Inputs: d.Inputs, Targets: slices.Repeat([][]float64{{2, 3}}, d.Len())}
	if r2, err := constant.R2(func(int) ([]float64, error) { return []float64{2, 4}, nil }); r2 != nil || err != nil {
		t.Errorf("R² %v of constants, %v", r2, err)
	}
	e, err = d.MeanError(func(i int) ([]float64, error) {
		same(t, q.Program, c, d.Inputs[i])
		return q.Values(evaluate(t, c, d.Inputs[i])), nil
	})
	if err != nil || e > q.Unit() || e == 0 {
		t.Errorf("mean error %v of the circuit, whose unit is %v, %v", e, q.Unit(), err)
	}
	if m.Predict(d.Inputs[0]) != nil || len(q.Program.Outputs()) != 2 || q.Program.Outputs()[0].Name != "y[0]" {
		t.Errorf("ports %v", q.Program.Outputs())
	}
	if all, err := q.StageErrors(t.Context(), d.Inputs); err != nil || all[len(all)-1].Relative > 0.1 {
		t.Errorf("%v, %v", all, err)
	}
	const wrong = `tensor "labels": is of a classification; a regression has the right numbers in "targets" [64 2]`
	for _, labels := range []stored{
		reals([]int{64}, make([]float32, 64)...), octets([]int{64}, slices.Repeat([]byte{1}, 64)...),
	} {
		f.test = map[string]stored{"inputs": f.calibration["inputs"], "labels": labels}
		if _, err := Load(f.fs(t), "tiny"); err == nil || !strings.Contains(err.Error(), wrong) {
			t.Errorf("%v; want %s", err, wrong)
		}
	}
	f.test = nil
	f.config["task"] = "ranking"
	if _, err := Load(f.fs(t), "tiny"); err == nil {
		t.Error("an unknown task was accepted")
	}
}

// spread returns the sum of the squared distances of numbers from the mean of their column.
func spread(rows [][]float64) (sum float64) {
	for k := range rows[0] {
		mean := 0.0
		for _, row := range rows {
			mean += row[k] / float64(len(rows))
		}
		for _, row := range rows {
			sum += (row[k] - mean) * (row[k] - mean)
		}
	}
	return sum
}

// The cases are folders as others may have them.
func TestPerceptronCases(t *testing.T) {
	for _, name := range []string{"mlp-leaky-relu", "mlp-no-bias", "mlp-pytorch-names", "mlp-regression", "mlp-tanh"} {
		m := mustLoad(t, os.DirFS("testdata/cases"), name)
		q := mustQuantise(t, m, Quantisation{})
		c := mustLower(t, q.Program, lower.MinDepth)
		if c.Size() == 0 {
			t.Errorf("%s: a circuit without gates", name)
		}
		changed := 0
		for _, in := range m.Calibration.Inputs {
			same(t, q.Program, c, in)
			answers, err := q.Predict(in)
			if err != nil {
				t.Fatal(err)
			}
			if !m.Config.Regression() && !slices.Equal(answers, m.Predict(in)) {
				changed++
			}
		}
		mean, _, size, err := q.LogitError(m.Calibration)
		t.Logf("%s: %d gates; %d of %d answers change; error %.3g of %.3g", name, c.Size(), changed,
			m.Calibration.Len(), mean, size)
		if err != nil || mean > 0.15*size || m.Config.Regression() != (name == "mlp-regression") {
			t.Errorf("%s: error %v of %v, %v", name, mean, size, err)
		}
	}
}
