package basis

import (
	"math/bits"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// table is a Boolean function of k variables, one bit for each assignment: bit i is
// its value where variable j is bit j of i. With fewer than six variables the word
// repeats itself.
type table []uint64

// wordsOf returns the number of words of a table.
func wordsOf(variables int) int { return 1 << max(0, variables-6) }

// halves has the bits at which variable j < 6 is 1.
var halves = [6]uint64{
	0xaaaaaaaaaaaaaaaa, 0xcccccccccccccccc, 0xf0f0f0f0f0f0f0f0,
	0xff00ff00ff00ff00, 0xffff0000ffff0000, 0xffffffff00000000,
}

func variable(j, variables int) table {
	t := make(table, wordsOf(variables))
	for i := range t {
		switch {
		case j < 6:
			t[i] = halves[j]
		case i>>(j-6)&1 == 1:
			t[i] = ^uint64(0)
		}
	}
	return t
}

// tableOf returns the function that has the value at(i) at assignment i.
func tableOf(variables int, at func(i int) bool) table {
	t := make(table, wordsOf(variables))
	for i := range len(t) * 64 {
		if at(i & (1<<variables - 1)) {
			t[i/64] |= 1 << (i % 64)
		}
	}
	return t
}

func (t table) complement() table {
	out := make(table, len(t))
	for i, w := range t {
		out[i] = ^w
	}
	return out
}

func (t table) isConst(word uint64) bool {
	for _, w := range t {
		if w != word {
			return false
		}
	}
	return true
}

// cone tabulates the gates and sums above a cut: their truth tables, and the value
// of a sum for each assignment of the leaves. Everything is computed once.
type cone struct {
	c      *circuit.Circuit
	leaves []circuit.Gate
	gate   map[circuit.Gate]table
	sum    map[circuit.SumID][]circuit.Int
}

func newCone(c *circuit.Circuit, leaves []circuit.Gate) *cone {
	k := &cone{c, leaves, map[circuit.Gate]table{}, map[circuit.SumID][]circuit.Int{}}
	k.gate[0] = make(table, wordsOf(len(leaves)))
	for j, g := range leaves {
		k.gate[g] = variable(j, len(leaves))
	}
	return k
}

// words returns how much memory the cone takes.
func (k *cone) words() int {
	return len(k.gate)*wordsOf(len(k.leaves)) + len(k.sum)*2<<len(k.leaves)
}

func (k *cone) ofGate(g circuit.Gate) table {
	if t, ok := k.gate[g]; ok {
		return t
	}
	kind, complement := k.c.Kind(g).Plain()
	var t table
	switch {
	case kind == gates.Mod:
		s, modulus := k.c.Modulus(g)
		values := k.ofSum(s)
		t = tableOf(len(k.leaves), func(i int) bool { return modulus.Accepts(values[i]) })
	case kind.ReadsSum():
		s, bound := k.c.Bound(g)
		values := k.ofSum(s)
		t = tableOf(len(k.leaves), func(i int) bool { return values[i].Cmp(bound) >= 0 })
	case kind.IsLogic():
		t = k.ofLogic(kind, k.c.Fanin(g))
	default:
		panic("basis: a cut leaves a path to an input open")
	}
	if complement {
		t = t.complement()
	}
	k.gate[g] = t
	return t
}

func (k *cone) ofLogic(kind gates.Kind, in []circuit.Lit) table {
	t := make(table, wordsOf(len(k.leaves)))
	if kind == gates.And {
		t = t.complement()
	}
	for _, x := range in {
		flip := uint64(0)
		if x.IsComplement() {
			flip = ^flip
		}
		for i, w := range k.ofGate(x.Gate()) {
			switch w ^= flip; kind {
			case gates.And:
				t[i] &= w
			case gates.Or, gates.Buf:
				t[i] |= w
			case gates.Xor:
				t[i] ^= w
			}
		}
	}
	return t
}

func (k *cone) ofSum(s circuit.SumID) []circuit.Int {
	if v, ok := k.sum[s]; ok {
		return v
	}
	v := make([]circuit.Int, 1<<len(k.leaves))
	from, weights := k.c.Flatten(s) // a gate with weights that cancel may not be above the cut
	for i, g := range from {
		addTable(v, k.ofGate(g), weights[i])
	}
	k.sum[s] = v
	return v
}

// addTable adds w to the values where the table is 1.
func addTable(values []circuit.Int, t table, w circuit.Int) {
	for i, word := range t {
		for ; word != 0; word &= word - 1 {
			a := i*64 + bits.TrailingZeros64(word)
			if a >= len(values) { // fewer than six variables
				break
			}
			values[a] = values[a].Add(w)
		}
	}
}
