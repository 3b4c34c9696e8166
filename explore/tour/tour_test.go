package tour_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/problem"
	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/explore/tour"
)

const small = `# A small one

subject: parity:n=6
input: 6.b0

## First

A text
on two lines.

And a second paragraph with ` + "`code`" + `.

view: #select=g8&level=1
check: depth 2
check: margin g8 -1

## Second

More.

view:
check: number y 1
`

// parity is the circuit of the small tour.
func parity(t testing.TB) *explore.Session {
	t.Helper()
	spec, err := problem.Parse("parity:n=6")
	if err != nil {
		t.Fatal(err)
	}
	var c *circuit.Circuit
	if c, err = spec.Circuit(); err != nil {
		t.Fatal(err)
	}
	s, err := explore.Open(c, explore.Options{Input: "101100"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRead(t *testing.T) {
	got, err := tour.Read(strings.NewReader(small), "small.md")
	if err != nil {
		t.Fatal(err)
	}
	if got.Title != "A small one" || got.Subject != "parity:n=6" || got.Input != "101100" || len(got.Steps) != 2 {
		t.Fatalf("read %+v", got)
	}
	first := got.Steps[0]
	if want := []string{"A text on two lines.", "And a second paragraph with `code`."}; !cmp.Equal(first.Text, want) {
		t.Errorf("paragraphs %q, want %q", first.Text, want)
	}
	one := 1
	if want := (explore.State{Select: "g8", Level: &one, Step: 1}); !cmp.Equal(first.State, want) {
		t.Errorf("state %+v, want %+v", first.State, want)
	}
	if err := got.Verify(parity(t)); err != nil {
		t.Error(err)
	}
	text, err := got.JSON()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"title":"A small one","steps":[{"title":"First","text":["A text on two lines.",` +
		`"And a second paragraph with ` + "`code`" + `."],"hash":"select=g8\u0026level=1\u0026step=1"},` +
		`{"title":"Second","text":["More."],"hash":"step=2"}]}`
	if string(text) != want {
		t.Errorf("JSON %s, want %s", text, want)
	}
}

// Each change of the small tour makes it bad in one way, at one line.
func TestBadTours(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{"# A small one\n", "", "x.md:21: a tour begins with its title, a line # TITLE"},
		{"# A small one\n", "# A\n# B\n", "x.md:2: a second title"},
		{"subject: parity:n=6", "", "x.md:22: a tour names its circuit before its first step, in a line subject: SUBJECT"},
		{"subject: parity:n=6", "subject:", "x.md:3: the subject is empty"},
		{"input: 6.b0", "input: 6.b", `x.md:4: explore: "6.b" in an address is no input: a number of bits, a dot, hexadecimal digits`},
		{"input: 6.b0", "Hello", `x.md:4: "Hello" is neither # TITLE, subject: SUBJECT, input: BITS nor ## TITLE OF A STEP`},
		{"view:\n", "", `x.md:17: step "Second" has no line view: STATE, as behind # in the address of the page`},
		{"view:\n", "view:\nview:\n", "x.md:22: a second view in a step"},
		{"view:\n", "view: zoom=2\n", `x.md:21: view: explore: unknown key "zoom" in an address; known: open, filter, select, bits, level, step, tokens`},
		{"More.\n", "", `x.md:17: step "Second" says nothing`},
		{"More.\n", "### More\n", `x.md:19: "### More": in a tour only # TITLE and ## TITLE OF A STEP are headings`},
		{"check: depth 2", "check: beauty 2", `x.md:14: check "beauty 2" is neither WORD VALUE with a word of depth gates inputs ones ` +
			`outputs path wires nor WORD PART VALUE with one of flips kind level levels margin number on readers size sum terms threshold type value`},
		{"More.", "\xff", "x.md:19: it is no text in UTF-8"},
	} {
		_, err := tour.Read(strings.NewReader(strings.Replace(small, test.old, test.new, 1)), "x.md")
		if err == nil || err.Error() != test.want {
			t.Errorf("%q for %q: %v\nwant %s", test.new, test.old, err, test.want)
		}
	}
	if _, err := tour.Read(strings.NewReader(strings.Repeat("\n", 1<<20+1)), "x.md"); err == nil {
		t.Error("a tour of more than the limit was read")
	}
}

// A tour that says what is not so is refused, with the line.
func TestFalseTours(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{"check: depth 2", "check: depth 3", `x.md:14: check "depth 3": it is "2"`},
		{"check: margin g8 -1", "check: margin g8 0", `x.md:15: check "margin g8 0": it is "-1"`},
		{"check: margin g8 -1", "check: margin s1 0", `x.md:15: check "margin s1 0": "s1" is no gate, as g17 is`},
		{"check: margin g8 -1", "check: level g80 0", `x.md:15: check "level g80 0": explore: no gate 80; the circuit has the gates 0 to 10`},
		{"check: number y 1", "check: number z 1", `x.md:22: check "number z 1": the circuit has no port "z"`},
		{"view: #select=g8&level=1", "view: select=g3", `x.md:6: step "First": g3 is selected and not in view`},
		{"view: #select=g8&level=1", "view: select=g99", `x.md:6: step "First": explore: no item "g99" in this circuit`},
		{"view: #select=g8&level=1", "view: open=s9", `x.md:6: step "First": explore: no item "s9"`},
		{"view: #select=g8&level=1", "view: level=3", `x.md:6: step "First": explore: no level 3; the circuit has the levels 0 to 2`},
		{"view: #select=g8&level=1", "view: bits=3.a", `x.md:6: step "First": explore: 3 input bits for 6 inputs`},
	} {
		got, err := tour.Read(strings.NewReader(strings.Replace(small, test.old, test.new, 1)), "x.md")
		if err != nil {
			t.Fatal(err)
		}
		if err := got.Verify(parity(t)); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%q: %v\nwant %s", test.new, err, test.want)
		}
	}
}

func TestShipped(t *testing.T) {
	names := tour.Names()
	if want := []string{"addition", "diffusion", "digit", "parity", "softmax"}; !slices.Equal(names, want) {
		t.Fatalf("tours %q, want %q", names, want)
	}
	for _, name := range names {
		got, err := tour.Find(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if n := len(got.Steps); n < 6 || n > 10 {
			t.Errorf("%s has %d steps, and 6 to 10 are a story", name, n)
		}
		for _, step := range got.Steps {
			if len(step.Checks) == 0 {
				t.Errorf("%s: step %q claims nothing that is checked", name, step.Title)
			}
		}
	}
	if _, err := tour.Find("../shipped/parity"); err == nil {
		t.Error("a path is the name of a tour")
	}
}

func FuzzRead(f *testing.F) {
	f.Add(small)
	for _, name := range tour.Names() {
		f.Add("# A\nsubject: " + name + "\n## B\nC\nview: open=in0\ncheck: depth 2\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := tour.Read(strings.NewReader(text), "x.md")
		if err != nil {
			if !strings.HasPrefix(err.Error(), "x.md:") {
				t.Fatalf("error %q does not begin with the file", err)
			}
			return
		}
		page, err := got.JSON()
		if err != nil || !json.Valid(page) {
			t.Fatalf("JSON %q, %v", page, err)
		}
		for i, step := range got.Steps {
			again, err := explore.ParseHash(step.State.Hash())
			if err != nil || !cmp.Equal(again, step.State) || again.Step != i+1 {
				t.Fatalf("step %d has the state %+v, and its address says %+v, %v", i+1, step.State, again, err)
			}
		}
	})
}
