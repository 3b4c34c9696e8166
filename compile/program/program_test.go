package program

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// row is a shape of one axis.
func row(name string, size int) Shape { return Shape{NewDim(name, size)} }

func TestReferenceOfEachOperation(t *testing.T) {
	p := New("all operations")
	x := p.Input("x", Shape{NewDim("n", 2), NewDim("d", 2)}, 4, true)
	w := NewMatrix(3, 2, func(i, j int) int64 { return int64(i*10 + j + 1) }) // [[1 2] [11 12] [21 22]]
	y := p.Linear(x, w, []int64{100, 200, 300}, "e")
	p.Output("linear", y)
	p.Output("affine", p.Affine(-2, x, 7))
	p.Output("reduce rows", p.Reduce(x, "n"))
	p.Output("reduce columns", p.Reduce(x, "d"))
	p.Output("transpose", p.Gather(x, Shape{NewDim("d", 2), NewDim("n", 2)}, "transpose", func(i int) int { return i%2*2 + i/2 }))
	p.Output("second", p.Select(x, 1))
	p.Output("step", p.Step(x, Round(2, Range{-1, 2})))
	p.Output(
		"gram",
		p.Contract("if,jf->ij", x, p.Gather(x, Shape{NewDim("m", 2), NewDim("d", 2)}, "copy", func(i int) int { return i })),
	)
	p.Output("dot", p.Contract("if,if->i", x, x))
	p.Output("add", p.Add(x, p.Select(x, 0)))
	den := p.Step(p.Reduce(x, "d"), Round(1, Range{1, 20}))
	p.Output("quotient", p.Quotient(x, den, Range{-2, 2}))
	p.Output("arg max", p.ArgMax(x, nil))
	if err := p.Err(); err != nil {
		t.Fatal(err)
	}

	// x = [[3 −5] [4 4]]
	got, err := p.Reference([]int64{3, -5, 4, 4})
	if err != nil {
		t.Fatal(err)
	}
	want := []int64{
		3 - 10 + 100, 33 - 60 + 200, 63 - 110 + 300, 4 + 8 + 100, 44 + 48 + 200, 84 + 88 + 300,
		1, 17, -1, -1,
		7, -1,
		-2, 8,
		3, 4, -5, 4,
		4, 4,
		2, -1, 2, 2, // 3/2 rounds to 2, −5/2 to −2, clipped
		34, -8, -8, 32,
		34, 32,
		6, -10, 7, -1,
		2, -2, 0, 0, // row 0 over max(1, −2) = 1, clipped; row 1 is ⌊4/8⌋
		0, 0, // a tie goes to the left
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reference (-want +got):\n%s", diff)
	}
}

func TestBoundsHoldForOneHotRows(t *testing.T) {
	p := New("tokens")
	x := p.Tokens("t", row("n", 2), NewDim("v", 3))
	w := NewMatrix(2, 3, func(i, j int) int64 { return int64([]int{5, -7, 2, 1, 1, 4}[i*3+j]) })
	y := p.Linear(x, w, nil, "d")
	if want := (Range{-7, 5}); y.Bounds() != want {
		t.Errorf("bounds of an embedding are %v, want %v", y.Bounds(), want)
	}
	p.Output("y", y)
	got, err := p.Reference([]int64{2, 1})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int64{2, 4, -7, 1}, got); diff != "" {
		t.Error(diff)
	}
}

func TestGatherKeepsOneHotOnlyForWholeRows(t *testing.T) {
	p := New("gather")
	x := p.Tokens("t", row("n", 2), NewDim("v", 3))
	swapped := p.Gather(x, x.Shape(), "swap rows", func(i int) int { return (i + 3) % 6 })
	mixed := p.Gather(x, x.Shape(), "shift", func(i int) int { return (i + 1) % 6 })
	if !p.node(swapped).OneHot || p.node(mixed).OneHot {
		t.Errorf(
			"one-hot after swapping rows %v, after shifting elements %v",
			p.node(swapped).OneHot,
			p.node(mixed).OneHot,
		)
	}
}

func TestProgramErrorsNameTheStage(t *testing.T) {
	matrix := NewMatrix(2, 3, func(i, j int) int64 { return 1 })
	huge := NewMatrix(1, 2, func(i, j int) int64 { return 1 << 61 })
	for name, build := range map[string]func(p *Program, x Value){
		"3 columns": func(p *Program, x Value) { p.Linear(x, matrix, nil, "e") },
		"bias of 1 numbers": func(p *Program, x Value) {
			p.Linear(x, NewMatrix(2, 2, func(i, j int) int64 { return 1 }), []int64{1}, "e")
		},
		"64 bits":               func(p *Program, x Value) { p.Output("y", p.Linear(x, huge, nil, "e")) },
		"do not fit":            func(p *Program, x Value) { p.Add(x, p.Input("y", row("e", 3), 2, true)) },
		"must be positive":      func(p *Program, x Value) { p.Quotient(x, x, Range{0, 1}) },
		"no axis":               func(p *Program, x Value) { p.Reduce(x, "nobody") },
		"is not of the form":    func(p *Program, x Value) { p.Contract("ij->i", x, x) },
		"index z of the result": func(p *Program, x Value) { p.Contract("if,jf->iz", x, x) },
		"has size 3 here":       func(p *Program, x Value) { p.Input("y", row("d", 3), 2, true) },
		"0 bits":                func(p *Program, x Value) { p.Input("y", row("d", 2), 0, true) },
		"element 9 of": func(p *Program,
			x Value,
		) {
			p.Gather(x, row("d", 2), "out", func(int) int { return 9 })
		},
		"two outputs": func(p *Program, x Value) { p.Output("x", x); p.Output("x", x) },
		"is empty":    func(p *Program, x Value) { p.Quotient(x, p.Affine(1, x, 100), Range{1, 0}) },
	} {
		p := New("bad")
		x := p.Input("x", Shape{NewDim("n", 2), NewDim("d", 2)}, 4, true)
		p.Begin("outer")
		p.Begin("inner")
		build(p, x)
		p.End()
		p.End()
		err := p.Err()
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "outer/inner") {
			t.Errorf("error %v; want one with %q and the stage", err, name)
		}
		if _, err := p.Reference(make([]int64, 4)); err == nil {
			t.Errorf("%q: a broken program was computed", name)
		}
	}
}

func TestReferenceRefusesBadInput(t *testing.T) {
	p := New("input")
	p.Output("x", p.Input("x", row("n", 2), 3, true))
	p.Output("t", p.Tokens("t", nil, NewDim("v", 3)))
	for _, test := range []struct {
		in   []int64
		want string
	}{
		{[]int64{0, 0}, "2 integers for 3 ports"},
		{[]int64{0, 4, 0}, "x[1]"},
		{[]int64{0, 0, 3}, "t"},
		{[]int64{0, 0, -1}, "t"},
	} {
		_, err := p.Reference(test.in)
		var bad *InputError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("Reference(%v): error %v, want one with %q", test.in, err, test.want)
		}
	}
}
