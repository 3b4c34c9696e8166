package checkpoint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/internal/brief"
)

// firstCell ends the name of the matrix that the first layer of a recurrent network of torch.nn reads its input with.
const firstCell = "weight_ih_l0"

// cells returns the name of the module of the cells, with a dot, and whether there is one.
func (v *conversion) cells() (module string, ok bool) {
	for _, name := range v.Names() {
		if module, ok = strings.CutSuffix(name, firstCell); ok {
			return module, true
		}
	}
	return "", false
}

// cellKinds are the types of cells by how many matrices they have one above the other.
var cellKinds = map[int]string{1: "rnn", 3: "gru", 4: "lstm"}

// convertRecurrent converts a language model of torch.nn.RNN, GRU or LSTM with a linear head: tokens enter by an
// embedding or one-hot.
func convertRecurrent(v *conversion) error {
	module, _ := v.cells()
	if err := v.missingPart(); err != nil {
		return err
	}
	ih, err := v.take(module+firstCell, -1, -1)
	if err != nil {
		return err
	}
	hh, err := v.take(module+"weight_hh_l0", ih.Shape[0], -1)
	if err != nil {
		return err
	}
	hidden := hh.Shape[1]
	if hidden == 0 || ih.Shape[0]%hidden != 0 || cellKinds[ih.Shape[0]/hidden] == "" {
		return v.fail(hh.Name, "has shape %v; a cell has 1, 3 or 4 times as many rows as columns", hh.Shape)
	}
	v.Type = cellKinds[ih.Shape[0]/hidden]
	bias := v.Tensors[module+"bias_ih_l0"] != nil
	layers := v.blocks(module + "weight_ih_l%d")
	in := ih.Shape[1]
	for l := range layers {
		if err := v.cell(module, l, ih.Shape[0], in, hidden, bias); err != nil {
			return err
		}
		in = hidden
	}
	vocabulary, embedding, err := v.ends(ih.Shape[1], hidden)
	if err != nil {
		return err
	}
	v.config = map[string]any{
		"model_type": v.Type, "vocab_size": vocabulary, "hidden_size": hidden, "num_layers": layers, "bias": bias,
	}
	if embedding {
		v.config["embedding_size"] = ih.Shape[1]
	}
	uses := []string{}
	if v.Type == "rnn" {
		uses = append(uses, useActivation)
		v.config["nonlinearity"] = "tanh"
		if v.Activation != "" {
			v.config["nonlinearity"] = v.Activation
		} else {
			v.note("taken: the activation tanh, as torch.nn.RNN has it; --activation relu is the other")
		}
	}
	if err := v.rest(); err != nil {
		return err
	}
	return v.settings(0, nil, uses...)
}

// cell keeps the tensors of a layer.
func (v *conversion) cell(module string, l, rows, in, hidden int, bias bool) error {
	parts := []struct {
		name  string
		shape []int
	}{{"weight_ih", []int{rows, in}}, {"weight_hh", []int{rows, hidden}}}
	if bias {
		parts = append(parts, parts[:2]...)
		parts[2].name, parts[2].shape = "bias_ih", []int{rows}
		parts[3].name, parts[3].shape = "bias_hh", []int{rows}
	}
	for _, p := range parts {
		name := fmt.Sprintf("%s_l%d", p.name, l)
		t, err := v.take(module+name, p.shape...)
		if err != nil {
			return err
		}
		v.keep(t.named("rnn." + name))
	}
	return nil
}

// ends keeps the embedding, if there is one, and the head: matrices with a row for each token.
func (v *conversion) ends(in, hidden int) (vocabulary int, embedding bool, err error) {
	var tables []*Tensor
	for _, name := range v.Names() {
		if t := v.Tensors[name]; !v.used[name] && len(t.Shape) == 2 && strings.HasSuffix(name, ".weight") {
			tables = append(tables, t)
		}
	}
	embeds := func(t *Tensor) bool {
		return slices.ContainsFunc([]string{"emb", "wte", "encoder"}, func(word string) bool {
			return strings.Contains(strings.ToLower(t.Name), word)
		})
	}
	switch {
	case len(tables) == 2 && (embeds(tables[1]) && !embeds(tables[0]) || in != hidden && tables[0].Shape[1] != in):
		tables[0], tables[1] = tables[1], tables[0]
	case len(tables) == 2 && in == hidden && !embeds(tables[0]):
		return 0, false, v.fail("", "of %s and %s one is the embedding, and their names do not say which; name them in a map",
			brief.Quote(tables[0].Name), brief.Quote(tables[1].Name))
	case len(tables) == 0:
		return 0, false, v.fail("", "has recurrent cells alone; only language models are read, which have a linear head with a "+
			"row for each token, and perhaps an embedding; there are %s", v.found())
	case len(tables) != 1 && len(tables) != 2:
		return 0, false, v.fail("", "has %d matrices beside its cells; a language model has a head, and perhaps an embedding; "+
			"there are %s", len(tables), v.found())
	}
	head := tables[len(tables)-1]
	if head, err = v.take(head.Name, -1, hidden); err != nil {
		return 0, false, err
	}
	if vocabulary = head.Shape[0]; len(tables) == 2 && tables[0].Shape[0] != vocabulary {
		return 0, false, v.fail(head.Name, "has %d rows, and there are %d tokens in %s: a classifier of sequences; only language "+
			"models are read, whose head has a row for each token", vocabulary, tables[0].Shape[0], brief.Quote(tables[0].Name))
	}
	v.keep(head.named("head.weight"))
	if name := strings.TrimSuffix(head.Name, "weight") + "bias"; v.Tensors[name] != nil {
		b, err := v.take(name, vocabulary)
		if err != nil {
			return 0, false, err
		}
		v.keep(b.named("head.bias"))
	}
	if len(tables) == 1 {
		if in != vocabulary {
			return 0, false, v.fail("", "has no embedding, its cells read %d numbers, and its head has %d rows: no language model",
				in, vocabulary)
		}
		return vocabulary, false, nil
	}
	table, err := v.take(tables[0].Name, vocabulary, in)
	if err == nil {
		v.keep(table.named("embedding.weight"))
	}
	return vocabulary, true, err
}
