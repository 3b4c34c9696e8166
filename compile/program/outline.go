package program

import (
	"slices"
)

// Outline is a program as data, for readers that show it: what [Program.String] lists.
type Outline struct {
	Name       string
	Operations []OutlineOp // by number; the operands of each come before it
	Outputs    []OutlineOutput
	Repeats    []OutlineRepeat // a repeat within another comes before it, once a copy
}

// OutlineOp is one operation and its value.
type OutlineOp struct {
	Op     Op
	Stage  []string // names of the stages it stands in, outermost first
	Args   []int    // numbers of its operands
	Shape  Shape
	Bounds Range
	OneHot bool   // along the last axis exactly one element is 1, the others 0
	Name   string // Input, Tokens
	Detail string // what the listing says beside the operands; may be ""
}

// The outputs and the repeats of an outline are those of the program.
type (
	OutlineOutput = Result
	OutlineRepeat = Repeated
)

// Outline returns p as data of its own. It fails as the building of p did.
func (p *Program) Outline() (*Outline, error) {
	if p.err != nil {
		return nil, p.err
	}
	o := &Outline{Name: p.name, Outputs: slices.Clone(p.outputs), Repeats: slices.Clone(p.repeats)}
	for id := range p.nodes {
		n := &p.nodes[id]
		o.Operations = append(o.Operations, OutlineOp{
			Op: n.Op, Stage: slices.Clone(n.Stage), Args: slices.Clone(n.Args), Shape: slices.Clone(n.Shape),
			Bounds: n.Bounds, OneHot: n.OneHot, Name: n.Name, Detail: n.detail(),
		})
	}
	return o, nil
}
