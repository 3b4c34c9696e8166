package diagram

import (
	"math/big"

	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/press"
)

// role says how a box is drawn.
type role uint8

const (
	roleInput  role = iota
	roleOutput      // a result of the program
	roleExact       // no gate of its own
	roleGates       // gates and no layer
	roleLayers      // gates that add layers
	roleFolded      // a stage that is one box
	roleState       // what a copy of a body gets from the copy before, or hands on
)

// box is a shape of the figure.
type box struct {
	role   role
	frame  int // the innermost frame around it; 0 for none
	id     int // number of the value in the program; of an output its index
	cost   cost
	name   string // bold
	detail string // beside or below the name
	lines  []string
	count  int  // of a folded stage: its operations
	times  bool // of a folded stage: it is a repeated body
}

// frame is a stage, or part of one: operations that stand apart in the program stand
// in frames of their own.
type frame struct {
	name   string
	parent int
	depth  int    // of nesting; of the root 0
	times  string // how often the body stands in the program; "" once
	cost   cost
	folded int // the box that stands for it and what is within

	first, last int // operations that are drawn and stand in it, all those between too
}

// scene is what a figure shows.
type scene struct {
	cfg Config
	*copies
	costs   *costs
	frames  []frame
	boxes   []box
	arrows  []arrow
	home    []int // by operation: its frame
	at      []int // by operation: its box
	title   string
	caption string

	folded     string  // why stages are boxes though that was not asked for; "" if they are not
	wide, high float64 // of the picture, in points, once it is laid out
	sizes      string
}

// newScene reads p. Its operations become boxes, a repeated one once, and so many times the innermost stages.
func newScene(p *program.Program, cfg Config, rounds int) (*scene, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	if cfg.Circuit != nil {
		if err := checkCircuit(p, cfg.Circuit); err != nil {
			return nil, err
		}
	}
	f, err := formula.Of(p, cfg.Strategy)
	if err != nil {
		return nil, err
	}
	s := &scene{
		cfg: cfg, copies: findCopies(p, cfg.Unroll), frames: []frame{{folded: notFolded}},
	}
	s.costs = newCosts(p, f)
	s.makeFrames()
	s.fold(rounds)
	for i := range s.frames[1:] {
		fr := &s.frames[i+1]
		fr.cost = s.costs.stage(s.copies, fr.first, fr.last)
	}
	if cfg.Circuit != nil {
		s.measure(cfg.Circuit)
	}
	s.makeBoxes()
	s.makeArrows(p.Results())
	s.describe(p, f)
	return s, nil
}

// makeFrames finds the frame of each operation that is drawn. A stage stays open for as
// long as operations follow each other in it.
func (s *scene) makeFrames() {
	s.home = make([]int, len(s.nodes))
	open := []int{0} // frames from the root to the current one
	last := -1
	for id := range s.all() {
		path := s.nodes[id].Stage
		keep := 1
		for keep < len(open) && keep <= len(path) && s.frames[open[keep]].name == s.stageName(id, keep-1, path) {
			keep++
		}
		if last >= 0 { // another repeat is another frame, even one of the same name
			keep = min(keep, 1+s.shared(last, id))
		}
		open = open[:keep]
		for k := keep - 1; k < len(path); k++ {
			s.frames = append(s.frames, frame{
				name: s.stageName(id, k, path), parent: open[k], depth: k + 1,
				times: s.times(id, k), folded: notFolded, first: id,
			})
			open = append(open, len(s.frames)-1)
		}
		s.home[id] = open[len(open)-1]
		for _, f := range open {
			s.frames[f].last = id
		}
		last = id
	}
}

// repeated reports whether a frame is a repeated body or lies in one.
func (s *scene) repeated(f int) bool {
	for ; f != 0; f = s.frames[f].parent {
		if s.frames[f].times != "" {
			return true
		}
	}
	return false
}

// makeBoxes makes a box of each operation that is drawn, of each folded stage and of
// each output.
func (s *scene) makeBoxes() {
	s.at = make([]int, len(s.nodes))
	for id := range s.all() {
		if f := s.outermostFolded(s.home[id]); f != 0 {
			if s.frames[f].folded < 0 {
				s.frames[f].folded = len(s.boxes)
				s.boxes = append(s.boxes, s.stageBox(f))
			}
			s.at[id] = s.frames[f].folded
			s.boxes[s.at[id]].count++
			continue
		}
		s.at[id] = len(s.boxes)
		s.boxes = append(s.boxes, s.operationBox(id))
	}
	s.distinguish()
}

// distinguish lets no two boxes share a name: a folded stage is called by the stage around it, too,
// and what is still alike gets numbers.
func (s *scene) distinguish() {
	key := func(b *box) string { return b.name + " " + b.detail }
	alike := func() map[string]int {
		count := map[string]int{}
		for i := range s.boxes {
			count[key(&s.boxes[i])]++
		}
		return count
	}
	count := alike()
	for i := range s.boxes {
		if b := &s.boxes[i]; b.role == roleFolded && b.frame != 0 && count[key(b)] > 1 {
			b.name = s.frames[b.frame].name + " · " + b.name
		}
	}
	count = alike()
	number := map[string]int{}
	for i := range s.boxes {
		b := &s.boxes[i]
		if k := key(b); count[k] > 1 {
			number[k]++
			b.name += press.Subscript(number[k])
		}
	}
}

func (s *scene) stageBox(f int) box {
	fr := &s.frames[f]
	return box{role: roleFolded, frame: fr.parent, cost: fr.cost, name: fr.title(), times: fr.times != ""}
}

// title is the name of a stage, and how often it stands in the program.
func (f *frame) title() string {
	if f.times == "" {
		return f.name
	}
	return f.name + " × " + f.times
}

func (s *scene) operationBox(id int) box {
	op := &s.nodes[id]
	b := box{id: id, frame: s.home[id], cost: s.costs.of[id], name: op.Op.String(), detail: s.detailText(id)}
	b.role = b.cost.role()
	if op.Op == program.OpInput || op.Op == program.OpTokens {
		b.role, b.name, b.cost = roleInput, press.Clean(op.Name), cost{}
	}
	if first := s.costs.of[s.same[id][0]].level; first != b.cost.level && first != "" && b.cost.level != "" {
		b.cost.level = first + " … " + b.cost.level
	}
	if op.OneHot && op.Op != program.OpTokens {
		b.lines = append(b.lines, "one-hot")
	} else if text := rangeText(s.bounds(id), b.role != roleInput); text != "" && !op.OneHot {
		b.lines = append(b.lines, text)
	}
	return b
}

// cost is what an operation or a stage costs.
type cost struct {
	adds    poly.Poly // layers
	gates   poly.Poly // at most
	level   string    // a bound on the depth that it ends at; "" where it makes no gate
	exact   bool      // the gates were counted in a circuit
	counted int64
}

// number returns a polynomial that is a number.
func number(p poly.Poly) (*big.Int, bool) { return p.At(nil) }
