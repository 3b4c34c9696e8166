package program

import (
	"slices"
	"strings"
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

// OutlineOutput is a result.
type OutlineOutput struct {
	Name  string
	Value int
}

// OutlineRepeat says that operations First to End−1 are Count copies of one body, of
// [Program.Repeat] or [Program.Scan].
type OutlineRepeat struct {
	Name              string
	Count, First, End int
	Open              bool // the copies stand for as many as n says
}

// Outline returns p as data of its own. It fails as the building of p did.
func (p *Program) Outline() (*Outline, error) {
	if p.err != nil {
		return nil, p.err
	}
	o := &Outline{Name: p.name}
	for id := range p.nodes {
		n := &p.nodes[id]
		o.Operations = append(o.Operations, OutlineOp{
			Op: n.Op, Stage: slices.Clone(n.Stage), Args: slices.Clone(n.Args), Shape: slices.Clone(n.Shape),
			Bounds: n.Bounds, OneHot: n.OneHot, Name: n.Name, Detail: n.detail(),
		})
	}
	for _, out := range p.outputs {
		o.Outputs = append(o.Outputs, OutlineOutput{out.Name, out.Value})
	}
	for _, r := range p.repeats {
		o.Repeats = append(o.Repeats, OutlineRepeat{r.Name, r.Count, r.First, r.End, r.Open})
	}
	return o, nil
}

// detail is what describe writes between the brackets, without the operands and the
// name.
func (n *Node) detail() string {
	bare := *n
	bare.Args, bare.Name = nil, ""
	text := strings.TrimSuffix(strings.TrimPrefix(bare.String(), n.Op.String()+"("), ")")
	if n.Op == OpInput || n.Op == OpTokens {
		text = strings.TrimPrefix(strings.TrimPrefix(text, `""`), ", ")
	}
	return text
}
