package table

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/tc0lab/tc0/internal/press"
)

// Page is a page of text that is being written. The zero value is empty.
type Page struct {
	bytes.Buffer
	Width   int      // columns of the terminal; 0 if it is none, and then lines are of a good length
	Plain   bool     // it shows ASCII only
	details []detail // in the order of the page
	open    bool     // the last of them is a section that goes on
	aside   bool     // within a call of Aside
}

// detail is a part of a page that a short page does without.
type detail struct {
	title    string // of a section; "" within one
	from, to int    // the bytes
}

// The widths of paragraphs and of tables: at most, and at least, however narrow a terminal is; and the column
// in which what is said of a name begins.
const (
	pageWidth  = 100
	tableWidth = 120
	leastWidth = 60
	saidIndent = 14
)

// within is a greatest width, or that of the terminal if that is less.
func (p *Page) within(most int) int {
	if p.Width == 0 {
		return most
	}
	return min(most, max(p.Width-1, leastWidth))
}

// Printf writes with a format.
func (p *Page) Printf(format string, args ...any) { fmt.Fprintf(p, format, args...) }

// Heading begins a section.
func (p *Page) Heading(format string, args ...any) {
	p.End()
	title := fmt.Sprintf(format, args...)
	p.Printf("\n%s\n%s\n", title, strings.Repeat("─", text.StringWidthWithoutEscSequences(title)))
}

// Detail begins a section that a short page does without.
func (p *Page) Detail(format string, args ...any) {
	p.End()
	if p.aside {
		p.Heading(format, args...)
		return
	}
	from := p.Len()
	p.Heading(format, args...)
	title, _, _ := strings.Cut(fmt.Sprintf(format, args...), " (")
	p.details, p.open = append(p.details, detail{title: title, from: from}), true
}

// Aside prints a part of a section that a short page does without.
func (p *Page) Aside(write func()) {
	if p.open || p.aside { // left out with what it is in
		write()
		return
	}
	from := p.Len()
	p.aside = true
	write()
	p.aside = false
	p.details = append(p.details, detail{from: from, to: p.Len()})
}

// End ends a section, so that what follows is on a short page, too.
func (p *Page) End() {
	if p.open {
		p.details[len(p.details)-1].to, p.open = p.Len(), false
	}
}

// Short returns the page, and if it has more than so many lines, without its details: then left names the
// sections that are left out, or says that there are more lines.
func (p *Page) Short(lines int) (page []byte, left []string) {
	p.End()
	all := p.Bytes()
	if len(p.details) == 0 || bytes.Count(all, []byte("\n")) <= lines {
		return all, nil
	}
	end, asides := 0, false
	for _, d := range p.details {
		page = append(page, all[end:d.from]...)
		end = d.to
		if d.title == "" {
			asides = true
			continue
		}
		left = append(left, d.title)
	}
	if asides && len(left) == 0 {
		left = append(left, "more on what is here")
	}
	return append(page, all[end:]...), left
}

// Table prints a table.
func (p *Page) Table(t *Table) {
	if p.Plain {
		t = t.plain()
	}
	if p.Width == 0 {
		p.WriteString(t.Text())
		return
	}
	p.WriteString(t.fitted(p.within(tableWidth)))
}

// Field is Text with a format.
func (p *Page) Field(name, format string, args ...any) { p.Text(name, fmt.Sprintf(format, args...)) }

// Text prints a name and what is said of it, wrapped.
func (p *Page) Text(name, said string) {
	if name == "" && said == "" {
		return
	}
	for line := range strings.Lines(text.WrapSoft(said, p.within(pageWidth)-saidIndent) + "\n") {
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
func (p *Page) Paragraph(s string) {
	p.WriteString(trimmed(text.WrapSoft(s, p.within(pageWidth))) + "\n")
}

// Indented prints a text, broken into lines that stand in from the left.
func (p *Page) Indented(s string) {
	lines := trimmed(text.WrapSoft(s, p.within(pageWidth)-2))
	p.Printf("  %s\n", strings.ReplaceAll(lines, "\n", "\n  "))
}

// Fitted returns a part of the page as its terminal can show it: in ASCII, and with long lines broken.
func (p *Page) Fitted(text []byte) []byte {
	if p.Width == 0 && !p.Plain {
		return text
	}
	var b bytes.Buffer
	for line := range strings.Lines(string(text)) {
		isTable := strings.ContainsAny(line, "│┼")
		if p.Plain {
			line = ASCII(line)
		}
		if p.Width > 0 && !isTable {
			line = broken(line, p.within(math.MaxInt))
		}
		b.WriteString(line)
	}
	return b.Bytes()
}

// broken breaks a line that is too long. What follows stands in as the line does.
func broken(line string, within int) string {
	words := strings.TrimSpace(line)
	if text.StringWidthWithoutEscSequences(strings.TrimRight(line, "\n")) <= within || words == "" {
		return line
	}
	if strings.Trim(words, "─-") == "" { // below a heading
		return line[:strings.Index(line, words)] + string([]rune(words)[:within]) + "\n"
	}
	indent := line[:strings.Index(line, words)]
	hang, name := indent, ""
	if name = regexp.MustCompile(`^\S+( \S+)? {2,}`).FindString(words); name != "" { // a name with what is said of it
		hang += strings.Repeat(" ", len([]rune(name)))
	}
	said := strings.TrimPrefix(words, name)
	return indent + name + strings.TrimSpace(trimmed(strings.ReplaceAll(
		text.WrapSoft(said, within-len([]rune(hang))), "\n", "\n"+hang))) + "\n"
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

// Grouped and GroupedIn are those of package press: numbers of tables are written as those of figures.
func Grouped(digits string) string { return press.Grouped(digits) }
func GroupedIn(text string) string { return press.GroupedIn(text) }
