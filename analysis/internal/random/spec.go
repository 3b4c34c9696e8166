package random

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
)

// shipped names the families that can be proved, with the values of their parameters that are
// drawn from. They are small, so that circuits are.
var shipped = []struct{ name, params string }{
	{"attention", "d=2|4 bits=1|2|3 kind=softmax|stable|average-hard|unique-hard heads=1|2 kv_heads=0|1 causal=0|1 " +
		"positions=none|learned|sinusoidal|rotary exp_levels=0|1|2|3|4 out_bits=0|1|2|3"},
	{"cot", "steps=1|2 vocab=2|3 tokens=one-hot|binary d=2 bits=2|3 norm=rms|layer place=pre|post hidden=1|2|3 " +
		"activation=relu|gelu|silu exp_levels=1|2 resolution=0|4"},
	{"denoiser", "bits=1|2|3 hidden=0|1|2|3|4 noise_bits=1|2|3 steps=1|2|3"},
	{"diffusion", "steps=1|2|3 kind=ddpm|ddim|masked d=1|2|3 bits=2|3|4 hidden=2|3|4|8 noise_bits=1|2|3 vocab=2|3"},
	{"glu", "hidden=0|1|2|3 activation=gelu|relu|sigmoid|silu bits=1|2|3"},
	{"gru", "d=1|2 bits=1|2|3"},
	{"layer", "d=2|4 heads=1|2 bits=2|3 kind=softmax|stable|average-hard|unique-hard causal=0|1 norm=rms|layer " +
		"place=pre|post hidden=0|1|2|3 activation=gelu|gelu_tanh|identity|relu|sigmoid|silu|softplus|tanh " +
		"exp_levels=0|1|2 resolution=0|4|16"},
	{"layernorm", "d=2|3|4|5 bits=1|2|3 out_bits=0|1|2|3 resolution=0|1|4|16"},
	{"looped", "steps=1|2 d=2 bits=2|3 kind=softmax|stable|average-hard|unique-hard causal=0|1 norm=rms|layer " +
		"hidden=1|2|3 activation=gelu|relu|silu|tanh exp_levels=1|2 resolution=0|4"},
	{"lstm", "d=1|2|3 bits=2|3|3"},
	{"mamba", "d=1|2|3|4 state=1|2 bits=1|2|2|3 kind=mixing|block exp_levels=0|1|2|3 memory=window|all"},
	{"mlp", "hidden=0|1|2|3|5 out=0|1|3 layers=1|2|3 bits=1|2|3|3 activation=gelu|gelu_tanh|relu|silu"},
	{"rmsnorm", "d=2|3|4|5 bits=1|2|3 out_bits=0|1|2|3 resolution=0|1|4|16"},
	{"rnn", "d=1|2|3 bits=1|2|3"},
	{"s4", "d=1|2|3|4 state=1|2|3 bits=1|2|3|4 memory=window|all"},
	{"ssm", "kind=convolution|recurrence|recurrence d=1|2|3|4 state=1|2|3 bits=1|2|3|3 state_bits=0|2|3"},
	{"transformer", "layers=1|2 vocab=2|3|4 tokens=one-hot|binary output=token|logits d=2 bits=2|3 " +
		"kind=softmax|stable|average-hard|unique-hard norm=rms|layer place=pre|post hidden=1|2|3 " +
		"activation=relu|gelu|silu exp_levels=1|2 resolution=0|4"},
}

// DrawSpec returns a shipped family with random parameters.
func DrawSpec(r *rand.Rand) (compile.Spec, error) {
	f := shipped[r.IntN(len(shipped))]
	params := []string{fmt.Sprintf("seed=%d", 1+r.IntN(10000))}
	for _, p := range strings.Fields(f.params) {
		name, values, _ := strings.Cut(p, "=")
		list := strings.Split(values, "|")
		if value := list[r.IntN(len(list))]; !slices.Contains(params, "heads=2") || value != "rotary" {
			params = append(params, name+"="+value) // heads of one feature have nothing to turn
		}
	}
	return compile.ParseSpec(f.name + ":" + strings.Join(params, ","))
}

// Shipped returns the names of the shipped families that are drawn.
func Shipped() []string {
	var list []string
	for _, f := range shipped {
		list = append(list, f.name)
	}
	return list
}

// DrawStrategy returns a preset, or parts of strategies.
func DrawStrategy(r *rand.Rand) lower.Strategy {
	presets := []lower.Strategy{lower.MinDepth, lower.Balanced, lower.MinSize}
	if k := r.IntN(2 * len(presets)); k < len(presets) {
		return presets[k]
	}
	digits := []int{0, 0, 2, 3, -1}
	return lower.Strategy{
		Absorb: r.IntN(2) == 0, Binary: r.IntN(2) == 0, Select: r.IntN(2) == 0,
		Digits: digits[r.IntN(len(digits))],
	}
}
