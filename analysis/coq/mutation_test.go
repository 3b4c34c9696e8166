package coq_test

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tc0lab/tc0/analysis/coq"
	"github.com/tc0lab/tc0/internal/longtest"
)

// change is a number of a certificate and where it is.
type change struct{ from, to int }

// numbersIn are the numbers of the theorems of a certificate, and those of its definitions. Not those in comments, nor
// those of the examples: other inputs have values, too.
func numbersIn(text string) (theorems, definitions []change) {
	from, to := strings.Index(text, "Open Scope Z_scope."), strings.Index(text, "(* On some inputs")
	stated := regexp.MustCompile(`(?s)\nTheorem .*?\nProof\.`).FindAllStringIndex(text, -1)
	for _, at := range regexp.MustCompile(`\b\d+\b`).FindAllStringIndex(text, -1) {
		place := change{at[0], at[1]}
		within := func(s []int) bool { return s[0] < place.from && place.from < s[1] }
		switch {
		case place.from < from || place.from > to || inComment(text, place.from):
		case slices.ContainsFunc(stated, within):
			theorems = append(theorems, place)
		default:
			definitions = append(definitions, place)
		}
	}
	return theorems, definitions
}

// applied is the text with one added to a number.
func (c change) applied(text string) string {
	number, _ := new(big.Int).SetString(text[c.from:c.to], 10)
	return text[:c.from] + fmt.Sprint(number.Add(number, big.NewInt(1))) + text[c.to:]
}

// in is the number and what is around it.
func (c change) in(text string) string {
	before, after := text[max(c.from-24, 0):c.from], text[c.to:min(c.to+8, len(text))]
	before = before[strings.LastIndexByte(before, '\n')+1:]
	after, _, _ = strings.Cut(after, "\n")
	return fmt.Sprintf("%s<%s>%s", before, text[c.from:c.to], after)
}

// changedNumbers changes every number of some certificates in turn, or a sample of them. No theorem holds with
// another number. Nor does one of a textbook definition with another program. Where the theorems are of the program
// alone, another one may have the same bounds, and the same values on the examples: a sum that is one more reaches no
// other level there. Then only tc0 check --coq sees that the text is another one.
func changedNumbers(ctx context.Context, t *testing.T, compiler *coq.Compiler) {
	most := longtest.Some(6, 40)
	line := regexp.MustCompile(`line (\d+)`)
	for _, spec := range []string{"attention", "mlp", "s4", "layer"} {
		c, _ := certificate(t, spec)
		// What is asked about a theorem comes last, since it takes longer than to refuse a number.
		asked := regexp.MustCompile(`Print Assumptions \w+\.\n`)
		text := asked.ReplaceAllString(c.Text, "") + strings.Join(asked.FindAllString(c.Text, -1), "")
		examples := 1 + strings.Count(text[:strings.Index(text, "(* On some inputs")], "\n")
		theorems, definitions := numbersIn(text)
		r := rand.New(rand.NewPCG(12, 40))
		sample := func(list []change) []change {
			r.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
			return list[:min(len(list), most)]
		}
		places := append(sample(theorems), sample(definitions)...)
		stated, byExamples, same := min(len(theorems), most), 0, 0
		for k, place := range places {
			key := spec + ": " + place.in(text)
			limited, cancel := context.WithTimeout(ctx, mostOfChange)
			err := compiler.Check(limited, []byte(place.applied(text)))
			cancel()
			var refused *coq.RefusedError
			switch {
			case errors.As(err, &refused):
				at := line.FindStringSubmatch(refused.Output)
				if len(at) < 2 {
					t.Fatalf("%s: no line is named: %v", key, refused)
				}
				if n, _ := strconv.Atoi(at[1]); n > examples {
					byExamples++
					if k < stated {
						t.Errorf("%s: the theorem holds with another number", key)
					}
				}
			case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
				t.Logf("%s: Coq does not end with another number", key)
			case err != nil:
				t.Fatalf("%s: %v", key, err)
			case k >= stated && (c.Textbook == "" || unread.MatchString(text[:place.from])):
				t.Logf("%s: no theorem and no value of the examples depends on it", key)
				same++
			default:
				t.Errorf("%s: another number is accepted", key)
			}
		}
		t.Logf("%s: %d of %d numbers of theorems and %d of %d others changed; by the examples alone %d are "+
			"refused, and %d are not", spec, stated, len(theorems), len(places)-stated, len(definitions), byExamples, same)
		if same > 0 && same == len(places)-stated {
			t.Errorf("%s: every other program is accepted", spec)
		}
		if stated < min(most, 10) || len(places)-stated < min(most, 10) {
			t.Errorf("%s: only %d numbers were changed", spec, len(places))
		}
	}
}

// unread is what stands before numbers that no value of the examples depends on: the one that is read where an index
// has too few coordinates, which it never has; and how many rows a layer has where its unit is sought, as the least
// unit of more rows is the same there.
var unread = regexp.MustCompile(`nth [01] v $|layer_unit \(W\d n\) \(peval \[(0; )?$`)

// mostOfChange is for a file that Coq reads in seconds. With another number it may compute for hours what is not the
// same, and does not accept it before.
const mostOfChange = 3 * time.Minute
