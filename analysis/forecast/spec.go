package forecast

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"sync"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/problem"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/room"
)

// bounds returns the formulas of a family as a function of n. It reports false if the family has none.
func bounds(open func() (*program.Program, error), s lower.Strategy) func(n int) (Counts, bool) {
	costs := sync.OnceValue(func() *formula.Costs {
		p, err := open()
		if err != nil {
			return nil // what it does depends on n
		}
		f, err := formula.Of(p, s)
		if err != nil {
			return nil
		}
		return f
	})
	return func(n int) (Counts, bool) {
		if costs() == nil {
			return Counts{}, false
		}
		return boundOf(costs(), n)
	}
}

// Limits are what needs no forecast: a circuit that surely takes less.
type Limits struct{ Bytes, Seconds float64 }

// Spec forecasts the member that a spec of a family names, under a strategy and in a basis. The forecast is nil if
// there are no formulas and the smaller members are large already, or if by its formulas alone it is within the limits.
func Spec(ctx context.Context, spec compile.Spec, s lower.Strategy, b basis.Basis, unless Limits) (*Forecast, error) {
	n := spec.Args.Int("n")
	bound := bounds(spec.OpenProgram, s)
	if most, ok := bound(n); ok && b == basis.TC0 {
		most.Terms = most.Wires // there are at most so many
		if most.Bytes() <= unless.Bytes && most.Seconds() <= unless.Seconds {
			return nil, nil
		}
	}
	f, err := Family(ctx, 2, n, func(n int) bool { return spec.Member(n) == nil },
		func(ctx context.Context, n int) (*circuit.Circuit, *program.Program, error) {
			return member(ctx, spec.With("n", n), s, b)
		}, bound, Thorough)
	if err != nil || f != nil && f.Method != Bound {
		return f, err
	}
	c, ok := bound(n)
	if !ok {
		return nil, nil
	}
	if f, err := scaled(ctx, spec, s, b, c); err != nil || f != nil {
		return f, err
	}
	if b != basis.TC0 {
		return nil, nil
	}
	return &Forecast{Counts: c, Method: Bound}, nil
}

// member builds the circuit of a spec, unless its program has much in it.
func member(
	ctx context.Context, spec compile.Spec, s lower.Strategy, b basis.Basis,
) (*circuit.Circuit, *program.Program, error) {
	i, err := spec.Instance()
	var short *room.Error
	if errors.As(err, &short) {
		return nil, nil, errMuch
	} else if err != nil {
		return nil, nil, err
	}
	p := i.Program
	var c Counts
	if c.of(p); c.work() > float64(Thorough) {
		return nil, nil, errMuch
	}
	made, err := lower.ProgramContext(ctx, p, s, nil)
	if err != nil {
		return nil, nil, err
	}
	made, err = basis.Legalise(ctx, made, b)
	return made, p, err
}

// kept are parameters that are not made smaller: gates grow with them in other ways than with sizes.
var kept = []string{"bits", "seed", "strategy", "steps", "layers"}

// halved returns a spec with its great sizes halved; nil if it has none, or they cannot be.
func halved(spec compile.Spec) *compile.Spec {
	for _, most := range []int{64, 16, 2} { // the greatest first
		next, some := spec, false
		for _, p := range spec.Family.Params {
			v, err := strconv.Atoi(spec.Args[p.Name])
			if err == nil && v > most && !slices.Contains(kept, p.Name) {
				next, some = next.With(p.Name, v/2), true
			}
		}
		if some && next.Member(next.Args.Int("n")) == nil {
			return &next
		}
	}
	return nil
}

// sixteenth is how many times the wires at most become less where all sizes are halved.
const sixteenth = 16

// scaled makes a forecast of the bound c of a spec: its sizes are halved until the circuit is small, and once more. Of
// gates and wires as much is left as of the bound of the smaller one; the other counts go on as from the one to the
// other. It is nil if there are no small ones.
func scaled(ctx context.Context, spec compile.Spec, s lower.Strategy, b basis.Basis, c Counts) (*Forecast, error) {
	var counts [2]Counts
	var like compile.Spec
	halvings := 0.0
	for wires := c.Wires; wires > sixteenth*mostWires; wires /= sixteenth { // as fast as they can fall
		if next := halved(spec); next != nil {
			spec, halvings = *next, halvings+1
		}
	}
	for k := 0; k < 2; {
		next := halved(spec)
		if next == nil && k == 1 {
			break // the other counts grow as the gates do
		} else if next == nil {
			return nil, nil
		}
		spec = *next
		bound, ok := bounds(spec.OpenProgram, s)(spec.Args.Int("n"))
		if k == 0 {
			halvings++
		}
		if !ok || bound.Gates > mostGates || bound.Wires > mostWires {
			continue
		}
		circuit, p, err := member(ctx, spec, s, b)
		if errors.Is(err, errMuch) {
			continue
		} else if err != nil {
			return nil, err
		}
		if counts[k] = Count(circuit, p); k == 0 {
			like = spec
			c.Gates, c.Wires = c.Gates*counts[0].Gates/bound.Gates, c.Wires*counts[0].Wires/bound.Wires
		}
		k++
	}
	growth := c.Gates / counts[0].Gates
	for i, v := range c.list() {
		if i < termsAt {
			continue
		}
		*v = growth * *counts[0].list()[i]
		if last, before := *counts[0].list()[i], *counts[1].list()[i]; before > 0 {
			*v = last * math.Pow(max(1, last/before), halvings)
		}
	}
	c.Terms = max(c.Numbers, counts[0].Terms*growth)
	return &Forecast{Counts: c, Method: Scaled, like: like.Short()}, nil
}

// What the circuit of a shorter input may take by its formulas, and how much of the input it must have.
const (
	mostSeconds = 0.5
	leastShare  = 4
)

// Model forecasts the circuit of a trained network that reads n tokens; shorter returns it for fewer. Of the formulas
// as much is left as of those of a shorter input, whose circuit is built. They are the forecast if that would be large.
func Model(
	ctx context.Context, n int, shorter func(n int) (*program.Program, error), s lower.Strategy,
) (*Forecast, error) {
	var f *Forecast
	for k := n; k > 1 && k >= n/leastShare; k-- {
		p, err := shorter(k)
		if err != nil {
			return nil, err
		}
		bound, err := Program(p, s, 1)
		if err != nil {
			return nil, err
		}
		if k == n {
			f = bound
			continue
		}
		if bound.Seconds() > mostSeconds {
			continue
		}
		c, err := lower.ProgramContext(ctx, p, s, nil)
		if err != nil {
			return nil, err
		}
		left := Count(c, p)
		f.Gates, f.Wires = f.Gates*left.Gates/bound.Gates, f.Wires*left.Wires/bound.Wires
		f.Terms = left.Terms * f.Gates / left.Gates
		f.Method, f.like = Scaled, fmt.Sprintf("an input of %d tokens", k)
		break
	}
	return f, nil
}

// Problem forecasts the circuit of a problem in a basis.
func Problem(ctx context.Context, spec problem.Spec, b basis.Basis, effort Effort) (*Forecast, error) {
	make := func(ctx context.Context, n int) (*circuit.Circuit, *program.Program, error) {
		c, err := spec.With("n", n).Circuit()
		if err != nil {
			return nil, nil, err
		}
		c, err = basis.Legalise(ctx, c, b)
		return c, nil, err
	}
	possible := func(n int) bool { return spec.With("n", n).Possible() == nil }
	return Family(ctx, 2, spec.Args.Int("n"), possible, make,
		func(int) (Counts, bool) { return Counts{}, false }, effort)
}
