package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// A claim that a measurement refutes ends the command like a mismatch.
func TestJudged(t *testing.T) {
	if err := judged(analysis.Verdict{Verdict: analysis.Refuted}); !errors.Is(err, errFalse) {
		t.Errorf("refuted: %v", err)
	}
	if err := judged(analysis.Verdict{Verdict: analysis.Consistent}); err != nil {
		t.Errorf("consistent: %v", err)
	}
	if err := falseUnless(false); !errors.Is(err, errFalse) {
		t.Errorf("a mismatch: %v", err)
	}
	if err := falseUnless(true); err != nil {
		t.Errorf("no mismatch: %v", err)
	}
}

// The names of packages are left out at the front of each layer of an error, and nowhere
// else.
func TestPlain(t *testing.T) {
	large := errors.New("circuit: too large")
	in := &netlist.Error{File: "circuit: a.bench", Line: 3, Col: 7, Err: errors.New("it has no end")}
	for want, err := range map[string]error{
		"lowering x: too large":                    fmt.Errorf("compile: lowering x: %w", large),
		"a.tc0: too large":                         errf("%s: %w", "a.tc0", large),
		"circuit: a.tc0: too large":                errf("%s: %w", "circuit: a.tc0", large),
		"circuit: a.tc0: it is a folder":           errf("%s: it is a folder", "circuit: a.tc0"),
		"no strategy made a circuit: x: too large": errf("no strategy made a circuit: %w", fmt.Errorf("x: %w", large)),
		"circuit: a.bench:3:7: it has no end":      &ownError{in},
		"circuit: x: too large":                    errors.Join(errf("%s: %w", "circuit: x", large)),
	} {
		if got := plain(err); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// try runs a command line.
func try(t *testing.T, args ...string) (status int, text, notes string) {
	t.Helper()
	var out, errs bytes.Buffer
	a := &app{ctx: t.Context(), stdin: strings.NewReader(""), stdout: &out, stderr: &errs}
	status = a.main(args)
	if err := fitsSchema(args, out.String()); err != nil {
		t.Error(err)
	}
	return status, out.String(), errs.String()
}

// A file may have a name that begins as messages of a package do.
func TestErrorsKeepNamesOfFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("circuit: a.bench", []byte("INPUT(a)\nOUTPUT(y)\ny = FROB(a)\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"tc0: circuit: a.tc0: there is no such file or folder\n":                  {"stat", "circuit: a.tc0"},
		"tc0: ./circuit: a.tc0: there is no such file or folder\n":                {"stat", "./circuit: a.tc0"},
		"tc0: circuit: b.x: unknown plot format; known: .svg .png .pdf .tex .csv": {"sweep", "parity", "--plot", "circuit: b.x"},
		"tc0: circuit: a.bench:3:":                                                {"stat", "circuit: a.bench"},
		"tc0: --check=x: ":                                                        {"prove", "attention", "--check", "x"},
		"tc0: --processors=0: ":                                                   {"speedup", "--processors", "0"},
		"tc0: --steps=--n=2: ":                                                    {"unroll", "--steps=--n=2"},
	} {
		if status, _, got := try(t, args...); status != statusBad || !strings.HasPrefix(got, want) {
			t.Errorf("%q: status %d, %q, want %q", args, status, got, want)
		}
	}
}

// A name of ours is taken before a file of that name, and a note says how to name the file.
func TestClashOfNames(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"parity:n=3", "mlp"} {
		if err := os.WriteFile(name, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	status, text, notes := try(t, "stat", "parity:n=3")
	if want := "tc0: parity:n=3 is the problem of that name; ./parity:n=3 is what stands in this folder\n"; status != statusHolds ||
		notes != want {
		t.Errorf("status %d, %q, want %q", status, notes, want)
	}
	if !strings.HasPrefix(text, "parity:n=3,") {
		t.Errorf("it prints %q", text)
	}
	if _, _, notes := try(t, "prove", "mlp", "--check", "none"); !strings.HasPrefix(
		notes,
		"tc0: mlp is the family of that name; ./mlp ",
	) {
		t.Errorf("%q", notes)
	}
	if _, _, notes := try(t, "stat", "./mlp"); !strings.HasPrefix(notes, "tc0: ./mlp: unknown circuit format") {
		t.Errorf("%q", notes)
	}
}

// The comment of the command lists all verbs, in the order of the grammar.
func TestCommentListsAllVerbs(t *testing.T) {
	parser, err := (&app{}).parser(&grammar{})
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, verb := range parser.Model.Children {
		want = append(want, verb.Name)
	}
	source, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, verb := range regexp.MustCompile(`(?m)^//\ttc0 ([a-z]+) `).FindAllSubmatch(source, -1) {
		got = append(got, string(verb[1]))
	}
	if commas(got) != commas(want) {
		t.Errorf("the comment lists\n%s, the grammar\n%s", commas(got), commas(want))
	}
}

func TestVersion(t *testing.T) {
	if status, text, _ := try(t, "--version"); status != statusHolds || !strings.HasPrefix(text, "tc0 ") {
		t.Errorf("status %d, %q", status, text)
	}
}

// withHoles has lists and maps wherever they may be, and what is not for it.
type withHoles struct {
	*hole
	List   []int                `json:"list"`
	Nested [][]string           `json:"nested"`
	Named  map[string]int       `json:"named"`
	In     map[string]hole      `json:"in"`
	All    map[string][]float64 `json:"all"`
	Left   []int                `json:"left,omitempty"`
	None   *hole                `json:"none"`
	Number circuit.Int          `json:"number"`
	hidden []int
}

type hole struct {
	Inner []bool `json:"inner"`
}

func TestListsAreNeverNull(t *testing.T) {
	v := withHoles{
		hole: &hole{}, Nested: [][]string{nil, {"x"}}, In: map[string]hole{"a": {}}, All: map[string][]float64{"b": nil},
	}
	a := &app{}
	if err := a.emit(v); err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := json.Compact(&text, a.Bytes()); err != nil {
		t.Fatal(err)
	}
	const want = `{"inner":[],"list":[],"nested":[[],["x"]],"named":{},"in":{"a":{"inner":[]}},"all":{"b":[]},` +
		`"none":null,"number":0}`
	if text.String() != want || v.hidden != nil || v.List != nil {
		t.Errorf("got\n%s\nwant\n%s", &text, want)
	}
}
