package compile_test

import (
	"slices"
	"testing"

	"github.com/tc0lab/tc0/compile"
)

// jumps are the thresholds and factors of a member, one list for each operation.
func jumps(t *testing.T, s compile.Spec, n int) (all [][]int64) {
	t.Helper()
	p, err := s.Program(n)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range p.Nodes() {
		all = append(all, append([]int64{o.Scale}, o.Steps.At...))
	}
	return all
}

// Where numbers are said to be sums over rows, thresholds depend on n; where they are said to be the
// same, they do not.
func TestNumbers(t *testing.T) {
	for text, want := range map[string]compile.Numbers{
		"mlp": compile.RowSums, "mlp:hidden=3,out=2": compile.RowSums, "glu": compile.RowSums,
		"denoiser": compile.RowSums, "diffusion": compile.RowSums, "diffusion:kind=ddim,steps=2": compile.RowSums,
		"diffusion:kind=masked": compile.HashedPositions, "attention": compile.SameNumbers,
		"attention:kind=stable": compile.SameNumbers, "attention:positions=rotary": compile.Sines,
		"attention:positions=sinusoidal": compile.Sines, "attention:positions=learned": compile.HashedPositions,
		"layer:d=2": compile.SameNumbers, "looped:d=2": compile.SameNumbers, "transformer:d=2": compile.HashedPositions,
		"cot:d=2": compile.HashedPositions, "layernorm": compile.SameNumbers, "rmsnorm": compile.SameNumbers,
		"s4": compile.SameNumbers, "ssm": compile.SameNumbers, "mamba": compile.SameNumbers, "gru": compile.SameNumbers,
		"lstm": compile.SameNumbers, "rnn": compile.SameNumbers,
	} {
		s, err := compile.ParseSpec(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Numbers(); got != want {
			t.Errorf("%s: numbers are %s, want %s", text, got, want)
		}
		small, large := jumps(t, s, 6), jumps(t, s, 11)
		same := true
		for i := range min(len(small), len(large)) {
			k := min(len(small[i]), len(large[i])) // a longer window reaches further thresholds
			same = same && slices.Equal(small[i][:k], large[i][:k])
		}
		// Recurrent networks have more operations for more steps, and they begin alike. Where
		// positions have codes, ranges depend on n.
		if same && want == compile.RowSums || !same && want == compile.SameNumbers {
			t.Errorf("%s: the thresholds for n = 6 and n = 11 are the same: %t; numbers are %s", text, same, want)
		}
	}
	for _, f := range compile.Families() {
		if s := (compile.Spec{Family: f, Args: compile.Args{}}); s.Numbers() == "" {
			t.Errorf("%s: nothing is said of its numbers", f.Name)
		}
	}
}
