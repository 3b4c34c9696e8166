package tc0_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// claim is a kind of sentence that is not to be printed: one that says more than is known.
// Where unless matches what stands before it, the sentence is about something else.
type claim struct {
	what    string
	pattern *regexp.Regexp
	unless  *regexp.Regexp
}

// tooMuch are sentences that claim more than anybody has proved. What is measured is the
// depth of circuits that were built, and separations of TC0, NC1, L and P are hypotheses.
var tooMuch = []claim{
	{"a depth that a function is said to need", regexp.MustCompile(`(?i)\b(needs?|requires?|must have|has to have)\s+(\w+\s+){0,2}depth\b`), regexp.MustCompile(`(?i)(\bnot?|never|nobody)\s+(\w+\s+){0,2}$`)},
	{"a depth that is said to be necessary", regexp.MustCompile(`(?i)\bdepth\b[^.]{0,30}\b(is|are)\s+(needed|necessary|required|unavoidable)`), nil},
	{"a lower bound", regexp.MustCompile(`(?i)\blower bounds?\b`), regexp.MustCompile(`(?i)\b(no|not|nothing|never|nor|students of)\b[^.]{0,60}$`)},
	{"something that diffusion models are said to be unable to do", regexp.MustCompile(`(?i)\bdiffusion( models?)?\s+(\w+\s+){0,3}(cannot|can't|can not|is unable|are unable|fails?)\b`), nil},
	{"something that transformers are said to be unable to do", regexp.MustCompile(`(?i)\b(transformers?|state-space models?)\s+(\w+\s+){0,3}(cannot|can't|can not|is unable|are unable)\b`), nil},
	{"a separation that is a hypothesis", regexp.MustCompile(`\b(TC0|NC1|NC|L|NL|P|TC⁰)\s*(≠|!=)\s*(NC1|NC|L|NL|P)\b`), regexp.MustCompile(`(?i)\b(if|whether|under)\b[^.]{0,40}$`)},
	{"a strict inclusion that is a hypothesis", regexp.MustCompile(`\b(TC0|NC1|NC)\s*(⊊|⊂)\s*(NC1|NC|L|NL|P)\b`), nil},
	{"what is provably serial", regexp.MustCompile(`(?i)\bprovably\s+(serial|sequential|deep)`), nil},
	{"a finite circuit in a class", regexp.MustCompile(`(?i)\bthis circuit is in (TC0|AC0|NC1)\b`), nil},
}

// claims returns the sentences of a text that claim too much.
func claims(text string) (found []string) {
	for _, c := range tooMuch {
		for _, at := range c.pattern.FindAllStringIndex(text, -1) {
			before := text[max(0, at[0]-80):at[0]]
			if c.unless != nil && c.unless.MatchString(strings.Join(strings.Fields(before), " ")+" ") {
				continue
			}
			found = append(found, c.what+": …"+strings.Join(strings.Fields(before+text[at[0]:min(len(text), at[1]+40)]), " ")+"…")
		}
	}
	return found
}

// TestNoTextClaimsTooMuch searches every text of the project that somebody may read: what
// the program prints, its comments, and the pages.
func TestNoTextClaimsTooMuch(t *testing.T) {
	count := 0
	for _, s := range sources(t) {
		count++
		for _, sentence := range claims(string(s.text)) {
			t.Errorf("%s: %s", s.name, sentence)
		}
	}
	for _, pattern := range []string{"*.md", "docs/*.md", "testdata/*/*.md", "testdata/*/*/*.md"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			count++
			for _, sentence := range claims(string(text)) {
				t.Errorf("%s: %s", name, sentence)
			}
		}
	}
	if count < 100 {
		t.Errorf("only %d texts were searched", count)
	}
}

// The search finds what it is for, and leaves alone what is honest.
func TestClaimsAreFound(t *testing.T) {
	for _, bad := range []string{
		"parity needs depth 2", "sorting requires at least depth 3", "a depth of 4 is necessary", "this is a lower bound", "Diffusion models cannot do this",
		"transformers cannot count", "TC0 ≠ NC1, so it is not in TC0", "TC0 ⊊ NC1", "which is provably serial", "this circuit is in TC0",
	} {
		if len(claims(bad)) == 0 {
			t.Errorf("nothing is found in %q", bad)
		}
	}
	for _, good := range []string{
		"the depth of the unrolled circuit is no lower bound", "nothing here is a lower bound on a function", "beyond TC0 if TC0 ≠ NC1", "AC0 ⊊ TC0", "it has depth 3",
	} {
		if found := claims(good); len(found) > 0 {
			t.Errorf("%q: %v", good, found)
		}
	}
}
