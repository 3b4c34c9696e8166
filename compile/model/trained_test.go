package model

import (
	"os"
	"slices"
	"testing"

	"github.com/tc0lab/tc0/compile/lower"
)

func trainedFolder(t testing.TB, name string) *Model {
	return mustLoad(t, os.DirFS("../../testdata/trained"), name)
}

// A LeakyReLU classifier without biases keeps its accuracy to one point.
func TestLeakyDigitsKeepTheirAccuracy(t *testing.T) {
	m := trainedFolder(t, "leaky-digits")
	all := mustLoad(t, os.DirFS("../../testdata/models"), "digits").Test
	held := &Dataset{Inputs: all.Inputs[1500:], Labels: all.Labels[1500:]}
	float := m.Correct(held)
	if float != 448 { // the script that trained it counted the same
		t.Errorf("%d of 500 are right in floating point, want 448", float)
	}
	q := mustQuantise(t, m, Quantisation{})
	integers, err := q.Correct(held)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("float %d, integers %d of 500", float, integers)
	if integers < float-5 {
		t.Errorf("%d of 500 are right in integers, and %d in floating point", integers, float)
	}
	c := mustLower(t, q.Program, lower.MinDepth)
	for _, in := range held.Inputs[:100] {
		same(t, q.Program, c, in)
	}
}

func TestTrainedCharacterGRU(t *testing.T) {
	m := trainedFolder(t, "char-gru")
	tokens := func(predict func(in []int64) []int) (right int) {
		for i, in := range m.Test.Inputs {
			r, _ := m.Test.RightTokens(i, predict(in))
			right += r
		}
		return right
	}
	if float := tokens(m.Predict); float != 633 { // the script that trained it counted the same
		t.Errorf("%d of 800 letters are right in floating point, want 633", float)
	}
	q := mustQuantise(t, m, Quantisation{})
	integers := tokens(func(in []int64) []int {
		answers, err := q.Predict(in)
		if err != nil {
			t.Fatal(err)
		}
		return answers
	})
	c := mustLower(t, q.Program, lower.Balanced)
	t.Logf("integers %d of 800 letters; %d gates, depth %d", integers, c.Size(), c.Depth())
	if integers < 625 {
		t.Errorf("%d of 800 letters are right in integers, and 633 in floating point", integers)
	}
	for _, in := range slices.Concat(m.Test.Inputs[:40], [][]int64{make([]int64, 10), slices.Repeat([]int64{15}, 10)}) {
		same(t, q.Program, c, in)
	}
}
