package model

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Recurrent are the sizes of a recurrent language model, as its config.json says: an embedding or one-hot tokens,
// layers of one kind of cell, and a linear head.
type Recurrent struct {
	Kind       string // rnn (Elman 1990), gru (Cho et al. 2014) or lstm (Hochreiter and Schmidhuber 1997)
	Embedding  int    // size of the embedding; 0 for one-hot tokens
	Hidden     int    // of the state of a layer
	Layers     int    //
	Activation string // rnn: of the state, tanh or relu
	Bias       bool   // of the cells
	Tied       bool   // the head is the embedding
}

// cellParts are the matrices of a cell, in the order in which PyTorch has their rows.
var cellParts = map[string][]string{
	"rnn":  {"state"},
	"gru":  {"reset", "update", "candidate"},
	"lstm": {"input", "forget", "candidate", "output"},
}

// configureRecurrent reads the config.json of a recurrent network. Its fields have the names of the arguments of
// torch.nn.RNN, GRU and LSTM, and of the configurations of language models.
func configureRecurrent(doc document, c *Config) error {
	r := &Recurrent{Kind: c.ModelType, Layers: 1, Activation: "tanh", Bias: true}
	size := 0
	f := fields{
		"batch_first":         nil,
		"bias":                into(&r.Bias),
		"bidirectional":       only("a network that also reads backwards", "false"),
		"embedding_size":      sizeInto(&r.Embedding),
		"hidden_size":         sizeInto(&r.Hidden),
		"input_size":          sizeInto(&size),
		"num_layers":          layersInto(&r.Layers),
		"proj_size":           only("a projection of the state", "0"),
		"tie_word_embeddings": into(&r.Tied),
		"vocab_size":          sizeInto(&c.Input.Vocab),
	}
	if r.Kind == "rnn" {
		f["nonlinearity"] = checked(&r.Activation, func(v string) error {
			if v != "tanh" && v != "relu" {
				return errors.New("is not known; known: tanh, relu")
			}
			return nil
		})
	}
	if err := f.with().read(doc, "vocab_size", "hidden_size"); err != nil {
		return err
	}
	if r.Embedding == 0 && size != c.Input.Vocab {
		r.Embedding = size // of each input; one-hot tokens have the size of the vocabulary
	}
	c.Recurrent, c.HiddenSize, c.Activation, c.Input.Kind, c.positions = r, r.Hidden, r.Activation, "tokens", most
	return doc.place(r.check(size))
}

// check compares the fields with each other. The input of the first layer has the given size; 0 if it is not given.
func (r *Recurrent) check(size int) *fieldError {
	switch {
	case r.Embedding > 0 && size > 0 && size != r.Embedding:
		return badField("input_size", "%d, and embedding_size is %d", size, r.Embedding)
	case r.Tied && r.Embedding != r.Hidden:
		return badField("tie_word_embeddings",
			"an embedding of %d is no head on a state of %d: both sizes must be equal", r.Embedding, r.Hidden)
	}
	return nil
}

// The tensors of a recurrent network that are not part of a cell.
const (
	recurrentEmbedding = "embedding.weight"
	recurrentHead      = "head.weight"
)

// head returns the name of the matrix that the logits come from.
func (r *Recurrent) head() string {
	if r.Tied {
		return recurrentEmbedding
	}
	return recurrentHead
}

// cellTensor returns the name of a matrix that a layer reads its input with, ih, or its state, hh. A part is one of
// cellParts.
func cellTensor(layer int, what, part string) string {
	return fmt.Sprintf("cell.weight_%s_l%d %s", what, layer, part)
}

// recurrentTensors lists the tensors of a state dict of PyTorch. The module of the cells, the embedding and the head
// may have any of the usual names.
func recurrentTensors(c *Config) []tensorSpec {
	r := c.Recurrent
	var specs []tensorSpec
	in := cmp.Or(r.Embedding, c.Input.Vocab)
	if r.Embedding > 0 {
		specs = append(specs, alias(spec(recurrentEmbedding, c.Input.Vocab, in),
			"embedding", "embed", "embeddings", "emb", "encoder", "wte", "tok_emb", "token_embedding"))
	}
	rows := len(cellParts[r.Kind]) * r.Hidden
	for l := range r.Layers {
		add := func(name string, shape ...int) {
			s := spec(fmt.Sprintf("cell.%s_l%d", name, l), shape...)
			s.called = func(names []string) string { return cellModule(names) + strings.TrimPrefix(s.name, "cell.") }
			s.parts = cellParts[r.Kind]
			specs = append(specs, s)
		}
		add("weight_ih", rows, in)
		add("weight_hh", rows, r.Hidden)
		if r.Bias {
			add("bias_ih", rows)
			add("bias_hh", rows)
		}
		in = r.Hidden
	}
	if r.Tied {
		return specs
	}
	heads := []string{"head", "fc", "linear", "out", "output", "decoder", "lm_head", "h2o", "proj", "classifier"}
	bias := alias(spec(biasOf(recurrentHead), c.Input.Vocab), heads...)
	bias.missing = func([]string) bool { return true }
	return append(specs, alias(spec(recurrentHead, c.Input.Vocab, r.Hidden), heads...), bias)
}

