// Package model reads trained networks and turns them into programs. Package lower turns these into circuits.
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
//	tokenizer.json           optional, if tc0.json names no tokens; or vocab.json with merges.txt, or
//	                         tokenizer.model, see package token
//
// [Load] reads a folder from any file system. [Find] reads a shipped model by its name, or a folder
// by its path. A data file has two tensors of integers: "inputs" [count, ports] and "labels"
// [count]. Calibration data need no labels, since ranges follow from inputs alone. For a language
// model labels are [count, outputs], or [count] with one output; −1 means that no answer is asked
// for. In a tensor of U8, which has no −1, it is 255. If 255 is a token, too, Load refuses such a
// label: write the tensor as I16 or wider. An error in a file is a [*LoadError] that names the file
// and the tensor or field.
//
// # From a folder to a circuit
//
// [Load] reads the folder. First, config.json names the architecture. The architecture reads the
// rest of the file and knows its tensors. Then Load reads tc0.json, the weights and the data.
// [Model.Quantise] measures the ranges of the activations with the float64 network. It rounds the
// weights and builds [Quantised.Program], which takes integer inputs and gives an answer. Package
// lower makes its circuit. In the same way, [LoadDenoiser] reads a [Denoiser], and
// [Sampler.Program] is its program.
//
// Each architecture has files of its own: mlp.go (with regression.go), recurrent.go (with
// recurrent_build.go), attention.go, decoder.go (with decoder_forward.go and
// decoder_build.go) and mamba.go. It also has a line in architecture.go, which says how to add one.
//
// # Kinds of model
//
// "mlp" is a perceptron on integers of a few bits. An integer x stands for scale·x. The sizes of
// the layers are in layer_sizes. The activation follows all layers except the last: a function of
// package compile, such as relu, leaky_relu (with negative_slope), gelu, silu or tanh.
//
//	layers.k.weight [out, in], layers.k.bias [out]    for k = 0, 1, ...
//
// Other names with one number are taken in the order of the numbers, such as 0.weight and 2.weight
// of a torch.nn.Sequential. Unless the field "bias" says which, all layers have a bias or none has.
// With the task "regression", which is the default without labels or with one output, the answers
// are the outputs as numbers. Their data have the tensor "targets" [count, outputs] of real
// numbers in place of labels. The numbers are rounded to residual bits.
//
// "rnn", "gru" and "lstm" are recurrent language models with the tensors of PyTorch: an embedding
// or one-hot tokens, cells, and a linear head. Their config.json has vocab_size, hidden_size,
// num_layers, embedding_size unless tokens are one-hot, bias, and for an rnn nonlinearity. The
// modules may have any of the usual names. With V = vocab_size, d = hidden_size, g = 1, 3 or 4
//
//	embedding.weight [V, e], head.weight [V, d], head.bias [V] if there is one
//	rnn.weight_ih_lK [g·d, in], rnn.weight_hh_lK [g·d, d], rnn.bias_ih_lK, rnn.bias_hh_lK [g·d]
//
// Their circuits are unrolled: the depth grows with the number of tokens.
//
// "attention-classifier" is one softmax attention head with residual connections and an MLP. Its
// answer is read at the last of n tokens. With d = hidden_size, i = intermediate_size, v = vocab
// and c = number of labels, it has
//
//	embed.weight [v, d]
//	attention.{query,key,value,output}.weight [d, d]
//	mlp.up.weight [i, d], mlp.up.bias [i], mlp.down.weight [d, i], mlp.down.bias [d]
//	head.weight [c, d], head.bias [c]
//
// Both answer with the label of the largest logit; of equal logits the leftmost counts.
//
// The rest are language models as Hugging Face stores them. Their
// config.json and tensors have the published names, with or without the prefix of the whole model.
// Some fields of config.json change the function in ways that are not built here. Load refuses such
// fields by name. It also refuses tensors that are not part of the model. The answers are the next
// tokens at the last positions. All but mamba are a [Decoder]:
//
//	type      norms        positions       feed-forward             attention
//	gemma     RMS          rotary          gated, tanh GELU         grouped queries; the embedding is scaled
//	gpt2      layer        learned         GELU                     all biases, or none
//	gpt_neox  layer        part is rotary  GELU, beside attention   biases
//	llama     RMS          rotary          gated, SiLU              grouped queries
//	microgpt  RMS, no gain learned         ReLU                     no biases; a norm of the embedding
//	mistral   RMS          rotary          gated, SiLU              grouped queries, to a window
//	qwen2     RMS          rotary          gated, SiLU              grouped queries, biases of q, k and v
//	qwen3     RMS          rotary          gated, SiLU              grouped queries, norms of queries and keys
//	mamba     RMS          none            none                     none: a selective state-space model
//
// Rotary angles may be scaled, linearly or as Llama 3.1 scales them. A window is a limit on the length here:
// up to it, a position attends to all before it. In a file of microgpt, tensors have the names of the
// script, such as layer0.attn_wq. Their matrices are [out, in].
//
// "decoder" is any [Decoder] by plain fields. With d = hidden_size, i = intermediate_size (0: 4d), v = vocab_size,
// e = head_size (0: d/num_heads), h = num_heads and g = num_key_heads (0: h), it has
//
//	activation            of the hidden units, by its name in package compile
//	max_positions, num_layers
//	norm                  "layer", "rms" or "none"; norm_gain (true), norm_bias (false), norm_epsilon (1e-5)
//	embedding_norm        false; last_norm true; head_norm, an RMS norm of each query and key, false
//	positions             "learned", "rotary", "alibi" or "none"
//	rotary_base           10000; rotary_features that turn (0: e); rotary_interleaved false;
//	                      rotary_scaling as the rope_scaling of a Llama
//	attention_bias        of queries, keys and values, false; projection_bias, mlp_bias, gated false
//	parallel              false: the feed-forward network reads the sum with the attention
//	embedding_scale       1; tied_embedding false: the unembedding is the embedding
//	tied_keys_values      false: values have the matrix of the keys
//	tied_queries_outputs  false: the projection is the transpose of the queries' matrix
//
//	embedding.weight, unembedding.weight [v, d], positions.weight [max_positions, d]
//	embedding_norm.weight, last_norm.weight, layers.k.{norm1,norm2}.weight [d], the same with .bias
//	layers.k.query.weight [h·e, d], layers.k.{key,value}.weight [g·e, d], layers.k.projection.weight [d, h·e]
//	layers.k.{query_norm,key_norm}.weight [e], layers.k.{gate,up}.weight [i, d], layers.k.down.weight [d, i]
//
// and with .bias [out] as the fields say.
//
// If the vocabulary has at most 64 tokens, the part of the first layer that depends on one token is
// a table without gates. Its queries and keys, if they have norms, are rounded to 10 bits more than activations.
//
// # Shapes
//
// [LoadShape] reads a model from its config.json alone, without weights. [Model.Bounds] then makes the family whose
// costs bound those of every set of weights: how many gates and wires there are follows from sizes and levels, and
// the numbers that follow from weights have the greatest values of some [Limits].
//
// # Quantisation
//
// [Model.Forward] is the network in float64, from the textbook formula. [Model.Quantise] writes the
// same network in integers. Every value is an integer times a real scale:
//
//	weights      w ≈ s·round(w/s) with s = max|w|/(2^(b−1)−1), symmetric; per tensor,
//	             or with a scale for each row that is a multiple of one for the tensor
//	sums         exact; their scale is the product of the scales of weight and input
//	biases       rounded to the scale of the sum they are added to
//	activations  a whole number of units of the sum: round(sum/unit), clipped, where
//	             the unit is such that the calibrated percentile is the last level
//	residuals    on one scale: the coarser term is multiplied by a whole number,
//	             the matrix of the other is rounded to the scale that results
//
//	exponential  as many steps of one ratio as exp_levels says, between the least and
//	             the greatest score of the calibration. If scores lie beyond ±8, or
//	             score_span is given, the greatest score of a row is taken off first
//	             (stable softmax, a level deeper). Scores more than score_span below it
//	             have weight 0, and steps are closer where weights are larger. The span
//	             is the least of 8, 9, ..., 12 that leaves out at most a thousandth of
//	             the weight of each row of the calibration; 12 if none does
//
// All activations have activation_bits, residuals (and the states of a recurrent network, and the numbers of a
// regression) residual_bits, and matrices weight_bits, unless "bits" says something else by name:
//
//	"bits": {"layer 1/query": 4, "layer 2/*": 5, "*.q_proj.weight": 9, "keys": 5, "residual": 9, "embedding": 6}
//
// A name is that of an activation or of a matrix, as [Choice] and tc0 report have it; or a pattern with * for any
// text; or a kind. If several fit, the name counts, then the longest pattern, then the kind. A name that fits nothing
// is refused. The kinds are
//
//	weights               all matrices; among them embedding and head, the matrices at the start and at the end
//	decoders              queries, keys, values, attention (what it gives), norms, last norm, embedding norm,
//	                      hidden, or gate and up, and residual
//	mamba                 norms, last norm, convolution, gate, delta, B, C, drive, input, state, scan, residual
//	rnn, gru, lstm        gates and states, which have one number of bits in all layers
//	mlp                   hidden, and output of a regression
//	attention-classifier  attention, hidden
//
// With "equalize": true, channels are scaled before anything is rounded, so that all channels of a vector reach about
// as far on the calibration data: hidden units of a ReLU, what a gate multiplies, values, and the outputs of norms with
// gains. The matrix that reads them makes up for it. Channels of queries and keys, and of recurrent networks, are left.
//
// Weights and units are rounded half to even. A sum is rounded to a level half up.
// [Quantised.StageErrors] measures what each rounding does alone. Every choice is a [Choice], and
// stands in the stage names of the circuit. For example, "hidden 1 [w7 s=0.0185, a4 u=21]" has
// weights of 7 bits with scale 0.0185, and activations of 4 bits. One unit of such an activation is
// 21 units of the sum.
package model
