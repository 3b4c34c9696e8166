package diagram

import (
	"errors"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
)

// The depth and the gates in the caption are those of circuits, or bounds on them.
func TestCaption(t *testing.T) {
	numbers := regexp.MustCompile(
		`depth (at most )?(\d+) \(standard depth model\), (at most )?([0-9,]+) gates?, strategy ([a-z-]+)<`,
	)
	for _, f := range compile.Families() {
		for _, strategy := range []lower.Strategy{{}, lower.MinDepth, lower.Balanced} {
			p := programOf(t, f.Name+":n=3")
			c, err := lower.Program(p, strategy)
			if err != nil {
				t.Fatal(err)
			}
			for _, cfg := range []Config{{Strategy: strategy}, {Strategy: strategy, Circuit: c}} {
				m := numbers.FindStringSubmatch(drawn(t, p, cfg))
				if m == nil {
					t.Fatalf("%s: no caption", f.Name)
				}
				depth, err1 := strconv.Atoi(m[2])
				size, err2 := strconv.Atoi(strings.ReplaceAll(m[4], ",", ""))
				bound := cfg.Circuit == nil
				if (m[1] != "") != bound || (m[3] != "") != bound || m[5] != strategy.String() || err1 != nil ||
					err2 != nil {
					t.Errorf("%s, %v: %q", f.Name, strategy, m[0])
				}
				if depth < c.Depth() || size < c.Size() || !bound && (depth != c.Depth() || size != c.Size()) {
					t.Errorf(
						"%s, %v: %q, and the circuit has depth %d and %d gates",
						f.Name,
						strategy,
						m[0],
						c.Depth(),
						c.Size(),
					)
				}
				if bound && strategy == lower.MinDepth && depth != c.Depth() {
					t.Errorf("%s: the bound on the depth is %d, and the depth %d", f.Name, depth, c.Depth())
				}
			}
		}
	}
}

// The gates of stages are those of the circuit, and never more than the bounds.
func TestMeasured(t *testing.T) {
	for _, spec := range specs() {
		p := programOf(t, spec)
		if p.Open() {
			continue
		}
		c, err := lower.Program(p, lower.MinDepth)
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := Config{Strategy: lower.MinDepth, Circuit: c}.complete()
		if err != nil {
			t.Fatal(err)
		}
		s, err := newScene(p, cfg, 0)
		if err != nil {
			t.Fatal(err)
		}
		top, exact := int64(0), true
		for i := range s.frames {
			fr := &s.frames[i]
			if most, ok := fr.cost.gates.At(nil); !ok || fr.cost.exact && most.Cmp(big.NewInt(fr.cost.counted)) < 0 {
				t.Errorf("%s: stage %s has %d gates, bound %v", spec, fr.name, fr.cost.counted, fr.cost.gates)
			}
			if fr.depth == 1 {
				top += fr.cost.counted
				exact = exact && fr.cost.exact
			}
		}
		outside := int64(0)
		for g := range circuit.Gate(c.Len()) {
			if c.StageOf(g) == 0 && !c.Kind(g).IsSource() {
				outside++
			}
		}
		if exact && top+outside != int64(c.Size()) {
			t.Errorf("%s: stages have %d gates and the circuit %d, %d of them outside", spec, top, c.Size(), outside)
		}
	}
	p := programOf(t, "attention:n=4")
	c, err := lower.Program(p, lower.MinDepth)
	if err != nil {
		t.Fatal(err)
	}
	text := drawn(t, p, Config{Strategy: lower.MinDepth, Circuit: c})
	n := 0
	for g := range circuit.Gate(c.Len()) {
		if c.StagePath(c.StageOf(g)) == "exp" {
			n++
		}
	}
	if want := fmt.Sprintf("<b>exp</b>  <font point-size=\"9\" color=\"#6b6b6b\">+1 layer, %d gates<", n); n == 0 ||
		!strings.Contains(text, want) {
		t.Errorf("%q is not in the figure", want)
	}
	for _, other := range []string{"attention:n=3", "attention", "mlp:n=4"} {
		var wrong *CircuitError
		if err := DOT(io.Discard, programOf(t, other), Config{Circuit: c}); !errors.As(err, &wrong) ||
			wrong.Program != programOf(t, other).Name() {
			t.Errorf("the circuit of another program: %v", err)
		}
	}
}

// The gates of the frames and boxes add up to those of the caption.
func TestGatesAddUp(t *testing.T) {
	for _, spec := range specs() {
		p := programOf(t, spec)
		cfg, err := Config{Strategy: lower.MinDepth}.complete()
		if err != nil {
			t.Fatal(err)
		}
		s, err := newScene(p, cfg, 0)
		if err != nil {
			t.Fatal(err)
		}
		f, err := formula.Of(p, cfg.Strategy)
		if err != nil {
			t.Fatal(err)
		}
		var all poly.Poly
		for i := range s.frames {
			if s.frames[i].depth == 1 {
				all = all.Plus(s.frames[i].cost.gates)
			}
		}
		for id := range s.nodes {
			if s.show[id] == id && s.home[id] == 0 {
				all = all.Plus(s.costs.all[id])
			}
		}
		for _, n := range []int64{3, 10} {
			at := map[string]*big.Int{"n": big.NewInt(n)}
			got, ok1 := all.At(at)
			want, ok2 := s.costs.at(f.Gates).At(at)
			if !ok1 || !ok2 || got.Cmp(want) != 0 {
				t.Errorf("%s: the frames have %v gates, and the whole %v", spec, all, s.costs.at(f.Gates))
			}
		}
	}
}
