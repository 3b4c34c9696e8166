package table

import "testing"

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
