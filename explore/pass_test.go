package explore_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/explore"
)

// The page is told of the passes and steps that fit the circuit, and others are refused.
func TestPasses(t *testing.T) {
	c := attention(t)
	text := &explore.Text{Input: "x", Output: "y", Labels: []string{"a", "b"}, End: -1}
	steps := []explore.Step{{Stage: "scores", Output: "y", Black: -2, White: 1}}
	s, err := explore.Open(c, explore.Options{Text: text, Steps: steps})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := s.Do("about", nil)
	if err != nil {
		t.Fatal(err)
	}
	var about explore.About
	if err := json.Unmarshal(answer, &about); err != nil {
		t.Fatal(err)
	}
	if !cmp.Equal(about.Text, text) || !cmp.Equal(about.Steps, steps) {
		t.Errorf("about has the text %+v and the steps %+v", about.Text, about.Steps)
	}
	for _, test := range []struct {
		opt  explore.Options
		want string
	}{
		{
			explore.Options{Text: &explore.Text{Input: "x", Output: "y", First: 1}},
			`explore: a text of 2 ports "x" with 2 answers "y" from position 1 on`,
		},
		{
			explore.Options{Text: &explore.Text{Input: "z", Output: "y"}},
			`explore: a text of 0 ports "z" with 2 answers "y" from position 0 on`,
		},
		{
			explore.Options{Steps: []explore.Step{{Stage: "step 1", Output: "y"}}},
			`explore: a step of stage "step 1" with outputs "y", one of which the circuit has not`,
		},
		{
			explore.Options{Steps: []explore.Step{{Stage: "exp", Output: "x1"}}},
			`explore: a step of stage "exp" with outputs "x1", one of which the circuit has not`,
		},
	} {
		if _, err := explore.Open(c, test.opt); err == nil || err.Error() != test.want {
			t.Errorf("%+v: %v, want %s", test.opt, err, test.want)
		}
	}
}

// The number of tokens of a text is one that the text of the circuit may have.
func TestTokensOfAState(t *testing.T) {
	c := attention(t)
	text := &explore.Text{Input: "x", Output: "y", Labels: []string{"a", "b"}, End: -1}
	for _, test := range []struct {
		text *explore.Text
		n    int
		want string
	}{
		{text, 0, ""},
		{text, 2, ""},
		{text, 3, "explore: tokens 3; a text of this circuit has 1 to 2"},
		{nil, 1, "explore: tokens 1, and the circuit is no language model"},
	} {
		s, err := explore.Open(c, explore.Options{Text: test.text})
		if err != nil {
			t.Fatal(err)
		}
		args, err := json.Marshal(explore.State{Tokens: test.n})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		answer, err := s.Do("view", args)
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%d tokens: %q, want %q", test.n, got, test.want)
			continue
		}
		var view explore.View
		if err == nil && json.Unmarshal(answer, &view) != nil {
			t.Fatalf("%s is no view", answer)
		}
		if test.want == "" && view.State.Tokens != test.n {
			t.Errorf("the view has %d tokens, want %d", view.State.Tokens, test.n)
		}
	}
}

// What flips a gate is told of every item around it.
func TestFlipsOfFoldedItems(t *testing.T) {
	s := open(t, attention(t))
	f := do[explore.Flips](t, s, "flips", map[string]int{"gate": 5}) // x[0,0].0 and x[0,0].1
	asking[explore.Change](t, s, "toggle", `{"input":0}`)
	one := do[explore.Flips](t, s, "flips", map[string]int{"gate": 5})
	if len(f.Items) != 0 || !cmp.Equal(one.Items, map[string]int{"in0": 1, "p0": 1, "g2": 1}) {
		t.Errorf("the items %v and %v flip g5, want none, and in0, p0 and g2", f.Items, one.Items)
	}
}
