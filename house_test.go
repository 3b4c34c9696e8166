package tc0_test

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// module is the import path of the root.
const module = "github.com/tc0lab/tc0"

// floors are the folders of the house. A package may import those of its own folder
// and of the folders before it, and nothing of the project else. The root package,
// which holds the shipped models, imports none of them and is for the command only.
var floors = []string{"internal", "gates", "circuit", "compile", "proof", "analysis", "explore", "cmd"}

// shared says who may import a package of the lowest floor: the folders, with those in them.
var shared = map[string][]string{
	"internal/press": {
		"internal/press", "internal/figure", "internal/chart", "internal/table", "circuit/draw", "compile/diagram", "explore/sketch", "cmd",
	},
	"internal/figure": {"internal/figure", "internal/chart", "circuit/draw", "compile/diagram", "cmd"},
	"internal/chart":  {"internal/chart", "cmd"},
	"internal/table":  {"internal/table", "analysis/paper", "cmd"},
}

// trusted has what the checker of proofs may import of the project, and what the proofs may that it reads:
// operations, their lowering and circuits, but no code of what makes proofs. Package brief cuts what errors repeat.
var trusted = map[string][]string{
	"analysis/check": {"analysis/proof", "compile/program", "compile/lower", "circuit", "gates", "internal/brief"},
	"analysis/proof": {"circuit", polynomials, "internal/brief"},
}

// polynomials is the package of the formulas that a proof has. The checker reads their texts.
const polynomials = "compile/poly"

// within reports whether a folder is another one or lies in it.
func within(folder, other string) bool { return strings.HasPrefix(folder+"/", other+"/") }

// source is one Go file of the project.
type source struct {
	name  string // with its folder
	file  *ast.File
	lines *token.FileSet
	text  []byte
}

func (s source) folder() string { return path.Dir(s.name) }

// sources reads all Go files but tests and test data, as far as their imports.
func sources(t *testing.T) []source {
	t.Helper()
	return goFiles(t, parser.ImportsOnly|parser.ParseComments, func(name string) bool {
		return !strings.HasSuffix(name, "_test.go")
	})
}

// goFiles parses the Go files with the wanted names.
func goFiles(t *testing.T, mode parser.Mode, want func(name string) bool) []source {
	t.Helper()
	var list []source
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." &&
			(d.Name()[0] == '.' || d.Name()[0] == '_' || d.Name() == "testdata" || d.Name() == "out"):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go" || !want(name):
			return nil
		}
		text, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			return err
		}
		lines := token.NewFileSet()
		file, err := parser.ParseFile(lines, name, text, mode)
		if err != nil {
			return err
		}
		list = append(list, source{name, file, lines, text})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) == 0 {
		t.Fatal("no Go files were found")
	}
	return list
}

// floor returns the index of the first folder of a path, or −1.
func floor(folder string) int {
	first, _, _ := strings.Cut(folder, "/")
	return slices.Index(floors, first)
}

// inProject returns the folder of an import, "" for the root, and whether it is of the project.
func inProject(t *testing.T, spec *ast.ImportSpec) (folder string, ours bool) {
	t.Helper()
	imported, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		t.Fatal(err)
	}
	rest, ours := strings.CutPrefix(imported, module)
	return strings.TrimPrefix(rest, "/"), ours && (rest == "" || rest[0] == '/')
}

func TestImportsGoOneWay(t *testing.T) {
	for _, s := range sources(t) {
		from := floor(s.folder())
		if from < 0 && s.folder() != "." {
			t.Errorf("%s: its folder is on no floor of the house: %s", s.name, strings.Join(floors, " <- "))
		}
		for _, spec := range s.file.Imports {
			rest, ours := inProject(t, spec)
			if !ours {
				continue
			}
			switch to := floor(rest); {
			case rest == "" && floors[max(from, 0)] != "cmd":
				t.Errorf("%s imports the root package, which only the command may", s.name)
			case rest != "" && to > from:
				t.Errorf("%s imports %s, against the direction %s", s.name, rest, strings.Join(floors, " <- "))
			}
			for pkg, users := range shared {
				user := func(folder string) bool { return within(s.folder(), folder) }
				if within(rest, pkg) && !slices.ContainsFunc(users, user) {
					t.Errorf("%s imports %s, which is for %s", s.name, rest, strings.Join(users, ", "))
				}
			}
		}
	}
}

