package program

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile/poly"
)

// everyOperation returns a program of all operations, in which nothing is amiss.
func everyOperation() *Program {
	p := New("every operation")
	n, d := NewDim("n", 2), NewDim("d", 3)
	p.Begin("numbers")
	x := p.Input("x", Shape{n, d}, 3, true)
	k := p.Tokens("k", Shape{n}, NewDim("v", 3))
	c := p.Const(Shape{d}, []int64{1, -2, 3})
	m := NewMatrix(3, 3, func(i, j int) int64 { return int64(i - j) })
	l := p.Linear(x, m, []int64{1, 2, 3}, "d")
	a := p.Add(l, c)
	f := p.Affine(-2, a, 1)
	r := p.Reduce(x, "d")
	t := p.Transpose(x, 1, 0)
	h := p.Gather(k, k.Shape(), "swap", func(i int) int { return (i + 3) % 6 })
	s := p.Transpose(p.Add(t, t), 1, 0)
	q := p.CausalMask(p.Contract("if,jf->ij", x, p.Reshape(x, Shape{n.Renamed("m"), d}, "copy")), 0, 1, -5)
	p.End()
	w := p.Window(r, "s")
	st := p.Step(f, Round(3, Range{-2, 2}))
	lo := p.Lookup(r, NewMatrix(2, 2, func(i, j int) int64 { return int64(3*i + j) }), "e")
	den := p.Step(r, Round(2, Range{1, 4}))
	quo := p.Quotient(x, den, Range{-2, 2})
	root := p.RootQuotient(x, den, 2, []int64{0, 1, -1}, Range{-3, 3})
	ms := p.CausalMaxStep(q, Staircase{At: []int64{-1, 0}, Jump: []int64{1, 2}}, 0, 1)
	am := p.ArgMax(x, nil)
	cv := p.Convolve(x, [][]int64{{1, 2}, {3}, {4, -5}})
	hot := p.AsOneHot(p.Affine(1, p.Reshape(k, k.Shape(), "copy"), 0))
	state := p.Repeat("step", 2, []Value{st}, func(t int, v []Value) []Value {
		return []Value{p.Step(p.Add(v[0], v[0]), Round(2, Range{-2, 2}))}
	})
	for i, v := range append(state, h, s, w, lo, quo, root, ms, am, cv, hot) {
		p.Output(fmt.Sprint("y", i), v)
	}
	return p
}

