package compile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/room"
)

// Family is a family of programs, one for each setting of its parameters.
type Family struct {
	Name   string
	Doc    string // one line
	Depth  string // depth under the min-depth strategy, as lists print it
	Params []Param
	// Steps is the parameter that counts the steps of an iterated model. Stage is the name of
	// the stages of these steps: "step 1" and so on. Both are "" for a model with one pass.
	Steps, Stage string

	block func(Args) (block, error)
}

// block is what a family makes of its parameters.
type block struct {
	program maker
	real    func(in []int64) []float64 // see Instance.Real
	steps   maker                      // the program for every number of steps; nil if there is none
	check   func(n int) error          // whether sizes are those of a member
}

// maker makes the program of a block for a dimension n. An open n makes the program for every
// n. It also returns the real value of one unit of the outputs.
type maker func(n program.Dim) (*program.Program, float64, error)

// model is what every block can do.
type model[B any] interface {
	defaults() B                                             // the block with what its zero values mean
	check(n int) error                                       // of the sizes
	build(n program.Dim) (p *program.Program, scale float64) // see maker
}

// made is the maker of a block.
func made[B model[B]](b B, n program.Dim) (p *program.Program, scale float64, err error) {
	defer room.Catch(&err)
	if c, ok := any(&b).(interface{ count() }); ok && n.Open() {
		c.count()
	}
	b = b.defaults()
	if err := b.check(n.OrOne()); err != nil {
		return nil, 0, err
	}
	p, scale = b.build(n)
	return p, scale, p.Err()
}

// sized returns the program of a block for n.
func sized[B model[B]](b B, n int) (*program.Program, error) {
	p, _, err := made(b, program.MemberDim("n", n))
	return p, err
}

// opened returns the program of a block for every n.
func opened[B model[B]](b B) (*program.Program, error) {
	p, _, err := made(b, program.OpenDim("n"))
	return p, err
}

// blockOf returns a block for its family.
func blockOf[B model[B]](b B, real func(in []int64) []float64) block {
	return block{
		program: func(n program.Dim) (*program.Program, float64, error) { return made(b, n) }, real: real,
		check: func(n int) error { return b.defaults().check(n) },
	}
}

// inSteps adds the program for every number of steps to a block.
func inSteps[B model[B]](b block, every B) block {
	b.steps = func(n program.Dim) (*program.Program, float64, error) { return made(every, n) }
	return b
}

// unrolled is the part of a block in steps that may leave their number open.
type unrolled struct{ open bool }

// count is the number of steps, as it was given or left open.
func (u unrolled) count(given int) program.Count {
	if u.open {
		return program.OpenCount()
	}
	return program.CountOf(given)
}

// symbol is count as a formula.
func (u unrolled) symbol(given int) poly.Poly {
	if u.open {
		return poly.Symbol(program.OpenCount().String())
	}
	return poly.Int(int64(given))
}

// inputs returns the inputs of steps. Those of a given number of steps come at the beginning. If the number
// is open, each step makes its own.
func (u unrolled) inputs(given int, make func(t fmt.Stringer) program.Value) func(t program.Turn) program.Value {
	if u.open {
		return func(t program.Turn) program.Value { return make(t) }
	}
	var all []program.Value
	for k := range given {
		all = append(all, make(program.CountOf(k+1)))
	}
	return func(t program.Turn) program.Value { return all[t.Number()] }
}

// realBlock is blockOf for a block whose inputs are numbers of some bits, see unitOf.
func realBlock[B interface {
	model[B]
	Real(x []float64) []float64
}](b B, bits int) block {
	return blockOf(b, func(in []int64) []float64 { return b.Real(scaled(in, unitOf(bits))) })
}

// Instance is one member of a family: a program, and the real function that it stands for.
type Instance struct {
	Program *program.Program
	// Real computes the outputs in real numbers, without the program, from the integers on the
	// input ports. It returns one number for each output port.
	Real func(in []int64) []float64
	// Scale is the real value of one unit on an output port.
	Scale float64
}

// families are all families, in alphabetical order. The file of a family has its entry.
var families = inOrder(
	attentionFamily, chainOfThoughtFamily, denoiserFamily, diffusionFamily, gluFamily, layerFamily, loopedFamily,
	mambaFamily, mlpFamily,
	normFamily("layernorm", "layer norm with gain and bias", true), normFamily("rmsnorm", "RMS norm with gain", false),
	recurrentFamily(Elman, "Elman network over n steps, unrolled or as a tree",
		"n, or as a tree at most ⌈log₂ n⌉ + 2"),
	recurrentFamily(GRU, "gated recurrent unit, over n steps, unrolled or as a tree",
		"3·n, or as a tree at most ⌈log₂ n⌉ + 4"),
	recurrentFamily(LSTM, "long short-term memory, over n steps, unrolled or as a tree",
		"4·n, or as a tree at most ⌈log₂ n⌉ + 5"),
	s4Family, ssmFamily, transformerFamily,
)

// inOrder sorts families, and adds the parameters that all families have.
func inOrder(all ...Family) []Family {
	for i := range all {
		all[i].Params = slices.Concat(all[i].Params, common)
	}
	slices.SortFunc(all, func(a, b Family) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// Families returns all families, in alphabetical order.
func Families() []Family { return slices.Clone(families) }

// FindFamily returns the family of the given name.
// The error is a [*gates.UnknownError].
func FindFamily(name string) (Family, error) {
	return gates.Find("family", name, families, func(f Family) string { return f.Name })
}

// without returns the parameters of the family except some. Another family that is made from
// this one does not have these, or has its own.
func (f Family) without(names ...string) []Param {
	return slices.DeleteFunc(slices.Clone(f.Params), func(p Param) bool { return slices.Contains(names, p.Name) })
}

// FamilyFunc is a family of programs that one function of the dimension n gives. A dimension
// with a size makes a member. An open dimension makes the program for every n.
type FamilyFunc func(n program.Dim) (*program.Program, error)

// Program returns the member for n.
func (f FamilyFunc) Program(n int) (*program.Program, error) { return f(program.MemberDim("n", n)) }

// OpenProgram returns the program for every n.
// Errors: a [*program.OpenSizeError] if the function asks for the size.
func (f FamilyFunc) OpenProgram() (*program.Program, error) {
	return program.BuildOpen(func() (*program.Program, error) { return f(program.OpenDim("n")) })
}
