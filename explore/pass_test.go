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
