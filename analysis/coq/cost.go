package coq

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// This file computes what the second reading of the library does: bulk1, cost1, wires1 and costs of its Cost.v. Coq
// computes them again, and compares the lists as they are.

// Costs bound the circuits of a certificate, for every n.
type Costs struct {
	Wires     poly.Poly
	FanIn     poly.Poly // of any gate
	Threshold poly.Poly // fan-in of threshold gates
	Weight    poly.Poly // Σ|w| of a threshold gate
	AC0       bool      // threshold gates read as many wires for every n as for another
}

// coefficients bound those of an operation, as the library's lemma about its word does.
type coefficients struct {
	weight   count // of a sum
	constant count // of a sum; the thresholds of a staircase, or the levels of a quotient
	least    count // value of a staircase or a quotient
	heights  count // of the jumps from there: Σ|jump|
}

// atMost are the coefficients of a sum with these weights and constants.
func atMost(weights, constants []int64) coefficients {
	return coefficients{weight: largest(weights...), constant: largest(constants...)}
}

// stairs are those of a staircase.
func stairs(f program.Staircase) coefficients {
	return coefficients{nil, largest(f.At...), largest(f.Base), total(f.Jump)}
}

// jump is that of one jump from 0 to 1, at thresholds that may differ by element.
func jump(thresholds ...int64) coefficients {
	return coefficients{nil, largest(thresholds...), number(0), number(1)}
}

// levels are those of a quotient.
func levels(r program.Range) coefficients {
	return coefficients{nil, largest(r.Lo+1, r.Hi), largest(r.Lo), number(int(r.Hi - r.Lo))}
}

// unit is that of sums without weights.
var unit = atMost([]int64{1}, nil)

// largest is the greatest absolute value.
func largest(list ...int64) count {
	most := new(big.Int)
	for _, v := range list {
		if size := new(big.Int).Abs(big.NewInt(v)); size.Cmp(most) > 0 {
			most = size
		}
	}
	return count{most}
}

// total is the sum of the absolute values.
func total(list []int64) count {
	sum := new(big.Int)
	for _, v := range list {
		sum.Add(sum, new(big.Int).Abs(big.NewInt(v)))
	}
	return count{sum}
}

// or has the greater coefficients of both.
func (p count) or(q count) count {
	if len(p) < len(q) {
		p, q = q, p
	}
	out := make(count, len(p))
	for i, c := range p {
		if out[i] = c; i < len(q) && q[i].Cmp(c) > 0 {
			out[i] = q[i]
		}
	}
	return out
}

func (p count) twice() count { return p.plus(p) }

// bulk bounds gates: the wires into any gate, and of threshold gates the wires, the sum of the weights, and the
// threshold.
type bulk struct{ fan, threshold, weight, at count }

func (a bulk) or(b bulk) bulk {
	return bulk{a.fan.or(b.fan), a.threshold.or(b.threshold), a.weight.or(b.weight), a.at.or(b.at)}
}

// and is an AND of some wires.
func and(wires count) bulk { return bulk{fan: wires} }

// take is a gate that took another literal in.
func (a bulk) take() bulk {
	one := number(1)
	return bulk{
		number(2).or(a.fan.plus(one)), a.threshold.plus(one), a.weight.twice().plus(a.at.plus(one)), a.weight.plus(one),
	}
}

// cost bounds a value: the sum of the weights of an element, its constant, and the gates behind its literals.
type cost struct {
	sum, constant count
	gate          bulk
}

// inputCost is what is known of an input. Its bits count 1, 2, 4 and so on.
func inputCost(n *program.Node) cost {
	most := new(big.Int).Lsh(big.NewInt(1), uint(max(n.Bits, 1)))
	return cost{sum: count{most.Sub(most, big.NewInt(1))}, constant: number(0)}
}

// gates bounds those that an operation adds.
func (o *operation) gates(states []state, costs []cost) bulk {
	x, y := o.args[0], o.args[len(o.args)-1]
	s, t, c, d := &states[x], &states[y], &costs[x], &costs[y]
	switch o.kind {
	case step:
		return bulk{s.literals, s.literals, c.sum, o.sizes.constant.plus(c.constant)}
	case contract:
		switch {
		case t.level < s.level && s.open:
			return c.gate.take()
		case s.level < t.level && t.open:
			return d.gate.take()
		}
		return and(number(2))
	case quotient:
		top := o.sizes.constant
		wires := s.literals.plus(t.literals)
		return bulk{wires, wires, c.sum.plus(top.times(d.sum)), c.constant.plus(top.times(d.constant))}
	case maximum:
		wires := s.literals.twice()
		compare := bulk{wires, wires, c.sum.twice(), o.sizes.constant.plus(c.constant.twice())}
		return compare.or(and(product(o.summed)))
	}
	return bulk{}
}

