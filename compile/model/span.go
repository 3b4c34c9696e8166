package model

import (
	"math"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// Plain softmax has one table of the exponential for all scores. Its steps are lost where weights are
// nothing if the scores span much, and 52 bits do not hold it if they span very much. Then the
// greatest score of each row is taken off first, and the table is for the distances to it.
const (
	widest    = 8.0  // scores beyond ±widest span much
	leastSpan = 8    // the spans that are chosen, in whole numbers
	widerSpan = 12   // the greatest of them
	mostSpan  = 24   // the greatest that can be asked for
	mostLeft  = 1e-3 // part of the weight of a row that may be left out
)

// scoresName and exponentialName are what rows of scores are called where they are observed.
const (
	scoresName      = "scores"
	exponentialName = "exponential"
)

// isScores reports whether an activation is a row of scores.
func isScores(name string) bool {
	return name == exponentialName || strings.HasSuffix(name, "/"+scoresName)
}

// spanOf is what the span of scores is called among the peaks of the calibration.
func spanOf(name string) string { return name + ", span" }

// leftOut is, for each span that may be chosen, the greatest part of the weight of a row that lies beyond it.
type leftOut [widerSpan - leastSpan + 1]float64

// see counts a row of scores.
func (l *leftOut) see(scores []float64) {
	weights := softmax(scores)
	top := math.Inf(-1)
	for _, s := range scores {
		top = max(top, s)
	}
	for k := range l {
		beyond := 0.0
		for i, s := range scores {
			if top-s > float64(leastSpan+k) {
				beyond += weights[i]
			}
		}
		l[k] = max(l[k], beyond)
	}
}

// span returns the least span that leaves out as little as it may in every row.
func (l *leftOut) span() float64 {
	for k, beyond := range l {
		if beyond <= mostLeft {
			return float64(leastSpan + k)
		}
	}
	return widerSpan
}

// spanFor returns how far below the greatest score of its row a score has a weight, or 0 if softmax is to be
// plain. The scores reach up to ±peak in real units.
func (z *quantiser) spanFor(name string, peak float64) float64 {
	switch {
	case z.q.ScoreSpan != 0:
		return z.q.ScoreSpan
	case peak > widest:
		return max(z.peaks[spanOf(name)], leastSpan)
	}
	return 0
}

// tail returns the integers that stand for distances within the span of stable softmax.
func (z *quantiser) tail(name string, span, alpha float64) program.Range {
	return program.Range{Lo: -z.integer(name, math.Floor(span/alpha))}
}

// rounded replaces the scores of a row by those whose weights the exponential gives.
func (c Choice) rounded(row []float64) {
	f, err := program.ExpTail(c.Scale, c.Span, max(1, c.Levels-1), 6)
	if err != nil { // the choice was made from the same numbers
		panic(err)
	}
	top := math.Inf(-1)
	for _, s := range row {
		top = max(top, s)
	}
	for i, s := range row {
		x := math.Max(math.Round((s-top)/c.Scale), float64(c.Least)-1)
		row[i] = math.Log(float64(f.Apply(int64(x))) / float64(f.Apply(0))) // −∞ where there is no weight
	}
}
