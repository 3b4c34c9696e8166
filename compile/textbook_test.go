package compile

import (
	"math"
	"testing"

	"github.com/tc0lab/tc0/compile/internal/lowertest"
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
