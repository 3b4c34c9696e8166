package forecast

import (
	"context"
	"errors"
	"math"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/problem"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/room"
)

// truths are circuits that were built: their gates, and the bytes of data at the peak of building them, collected
// after each 6 % (go1.26, amd64).
var truths = []struct {
	spec         string
	gates, bytes float64
}{
	{"attention:n=48", 346032, 26.8e6},
	{"attention:n=32,d=8,bits=4", 795840, 69.4e6},
	{"attention:n=64,kind=average-hard", 607616, 41.5e6},
	{"attention:n=8,d=32", 307528, 37.8e6},
	{"attention:n=128,d=4", 2458752, 173.6e6},
	{"cot:n=64", 48821, 6.43e6},
	{"cot:n=256", 194919, 31.3e6},
	{"denoiser:n=256", 4981, 9.47e6},
	{"denoiser:n=512", 10353, 32.1e6},
	{"diffusion:n=1000,steps=8", 676, 0.59e6},
	{"glu:n=64", 75328, 7.95e6},
	{"glu:n=128", 310784, 29e6},
	{"gru:n=128", 20616, 6.61e6},
	{"gru:n=512", 83208, 16.8e6},
	{"layer:n=16", 154928, 10.4e6},
	{"layer:n=40", 958520, 52.8e6},
	{"layer:n=8,d=8,heads=2,bits=4,strategy=balanced", 97072, 8.77e6},
	{"layer:n=16,d=16,heads=2,bits=4,strategy=balanced", 1045952, 85.9e6},
	{"layernorm:n=300", 29400, 6.49e6},
	{"layernorm:n=1000", 98000, 18.6e6},
	{"looped:n=32,steps=4", 2001792, 106e6},
	{"looped:n=64", 624000, 48e6},
	{"lstm:n=128", 12716, 5.93e6},
	{"lstm:n=512", 51116, 18.3e6},
	{"mamba:n=64", 193420, 30.3e6},
	{"mamba:n=128", 406540, 72.9e6},
	{"mamba:n=256", 832780, 230.4e6},
	{"mlp:n=256", 5376, 9.32e6},
	{"mlp:n=1024", 21504, 120.8e6},
	{"mlp:n=1500", 31500, 261.1e6},
	{"mlp:n=64,hidden=512,layers=3", 7616, 11.1e6},
	{"rmsnorm:n=300", 13200, 3.49e6},
	{"rmsnorm:n=1000", 44000, 10.2e6},
	{"rnn:n=200", 1793, 1.91e6},
	{"rnn:n=1000", 8993, 8.15e6},
	{"s4:n=128", 2004, 8.14e6},
	{"s4:n=512", 8532, 111.7e6},
	{"ssm:n=200", 17, 16.1e6},
	{"ssm:n=1000", 17, 391.4e6},
	{"transformer:n=128", 111399, 14.2e6},
	{"transformer:n=512", 442254, 93.8e6},
	{"transformer:n=1024", 883836, 327.5e6},
}

func specOf(t *testing.T, text string) (*Forecast, compile.Spec) {
	t.Helper()
	spec, err := compile.ParseSpec(text)
	if err != nil {
		t.Fatal(err)
	}
	s, err := spec.Strategy()
	if err != nil {
		t.Fatal(err)
	}
	f, err := Spec(t.Context(), spec, s, basis.TC0, Limits{})
	if err != nil || f == nil {
		t.Fatalf("%s: %v, %v", text, f, err)
	}
	return f, spec
}

func within(t *testing.T, what string, got, want, factor float64) {
	t.Helper()
	if !(got <= factor*want && got >= want/factor) {
		t.Errorf("%s: %.4g, and it is %.4g", what, got, want)
	}
}

// Gates and memory of all families are met within a factor of 2.
func TestFamiliesAreMet(t *testing.T) {
	seen := map[string]int{}
	for _, truth := range truths {
		f, spec := specOf(t, truth.spec)
		seen[spec.Family.Name]++
		name := truth.spec + " (" + string(f.Method) + ")"
		within(t, name+", gates", f.Gates, truth.gates, 2)
		within(t, name+", bytes", f.Bytes(), truth.bytes, 2)
		if f.Method == Exact && f.Gates != truth.gates {
			t.Errorf("%s: %v gates by the polynomial, and it has %v", truth.spec, f.Gates, truth.gates)
		}
	}
	for _, f := range compile.Families() {
		if seen[f.Name] == 0 {
			t.Errorf("%s is not among them", f.Name)
		}
	}
}

// Gates and wires of all problems are met by those of the circuit.
func TestProblemsAreMet(t *testing.T) {
	for _, name := range problem.Names() {
		for _, n := range []int{12, 40, 64} {
			spec, err := problem.Parse(name)
			if err != nil {
				t.Fatal(err)
			}
			if spec = spec.With("n", n); spec.Possible() != nil || name == "reachability" && n > 40 {
				continue
			}
			f, err := Problem(t.Context(), spec, basis.TC0, Thorough)
			if err != nil || f == nil {
				t.Fatalf("%s: %v, %v", spec.Short(), f, err)
			}
			c, err := spec.Circuit()
			if err != nil {
				t.Fatal(err)
			}
			st := c.Stats()
			within(t, spec.Short()+", gates", f.Gates, float64(st.Size), 2)
			within(t, spec.Short()+", wires", f.Wires, float64(st.Wires), 2)
		}
	}
}