// cost is what is known of the value of an operation.
func (o *operation) cost(costs []cost, made bulk) cost {
	c, d := &costs[o.args[0]], &costs[o.args[len(o.args)-1]]
	over := product(o.summed)
	switch o.kind {
	case sum:
		return cost{
			over.times(o.sizes.weight.times(c.sum)),
			o.sizes.constant.plus(over.times(o.sizes.weight.times(c.constant))), c.gate,
		}
	case add:
		return cost{c.sum.plus(d.sum), c.constant.plus(d.constant), c.gate.or(d.gate)}
	case contract:
		both := d.constant.times(c.sum).plus(c.constant.times(d.sum).plus(c.sum.times(d.sum)))
		return cost{over.times(both), over.times(c.constant.times(d.constant)), c.gate.or(d.gate).or(made)}
	case maximum:
		made = and(over)
	}
	return cost{o.sizes.heights, o.sizes.least, made}
}

// wires bounds those into the gates of an operation, of which there are so many.
func (o *operation) wires(states []state, gates count, made bulk) count {
	if o.kind != maximum {
		return gates.times(made.fan)
	}
	s := &states[o.args[0]]
	each := product(o.summed).times(s.literals.twice().plus(number(1)))
	return product(s.shape).times(number(o.literals).times(each))
}

// costs bounds wires, and of the gates the wires, those of threshold gates, and the sum of their weights.
func (t *term) costs() (wires, fan, threshold, weight count) {
	var states []state
	var costs []cost
	var all bulk
	for _, n := range t.inputs {
		states, costs = append(states, inputState(n)), append(costs, inputCost(n.node))
	}
	for i := range t.operations {
		o := &t.operations[i]
		s, gates := o.derive(states)
		made := o.gates(states, costs)
		wires, all = wires.plus(o.wires(states, gates, made)), all.or(made)
		states, costs = append(states, s), append(costs, o.cost(costs, made))
	}
	return wires, all.fan, all.threshold, all.weight
}

// weigh states the bounds on wires and weights, and what follows. Weights that can be any number have no bound.
func (t *term) weigh(level int) (string, *Costs) {
	if len(t.parameters) > 0 {
		return "", nil
	}
	wires, fan, threshold, weight := t.costs()
	c := &Costs{wires.poly(), fan.poly(), threshold.poly(), weight.poly(), len(threshold) == 1}
	var b strings.Builder
	fmt.Fprintf(&b, `
(* At most %v wires; no gate reads more than %v wires, no threshold gate
   more than %v, and the absolute values of its weights sum to
   %v at most. *)
Theorem cost : within_cost program
  %s
  %s %s
  %s.
Proof. weigh. Qed.
Print Assumptions cost.

(* The same values are computed by gates that count, whose weights are 1, and by majorities on one more level. *)
Theorem narrow_TC0 :
  (counting_family %[9]d (fun n => counting (compile program n)) /\
    computes (fun n => counting (compile program n)) program) /\
  majority_family %[10]d (fun n => majority (compile program n)) /\
  computes (fun n => majority (compile program n)) program.
Proof. exact (program_TC0 _ _ _ _ _ _ _ certificate cost). Qed.
Print Assumptions narrow_TC0.
`, c.Wires, c.FanIn, c.Threshold, c.Weight, wires.term(), fan.term(), threshold.term(), weight.term(), level, level+1)
	if c.AC0 {
		fmt.Fprintf(&b, `
(* No threshold gate reads more wires for a greater n, so that AND and OR are enough. *)
Theorem in_AC0 : AC0_family (2 * %d) (fun n => normalise (compile program n)) /\
  computes (fun n => normalise (compile program n)) program.
Proof. exact (program_AC0 _ _ _ _ _ _ _ certificate cost). Qed.
Print Assumptions in_AC0.
`, level)
	}
	return b.String(), c
}
