package compile

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

// activation is a real function that a Step can compute: monotone, or falling up to
// one turning point and rising after it.
type activation struct {
	name    string
	doc     string
	f       func(x float64) float64
	turning float64 // where it turns from falling to rising; NaN if it is monotone
}

// activations is the table of the functions that models use, in alphabetical order. To add a
// function, write a line here, and a line with its textbook formula in the test of this table.
var activations = []activation{
	{"gelu", "x·Φ(x), Φ the normal distribution", gelu, turningPoint(gelu)},
	{"gelu_tanh", "GELU in its tanh approximation", geluTanh, turningPoint(geluTanh)},
	{"identity", "x", func(x float64) float64 { return x }, monotone},
	{leakyReLU, "x above 0, 0.01·x below; leaky_relu:0.2 has another slope", leaky(0.01), monotone},
	{"relu", "max(x, 0)", func(x float64) float64 { return max(x, 0) }, monotone},
	{"sigmoid", "1/(1 + exp(−x))", sigmoid, monotone},
	{"silu", "x/(1 + exp(−x))", silu, turningPoint(silu)},
	{"softplus", "ln(1 + exp(x))", softplus, monotone},
	{"tanh", "hyperbolic tangent", math.Tanh, monotone},
}

// monotone marks a function without a turning point.
var monotone = math.NaN()

func gelu(x float64) float64 { return x * 0.5 * math.Erfc(-x/math.Sqrt2) }

// geluTanh is the approximation that GPT-2 was trained with (Hendrycks and Gimpel 2016).
func geluTanh(x float64) float64 {
	return float64(0.5*x) * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+float64(0.044715*float64(x*float64(x*x))))))
}

// leakyReLU is the name of max(x, 0) with a slope below 0 (Maas, Hannun and Ng 2013).
const leakyReLU = "leaky_relu"

func leaky(slope float64) func(x float64) float64 {
	return func(x float64) float64 { return max(x, 0) + float64(slope*min(x, 0)) }
}

// LeakyReLU returns the name of a leaky ReLU with a slope from 0 to 1 below 0.
func LeakyReLU(slope float64) string {
	return leakyReLU + ":" + strconv.FormatFloat(slope, 'g', -1, 64)
}

func silu(x float64) float64 { return x * sigmoid(x) }

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// softplus is written in a form in which exponentials cannot overflow.
func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// turningPoint finds the minimum of a function by golden section. The function must fall
// and then rise on [−3, 0].
func turningPoint(f func(float64) float64) float64 {
	lo, hi := -3.0, 0.0
	const ratio = 0.6180339887498949
	for range 60 {
		a, b := hi-float64(ratio*(hi-lo)), lo+float64(ratio*(hi-lo))
		if f(a) < f(b) {
			hi = b
		} else {
			lo = a
		}
	}
	return (lo + hi) / 2
}

// ActivationNames returns the names of the functions that [Activation] knows.
func ActivationNames() []string {
	var names []string
	for _, a := range activations {
		names = append(names, a.name)
	}
	return names
}

// ActivationFunc returns the real function of the given name.
// The error is an [*gates.UnknownError].
func ActivationFunc(name string) (func(x float64) float64, error) {
	a, err := findActivation(name)
	return a.f, err
}

func findActivation(name string) (activation, error) {
	if text, ok := strings.CutPrefix(name, leakyReLU+":"); ok {
		slope, err := strconv.ParseFloat(text, 64)
		if err != nil || !(slope >= 0 && slope <= 1) {
			return activation{}, &program.RangeError{Value: name, What: "the slope is not a number from 0 to 1"}
		}
		return activation{name: name, f: leaky(slope), turning: monotone}, nil
	}
	return gates.Find("activation", name, activations, func(a activation) string { return a.name })
}

