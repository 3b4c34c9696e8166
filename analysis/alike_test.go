package analysis_test

import (
	"testing"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// everyStrategy is every choice of the parts of a strategy.
func everyStrategy() []lower.Strategy {
	var all []lower.Strategy
	for k := range 16 {
		all = append(all, lower.Strategy{Absorb: k&1 > 0, Binary: k&2 > 0, Select: k&4 > 0, Digits: k >> 3 * 2})
	}
	return all
}

// TestProgramsThatLookAlikeKeepToTheirProofs has programs in which one thing is easily taken for another, or in
// which a member knows more than the program for every n.
func TestProgramsThatLookAlikeKeepToTheirProofs(t *testing.T) {
	for _, test := range []oddProgram{
		{"rows in order from n = 9 on", oddFamily(orderedLate), []int{1, 2, 8, 9, 12}, nil, proved},
		{"rows in order in a scan", oddFamily(orderedInScan), []int{3, 6, 7, 12}, nil, proved},
		{"a position read by a scan", oddFamily(readByScan), []int{1, 2, 3, 6}, nil, proved},
		{"a state of which half is read at last", oddFamily(halfAtLast), []int{1, 2, 3, 6, 8}, nil, proved},
		{"pairs before and after", oddFamily(bothTriangles), []int{1, 2, 3, 8}, nil, proved},
		{"picked by other letters", oddFamily(otherLetters), []int{1, 7, 8, 9, 40, 100}, nil, proved},
		{"the sign of a code", oddFamily(signOfCode), []int{1, 2, 3, 6}, nil, proved},
		{"a literal that is constant", oddFamily(constantLiteral), []int{1, 2, 3}, nil, proved},
		{"2·n copies", oddFamily(twiceAsManyCopies), []int{1, 2, 5}, nil, refused},
		{"a scan of 4", oddFamily(scanOfFour), []int{1, 2, 5}, nil, proved},
		{"a scan of 4 before a scan", oddFamily(scanBeforeScan), []int{1, 2, 5}, nil, refused},
		{"a scan of 4 in a scan", oddFamily(scanInScan), []int{1, 2, 5}, nil, proved},
		{"a jump beyond 64 bits at some n", oddFamily(jumpTooFar), []int{3, 12}, nil, refused},
		{"a number for a name", oddFamily(numberForName), []int{1, 4, 9}, nil, proved},
		{"a turned column", oddFamily(turnedColumn), []int{3, 4, 9, 20}, nil, proved},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, s := range everyStrategy() {
				keepsTo(t, test.name, "", test.family, s, test.may, test.ns...)
			}
		})
	}
}

var (
	two        = program.NewDim("d", 2)
	candidates = program.NewDim("v", 3)
)

// inOrderFrom gathers rows in order if n is so great, else from behind.
func inOrderFrom(p *program.Program, x program.Value, n program.Dim, least int) program.Value {
	return p.Gather(x, program.Shape{n, candidates}, "rows", func(i int) int {
		if n.Size() < least {
			return 3*n.Size() - 1 - i
		}
		return i
	})
}

// orderedLate has marks that are seen to be one-hot at some n.
func orderedLate(p *program.Program, n program.Dim) {
	x := p.Tokens("x", program.Shape{n}, candidates)
	z := p.Input("z", program.Shape{candidates, two}, 2, false)
	p.Output("y", p.Contract("iv,vd->id", inOrderFrom(p, x, n, 9), z))
}

func orderedInScan(p *program.Program, n program.Dim) {
	x := p.Tokens("x", program.Shape{n}, candidates)
	z, h := p.Input("z", program.Shape{n, two}, 2, false), p.Input("h", program.Shape{candidates, two}, 2, false)
	out := p.Scan("step", z, []program.Value{h}, func(z program.Value, s []program.Value) []program.Value {
		picked := p.Last(p.Contract("iv,vd->id", inOrderFrom(p, x, n, 7), s[0]), candidates)
		return []program.Value{p.Step(p.Add(picked, z), rounded(1, 0, 3))}
	})
	p.Output("y", out[0])
}

