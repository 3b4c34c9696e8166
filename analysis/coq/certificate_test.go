package coq_test

import (
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis/coq"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/internal/longtest"
	"github.com/tc0lab/tc0/internal/tooltest"
	"github.com/tc0lab/tc0/proof"
)

// written are families that have a certificate, with its bounds and what of a textbook it is about.
var written = []struct {
	spec     string
	level    int
	gates    string
	textbook string
}{
	{"attention", 3, "235·n^2 + 28·n", "attention"},
	{"attention:heads=2", 3, "326·n^2 + 28·n", "attention"},
	{"attention:d=6,heads=3,bits=2,exp_levels=2,out_bits=3,seed=5", 3, "222·n^2 + 42·n", "attention"},
	{"attention:causal=1", 3, "235·n^2 + 28·n", "causal attention"},
	{"attention:kind=stable", 4, "7·n^3 + 235·n^2 + 28·n", "attention by a maximum"},
	{"attention:kind=average-hard", 4, "n^3 + 157·n^2 + 28·n", "attention by a maximum"},
	{"attention:kind=unique-hard", 3, "n^3 + 157·n^2", "unique-hard attention"},
	{"attention:kind=stable,causal=1", 4, "7·n^3 + 235·n^2 + 28·n", "attention by a maximum"},
	{"attention:kind=unique-hard,causal=1", 3, "n^3 + 157·n^2", "unique-hard attention"},
	{"mamba:d=1,state=1", 3, "5372·n", ""},
	{"s4", 1, "28·n", ""},
	{"s4:d=1,state=3,bits=2,seed=9", 1, "3·n", ""},
	{"mlp", 2, "21·n", "the perceptron"},
	{"mlp:bits=2,seed=7", 2, "9·n", "the perceptron"},
	{"mlp:layers=1,out=3", 1, "21", ""},
}

func certificate(t *testing.T, spec string) (*coq.Certificate, compile.Spec) {
	t.Helper()
	s, err := compile.ParseSpec(spec)
	if err != nil {
		t.Fatal(err)
	}
	c, err := coq.Of(spec, s, 1, 2, 3)
	if err != nil {
		t.Fatalf("%s: %v", spec, err)
	}
	return c, s
}

// TestCertificates asserts the bounds of the library. The circuits of package lower keep to them.
func TestCertificates(t *testing.T) {
	for _, test := range written {
		c, s := certificate(t, test.spec)
		if c.Level != test.level || c.Gates.String() != test.gates || c.Textbook != test.textbook {
			t.Errorf("%s: depth %d, %v gates, %q; want %d, %s, %q", test.spec, c.Level, c.Gates, c.Textbook, test.level,
				test.gates, test.textbook)
		}
		for n := 1; n <= 6; n++ {
			p, err := s.Program(n)
			if err != nil {
				t.Fatal(err)
			}
			flat, err := lower.Program(p, lower.MinDepth)
			if err != nil {
				t.Fatal(err)
			}
			most, _ := c.Gates.AtN(big.NewInt(int64(n)))
			if flat.Depth() > c.Level || big.NewInt(int64(flat.Size())).Cmp(most) > 0 {
				t.Errorf("%s, n=%d: depth %d and %d gates, beyond %d and %v", test.spec, n, flat.Depth(), flat.Size(),
					c.Level, most)
			}
		}
	}
}

// TestNotWritten has families without a certificate, with the reason.
func TestNotWritten(t *testing.T) {
	for spec, want := range map[string]string{
		"layernorm":                   "RootQuotient(%5, %3): the library has no such operation yet",
		"rnn":                         "no recurrence over positions yet",
		"glu":                         "its weights are others for each n",
		"denoiser":                    "a term has one input",
		"attention:positions=learned": "its constants are others for each n",
		"mamba:memory=all":            "the library has no such operation yet", // Window
		"transformer":                 "a term has one input",
	} {
		s, err := compile.ParseSpec(spec)
		if err != nil {
			t.Fatal(err)
		}
		var reason *coq.NotWrittenError
		if _, err := coq.Of(spec, s, 1, 2); !errors.As(err, &reason) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", spec, err, want)
		}
	}
}

// TestBundle writes a folder with everything that Coq needs.
func TestBundle(t *testing.T) {
	c, _ := certificate(t, "attention")
	dir := filepath.Join(t.TempDir(), "new", "bundle")
	last := ""
	if err := coq.Bundle(dir, c, func(path string, text []byte) error {
		last = filepath.Base(path)
		return os.WriteFile(path, text, 0o644)
	}); err != nil || last != "Makefile" {
		t.Fatalf("%s is last, %v", last, err)
	}
	for _, name := range append(proof.Modules(), proof.Project, "Certificate.v", "Makefile") {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "Certificate.v"))
	if err != nil || string(text) != c.Text {
		t.Errorf("the certificate is another one: %v", err)
	}
}

// TestLongCoq has Coq accept all certificates, and refuse one of a textbook definition with a number changed. Without
// such a definition another weight makes another program, about which the theorem is true, too; then tc0 check --coq
// sees that the text is another one.
func TestLongCoq(t *testing.T) {
	longtest.Need(t)
	ctx := tooltest.Context(t)
	compiler, err := coq.NewCompiler(ctx, t.TempDir())
	if errors.Is(err, coq.ErrNoCoq) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.Prepare(ctx, nil); err != nil {
		t.Fatal(err)
	}
	for _, test := range written {
		c, _ := certificate(t, test.spec)
		if err := compiler.Check(ctx, []byte(c.Text)); err != nil {
			t.Errorf("%s: %v", test.spec, err)
		}
		if !compiler.Accepted([]byte(c.Text)) || compiler.Accepted([]byte(c.Text+" ")) {
			t.Errorf("%s: what was accepted is not remembered by its text", test.spec)
		}
	}
	for _, spec := range []string{"attention:d=2,bits=2", "attention:d=2,bits=1,heads=2"} {
		c, _ := certificate(t, spec)
		// Not the numbers in comments or in names, nor those of inputs: other inputs have values, too.
		end := strings.Index(c.Text, "(* On some inputs")
		places := regexp.MustCompile(`\d+`).FindAllStringIndex(c.Text[:end], -1)
		tried := 0
		for k := 0; k < len(places); k += 1 + len(places)/20 {
			at := places[k]
			if inComment(c.Text, at[0]) || strings.Contains("_%", c.Text[at[0]-1:at[0]]) {
				continue
			}
			number, ok := new(big.Int).SetString(c.Text[at[0]:at[1]], 10)
			if !ok {
				t.Fatal(c.Text[at[0]:at[1]])
			}
			changed := c.Text[:at[0]] + fmt.Sprint(number.Add(number, big.NewInt(1))) + c.Text[at[1]:]
			var refused *coq.RefusedError
			if err := compiler.Check(ctx, []byte(changed)); !errors.As(err, &refused) {
				line := changed[strings.LastIndexByte(changed[:at[0]], '\n')+1:]
				t.Errorf("%s: a changed number in %.120q is accepted: %v", spec, line, err)
			}
			tried++
		}
		if tried < 10 {
			t.Errorf("%s: only %d numbers were changed", spec, tried)
		}
	}
}

// inComment reports whether a place in a text is in a comment.
func inComment(text string, at int) bool {
	return strings.LastIndex(text[:at], "(*") > strings.LastIndex(text[:at], "*)")
}
