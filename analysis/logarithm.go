package analysis

import (
	"fmt"
	"math"
	"strings"
)

// JudgeLogarithm judges, for a basis of gates of few inputs, the growth of the depth, which
// no such basis can keep the same. A logarithm rises by about as much at each doubling of n,
// and a power by more and more.
func (s *Sweep) JudgeLogarithm() {
	points, v := s.Points, &s.Verdict
	if len(points) < 2 {
		return // the claim is about one member
	}
	rise := func(i int) float64 {
		p, q := points[i], points[i+1]
		return float64(q.Depth-p.Depth) / math.Log2(float64(q.N)/float64(p.N))
	}
	const slack = 2 // levels; depths are whole numbers, and so do not rise evenly
	first, last := rise(0), rise(len(points)-2)
	v.Claim = fmt.Sprintf("the depth of the circuits of this family rises by at most %.4g at each doubling of n, as a logarithm does: twice what it rises by from n=%d to n=%d, and %d more", 2*max(first, 0)+slack, points[0].N, points[1].N, slack)
	var depths []string
	for _, p := range points {
		depths = append(depths, fmt.Sprintf("%d at n=%d", p.Depth, p.N))
	}
	if len(depths) > 8 {
		depths = append(append(depths[:4:4], "…"), depths[len(depths)-3:]...)
	}
	v.Verdict, v.Reason = Consistent, "measured only: depth "+strings.Join(depths, ", ")
	if last > 2*max(first, 0)+slack {
		v.Verdict = Refuted
		v.Reason = fmt.Sprintf("measured: depth %s; by %.4g a doubling at last", strings.Join(depths, ", "), last)
	}
}
