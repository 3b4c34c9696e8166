package main

import (
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// texts are licences of what no module carries a licence of: Go, and what is compiled into the module go-graphviz.
//
//go:embed texts/*.txt
var texts embed.FS

// graphviz is the module that has Graphviz, compiled to WebAssembly.
const graphviz = "github.com/goccy/go-graphviz"

// part is one piece of software in that WebAssembly.
type part struct{ name, version, kind, file string }

// sourceOf finds in the Dockerfile of the module which source a part is compiled from. The first group is the version.
var sourceOf = map[string]*regexp.Regexp{
	"expat":    regexp.MustCompile(`/expat-([0-9.]+)\.tar\.gz`),
	"wasi-sdk": regexp.MustCompile(`(?m)^FROM \S+:wasi-sdk-(\d+)`),
}

// partsOf tells what the WebAssembly of the module is compiled from, as its Makefile and Dockerfile have it.
func partsOf(m *module) ([]part, error) {
	version, err := os.ReadFile(filepath.Join(m.folder, "graphviz.version"))
	if err != nil {
		return nil, err
	}
	build := filepath.Join(m.folder, "internal", "wasm", "build")
	dockerfile, err := os.ReadFile(filepath.Join(build, "Dockerfile"))
	if err != nil {
		return nil, err
	}
	makefile, err := os.ReadFile(filepath.Join(build, "Makefile"))
	if err != nil {
		return nil, err
	}
	versions := map[string]string{}
	for name, pattern := range sourceOf {
		found := pattern.FindSubmatch(dockerfile)
		if found == nil {
			return nil, fmt.Errorf("%s: its Dockerfile does not say which %s it takes", m.path, name)
		}
		versions[name] = string(found[1])
	}
	if !strings.Contains(string(makefile), "/neatogen/randomkit.c") {
		return nil, fmt.Errorf("%s: its Makefile does not compile randomkit.c", m.path)
	}
	return []part{
		{"Graphviz", strings.TrimSpace(string(version)), "EPL-1.0", "graphviz.txt"},
		{"RandomKit, in Graphviz", "", "MIT, BSD-3-Clause", "randomkit.txt"},
		{"Expat", versions["expat"], "MIT", "expat.txt"},
		{
			"wasi-libc with musl", "of wasi-sdk " + versions["wasi-sdk"],
			"MIT, BSD-2-Clause, ISC, a permission of its own", "wasi-libc.txt",
		},
	}, nil
}
