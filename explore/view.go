package explore

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// View is what is seen in a state.
type View struct {
	Items   []Item       `json:"items"`
	Edges   []Edge       `json:"edges"`
	Frames  []Frame      `json:"frames"`
	Columns []ViewColumn `json:"columns"`
	Width   int          `json:"width"`
	Height  int          `json:"height"`
	Crowd   bool         `json:"crowd,omitempty"` // of more than MostStacked items
	Full    []string     `json:"full"`            // one line for each item that could not unfold, and for edges that were merged
	State   State        `json:"state"`
	Hash    string       `json:"hash"`

	Chain []int `json:"chain,omitempty"` // under the filter path: the items that the one path of [Circuit.Path] goes through

	nodes []*node    // by item; nil for a sum
	sums  []shownSum // the last items
	item  []int32    // by gate: the item that it lies in, or −1
	marks []bool     // by gate: those that the filter leaves; nil for all
}

// ViewColumn is where a column stands.
type ViewColumn struct {
	Level int `json:"level"`
	X     int `json:"x"`
	W     int `json:"w,omitempty"` // 0: that of a box
}

// Item is a shape. X and Y are of its top left corner.
type Item struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"`
	Label  string `json:"label"`
	Note   string `json:"note,omitempty"`
	Parent string `json:"parent,omitempty"` // the frame around it
	X      int    `json:"x"`
	Y      int    `json:"y"`
	W      int    `json:"w"`
	H      int    `json:"h"`
	Column int    `json:"column"`          // the first column that it lies in
	Span   int    `json:"span"`            // how many columns
	Levels [2]int `json:"levels"`          // first and last
	Gates  int    `json:"gates"`           // in it, sources not
	In     int    `json:"in"`              // of its gates, inputs or outputs those that the filter leaves
	Fold   bool   `json:"fold,omitempty"`  // it unfolds
	Gate   *int   `json:"gate,omitempty"`  // of a gate, and of an output: what it reads
	Not    bool   `json:"not,omitempty"`   // of an output: complemented
	Type   string `json:"type,omitempty"`  // of a gate: AND, THRESHOLD, …
	Means  string `json:"means,omitempty"` // of an output of a thermometer: y[0] ≥ 1
}

// Frame is an item that is unfolded.
type Frame struct {
	ID     string `json:"id"`
	Label  string `json:"label"`
	Parent string `json:"parent,omitempty"`
	Depth  int    `json:"depth"` // how many frames are around it
	X      int    `json:"x"`
	Y      int    `json:"y"`
	W      int    `json:"w"`
	H      int    `json:"h"`
}

// Edge is all the wires from one shape to another. The ends are indices of items; −1−k is frame k.
type Edge struct {
	From   int    `json:"from"`
	To     int    `json:"to"`
	Wires  int64  `json:"wires"`
	Not    bool   `json:"not,omitempty"`    // every wire is complemented
	Weight string `json:"weight,omitempty"` // of one wire into a sum
}

// shownSum is a sum that is an item, and the gates in view that read it.
type shownSum struct {
	sum     circuit.SumID
	readers []int // items
}

// shown is an item of a view while it is made.
type shown struct {
	n          *node
	in         int
	kids       []*shown // of a frame
	nest       int      // frames in it, one in another
	x, y, w, h int      // y is within the frame around it until all is placed
}

// viewer makes a view.
type viewer struct {
	x     *Circuit
	marks []bool // by gate: those that the filter leaves; nil for all
	chain []int  // under the filter path: the gates of one
	open  map[string]bool
	count int
	crowd *crowd // nil: items stand one below the other
	view  *View
}

// View returns what is seen in a state. It is refused if the state names what the circuit does not
// have.
func (x *Circuit) View(s State) (*View, error) {
	v := &viewer{x: x, open: map[string]bool{}, view: &View{State: s, Hash: s.Hash()}}
	v.view.Items, v.view.Frames, v.view.Full = []Item{}, []Frame{}, []string{} // a page meets no null
	for _, id := range s.Open {
		if _, err := x.tree.find(id); err != nil {
			return nil, err
		}
		v.open[id] = true
	}
	if s.Select != "" && !strings.HasPrefix(s.Select, "z") {
		if _, err := x.tree.find(s.Select); err != nil {
			return nil, err
		}
	}
	var err error
	if v.marks, v.chain, err = x.filtered(s.Filter); err != nil {
		return nil, err
	}
	v.view.marks = v.marks
	root := v.show(x.tree.root)
	v.count = 1 // the root, whose children come in its place
	v.unfold(root, false)
	if columns := len(x.columns) + 1; v.count > MostStacked {
		v.view.Crowd, v.crowd = true, newCrowd(root, columns)
		v.crowd.place(root, 0)
		root.shift()
	} else {
		v.place(root)
	}
	v.emit(root, "", 0, 0)
	v.group()
	v.addSums()
	v.view.Edges = v.edges()
	v.view.Height = max(root.h, gateHeight)
	for i := range len(x.columns) + 1 {
		v.view.Columns = append(v.view.Columns, ViewColumn{x.level(i), v.at(i), v.width(i)})
	}
	v.view.Width = v.at(len(x.columns)) + cmp.Or(v.width(len(x.columns)), boxWidth)
	return v.view, nil
}