// alias lets a tensor of a module have the name of that module or of another one.
func alias(s tensorSpec, modules ...string) tensorSpec {
	_, part, _ := strings.Cut(s.name, ".")
	s.called = func(names []string) string {
		for _, m := range modules {
			if slices.Contains(names, m+"."+part) {
				return m + "." + part
			}
		}
		return s.name
	}
	return s
}

// cellModule returns what stands before weight_ih_l0 in the file.
func cellModule(names []string) string {
	for _, name := range names {
		if module, ok := strings.CutSuffix(name, "weight_ih_l0"); ok {
			return module
		}
	}
	return "rnn."
}

// forwardRecurrent computes, for each token and from states of zeros, with x the row of the token and then the state h'
// of the layer below, σ the sigmoid and f tanh or ReLU:
//
//	rnn   h' = f(W·x + b + U·h + c)
//	gru   r, z = σ(W·x + b + U·h + c), n = tanh(W·x + b + r⊙(U·h + c)), h' = (1−z)⊙n + z⊙h
//	lstm  i, f, o = σ(W·x + b + U·h + c), g = tanh(W·x + b + U·h + c), s' = f⊙s + i⊙g, h' = o⊙tanh(s')
func forwardRecurrent(m *Model, in []int64, observe observer) []float64 {
	r := m.Config.Recurrent
	h, s := make([][]float64, r.Layers), make([][]float64, r.Layers)
	for l := range h {
		h[l], s[l] = make([]float64, r.Hidden), make([]float64, r.Hidden)
	}
	var logits []float64
	for t, token := range in {
		var x []float64
		if r.Embedding > 0 {
			x = slices.Clone(m.Weights[recurrentEmbedding].row(int(token)))
		} else {
			x = make([]float64, m.Config.Input.Vocab)
			x[token] = 1
		}
		for l := range r.Layers {
			c := cell{m, l, func(what string, v []float64) []float64 {
				observe(layerPart(l, what), v)
				return v
			}}
			h[l], s[l] = c.step(x, h[l], s[l])
			x = h[l]
		}
		if t >= len(in)-m.Config.Outputs {
			logits = append(logits, m.Weights.affine(r.head(), x)...)
		}
	}
	return logits
}

// cell is one layer of a recurrent network in float64.
type cell struct {
	m    *Model
	l    int
	seen func(what string, v []float64) []float64 // after it was observed
}

// in returns W·x + b of a part, and state returns U·h + c.
func (c cell) in(part string, x []float64) []float64 {
	return c.m.Weights.affine(cellTensor(c.l, "ih", part), x)
}

func (c cell) state(part string, h []float64) []float64 {
	return c.m.Weights.affine(cellTensor(c.l, "hh", part), h)
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// step returns the next states from x, h and, of an LSTM, s.
func (c cell) step(x, h, s []float64) (nextH, nextS []float64) {
	gate := func(part string, f func(float64) float64) []float64 {
		return c.seen(part, apply(f, plus(c.in(part, x), c.state(part, h))))
	}
	nextH = make([]float64, len(h))
	switch c.m.Config.Recurrent.Kind {
	case "gru":
		r, z := gate("reset", logistic), gate("update", logistic)
		n, back := c.in("candidate", x), c.seen("candidate of the state", c.state("candidate", h))
		for k := range n {
			n[k] = math.Tanh(n[k] + float64(r[k]*back[k]))
		}
		c.seen("candidate", n)
		for k := range nextH {
			nextH[k] = float64((1-z[k])*n[k]) + float64(z[k]*h[k])
		}
	case "lstm":
		i, f, o := gate("input", logistic), gate("forget", logistic), gate("output", logistic)
		g := gate("candidate", math.Tanh)
		nextS = make([]float64, len(s))
		for k := range nextS {
			nextS[k] = float64(f[k]*s[k]) + float64(i[k]*g[k])
		}
		c.seen("cell", nextS)
		squashed := c.seen("squashed cell", apply(math.Tanh, nextS))
		for k := range nextH {
			nextH[k] = float64(o[k] * squashed[k])
		}
	default:
		f := math.Tanh
		if c.m.Config.Recurrent.Activation == "relu" {
			f = func(v float64) float64 { return max(v, 0) }
		}
		return gate("state", f), s
	}
	return c.seen("state", nextH), nextS
}
