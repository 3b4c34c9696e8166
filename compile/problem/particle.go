package problem

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
)

// particle is one particle, for which there is a formula.
func particle() Problem {
	return Problem{
		Name: "particle", Doc: "where one particle in a box of N = 2^n cells is at time t, bouncing off the walls",
		Codes: "velocity is in cells a unit of time; to turn at a wall takes the time of one cell",
		Depth: "2", Size: "O(N + t·2^velocity)",
		params: []param{
			size("bits of the position", 2, 12), number("velocity", "bits of the velocity, two's complement", 3, 1, 8),
			number("steps", "the time t", 8, 1, 4096),
		},
		Class: "AC0 for a time in unary", Source: "closed form: the position unfolded is x + v·t, folded at the walls",
		Why: "there is a formula for time t, so that nobody has to go through the times before",
		build: func(b *circuit.Builder, a compile.Args) {
			bits, speed, t := a.Int("n"), a.Int("velocity"), int64(a.Int("steps"))
			length, fastest := int64(1)<<bits, int64(1)<<(speed-1)
			x := integer(b, "position", bits)
			s := b.Linear()
			s.Add(whole(1), b.PortSum(unsigned, x...))
			for i, l := range b.InputPort("velocity", circuit.Format{Kind: circuit.TwosComplement}, speed) {
				w := t << i
				if i == speed-1 {
					w = -w
				}
				s.AddLit(whole(w), l)
			}
			at := s.Sum()
			var out []circuit.Lit
			for k := range bits {
				bit := changing(b, at, -t*fastest, length-1+t*(fastest-1), func(p int64) int64 {
					return folded(p, length) >> k & 1
				})
				out = append(out, atLeast(b, bit, 1))
			}
			b.OutputPort("position after", unsigned, out...)
		},
		// The reference goes cell by cell and turns at the walls.
		reference: func(a compile.Args, in []int64) []int64 {
			length := int64(1) << a.Int("n")
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
		},
	}
}

// folded takes the unfolded position p to the position in a box of the given length.
func folded(p, length int64) int64 {
	p = (p%(2*length) + 2*length) % (2 * length)
	return min(p, 2*length-1-p)
}

// particles are many, which collide.
func particles() Problem {
	return Problem{
		Name: "particles", Doc: "t steps of many particles on an n × n torus that collide head-on",
		Codes: "north[r,c] and so on: a particle in row r, column c that moves that way",
		Depth: "steps + 1", Size: "O(n²·steps)", params: torus(),
		Class:  "in P; whether it is P-complete is not claimed here",
		Source: "the lattice gas: Hardy, Pomeau and de Pazzis 1973",
		Beyond: unclaimed, Serial: unclaimed, Shape: Deep,
		Why:   "no formula is used: each collision is found by going through the times before",
		Steps: "steps", Stage: "step",
		build: func(b *circuit.Builder, a compile.Args) {
			n := a.Int("n")
			var moving [4][]bit
			for d, h := range headings {
				moving[d] = board(b, h.name, n)
			}
			unroll(b, "step", a.Int("steps"), func(int) {
				var next [4][]bit
				for d := range next {
					next[d] = make([]bit, n*n)
				}
				for i := range n * n {
					in := []bit{moving[0][i], moving[1][i], moving[2][i], moving[3][i]}
					for d, h := range headings {
						ahead := (i/n+h.down+n)%n*n + (i%n+h.right+n)%n
						next[d][ahead] = function(b, in, func(m int) bool { return scattered(m)>>d&1 == 1 })
					}
				}
				moving = next
			})
			for d, h := range headings {
				outputBits(b, func(i int) string { return fmt.Sprintf("%s after[%d,%d]", h.name, i/n, i%n) }, moving[d])
			}
		},
		reference: moveParticles,
	}
}

// headings are the four directions: the names of their input ports, and one step in each direction.
var headings = [4]struct {
	name        string
	down, right int
}{{"north", -1, 0}, {"east", 0, 1}, {"south", 1, 0}, {"west", 0, -1}}

// scattered returns the next state of the particles in one cell. Two particles that meet head-on
// leave at right angles.
func scattered(m int) int {
	if m == 0b0101 || m == 0b1010 {
		return 0b1111 - m
	}
	return m
}

// moveParticles is the reference of particles, and moves them one by one.
func moveParticles(a compile.Args, in []int64) []int64 {
	type particle struct{ row, column, dr, dc int }
	n := a.Int("n")
	turn := map[[2]int]int{{-1, 0}: 0, {0, 1}: 1, {1, 0}: 2, {0, -1}: 3}
	var all []particle
	for i, v := range in {
		if v == 1 {
			d, cell := i/(n*n), i%(n*n)
			all = append(all, particle{cell / n, cell % n, [4]int{-1, 0, 1, 0}[d], [4]int{0, 1, 0, -1}[d]})
		}
	}
	for range a.Int("steps") {
		at := map[[2]int][]*particle{}
		for i := range all {
			p := &all[i]
			at[[2]int{p.row, p.column}] = append(at[[2]int{p.row, p.column}], p)
		}
		for _, here := range at {
			if len(here) == 2 && here[0].dr == -here[1].dr && here[0].dc == -here[1].dc {
				for _, p := range here {
					p.dr, p.dc = p.dc, p.dr
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
