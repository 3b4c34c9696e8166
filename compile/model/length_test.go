package model

import (
	"strings"
	"testing"

	"github.com/tc0lab/tc0"
)

// TestShorter asserts that fewer tokens have as large a share of outputs, that all of them are the network itself, and
// that other lengths are refused.
func TestShorter(t *testing.T) {
	quantised := func(name string) *Quantised {
		m, err := Find(name, tc0.Models())
		if err != nil {
			t.Fatal(err)
		}
		q, err := m.Quantise(Quantisation{})
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
	q := quantised("adder") // of 11 tokens, 4 of which answer
	for n, outputs := range map[int]int{11: 4, 6: 3, 3: 2, 1: 1} {
		p, err := q.Shorter(n)
		if err != nil {
			t.Fatal(err)
		}
		if in, out := len(p.Inputs()), len(p.Outputs()); in != n || out != outputs*(1+len(q.Labels)) {
			t.Errorf("n=%d: %d inputs, %d outputs", n, in, out)
		}
	}
	if q.Model.Config.Outputs != 4 {
		t.Errorf("the network has %d outputs now", q.Model.Config.Outputs)
	}
	for _, wrong := range []int{0, 12} {
		if _, err := q.Shorter(wrong); err == nil || !strings.Contains(err.Error(), "is no shorter input of tokens") {
			t.Errorf("n=%d: %v", wrong, err)
		}
	}
	if _, err := quantised("digits").Shorter(3); err == nil {
		t.Error("an image is shortened")
	}
}
