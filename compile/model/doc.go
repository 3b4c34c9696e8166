// Package model reads trained networks and turns them into programs, and so into
// circuits.
//
// # A model folder
//
//	config.json              what the network is, see [Config]
//	model.safetensors        its weights: F64, F32, F16 or BF16
//	test.safetensors         optional: held-out data with the right answers
//	calibration.safetensors  data that the ranges of activations are measured on;
//	                         only [Model.Quantise] needs it, and a language model
//	                         does without, on random tokens
//	tc0.json                 language models only: name, tokens, length, how finely to
//	                         round, see [Settings]
//
// [Load] reads a folder from any file system, [Find] a shipped model by its name or
// a folder by its path. A data file holds two tensors of integers: "inputs"
// [count, ports] and "labels" [count], or [count, outputs] for a language model,
// with 255 or −1 where no answer is asked for. Whatever is wrong with a file is a
// [*LoadError] that names the file and the tensor or field.
//
// # From a folder to a circuit
//
// [Load] reads what the folder says: config.json names the architecture, which reads the rest
// of it and knows its tensors; then come tc0.json, the weights and the data.
// [Model.Quantise] measures the ranges of the activations with the float64 network, rounds
// the weights, and builds [Quantised.Program]: inputs, integers, and an answer.
// [compile.Lower] makes the circuit of it. A [Denoiser] is read by [LoadDenoiser] in the same
// way, and [Sampler.Program] is its program.
//
// Each architecture has files of its own, mlp.go, attention.go, decoder.go (with
// decoder_forward.go and decoder_build.go) and mamba.go, and a line in architecture.go, which
// says how to add one.
//
// # Kinds of model
//
// "mlp" is a perceptron on integers of a few bits, each standing for scale times
// itself. With the sizes of layer_sizes, and ReLU after all layers but the last,
//
//	layers.k.weight [out, in], layers.k.bias [out]    for k = 0, 1, ...
//
// "attention-classifier" is one softmax attention head with residual connections
// and an MLP, read out at the last of n tokens. With d = hidden_size,
// i = intermediate_size, v = vocab and c = number of labels,
//
//	embed.weight [v, d]
//	attention.{query,key,value,output}.weight [d, d]
//	mlp.up.weight [i, d], mlp.up.bias [i], mlp.down.weight [d, i], mlp.down.bias [d]
//	head.weight [c, d], head.bias [c]
//
// The answer of both is the label with the largest logit, the leftmost of equals.
//
// "gpt2", "llama", "qwen3" and "mamba" are language models as Hugging Face stores
// them, config.json and tensors by their published names, with or without the prefix
// of the whole model. Fields of config.json that change what is computed and are not
// built here are refused by name, and so are tensors that are not part of the model.
// The answers are the next tokens at the last positions.
//
//	type     norms      positions  feed-forward             attention
//	gpt2     layer      learned    GELU                     as many heads of keys
//	llama    RMS        rotary     gated, SiLU              grouped queries
//	qwen3    RMS        rotary     gated, SiLU              grouped queries, norms of queries and keys
//	mamba    RMS        none       none                     none: a selective state-space model
//
// With at most 64 tokens, what the first layer computes of one token is a table and
// has no gates.
//
// # Quantisation
//
// [Model.Forward] is the network in float64, from the textbook formula.
// [Model.Quantise] writes the same network down in integers. Every value is an
// integer times a real scale:
//
//	weights      w ≈ s·round(w/s) with s = max|w|/(2^(b−1)−1), symmetric; per tensor,
//	             or with a scale for each row that is a multiple of one for the tensor
//	sums         exact; their scale is the product of those of weight and input
//	biases       rounded to the scale of the sum they are added to
//	activations  a whole number of units of the sum: round(sum/unit), clipped, where
//	             the unit is such that the calibrated percentile is the last level
//	residuals    on one scale: the coarser term is multiplied by a whole number,
//	             the matrix of the other is rounded to the scale that results
//
//	exponential  as many steps of one ratio as exp_levels says, between the least and
//	             the greatest score of the calibration
//
// Weights and units are rounded half to even; a sum is rounded to a level half up.
// [Quantised.StageErrors] measures what each rounding does alone. Everything chosen is a
// [Choice], and stands in the stage names of the circuit:
// "hidden 1 [w7 s=0.0185, a4 u=21]" has weights of 7 bits and scale 0.0185, and
// activations of 4 bits, each unit of which is 21 units of the sum.
package model
