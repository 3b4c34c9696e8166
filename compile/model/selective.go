package model

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/tc0lab/tc0/compile"
)

// Selective are the sizes of a Mamba, a stack of selective state-space models (Gu and
// Dao 2023), as its config.json says.
type Selective struct {
	Hidden     int     // d
	Inner      int     // features of the state-space model
	State      int     // of each inner feature
	Layers     int     //
	Kernel     int     // taps of the short convolution
	Rank       int     // of the map to the step sizes
	Activation string  // of convolution and gate, by its name in package compile
	Epsilon    float64 // of the norms
	Bias       bool    // of the projections
	ConvBias   bool
	Tied       bool
}

// parseMamba reads the config.json of a Mamba.
func parseMamba(text []byte, c *Config) error {
	s := &Selective{State: 16, Kernel: 4, Activation: "silu", Epsilon: 1e-5, ConvBias: true, Tied: true}
	expand := 2
	fields := append(inertFields(), inert("d_inner", "d_model", "fused_add_norm", "n_layer", "pad_vocab_size_multiple", "rescale_prenorm_residual",
		"residual_in_fp32", "rms_norm", "ssm_cfg", "time_step_floor", "time_step_init_scheme", "time_step_max", "time_step_min", "time_step_scale", "use_mambapy")...)
	fields = append(fields,
		field{"conv_kernel", sizeInto(&s.Kernel), false},
		field{"expand", sizeInto(&expand), false},
		field{"hidden_act", function(&s.Activation), false},
		field{"hidden_size", sizeInto(&s.Hidden), true},
		field{"intermediate_size", sizeInto(&s.Inner), false},
		field{"layer_norm_epsilon", positive(&s.Epsilon), false},
		field{"num_hidden_layers", sizeInto(&s.Layers), true},
		field{"state_size", sizeInto(&s.State), true},
		field{"tie_word_embeddings", into(&s.Tied), false},
		field{"time_step_rank", func(raw json.RawMessage) error {
			if string(raw) == `"auto"` {
				return nil
			}
			return sizeInto(&s.Rank)(raw)
		}, false},
		field{"use_bias", into(&s.Bias), false},
		field{"use_conv_bias", into(&s.ConvBias), false},
		field{"vocab_size", sizeInto(&c.Input.Vocab), true},
	)
	if err := readFields(text, fields); err != nil {
		return err
	}
	if s.Inner == 0 {
		s.Inner = expand * s.Hidden
	}
	if s.Rank == 0 {
		s.Rank = (s.Hidden + 15) / 16
	}
	c.Selective, c.HiddenSize, c.IntermediateSize, c.Activation = s, s.Hidden, s.Inner, s.Activation
	c.Input.Kind = "tokens"
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

func selectiveTensors(c *Config) []tensorSpec {
	s := c.Selective
	specs := []tensorSpec{{name: mambaEmbedding, shape: []int{c.Input.Vocab, s.Hidden}}}
	for l := range s.Layers {
		add := func(name string, shape ...int) { specs = append(specs, tensorSpec{name: mixer(l, name), shape: shape}) }
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
	specs = append(specs, tensorSpec{name: mambaNorm, shape: []int{s.Hidden}})
	if !s.Tied {
		specs = append(specs, tensorSpec{name: "lm_head.weight", shape: []int{c.Input.Vocab, s.Hidden}})
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

// forwardSelective computes a Mamba by its recurrence, token by token: with h the norm
// of x, (v, z) = W_in·h, u = f(conv(v)), (r, B, C) = W_x·u, δ = softplus(W_δ·r + b),
//
//	S ← exp(−exp(A)·δ)·S + δ·u·B,  y = Σ_k C_k·S_k + D·u,  x ← x + W_out·(y ⊙ f(z)).
func forwardSelective(m *Model, in []int64, observe func(string, []float64)) []float64 {
	c, s := &m.Config, m.Config.Selective
	if observe == nil {
		observe = func(string, []float64) {}
	}
	f, err := compile.ActivationFunc(s.Activation)
	if err != nil {
		panic("model: " + err.Error()) // the configuration was checked
	}
	x := make([][]float64, len(in))
	for t, token := range in {
		x[t] = slices.Clone(m.Weights[mambaEmbedding].row(int(token)))
	}
	for l := range s.Layers {
		seen := func(what string, v []float64) []float64 {
			observe(layerPart(l, what), v)
			return v
		}
		tensor := func(name string) []float64 { return m.Weights[mixer(l, name)].Data }
		bias := func(name string) string {
			if name = mixer(l, name); m.Weights[name] == nil {
				return ""
			}
			return name
		}
		taps, rates := tensor("conv1d.weight"), tensor("A_log")
		state := make([]float64, s.Inner*s.State)
		var before [][]float64 // what came into the convolution
		for t := range x {
			h := seen("norm", m.rms(mixer(l, "norm.weight"), x[t], s.Epsilon))
			in := m.affine(mixer(l, "in_proj.weight"), bias("in_proj.bias"), h)
			before = append(before, in[:s.Inner])
			z := seen("gate", apply(f, in[s.Inner:]))
			u := make([]float64, s.Inner)
			for i := range u {
				if s.ConvBias {
					u[i] = tensor("conv1d.bias")[i]
				}
				for k := range s.Kernel {
					if from := t - s.Kernel + 1 + k; from >= 0 {
						u[i] += float64(taps[i*s.Kernel+k] * before[from][i])
					}
				}
			}
			u = seen("convolution", apply(f, u))
			parts := m.affine(mixer(l, "x_proj.weight"), "", u)
			b, out := seen("B", parts[s.Rank:s.Rank+s.State]), seen("C", parts[s.Rank+s.State:])
			delta := m.affine(mixer(l, "dt_proj.weight"), mixer(l, "dt_proj.bias"), parts[:s.Rank])
			for i, v := range delta {
				delta[i] = math.Max(v, 0) + math.Log1p(math.Exp(-math.Abs(v)))
			}
			delta = seen("delta", delta)
			drive := make([]float64, s.Inner)
			for i := range drive {
				drive[i] = delta[i] * u[i]
			}
			drive = seen("drive", drive)
			y := make([]float64, s.Inner)
			for i := range y {
				enters := make([]float64, s.State)
				for k := range enters {
					enters[k] = drive[i] * b[k]
				}
				for k, v := range seen("input", enters) {
					now := &state[i*s.State+k]
					*now = float64(math.Exp(-math.Exp(rates[i*s.State+k])*delta[i])**now) + v
				}
				read := seen("state", slices.Clone(state[i*s.State:(i+1)*s.State]))
				y[i] = dot(out, read) + float64(tensor("D")[i]*u[i])
			}
			y = seen("scan", y)
			for i := range y {
				y[i] *= z[i]
			}
			x[t] = seen("residual", plus(x[t], m.affine(mixer(l, "out_proj.weight"), bias("out_proj.bias"), y)))
		}
	}
	var logits []float64
	for _, row := range x[len(x)-c.Outputs:] {
		h := m.rms(mambaNorm, row, s.Epsilon)
		observe("last norm", h)
		logits = append(logits, m.affine(s.unembedding(), "", h)...)
	}
	return logits
}

// rms computes the RMS norm (Zhang and Sennrich 2019) with the gain of a tensor.
func (m *Model) rms(gain string, x []float64, epsilon float64) []float64 {
	root := math.Sqrt(dot(x, x)/float64(len(x)) + epsilon)
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(m.Weights[gain].Data[i] * (v / root))
	}
	return y
}
