package analysis_test

import (
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/gates"
)

// The theorem about diffusion models is cited with its hypotheses, of families that keep to
// them. The n of a denoiser is the dimension of what it diffuses, against H3.
func TestTheoremIsCitedWhereItHolds(t *testing.T) {
	for kind, cited := range map[string]bool{"diffusion": true, "ddim": true, "denoiser": false, "masked": false, "attention": false} {
		facts := analysis.FactsOf(kind)
		found := false
		for _, f := range facts {
			found = found ||
				strings.Contains(f.Statement, "the problem is in TC0") &&
					strings.Contains(f.Hypothesis, "H3 the dimension d")
		}
		if found != cited || len(facts) == 0 {
			t.Errorf("%s: the theorem is cited: %t, want %t", kind, found, cited)
		}
	}
	if f := analysis.FactsOf("denoiser"); len(f) != 1 ||
		!strings.Contains(f[0].Statement, "is not about a family of denoisers whose n is the dimension") {
		t.Errorf("of a denoiser: %+v", f)
	}
}

// Of several circuits a verdict names the class of the gates whose fan-in grows.
func TestGreatestClass(t *testing.T) {
	var points []analysis.Point
	var runs []analysis.Run
	for n, class := range []gates.Class{gates.ACC0, gates.TC0, gates.AC0} {
		points = append(points, analysis.Point{N: n + 1, Measures: &analysis.Measures{
			Counts: proof.Counts{Size: n + 1}, FanIns: map[gates.Class]int{class: n + 2},
		}})
		runs = append(runs, analysis.Run{Count: n + 1, GateClass: class})
	}
	for most, want := range []string{"none: one circuit", "none: one circuit", "TC0", "TC0"} {
		if got := analysis.JudgeGrowth(points[:most], analysis.Size, 1).Class; got != want {
			t.Errorf("growth of %d circuits: class %q, want %s", most, got, want)
		}
	}
	for most, want := range []string{"", "ACC0", "TC0", "TC0"} {
		if got := analysis.JudgeFlat(analysis.SingleStep, 1, runs[:most], nil).Class; got != want {
			t.Errorf("%d runs: class %q, want %s", most, got, want)
		}
	}
}

// A fan-in is bounded if it is the same at three n or more, up to four times the first of them.
func TestClassIsOfTheGatesWhoseFanInGrows(t *testing.T) {
	const and, mod, threshold = gates.AC0, gates.ACC0, gates.TC0
	for _, test := range []struct {
		ns   []int
		of   map[gates.Class][]int
		want string
	}{
		{[]int{2, 4, 8}, map[gates.Class][]int{and: {2, 4, 8}, threshold: {0, 3, 3}}, "TC0"},
		{[]int{2, 4, 8, 16}, map[gates.Class][]int{and: {2, 4, 8, 16}, threshold: {0, 3, 3, 3}}, "AC0"},
		{[]int{2, 4, 8, 16}, map[gates.Class][]int{and: {2, 2, 2, 2}, mod: {3, 4, 5, 6}}, "ACC0"},
		{[]int{4, 8, 16}, map[gates.Class][]int{and: {2, 2, 2}, threshold: {7, 7, 7}}, "NC0"},
		{[]int{8, 12, 16}, map[gates.Class][]int{and: {2, 2, 2}, threshold: {7, 7, 7}}, "TC0"},
		{[]int{2, 8}, map[gates.Class][]int{and: {2, 2}}, "AC0"},
	} {
		var points []analysis.Point
		for i, n := range test.ns {
			m := &analysis.Measures{Counts: proof.Counts{Size: 1}, FanIns: map[gates.Class]int{}}
			for class, fanIns := range test.of {
				m.FanIns[class] = fanIns[i]
			}
			points = append(points, analysis.Point{N: n, Measures: m})
		}
		if got := analysis.JudgeGrowth(points, analysis.Size, 1).Class; got != test.want {
			t.Errorf("fan-ins %v at %v: class %s, want %s", test.of, test.ns, got, test.want)
		}
	}
}

func TestLogarithmic(t *testing.T) {
	sweep := func(depths ...int) *analysis.Sweep {
		s := &analysis.Sweep{}
		for i, d := range depths {
			s.Points = append(s.Points, analysis.Point{N: 2 << i, Measures: &analysis.Measures{Depth: d}})
		}
		return s
	}
	every := func(n int, depths ...int) *analysis.Sweep {
		s := sweep(depths...)
		for i := range s.Points {
			s.Points[i].N = n + i
		}
		return s
	}
	for _, test := range []struct {
		s      *analysis.Sweep
		want   analysis.Judgement
		reason string
	}{
		{sweep(3), "", ""},
		{sweep(2, 5, 8, 12), analysis.Consistent, "measured only: depth 2 at n=2, 5 at n=4, 8 at n=8, 12 at n=16"},
		{sweep(2, 4, 8, 16), analysis.Refuted, "by 8 a doubling at last"},
		{sweep(1, 2, 3, 4, 5, 6, 7, 8, 9), analysis.Consistent, "4 at n=16, …, 7 at n=128"},
		{every(2, 1, 2, 2, 3, 3, 3, 3, 4), analysis.Consistent, "measured only: depth 1 at n=2, 2 at n=3, 2 at n=4, 3 at n=5, 3 at n=6, 3 at n=7, 3 at n=8, 4 at n=9"},
		{every(2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14), analysis.Refuted, "by 7 a doubling at last"},
		{every(5, 3, 3, 4), analysis.Consistent, "none twice another"},
	} {
		v := test.s.Logarithmic()
		if v.Verdict != test.want || !strings.Contains(v.Reason, test.reason) {
			t.Errorf("%d points: %s: %s; want %s: %s", len(test.s.Points), v.Verdict, v.Reason, test.want, test.reason)
		}
		class := map[analysis.Judgement]string{analysis.Consistent: "NC1", analysis.Refuted: "none: depth not logarithmic"}
		if want := class[v.Verdict]; v.Class != want && !strings.Contains(v.Reason, "nothing of growth") {
			t.Errorf("%d points: class %q, want %q", len(test.s.Points), v.Class, want)
		}
	}
}

// With T constant the depth is T times that of the deepest step, whatever n is.
func TestConstantSteps(t *testing.T) {
	f := &analysis.StepFormulas{Counts: []int{1, 2, 4}, Depths: []int{3, 4, 8}}
	v := f.JudgeConstant(analysis.Verdict{Verdict: analysis.Proved}, 8)
	if v.Verdict != analysis.Proved ||
		v.Claim != "for each T in 1..8 the circuits have depth at most 3·T, whatever n is" {
		t.Errorf("%+v", v)
	}
	f.Total, f.EveryT = new(poly.Symbol("T").Times(poly.Int(3)).Plus(poly.Int(1))), true
	if v := f.JudgeConstant(v, 8); v.Verdict != analysis.Proved ||
		v.Claim != "for every T ≥ 1 the circuits have depth at most 3·T + 1, whatever n is" {
		t.Errorf("%+v", v)
	}
	if v := analysis.StepsArePositions(); v.Verdict != analysis.Proved || len(v.CheckedN) > 0 {
		t.Errorf("%+v", v)
	}
}
