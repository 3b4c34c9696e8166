package explore

import "slices"

// MostStacked is how many items stand one below the other in their columns. A view of more items is
// a crowd: its columns are as wide as makes the whole about as high as a window, and what lies in
// one column stands in strips side by side.
const MostStacked = 1000

// Sizes of a crowd, in layout units.
const (
	strip     = 84 // a gate in a frame, and the space to the next strip
	stripGap  = 8
	laneWidth = pitch - boxWidth // between columns, for wires
	crowdSum  = 20               // the size of a sum: it stands between strips
)

// crowd is the layout of a view of many items. Time: linear in the items times the strips of a column.
type crowd struct {
	strips []int // by column
	first  []int // by column: its first strip; then their number
	x      []int // by column: where it begins; then where the last one ends
	high   int   // what the columns are cut to
}

// newCrowd finds how wide each column has to be.
func newCrowd(root *shown, columns int) *crowd {
	need, across := make([]int, columns), make([]int, columns) // heights: in single strips, and over all of them
	var walk func(s *shown)
	walk = func(s *shown) {
		for _, k := range s.kids {
			high, list := k.leafHeight()+gap, need
			if k.kids != nil {
				high = header + framePad + gap
			}
			if k.n.from < k.n.to {
				list = across
			} else if k.kids == nil {
				high *= stripsOf(k.leafWidth())
			}
			for c := k.n.from; c <= k.n.to; c++ {
				list[c] += high
			}
			walk(k)
		}
	}
	walk(root)
	w := &crowd{strips: make([]int, columns), first: make([]int, columns+1), x: make([]int, columns+1)}
	for w.high = 400; ; w.high += w.high / 8 {
		for c := range columns {
			w.strips[c] = max(2, (need[c]+w.high-1)/w.high) // a folded box takes two
			w.first[c+1] = w.first[c] + w.strips[c]
			w.x[c+1] = w.x[c] + w.strips[c]*strip - stripGap + laneWidth
		}
		if wide, most := w.x[columns], w.high+slices.Max(across); wide*5 <= most*8 || w.first[columns] == 2*columns {
			w.high = most
			return w
		}
	}
}

// width returns how wide a column is.
func (w *crowd) width(column int) int { return w.strips[column]*strip - stripGap }

// stripsOf returns how many strips something takes.
func stripsOf(width int) int { return (width + stripGap + strip - 1) / strip }

func (s *shown) leafWidth() int {
	if s.n.kind == kindGate || s.n.kind == kindOutput {
		return gateWidth
	}
	return boxWidth
}

func (s *shown) leafHeight() int {
	if s.n.kind == kindGate || s.n.kind == kindOutput {
		return gateHeight
	}
	return boxHeight
}

// place gives an item its size and its children their places in it, as [viewer.place] does: each child comes as high
// as there is room for it, in the strips of its column. What lies in one column may take some strips.
func (w *crowd) place(s *shown, room int) {
	n := s.n
	if s.kids == nil && n.kind != kindRoot {
		s.x, s.w, s.h = w.x[n.from], s.leafWidth(), s.leafHeight()
		if n.from < n.to {
			s.w = w.x[n.to] + w.width(n.to) - w.x[n.from]
		}
		return
	}
	if n.kind != kindRoot && n.from == n.to {
		w.placeColumn(s, room)
		return
	}
	from, to := len(w.strips), 0
	for _, k := range s.kids {
		from, to = min(from, k.n.from), max(to, k.n.to)
	}
	if len(s.kids) == 0 {
		return
	}
	top := header
	if n.kind == kindRoot {
		top = 0
	}
	skyline := slices.Repeat([]int{top}, w.first[to+1]-w.first[from])
	for _, k := range s.kids {
		w.place(k, w.strips[k.n.from])
		s.nest = max(s.nest, k.nest)
		at := w.first[k.n.from] - w.first[from]
		under := skyline[at : w.first[k.n.to+1]-w.first[from]]
		if k.n.from == k.n.to {
			under = k.settle(under, w.x[k.n.from])
		}
		k.y = slices.Max(under)
		for i := range under {
			under[i] = k.y + k.h + gap
		}
	}
	if n.kind != kindRoot {
		s.nest++
	}
	highest := make([]int, to-from+1)
	for c := range highest {
		highest[c] = slices.Max(skyline[w.first[from+c]-w.first[from] : w.first[from+c+1]-w.first[from]])
	}
	s.h = max(slices.Max(highest)-gap, top) + framePad
	s.x = w.x[from] - framePad*s.nest
	s.w = w.x[to] + w.width(to) - w.x[from] + 2*framePad*s.nest
	centre(s, highest, from, top)
}

// placeColumn places a frame that lies in one column. The places of what is in it count from its left side.
func (w *crowd) placeColumn(s *shown, room int) {
	need, inset, widest := 0, 0, 1
	for _, k := range s.kids {
		if k.kids != nil || k.leafWidth() > gateWidth {
			inset = framePad // single gates stand in the middle of strips, and need none
		}
	}
	inner := max(1, room-min(inset, 1))
	for _, k := range s.kids {
		w.place(k, inner)
		widest = max(widest, stripsOf(k.w))
		need += (k.h + gap) * stripsOf(k.w)
	}
	high := w.high / 4 // lower frames leave fewer gaps at the bottom
	strips := max(widest, min(inner, (need+high-1)/high))
	skyline := slices.Repeat([]int{header}, strips)
	for _, k := range s.kids {
		under := k.settle(skyline, inset)
		k.y = slices.Max(under)
		for i := range under {
			under[i] = k.y + k.h + gap
		}
	}
	s.w = strips*strip - stripGap + 2*inset
	s.h = max(slices.Max(skyline)-gap, header) + framePad
}

// settle finds the strips in which an item comes highest, and places it in the middle of them.
func (s *shown) settle(skyline []int, left int) []int {
	n := min(stripsOf(s.w), len(skyline))
	best := 0
	for i := range len(skyline) - n + 1 {
		if slices.Max(skyline[i:i+n]) < slices.Max(skyline[best:best+n]) {
			best = i
		}
	}
	s.x = left + best*strip + (n*strip-stripGap-s.w)/2
	return skyline[best : best+n]
}

// shift moves what is in the frames of single columns to where these stand.
func (s *shown) shift() {
	for _, k := range s.kids {
		if s.n.kind != kindRoot && s.n.from == s.n.to {
			k.x += s.x
		}
		k.shift()
	}
}
