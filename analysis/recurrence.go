package analysis

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"github.com/tc0lab/tc0/compile"
)

// RecurrenceCost measures how T steps of recurrent networks with random weights change a small
// difference of the first state, in real numbers.
type RecurrenceCost struct {
	Steps int `json:"steps"`
	// Lipschitz is a bound on the Lipschitz constant from the first state to the last, the
	// greatest over the seeds; nil if it is beyond float64.
	Lipschitz *float64 `json:"lipschitz_bound,omitempty"`
	// Jacobian is the spectral norm of the derivative of the last state by the first, on
	// random inputs: the mean over the seeds, and the greatest.
	Jacobian    float64 `json:"jacobian_norm"`
	MaxJacobian float64 `json:"max_jacobian_norm"`
	// Variance is the variance of an entry of the gradient of the sum of the last state by the
	// first, over seeds and entries.
	Variance float64 `json:"gradient_variance"`
}

// MostGain is the greatest gain: derivatives are differences over 10^−5, which must be small for
// the network.
const MostGain = 100

// CostOfRecurrence measures networks of one kind, each seed with weights and inputs of its
// own, over numbers of steps. The gain multiplies the weights by which the state is read.
//
// The bound is a product of spectral norms, one for each step, of states whose entries are
// at most 1. tanh is 1-Lipschitz and the sigmoid 1/4-Lipschitz, both are at most 1, and the
// states h stay so. Of one step it is
//
//   - ‖U‖ for an Elman network;
//   - 1 + ‖U_z‖/2 + ‖U_c‖ + ‖U_c‖_∞·‖U_r‖/4 for a GRU, from the derivative of
//     (1 − z)·h + z·c by h, with |c − h| ≤ 2;
//   - that of the matrix [[‖U_o‖/4 + a, 1], [a, 1]] of the norms of the blocks of an LSTM,
//     with a = t·‖U_f‖/4 + ‖U_i‖/4 + ‖U_g‖ in step t, since its cell is at most t there.
func CostOfRecurrence(
	ctx context.Context, m compile.Recurrent, gain float64, seeds int, counts []int,
) ([]RecurrenceCost, error) {
	if seeds < 2 || !(gain >= 0 && gain <= MostGain) {
		return nil, fmt.Errorf("analysis: %d seeds and gain %v; at least 2 seeds and a gain in 0..%d are needed",
			seeds, gain, MostGain)
	}
	var out []RecurrenceCost
	for _, steps := range counts {
		if steps < 1 {
			return out, fmt.Errorf("analysis: %d steps; at least 1 is needed", steps)
		}
		cost := RecurrenceCost{Steps: steps}
		var entries []float64
		bound := 0.0
		for seed := range seeds {
			if err := ctx.Err(); err != nil {
				return out, err
			}
			net := m
			net.Seed = m.Seed + uint64(seed)
			product, err := lipschitz(net, gain, steps)
			if err != nil {
				return out, err
			}
			bound = max(bound, product)
			j := jacobian(net, gain, steps, rand.New(rand.NewPCG(net.Seed, 17)))
			norm := spectral(j)
			cost.Jacobian += norm / float64(seeds)
			cost.MaxJacobian = max(cost.MaxJacobian, norm)
			_, columns := j.Dims()
			for c := range columns {
				g := 0.0
				for _, v := range mat.Col(nil, c, j) {
					g += v
				}
				entries = append(entries, g)
			}
		}
		if !math.IsInf(bound, 0) {
			cost.Lipschitz = &bound
		}
		cost.Variance = stat.Variance(entries, nil)
		out = append(out, cost)
	}
	return out, nil
}

// lipschitz bounds the Lipschitz constant of a number of steps.
func lipschitz(m compile.Recurrent, gain float64, steps int) (float64, error) {
	norm := func(gate string, of func(w *mat.Dense) float64) float64 {
		rows := m.StateWeights(gate)
		return gain * of(mat.NewDense(len(rows), len(rows), slices.Concat(rows...)))
	}
	power := func(step float64) float64 { return math.Pow(step, float64(steps)) }
	switch m.Kind {
	case compile.Elman, "":
		return power(norm("state", spectral)), nil
	case compile.GRU:
		rows := func(w *mat.Dense) float64 { return mat.Norm(w, math.Inf(1)) }
		c := norm("candidate", spectral) + norm("candidate", rows)*norm("reset", spectral)/4
		return power(1 + norm("update", spectral)/2 + c), nil
	case compile.LSTM:
		product := 1.0
		forget, rest := norm("forget", spectral)/4, norm("input", spectral)/4+norm("candidate", spectral)
		output := norm("output", spectral) / 4
		for t := 1; t <= steps; t++ {
			a := float64(float64(t)*forget) + rest
			product *= spectral(mat.NewDense(2, 2, []float64{output + a, 1, a, 1}))
		}
		return product, nil
	}
	return 0, m.Kind.Check()
}

// spectral returns the greatest singular value. (The 2-norm of package mat is the Frobenius norm.)
func spectral(w *mat.Dense) float64 {
	var svd mat.SVD
	if !svd.Factorize(w, mat.SVDNone) {
		return mat.Norm(w, 2) // which is not less
	}
	return svd.Values(nil)[0]
}

// jacobian returns the derivative of the last state by the first, h, or h and c of an
// LSTM, by central differences, one step after another (the chain rule), on a random
// sequence.
func jacobian(m compile.Recurrent, gain float64, steps int, rng *rand.Rand) *mat.Dense {
	d := m.StateSize()
	width := d
	if m.Kind == compile.LSTM {
		width = 2 * d
	}
	state := make([]float64, 2*d)
	for i := range width {
		state[i] = rng.Float64() - 0.5
	}
	total := mat.NewDense(width, width, nil)
	for i := range width {
		total.Set(i, i, 1)
	}
	const small = 1e-5
	for range steps {
		x := make([]float64, d)
		for i := range x {
			x[i] = 2*rng.Float64() - 1
		}
		step := func(state []float64) []float64 {
			h, c := m.RealStep(x, state[:d], state[d:], gain)
			return append(h, c...)
		}
		local := mat.NewDense(width, width, nil)
		for j := range width {
			state[j] += small
			up := step(state)
			state[j] -= 2 * small
			down := step(state)
			state[j] += small
			for i := range width {
				local.Set(i, j, (up[i]-down[i])/(2*small))
			}
		}
		var next mat.Dense
		next.Mul(local, total)
		total = &next
		state = step(state)
	}
	return total
}
