package circuit

import (
	"testing"

	"pgregory.net/rapid"
)

// TestIDTable compares the table with a Go map on keys whose hashes and whose
// wished-for places collide far more than those of gates do.
func TestIDTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hashes := rapid.SampledFrom([]uint32{1, 3, 1 << 20, 1<<32 - 1}).Draw(t, "hashes")
		places := rapid.SampledFrom([]uint32{1, 9, 1 << 11, 1 << 30}).Draw(t, "places")
		hashOf := func(key uint32) uint32 { return hash2(key, 0) % hashes }
		nearOf := func(key uint32) uint32 { return hash2(key, 1) % places }

		keys := []uint32{0} // by id
		model := map[uint32]uint32{}
		table := newIDTable(rapid.IntRange(0, 3000).Draw(t, "room"))
		near := rapid.Bool().Draw(t, "near")
		placeOf := func(key uint32) uint32 {
			if near && key%5 != 0 {
				return nearOf(key)
			}
			return hashOf(key)
		}
		left := rapid.Uint32Range(1, 5).Draw(t, "left") // every so many ids are not in the table
		table.key = func(id uint32) (uint32, uint32, bool) {
			return hashOf(keys[id]), placeOf(keys[id]), left == 1 || id%left != 0
		}
		find := func(key uint32) place {
			return table.find(hashOf(key), placeOf(key), func(id uint32) bool { return keys[id] == key })
		}
		step := rapid.Uint32Range(1, 1<<16).Draw(t, "step") | 1
		for i := range uint32(rapid.IntRange(0, 2500).Draw(t, "keys")) {
			key := i * step % (1 << 12)
			p := find(key)
			if p.id != model[key] {
				t.Fatalf("key %d has id %d, want %d", key, p.id, model[key])
			}
			if p.id == 0 {
				if left > 1 && uint32(len(keys))%left == 0 {
					keys = append(keys, 0)
				}
				model[key] = uint32(len(keys))
				keys = append(keys, key)
				table.put(p, model[key])
			}
		}
		for key, id := range model {
			if p := find(key); p.id != id {
				t.Fatalf("at last, key %d has id %d, want %d", key, p.id, id)
			}
		}
		if table.used != len(model) || 4*table.used > 3*table.size() {
			t.Fatalf("%d of %d slots are used by %d keys", table.used, table.size(), len(model))
		}
	})
}

// TestIDTableGrows enters so many keys that the table grows on all cores, with hashes and places that many have in
// common.
func TestIDTableGrows(t *testing.T) {
	const keys = 200_000
	hashOf := func(id uint32) uint32 { return hash2(id/3, 7) }
	placeOf := func(id uint32) uint32 { return hash2(id/200, 9) % keys }
	table := newIDTable(0)
	table.key = func(id uint32) (uint32, uint32, bool) { return hashOf(id), placeOf(id), true }
	find := func(id uint32) place {
		return table.find(hashOf(id), placeOf(id), func(known uint32) bool { return known == id })
	}
	for id := uint32(1); id <= keys; id++ {
		p := find(id)
		if p.id != 0 {
			t.Fatalf("key %d is there as %d before it is entered", id, p.id)
		}
		table.put(p, id)
	}
	for id := uint32(1); id <= keys; id++ {
		if p := find(id); p.id != id {
			t.Fatalf("key %d has id %d", id, p.id)
		}
	}
	if table.used != keys {
		t.Errorf("%d of %d keys", table.used, keys)
	}
}

// TestMemoryPerGate counts the bytes of a circuit of 10^6 two-input gates: 1 for
// the kind, 4 for where the literals are, 8 for the literals, and an eighth of
// slack at most.
func TestMemoryPerGate(t *testing.T) {
	const n = 1_000_000
	b := NewBuilder()
	x := b.InputPort("x", Format{}, 1000)
	last := x[0]
	for i := 0; b.Len() < n; i++ {
		last = b.And(b.Xor(last, x[i%1000]), x[i*i%999].Not())
	}
	b.OutputPort("y", Format{}, last)
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	bytes := cap(c.kind) + 4*cap(c.first)
	for _, page := range c.args.list {
		bytes += 4 * cap(page)
	}
	if perGate := float64(bytes) / float64(c.Len()); perGate > 13*1.13 {
		t.Errorf("%.2f bytes a gate", perGate)
	}
	if rest := cap(c.runs) + cap(c.termRef.list[0]) + cap(c.bigs) + cap(c.stages); rest > 16 {
		t.Errorf("%d entries for runs, terms, numbers and stages, of which there are none", rest)
	}
}
