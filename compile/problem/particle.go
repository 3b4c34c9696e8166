package problem

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
)

// particleProblems are one particle, for which there is a formula, and many that collide.
func particleProblems() []Problem {
	one := Problem{
		Name: "particle", Doc: "where one particle in a box of N = 2^n cells is at time t, bouncing off the walls", Codes: "velocity is in cells a unit of time; to turn at a wall takes the time of one cell",
		Depth: "2", Size: "O(N + t·2^velocity)",
		Params: []compile.Param{size("bits of the position"), number("velocity", "bits of the velocity, two's complement", 3), number("steps", "the time t", 8)},
		limits: map[string][2]int{"n": {2, 12}, "velocity": {1, 8}, "steps": {1, 4096}},
		Class:  "AC0 for a time in unary", Source: "closed form: the position unfolded is x + v·t, folded at the walls", Beyond: none, Serial: parallel, Shape: Wide,
		Why: "there is a formula for time t, so that nobody has to go through the times before",
		build: func(b *circuit.Builder, a compile.Args) error {
			bits, speed, t := a.Int("n"), a.Int("velocity"), int64(a.Int("steps"))
			x := integer(b, "position", bits)
			v := b.InputPort("velocity", circuit.Format{Kind: circuit.TwosComplement}, speed)
			s := b.Linear()
			s.Add(circuit.I(1), binary(b, x))
			for i, l := range v {
				w := t << i
				if i == speed-1 {
					w = -w
				}
				s.AddLit(circuit.I(w), l)
			}
			at := s.Sum()
			lo, hi := -t<<(speed-1), int64(1)<<bits-1+t*(int64(1)<<(speed-1)-1)
			// Each bit is the alternating sum of the gates where it changes.
			var out []circuit.Lit
			for k := range bits {
				alternating := b.Linear()
				last := folded(lo, int64(1)<<bits) >> k & 1
				alternating.AddConst(circuit.I(last))
				for p := lo + 1; p <= hi; p++ {
					if now := folded(p, int64(1)<<bits) >> k & 1; now != last {
						alternating.AddLit(circuit.I(now-last), b.Threshold(at, circuit.I(p)))
						last = now
					}
				}
				out = append(out, b.Threshold(alternating.Sum(), circuit.I(1)))
			}
			b.OutputPort("position after", unsigned, out...)
			return nil
		},
		// The reference goes cell by cell and turns at the walls.
		reference: func(a compile.Args) func(in []int64) []int64 {
			length := int64(1) << a.Int("n")
			return func(in []int64) []int64 {
				x, v := in[0], in[1]
				for range a.Int("steps") {
					for range max(v, -v) {
						switch {
						case v > 0 && x == length-1 || v < 0 && x == 0:
							v = -v // a bounce takes the time of a cell
						case v > 0:
							x++
						default:
							x--
						}
					}
				}
				return []int64{x}
			}
		},
	}
	many := Problem{
		Name: "particles", Doc: "t steps of many particles on an n × n torus that collide head-on", Codes: "north[r,c] and so on: a particle in row r, column c that moves that way",
		Depth: "steps + 1", Size: "O(n²·steps)",
		Params: gridParams(), limits: map[string][2]int{"n": {2, 128}, "steps": {1, 1 << 12}},
		Class: "in P; whether it is P-complete is not claimed here", Source: "the lattice gas: Hardy, Pomeau and de Pazzis 1973", Beyond: "not claimed here", Serial: "not claimed here", Shape: Deep,
		Why:   "no formula is used: each collision is found by going through the times before",
		Steps: "steps", Stage: "step",
		build: func(b *circuit.Builder, a compile.Args) error {
			n := a.Int("n")
			var moving [4][]bit
			for d, name := range headings {
				moving[d] = board(b, name, n)
			}
			for t := range a.Int("steps") {
				stepStage(b, t)
				var next [4][]bit
				for d := range next {
					next[d] = make([]bit, n*n)
				}
				for i := range n * n {
					in := []bit{moving[0][i], moving[1][i], moving[2][i], moving[3][i]}
					for d := range headings {
						next[d][ahead(i, d, n)] = table(b, in, func(m int) bool { return scattered(m)>>d&1 == 1 })
					}
				}
				moving = next
				b.End()
			}
			for d, name := range headings {
				outputBits(b, func(i int) string { return fmt.Sprintf("%s after[%d,%d]", name, i/n, i%n) }, moving[d])
			}
			return nil
		},
		// The reference moves the particles one by one.
		reference: func(a compile.Args) func(in []int64) []int64 {
			n := a.Int("n")
			return func(in []int64) []int64 {
				type particle struct{ row, column, dr, dc int }
				turn := map[[2]int]int{{-1, 0}: 0, {0, 1}: 1, {1, 0}: 2, {0, -1}: 3}
				var all []particle
				for i, v := range in {
					if v == 1 {
						d, cell := i/(n*n), i%(n*n)
						all = append(all, particle{cell / n, cell % n, [4]int{-1, 0, 1, 0}[d], [4]int{0, 1, 0, -1}[d]})
					}
				}
				for range a.Int("steps") {
					at := map[[2]int][]int{}
					for i, p := range all {
						at[[2]int{p.row, p.column}] = append(at[[2]int{p.row, p.column}], i)
					}
					for _, here := range at {
						if len(here) == 2 && all[here[0]].dr == -all[here[1]].dr && all[here[0]].dc == -all[here[1]].dc {
							for _, i := range here {
								all[i].dr, all[i].dc = all[i].dc, all[i].dr
							}
						}
					}
					for i := range all {
						p := &all[i]
						p.row, p.column = (p.row+p.dr+n)%n, (p.column+p.dc+n)%n
					}
				}
				out := make([]int64, len(in))
				for _, p := range all {
					out[turn[[2]int{p.dr, p.dc}]*n*n+p.row*n+p.column] = 1
				}
				return out
			}
		},
	}
	return []Problem{one, many}
}

// folded returns the position in a box of some length whose unfolded position is p.
func folded(p, length int64) int64 {
	p = (p%(2*length) + 2*length) % (2 * length)
	if p >= length {
		return 2*length - 1 - p
	}
	return p
}

// headings are the four directions, as the input ports are named.
var headings = [4]string{"north", "east", "south", "west"}

// moved returns where one step in a direction leads.
func moved(r, c, heading int) (int, int) {
	switch headings[heading] {
	case "north":
		r--
	case "east":
		c++
	case "south":
		r++
	case "west":
		c--
	}
	return r, c
}

// ahead returns the cell that a particle in cell i comes to.
func ahead(i, heading, n int) int {
	r, c := moved(i/n, i%n, heading)
	return (r+n)%n*n + (c+n)%n
}

// scattered is what becomes of the particles in one cell: two that meet head-on leave at
// right angles.
func scattered(m int) int {
	switch m {
	case 0b0101:
		return 0b1010
	case 0b1010:
		return 0b0101
	}
	return m
}
