package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/tc0lab/tc0/circuit/vector"
)

// column is one column of a table: its title, and whether its cells are numbers,
// which stand at the right.
type column struct {
	title  string
	number bool
}

// cols makes columns from titles; a title that begins with "#" is of numbers.
func cols(titles ...string) []column {
	list := make([]column, len(titles))
	for i, t := range titles {
		name, number := strings.CutPrefix(t, "#")
		list[i] = column{name, number}
	}
	return list
}

// table prints rows under titles, and a row of totals unless it is nil.
func (a *app) table(columns []column, rows [][]string, total []string) {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options.SeparateColumns = true
	t.Style().Options.DrawBorder = false
	t.Style().Format.Header = text.FormatDefault
	t.Style().Format.Footer = text.FormatDefault
	var head table.Row
	var config []table.ColumnConfig
	widths := columnWidths(columns, rows)
	for i, c := range columns {
		head = append(head, c.title)
		align := text.AlignLeft
		if c.number {
			align = text.AlignRight
		}
		config = append(config, table.ColumnConfig{Number: i + 1, Align: align, AlignHeader: align, AlignFooter: align, WidthMax: widths[i], WidthMaxEnforcer: text.WrapSoft})
	}
	t.SetColumnConfigs(config)
	t.AppendHeader(head)
	for _, r := range rows {
		t.AppendRow(tableRow(r))
	}
	if total != nil {
		t.AppendFooter(tableRow(total))
	}
	t.SuppressTrailingSpaces()
	for line := range strings.SplitSeq(t.Render(), "\n") {
		a.printf("%s\n", strings.TrimRight(" "+line, " "))
	}
}

// mostWidth is that of a table that fits a wide terminal, leastText that of a column of
// text that is broken into lines.
const (
	mostWidth = 120
	leastText = 24
)

// columnWidths returns the greatest width of each column: 0 for any, but of a table that is
// too wide the widest columns of text are broken into lines.
func columnWidths(columns []column, rows [][]string) []int {
	widths, most := make([]int, len(columns)), make([]int, len(columns))
	total := 0
	for i, c := range columns {
		widths[i] = text.StringWidthWithoutEscSequences(c.title)
		for _, r := range rows {
			if i < len(r) {
				widths[i] = max(widths[i], text.StringWidthWithoutEscSequences(r[i]))
			}
		}
		total += widths[i] + 3
	}
	for total > mostWidth {
		widest := -1
		for i, c := range columns {
			if !c.number && widths[i] > leastText && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
		most[widest] = widths[widest]
		total--
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

// field prints a name and what is said of it, wrapped.
func (a *app) field(name, format string, args ...any) {
	const indent, width = 14, 100
	lines := strings.Split(text.WrapSoft(fmt.Sprintf(format, args...), width-indent), "\n")
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
func bigText(n vector.Number) string {
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
func wrapped(s string) string { return trimmedLines(text.WrapSoft(s, 100)) }

func trimmedLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

// indented breaks a text into lines that stand in from the left.
func indented(s string) string {
	return "  " + strings.ReplaceAll(trimmedLines(text.WrapSoft(s, 98)), "\n", "\n  ")
}
