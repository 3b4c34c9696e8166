package compile_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// steppedSpecs are the families that can leave the number of their steps open.
var steppedSpecs = []string{
	"diffusion", "diffusion:d=3,bits=2,noise_bits=2", "diffusion:kind=ddim", "diffusion:kind=masked",
	"diffusion:kind=masked,vocab=2,bits=2", "denoiser", "denoiser:hidden=3", "looped", "looped:norm=layer,heads=2,d=4",
	"looped:kind=unique-hard", "cot", "cot:layers=2,norm=layer,vocab=3",
}

// The program for every number of steps T is the one for T steps: its first copies, the last ones of them again and
// again, and the last step. All that lowering can ask of the list of operations is the same.
func TestStepsAreTheCopies(t *testing.T) {
	for _, text := range steppedSpecs {
		spec := parsed(t, text)
		every, err := spec.OpenSteps()
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if err := every.Check(); err != nil {
			t.Error(err)
		}
		least := 1
		for _, r := range every.Repeats() {
			if r.Open {
				least += r.Before
			}
		}
		for steps := least; steps < least+5; steps++ {
			one, err := spec.With("steps", steps).OpenProgram()
			if err != nil {
				t.Fatal(err)
			}
			want, got := operations(one), copied(t, every, steps)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, T = %d: what is for this T (-) and for every T (+):\n%s", text, steps, diff)
			}
		}
	}
}

// operations lists the operations of a program, inputs apart: an input is written where it is read.
func operations(p *program.Program) []string {
	l := newList(p)
	for id := range p.Nodes() {
		l.add(id, nil)
	}
	for _, o := range p.Results() {
		l.output(o, l.names[o.Value])
	}
	return l.lines
}

// copied lists the operations of so many steps of a program for every number of steps.
func copied(t *testing.T, p *program.Program, steps int) []string {
	t.Helper()
	r := p.Repeats()[len(p.Repeats())-1]
	if !r.Open || r.Symbol != "T" {
		t.Fatalf("%s: repeats %+v", p.Name(), p.Repeats())
	}
	first, each, ok := r.Copies(p)
	if !ok {
		t.Fatalf("%s: copies differ", p.Name())
	}
	l := newList(p)
	for id := range r.First {
		l.add(id, nil)
	}
	// The states before each copy: one further back is read by what stands for more.
	states := [][]string{l.named(r.States[0], nil)}
	if steps -= r.Before; r.Last > 0 {
		steps--
	}
	for k := range steps {
		at := k
		if k >= r.Count {
			at = r.Count - r.Period + (k-r.Count)%r.Period
		}
		in := map[int]string{}
		for i, id := range r.States[at] {
			in[id] = states[k][i]
		}
		for id := first[at]; id < first[at]+each; id++ {
			for _, s := range p.Stands() {
				if id == s.Older {
					for back := range k {
						l.older(s, r.States[at], states[back], back == 0)
					}
					l.sums = k > 0
				}
				if id == s.Newer {
					l.sums = false
				}
			}
			l.add(id, in)
		}
		states = append(states, l.named(r.States[at+1], in))
	}
	out := map[int]string{}
	for i, id := range r.States[r.Count] {
		out[id] = states[steps][i]
	}
	for id := r.End; id < len(p.Nodes()); id++ {
		l.add(id, out)
	}
	for _, o := range p.Results() {
		name, ok := out[o.Value]
		if !ok {
			name = l.names[o.Value]
		}
		l.output(o, name)
	}
	return l.lines
}

// output lists an output. Thoughts are outputs of their steps.
func (l *list) output(o program.Result, name string) {
	if !strings.HasPrefix(o.Name, "thought") {
		l.lines = append(l.lines, o.Name+" = "+name)
	}
}

// named returns the names of values, some of which are given.
func (l *list) named(ids []int, given map[int]string) (names []string) {
	for _, id := range ids {
		name, ok := given[id]
		if !ok {
			name = l.names[id]
		}
		names = append(names, name)
	}
	return names
}

// older lists the operations that stand for more, on an older state.
func (l *list) older(s program.Stand, ids []int, state []string, first bool) {
	in := map[int]string{}
	for i, id := range ids {
		in[id] = state[i]
	}
	l.sums = !first
	for id := s.Older; id < s.Newer; id++ {
		l.add(id, in)
	}
}

// list is a list of operations with numbers of its own.
type list struct {
	p     *program.Program
	names []string // by operation
	lines []string
	sums  bool // an Add goes on from what it was before

	multiplied []bool
}

func newList(p *program.Program) *list {
	return &list{p: p, names: make([]string, len(p.Nodes())), multiplied: lower.Multiplied(p)}
}

// add adds an operation. The names of its arguments may be given.
func (l *list) add(id int, given map[int]string) {
	n := &l.p.Nodes()[id]
	if n.Op == program.OpInput || n.Op == program.OpTokens {
		l.names[id] = fmt.Sprintf("%v %v of %d bits %v", n.Op, n.Shape, n.Bits, n.Signed)
		if !strings.HasPrefix(n.Name, "noise") && !strings.HasPrefix(n.Name, "open") {
			l.names[id] += " " + n.Name
		}
		return
	}
	args := l.named(n.Args, given)
	if n.Op == program.OpAdd && l.sums {
		args[0] = l.names[id]
	}
	einsum, bias := "", n.Op == program.OpLinear && (n.Func || n.Bias != nil)
	if n.Einsum != nil {
		einsum = fmt.Sprint(*n.Einsum)
	}
	coded := n.Op == program.OpStep || n.Op == program.OpQuotient || n.Op == program.OpRootQuotient
	// A factor is not listed: nothing that lowering makes depends on it.
	l.lines = append(l.lines, fmt.Sprint(n.Op, n.Shape, args, n.OneHot, einsum, bias, n.Offset != 0, n.Axis, n.Index,
		n.Layout, n.Steps, n.Table, n.Keep, n.Causal, n.Unit, n.Asked, n.Even, n.Kernel, n.Data,
		coded && l.multiplied[id]))
	l.names[id] = fmt.Sprint("%", len(l.lines))
}

// What depends on the number of a step may not be asked for when that is open.
func TestOpenStepsHaveNoNumber(t *testing.T) {
	ask := map[string]func(t program.Turn){
		"the number of a step":    func(t program.Turn) { t.Number() },
		"the number of all steps": func(program.Turn) { program.OpenCount().Number() },
	}
	for what, of := range ask {
		_, err := program.BuildOpen(func() (*program.Program, error) {
			p := program.New("asks")
			x := p.Input("x", program.Shape{program.OpenDim("n")}, 2, false)
			p.Output("y", p.Steps("step", program.OpenCount(), false, x, func(t program.Turn, x program.Value) program.Value {
				of(t)
				return x
			}))
			return p, p.Err()
		})
		if size := new(program.OpenSizeError); !errors.As(err, &size) || size.Dim != "T" {
			t.Errorf("%s: %v", what, err)
		}
	}
	p := program.New("one size")
	x := p.Input("x", nil, 2, false)
	p.Steps("step", program.OpenCount(), false, x, func(_ program.Turn, x program.Value) program.Value { return x })
	if p.Err() == nil {
		t.Error("a program of one size has an open number of steps")
	}
	if _, err := parsed(t, "rnn").OpenSteps(); err == nil || !strings.Contains(err.Error(), "cannot be left open") {
		t.Errorf("rnn: %v", err)
	}
}

func parsed(t *testing.T, text string) compile.Spec {
	t.Helper()
	s, err := compile.ParseSpec(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
