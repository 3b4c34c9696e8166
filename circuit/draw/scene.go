package draw

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/internal/press"
)

// A scene is what a figure shows, before any format: shapes, lines between them,
// the stages around them and the columns they stand in.
type scene struct {
	c       *circuit.Circuit
	cfg     Config
	levels  *circuit.Levels
	nodes   []node
	edges   []edge
	columns []string // labels for the ruler; empty if the layout is to find the columns itself
	ordered [][2]int // pairs of nodes of a column, the first to stand before the second
	ranks   [][]int  // where there are no columns: nodes that stand side by side all the same
	ends    func(circuit.Gate) (terminal, bool)

	// What a folded figure tells of stages that are not folded, after their names.
	notes   map[circuit.StageID]string
	caption string
	folded  string   // why it is folded though that was not asked for
	aside   table    // values that have no room in the figure
	legend  []string // what the signs mean that occur, in lines
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
	id     string        // "g12" for a gate, "s3" for a sum; unique, kept in the SVG
	bounds []circuit.Int // of a threshold gate, which the label ends with
	more   []string      // of a bundle: the ids of its others
	names  []string      // and their labels
	role   role
	label  string   // lines separated by \n
	cells  []string // a port of several wires: one cell a wire
	note   string   // one line that tells more, shown when pointed at
	stage  circuit.StageID
	column int // index in columns, or −1
	path   bool
}

// An edge goes from one node to another, each an index into nodes.
type edge struct {
	from, to         int
	fromCell, toCell int           // wire of a port with cells, or −1
	weights          []circuit.Int // of its wires, unless they have none
	label            string        // the weights as they are written
	negative         bool          // a negative weight
	complement       bool
	integer          bool  // comes from a sum
	count            int64 // folded: the wires it stands for
	path             bool
}

// isArrow reports whether the number at e counts wires. If not, it is a weight.
func (e *edge) isArrow() bool { return e.count > 0 }

// number returns what is written on the line.
func (e *edge) number() string {
	if e.isArrow() {
		return press.Count(e.count)
	}
	return e.label
}

// add adds a node that stands in no column yet.
func (s *scene) add(n node) int {
	n.column = -1
	s.nodes = append(s.nodes, n)
	return len(s.nodes) - 1
}

// connect adds a line between two nodes as wholes and returns it, to be detailed.
func (s *scene) connect(from, to int) *edge {
	s.edges = append(s.edges, edge{from: from, to: to, fromCell: -1, toCell: -1})
	return &s.edges[len(s.edges)-1]
}

// newScene decides whether the circuit is drawn gate by gate or folded. It also chooses the
// direction if it is open: tall columns become wide rows, which suit a page better.
func newScene(c *circuit.Circuit, cfg Config) (*scene, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	cfg.Title = press.Clean(cfg.Title)
	s, err := chooseScene(scene{c: c, cfg: cfg, levels: c.Levels(cfg.DepthModel)})
	if err != nil {
		return nil, err
	}
	s.writeValues()
	s.explain()
	if cfg.Direction == "" {
		s.cfg.Direction = LeftRight
		if s.tallest() > tallColumn {
			s.cfg.Direction = BottomTop
		}
	}
	return s, nil
}

// tallColumn is the greatest number of shapes that stand one above another in a
// figure whose direction is left open.
const tallColumn = 16

func chooseScene(empty scene) (*scene, error) {
	cfg := &empty.cfg
	if size := empty.c.Size(); cfg.NoFold && size > MostGates {
		return nil, &TooLargeError{Gates: size, Most: MostGates}
	}
	limited := func(n, limit int, what string) bool {
		if limit >= 0 && n > limit {
			empty.folded = fmt.Sprintf("it has %s, and at most %s are drawn", press.Count(int64(n))+" "+what, press.Count(int64(limit)))
			return true
		}
		return false
	}
	if !cfg.Fold && len(cfg.Unfold) == 0 && !limited(empty.c.Size(), cfg.MaxGates, "gates") {
		s := empty
		detailed(&s)
		if err := s.highlight(); err != nil {
			return nil, err
		}
		s.bundle()
		if lines := len(s.edges); cfg.NoFold && lines > MostLines {
			return nil, &TooLargeError{Gates: s.c.Size(), Lines: lines, Most: MostLines}
		}
		if !limited(len(s.edges), cfg.MaxWires, "lines") && !limited(s.tallest(), cfg.MaxColumn, "shapes at one depth") {
			return &s, nil
		}
	}
	if err := folded(&empty); err != nil {
		return nil, err
	}
	if err := empty.highlight(); err != nil {
		return nil, err
	}
	empty.bundle()
	return &empty, nil
}

// tallest returns the greatest number of shapes in a column or rank. The wires of a
// port are half as high as a gate.
func (s *scene) tallest() int {
	most, in := 0, make([]int, len(s.columns)+1)
	for _, n := range s.nodes {
		if n.column >= 0 {
			in[n.column] += max(1, (len(n.cells)+1)/2)
		}
	}
	for _, rank := range s.ranks {
		most = max(most, len(rank))
	}
	return max(most, slices.Max(in))
}
