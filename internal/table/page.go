package table

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// Page is a page of text that is being written. The zero value is empty.
type Page struct{ bytes.Buffer }

// The greatest widths of paragraphs and of what stands in from the left, and the column in
// which what is said of a name begins.
const (
	pageWidth     = 100
	indentedWidth = pageWidth - 2
	saidIndent    = 14
)

// Printf writes with a format.
func (p *Page) Printf(format string, args ...any) { fmt.Fprintf(p, format, args...) }

// Heading begins a section.
func (p *Page) Heading(format string, args ...any) {
	title := fmt.Sprintf(format, args...)
	p.Printf("\n%s\n%s\n", title, strings.Repeat("─", text.StringWidthWithoutEscSequences(title)))
}

// Table prints a table.
func (p *Page) Table(t *Table) { p.WriteString(t.Text()) }

// Field is Text with a format.
func (p *Page) Field(name, format string, args ...any) { p.Text(name, fmt.Sprintf(format, args...)) }

// Text prints a name and what is said of it, wrapped.
func (p *Page) Text(name, said string) {
	for line := range strings.Lines(text.WrapSoft(said, pageWidth-saidIndent) + "\n") {
		line = strings.TrimRight(line, " \n")
		p.WriteString(strings.TrimRight(fmt.Sprintf("  %-*s%s", saidIndent-2, name, line), " ") + "\n")
		name = ""
	}
}

// Fields is Text for texts that share a name.
func (p *Page) Fields(name string, texts []string) {
	for _, t := range texts {
		p.Text(name, t)
		name = ""
	}
}

// Paragraph prints a text, broken into lines.
func (p *Page) Paragraph(s string) { p.WriteString(trimmed(text.WrapSoft(s, pageWidth)) + "\n") }

// Indented prints a text, broken into lines that stand in from the left.
func (p *Page) Indented(s string) {
	lines := trimmed(text.WrapSoft(s, indentedWidth))
	p.Printf("  %s\n", strings.ReplaceAll(lines, "\n", "\n  "))
}

// trimmed drops blanks at the ends of lines.
func trimmed(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

// Big writes a number of any size; a very long one by its power of two.
func Big(n Number) string {
	if n.BitLen() > 80 {
		return fmt.Sprintf("about 2^%d", n.BitLen())
	}
	return Grouped(n.String())
}

// Grouped puts commas between groups of three digits.
func Grouped(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

var digits = regexp.MustCompile("[0-9]+")

// GroupedIn puts such commas into all numbers of a text.
func GroupedIn(text string) string { return digits.ReplaceAllStringFunc(text, Grouped) }
