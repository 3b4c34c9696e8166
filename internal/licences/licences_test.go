package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var root = filepath.Join("..", "..")

// row is a line of the table of modules: path, version, licences, numbers of texts.
var row = regexp.MustCompile(`(?m)^\| (\S+) \| (v\d\S+) \| ([^|]*) \| ([^|]*) \|$`)

// section returns what stands on a page under a heading.
func section(t *testing.T, text, heading string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, "\n## "+heading+"\n")
	if !found {
		t.Fatalf("there is no heading %q", heading)
	}
	rest, _, _ = strings.Cut(rest, "\n## ")
	return rest
}

// The page names the modules that the command is made of, in the versions that it takes, and no other. Each has a
// licence, and a text that is in the module.
func TestPageIsOfTheseModules(t *testing.T) {
	shown, err := os.ReadFile(filepath.Join(root, written))
	if err != nil {
		t.Fatal(err)
	}
	all, err := all(root)
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, m := range all {
		want = append(want, m.path+" "+m.version)
		for _, n := range m.notices {
			if !strings.Contains(string(shown), "\n```text\n"+n.text+"```\n") {
				t.Errorf("the page lacks the text of %s in %s", n.file, m.path)
			}
		}
	}
	for _, cells := range row.FindAllStringSubmatch(section(t, string(shown), "Modules"), -1) {
		got = append(got, cells[1]+" "+cells[2])
		if strings.TrimSpace(cells[3]) == "" || !strings.Contains(cells[4], "](#text-") {
			t.Errorf("%s has the licence %q and the texts %q", cells[1], cells[3], cells[4])
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s names\n%s\nand the command is made of\n%s\ngo generate . writes it anew",
			written, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if text, err := page(root); err != nil {
		t.Error(err)
	} else if text != string(shown) {
		t.Errorf("%s is not what go generate . writes", written)
	}
}

// The modules are those that the linker writes into the commands: none that only tests or tools need.
func TestModulesAreThoseOfTheCommands(t *testing.T) {
	all, err := all(root)
	if err != nil {
		t.Fatal(err)
	}
	alone := map[string]bool{}
	for _, m := range all {
		alone[m.path] = m.alone
	}
	for path, want := range map[string]bool{
		"github.com/alecthomas/kong": false, "github.com/tetratelabs/wazero": false, "gonum.org/v1/plot": false,
		"github.com/nats-io/nats-server/v2": true, "github.com/nats-io/nats.go": true,
	} {
		if got, ok := alone[path]; !ok || got != want {
			t.Errorf("%s is there: %v; in tc0-queue alone: %v", path, ok, got)
		}
	}
	for _, path := range []string{"github.com/tc0lab/tc0", "pgregory.net/rapid", "rsc.io/script", "honnef.co/go/tools", "mvdan.cc/gofumpt"} {
		if _, ok := alone[path]; ok {
			t.Errorf("%s is no part of the commands", path)
		}
	}
}

func TestPartsOfTheWebAssembly(t *testing.T) {
	shown, err := os.ReadFile(filepath.Join(root, written))
	if err != nil {
		t.Fatal(err)
	}
	text := section(t, string(shown), "WebAssembly in "+wasm)
	for _, want := range []string{"| Graphviz | 12.1.2 | EPL-1.0 |", "| Expat | 2.6.3 | MIT |", "| wasi-libc with musl | of wasi-sdk 24 |"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, want := range []string{"Eclipse Public License - v 1.0", "Thai Open Source Software Center", "Rich Felker", "Copyright 2009 The Go Authors."} {
		if !strings.Contains(string(shown), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestKindOf(t *testing.T) {
	for file, want := range map[string]string{
		"go.txt": "BSD-3-Clause", "go-patents.txt": "a grant of patents", "graphviz.txt": "EPL-1.0", "expat.txt": "MIT",
	} {
		text, err := texts.ReadFile("texts/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if got := kindOf(string(text)); got != want {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
	if got := kindOf("All rights reserved."); got != "" {
		t.Errorf("no licence is %q", got)
	}
}

// A module without a licence, or with one of no known kind, is an error and not a gap in the table.
func TestModuleWithoutLicence(t *testing.T) {
	folder := t.TempDir()
	m := &module{path: "example.org/m", folder: folder}
	if _, err := noticesOf(m); err == nil || !strings.Contains(err.Error(), "example.org/m has no licence") {
		t.Errorf("without: %v", err)
	}
	for _, name := range []string{"LICENSE", "main.go"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("Ask me.\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := noticesOf(m); err == nil || !strings.Contains(err.Error(), "LICENSE is of no licence that is known") {
		t.Errorf("unknown: %v", err)
	}
}