func TestCheckFindsEachFault(t *testing.T) {
	if err := everyOperation().Check(); err != nil {
		t.Fatal(err)
	}
	some := poly.Int(1)
	for want, spoil := range map[string]func(p *Program, of map[Op]*Node){
		"%0, Input in stage \"numbers\": range -4..4": func(_ *Program, of map[Op]*Node) { of[OpInput].Bounds.Hi++ },
		"Tokens in stage \"numbers\": one-hot is": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpTokens].OneHot = false
		},
		"Const in stage \"numbers\": 4 numbers": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpConst].Data = make([]int64, 4)
		},
		"Linear in stage \"numbers\": a 3×1 matrix": func(_ *Program, of map[Op]*Node) {
			of[OpLinear].Matrix = NewMatrix(3, 1, func(i, j int) int64 { return 1 })
		},
		"Linear in stage \"numbers\": the matrix or the bias": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpLinear].Bias = []int64{1}
		},
		"Add in stage \"numbers\": argument %9": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpAdd].Args = []int{0, 9}
		},
		"Add in stage \"numbers\": 1 arguments": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpAdd].Args = []int{0}
		},
		"Affine in stage \"numbers\": range": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpAffine].Scale = 7
		},
		"Affine in stage \"numbers\": its number": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpAffine].ID = 77
		},
		"Reduce in stage \"numbers\": shape": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpReduce].Axis = 0
		},
		"Gather in stage \"numbers\": element 2: index": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpGather].Index[2]++
		},
		"Gather in stage \"numbers\": element 5 is element 6": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpGather].Index[5] = 6
		},
		"Mask in stage \"numbers\": its mask is not causal": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpMask].Keep[1] = true
		},
		"Window in stage \"\": range": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpWindow].Bounds.Lo--
		},
		"Step in stage \"\": a staircase with 1": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpStep].Steps.At = []int64{1}
		},
		"Step in stage \"\": 1 literals declared for 4": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpStep].Count = &some
		},
		"Lookup in stage \"\": range": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpLookup].Table.Data[0] = 99
		},
		"Contract in stage \"numbers\": \"if,jf->ji\" goes over": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpContract].Einsum.Spec = "if,jf->ji"
		},
		"Quotient in stage \"\": range": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpQuotient].Bounds.Lo = -99
		},
		"RootQuotient in stage \"\": unit 0": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpRootQuotient].Unit = 0
		},
		"MaxStep in stage \"\": its mask": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpMaxStep].Causal = &CausalAxes{First: 1}
		},
		"ArgMax in stage \"\": one-hot with": func(_ *Program,
			of map[Op]*Node,
		) {
			of[OpArgMax].Bounds.Hi = 2
		},
		"dimension d=3 is kept with size 4": func(p *Program, _ map[Op]*Node) { p.dims["d"] = 4 },
		"the inputs are [{x 0} {k 1}]": func(p *Program,
			_ map[Op]*Node,
		) {
			p.inputs = p.inputs[:1]
		},
		"output \"y0\" is %99": func(p *Program,
			_ map[Op]*Node,
		) {
			p.outputs[0].Value = 99
		},
		"open is true": func(p *Program, _ map[Op]*Node) { p.open = true },
		"is in repeat": func(p *Program,
			_ map[Op]*Node,
		) {
			p.repeats[0].First--
		},
		"is out of order": func(p *Program,
			_ map[Op]*Node,
		) {
			p.repeats[0].End = 99
		},
		"constant 0 of its kernel": func(p *Program, _ map[Op]*Node) {
			for i := range p.nodes {
				if p.nodes[i].Kernel != nil {
					p.nodes[i].Kernel[0][0]++
				}
			}
		},
		"is declared, and": func(p *Program, _ map[Op]*Node) {
			for i := range p.nodes {
				if p.nodes[i].Given {
					p.nodes[i].OneHot, p.nodes[i].Bounds = false, Range{5, 6}
				}
			}
		},
	} {
		p := everyOperation()
		of := map[Op]*Node{}
		for i := len(p.nodes) - 1; i >= 0; i-- {
			of[p.nodes[i].Op] = &p.nodes[i]
		}
		spoil(p, of)
		if err := p.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v; want one with %q", err, want)
		}
	}
}

// Every operation has all that the table says of operations.
func TestTableOfOperationsIsComplete(t *testing.T) {
	p := everyOperation()
	if err := p.Err(); err != nil {
		t.Fatal(err)
	}
	made := map[Op]bool{}
	for i := range p.nodes {
		made[p.nodes[i].Op] = true
	}
	names := map[string]Op{}
	for o := range numOps {
		f := operations[o]
		if f.name == "" || f.arity < 0 || f.arity > 2 || f.derive == nil ||
			f.terms == nil && (f.arity > 0 || f.run == nil) {
			t.Errorf("operation %d, %q, is not complete: %+v", o, f.name, f)
		}
		if other, ok := names[f.name]; ok {
			t.Errorf("operations %d and %d are both named %q", o, other, f.name)
		}
		names[f.name] = o
		if !made[o] {
			t.Errorf("the program of every operation has no %v", o)
		}
	}
	if text := numOps.String(); text != fmt.Sprintf("Op(%d)", numOps) {
		t.Errorf("an unknown operation is %q", text)
	}
}

// Literals that are declared are no fewer than there are, in an open program, too.
func TestDeclaredLiteralsHaveValues(t *testing.T) {
	p := New("bits")
	x := p.Input("x", nil, 3, true)
	p.Literals(x, p.Symbol("p", 3))
	if v, ok := p.node(x).Count.At(p.Symbols()); !ok || v.Cmp(big.NewInt(3)) != 0 {
		t.Errorf("%v literals declared", v)
	}
	p.Literals(x, p.Symbol("q", 4))
	if p.Err() == nil {
		t.Error("4 literals of 3 bits were accepted")
	}
}
