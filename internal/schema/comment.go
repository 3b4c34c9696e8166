package schema

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
)

// Comments returns a function for [Maker.Comment] that reads the source of a module in a folder: what stands before a
// type or a field, or else behind it on its line. Types of other modules have none.
func Comments(module, folder string) func(t reflect.Type, field string) string {
	read := map[string]map[string]string{} // by package, then by type and field
	return func(t reflect.Type, field string) string {
		under, ours := strings.CutPrefix(t.PkgPath(), module)
		if t.PkgPath() == "main" {
			under, ours = "cmd/tc0", true
		}
		if !ours {
			return ""
		}
		if read[under] == nil {
			read[under] = comments(filepath.Join(folder, filepath.FromSlash(under)))
		}
		return read[under][t.Name()+"."+field]
	}
}

// comments reads those of the structs of a package.
func comments(folder string) map[string]string {
	said := map[string]string{}
	isSource := func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }
	entries, err := os.ReadDir(folder)
	if err != nil {
		return said
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || filepath.Ext(e.Name()) != ".go" || !isSource(info) {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(folder, e.Name()), nil, parser.ParseComments)
		if err != nil {
			continue
		}
		for _, d := range file.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range decl.Specs {
				of, ok := spec.(*ast.TypeSpec)
				if !ok {
					continue
				}
				doc := of.Doc
				if doc == nil {
					doc = decl.Doc
				}
				said[of.Name.Name+"."] = words(doc)
				if s, ok := of.Type.(*ast.StructType); ok {
					commentsOf(said, of.Name.Name, s)
				}
			}
		}
	}
	return said
}

// commentsOf adds those of the fields of a struct.
func commentsOf(said map[string]string, name string, s *ast.StructType) {
	for _, f := range s.Fields.List {
		text := words(f.Doc)
		if text == "" {
			text = words(f.Comment)
		}
		for _, id := range f.Names {
			said[name+"."+id.Name] = text
		}
	}
}

// words is the text of a comment on one line.
func words(c *ast.CommentGroup) string { return strings.Join(strings.Fields(c.Text()), " ") }
