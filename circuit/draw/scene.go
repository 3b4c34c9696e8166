package draw

import "github.com/tc0lab/tc0/circuit"

// A scene is what a figure shows, before any format: shapes, lines between them,
// the stages around them and the columns they stand in.
type scene struct {
	nodes   []node
	edges   []edge
	stages  []stage  // in the order of their ids; a parent before its children
	columns []column // empty if the layout is to find the columns itself
	ordered [][2]int // pairs of nodes of a column, the first to stand before the second
	title   string
	caption string
	legend  string // what the signs mean that occur
}

// role is what a shape stands for; it decides form and colour.
type role uint8

const (
	roleInput role = iota
	roleOutput
	roleConst
	roleLogic
	roleParity
	roleThreshold
	roleSum
	roleBox // a folded stage
)

type node struct {
	id     string // "g12" for a gate, "s3" for a sum; unique, kept in the SVG
	role   role
	label  string   // lines separated by \n
	cells  []string // a port of several wires: one cell a wire
	note   string   // one line that tells more, shown when pointed at
	stage  circuit.StageID
	column int // index in columns, or −1
}

// An edge goes from one node to another, each an index into nodes.
type edge struct {
	from, to         int
	fromCell, toCell int // wire of a port with cells, or −1
	label            string
	negative         bool // a negative weight
	complement       bool
	integer          bool  // comes from a sum
	count            int64 // folded: the wires it stands for
}

// stage is a box around nodes. Stages without nodes in them are not drawn.
type stage struct {
	id     circuit.StageID
	parent circuit.StageID
	name   string
}

// column is one position along the direction of depth. The first column of each
// level has a label for the ruler.
type column struct {
	label string
}

func (s *scene) add(n node) int {
	s.nodes = append(s.nodes, n)
	return len(s.nodes) - 1
}

// connect adds a line between two nodes as wholes and returns it, to be detailed.
func (s *scene) connect(from, to int) *edge {
	s.edges = append(s.edges, edge{from: from, to: to, fromCell: -1, toCell: -1})
	return &s.edges[len(s.edges)-1]
}

// newScene chooses between the circuit gate by gate and the circuit folded, and the
// direction if that is open: tall columns become wide rows, as a page is read.
func newScene(c *circuit.Circuit, cfg *Config) *scene {
	s := chooseScene(c, cfg)
	if cfg.Direction == "" {
		cfg.Direction = LeftRight
		if len(s.columns) > 0 && s.tallest() > tallColumn {
			cfg.Direction = BottomTop
		}
	}
	return s
}

// tallColumn is the greatest number of shapes that stand one above another in a
// figure whose direction is left open.
const tallColumn = 16

func chooseScene(c *circuit.Circuit, cfg *Config) *scene {
	over := func(n, limit int) bool { return limit >= 0 && n > limit }
	if cfg.Fold || over(c.Size(), cfg.MaxGates) {
		return folded(c, cfg)
	}
	s := detailed(c, cfg)
	if over(len(s.edges), cfg.MaxWires) || over(s.tallest(), cfg.MaxColumn) {
		return folded(c, cfg)
	}
	return s
}

// tallest returns the greatest number of shapes in a column. The wires of a port are
// half as high as a gate.
func (s *scene) tallest() int {
	in := make([]int, len(s.columns))
	most := 0
	for _, n := range s.nodes {
		in[n.column] += max(1, (len(n.cells)+1)/2)
		most = max(most, in[n.column])
	}
	return most
}
