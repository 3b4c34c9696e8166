package program

import (
	"fmt"
	"slices"
)

// InputError says that an input vector does not fit a program.
type InputError struct {
	Port string // the offending port, or ""
	What string
}

func (e *InputError) Error() string {
	if e.Port == "" {
		return "compile: input: " + e.What
	}
	return "compile: input " + e.Port + ": " + e.What
}

// Reference computes the program in plain integers: the function that its circuit
// must equal, bit for bit. It takes one integer for each input port and returns one
// for each output port; see [Program.Inputs].
func (p *Program) Reference(in []int64) ([]int64, error) {
	values, err := p.run(in)
	if err != nil {
		return nil, err
	}
	var out []int64
	for _, o := range p.outputs {
		v := values[o.Value]
		if n := &p.nodes[o.Value]; n.OneHot {
			for row := range slices.Chunk(v, n.Shape.Last()) {
				out = append(out, int64(slices.Index(row, 1)))
			}
			continue
		}
		out = append(out, v...)
	}
	return out, nil
}

// run computes the value of every operation.
func (p *Program) run(in []int64) ([][]int64, error) {
	if p.err != nil {
		return nil, p.err
	}
	if err := p.checkInput(in); err != nil {
		return nil, err
	}
	values := make([][]int64, len(p.nodes))
	for id := range p.nodes {
		n := &p.nodes[id]
		v := make([]int64, n.Shape.Len())
		x, y := Operands(n, values)
		if n.Op == OpInput || n.Op == OpTokens {
			shape, _ := n.portShape()
			x, in = in[:shape.Len()], in[shape.Len():]
		}
		if run := operations[n.Op].run; run != nil {
			run(n, v, x, y)
		} else {
			args, total := [2][]int64{x, y}, int64(0)
			add := func(arg, from int, weight int64) { total += weight * args[arg][from] }
			for i := range v {
				total = 0
				constant := n.Terms(i, add)
				v[i] = total + constant
			}
		}
		values[id] = v
	}
	return values, nil
}

// checkInput compares the integers with the ranges of the input ports. It makes no
// names unless one is wrong, since the reference runs many times.
func (p *Program) checkInput(in []int64) error {
	at := 0
	for _, r := range p.inputs {
		n := &p.nodes[r.Value]
		shape, bounds := n.portShape()
		for i := range shape.Len() {
			if at < len(in) && !bounds.Contains(in[at]) {
				return &InputError{r.Name + shape.index(i), fmt.Sprintf("%d is outside %v", in[at], bounds)}
			}
			at++
		}
	}
	if len(in) != at {
		return &InputError{"", fmt.Sprintf("%d integers for %d ports", len(in), at)}
	}
	return nil
}
