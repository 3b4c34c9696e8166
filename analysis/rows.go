package analysis

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/gates"
)

// Rows compares each operation of a derivation with the gates of a circuit that the operation asked for, so
// that an error in one row cannot hide behind slack in another. Each gate that an output depends on belongs to a
// row that asked for it, with no more gates in a row than the row says at n. A gate keeps to the level, the weight
// and the fan-in of its row, and to its fan-in of gates that are not AND or OR if it is none. All gates of a row keep
// to its wires and weights; rows with gates that both asked for are added up. The account is that of the member for
// n, and of[id] is the operation of the program for every n that operation id is a copy of, see
// [program.Program.MemberOf]. Rows returns what is wrong with the first row that is wrong; "" if nothing is.
func Rows(p *proof.Proof, n int, a *lower.Account, of []int) string {
	r := rows{proof: p, n: big.NewInt(int64(n)), at: map[int]int{}, gates: make([][]circuit.Gate, len(p.Derivation))}
	for k, s := range p.Derivation {
		if _, ok := r.at[s.ID]; !ok {
			r.at[s.ID] = k
		}
		room := r.value(k, s.Gates)
		if !room.IsInt64() {
			room.SetInt64(1 << 62)
		}
		r.room = append(r.room, room.Int64())
		limits := make([]*big.Int, 4)
		for i, f := range []poly.Poly{s.Depth, s.MostWeight, s.FanIn, s.Counting} {
			limits[i], _ = f.AtN(r.n)
		}
		r.limits = append(r.limits, limits)
	}
	shapes, levels := a.Circuit.Shapes(), a.Circuit.Levels(gates.Standard())
	for g, alive := range a.Alive {
		if !alive {
			continue
		}
		gate := circuit.Gate(g)
		shape := shapes.Of(gate)
		fanIn := big.NewInt(int64(shape.FanIn))
		has := []*big.Int{big.NewInt(int64(levels.Of(gate.Lit()))), shape.Weight.Big(), fanIn, fanIn}
		fits := func(k int) bool {
			for i, limit := range r.limits[k] {
				if limit == nil || limit.Cmp(has[i]) < 0 && !(i == 3 && isLogic(a.Circuit, gate)) {
					return false
				}
			}
			return true
		}
		if what := r.place(gate, a.Owners[g], of, fits); what != "" {
			return what
		}
	}
	return r.compare(shapes)
}

// isLogic reports whether a gate is an AND or an OR of its wires or their complements, as a THRESHOLD gate of nested
// sums may be, too.
func isLogic(c *circuit.Circuit, g circuit.Gate) bool {
	if !c.Kind(g).HasBound() {
		return true
	}
	sum, bound := c.Bound(g)
	_, weights := c.Flatten(sum)
	var lo, hi, least circuit.Int
	for i, w := range weights {
		lo, hi = lo.Add(w.Min(circuit.Int{})), hi.Add(w.Max(circuit.Int{}))
		if i == 0 || w.Abs().Cmp(least) < 0 {
			least = w.Abs()
		}
	}
	return bound.Cmp(lo.Add(least)) <= 0 || bound.Cmp(hi.Sub(least)) > 0
}

// rows is the gates of a circuit by row of a derivation.
type rows struct {
	proof *proof.Proof
	n     *big.Int
	at    map[int]int // row of an operation
	room  []int64     // by row: how many gates it says
	gates [][]circuit.Gate
	may   [][]int // by gate: the rows that asked for it, and whose limits it keeps to
	// limits are, by row, bounds on a gate: its level, weight, and fan-in, which is the last but for AND and OR.
	limits [][]*big.Int
}

// value returns a number of a row, in all of its copies; 0 if it has none.
func (r *rows) value(k int, f interface {
	At(map[string]*big.Int) (*big.Int, bool)
},
) *big.Int {
	values := map[string]*big.Int{"n": r.n}
	for name, v := range r.proof.Symbols {
		values[name] = big.NewInt(v)
	}
	v, ok := f.At(values)
	copies, fine := r.proof.Derivation[k].Copies.AtN(r.n)
	if !ok || !fine {
		return new(big.Int)
	}
	return v.Mul(v, copies)
}

