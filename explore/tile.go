package explore

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit"
)

// mostBands is how many bands a column of tiles has at most.
const mostBands = 4096

// Tiles are the gates by column and by band of the height, for pictures of more gates than there
// are points. The gates of a column stand stage by stage, in the middle of the height, and the
// longest column is 1 high.
type Tiles struct {
	Bands   int          `json:"bands"`
	Columns []TileColumn `json:"columns"`
}

// TileColumn is a column of tiles, from the top.
type TileColumn struct {
	Level  int   `json:"level"`
	Counts []int `json:"counts"` // gates and inputs
	Ones   []int `json:"ones"`   // of them
}

// tileRanks finds the place of each gate in its column.
func (x *Circuit) tileRanks() (rank []int32, size []int32, most int32) {
	rank, size = make([]int32, x.c.Len()), make([]int32, len(x.columns))
	put := func(g circuit.Gate) {
		rank[g] = size[x.column[g]]
		size[x.column[g]]++
		most = max(most, size[x.column[g]])
	}
	for _, g := range x.c.Inputs() {
		put(g)
	}
	x.tree.each(&node{kind: kindRoot}, put)
	return rank, size, most
}

// Tiles counts the gates of a part of the height, from 0 to 1.
func (v *Values) Tiles(bands int, from, to float64) (*Tiles, error) {
	if bands < 1 || bands > mostBands || !(from >= 0 && from < to && to <= 1) {
		return nil, fmt.Errorf("explore: %d tiles from %v to %v; 1 to %d tiles of a part of 0 to 1 are counted",
			bands, from, to, mostBands)
	}
	x := v.x
	rank, size, most := x.tileRanks()
	t := &Tiles{Bands: bands}
	for _, c := range x.columns {
		t.Columns = append(t.Columns, TileColumn{c.Level, make([]int, bands), make([]int, bands)})
	}
	for g := range circuit.Gate(x.c.Len()) {
		column := x.column[g]
		if g == 0 {
			continue // the constant stands nowhere
		}
		at := (float64(rank[g]) + 0.5 + float64(most-size[column])/2) / float64(most)
		if at < from || at >= to {
			continue
		}
		band := min(int((at-from)/(to-from)*float64(bands)), bands-1)
		t.Columns[column].Counts[band]++
		if v.gate[g] {
			t.Columns[column].Ones[band]++
		}
	}
	return t, nil
}
