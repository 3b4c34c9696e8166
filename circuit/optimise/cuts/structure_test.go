package cuts

import "testing"

// There are 222 classes, and the form of each table says how it comes from that of its class.
func TestClasses(t *testing.T) {
	all := allClasses()
	if len(all.tables) != 222 {
		t.Errorf("%d classes, want 222", len(all.tables))
	}
	for table := range 1 << 16 {
		f := all.forms[table]
		got := moved(all.tables[f.class], f.order, f.phase)
		if f.flip != 0 {
			got = ^got
		}
		if got != uint16(table) {
			t.Fatalf("the form of %04x is %+v, which makes %04x", table, f, got)
		}
	}
}

// Every structure computes the function that stands for its class.
func TestStructures(t *testing.T) {
	all, known := Classes(), structures()
	with, most := 0, 0
	for class, of := range known {
		list, shared := of.list, Inputs[:]
		for _, and := range of.ands {
			x, y := shared[and[0]>>1]^-(and[0]&1), shared[and[1]>>1]^-(and[1]&1)
			shared = append(shared[:len(shared):len(shared)], x&y)
		}
		if len(list) > 0 {
			with++
		}
		for i, s := range list {
			tables := Inputs[:]
			at := func(l uint8) uint16 {
				if l&1 != 0 {
					return ^tables[l>>1]
				}
				return tables[l>>1]
			}
			for _, and := range s.ands {
				tables = append(tables[:len(tables):len(tables)], at(and[0])&at(and[1]))
				if k := len(tables) - 1; shared[4+s.at[k-4]] != tables[k] {
					t.Errorf("AND %d of structure %d of class %d is another one among those of the class", k, i, class)
				}
			}
			if got := at(uint8(2*(len(tables)-1)) | s.flip); got != all[class] {
				t.Errorf("structure %d of class %d computes %04x, want %04x", i, class, got, all[class])
			}
			most = max(most, len(s.ands))
		}
	}
	if with != 159 || most != 9 {
		t.Errorf("%d classes have structures, of at most %d ANDs; want 159, and 9", with, most)
	}
}

// The AND of two cuts has the function that the AND has on the leaves.
func TestJoin(t *testing.T) {
	g := NewGraph(7, 1)
	for i := range g.Refs {
		g.Refs[i] = 2
	}
	g.enter(5, 2, 5)  // node 1 and not node 2
	g.enter(6, 11, 6) // not node 5, and node 3
	x, y, z := Inputs[0], Inputs[1], Inputs[2]
	var got []uint16
	for _, c := range g.cuts[6] {
		got = append(got, c.table)
	}
	// The leaves are 3 and 5 of the first cut, and 1, 2 and 3 of the second.
	want := []uint16{x &^ y, ^(x &^ y) & z}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("the cuts have the tables %04x, want %04x", got, want)
	}
}
