package analysis

import (
	"slices"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// A critical path starts at a source, ends at an output, every step reads the one
// before, and its levels rise to the depth of the circuit.
func TestCriticalPathIsAPath(t *testing.T) {
	for _, text := range []string{"attention:n=4,d=2", "attention:n=2,d=2,strategy=min-size", "mlp:n=4,layers=4"} {
		c, _ := build(t, text)
		for _, model := range gates.DepthModels() {
			levels := c.Levels(model)
			path := CriticalPath(c, model)
			if len(path) < 2 {
				t.Fatalf("%s: the path is %v", text, path)
			}
			if first := path[0]; !c.Kind(first.Gate).IsSource() || first.Level != 0 || first.Port == "" {
				t.Errorf("%s, %s: the path starts at %+v", text, model.Name, first)
			}
			last := path[len(path)-1]
			isOutput := slices.ContainsFunc(c.Outputs(), func(x circuit.Lit) bool {
				return x.Gate() == last.Gate && int(levels.Of(x)) == levels.Depth
			})
			if !isOutput || last.Port == "" {
				t.Errorf("%s, %s: the path ends at %+v, which is no output at depth %d",
					text, model.Name, last, levels.Depth)
			}
			for i := 1; i < len(path); i++ {
				from, to := path[i-1], path[i]
				if !reads(c, to.Gate, from.Gate) {
					t.Errorf("%s, %s: gate %d does not read gate %d", text, model.Name, to.Gate, from.Gate)
				}
				rise := to.Level - from.Level
				if cost := c.Cost(model, to.Gate); rise < cost || rise > cost+model.Complement {
					t.Errorf("%s, %s: from level %d to %d by a %s gate",
						text, model.Name, from.Level, to.Level, to.Kind)
				}
				if to.Stage != c.StagePath(c.StageOf(to.Gate)) {
					t.Errorf("%s: gate %d is said to be of stage %q", text, to.Gate, to.Stage)
				}
			}
		}
	}
}

// reads reports whether g reads h, directly or through sums.
func reads(c *circuit.Circuit, g, h circuit.Gate) bool {
	s, ok := c.ReadsSum(g)
	if !ok {
		return slices.ContainsFunc(c.Fanin(g), func(x circuit.Lit) bool { return x.Gate() == h })
	}
	var in func(s circuit.SumID) bool
	in = func(s circuit.SumID) bool {
		return slices.ContainsFunc(c.Refs(s), func(r circuit.Ref) bool {
			return r.IsSum() && in(r.Sum()) || !r.IsSum() && r.Gate() == h
		})
	}
	return in(s)
}

func TestCriticalPathOfAWire(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 2)
	b.Output("y", x[1])
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	path := CriticalPath(c, gates.Standard())
	if len(path) != 1 || path[0].Kind != "INPUT" || path[0].Level != 0 {
		t.Errorf("the path of a wire is %+v", path)
	}
}
