package main

import (
	"bytes"
	"cmp"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/problem"
	"github.com/tc0lab/tc0/internal/longtest"
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
	{
		"a depth that a function is said to need",
		regexp.MustCompile(`(?i)\b(needs?|requires?|must have|has to have)\s+(\w+\s+){0,2}depth\b`),
		regexp.MustCompile(`(?i)((\bnot?|never|nobody)\s+(\w+\s+){0,2}|! stdout ' ?)$`),
	},
	{
		"a depth that is said to be necessary",
		regexp.MustCompile(`(?i)\bdepth\b[^.]{0,30}\b(is|are)\s+(needed|necessary|required|unavoidable)`),
		nil,
	},
	{
		"a lower bound",
		regexp.MustCompile(`(?i)\blower bounds?\b`),
		// The last is the title of a paper.
		regexp.MustCompile(`(?i)(\b(no|not|nothing|never|nor|students of)\b[^.]{0,60}|Super-Quadratic Wire )$`),
	},
	{
		"something that diffusion models are said to be unable to do",
		regexp.MustCompile(
			`(?i)\bdiffusion( models?)?\s+(\w+\s+){0,3}(cannot|can't|can not|is unable|are unable|fails?)\b`,
		),
		nil,
	},
	{
		"something that transformers are said to be unable to do",
		regexp.MustCompile(
			`(?i)\b(transformers?|state-space models?)\s+(\w+\s+){0,3}(cannot|can't|can not|is unable|are unable)\b`,
		),
		nil,
	},
	{
		"a separation that is a hypothesis",
		regexp.MustCompile(`\b(TC0|NC1|NC|L|NL|P|TC⁰)\s*(≠|!=)\s*(NC1|NC|L|NL|P)\b`),
		regexp.MustCompile(`(?i)\b(if|whether|under)\b[^.]{0,40}$`),
	},
	{"a strict inclusion that is a hypothesis", regexp.MustCompile(`\b(TC0|NC1|NC)\s*(⊊|⊂)\s*(NC1|NC|L|NL|P)\b`), nil},
	{"what is provably serial", regexp.MustCompile(`(?i)\bprovably\s+(serial|sequential|deep)`), nil},
	{"majority depth beyond what is known", regexp.MustCompile(`(?i)\bdepth (at least|≥|>=) ?([4-9]|\d\d)`), nil},
	{
		"division or powering called serial",
		regexp.MustCompile(`(?i)\b(division|powering|iterated product)\b[^.\n]{0,40}\b(serial|sequential)\b`),
		regexp.MustCompile(`(?i)\b(no|not|never)\b[^.]{0,40}$`),
	},
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
			found = append(
				found,
				c.what+": …"+strings.Join(strings.Fields(before+text[at[0]:min(len(text), at[1]+40)]), " ")+"…",
			)
		}
	}
	return found
}

// TestNoTextClaimsTooMuch searches every text of the project that somebody may read: the
// sources, the pages, and what scripts expect.
func TestNoTextClaimsTooMuch(t *testing.T) {
	count := 0
	root := os.DirFS(filepath.Join("..", ".."))
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (d.Name()[0] == '.' || d.Name() == "out"):
			return fs.SkipDir
		case d.IsDir() || d.Name() == "claims_test.go" || !slices.Contains([]string{".go", ".md", ".txt", ".svg", ".py", ".json"}, path.Ext(name)):
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		count++
		for _, sentence := range claims(string(text)) {
			t.Errorf("%s: %s", name, sentence)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count < 300 {
		t.Errorf("only %d texts were searched", count)
	}
}

// printed returns what a command prints, text and notes.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	var out, notes bytes.Buffer
	a := &app{ctx: t.Context(), stdin: strings.NewReader(""), stdout: &out, stderr: &notes}
	if status := a.main(args); status > 1 {
		t.Fatalf("%v ended with %d: %s", args, status, notes.String())
	}
	if err := fitsSchema(args, out.String()); err != nil {
		t.Error(err)
	}
	return out.String() + notes.String()
}

// TestNoOutputClaimsTooMuch searches what is put together only when it is printed: reports
// of every family and of every problem, small ones, and the verbs about serial computation.
// The scripts search what they print, too: lists, amplified models, larger reports.
func TestNoOutputClaimsTooMuch(t *testing.T) { searchOutputs(t, 4) }

// TestLongNoOutputClaimsTooMuch searches the reports of all families and problems.
func TestLongNoOutputClaimsTooMuch(t *testing.T) {
	longtest.Need(t)
	searchOutputs(t, 1)
}

// searchOutputs searches what commands print, and each k-th report of a family or a problem.
func searchOutputs(t *testing.T, k int) {
	t.Helper()
	t.Chdir(t.TempDir())
	commands := [][]string{
		{"amplify", "--ddim", "--votes", "9", "--steps", "2", "--json"},
		{"speedup"},
		{"unroll", "--steps", "1..3"},
		{"unroll", "--steps", "1..3", "--json"},
		{"unroll", "parity-denoiser", "rule110", "--steps", "1,2"},
		{"recurrence", "gru", "--steps", "1,2", "--seeds", "5"},
		{"fourier", "parity:n=8"},
		{"restrict", "parity:n=8"},
		{"prove", "looped"},
		{"report", "parity-denoiser:steps=1"},
		{"report", "diffusion:n=2,kind=masked"},
		{"report", "diffusion:n=2,kind=ddim"},
		{"report", "ssm:n=3,kind=recurrence"},
		{"report", "rnn:n=2,order=tree,bits=2"},
	}
	var reports [][]string
	for _, f := range compile.Families() {
		spec := f.Name + ":n=2"
		if small := slices.Contains([]string{"cot", "gru", "layer", "looped", "rnn", "transformer"}, f.Name); small {
			spec += ",d=1"
		}
		reports = append(reports, []string{"report", spec})
	}
	for _, name := range problem.Names() {
		n := map[string]string{"sudoku": "1", "cvp": "2"}[name]
		reports = append(reports, []string{"report", name + ":n=" + cmp.Or(n, "4")})
	}
	for i := 0; i < len(reports); i += k {
		commands = append(commands, reports[i])
	}
	for _, args := range commands {
		text := printed(t, args...)
		if len(text) < 500 {
			t.Errorf("%v printed only %d bytes", args, len(text))
		}
		for _, sentence := range claims(text) {
			t.Errorf("%v: %s", args, sentence)
		}
		// A depth is never without what counts as depth.
		if args[0] == "report" && !strings.Contains(text, "standard model") {
			t.Errorf("%v: no depth model", args)
		}
	}
}

// The search finds what it is for, and leaves alone what is honest.
func TestClaimsAreFound(t *testing.T) {
	for _, bad := range []string{
		"parity needs depth 2", "sorting requires at least depth 3", "a depth of 4 is necessary", "this is a lower bound", "Diffusion models cannot do this",
		"transformers cannot count", "TC0 ≠ NC1, so it is not in TC0", "TC0 ⊊ NC1", "which is provably serial", "division is serial", "has depth at least 4", "this circuit is in TC0",
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