// recurrence is h ← round((h + x + more)/2) over the elements of x.
func recurrence(p *program.Program, name string, x, h program.Value, more ...program.Value) program.Value {
	return p.Scan(name, x, []program.Value{h}, func(x program.Value, s []program.Value) []program.Value {
		sum := p.Add(s[0], x)
		for _, v := range more {
			sum = p.Add(sum, p.Select(v, 1))
		}
		return []program.Value{p.Step(sum, rounded(2, 0, 3))}
	})[0]
}

// readByScan reads position 1 in each copy, also if there is none.
func readByScan(p *program.Program, n program.Dim) {
	x, y := p.Input("x", program.Shape{n, two}, 2, false), p.Input("y", program.Shape{n, two}, 2, false)
	p.Output("y", recurrence(p, "step", x, p.Input("h", program.Shape{two}, 2, false), y))
}

// halfAtLast has copies that read all of the state that the copy before left. What comes after reads half of it.
func halfAtLast(p *program.Program, n program.Dim) {
	m := n.Renamed("m")
	x, h := p.Input("x", program.Shape{n, m}, 1, false), p.Input("h", program.Shape{n, m}, 1, false)
	out := p.Scan("step", x, []program.Value{h}, func(x program.Value, s []program.Value) []program.Value {
		row := p.Broadcast(p.Reduce(s[0], "m"), m)
		return []program.Value{p.Step(p.Add(row, p.Add(s[0], x)), rounded(2, 0, 1))}
	})
	p.Output("y", p.Reduce(p.CausalMask(out[0], 0, 1, 0), "m"))
}

// bothTriangles multiplies the pairs i ≥ j, and those with j ≥ i.
func bothTriangles(p *program.Program, n program.Dim) {
	m := n.Renamed("m")
	x, y := p.Input("x", program.Shape{n, two}, 2, false), p.Input("y", program.Shape{m, two}, 2, false)
	for _, spec := range []string{"if,jf->ij", "if,jf->ji"} {
		pairs := p.CausalMask(p.Contract(spec, x, y), 0, 1, 0)
		p.Output(spec[7:], p.Step(p.Reduce(pairs, "m"), rounded(2, 0, 3)))
	}
}

// otherLetters picks the same elements twice. The letter of the positions is then that of the candidates.
func otherLetters(p *program.Program, n program.Dim) {
	v, d := program.NewDim("v", 8), program.NewDim("d", 1)
	x, z := p.Tokens("x", program.Shape{n}, v), p.Input("z", program.Shape{v, d}, 1, false)
	first, again := p.Contract("iv,vd->id", x, z), p.Contract("vi,id->vd", x, z)
	p.Output("first", p.Step(p.Reduce(first, n.Name), level(1)))
	p.Output("again", again)
	product := p.Contract("ad,d->ad", again, p.Input("w", program.Shape{d}, 1, false))
	p.Output("product", p.Step(p.Reduce(product, n.Name), rounded(1, 0, 2)))
}

// rounds makes a value with d features, one level above x. Its thresholds are heavy.
func rounds(p *program.Program, x program.Value, unit int64) program.Value {
	w := program.NewMatrix(2, 2, func(i, j int) int64 { return int64(1 + i + j) })
	return p.Step(p.Linear(x, w, nil, "d"), rounded(unit, 0, 7))
}

// signOfCode has a quotient of which one level is a literal of its numerator.
func signOfCode(p *program.Program, n program.Dim) {
	x, y := p.Input("x", program.Shape{n, two}, 3, true), p.Input("y", program.Shape{n, two}, 3, false)
	radicand := p.Affine(1, p.Reduce(p.Step(y, rounded(2, 0, 1)), "d"), 1)
	q := p.RootQuotient(p.Step(x, rounded(2, -1, 1)), radicand, 1, nil, program.Range{Lo: -1, Hi: 1})
	heavy := p.Add(rounds(p, y, 3), p.Affine(5, p.Step(y, rounded(1, 0, 7)), 0))
	p.Output("y", p.Elementwise(q, p.Step(heavy, rounded(9, 0, 3))))
}

