package model

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile/lower"
)

// outcome is what is right of a case, as its what.txt says: it is taken, or counted from its shape, or refused with a
// message.
type outcome struct {
	refused string                    // begins the error, behind the name of the folder
	depth   int64                     // bound of its shape: it is counted
	size    int                       // numbers of its shape
	taken   func(m *Model) (bad bool) // what was once wrong of one that is taken; nil if it is only taken
}

// taken says that loading is all that was wrong.
var taken = outcome{}

// outcomes are all cases.
var outcomes = map[string]outcome{
	"alog-1000":                   {taken: func(m *Model) bool { return decay(math.Exp(m.Weights[mixer(0, "A_log")].Data[0]), 1) != 0 }},
	"attn-implementation":         taken,
	"byte-255":                    {refused: `test.safetensors: tensor "labels": element [0,0] is 255, which means no answer`},
	"calibration-no-labels":       {taken: func(m *Model) bool { return m.Calibration.Labels != nil || m.Calibration.Len() == 0 }},
	"config-llama3-8b":            {depth: 388, size: 8_030_261_248},
	"config-llama31-rope":         {depth: 16, size: 41_664},
	"config-microgpt":             {depth: 10, size: 4_192},
	"config-only-gpt2-124m":       {depth: 184, size: 124_439_808},
	"config-qwen2":                {depth: 292, size: 494_032_768},
	"expand-float":                {taken: func(m *Model) bool { return m.Config.Selective.Inner != 6 }},
	"fields-2019":                 taken,
	"fields-2019-b":               taken,
	"generation-fields":           taken,
	"gpt2-new-field":              taken,
	"gpt2-no-bias":                {taken: func(m *Model) bool { return m.Config.Decoder.AttentionBias }},
	"gpt2-two-inert":              taken,
	"head-dim-null":               {taken: func(m *Model) bool { return m.Config.Decoder.HeadSize != m.Config.Decoder.Hidden/3 }},
	"head-kept-embedding-dropped": {taken: func(m *Model) bool { return m.Weights["wte.weight"] == nil }},
	"hidden-act-null":             {taken: func(m *Model) bool { return m.Config.Activation != "silu" }},
	"inner-null":                  {taken: func(m *Model) bool { return m.Config.Selective.Inner != 2*m.Config.Selective.Hidden }},
	"labels-1d":                   {taken: func(m *Model) bool { return len(m.Test.Labels) != 2 || len(m.Test.Labels[0]) != 1 }},
	"mlp-bias-false":              taken,
	"mlp-leaky-relu":              {taken: func(m *Model) bool { return m.Config.function()(-1) != -0.01 }},
	"mlp-no-bias":                 {taken: func(m *Model) bool { return len(m.Weights) != 2 }},
	"mlp-pytorch-names":           {taken: func(m *Model) bool { return m.Weights["layers.1.weight"] == nil }},
	"mlp-regression":              {taken: func(m *Model) bool { return !m.Config.Regression() }},
	"mlp-tanh":                    {taken: func(m *Model) bool { return m.Config.function()(1) != math.Tanh(1) }},
	"no-model-type":               {refused: `config.json: field "model_type": is missing; known: attention-classifier`},
	"partial-in-parameters":       {refused: `config.json:16:2: field "rope_parameters": partial_rotary_factor 0.5 is not built`},
	"qwen3-int64-a8":              taken,
	"qwen3-int64-mix":             taken,
	"qwen3-score-span":            taken,
	"rope-interleaved-false":      taken,
	"rope-parameters-no-theta":    taken,
	"rope-parameters-null":        taken,
	"sharded":                     {taken: func(m *Model) bool { return len(m.Weights["wte.weight"].Data) != 5*6 }},
	"sharp-attention":             taken,
	"sharp-head-norm":             taken,
	"slash-token":                 {taken: func(m *Model) bool { return m.Config.Labels[2] != "/" }},
	"sliding-harmless":            {taken: func(m *Model) bool { return m.Config.Decoder.Window != 0 }},
	"two-thetas":                  {refused: `config.json:16:2: field "rope_theta": 10000, and rope_parameters.rope_theta is 2`},
	"weight-scale-channel":        {taken: func(m *Model) bool { return m.Config.Quantisation.WeightScale != perChannel }},
	"weight-scale-tc0json":        {taken: func(m *Model) bool { return m.Config.Quantisation.WeightScale != perChannel }},
	"weight-scale-tensor":         {taken: func(m *Model) bool { return m.Config.Quantisation.WeightScale != perTensor }},
	"zero-first-layer": {taken: func(m *Model) bool {
		logits := m.Forward([]int64{1, 2, 3})
		return math.Abs(logits[0]-0.4) > 1e-6 || math.Abs(logits[1]-0.3) > 1e-6
	}},
	"zero-token-table": taken,
}

// TestCases loads folders that were once read wrongly or refused without need. What is in each stands in its
// what.txt. Of those that are taken, the circuit is the network in integers.
func TestCases(t *testing.T) {
	folders, err := os.ReadDir("testdata/cases")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if _, ok := outcomes[folder.Name()]; !ok {
			t.Errorf("%s: it is not said what is right", folder.Name())
		}
	}
	if len(outcomes) != 46 {
		t.Errorf("%d cases, want 46", len(outcomes))
	}
	for _, name := range sortedKeys(outcomes) {
		t.Run(name, func(t *testing.T) {
			switch want := outcomes[name]; {
			case want.refused != "":
				_, err := Load(caseFiles(), name)
				begin := name + "/" + want.refused
				if err == nil || !strings.HasPrefix(err.Error(), begin) || strings.Contains(err.Error(), "\n") {
					t.Errorf("%v, want %s", err, want.refused)
				}
			case want.depth != 0:
				isCounted(t, name, want)
			default:
				m := mustLoad(t, caseFiles(), name)
				if want.taken != nil && want.taken(m) {
					t.Error("it is read wrongly")
				}
				isItsIntegers(t, m)
			}
		})
	}
}

