package table

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// column is a column of a table.
type column struct {
	title  string
	number bool   // its cells stand at the right
	verb   string // how a number in it is written; "," puts its digits in groups of three
}

// Table has columns, rows of cells, and a row of totals unless that is nil.
type Table struct {
	columns []column
	rows    [][]string
	Total   []string
}

// New makes a table from a line of titles with " | " between them. One that begins with
// "#" is of numbers. What follows a colon is the verb by which they are written.
func New(header string) *Table {
	t := &Table{}
	for title := range strings.SplitSeq(header, " | ") {
		title, verb, _ := strings.Cut(title, ":")
		title, number := strings.CutPrefix(title, "#")
		t.columns = append(t.columns, column{title, number, cmp.Or(verb, "%v")})
	}
	return t
}

// Number adds a column of numbers, whatever is in its title.
func (t *Table) Number(title string) { t.columns = append(t.columns, column{title, true, "%v"}) }

// Len returns the number of rows.
func (t *Table) Len() int { return len(t.rows) }

// Row adds a row. Values beyond the last column are left out.
func (t *Table) Row(values ...any) { t.rows = append(t.rows, t.Cells(values...)) }

// Number is an integer of any size.
type Number interface {
	BitLen() int
	String() string
}

// Cells writes the values of a row as their columns say; texts stay as they are.
func (t *Table) Cells(values ...any) []string {
	row := make([]string, min(len(values), len(t.columns)))
	for i := range row {
		switch v := values[i].(type) {
		case string:
			row[i] = v
		case Number:
			row[i] = Big(v)
		default:
			if verb := t.columns[i].verb; verb == "," {
				row[i] = Grouped(fmt.Sprint(v))
			} else {
				row[i] = fmt.Sprintf(verb, v)
			}
		}
	}
	return row
}

// titles are those of the columns.
func (t *Table) titles() []string {
	var titles []string
	for _, c := range t.columns {
		titles = append(titles, c.title)
	}
	return titles
}

// writer gives the table to the library that sets it.
func (t *Table) writer(within int) table.Writer {
	w := table.NewWriter()
	var config []table.ColumnConfig
	_, most := t.widths(within)
	for i, width := range most {
		align := text.AlignDefault
		if t.columns[i].number {
			align = text.AlignRight
		}
		config = append(config, table.ColumnConfig{
			Number: i + 1, Align: align, AlignHeader: align, AlignFooter: align,
			WidthMax: width, WidthMaxEnforcer: text.WrapSoft,
		})
	}
	w.SetColumnConfigs(config)
	w.SetStyle(table.StyleLight)
	w.Style().Options.DrawBorder = false
	w.Style().Format.Header = text.FormatDefault
	w.Style().Format.Footer = text.FormatDefault
	w.AppendHeader(tableRow(t.titles()))
	for _, r := range t.rows {
		w.AppendRow(tableRow(r))
	}
	if t.Total != nil {
		w.AppendFooter(tableRow(t.Total))
	}
	w.SuppressTrailingSpaces()
	return w
}

// Text sets the table with lines between the columns. It stands in by a blank.
func (t *Table) Text() string { return t.text(tableWidth) }

func (t *Table) text(within int) string {
	return trimmed(strings.ReplaceAll(" "+t.writer(within).Render(), "\n", "\n ")) + "\n"
}

// fitted sets the table in so many columns of a terminal. One that does not fit is set in parts below each other,
// each with the first column.
func (t *Table) fitted(within int) string {
	var b strings.Builder
	for i, part := range t.parts(within) {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(part.text(within))
	}
	return b.String()
}

// parts are tables of some of the columns each, that fit.
func (t *Table) parts(within int) []*Table {
	widths, _ := t.widths(within)
	var parts []*Table
	for next := 1; next < len(widths) || len(parts) == 0; {
		columns, total := []int{0}, widths[0]+3
		for next < len(widths) && (len(columns) == 1 || total+widths[next]+3 <= within) {
			total += widths[next] + 3
			columns = append(columns, next)
			next++
		}
		parts = append(parts, t.of(columns))
	}
	return parts
}

// plain is the table in ASCII.
func (t *Table) plain() *Table {
	all := func(row []string) []string {
		var texts []string
		for _, cell := range row {
			texts = append(texts, ASCII(cell))
		}
		return texts
	}
	p := &Table{Total: all(t.Total)}
	for _, c := range t.columns {
		p.columns = append(p.columns, column{ASCII(c.title), c.number, c.verb})
	}
	for _, r := range t.rows {
		p.rows = append(p.rows, all(r))
	}
	return p
}

// of is the table of some columns.
func (t *Table) of(columns []int) *Table {
	pick := func(row []string) []string {
		var some []string
		for _, i := range columns {
			if i < len(row) {
				some = append(some, row[i])
			}
		}
		return some
	}
	part := &Table{}
	for _, i := range columns {
		part.columns = append(part.columns, t.columns[i])
	}
	for _, r := range t.rows {
		part.rows = append(part.rows, pick(r))
	}
	if t.Total != nil {
		part.Total = pick(t.Total)
	}
	return part
}

// Markdown sets it as Markdown.
func (t *Table) Markdown() string {
	return strings.Replace(t.writer(tableWidth).RenderMarkdown(), "---:|", "---: |", len(t.columns)) + "\n"
}

// LaTeX sets a table of numbers as LaTeX.
func (t *Table) LaTeX() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\\begin{tabular}{%s}\n", strings.Repeat("r", len(t.columns)))
	parts := [][][]string{{t.titles()}, t.rows}
	if t.Total != nil {
		parts = append(parts, [][]string{t.Total})
	}
	for _, part := range parts {
		b.WriteString("\\hline\n")
		for _, row := range part {
			b.WriteString(strings.Join(row, " & ") + "\\\\\n")
		}
	}
	return b.String() + "\\hline\n\\end{tabular}"
}

// CSV writes it as CSV, without the row of totals.
func (t *Table) CSV(w io.Writer) error {
	return csv.NewWriter(w).WriteAll(slices.Concat([][]string{t.titles()}, t.rows))
}

// leastText is the least width of a column of text that is broken into lines: in a wide table, and where a
// terminal is narrow.
const leastText, leastNarrow = 24, 12

// widths returns the width of each column, and the greatest: 0 for any, but of a table that is too wide the
// widest columns of text are broken into lines.
func (t *Table) widths(within int) (widths, most []int) {
	widths, most = make([]int, len(t.columns)), make([]int, len(t.columns))
	total := 0
	for i, c := range t.columns {
		widths[i] = text.StringWidthWithoutEscSequences(c.title)
		for _, r := range slices.Concat(t.rows, [][]string{t.Total}) {
			if i < len(r) {
				widths[i] = max(widths[i], text.StringWidthWithoutEscSequences(r[i]))
			}
		}
		total += widths[i] + 3
	}
	least := leastText
	if within < tableWidth {
		least = leastNarrow
	}
	for ; total > within; total-- {
		widest := -1
		for i, c := range t.columns {
			if !c.number && widths[i] > least && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
		most[widest] = widths[widest]
	}
	return widths, most
}

func tableRow(cells []string) table.Row {
	row := make(table.Row, len(cells))
	for i, c := range cells {
		row[i] = c
	}
	return row
}
