package compile

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/compile/internal/lowertest"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

func TestActivationIsTheRoundedFunction(t *testing.T) {
	for _, name := range ActivationNames() {
		f, err := ActivationFunc(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, domain := range []program.Range{
			{Lo: -2000, Hi: 2000},
			{Lo: -5, Hi: 3000},
			{Lo: -3000, Hi: -100},
			{Lo: 40, Hi: 3000},
			{Lo: 7, Hi: 7},
			{Lo: -700, Hi: -300},
		} {
			for _, scale := range []float64{1, 1.0 / 64, 0.003, 1.0 / 700} {
				for _, out := range []struct {
					r    program.Range
					unit float64
				}{
					{program.Range{Lo: -1 << 20, Hi: 1 << 20}, 1.0 / 16},
					{program.Range{Lo: 0, Hi: 7}, 0.125},
					{program.Range{Lo: -1, Hi: 2}, 0.1},
					{program.Range{Lo: -4000, Hi: 4000}, 0.001},
					{program.Range{Lo: 3, Hi: 3}, 1},
					{program.Range{Lo: 2, Hi: 9}, 0.3},
				} {
					s, err := Activation(name, domain, scale, out.r, out.unit)
					if err != nil {
						t.Fatal(err)
					}
					if err := s.Check(); err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					for x := domain.Lo; x <= domain.Hi; x++ {
						want := math.Floor(f(float64(x)*scale)/out.unit + 0.5)
						want = math.Min(math.Max(want, float64(out.r.Lo)), float64(out.r.Hi))
						if got := s.Apply(x); got != int64(want) {
							t.Fatalf("%s of %d·%g in units of %g, clipped to %v, is %d, want %g", name, x, scale,
								out.unit, out.r, got, want)
						}
					}
					// Outside the domain it is constant.
					if s.Apply(math.MinInt64) != s.Apply(domain.Lo) || s.Apply(math.MaxInt64) != s.Apply(domain.Hi) {
						t.Errorf("%s changes outside %v", name, domain)
					}
				}
			}
		}
	}
}

// The formulas as papers print them; the package writes some so that no digits are
// lost.
func TestActivationFunctionsAreTheTextbookOnes(t *testing.T) {
	textbook := map[string]func(x float64) float64{
		"gelu": func(x float64) float64 { return x / 2 * (1 + math.Erf(x/math.Sqrt2)) },
		"gelu_tanh": func(x float64) float64 {
			return x / 2 * (1 +
				math.Tanh(math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x)))
		},
		"identity":   func(x float64) float64 { return x },
		"leaky_relu": func(x float64) float64 { return max(0.01*x, x) },
		"relu":       func(x float64) float64 { return max(x, 0) },
		"sigmoid":    func(x float64) float64 { return math.Exp(x) / (math.Exp(x) + 1) },
		"silu":       func(x float64) float64 { return x * math.Exp(x) / (math.Exp(x) + 1) },
		"softplus":   func(x float64) float64 { return math.Log(1 + math.Exp(x)) },
		"tanh":       func(x float64) float64 { return (math.Exp(2*x) - 1) / (math.Exp(2*x) + 1) },
	}
	for _, name := range ActivationNames() {
		f, _ := ActivationFunc(name)
		want, ok := textbook[name]
		if !ok {
			t.Errorf("%s has no textbook formula here", name)
			continue
		}
		for x := -20.0; x <= 20; x += 0.01 {
			if got := f(x); math.Abs(got-want(x)) > 1e-12 {
				t.Fatalf("%s(%g) = %g, want %g", name, x, got, want(x))
			}
		}
	}
	if len(textbook) != len(ActivationNames()) {
		t.Errorf("%d functions, %d formulas", len(ActivationNames()), len(textbook))
	}
}

func TestActivationsTurnWhereTheirSlopeIsZero(t *testing.T) {
	const tolerance = 1e-6 // a flat minimum is found to half the digits of its value
	for name, want := range map[string]float64{
		"gelu": -0.7517915246935645, "gelu_tanh": -0.7524614221, "silu": -1.2784645427610738,
	} {
		a, err := findActivation(name)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(a.turning-want) > tolerance {
			t.Errorf("%s turns at %.10f, want %.10f", name, a.turning, want)
		}
	}
	for _, name := range []string{"identity", "relu", "sigmoid", "softplus", "tanh"} {
		if a, _ := findActivation(name); !math.IsNaN(a.turning) {
			t.Errorf("%s turns at %g", name, a.turning)
		}
	}
}

