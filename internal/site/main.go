// Command site makes web pages of README.md and of the pages in docs: static files, which need no server.
//
//	go run ./internal/site -o site
//
// Markdown is read by goldmark. A link to a page leads to its web page, and one that leads nowhere is an error.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"html/template"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

func main() {
	out := flag.String("o", "site", "the folder to write")
	root := flag.String("root", ".", "the folder of the project")
	flag.Parse()
	if err := write(*root, *out); err != nil {
		fmt.Fprintln(os.Stderr, "site:", err)
		os.Exit(1)
	}
}

// order is how the pages follow each other in the list beside them.
var order = []string{
	"README.md", "docs/tutorial.md", "docs/lecture.md", "docs/report.md", "docs/construction.md", "docs/models.md", "docs/serial.md",
	"docs/problems.md", "docs/proofs.md", "docs/coq.md", "docs/formats.md",
	"docs/gallery.md", "docs/paper.md", "docs/library.md", "docs/commands.md", "docs/json.md", "docs/cluster.md", "docs/queue.md",
	"docs/design.md",
	"docs/performance.md",
	"CHANGELOG.md", "CONTRIBUTING.md", "THIRD_PARTY.md",
}

// page is one page of the site.
type page struct {
	Source, Name, Title string // the file of the project, that of the site, the first heading
	Body                template.HTML
	Links               []string // to other files, which are copied: their paths from the root
}

// write makes the site of a project in a folder.
// Errors: a page that cannot be read or has no heading, and links that lead nowhere, all of them.
func write(root, out string) error {
	pages := make([]*page, 0, len(order))
	var faults []error
	for _, source := range order {
		p, err := read(root, source)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		pages = append(pages, p)
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	for _, p := range pages {
		var html bytes.Buffer
		if err := frame.Execute(&html, struct {
			*page
			Pages []*page
		}{p, pages}); err != nil {
			return err
		}
		if err := put(filepath.Join(out, p.Name), html.Bytes()); err != nil {
			return err
		}
		for _, link := range p.Links {
			raw, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(link)))
			if err != nil {
				return err
			}
			if err := put(filepath.Join(out, filepath.FromSlash(link)), raw); err != nil {
				return err
			}
		}
	}
	return nil
}

// put writes a file and the folders above it.
func put(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, data, 0o644)
}

// nameOf is the file of a page. All pages lie at the top, so that links between them are names.
func nameOf(source string) string {
	if source == "README.md" {
		return "index.html"
	}
	return strings.ToLower(strings.TrimSuffix(path.Base(source), ".md")) + ".html"
}

// read makes a page of a file.
func read(root, source string) (*page, error) {
	raw, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(source)))
	if err != nil {
		return nil, err
	}
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	tree := md.Parser().Parse(text.NewReader(raw))
	p := &page{Source: source, Name: nameOf(source)}
	var faults []error
	err = ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		var err error
		switch n := n.(type) {
		case *ast.Heading:
			if p.Title == "" {
				p.Title = heading(n, raw)
			}
		case *ast.Link:
			n.Destination, err = p.resolve(root, n.Destination)
		case *ast.Image:
			n.Destination, err = p.resolve(root, n.Destination)
		}
		if err != nil {
			faults = append(faults, err)
		}
		return ast.WalkContinue, nil
	})
	if err == nil && p.Title == "" {
		faults = append(faults, fmt.Errorf("%s: no heading", source))
	}
	if err := errors.Join(append(faults, err)...); err != nil {
		return nil, err
	}
	var html bytes.Buffer
	if err := md.Renderer().Render(&html, raw, tree); err != nil {
		return nil, fmt.Errorf("%s: %w", source, err)
	}
	p.Body = template.HTML(html.String()) // goldmark leaves out raw HTML
	return p, nil
}

// heading is the text of a heading.
func heading(n *ast.Heading, raw []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(raw))
		}
	}
	return b.String()
}

// resolve is where a link of the page leads on the site.
func (p *page) resolve(root string, to []byte) ([]byte, error) {
	u, err := url.Parse(string(to))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.Source, err)
	}
	if u.Scheme != "" || u.Path == "" {
		return to, nil
	}
	target := path.Join(path.Dir(p.Source), u.Path)
	if info, err := os.Stat(filepath.Join(root, filepath.FromSlash(target))); err != nil || info.IsDir() {
		return nil, fmt.Errorf("%s: the link %s leads to no file", p.Source, to)
	}
	if strings.HasSuffix(target, ".md") {
		for _, source := range order {
			if source == target {
				u.Path = nameOf(target)
				return []byte(u.String()), nil
			}
		}
		return nil, fmt.Errorf("%s: the link %s leads to a page that is not in the list of pages", p.Source, to)
	}
	p.Links = append(p.Links, target)
	u.Path = target
	return []byte(u.String()), nil
}

// frame is what stands around a page.
var frame = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}} – tc0</title>
<style>
:root { color-scheme: light dark; --line: #8886; }
body { margin: 0; font: 1rem/1.55 system-ui, sans-serif; display: flex; flex-wrap: wrap; }
nav { flex: 0 0 13rem; padding: 1.5rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li { margin: .35rem 0; }
main { flex: 1 1 30rem; min-width: 0; max-width: 52rem; padding: 1.5rem; }
pre { overflow-x: auto; padding: .8rem; border: 1px solid var(--line); border-radius: 6px; line-height: 1.3; }
code { font-size: .9em; }
table { display: block; overflow-x: auto; border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .7rem; text-align: left; vertical-align: top; }
img { max-width: 100%; background: #fff; }
[aria-current] { font-weight: bold; }
</style>
</head>
<body>
<nav aria-label="Pages"><ul>
{{- range .Pages}}
<li><a href="{{.Name}}"{{if eq .Name $.Name}} aria-current="page"{{end}}>{{.Title}}</a></li>
{{- end}}
</ul></nav>
<main>
{{.Body}}</main>
</body>
</html>
`))
