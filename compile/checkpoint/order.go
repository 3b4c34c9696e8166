package checkpoint

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/internal/brief"
)

// layer is a layer of a perceptron: a matrix [out, in], and a vector [out] or nil.
type layer struct {
	name         string
	weight, bias *Tensor
}

// digitRun is a number in a name.
var digitRun = regexp.MustCompile(`[0-9]+`)

// stem is a name without its numbers: layers with one stem stand in the order of their numbers.
func stem(name string) string { return digitRun.ReplaceAllString(name, "#") }

// place returns the module that a name lies in and its number there, as torch.nn.Sequential has it.
func place(name string) (module string, n int, ok bool) {
	module, last := "", name
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		module, last = name[:i+1], name[i+1:]
	}
	n, err := strconv.Atoi(last)
	return module, n, err == nil && n >= 0 && strings.Trim(last, "0123456789") == ""
}

// notLinks are words in names of matrices that are no link of a chain: tables of rows, ways past layers, attention.
var notLinks = strings.Fields("emb embed embedding embeddings wte wpe skip shortcut residual downsample " +
	"attn attention query key value qkv gate")

func notLink(name string) bool {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '.' || r == '_' })
	return slices.ContainsFunc(words, func(w string) bool {
		return slices.Contains(notLinks, strings.TrimRight(w, "0123456789"))
	})
}

// ordered puts the layers of a perceptron in order: that of --order, or the only one in which each layer takes what
// the one before it gives and numbers count up, or else that of the file, if its format has one. It is nil if
// they make no chain, and an error if several orders fit.
func (v *conversion) ordered(layers []string) ([]string, error) {
	if v.Order != "" {
		return v.asked(layers)
	}
	orders, all := v.fitting(layers, true)
	if orders == nil {
		if orders, all = v.fitting(layers, false); len(orders) != 1 || !all {
			return nil, nil
		}
	}
	chain, of := orders[0], ""
	if len(orders) != 1 || !all {
		if chain = v.inFile(layers); chain == nil {
			return nil, v.lacks("is a perceptron whose layers fit in more than one order, and a %s file has none; "+
				"--order says it, such as --order %s", v.Format, brief.Clip(strings.Join(orders[0], ",")))
		}
		if !v.links(chain) || !v.counts(chain) {
			return nil, v.lacks("is a perceptron whose layers fit in more than one order, and that of the file, %s, does not fit "+
				"their sizes and numbers; --order says it, such as --order %s", brief.Clip(strings.Join(chain, ", ")),
				brief.Clip(strings.Join(orders[0], ",")))
		}
		of = ", in the order of the file"
	}
	if i := slices.IndexFunc(chain, notLink); i >= 0 {
		return nil, v.lacks("%s is by its name no layer that the next one reads, but a table, attention or a way past layers; "+
			"if each layer feeds the next, say so by --order %s", brief.Quote(chain[i]), brief.Clip(strings.Join(chain, ",")))
	}
	other := func(name string) bool { return stem(name) != stem(chain[0]) }
	_, _, numbered := place(chain[0])
	if len(chain) > 1 && v.Map == nil && (of != "" || !numbered || slices.ContainsFunc(chain, other)) {
		v.note("taken: each layer feeds the next%s: %s", of, brief.Clip(strings.Join(chain, ", ")))
	}
	return chain, nil
}

// asked reads --order: the names of all layers, with a comma between them, or + if no activation stands there.
func (v *conversion) asked(layers []string) ([]string, error) {
	chain := strings.FieldsFunc(v.Order, func(r rune) bool { return r == ',' || r == '+' })
	for i, name := range chain {
		switch {
		case !slices.Contains(layers, name):
			return nil, v.fail("", "--order names %s, and the layers are %s", brief.Quote(name), brief.Clip(strings.Join(layers, ", ")))
		case slices.Contains(chain[:i], name):
			return nil, v.fail("", "--order names %s twice", brief.Quote(name))
		case i > 0 && !v.links(chain[i-1:i+1]):
			return nil, v.fail("", "--order puts %s, which takes %d numbers, behind %s, which gives %d", brief.Quote(name),
				v.Tensors[name+".weight"].Shape[1], brief.Quote(chain[i-1]), v.Tensors[chain[i-1]+".weight"].Shape[0])
		}
	}
	for _, name := range layers {
		if !slices.Contains(chain, name) {
			return nil, v.fail("", "--order does not name layer %s", brief.Quote(name))
		}
	}
	return chain, nil
}

