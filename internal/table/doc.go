// Package table prints tables, and the pages that they are on.
//
// A [Table] is made from one line of titles ([New]) and rows of values ([Table.Row]), which
// its columns know how to write: with a verb of fmt, or with digits in groups of three. It
// is set as text with lines between the columns ([Table.Text]), as Markdown, as LaTeX and as
// CSV. Where text is wider than a terminal, the widest columns of words are broken into
// lines.
//
// A [Page] collects what a command prints: headings, names with what is said of them,
// wrapped, and tables.
package table
