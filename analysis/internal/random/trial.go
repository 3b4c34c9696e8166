package random

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
)

// Trial is a family with a strategy. It is proved with a few small circuits, and then compared with
// larger ones.
type Trial struct {
	Family   analysis.Family // a Program or a [compile.Spec]
	Strategy lower.Strategy
	Few      bool // one circuit is built while proving; else four, so that the proof may say "="
}

// DrawTrial returns a random program or, half of the time, a shipped family.
func DrawTrial(r *rand.Rand) (Trial, error) {
	t := Trial{Strategy: DrawStrategy(r), Few: r.IntN(4) > 0}
	if r.IntN(2) == 0 {
		t.Family = DrawProgram(r)
		return t, nil
	}
	s, err := DrawSpec(r)
	t.Family = s
	return t, err
}

// ParseTrial reads what [Trial.String] writes.
func ParseTrial(text string) (Trial, error) {
	parts := strings.Fields(text)
	if len(parts) != 3 {
		return Trial{}, fmt.Errorf("%q: a family, a strategy and true or false are wanted", text)
	}
	var t Trial
	var err error
	if program, ok := strings.CutPrefix(parts[0], "program:"); ok {
		t.Family, err = ParseProgram(program)
	} else {
		t.Family, err = compile.ParseSpec(parts[0])
	}
	if err != nil {
		return t, err
	}
	if t.Strategy, err = lower.ParseStrategy(parts[1]); err != nil {
		return t, err
	}
	t.Few, err = strconv.ParseBool(parts[2])
	return t, err
}

// String returns the trial as [ParseTrial] reads it.
func (t Trial) String() string {
	name := ""
	switch f := t.Family.(type) {
	case Program:
		name = "program:" + f.String()
	case compile.Spec:
		name = f.Short()
	}
	return fmt.Sprintf("%s %v %t", name, t.Strategy, t.Few)
}

// Names returns what the family is made of: a shipped family, or operations.
func (t Trial) Names() []string {
	switch f := t.Family.(type) {
	case Program:
		return f.Uses()
	case compile.Spec:
		return []string{f.Family.Name}
	}
	return nil
}

// Prove proves the family. The circuits that are built are those from the first n on that has
// comparisons along positions.
func (t Trial) Prove() (*analysis.Proof, error) {
	c := analysis.Claim{Name: "random", Family: t.Family, Strategy: t.Strategy, Layers: 1, N: t.small(3)}
	if s, ok := t.Family.(compile.Spec); ok {
		c.Kind = s.Family.Name
	}
	p, err := analysis.Prove(context.Background(), c)
	if err == nil {
		return p, nil
	}
	c.N = []int{} // the formulas may begin later
	late, again := analysis.Prove(context.Background(), c)
	if again != nil || late.From <= 3 {
		return nil, err
	}
	c.N = t.small(int(late.From))
	return analysis.Prove(context.Background(), c)
}

func (t Trial) small(first int) []int {
	if t.Few {
		return []int{first}
	}
	return []int{first, first + 1, first + 2, first + 3}
}

// Sizes returns some n to compare at: the first one at times, one not far from those that were
// built, one that is 8 times the greatest of them, or more, and one that makes a large circuit.
// If a circuit may have more gates than most by formula, a smaller n takes its place.
func Sizes(r *rand.Rand, p *analysis.Proof, most int) []int {
	built, first := 0, max(1, int(p.From))
	for _, k := range p.Checked {
		built = max(built, k.N)
	}
	fits := func(n, gates int) bool {
		v, ok := p.SizeInN.AtN(big.NewInt(int64(n)))
		return ok && v.Cmp(big.NewInt(int64(gates))) <= 0
	}
	ns := []int{8*max(built, 1) + r.IntN(8)}
	if r.IntN(8) == 0 {
		ns = append(ns, first)
	}
	if r.IntN(3) == 0 {
		ns = append(ns, built+1+r.IntN(4))
	}
	large, gates := 64+r.IntN(192), most>>r.IntN(3)
	for large > first && !fits(large, gates) {
		large--
	}
	ns = append(ns, large)
	for i := range ns {
		for ns[i] > first && !fits(ns[i], most) {
			ns[i] = ns[i] * 7 / 8
		}
	}
	slices.Sort(ns)
	return slices.DeleteFunc(slices.Compact(ns), func(n int) bool { return n < first })
}

// Broken proves the family again, and returns what the member for n breaks; nothing if the family
// is refused.
func (t Trial) Broken(n, most int) []string {
	p, err := t.Prove()
	if err != nil {
		return nil
	}
	found, err := Compare(p, t.Family, t.Strategy, n, most)
	if err != nil {
		return nil
	}
	return found.Broken
}

// Kind shortens what is broken to what is common to the same mistake at other n.
func Kind(broken []string) string {
	if len(broken) == 0 {
		return ""
	}
	words := strings.Fields(broken[0])
	return strings.TrimRight(strings.Join(words[1:min(len(words), 4)], " "), " 0123456789")
}

// Shrink returns a smaller trial and n that are broken in the same way, if this one is a program.
// It tries so many at most.
func (t Trial) Shrink(n, most, tries int) (Trial, int) {
	kind := Kind(t.Broken(n, most))
	q, ok := t.Family.(Program)
	for again := ok; again; {
		again = false
		for _, smaller := range q.Smaller() {
			if tries--; tries < 0 {
				return t, n
			}
			s := t
			s.Family = smaller
			if Kind(s.Broken(n, most)) == kind {
				t, q, again = s, smaller, true
				break
			}
		}
	}
	for k := 1; k < n; k++ {
		if Kind(t.Broken(k, most)) == kind {
			return t, k
		}
	}
	return t, n
}
