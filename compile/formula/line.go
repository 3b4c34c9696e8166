package formula

import "github.com/tc0lab/tc0/compile/poly"

// This file has what tells how levels go on after the copies that were read.

// apart reports whether all comparisons had the same outcome, and their sides come no closer.
func apart(before, now []int) bool {
	if len(before) != len(now) {
		return false
	}
	for k, d := range before {
		if d == 0 && now[k] != 0 || d > 0 && now[k] < d || d < 0 && now[k] > d {
			return false
		}
	}
	return true
}

// line is the least line with a whole slope above levels by copy, of which the last ones repeat: at n, for
// copy n. The symbol stands for n.
func line(levels []int, period int, symbol string) poly.Poly {
	last := len(levels) - 1
	rise, slope := 0, 0
	for t := last; t > last-period; t-- {
		rise = max(rise, levels[t]-levels[t-period])
	}
	if rise > 0 {
		slope = (rise + period - 1) / period
	}
	base := levels[0] - slope
	for t, level := range levels {
		base = max(base, level-slope*(t+1))
	}
	return poly.Symbol(symbol).Times(poly.Int(int64(slope))).Plus(poly.Int(int64(base)))
}