// place finds a row for a gate, of those that it fits, and moves other gates to other rows if it must.
func (r *rows) place(g circuit.Gate, owners []int32, of []int, fits func(k int) bool) string {
	var asked, may []int
	for _, id := range owners {
		k, ok := r.at[of[id]]
		if !ok {
			continue
		}
		asked = append(asked, k)
		for _, shared := range r.proof.Derivation[k].Shares {
			if k, ok := r.at[shared]; ok {
				asked = append(asked, k)
			}
		}
	}
	for _, k := range asked {
		if fits(k) && !slices.Contains(may, k) {
			may = append(may, k)
		}
	}
	for len(r.may) <= int(g) {
		r.may = append(r.may, nil)
	}
	r.may[g] = may
	switch {
	case r.put(g, make([]bool, len(r.room))):
		return ""
	case len(asked) == 0:
		return fmt.Sprintf("gate %d is in no row", g)
	case len(may) == 0:
		limits := r.limits[asked[0]]
		return fmt.Sprintf("row %d, %s: gate %d is beyond its level %v, weight %v, fan-in %v or, unless AND or OR, %v",
			asked[0], r.proof.Derivation[asked[0]].What, g, limits[0], limits[1], limits[2], limits[3])
	}
	return fmt.Sprintf(
		"row %d, %s: more gates than the %d by formula",
		may[0],
		r.proof.Derivation[may[0]].What,
		r.room[may[0]],
	)
}

// put puts a gate into a row with room, or makes room by moving another gate. Rows that were tried are closed.
func (r *rows) put(g circuit.Gate, closed []bool) bool {
	for _, k := range r.may[g] {
		if int64(len(r.gates[k])) < r.room[k] {
			r.gates[k] = append(r.gates[k], g)
			return true
		}
	}
	for _, k := range r.may[g] {
		if closed[k] {
			continue
		}
		closed[k] = true
		for i, h := range r.gates[k] {
			if len(r.may[h]) > 1 && r.put(h, closed) {
				r.gates[k][i] = g
				return true
			}
		}
	}
	return false
}

// compare compares wires and weights. Rows that a gate might belong to are added up: which of them it counts in does
// not matter then.
func (r *rows) compare(shapes *circuit.Shapes) string {
	first := make([]int, len(r.room)) // of the rows that are added up
	for k := range first {
		first[k] = k
	}
	var find func(k int) int
	find = func(k int) int {
		if first[k] != k {
			first[k] = find(first[k])
		}
		return first[k]
	}
	type total struct {
		wires, bound   *big.Int
		weight, weighs *big.Int
	}
	totals := make([]total, len(r.room))
	for k := range totals {
		totals[k] = total{new(big.Int), new(big.Int), new(big.Int), new(big.Int)}
		for _, g := range r.gates[k] {
			for _, other := range r.may[g] {
				first[find(other)] = find(k)
			}
		}
	}
	for k, s := range r.proof.Derivation {
		t := totals[find(k)]
		for _, g := range r.gates[k] {
			shape := shapes.Of(g)
			t.wires.Add(t.wires, big.NewInt(int64(shape.FanIn)))
			t.weight.Add(t.weight, shape.Weight.Big())
		}
		t.bound.Add(t.bound, r.value(k, s.Wires))
		t.weighs.Add(t.weighs, r.value(k, s.Weight))
	}
	for k, s := range r.proof.Derivation {
		switch t := totals[k]; {
		case t.wires.Cmp(t.bound) > 0:
			return fmt.Sprintf("row %d, %s: %v wires, and %v by formula", k, s.What, t.wires, t.bound)
		case t.weight.Cmp(t.weighs) > 0:
			return fmt.Sprintf("row %d, %s: weight %v, and %v by formula", k, s.What, t.weight, t.weighs)
		}
	}
	return ""
}
