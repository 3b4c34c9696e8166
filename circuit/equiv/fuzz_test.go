package equiv

import (
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/internal/child"
)

// FuzzAnswer reads what solvers print. No solver is taken at its word that does not say it in a line of its own, just
// once, and by its exit status.
func FuzzAnswer(f *testing.F) {
	for _, out := range []string{
		"c hello\ns SATISFIABLE\nv 1 -2\nv x3 0\n", "s UNSATISFIABLE\n", "unsat\n(error \"line 3 column 4: model is not available\")\n",
		"sat\n((|a b| true) (c false) (d true))\n", "sat\n((|a", "s UNKNOWN\r\n", "s SATISFIABLE\ns UNSATISFIABLE\nv 0\n",
		"v -1 1\ns SATISFIABLE",
	} {
		for _, status := range []int{0, 1, 10, 20} {
			f.Add(uint8(status), out, status, "")
		}
	}
	f.Add(uint8(1), "unsat\n", 0, "Fatal error")
	f.Fuzz(func(t *testing.T, which uint8, out string, status int, complaint string) {
		const inputs = 3
		s := &solvers[int(which)%len(solvers)]
		if s.language == nil { // it is a library
			return
		}
		answer, err := s.judge(&child.Result{Out: []byte(out), Err: []byte(complaint), Status: status}, inputs)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") || len(err.Error()) > 1<<12 && len(out) < 1<<10 {
				t.Fatalf("%q", err)
			}
			return
		}
		said := answerUnsat
		if answer.sat {
			said = answerSat
		}
		if answer.sat != (len(answer.inputs) == inputs) {
			t.Fatalf("%s, with %d inputs", said, len(answer.inputs))
		}
		if !slices.ContainsFunc(strings.Split(out, "\n"), func(line string) bool {
			return s.language.answers[strings.TrimRight(line, " \r")] == said
		}) {
			t.Fatalf("%s says %s by %q", s.name, said, out)
		}
	})
}