func TestCheckerSharesNoCodeWithProver(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sources(t) {
		allowed, ok := trusted[s.folder()]
		if !ok {
			continue
		}
		seen[s.folder()] = true
		for _, spec := range s.file.Imports {
			if folder, ours := inProject(t, spec); ours && !slices.Contains(allowed, folder) {
				t.Errorf("%s imports %q; of the project it may only import %s", s.name, folder, strings.Join(allowed, ", "))
			}
		}
	}
	if len(seen) != len(trusted) {
		t.Errorf("only these packages are there: %v", seen)
	}
	// Of lowering the checker uses the names of strategies. What a strategy makes it says for itself.
	names := []string{"Strategy", "ParseStrategy", "ProgramContext"}
	inCheck := func(name string) bool {
		return path.Dir(name) == "analysis/check" && !strings.HasSuffix(name, "_test.go")
	}
	for _, s := range goFiles(t, 0, inCheck) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			of, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := of.X.(*ast.Ident)
			if ok && x.Name == "lower" && !slices.Contains(names, of.Sel.Name) || of.Sel.Name == "Widths" {
				t.Errorf("%s uses %s of package lower; of it the checker may only use %s", s.name, of.Sel.Name, strings.Join(names, ", "))
			}
			return true
		})
	}
}

func TestPackagesHaveComments(t *testing.T) {
	documented := map[string]int{}
	for _, s := range sources(t) {
		documented[s.folder()] += 0
		if s.file.Doc != nil {
			documented[s.folder()]++
		}
	}
	for folder, n := range documented {
		if n != 1 {
			t.Errorf("package %s has %d package comments, want one", folder, n)
		}
	}
}

// One noun a file: a file that grows beyond this has two. A function beyond it does two things,
// unless it returns a table.
func TestFilesAndFunctionsAreShort(t *testing.T) {
	const mostOfFile, mostOfFunction, columns = 450, 80, 120
	for _, s := range goFiles(t, parser.ParseComments, func(string) bool { return true }) {
		if ast.IsGenerated(s.file) {
			continue
		}
		lines := strings.Split(withoutStrings(s.text), "\n")
		if len(lines)-1 > mostOfFile {
			t.Errorf("%s has %d lines; at most %d are wanted", s.name, len(lines)-1, mostOfFile)
		}
		for i, line := range lines {
			if n := utf8.RuneCountInString(strings.ReplaceAll(line, "\t", "    ")); n > columns {
				t.Errorf("%s:%d has %d columns, strings apart; at most %d are wanted", s.name, i+1, n, columns)
			}
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || strings.HasSuffix(s.name, "_test.go") || f.Body == nil || len(f.Body.List) == 1 {
				continue
			}
			if n := s.lines.Position(f.End()).Line - s.lines.Position(f.Pos()).Line + 1; n > mostOfFunction {
				t.Errorf("%s: %s has %d lines; at most %d are wanted", s.name, f.Name.Name, n, mostOfFunction)
			}
		}
	}
}

// withoutStrings returns Go text with every string left out but its line ends: a long text
// cannot be wrapped.
func withoutStrings(text []byte) string {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	s.Init(file, text, nil, scanner.ScanComments)
	var b strings.Builder
	at := 0
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return b.String() + string(text[at:])
		}
		if from := file.Offset(pos); tok == token.STRING {
			b.Write(text[at:from])
			at = from + len(lit)
			b.WriteString(strings.Repeat("\n", strings.Count(lit, "\n")))
		}
	}
}

// A room with more files than this is two rooms. The command has a file for each verb.
func TestRoomsAreSmall(t *testing.T) {
	const most, command = 25, 45
	// A package with a file for each type of model has more of them.
	models := map[string]int{"compile/model": 29}
	count := map[string]int{}
	for _, s := range sources(t) {
		count[s.folder()]++
	}
	for folder, n := range count {
		if n > max(most, models[folder]) && folder != "cmd/tc0" || n > command {
			t.Errorf("%s has %d files; at most %d are wanted, and in the command %d", folder, n, most, command)
		}
	}
}

// Every folder of data says in a README.md where they come from: its own, or that of the
// folder that it is in. The scripts are tests, and no data.
func TestDataHaveProvenance(t *testing.T) {
	files := os.DirFS("testdata")
	checked := map[string]bool{}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		folder := path.Dir(name)
		switch {
		case err != nil:
			return err
		case name == "script":
			return fs.SkipDir
		case d.IsDir() || folder == "." || checked[folder] || path.Ext(name) == ".py" || path.Ext(name) == ".md":
			return nil
		}
		checked[folder] = true
		for _, readme := range []string{folder + "/README.md", path.Dir(folder) + "/README.md"} {
			if text, err := fs.ReadFile(files, readme); err == nil && len(text) > 0 {
				return nil
			}
		}
		t.Errorf("testdata/%s holds %s, and no README.md says where it comes from", folder, d.Name())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"models/adder", "denoisers/parity-denoiser", "families/gpt2", "sudoku"} {
		if !checked[folder] {
			t.Errorf("no data were found in testdata/%s", folder)
		}
	}
}