// textbook are the functions of blocks, written as in textbooks. They make the real numbers
// that circuits are compared with. The table above differs from them in the last digits.
var textbook = map[string]func(x float64) float64{
	"gelu": func(x float64) float64 { return x * 0.5 * (1 + math.Erf(x/math.Sqrt2)) },
	"gelu_tanh": func(x float64) float64 {
		return x * 0.5 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+float64(0.044715*x*x*x))))
	},
	"leaky_relu": func(x float64) float64 {
		if x < 0 {
			return 0.01 * x
		}
		return x
	},
	"relu":     func(x float64) float64 { return max(x, 0) },
	"sigmoid":  sigmoid,
	"silu":     func(x float64) float64 { return x / (1 + math.Exp(-x)) },
	"softplus": func(x float64) float64 { return math.Log1p(math.Exp(x)) },
}

// Activation returns the staircase of a real function f, which is given by its name. An
// integer x of the domain stands for scale·x. It becomes f(scale·x)/unit, rounded to the
// nearest integer, halves up, and clipped to out. Outside the domain the staircase is
// constant.
//
// The staircase has one jump for each level of out that f reaches, on each side of a turning
// point. The width of the domain does not matter. The error is half a unit where values are
// not clipped.
// Errors: [*gates.UnknownError]; [*RangeError] unless both scales are positive and finite.
func Activation(
	name string, domain program.Range, scale float64, out program.Range, unit float64,
) (program.Staircase, error) {
	a, err := findActivation(name)
	if err != nil {
		return program.Staircase{}, err
	}
	if !(scale > 0 && unit > 0) || math.IsInf(scale, 0) || math.IsInf(unit, 0) {
		return program.Staircase{}, &program.RangeError{Value: name, What: fmt.Sprintf("scales %g and %g", scale, unit)}
	}
	if domain.Lo > domain.Hi || out.Lo > out.Hi {
		what := fmt.Sprintf("domain %v and values %v", domain, out)
		return program.Staircase{}, &program.RangeError{Value: name, What: what}
	}
	level := func(x int64) int64 {
		y := math.Floor(a.f(float64(x)*scale)/unit + 0.5)
		return int64(min(max(y, float64(out.Lo)), float64(out.Hi)))
	}
	turn := math.Floor(a.turning / scale)
	if math.IsNaN(turn) || turn < float64(domain.Lo) || turn >= float64(domain.Hi) {
		return program.Monotone(domain, level), nil
	}
	middle := int64(turn)
	falling := program.Monotone(program.Range{Lo: domain.Lo, Hi: middle}, level)
	rising := program.Monotone(program.Range{Lo: middle + 1, Hi: domain.Hi}, level)
	if jump := rising.Base - level(middle); jump != 0 {
		falling.At, falling.Jump = append(falling.At, middle+1), append(falling.Jump, jump)
	}
	falling.At = append(falling.At, rising.At...)
	falling.Jump = append(falling.Jump, rising.Jump...)
	return falling, nil
}

// ActivationJumps bounds the sum of the absolute jumps of an [Activation] of a known name, whatever the domain and
// the scales are, and so the number of its jumps. The range out must contain 0. A function that turns falls from at
// most 0, and then rises; one that is never negative only rises from 0.
func ActivationJumps(name string, out program.Range) (int64, error) {
	a, err := findActivation(name)
	switch {
	case err != nil:
		return 0, err
	case !math.IsNaN(a.turning):
		return out.Hi - 2*out.Lo, nil
	case a.f(-1e9) >= 0:
		return out.Hi, nil
	}
	return out.Hi - out.Lo, nil
}

// Activate is [program.Program.Step] with an [Activation].
func Activate(
	p *program.Program, x program.Value, name string, scale float64, out program.Range, unit float64,
) program.Value {
	return p.Step(x, activationOf(p, x, name, scale, out, unit))
}

// activationOf is [Activation] on the range of x, which must fit 64 bits. The program keeps the error.
func activationOf(
	p *program.Program, x program.Value, name string, scale float64, out program.Range, unit float64,
) program.Staircase {
	f, err := Activation(name, p.Domain(x, name), scale, out, unit)
	p.Fail(err)
	return f
}
