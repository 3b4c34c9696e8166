package problem_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile/problem"
)

func FuzzParse(f *testing.F) {
	for _, text := range []string{"parity:n=8", "sudoku", "rule110:n=3,steps=2", "addition:n=,=", ":", "parity:n=08,n=1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := problem.Parse(text)
		if err != nil {
			return
		}
		for _, written := range []string{s.String(), s.Short()} {
			if again, err := problem.Parse(written); err != nil || again.String() != s.String() {
				t.Fatalf("%q is %s, which reads as %s, %v", text, written, again, err)
			}
		}
		if s.Facts().Name != s.Problem.Name {
			t.Fatalf("%q has the facts of %s", text, s.Facts().Name)
		}
	})
}

// FuzzParseBoard reads boards, and fills them in as far as rounds of propagation go.
func FuzzParseBoard(f *testing.F) {
	f.Add("53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79")
	f.Add(strings.Repeat(".", 81))
	f.Add(strings.Repeat("0", 80) + "é")
	f.Add("11" + strings.Repeat(".", 79))
	f.Fuzz(func(t *testing.T, line string) {
		b, err := problem.ParseBoard(line)
		if err != nil {
			var bad *problem.BoardError
			if !errors.As(err, &bad) || bad.Column < 0 || bad.Column > 81 {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		if got, want := b.String(), strings.ReplaceAll(line, "0", "."); got != want {
			t.Fatalf("%q is written %q", line, got)
		}
		for _, after := range b.Propagate() {
			for c, candidates := range after {
				if candidates&^b[c] != 0 {
					t.Fatalf("%q: a candidate of cell %d came back", line, c)
				}
			}
		}
	})
}
