package checkpoint

import (
	"fmt"
	"slices"
)

// convertMicroGPT converts a network of Karpathy's microgpt (2026): matrices [out, in] without biases, under the
// names of the script.
func convertMicroGPT(v *conversion) error {
	v.Type = "microgpt"
	table, err := v.take("wte", -1, -1)
	if err != nil {
		return err
	}
	vocabulary, d := table.Shape[0], table.Shape[1]
	positions, err := v.take("wpe", -1, d)
	if err != nil {
		return err
	}
	head, err := v.take("lm_head", vocabulary, d)
	if err != nil {
		return err
	}
	v.keep(table)
	v.keep(positions)
	v.keep(head)
	layers := v.blocks("layer%d.attn_wq")
	heads, err := v.heads("n_head")
	switch {
	case layers == 0:
		return v.fail("layer0.attn_wq", "is missing, as microgpt has it; there are %s", v.found())
	case err != nil:
		return err
	case d%heads != 0:
		return v.fail("", "%d heads do not share %d features evenly", heads, d)
	}
	for l := range layers {
		for _, m := range []struct {
			name    string
			out, in int
		}{
			{"attn_wq", d, d},
			{"attn_wk", d, d},
			{"attn_wv", d, d},
			{"attn_wo", d, d},
			{"mlp_fc1", 4 * d, d},
			{"mlp_fc2", d, 4 * d},
		} {
			t, err := v.take(fmt.Sprintf("layer%d.%s", l, m.name), m.out, m.in)
			if err != nil {
				return err
			}
			v.keep(t)
		}
	}
	activation := v.Activation
	if activation == "" {
		activation = "relu"
		v.note("taken: the activation relu, as microgpt has it; --activation names another")
	}
	v.config = map[string]any{
		"model_type": "microgpt", "vocab_size": vocabulary, "n_embd": d, "n_head": heads, "n_layer": layers,
		"block_size": positions.Shape[0], "activation": activation,
	}
	if err := v.rest(); err != nil {
		return err
	}
	return v.settings(positions.Shape[0], v.letters(vocabulary), useHeads, useActivation)
}

// letters returns the tokens of a network of letters, if the file has a list of them. The script has one more
// token behind them, which begins and ends a text.
func (v *conversion) letters(vocabulary int) map[string]any {
	var found []string
	for _, value := range v.Metadata {
		list, ok := value.([]string)
		if !ok || len(list) != vocabulary && len(list) != vocabulary-1 {
			continue
		}
		if found != nil {
			return nil // two lists, and nothing says which
		}
		found = list
	}
	if found == nil {
		return nil
	}
	const end = "<BOS>"
	if len(found) < vocabulary && !slices.Contains(found, end) {
		found = append(slices.Clone(found), end)
	}
	v.note("taken: the names of %d tokens, from the file", len(found))
	return map[string]any{"tokens": found}
}