// isCounted checks that a shape without weights has bounds.
func isCounted(t *testing.T, name string, want outcome) {
	t.Helper()
	m, err := LoadShape(caseFiles(), name)
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	for _, w := range m.Weights {
		n := 1
		for _, k := range w.Shape {
			n *= k
		}
		size += n
	}
	if size != want.size {
		t.Errorf("%d numbers, want %d", size, want.size)
	}
	f := costsOf(t, m, Quantisation{}, lower.Balanced)
	if d := at(t, f, "depth", 8).Int64(); d != want.depth {
		t.Errorf("depth %d, want %d", d, want.depth)
	}
	if gates := at(t, f, "gates", 8); gates.Sign() <= 0 {
		t.Errorf("%v gates", gates)
	}
}

// isItsIntegers compares the circuit with the network in integers: on the data of the case, or on random inputs.
func isItsIntegers(t *testing.T, m *Model) {
	t.Helper()
	const most = 12 // inputs
	var inputs [][]int64
	for _, d := range []*Dataset{m.Test, m.Calibration} {
		if d != nil {
			inputs = append(inputs, d.Inputs...)
		}
	}
	inputs = append(inputs[:min(len(inputs), most)], inputsOf(m, 6)...)
	q := mustQuantise(t, m, Quantisation{})
	s := lower.Balanced
	if !m.Config.Language() {
		s = lower.MinDepth
	}
	c := mustLower(t, q.Program, s)
	for _, in := range inputs {
		same(t, q.Program, c, in)
	}
}

// inputsOf returns random inputs of a model.
func inputsOf(m *Model, count int) (inputs [][]int64) {
	r := rand.New(rand.NewPCG(11, 12))
	for range count {
		in := make([]int64, m.Config.Input.Ports())
		for i := range in {
			in[i] = r.Int64N(m.Config.Input.Top() + 1)
		}
		inputs = append(inputs, in)
	}
	return inputs
}

// A tensor of zeros must not round away what stands beside it.
func TestZerosKeepAnswers(t *testing.T) {
	for _, name := range []string{"zero-first-layer", "zero-token-table"} {
		m := mustLoad(t, caseFiles(), name)
		q, err := m.Quantise(Quantisation{WeightBits: 12, ActivationBits: 10})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		data, _, err := m.calibration()
		if err != nil {
			t.Fatal(err)
		}
		changed := 0
		for _, in := range data {
			got, err := q.Predict(in)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, m.Predict(in)) {
				changed++
			}
		}
		if changed*50 > len(data) {
			t.Errorf("%s: %d of %d answers change", name, changed, len(data))
		}
	}
}

// plainMamba computes the logits at one position after another, by the recurrence of the paper (Gu and Dao 2023). Its
// sizes are those of the cases: one layer, 2 states and a rank of 2.
func plainMamba(w raw, in []int64) (logits []float64) {
	at := func(name string) string { return "backbone.layers.0.mixer." + name }
	rates, skip, taps := w[at("A_log")], w[at("D")].Data, w[at("conv1d.weight")]
	inner := len(skip)
	kernel := len(taps.Data) / inner
	states, before := make([][2]float64, inner), [][]float64{}
	for _, token := range in {
		x := w.at("backbone.embeddings.weight", int(token))
		both := w.of(at("in_proj"), w.rms("backbone.layers.0.norm", x, 1e-5, 0))
		before = append(before, both[:inner])
		u := slices.Clone(w[at("conv1d.bias")].Data)
		for i := range u {
			for lag := range min(kernel, len(before)) {
				u[i] += taps.Data[i*kernel+kernel-1-lag] * before[len(before)-1-lag][i]
			}
		}
		u = each(u, swish)
		parts := w.of(at("x_proj"), u)
		steps := each(w.of(at("dt_proj"), parts[:2]), func(v float64) float64 { return math.Log(1 + math.Exp(v)) })
		y := make([]float64, inner)
		for i := range y {
			y[i] = skip[i] * u[i]
			for k := range 2 {
				keep := 0.0 // of a rate beyond all numbers
				if rate := math.Exp(rates.Data[2*i+k]); !math.IsInf(rate, 1) {
					keep = math.Exp(-rate * steps[i])
				}
				states[i][k] = keep*states[i][k] + steps[i]*u[i]*parts[2+k]
				y[i] += parts[4+k] * states[i][k]
			}
		}
		x = added(x, w.of(at("out_proj"), times(y, each(both[inner:], swish))))
		logits = w.of("backbone.embeddings", w.rms("backbone.norm_f", x, 1e-5, 0))
	}
	return logits
}

// Mambas of the cases are read as the paper has them.
func TestMambaCases(t *testing.T) {
	for _, name := range []string{"alog-1000", "expand-float", "inner-null"} {
		m, w := mustLoad(t, caseFiles(), name), rawOf(t, caseFiles(), name)
		m.Config.Outputs = 1
		everyInput(m, func(in []int64) {
			got, want := m.Forward(in), plainMamba(w, in)
			for k := range want {
				if !(math.Abs(got[k]-want[k]) <= 1e-9) || len(got) != len(want) {
					t.Fatalf("%s: %s: logit %d is %v, want %v", name, fmt.Sprint(in), k, got[k], want[k])
				}
			}
		})
	}
}