// constantLiteral compares a code in one feature with numbers that only another feature has.
func constantLiteral(p *program.Program, n program.Dim) {
	in := func(name string) program.Value { return p.Input(name, program.Shape{n, two}, 3, false) }
	scaled := p.Contract("if,f->if", rounds(p, rounds(p, in("x"), 3), 5), p.Const(program.Shape{two}, []int64{1, -5}))
	k := p.Step(scaled, program.Staircase{At: []int64{-9, -5, 1, 3}, Jump: []int64{1, 1, 1, 1}})
	product := p.Elementwise(p.Step(in("w"), rounded(1, 0, 3)), p.Step(in("z"), rounded(1, 0, 3)))
	p.Output("y", p.Elementwise(p.Elementwise(k, rounds(p, rounds(p, in("y"), 3), 5)), product))
}

func twiceAsManyCopies(p *program.Program, n program.Dim) {
	x := p.Input("x", program.Shape{n.Times(2).Renamed("l"), two}, 2, false)
	p.Output("y", recurrence(p, "step", x, p.Input("h", program.Shape{two}, 2, false)))
}

func scanOfFour(p *program.Program, n program.Dim) {
	x := p.Input("x", program.Shape{program.NewDim("four", 4), n}, 2, false)
	p.Output("y", recurrence(p, "four", x, p.Input("h", program.Shape{n}, 2, false)))
}

func scanBeforeScan(p *program.Program, n program.Dim) {
	x := p.Input("x", program.Shape{program.NewDim("four", 4), two}, 2, false)
	z := p.Input("z", program.Shape{n, two}, 2, false)
	first := recurrence(p, "four", x, p.Input("h", program.Shape{two}, 2, false))
	p.Output("y", recurrence(p, "step", z, first))
}

func scanInScan(p *program.Program, n program.Dim) {
	x := p.Input("x", program.Shape{n, program.NewDim("four", 4), two}, 2, false)
	h := p.Input("h", program.Shape{two}, 2, false)
	out := p.Scan("step", x, []program.Value{h}, func(x program.Value, s []program.Value) []program.Value {
		return []program.Value{recurrence(p, "four", x, s[0])}
	})
	p.Output("y", out[0])
}

// turnedColumn has a column with numbers of its own in one feature, as a row without that axis. At each n the sizes
// are those of another arrangement.
func turnedColumn(p *program.Program, n program.Dim) {
	x := p.Input("x", program.Shape{n, two}, 2, false)
	w := &program.Matrix{Rows: 1, Columns: 2, Data: []int64{1, 2}}
	row := p.Reshape(p.Transpose(p.Linear(x, w, nil, "one"), 1, 0), program.Shape{n.Renamed("m")}, "row")
	scores := p.Input("s", program.Shape{n, n.Renamed("m")}, 2, false)
	picked := p.Contract("ij,j->i", p.ArgMax(scores, nil), row)
	p.Output("y", p.Step(picked, rounded(1, 0, 9)))
}

// jumpTooFar rounds a sum. From some n on it leaves 64 bits, where levels of the rounding are left out.
func jumpTooFar(p *program.Program, n program.Dim) {
	x := p.Input("x", program.Shape{n, two}, 61, true)
	p.Output("y", p.Step(p.Reduce(x, n.Name), rounded(1<<60, -20, 20)))
}

// numberForName has dimensions that are named as numbers and powers are.
func numberForName(p *program.Program, n program.Dim) {
	x := p.Input("x", program.Shape{n, program.NewDim("7", 2), program.NewDim("n²", 3)}, 2, false)
	p.Output("y", p.Step(p.Reduce(x, "7"), rounded(2, 0, 1)))
}