// show makes an item of a node, with the number of its gates that the filter leaves.
func (v *viewer) show(n *node) *shown {
	s := &shown{n: n}
	v.x.tree.each(n, func(g circuit.Gate) {
		if v.marks == nil || v.marks[g] {
			s.in++
		}
	})
	v.x.tree.eachOutput(n, func(wire int) {
		if v.marks == nil || v.marks[v.x.tree.wires[wire].Gate()] {
			s.in++
		}
	})
	return s
}

// unfold unfolds an item if the state says so and there is room, and what is in it. An item of one
// child has no use of its own: the child unfolds too.
func (v *viewer) unfold(s *shown, only bool) {
	n := s.n
	if n.kind != kindRoot && (!n.folds() || !v.open[n.id] && !only) {
		return
	}
	var kids []*shown
	for _, k := range v.x.tree.kids(n) {
		if kid := v.show(k); kid.in > 0 || v.marks == nil {
			kids = append(kids, kid)
		}
	}
	if room := MostItems - v.count; n.kind != kindRoot && len(kids)-1 > room {
		v.view.Full = append(v.view.Full, fmt.Sprintf(
			"%s stays folded: its %d items and the others in view would be more than %d", v.x.label(n), len(kids), MostItems))
		return
	}
	v.count += len(kids) - 1
	s.kids = kids
	for _, k := range kids {
		v.unfold(k, len(kids) == 1 && n.kind != kindRoot)
	}
}

// emit appends the items and frames below one that is unfolded. Its children are placed from y on.
func (v *viewer) emit(s *shown, parent string, depth, y int) {
	for _, k := range s.kids {
		k.y += y
		if k.kids != nil {
			v.view.Frames = append(v.view.Frames, Frame{
				k.n.id, v.x.label(k.n), parent, depth, k.x, k.y, k.w, k.h,
			})
			v.emit(k, k.n.id, depth+1, k.y)
			continue
		}
		v.view.nodes = append(v.view.nodes, k.n)
		item := Item{
			ID: k.n.id, Kind: k.n.kind, Label: v.x.label(k.n), Note: v.x.note(k.n, k.in), Parent: parent,
			X: k.x, Y: k.y, W: k.w, H: k.h, Column: k.n.from, Span: k.n.to - k.n.from + 1,
			Levels: [2]int{v.x.level(k.n.from), v.x.level(k.n.to)}, Gates: k.n.gates, In: k.in, Fold: k.n.folds(),
		}
		if k.n.kind == kindGate || k.n.kind == kindOutput {
			g := int(k.n.gate)
			item.Gate = &g
		}
		if k.n.kind == kindGate {
			item.Type = v.x.c.Kind(k.n.gate).String()
		}
		if k.n.kind == kindOutput {
			item.Not = v.x.tree.wires[k.n.lo].IsComplement()
			item.Means = v.x.outputMeans(k.n.lo)
		}
		v.view.Items = append(v.view.Items, item)
	}
}

// level returns the level of a column; that of the outputs is the depth.
func (x *Circuit) level(column int) int {
	if column == len(x.columns) {
		return x.levels.Depth
	}
	return x.columns[column].Level
}

// group finds the item of each gate.
func (v *viewer) group() {
	item := slices.Repeat([]int32{-1}, v.x.c.Len())
	for i, n := range v.view.nodes {
		v.x.tree.each(n, func(g circuit.Gate) {
			if v.marks == nil || v.marks[g] {
				item[g] = int32(i)
			}
		})
	}
	v.view.item = item
	for _, g := range v.chain {
		if i := int(item[g]); i >= 0 {
			v.view.Chain = append(v.view.Chain, i)
		}
	}
	v.view.Chain = slices.Compact(v.view.Chain)
}

