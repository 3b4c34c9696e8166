package table

import (
	"strings"
	"testing"
)

func TestGrouped(t *testing.T) {
	for text, want := range map[string]string{
		"1": "1", "999": "999", "1000": "1,000", "-1234567": "-1,234,567", "-123": "-123",
	} {
		if got := Grouped(text); got != want {
			t.Errorf("%s is written %s, want %s", text, got, want)
		}
	}
}

// A table is set in four ways; what its columns say holds in all of them.
func TestTable(t *testing.T) {
	made := New("what | #gates:, | #share:%.1f")
	made.Row("one | two", 1234, 0.25, "left out")
	made.Total = made.Cells("all", 1234567, 1.0)
	made.Number("a:b")
	for got, want := range map[string]string{
		made.Text(): `  what      │     gates │ share │ a:b
 ───────────┼───────────┼───────┼─────
  one | two │     1,234 │   0.2 │
 ───────────┼───────────┼───────┼─────
  all       │ 1,234,567 │   1.0 │
`,
		made.LaTeX(): `\begin{tabular}{rrrr}
\hline
what & gates & share & a:b\\
\hline
one | two & 1,234 & 0.2\\
\hline
all & 1,234,567 & 1.0\\
\hline
\end{tabular}`,
		made.Markdown(): `| what | gates | share | a:b |
| --- | ---: | ---: | ---: |
| one \| two | 1,234 | 0.2 |  |
| all | 1,234,567 | 1.0 |  |
`,
	} {
		if got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func TestPage(t *testing.T) {
	var p Page
	p.Heading("Depth of %s", "it")
	p.Field("name", "said of %d words: %s", 3, "a long text that goes on until it has to be broken into two lines, as here")
	p.Fields("many", []string{"one", "two"})
	want := `
Depth of it
───────────
  name        said of 3 words: a long text that goes on until it has to be broken into two lines, as
              here
  many        one
              two
`
	if got := p.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A short page leaves details out if the page is long, and says which.
func TestShort(t *testing.T) {
	var p Page
	p.Heading("First")
	p.Field("one", "1")
	p.Aside(func() {
		p.Field("two", "2")
		p.Aside(func() { p.Field("three", "3") })
	})
	p.Detail("Second (measured)")
	p.Aside(func() { p.Field("four", "4") })
	p.End()
	p.Printf("end\n")
	whole := p.String()
	if page, left := p.Short(99); string(page) != whole || left != nil {
		t.Errorf("a page that fits is cut to\n%s\n%q", page, left)
	}
	want := "\nFirst\n─────\n  one         1\nend\n"
	if page, left := p.Short(5); string(page) != want || len(left) != 1 || left[0] != "Second" {
		t.Errorf("got\n%s\n%q, want\n%s", page, left, want)
	}
	p = Page{}
	p.Field("one", "1")
	p.Aside(func() { p.Field("two", "2") })
	if page, left := p.Short(1); string(page) != "  one         1\n" || len(left) != 1 {
		t.Errorf("got\n%s\n%q", page, left)
	}
}

// A narrow terminal gets a table in parts, each with the first column, and long lines broken.
func TestNarrow(t *testing.T) {
	p := Page{Width: 60, Plain: true}
	made := New("stage | #first number:, | #second number:, | #third number:, | #fourth number:,")
	made.Row("exp(x) ≤ 3", 1234, 5678, 9, 10)
	p.Table(made)
	p.Printf("  %s\n", strings.Repeat("word ", 20))
	got := string(p.Fitted(p.Bytes()))
	for line := range strings.Lines(got) {
		if len(line) > 61 {
			t.Errorf("%d columns: %s", len(line)-1, line)
		}
	}
	if n := strings.Count(got, "exp(x) <= 3"); n != 2 {
		t.Errorf("the first column is there %d times:\n%s", n, got)
	}
	if n := strings.Count(got, "word"); n != 20 {
		t.Errorf("%d words:\n%s", n, got)
	}
}