func TestActivationErrors(t *testing.T) {
	var unknown *gates.UnknownError
	domain, out := program.Range{Lo: -9, Hi: 9}, program.Range{Lo: -4, Hi: 4}
	_, err := Activation("swish", domain, 1, out, 1)
	if !errors.As(err, &unknown) || !cmp.Equal(unknown.Known, ActivationNames()) {
		t.Errorf("an unknown name: %v", err)
	}
	if _, err := ActivationFunc("swish"); !errors.As(err, &unknown) {
		t.Errorf("an unknown name: %v", err)
	}
	for _, test := range []struct {
		domain, out program.Range
		scale, unit float64
	}{
		{domain, out, 0, 1},
		{domain, out, -1, 1},
		{domain, out, math.NaN(), 1},
		{domain, out, math.Inf(1), 1},
		{domain, out, 1, 0},
		{domain, out, 1, -1},
		{domain, out, 1, math.NaN()},
		{domain, out, 1, math.Inf(1)},
		{program.Range{Lo: 1, Hi: 0}, out, 1, 1},
		{domain, program.Range{Lo: 1, Hi: 0}, 1, 1},
	} {
		var bad *program.RangeError
		if _, err := Activation("gelu", test.domain, test.scale, test.out, test.unit); !errors.As(err, &bad) {
			t.Errorf("%+v: error %v", test, err)
		}
	}
	p := program.New("unknown")
	Activate(p, p.Input("x", program.Shape{program.NewDim("d", 2)}, 3, true), "swish", 1, out, 1)
	if !errors.As(p.Err(), &unknown) {
		t.Errorf("a program with an unknown activation: %v", p.Err())
	}
}

func TestActivationOfAWideDomainHasFewJumps(t *testing.T) {
	const wide = 1 << 40
	out := program.Range{Lo: -8, Hi: 7}
	for _, name := range ActivationNames() {
		f, _ := ActivationFunc(name)
		for _, scale := range []float64{0x1p-38, 0x1p-30, 0x1p-20, 1} {
			s, err := Activation(name, program.Range{Lo: -wide, Hi: wide}, scale, out, 0.0625)
			if err != nil {
				t.Fatal(err)
			}
			// Every level at most once falling and once rising.
			if levels := int(out.Hi - out.Lo); len(s.At) > 2*levels {
				t.Errorf("%s of scale %g has %d jumps for %d levels", name, scale, len(s.At), levels)
			}
			for _, at := range s.At {
				for x := at - 2; x <= at+2; x++ {
					want := math.Floor(f(float64(x)*scale)/0.0625 + 0.5)
					want = math.Min(math.Max(want, float64(out.Lo)), float64(out.Hi))
					if got := s.Apply(x); got != int64(want) {
						t.Fatalf("%s of %d·%g is %d, want %g", name, x, scale, got, want)
					}
				}
			}
		}
	}
}

func TestMLPActivationsAreExact(t *testing.T) {
	for _, name := range mlpActivations {
		for _, spec := range []string{
			"mlp:n=2,bits=3,activation=" + name,
			"mlp:n=3,bits=2,layers=3,activation=" + name,
		} {
			exactly(t, spec)
		}
	}
	for _, name := range mlpActivations {
		exactly(t, "mlp:n=6,bits=4,layers=3,activation="+name)
	}
}

// As for ReLU: half a unit, and what the rows of the output layer, of at most two
// units, make of half a unit of each hidden unit.
func TestMLPActivationsAreNearTheTextbook(t *testing.T) {
	for _, name := range mlpActivations {
		nearTextbook(t, 500, "mlp:n=4,bits=3,activation="+name, 0.4, 1.5)
		nearTextbook(t, 500, "mlp:n=4,bits=6,activation="+name, 0.4, 1.5)
	}
}

func TestMLPDepthDoesNotDependOnTheActivation(t *testing.T) {
	for _, name := range mlpActivations {
		for _, n := range []int{1, 2, 4, 8} {
			for layers := 1; layers <= 3; layers++ {
				p := instance(t, fmt.Sprintf("mlp:n=%d,layers=%d,activation=%s", n, layers, name)).Program
				if got := lowertest.Circuit(t, p, lower.MinDepth).Depth(); got != layers {
					t.Errorf("mlp n=%d with %s: depth %d with %d layers", n, name, got, layers)
				}
			}
		}
	}
}

func TestMLPOfAnUnknownActivation(t *testing.T) {
	var unknown *gates.UnknownError
	if _, err := (MLP{Activation: "tanh"}).Program(); !errors.As(err, &unknown) ||
		!cmp.Equal(unknown.Known, mlpActivations) {
		t.Errorf("error %v", err)
	}
	if _, err := ParseSpec("mlp:n=2,activation=tanh"); !errors.As(err, &unknown) {
		t.Errorf("error %v", err)
	}
}
