package random

import "github.com/tc0lab/tc0/compile/program"

// staircases are functions of all kinds: with jumps of 1 and others, evenly spaced or not, rising,
// falling, and both. Each has a few levels.
var staircases = []func(c choice, i int) program.Staircase{
	func(c choice, i int) program.Staircase { return round(c, i, -2, 2) },
	func(c choice, i int) program.Staircase { return round(c, i, 0, 3) },
	func(c choice, i int) program.Staircase { return round(c, i, -4, 3) },
	func(c choice, i int) program.Staircase { return round(c, i, 1, 2+int64(c.of(i+2, 3))) },
	func(c choice, i int) program.Staircase {
		return round(c, i, -int64(c.of(i+2, 9)), 15-int64(c.of(i+2, 9)))
	},
	func(c choice, i int) program.Staircase { // one level
		return program.Staircase{At: []int64{c.number(i + 1)}, Jump: []int64{1}}
	},
	func(c choice, i int) program.Staircase { // falling, by one level
		return program.Staircase{Base: 1, At: []int64{c.number(i + 1)}, Jump: []int64{-1}}
	},
	func(c choice, i int) program.Staircase { // falling
		at := c.number(i + 1)
		return program.Staircase{Base: 2, At: []int64{at, at + 1 + int64(c.of(i+2, 3))}, Jump: []int64{-1, -1}}
	},
	func(c choice, i int) program.Staircase { // falling, then rising, as some activations
		at, by := c.number(i+1)-2, 1+int64(c.of(i+2, 2))
		return program.Staircase{At: []int64{at, at + by, at + 2*by, at + 3*by}, Jump: []int64{-1, 1, 1, 2}}
	},
	func(c choice, i int) program.Staircase { // in large jumps
		at := c.number(i + 1)
		return program.Staircase{Base: -1, At: []int64{at, at + 2, at + 3}, Jump: []int64{3, 1, 2}}
	},
	func(c choice, i int) program.Staircase { // anything, also a constant
		return program.Tabulate(program.Range{Lo: -2, Hi: 3}, func(x int64) int64 { return c.number(i + 3 + int(x)) })
	},
	func(c choice, i int) program.Staircase { // of a wide domain
		top := 2 + int64(c.of(i+1, 6))
		return program.Monotone(program.Range{Lo: 0, Hi: 40}, func(x int64) int64 { return min(x*x/(3*top), top) })
	},
}

func round(c choice, i int, lo, hi int64) program.Staircase {
	return program.Round(1+int64(c.of(i+1, 5)), program.Range{Lo: lo, Hi: hi})
}

// staircase returns a function by some bytes from i on.
func staircase(c choice, i int) program.Staircase { return staircases[c.of(i, len(staircases))](c, i) }

// positive is a function with values above 0.
func positive(c choice, i int) program.Staircase {
	if c.flag(i) {
		return program.Staircase{Base: 1, At: []int64{c.number(i + 1), 4}, Jump: []int64{2, 1 + int64(c.of(i+2, 3))}}
	}
	return round(c, i, 1, 3)
}
