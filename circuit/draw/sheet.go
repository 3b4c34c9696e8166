package draw

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// sheet is a scene that is laid out for a column of the width that [Config] says.
type sheet struct {
	*scene
	*geometry
	scale   float64 // from points of the picture to points on paper; at most 1
	numbers []plate // on lines
	names   []plate // of stages
}

// Measures of pictures.
const (
	pointsACentimetre = 72 / 2.54
	pageHeight        = 22 * pointsACentimetre // of a picture: what a page has room for
	margin            = 1.0                    // points around a picture, for half a line
)

// bestSheet tries the layouts that [Config] leaves open: both directions, columns that stand closer,
// lines that have no room kept for their weights, and coarse bundles. If all text of the first can
// be read, it is the one. Else it is one in which text can be read, not high and with few weights
// beside the picture, or the one in which text is largest. It tries only one if layouts take long.
func bestSheet(c *circuit.Circuit, cfg Config) (*sheet, error) {
	best, err := newSheet(c, cfg)
	if err != nil || best.readable() {
		return best, err
	}
	if best.hard() {
		if cfg.coarse = true; !best.bundled() {
			return best, nil
		}
		if best, err = newSheet(c, cfg); err != nil || best.hard() || best.readable() {
			return best, err
		}
	}
	directions := []Direction{best.cfg.Direction}
	if cfg.Direction == "" {
		other := LeftRight
		if best.cfg.Direction == LeftRight {
			other = BottomTop
		}
		directions = append(directions, other)
	}
	folded := best.columns == nil // its arrows need room for their numbers
	bundled, slow := best.bundled(), best.steps() > someSteps
	for _, coarse := range []bool{false, true} {
		if coarse && !bundled || best.readable() {
			break
		}
		for _, cfg.space = range []space{roomy, close, tight} {
			for _, cfg.Direction = range directions {
				cfg.coarse = cfg.coarse || coarse
				far := bundled && !cfg.coarse && best.smallest() < Readable/2 // from being read
				tried := cfg.space == roomy && (cfg.coarse || cfg.Direction == directions[0])
				if far || tried || folded && cfg.space != roomy || slow && cfg.space == tight {
					continue
				}
				t, err := newSheet(c, cfg)
				if err != nil {
					return nil, err
				}
				if t.betterThan(best) {
					best = t
				}
			}
		}
	}
	return best, nil
}

// betterThan reports whether t can be read at less cost than u, or else whether its text is larger.
func (t *sheet) betterThan(u *sheet) bool {
	if t.readable() && u.readable() {
		return t.cost() < u.cost()
	}
	return t.smallest() > u.smallest()
}

// cost is how high a figure is, in points on paper. A weight that has to be looked up in the table
// below counts as much as three lines of text.
func (t *sheet) cost() float64 {
	const lookUp = 30
	return t.high()*t.scale + lookUp*float64(len(t.aside.entries))
}

// bundled reports whether a shape stands for several.
func (s *scene) bundled() bool {
	return slices.ContainsFunc(s.nodes, func(n node) bool { return len(n.more) > 0 })
}

func newSheet(c *circuit.Circuit, cfg Config) (*sheet, error) {
	s, err := newScene(c, cfg)
	if err != nil {
		return nil, err
	}
	t := &sheet{scene: s}
	// Title and legend are set below, in lines as wide as the picture or the column.
	full := s.cfg
	s.cfg.Title, s.cfg.NoCaption = "", true
	if t.geometry, err = s.locate(); err != nil {
		return nil, err
	}
	s.cfg = full
	t.placeTexts()
	for _, p := range slices.Concat(t.names, t.numbers) { // a name may stand beside its frame
		t.box = frame{min(t.box.x0, p.x0), min(t.box.y0, p.y0), max(t.box.x1, p.x1), max(t.box.y1, p.y1)}
	}
	t.scale = min(1, s.cfg.Width*pointsACentimetre/t.wide(), pageHeight/t.high())
	return t, nil
}

// smallest is the size of the smallest text of the picture, in points on paper.
func (t *sheet) smallest() float64 { return t.smallText() * t.scale }

// smallText is that before the picture is scaled.
func (t *sheet) smallText() float64 {
	size := stageSize
	if len(t.numbers) > 0 {
		size = numberSize
	}
	for i := range t.geometry.nodes {
		for _, m := range t.geometry.nodes[i].texts {
			size = min(size, m.size)
		}
	}
	return size
}

func (t *sheet) readable() bool { return t.smallest() >= Readable }

func (t *sheet) wide() float64 { return t.box.x1 - t.box.x0 + 2*margin }
func (t *sheet) high() float64 { return t.box.y1 - t.box.y0 + 2*margin }

// depthOfStage is how many stages are around a stage that is drawn.
func (t *sheet) depthOfStage(i int) int {
	depth := 0
	for k := range t.stages[:i] {
		if t.stages[k].outline().holds(t.stages[i].outline()) {
			depth++
		}
	}
	return depth
}

// lines of a shape: its label, which may have changed since it was laid out, at the places of the
// lines that were.
func (t *sheet) labelOf(i int) []mark {
	return relabelled(t.geometry.nodes[i].texts, t.scene.nodes[i].label)
}