// links reports whether each layer takes what the one before it gives.
func (v *conversion) links(chain []string) bool {
	for i := 1; i < len(chain); i++ {
		if v.Tensors[chain[i]+".weight"].Shape[1] != v.Tensors[chain[i-1]+".weight"].Shape[0] {
			return false
		}
	}
	return true
}

// counts reports whether layers whose names differ in numbers alone count up.
func (v *conversion) counts(chain []string) bool {
	last := map[string]string{}
	for _, name := range chain {
		if before := last[stem(name)]; before != "" && natural(before, name) > 0 {
			return false
		}
		last[stem(name)] = name
	}
	return true
}

// inFile returns the layers in the order of the file; nil if its format has none.
func (v *conversion) inFile(layers []string) []string {
	var chain []string
	for _, tensor := range v.order {
		if name, ok := strings.CutSuffix(tensor, ".weight"); ok && slices.Contains(layers, name) {
			chain = append(chain, name)
		}
	}
	if len(chain) != len(layers) {
		return nil
	}
	return chain
}

// Limits of ours on the search for orders.
const (
	maxChain = 100     // layers
	maxWalk  = 1 << 14 // steps
)

// fitting returns up to two orders in which each layer takes what the one before it gives, and whether it has looked
// at all. In those by number, layers whose names differ in numbers alone count up.
func (v *conversion) fitting(layers []string, byNumber bool) (orders [][]string, all bool) {
	before, last := map[string]string{}, map[string]string{}
	for _, name := range layers { // in natural order
		if byNumber {
			before[name], last[stem(name)] = last[stem(name)], name
		}
	}
	if len(layers) > maxChain {
		return nil, false
	}
	left, used := maxWalk, map[string]bool{}
	var walk func(path []string)
	walk = func(path []string) {
		if left--; left < 0 || len(orders) == 2 {
			return
		}
		if len(path) == len(layers) {
			orders = append(orders, slices.Clone(path))
			return
		}
		for _, name := range layers {
			if used[name] || before[name] != "" && !used[before[name]] ||
				len(path) > 0 && !v.links([]string{path[len(path)-1], name}) {
				continue
			}
			used[name] = true
			walk(append(path, name))
			used[name] = false
		}
	}
	walk(nil)
	return orders, left >= 0
}

// bare reports for each layer of a chain but the last whether nothing stands between it and the next. In a
// torch.nn.Sequential that is so if its number is the next one. Where the names do not tell a Sequential from a list
// of layers, it is an error or a note.
func (v *conversion) bare(chain []string) ([]bool, error) {
	bare := make([]bool, len(chain))
	if v.Order != "" {
		rest := v.Order
		for i, name := range chain[:len(chain)-1] {
			rest = strings.TrimPrefix(strings.TrimLeft(rest, ",+"), name)
			bare[i] = strings.HasPrefix(rest, "+")
		}
		return bare, nil
	}
	if v.Map != nil {
		return bare, nil
	}
	gaps := map[string]bool{} // modules in which something stands between two layers
	for i := range chain[1:] {
		a, m, ok := place(chain[i])
		b, n, also := place(chain[i+1])
		gaps[a] = gaps[a] || ok && also && a == b && n > m+1
	}
	for i := range chain[1:] {
		a, m, ok := place(chain[i])
		b, n, also := place(chain[i+1])
		plain := strings.Join(chain, ",")
		joined := strings.Join(chain[:i+1], ",") + "+" + strings.Join(chain[i+1:], ",")
		switch {
		case ok && also && a == b && n == m+1 && gaps[a]:
			bare[i] = true
			v.note("joined: %s and %s to one layer, for nothing stands between them", chain[i], chain[i+1])
		case ok && also && a == b && n == m+1 && a == "":
			return nil, v.lacks("nothing stands between %s and %s in a torch.nn.Sequential, but an activation may in a network "+
				"that counts only layers: say --order %s for nothing, or --order %s", chain[i], chain[i+1], brief.Clip(joined), brief.Clip(plain))
		case ok && also && a == b && n == m+1:
			v.note("taken: the activation between %s and %s, as in a list of layers; a Sequential has nothing there: --order %s",
				chain[i], chain[i+1], brief.Clip(joined))
		case (ok || also) && a != b:
			v.note("taken: the activation between %s and %s, which the file does not say; for none: --order %s; for one of the "+
				"modules: --key", chain[i], chain[i+1], brief.Clip(joined))
		}
	}
	return bare, nil
}
