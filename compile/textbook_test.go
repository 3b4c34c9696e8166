package compile

import (
	"math"
	"slices"
	"testing"

	"github.com/tc0lab/tc0/compile/internal/lowertest"
	"github.com/tc0lab/tc0/compile/program"
)

// instance returns a member of a family.
func instance(t testing.TB, text string) *Instance {
	t.Helper()
	spec, err := ParseSpec(text)
	if err != nil {
		t.Fatal(err)
	}
	i, err := spec.Instance()
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// exactly compares a family's member with the reference in every strategy, on every
// input if they are few and else on samples.
func exactly(t *testing.T, spec string) {
	t.Helper()
	p := instance(t, spec).Program
	inputs := 1.0
	for _, port := range p.Inputs() {
		inputs *= float64(port.Bounds.Hi-port.Bounds.Lo) + 1
	}
	for _, s := range lowertest.Strategies {
		c := lowertest.Circuit(t, p, s)
		if inputs <= 1<<14 {
			lowertest.Exhaust(p, func(in []int64) { lowertest.Compare(t, p, c, in) })
		} else {
			lowertest.Sample(p, 200, func(in []int64) { lowertest.Compare(t, p, c, in) })
		}
	}
}

// realErrors calls f with the error of each output against the textbook formula, in units
// of output, and with the output, on sampled inputs.
func realErrors(t *testing.T, samples int, spec string, f func(e float64, out int64)) {
	t.Helper()
	i := instance(t, spec)
	lowertest.Sample(i.Program, samples, func(in []int64) {
		out, err := i.Program.Reference(in)
		if err != nil {
			t.Fatal(err)
		}
		for k, want := range i.Real(in) {
			f(math.Abs(float64(out[k])-want/i.Scale), out[k])
		}
	})
}

// nearTextbook requires the reference to be within a bound of the textbook formula, in
// units of output, and away from it by at least some, so that the comparison means
// something.
func nearTextbook(t *testing.T, samples int, spec string, least, bound float64) {
	t.Helper()
	worst := 0.0
	levels := map[int64]bool{}
	realErrors(t, samples, spec, func(e float64, out int64) {
		worst = max(worst, e)
		levels[out] = true
	})
	t.Logf("%s: the greatest error is %.3f units over %d levels, bound %.3f", spec, worst, len(levels), bound)
	if worst > bound+1e-9 || worst < least {
		t.Errorf("%s: the greatest error is %.3f units, not in %.3f..%.3f", spec, worst, least, bound)
	}
	if len(levels) < 4 {
		t.Errorf("%s: the outputs take only the values %v", spec, levels)
	}
}

// The slopes that Press, Smith and Lewis (2022) print for 8 heads, and those of their code for 6.
func TestSlopesOfALiBi(t *testing.T) {
	for heads, want := range map[int][]float64{
		1: {1. / 256}, 2: {1. / 16, 1. / 256}, 6: {0.25, 0.0625, 1. / 64, 1. / 256, 0.5, 0.125},
		8: {1. / 2, 1. / 4, 1. / 8, 1. / 16, 1. / 32, 1. / 64, 1. / 128, 1. / 256},
	} {
		if got := ALiBiSlopes(heads); !slices.Equal(got, want) {
			t.Errorf("%d heads: %v, want %v", heads, got, want)
		}
	}
}

// A turn in integers is the turn in real numbers, for pairs of halves and interleaved ones, of all features and of
// some.
func TestTurnsInIntegers(t *testing.T) {
	const n, e, bits = 3, 6, 12
	for _, r := range []Rotation{
		{Frequencies: Frequencies(6, 100)},
		{Frequencies: Frequencies(4, 100)},
		{Frequencies: Frequencies(4, 9), Interleaved: true},
		{Frequencies: Frequencies(6, 9), Interleaved: true},
	} {
		p := program.New("turn")
		x := p.Input("x", program.Shape{program.NewDim("n", n), program.NewDim("h", 1), program.NewDim("e", e)}, 5, true)
		p.Output("y", Rotary(p, x, r, bits))
		in, want := make([]int64, n*e), []float64(nil)
		for i := range in {
			in[i] = int64(i*7%31 - 15)
		}
		for pos := range n {
			row := make([]float64, e)
			for f := range row {
				row[f] = float64(in[pos*e+f])
			}
			want = append(want, Rotate(row, pos, r)...)
		}
		got, err := p.Reference(in)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range got {
			if math.Abs(math.Ldexp(float64(v), -bits)-want[i]) > 0.01 {
				t.Errorf("%+v: feature %d is %d, want %g·2^%d", r, i, v, want[i], bits)
			}
		}
	}
	p := program.New("turn")
	x := p.Input("x", program.Shape{program.NewDim("n", 1), program.NewDim("h", 1), program.NewDim("e", 4)}, 5, true)
	Rotary(p, x, Rotation{Frequencies: Frequencies(6, 9)}, bits)
	if p.Err() == nil {
		t.Error("3 pairs of 4 features turn")
	}
}