// addSums makes items of the sums that several gates in view read, as far as there is room.
func (v *viewer) addSums() {
	c := v.x.c
	readers := map[circuit.SumID][]int{}
	var order []circuit.SumID
	for i, n := range v.view.nodes {
		if n.kind != kindGate {
			continue
		}
		if s, ok := c.ReadsSum(n.gate); ok && len(c.Refs(s)) > 1 {
			if readers[s] = append(readers[s], i); len(readers[s]) == 2 {
				order = append(order, s)
			}
		}
	}
	for _, s := range order {
		if most := v.most(); len(v.view.Items) >= most {
			v.view.Full = append(v.view.Full, fmt.Sprintf("sums that several gates read are left out beyond %d items", most))
			break
		}
		v.view.sums = append(v.view.sums, shownSum{s, readers[s]})
		v.view.Items = append(v.view.Items, v.sumItem(s, readers[s]))
	}
	v.spreadSums()
}

// most is how many items there may be: sums do not make a crowd.
func (v *viewer) most() int {
	if v.crowd == nil {
		return MostStacked
	}
	return MostItems
}

// label is the short text on an item.
func (x *Circuit) label(n *node) string {
	switch n.kind {
	case kindStage:
		name, _, _ := strings.Cut(x.c.Stage(n.stage).Name, " [")
		return name
	case kindInputs:
		return x.tree.ins[groupNumber(n.id)].name
	case kindOuts:
		return x.tree.outs[groupNumber(n.id)].name
	case kindPort:
		return x.c.InputPorts()[n.port].Name
	case kindOport:
		return x.c.OutputPorts()[n.port].Name
	case kindOutput:
		return x.outputName(n.lo)
	case kindGate:
		return x.gateLabel(n.gate)
	case kindRow:
		return fmt.Sprintf("row of %d gates", n.hi-n.lo)
	}
	return x.rangeLabel(n)
}

func groupNumber(id string) int {
	k := 0
	for _, d := range id[strings.IndexAny(id, "0123456789"):] {
		k = 10*k + int(d-'0')
	}
	return k
}

func (x *Circuit) rangeLabel(n *node) string {
	first, last := n.list.name(n.lo), n.list.name(n.hi-1)
	switch n.list.letter {
	case "t":
		return x.label(&node{kind: kindStage, stage: circuit.StageID(first)}) + " … " +
			x.label(&node{kind: kindStage, stage: circuit.StageID(last)})
	case "b":
		return fmt.Sprintf("%d gates", n.hi-n.lo)
	case "w":
		return x.inputName(first) + " … " + x.inputName(last)
	case "y":
		return x.outputName(first) + " … " + x.outputName(last)
	case "p":
		return x.c.InputPorts()[first].Name + " … " + x.c.InputPorts()[last].Name
	}
	return x.c.OutputPorts()[first].Name + " … " + x.c.OutputPorts()[last].Name
}

// gateLabel is the sign of a gate, with its bound.
func (x *Circuit) gateLabel(g circuit.Gate) string {
	switch k := x.c.Kind(g); {
	case k == gates.Input:
		return x.inputName(int(x.tree.input[g]))
	case k == gates.Threshold:
		_, t := x.c.Bound(g)
		return "≥ " + short(t.String())
	case k == gates.Mod:
		_, m := x.c.Modulus(g)
		return fmt.Sprintf("mod %d", m.M)
	default:
		return k.Symbol()
	}
}

// short leaves out the middle of a long number.
func short(number string) string {
	if len(number) > 12 {
		return number[:5] + "…" + number[len(number)-4:]
	}
	return number
}

func (x *Circuit) inputName(i int) string {
	p := x.tree.inPort[i]
	return x.c.InputPorts()[p].WireName(i - x.tree.inAt[p])
}

func (x *Circuit) outputName(i int) string {
	p := x.tree.outOf[i]
	return x.c.OutputPorts()[p].WireName(i - x.tree.outAt[p])
}

// note is the second line of an item, of which a filter leaves so many gates, inputs or outputs.
func (x *Circuit) note(n *node, left int) string {
	switch n.kind {
	case kindGate:
		return fmt.Sprintf("g%d", n.gate)
	case kindOutput:
		return x.tree.wires[n.lo].String()
	case kindStage:
		return share(left, n.gates, "gate")
	case kindInputs, kindPort, kindOuts, kindOport:
		bits := 0
		x.tree.each(n, func(circuit.Gate) { bits++ })
		x.tree.eachOutput(n, func(int) { bits++ })
		return share(left, bits, "bit")
	}
	first := n.list.name(n.lo)
	if n.list.letter != "b" {
		return ""
	}
	return fmt.Sprintf("from g%d on", first)
}

// share says how many of all there are left, unless it is all of them.
func share(left, all int, word string) string {
	if left < all {
		return fmt.Sprintf("%d of %s", left, plural(all, word))
	}
	return plural(all, word)
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
