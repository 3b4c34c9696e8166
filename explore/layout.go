package explore

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/tc0lab/tc0/circuit"
)

// Sizes of shapes, in layout units.
const (
	pitch      = 200 // from column to column
	boxWidth   = 120 // of a folded item in one column
	boxHeight  = 56
	gateWidth  = 56
	gateHeight = 28
	sumSize    = 28
	gap        = 12 // between shapes, one below the other
	header     = 24 // of a frame
	framePad   = 10 // of a frame, at the sides and below
)

// at returns where a column begins.
func (v *viewer) at(column int) int {
	if v.crowd != nil {
		return v.crowd.x[column]
	}
	return column * pitch
}

// width returns how wide a column of a crowd is, and 0 if a column is as wide as a box.
func (v *viewer) width(column int) int {
	if v.crowd != nil {
		return v.crowd.width(column)
	}
	return 0
}

// place gives an item its size and its children their places in it. Each child comes below those
// before it that share a column with it; then what shares no column with others is centred.
func (v *viewer) place(s *shown) {
	n := s.n
	if s.kids == nil && n.kind != kindRoot {
		s.x, s.w, s.h = v.at(n.from), (n.to-n.from)*pitch+boxWidth, boxHeight
		if n.kind == kindGate || n.kind == kindOutput {
			s.x, s.w, s.h = s.x+(boxWidth-gateWidth)/2, gateWidth, gateHeight
		}
		return
	}
	from, to := len(v.x.columns), 0
	for _, k := range s.kids {
		v.place(k)
		from, to = min(from, k.n.from), max(to, k.n.to)
		s.nest = max(s.nest, k.nest)
	}
	top := header
	if n.kind == kindRoot {
		top = 0
	} else {
		s.nest++
	}
	skyline := make([]int, max(0, to-from)+1)
	for i := range skyline {
		skyline[i] = top
	}
	for _, k := range s.kids {
		under := skyline[k.n.from-from : k.n.to-from+1]
		k.y = slices.Max(under)
		for i := range under {
			under[i] = k.y + k.h + gap
		}
	}
	s.h = max(slices.Max(skyline)-gap, top) + framePad
	s.x, s.w = v.at(from)-framePad*s.nest, (to-from)*pitch+boxWidth+2*framePad*s.nest
	centre(s, skyline, from, top)
}

// centre moves the children of each run of columns that no child leaves to the middle.
func centre(s *shown, skyline []int, from, top int) {
	run := make([]int, len(skyline)) // by column: the last column of its run
	joined := make([]bool, len(skyline))
	for _, k := range s.kids {
		for c := k.n.from; c < k.n.to; c++ {
			joined[c-from] = true // with the next column
		}
	}
	for c := len(run) - 1; c >= 0; c-- {
		run[c] = c
		if joined[c] {
			run[c] = run[c+1]
		}
	}
	most := map[int]int{}
	for c, h := range skyline {
		most[run[c]] = max(most[run[c]], h)
	}
	all := slices.Max(skyline)
	for _, k := range s.kids {
		k.y += (all - max(most[run[k.n.from-from]], top)) / 2
	}
}

// sumItem is the item of a sum, before the column of its first reader.
func (v *viewer) sumItem(s circuit.SumID, readers []int) Item {
	first := v.view.Items[readers[0]]
	y := 0
	for _, i := range readers {
		y += v.view.Items[i].Y + v.view.Items[i].H/2
	}
	x, middle, size := v.at(first.Column)-sumSize/2, y/len(readers), sumSize
	if v.crowd != nil { // beside the first that reads it
		x, middle, size = first.X-crowdSum-4, first.Y+first.H/2, crowdSum
	}
	return Item{
		ID: "z" + strconv.Itoa(int(s)), Kind: kindSum, Label: "Σ", Parent: first.Parent,
		Note: plural(len(v.x.c.Refs(s)), "term"), Column: first.Column, Span: 1, Levels: first.Levels, In: 1,
		X: x, Y: middle - size/2, W: size, H: size,
	}
}

// spreadSums moves sums that stand in a line apart, downwards.
func (v *viewer) spreadSums() {
	items := v.view.Items[len(v.view.nodes):]
	order := make([]int, len(items))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(items[a].X, items[b].X), cmp.Compare(items[a].Y, items[b].Y))
	})
	for i, k := range order {
		if i == 0 {
			continue
		}
		if last := items[order[i-1]]; last.X == items[k].X {
			items[k].Y = max(items[k].Y, last.Y+last.H+2)
		}
	}
}
