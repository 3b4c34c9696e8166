package program_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
)

// operation is what the tests look at of a node.
type operation struct {
	Op     program.Op
	Stage  []string
	Args   []int
	Shape  program.Shape
	Bounds program.Range
	OneHot bool
	Name   string
	Detail string
}

func TestNodes(t *testing.T) {
	p := program.New("two steps")
	n, d := program.NewDim("n", 3), program.NewDim("d", 2)
	x := p.Input("x, \"y\"", program.Shape{n, d}, 3, true)
	k := p.Tokens("k", program.Shape{n}, program.NewDim("vocab", 5))
	p.Begin("block")
	y := p.Repeat("step", 2, []program.Value{x}, func(t int, s []program.Value) []program.Value {
		return []program.Value{p.Step(p.Affine(2, s[0], -1), program.Round(4, program.Range{Lo: -2, Hi: 1}))}
	})
	p.End()
	p.Output("y", y[0])
	p.Output("k", k)
	if err := p.Err(); err != nil {
		t.Fatal(err)
	}
	var got []operation
	for id, n := range p.Nodes() {
		if n.ID != id {
			t.Errorf("operation %d has number %d", id, n.ID)
		}
		got = append(got, operation{n.Op, n.Stage, n.Args, n.Shape, n.Bounds, n.OneHot, n.Name, n.Detail()})
	}
	shape := program.Shape{n, d}
	stage := func(t int) []string { return []string{"block", fmt.Sprint("step ", t)} }
	want := []operation{
		{
			Op:     program.OpInput,
			Shape:  shape,
			Bounds: program.Range{Lo: -4, Hi: 3},
			Name:   "x, \"y\"",
			Detail: "3 bits two's complement",
		},
		{
			Op:     program.OpTokens,
			Shape:  program.Shape{n, program.NewDim("vocab", 5)},
			Bounds: program.Range{Lo: 0, Hi: 1},
			OneHot: true,
			Name:   "k",
		},
		{
			Op:     program.OpAffine,
			Stage:  stage(1),
			Args:   []int{0},
			Shape:  shape,
			Bounds: program.Range{Lo: -9, Hi: 5},
			Detail: "·2-1",
		},
		{
			Op:     program.OpStep,
			Stage:  stage(1),
			Args:   []int{2},
			Shape:  shape,
			Bounds: program.Range{Lo: -2, Hi: 1},
			Detail: "3 jumps",
		},
		{
			Op:     program.OpAffine,
			Stage:  stage(2),
			Args:   []int{3},
			Shape:  shape,
			Bounds: program.Range{Lo: -5, Hi: 1},
			Detail: "·2-1",
		},
		{
			Op:     program.OpStep,
			Stage:  stage(2),
			Args:   []int{4},
			Shape:  shape,
			Bounds: program.Range{Lo: -1, Hi: 0},
			Detail: "3 jumps",
		},
	}
	results := []program.Result{{Name: "y", Value: 5}, {Name: "k", Value: 1}}
	repeats := []program.Repeated{{Name: "step", Count: 2, First: 2, End: 6, States: [][]int{{0}, {3}, {5}}}}
	if p.Name() != "two steps" || !slices.Equal(p.Results(), results) || !cmp.Equal(p.Repeats(), repeats) {
		t.Errorf("%q with results %v and repeats %v", p.Name(), p.Results(), p.Repeats())
	}
	same := cmp.Comparer(func(a, b program.Dim) bool { return a == b })
	empty := cmp.Transformer("nil", func(s []int) string { return fmt.Sprint(s) })
	names := cmp.Transformer("joined", func(s []string) string { return strings.Join(s, "/") })
	if diff := cmp.Diff(want, got, same, empty, names); diff != "" {
		t.Error(diff)
	}
}

// The nodes have what the listing has.
func TestNodesAreTheListing(t *testing.T) {
	for _, f := range compile.Families() {
		spec, err := compile.ParseSpec(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		p, err := spec.OpenProgram()
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(p.String()), "\n")
		if len(lines) != 1+len(p.Nodes())+len(p.Results()) {
			t.Fatalf("%s: %d lines, %d operations and %d outputs", f.Name, len(lines), len(p.Nodes()), len(p.Results()))
		}
		for id, op := range p.Nodes() {
			line := lines[id+1]
			for _, part := range []string{
				fmt.Sprintf("%%%d ", id), op.Op.String() + "(", op.Shape.String(), op.Bounds.String(), op.Detail(),
				strings.Join(op.Stage, "/"),
			} {
				if !strings.Contains(line, part) {
					t.Errorf("%s: %q is not in %q", f.Name, part, line)
				}
			}
			for _, a := range op.Args {
				if a >= id || !strings.Contains(line, fmt.Sprintf("%%%d", a)) {
					t.Errorf("%s: operand %d is not in %q", f.Name, a, line)
				}
			}
		}
	}
	bad := program.New("bad")
	bad.Input("x", nil, 0, false)
	if bad.Err() == nil {
		t.Error("a bad program has no error")
	}
}
