package precision_test

import (
	"maps"
	"testing"

	"github.com/tc0lab/tc0/compile/precision"
)

func TestTheMostSpecialNameCounts(t *testing.T) {
	c := precision.New(precision.Bits{
		"layer 1/query": 3, "layer 1/*": 4, "layer *": 5, "keys": 6, "unused": 7, "*.weight": 8, "weights": 9, "last": 10,
	})
	for _, test := range []struct {
		name  string
		kinds []string
		want  int
	}{
		{"layer 1/query", []string{"queries"}, 3},
		{"layer 1/key", []string{"keys"}, 4},
		{"layer 2/key", []string{"keys"}, 5},
		{"key", []string{"keys"}, 6},
		{"h.0.weight", []string{"weights"}, 8},
		{"h.0.weight.x", []string{"embedding", "weights"}, 9},
		{"h.1.weight.x", []string{"last", "weights"}, 10},
		{"other", nil, 12},
	} {
		if got := c.Of(test.name, 12, test.kinds...); got != test.want {
			t.Errorf("%s has %d bits; %d are right", test.name, got, test.want)
		}
	}
	if got := c.Unused(); got != "unused" {
		t.Errorf("%q is said to be of no use", got)
	}
	names, kinds := c.Chosen()
	if !maps.Equal(kinds, precision.Bits{"queries": 3, "keys": 6, "weights": 10, "embedding": 9, "last": 10}) {
		t.Errorf("kinds %v", kinds)
	}
	if len(names) != 8 || names.Names()[0] != "h.0.weight" || names["other"] != 12 {
		t.Errorf("names %v", names)
	}
}

func TestOutside(t *testing.T) {
	for name, b := range map[string]precision.Bits{
		"": {"a": 2, "b": 16}, "b": {"a": 2, "b": 17, "c": 0}, "a": {"a": 1, "b": 99},
	} {
		if got := b.Outside(); got != name {
			t.Errorf("%v: %q", b, got)
		}
	}
}

func TestKind(t *testing.T) {
	for name, want := range map[string]string{
		"layer 12/query": "queries", "layer 1/norm 2": "norms", "last norm": "last norm", "hidden 3": "hidden",
		"layer 1/B": "B", "layer 1/residual 1": "residual", "output": "output", "embedding norm": "embedding norm",
	} {
		if got := precision.Kind(name); got != want {
			t.Errorf("%s is of the kind %q", name, got)
		}
	}
}
