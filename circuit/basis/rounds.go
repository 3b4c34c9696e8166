package basis

import (
	"math"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// blockSizes are how many literals a block of digits may have. Small blocks are cheap, but leave
// more digits.
var blockSizes = [...]int{maxLeaves, 12, 10, 8, 7, 6, 5}

// maxRounds is how many rounds of digits there are at most, after a first one of blocks over cuts.
const maxRounds = 6

// maxLooks is how many ways of the first rounds are tried before the best one found is taken.
const maxLooks = 5000

// levelPrice is how many times as many gates two levels less may take.
const levelPrice = 4

// rounds are the block sizes of rounds of digits that make a sum small enough to be covered, as one
// table or as a pair.
type rounds struct {
	sizes []int   // none: it is small enough
	split bool    // whether the weights are written as powers of two in the first round
	score float64 // the gates, by estimate, times levelPrice for each two levels
}

// planRounds returns the rounds of least score for literals with the given weights, after a number
// of gates that are made; the score is infinite if it finds none within most rounds. A modulus of 0
// is none.
func planRounds(weights []circuit.Int, m int64, most, made int) rounds {
	p := planner{m: m, most: most, digits: map[string]blockDigits{}, best: rounds{score: math.Inf(1)}}
	p.look(sorted(weights), float64(made), 1)
	return p.best
}

// planCones returns the same for blocks over cuts, of which the digits are known by their range
// only.
func planCones(blocks []block, m int64) rounds {
	p := planner{m: m, most: maxRounds, digits: map[string]blockDigits{}, best: rounds{score: math.Inf(1)}}
	var weights []circuit.Int
	gates := 0.0
	for _, b := range blocks {
		unit, digits := width(b, m)
		for j := range digits {
			weights = append(weights, circuit.Pow2(j).Mul(unit))
		}
		gates += float64(digits) * coverGates(1<<len(b.leaves))
	}
	p.look(sorted(weights), gates, levelPrice)
	return p.best
}

func sorted(weights []circuit.Int) []circuit.Int {
	weights = slices.Clone(weights)
	slices.SortFunc(weights, circuit.Int.Cmp)
	return weights
}

type planner struct {
	m      int64
	most   int                    // rounds
	looks  int                    // so far
	digits map[string]blockDigits // by the weights of a block
	sizes  []int
	split  bool
	best   rounds
}

// blockDigits are the weights of the digits of a block, and what they take.
type blockDigits struct {
	weights []circuit.Int
	gates   float64
}

// coverGates is the estimate of the gates of a cover: a quarter of the truth table.
func coverGates(table int) float64 { return float64(table) / 4 }

// look tries to end with the weights, and each size of block for the next round. The gates and the
// price of levels are those of the rounds before.
func (p *planner) look(weights []circuit.Int, gates, price float64) {
	end := math.Inf(1)
	if n := len(weights); n <= maxLeaves {
		end = price * (gates + coverGates(1<<n))
	} else if _, table := split(weights, p.m); table > 0 {
		end = price * levelPrice * (gates + coverGates(table))
	}
	if end < p.best.score {
		p.best = rounds{slices.Clone(p.sizes), p.split, end}
	}
	if p.looks++; len(p.sizes) == p.most || p.looks > maxLooks {
		return
	}
	p.round(weights, gates, price)
	var bits []circuit.Int
	for _, w := range weights {
		for _, d := range recode(w) {
			bits = append(bits, circuit.Pow2(d.place))
		}
	}
	if len(bits) > len(weights) {
		if len(p.sizes) == 0 {
			p.split = true
		}
		p.round(sorted(bits), gates, price)
		if len(p.sizes) == 0 {
			p.split = false
		}
	}
}

// round tries each size of block.
func (p *planner) round(weights []circuit.Int, gates, price float64) {
	last := 0
	for _, size := range blockSizes {
		blocks := (len(weights) + size - 1) / size
		if blocks == last || blocks == 1 && len(weights) <= maxLeaves {
			continue // the same blocks, or nothing but the cover itself
		}
		last = blocks
		var after []circuit.Int
		more := gates
		for _, part := range chunks(weights, size) {
			d := p.digitsOf(part)
			after, more = append(after, d.weights...), more+d.gates
		}
		if len(after) >= len(weights) || more*price*levelPrice >= p.best.score {
			continue
		}
		p.sizes = append(p.sizes, size)
		p.look(sorted(after), more, price*levelPrice)
		p.sizes = p.sizes[:len(p.sizes)-1]
	}
}

func (p *planner) digitsOf(block []circuit.Int) blockDigits {
	var key []byte
	for _, w := range block {
		key = append(append(key, w.String()...), ' ')
	}
	if d, ok := p.digits[string(key)]; ok {
		return d
	}
	d := blockDigits{weights: blockWeights(block, p.m)}
	if len(block) > 1 {
		d.gates = float64(len(d.weights)) * coverGates(1<<len(block))
	}
	p.digits[string(key)] = d
	return d
}

// chunks divides a list into as few parts of at most the given length as there can be, as even as
// can be.
func chunks[T any](list []T, most int) [][]T {
	n := (len(list) + most - 1) / most
	out := make([][]T, n)
	for i := range out {
		out[i] = list[i*len(list)/n : (i+1)*len(list)/n]
	}
	return out
}

// blockWeights returns the weights of the digits of a sum of literals with the given ones, modulo m
// unless that is 0. It does not go through the values if there are too many for jumps.
func blockWeights(weights []circuit.Int, m int64) []circuit.Int {
	var unit, most circuit.Int
	for _, w := range weights {
		unit, most = unit.GCD(w), most.Add(w)
	}
	values, digits := []circuit.Int{{}}, 0
	if m == 0 {
		digits = most.FloorDiv(unit).BitLen()
	}
	for _, w := range weights {
		for _, x := range values {
			values = append(values, x.Add(w))
		}
		reduceModulo(values, m)
		slices.SortFunc(values, circuit.Int.Cmp)
		values = slices.CompactFunc(values, equal)
		if m == 0 && len(values)-1 > digits {
			return binaryWeights(unit, digits)
		}
	}
	return digitWeights(values)
}

// recoded returns the terms as powers of two, in order.
func recoded(terms []term) (out []term, constant circuit.Int) {
	for _, t := range terms {
		for _, d := range recode(t.weight) {
			w := circuit.Pow2(d.place)
			if d.negative { // −x is ¬x − 1
				constant = constant.Sub(w)
			}
			out = append(out, term{t.lit.NotIf(d.negative), w})
		}
	}
	slices.SortStableFunc(out, byWeight)
	return out, constant
}

func byWeight(x, y term) int { return x.weight.Cmp(y.weight) }