// The bounds of the memory are the same at n, and the next n is beyond it.
func TestMostFits(t *testing.T) {
	f, _ := specOf(t, "attention:n=2000")
	if f.Method != Exact || f.Gates != 600018000 {
		t.Errorf("%v gates, %s", f.Gates, f.Method)
	}
	const bytes = 16e9
	n := f.Most(bytes)
	at, next := f.at(float64(n)).Bytes(), f.at(float64(n+1)).Bytes()
	if n < 500 || n > 1200 || at > bytes || next <= bytes {
		t.Errorf("n = %d with %.4g bytes, the next with %.4g", n, at, next)
	}
	if f.Most(1) != 0 {
		t.Error("a byte is enough")
	}
}

func TestRefusal(t *testing.T) {
	before := debug.SetMemoryLimit(1 << 30)
	defer debug.SetMemoryLimit(before)
	f, _ := specOf(t, "attention:n=2000")
	err := f.Refusal("attention:n=2000")
	var short *room.Error
	if !errors.As(err, &short) || short.Need != int64(f.Bytes()) {
		t.Fatalf("%v", err)
	}
	for _, want := range []string{"attention:n=2000, with about 6e+08 gates: this needs ", "; n <= ", " would fit"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q lacks %q", err, want)
		}
	}
	if f, _ := specOf(t, "attention:n=32"); f.Refusal("attention:n=32") != nil {
		t.Error("what fits is refused")
	}
	// What merges away is not refused by its formula, which has 155,158,310 gates.
	if f, _ := specOf(t, "transformer:n=512"); f.Refusal("transformer:n=512") != nil {
		t.Error("what fits is refused")
	}
	if f := (&Forecast{Counts: Counts{Gates: 1e12}, Method: Bound}); f.Refusal("a bound") != nil {
		t.Error("a bound is ground to refuse")
	}
}

func TestLimits(t *testing.T) {
	spec, err := compile.ParseSpec("attention:n=16")
	if err != nil {
		t.Fatal(err)
	}
	s, _ := spec.Strategy()
	for _, c := range []struct {
		n    int
		most Limits
		want bool
	}{
		{16, Limits{1e9, 60}, false},
		{16, Limits{1e6, 60}, true},
		{16, Limits{1e9, 1e-3}, true},
		{1e6, Limits{1e9, 60}, true},
	} {
		f, err := Spec(t.Context(), spec.With("n", c.n), s, basis.TC0, c.most)
		if err != nil || (f != nil) != c.want {
			t.Errorf("n=%d within %v: %v, %v", c.n, c.most, f, err)
		}
	}
}

func TestPolynomial(t *testing.T) {
	x := []int{2, 3, 4, 6, 8}
	y := []float64{7, 3 + 18, 3 + 32, 3 + 72, 3 + 128} // 2n² + 3, but for the first
	at, ok := polynomial(x, y)
	if !ok || at(1000) != 2e6+3 {
		t.Errorf("%v, %v", ok, at(1000))
	}
	if _, ok := polynomial(x, []float64{1, 2, 4, 8, 17}); ok {
		t.Error("a polynomial through as many points as it has coefficients")
	}
}

// A family that doubles, without formulas.
func TestFamilyStops(t *testing.T) {
	never := func(int) (Counts, bool) { return Counts{}, false }
	always := func(int) bool { return true }
	failure := errors.New("none")
	fails := func(context.Context, int) (*circuit.Circuit, *program.Program, error) { return nil, nil, failure }
	_, err := Family(t.Context(), 2, 100, always, fails, never, Thorough)
	if !errors.Is(err, failure) {
		t.Errorf("%v", err)
	}
	one := func(_ context.Context, n int) (*circuit.Circuit, *program.Program, error) {
		b := circuit.NewBuilder()
		b.Output("y", b.And(b.Inputs("x", n)...))
		c, err := b.Circuit()
		return c, nil, err
	}
	f, err := Family(t.Context(), 2, 1<<40, always, one, never, Thorough)
	if err != nil || f.Method != Exact || f.Gates != 1 || f.Wires != 1<<40 ||
		!slices.Equal(f.Members, []int{2, 3, 4, 6, 8}) {
		t.Errorf("%+v, %v", f, err)
	}
	large := func(n int) (Counts, bool) { return Counts{Gates: float64(n) * 1e6}, true }
	f, err = Family(t.Context(), 2, 1<<40, always, nil, large, Thorough)
	if err != nil || f.Method != Bound || f.Gates != math.Ldexp(1e6, 40) || f.Most(1e9) != 0 {
		t.Errorf("%+v, %v", f, err)
	}
}
