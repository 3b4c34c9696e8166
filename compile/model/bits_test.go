package model

import (
	"maps"
	"path"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/precision"
)

// everyType returns a small model of each type that has roundings of its own.
func everyType(t *testing.T) map[string]*Model {
	all := map[string]*Model{
		"mlp":                  mustLoad(t, tinyMLP(2).fs(t), "tiny"),
		"regression":           mustLoad(t, denseNet("l1", "l2", 1, true).fs(t), "tiny"),
		"attention-classifier": mustLoad(t, tinyAttention().fs(t), "tiny"),
	}
	for _, family := range families {
		all[family] = mustLoad(t, familyFiles(), family)
		// A few inputs make ranges as well as many.
		data, _, err := all[family].calibration()
		if err != nil {
			t.Fatal(err)
		}
		all[family].Calibration = &Dataset{Inputs: data[:8]}
		plain := *all[family]
		plain.tables = 0
		all[family+" without tables"] = &plain
	}
	for _, n := range cellNets {
		all[n.kind] = mustLoad(t, newCellNet(n.kind, n.layers, n.embedding, n.cells, n.head).fs(t), "tiny")
	}
	return all
}

// Each kind and each name changes the bits of its roundings, and of no other ones.
func TestBitsByName(t *testing.T) {
	uniform := Quantisation{WeightBits: 7, ActivationBits: 6, ResidualBits: 8}
	for name, m := range everyType(t) {
		before := mustQuantise(t, m, uniform)
		for _, matrices := range []bool{false, true} {
			names, kinds := before.Bits(matrices)
			all := maps.Clone(names)
			maps.Copy(all, kinds)
			for key := range all {
				uniform.Bits = precision.Bits{key: 4}
				q := mustQuantise(t, m, uniform)
				changed := 0
				for i, c := range q.Choices {
					old := before.Choices[i]
					if c.Bits > 12 { // of a table whose numbers are turned: they are finer
						c.Bits, old.Bits = c.Bits-rotaryBits, old.Bits-rotaryBits
					}
					most := 4
					if key == "gates" || key == "states" || key == "output" {
						most = 5 // ranges that are not the same on either side of 0
					}
					switch {
					case !matrices && c.Kind == Activation && c.Bits != old.Bits && c.Bits <= most:
						changed++
					case matrices && c.Kind == Weight && c.Bits < old.Bits:
						changed++
					case c.Kind == Activation && c.Bits != old.Bits:
						t.Errorf("%s: with 4 bits for %q %s has %d", name, key, c.Tensor, c.Bits)
					}
				}
				after, _ := q.Bits(matrices)
				wanted := 0
				for n, bits := range after {
					if bits == 4 {
						wanted++
					}
					if fits := n == key || kinds[key] != 0; bits != names[n] && !fits {
						t.Errorf("%s: bits for %q change %q to %d", name, key, n, bits)
					}
				}
				coarse := key == "mlp.down.weight" // its scale is that of the residual already
				if wanted == 0 || changed == 0 && !coarse {
					t.Errorf("%s: with bits for %q %d roundings have other ones, and %d choices", name, key, wanted, changed)
				}
				if !matrices && wanted != changed && key != "gates" && key != "states" && key != "output" {
					t.Errorf("%s: with bits for %q %d activations have others, and %d choices", name, key, wanted, changed)
				}
			}
		}
		uniform.Bits = precision.Bits{"layer 7/query": 4}
		_, err := m.Quantise(uniform)
		if err == nil || !strings.Contains(err.Error(), `"bits.layer 7/query": names nothing that is rounded; known: `) ||
			strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
		uniform.Bits = nil
	}
}

// The circuit is the network in integers with bits by name, too.
func TestCircuitsWithBitsByName(t *testing.T) {
	for name, m := range everyType(t) {
		if m.Config.Language() && m.Config.Recurrent == nil {
			family, _, _ := strings.Cut(name, " ")
			tables := m.tables
			m = mustLoad(t, changed(t, family, "tc0.json", map[string]any{"length": 2, "outputs": 1}), family)
			m.tables = tables
		}
		coarse := Quantisation{WeightBits: 4, ActivationBits: 3, ResidualBits: 4, ExpLevels: 5}
		_, kinds := mustQuantise(t, m, coarse).Bits(false)
		coarse.Bits = precision.Bits{"weights": 5}
		for i, kind := range kinds.Names() {
			coarse.Bits[kind] = 2 + i%3
		}
		q := mustQuantise(t, m, coarse)
		c := mustLower(t, q.Program, lower.Balanced)
		i := 0
		everyInput(m, func(in []int64) {
			if i++; i%5 == 1 {
				same(t, q.Program, c, in)
			}
		})
	}
}

// Bits by name are read from the files, and refused there.
func TestBitsInFiles(t *testing.T) {
	with := func(bits any) map[string]any {
		return map[string]any{"quantization": map[string]any{"bits": bits}}
	}
	m := mustLoad(t, changed(t, "llama", "tc0.json", with(map[string]any{"layer 1/*": 3, "values": 5})), "llama")
	q := mustQuantise(t, m, Quantisation{})
	names, kinds := q.Bits(false)
	if names["layer 1/value"] != 3 || names["layer 2/value"] != 5 || names["layer 2/key"] != 6 || kinds["values"] != 5 {
		t.Errorf("bits %v and %v", names, kinds)
	}
	for text, bits := range map[string]any{
		`"quantization.bits.keys": 1 is outside 2..16`:               map[string]any{"keys": 1},
		`"quantization.bits": string where an object is wanted`:      "all",
		`"quantization.bits": string where int is wanted`:            map[string]any{"keys": "6"},
		`"quantization.bits.values": 17 is outside 2..16`:            map[string]any{"keys": 2, "values": 17},
		`"quantization.bits": null is out of range; leave the field`: nil,
	} {
		fields := map[string]any{"quantization": map[string]any{"bits": bits}}
		_, err := Load(changed(t, "llama", "tc0.json", fields), "llama")
		if err == nil || !strings.Contains(err.Error(), path.Join("llama", "tc0.json")) || !strings.Contains(err.Error(), text) {
			t.Errorf("%v: %v", bits, err)
		}
	}
}
