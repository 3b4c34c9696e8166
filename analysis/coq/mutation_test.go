package coq_test

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tc0lab/tc0/analysis/coq"
	"github.com/tc0lab/tc0/internal/longtest"
	"github.com/tc0lab/tc0/internal/tooltest"
)

// change is a number of a certificate and where it is.
type change struct{ from, to int }

// The places where numbers stand.
const (
	inDefinition = "definitions"
	inTheorem    = "theorems"
	inProof      = "proofs"
	inExample    = "examples"
)

var (
	numberText = regexp.MustCompile(`\b\d+\b`)
	placeOf    = map[string]*regexp.Regexp{
		inProof:   regexp.MustCompile(`(?s)\nProof\..*?Qed\.`),
		inExample: regexp.MustCompile(`(?s)\nExample .*?\n(?:Proof)`),
		inTheorem: regexp.MustCompile(`(?s)\n(?:Theorem|Corollary) .*?\nProof`),
	}
)

// numbersIn are all numbers of a certificate behind its head, by place. There are others in comments only.
func numbersIn(text string) map[string][]change {
	out := map[string][]change{}
	spans := map[string][][]int{}
	blank := func(s string) string { return strings.Repeat(" ", len(s)) }
	text = regexp.MustCompile(`(?s)\(\*.*?\*\)`).ReplaceAllStringFunc(text, blank)
	for place, exp := range placeOf {
		spans[place] = exp.FindAllStringIndex(text, -1)
	}
	head := strings.Index(text, "Open Scope Z_scope.")
	for _, at := range numberText.FindAllStringIndex(text, -1) {
		if at[0] < head {
			continue
		}
		place := inDefinition
		for name, list := range spans {
			if slices.ContainsFunc(list, func(s []int) bool { return s[0] < at[0] && at[0] < s[1] }) {
				place = name
			}
		}
		out[place] = append(out[place], change{at[0], at[1]})
	}
	return out
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

// changedNumbers changes numbers of certificates, a sample of those of each place or more of them, and asserts that Coq
// refuses each. Some it refuses because a theorem does not hold, and all others because the seal is another one.
func changedNumbers(ctx context.Context, t *testing.T, compiler *coq.Compiler) {
	most := longtest.Some(1, 12)
	total, timed := 0, 0
	for i, spec := range oneOfEach() {
		c, _ := certificate(t, spec)
		// What is asked about a theorem comes last, since it takes longer than to refuse a number.
		asked := regexp.MustCompile(`Print Assumptions \w+\.\n`)
		text := asked.ReplaceAllString(c.Text, "") + strings.Join(asked.FindAllString(c.Text, -1), "")
		r := rand.New(rand.NewPCG(12, 40))
		places := numbersIn(text)
		for k, place := range []string{inDefinition, inTheorem, inProof, inExample} {
			if most == 1 && k != i%4 { // one a file, in each place of some
				continue
			}
			list := places[place]
			r.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
			for _, at := range list[:min(len(list), most)] {
				limited, cancel := context.WithTimeout(ctx, mostOfChange)
				err := compiler.Check(limited, []byte(at.applied(text)))
				cancel()
				tooltest.SkipIf(t, ctx.Err() != nil, "coqc")
				var refused *coq.RefusedError
				total++
				switch {
				case errors.As(err, &refused):
				case errors.Is(err, context.DeadlineExceeded):
					timed++
					t.Logf("%s: Coq does not end with another number: %s", spec, at.in(text))
				default:
					t.Errorf("%s: another number is accepted in %s: %s: %v", spec, place, at.in(text), err)
				}
			}
		}
		if len(places[inDefinition]) < 10 || len(places[inTheorem]) < 3 || len(places[inExample]) < 10 {
			t.Errorf("%s: only %d numbers in definitions, %d in theorems, %d in examples", spec,
				len(places[inDefinition]), len(places[inTheorem]), len(places[inExample]))
		}
	}
	t.Logf("%d changed numbers are refused, %d of them because Coq does not end", total, timed)
}

// TestSeal changes numbers of the definitions, the theorems and the examples of every certificate, and asserts that
// its seal is another one. Coq computes the seal of each file as it is; the long tests let it refuse some that were
// changed.
func TestSeal(t *testing.T) {
	digest := regexp.MustCompile(`sealed (\d+) \[`)
	for _, spec := range oneOfEach() {
		c, _ := certificate(t, spec)
		end := strings.LastIndex(c.Text, "\n(* All numbers above")
		text := c.Text[:end]
		if coq.Sealed(text) != c.Text {
			t.Fatalf("%s: it is not sealed", spec)
		}
		want := digest.FindString(c.Text[end:])
		for place, list := range numbersIn(text) {
			if place == inProof { // Coq refuses a proof of other numbers
				continue
			}
			for _, at := range list[:min(len(list), 3)] {
				if got := coq.Sealed(at.applied(text)); digest.FindString(got[end:]) == want {
					t.Errorf("%s: the seal is the same with another number: %s", spec, at.in(text))
				}
			}
		}
	}
}

// TestDigest changes every number of certificates, or the first of each, and asserts that the digest is another one.
func TestDigest(t *testing.T) {
	total := 0
	for _, spec := range oneOfEach() {
		c, _ := certificate(t, spec)
		said := coq.SpokenIn(c.Text)
		want := coq.DigestOf(said)
		for k, s := range said[:min(len(said), longtest.Some(100, 1<<30))] {
			v, ok := new(big.Int).SetString(s, 10)
			if !ok { // a string
				continue
			}
			said[k] = v.Add(v, big.NewInt(1)).String()
			if coq.DigestOf(said) == want {
				t.Errorf("%s: %s instead of number %d, %s, has the same digest", spec, said[k], k, s)
			}
			said[k] = s
			total++
		}
	}
	t.Logf("%d numbers changed", total)
}

// mostOfChange is for a file that Coq reads in seconds. With another number it may compute for hours what is not the
// same, and does not accept it before.
const mostOfChange = 3 * time.Minute
