package explore_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/gates"
)

// asking calls a method and reads its answer.
func asking[T any](t testing.TB, s *explore.Session, method, args string) (answer T) {
	t.Helper()
	text, err := s.Do(method, json.RawMessage(args))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestGateSaysWhyItIsThere(t *testing.T) {
	c := attention(t)
	s, err := explore.Open(c, explore.Options{Reasons: map[string]map[string]string{"scores": {"AND": "a product"}}})
	if err != nil {
		t.Fatal(err)
	}
	for g := range circuit.Gate(c.Len()) {
		want := ""
		if c.Kind(g) == gates.And {
			want = "AND of 2 inputs: a product"
		}
		if got := asking[explore.Gate](t, s, "gate", fmt.Sprintf(`{"gate":%d}`, g)).Why; got != want {
			t.Errorf("gate %d is there for %q, want %q", g, got, want)
		}
	}
}

func TestOutputOfThermometerIsFoundByItsBound(t *testing.T) {
	c := attention(t)
	s, err := explore.Open(c, explore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"y[0,0] >= 1", "Y[0,0] ≥ 1"} {
		hits := asking[struct{ Hits []explore.Hit }](t, s, "search", `{"text":"`+text+`"}`).Hits
		if len(hits) != 1 || hits[0].Item != "y2" || hits[0].Name != "y[0,0].2: y[0,0] ≥ 1" {
			t.Errorf("%q finds %v, want y2", text, hits)
		}
	}
}

// The one path goes from item to item of the view, whatever is folded.
func TestViewMarksOneLongestPath(t *testing.T) {
	c := attention(t)
	s, err := explore.Open(c, explore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := asking[explore.Path](t, s, "path", `{"output":-1}`)
	if len(p.Names) != len(p.Gates) || p.Levels[len(p.Levels)-1] != p.Depth || p.Kinds[0] != "INPUT" || p.Output != "y[0,0].0" {
		t.Errorf("the path is %+v", p)
	}
	for _, open := range []string{`[]`, `["in0","p0","p1","s2","s3","s4","s5"]`} {
		v := asking[explore.View](t, s, "view", `{"open":`+open+`,"filter":{"kind":"path"}}`)
		var through []int
		for k, i := range v.Chain {
			item := v.Items[i]
			if k > 0 && item.Column < v.Items[v.Chain[k-1]].Column {
				t.Errorf("the path goes back to %s", item.ID)
			}
			if item.Gate != nil && item.Kind == "gate" {
				through = append(through, *item.Gate)
			}
		}
		want := p.Gates
		if open == "[]" {
			want = nil
		}
		if !slices.Equal(through, want) || len(v.Chain) != len(p.Gates) {
			t.Errorf("open %s: the path goes through the gates %v in %d items, want %v of %v", open, through, len(v.Chain), want, p.Gates)
		}
	}
}

func TestForksHaveTheirOwnInputs(t *testing.T) {
	s, err := explore.Open(parity(t, 4), explore.Options{Input: "0100"})
	if err != nil {
		t.Fatal(err)
	}
	asking[explore.Change](t, s, "toggle", `{"input":0}`)
	other, err := s.Fork()
	if err != nil {
		t.Fatal(err)
	}
	if got := asking[explore.Change](t, other, "toggle", `{"input":3}`); got.Bits != "0101" || got.Outputs != "0" || len(got.Differ) != 1 {
		t.Errorf("the fork is at %+v, want 0101 and 0", got)
	}
	if got := asking[explore.Change](t, s, "toggle", `{"input":2}`); got.Bits != "1110" || got.Outputs != "1" {
		t.Errorf("the first session is at %+v, want 1110 and 1", got)
	}
}
