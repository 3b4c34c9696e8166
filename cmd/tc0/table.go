package main

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/tc0lab/tc0/circuit"
)

// column is a column of a table.
type column struct {
	title  string
	number bool   // its cells stand at the right
	verb   string // how a number in it is written; "," puts its digits in groups of three
}

// grid is a table: columns, rows of cells, and a row of totals unless it is nil. It can be
// printed, and written as Markdown, as LaTeX and as CSV.
type grid struct {
	columns []column
	rows    [][]string
	total   []string
}

// newTable makes a table from a line of titles with " | " between them. One that begins with
// "#" is of numbers. What follows a colon is the verb by which they are written.
func newTable(header string) *grid {
	g := &grid{}
	for title := range strings.SplitSeq(header, " | ") {
		title, verb, _ := strings.Cut(title, ":")
		title, number := strings.CutPrefix(title, "#")
		g.columns = append(g.columns, column{title, number, cmp.Or(verb, "%v")})
	}
	return g
}

// row adds a row.
func (g *grid) row(values ...any) { g.rows = append(g.rows, g.cells(values...)) }

// cells writes the values of a row as their columns say; texts stay as they are.
func (g *grid) cells(values ...any) []string {
	row := make([]string, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case string:
			row[i] = v
		case circuit.Int:
			row[i] = bigText(v)
		default:
			if verb := g.columns[i].verb; verb == "," {
				row[i] = groups(fmt.Sprint(v))
			} else {
				row[i] = fmt.Sprintf(verb, v)
			}
		}
	}
	return row
}

// titles are those of the columns.
func (g *grid) titles() []string {
	var titles []string
	for _, c := range g.columns {
		titles = append(titles, c.title)
	}
	return titles
}

// writer gives the table to the library that sets it.
func (g *grid) writer() table.Writer {
	t := table.NewWriter()
	var config []table.ColumnConfig
	for i, width := range g.widths() {
		align := text.AlignDefault
		if g.columns[i].number {
			align = text.AlignRight
		}
		config = append(config, table.ColumnConfig{
			Number: i + 1, Align: align, AlignHeader: align, AlignFooter: align, WidthMax: width, WidthMaxEnforcer: text.WrapSoft,
		})
	}
	t.SetColumnConfigs(config)
	t.SetStyle(table.StyleLight)
	t.Style().Options.DrawBorder = false
	t.Style().Format.Header = text.FormatDefault
	t.Style().Format.Footer = text.FormatDefault
	t.AppendHeader(tableRow(g.titles()))
	for _, r := range g.rows {
		t.AppendRow(tableRow(r))
	}
	if g.total != nil {
		t.AppendFooter(tableRow(g.total))
	}
	t.SuppressTrailingSpaces()
	return t
}

// table prints a table.
func (a *app) table(g *grid) {
	for line := range strings.SplitSeq(g.writer().Render(), "\n") {
		a.printf("%s\n", strings.TrimRight(" "+line, " "))
	}
}

// markdown writes a table as Markdown.
func (a *app) markdown(g *grid) {
	a.out.WriteString(strings.Replace(g.writer().RenderMarkdown(), "---:|", "---: |", len(g.columns)) + "\n")
}

// latex writes a table of numbers as LaTeX.
func (a *app) latex(g *grid) {
	row := func(row []string) { a.out.WriteString(strings.Join(row, " & ") + "\\\\\n") }
	a.printf("\\begin{tabular}{%s}\n\\hline\n", strings.Repeat("r", len(g.columns)))
	row(g.titles())
	a.out.WriteString("\\hline\n")
	for _, r := range g.rows {
		row(r)
	}
	a.out.WriteString("\\hline\n")
	if g.total != nil {
		row(g.total)
		a.out.WriteString("\\hline\n")
	}
	a.out.WriteString("\\end{tabular}")
}

// csv writes a table as CSV.
func (g *grid) csv(w io.Writer) error {
	return csv.NewWriter(w).WriteAll(slices.Concat([][]string{g.titles()}, g.rows))
}

// mostWidth is that of a table that fits a wide terminal, leastText that of a column of
// text that is broken into lines.
const (
	mostWidth = 120
	leastText = 24
)

// widths returns the greatest width of each column: 0 for any, but of a table that is too
// wide the widest columns of text are broken into lines.
func (g *grid) widths() []int {
	widths, most := make([]int, len(g.columns)), make([]int, len(g.columns))
	total := 0
	for i, c := range g.columns {
		widths[i] = text.StringWidthWithoutEscSequences(c.title)
		for _, r := range g.rows {
			if i < len(r) {
				widths[i] = max(widths[i], text.StringWidthWithoutEscSequences(r[i]))
			}
		}
		total += widths[i] + 3
	}
	for ; total > mostWidth; total-- {
		widest := -1
		for i, c := range g.columns {
			if !c.number && widths[i] > leastText && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
		most[widest] = widths[widest]
	}
	return most
}

func tableRow(cells []string) table.Row {
	row := make(table.Row, len(cells))
	for i, c := range cells {
		row[i] = c
	}
	return row
}

// heading begins a section.
func (a *app) heading(format string, args ...any) {
	title := fmt.Sprintf(format, args...)
	a.printf("\n%s\n%s\n", title, strings.Repeat("─", text.StringWidthWithoutEscSequences(title)))
}

// field is text with a format.
func (a *app) field(name, format string, args ...any) { a.text(name, fmt.Sprintf(format, args...)) }

// text prints a name and what is said of it, wrapped.
func (a *app) text(name, said string) {
	const indent, width = 14, 100
	lines := strings.Split(text.WrapSoft(said, width-indent), "\n")
	for i, l := range lines {
		if i > 0 {
			name = ""
		}
		a.printf("%s\n", strings.TrimRight(fmt.Sprintf("  %-*s%s", indent-2, name, strings.TrimRight(l, " ")), " "))
	}
}

// count writes an integer with its digits in groups of three.
func count[T int | int64 | uint64](n T) string { return groups(fmt.Sprint(n)) }

// bigText writes a number of any size; a very long one by its power of two.
func bigText(n circuit.Int) string {
	if n.BitLen() > 80 {
		return fmt.Sprintf("about 2^%d", n.BitLen())
	}
	return groups(n.String())
}

func groups(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// seconds writes a duration.
func seconds(s float64) string {
	switch {
	case s < 0.001:
		return "under 1 ms"
	case s < 1:
		return strconv.Itoa(int(s*1000+0.5)) + " ms"
	}
	return fmt.Sprintf("%.1f s", s)
}

// plural writes a count with its noun.
func plural[T int | int64 | uint64](n T, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return count(n) + " " + noun + "s"
}

// wrapped breaks a text into lines.
func wrapped(s string, width int) string {
	lines := strings.Split(text.WrapSoft(s, width), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

// indented prints a text, broken into lines that stand in from the left.
func (a *app) indented(s string) {
	a.printf("  %s\n", strings.ReplaceAll(wrapped(s, 98), "\n", "\n  "))
}

// fields is field for texts that share a name.
func (a *app) fields(name string, texts []string) {
	for _, t := range texts {
		a.text(name, t)
		name = ""
	}
}

// commas joins names.
func commas(names []string) string { return strings.Join(names, ", ") }

// joined writes values one after another.
func joined[T any](values []T, between string) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = fmt.Sprint(v)
	}
	return strings.Join(parts, between)
}
