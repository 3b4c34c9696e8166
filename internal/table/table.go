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
func (t *Table) writer() table.Writer {
	w := table.NewWriter()
	var config []table.ColumnConfig
	for i, width := range t.widths() {
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
func (t *Table) Text() string {
	return trimmed(strings.ReplaceAll(" "+t.writer().Render(), "\n", "\n ")) + "\n"
}

// Markdown sets it as Markdown.
func (t *Table) Markdown() string {
	return strings.Replace(t.writer().RenderMarkdown(), "---:|", "---: |", len(t.columns)) + "\n"
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

// mostWidth is that of a table that fits a wide terminal, leastText that of a column of
// text that is broken into lines.
const (
	mostWidth = 120
	leastText = 24
)

// widths returns the greatest width of each column: 0 for any, but of a table that is too
// wide the widest columns of text are broken into lines.
func (t *Table) widths() []int {
	widths, most := make([]int, len(t.columns)), make([]int, len(t.columns))
	total := 0
	for i, c := range t.columns {
		widths[i] = text.StringWidthWithoutEscSequences(c.title)
		for _, r := range t.rows {
			if i < len(r) {
				widths[i] = max(widths[i], text.StringWidthWithoutEscSequences(r[i]))
			}
		}
		total += widths[i] + 3
	}
	for ; total > mostWidth; total-- {
		widest := -1
		for i, c := range t.columns {
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
