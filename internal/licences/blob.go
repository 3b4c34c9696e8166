package main

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
)

// texts are licences of what no module carries a licence of: Go, and what Graphviz's WebAssembly is compiled from.
//
//go:embed texts/*.txt
var texts embed.FS

// wasm is Graphviz, compiled to WebAssembly, and the digest of the file that the parts below are of.
const (
	wasm       = "internal/figure/graphviz/graphviz.wasm"
	wasmDigest = "7cc5b0a5f176aeaa69760ed5dc3282ceda2b1b04229b22de77bb0a5eab45578e"
)

// part is one piece of software in the WebAssembly.
type part struct{ name, version, kind, file string }

// parts are as the Dockerfile and the Makefile of go-graphviz v0.2.10 have them, which builds the file.
var parts = []part{
	{"Graphviz", "12.1.2", "EPL-1.0", "graphviz.txt"},
	{"RandomKit, in Graphviz", "", "MIT, BSD-3-Clause", "randomkit.txt"},
	{"Expat", "2.6.3", "MIT", "expat.txt"},
	{"wasi-libc with musl", "of wasi-sdk 24", "MIT, BSD-2-Clause, ISC, a permission of its own", "wasi-libc.txt"},
	{"go-graphviz, what calls Graphviz", "0.2.10", "MIT", "go-graphviz.txt"},
}

// blob writes what is in the WebAssembly of Graphviz.
func (d *document) blob([]*module) error {
	file, err := os.ReadFile(filepath.Join(d.root, wasm))
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(file); hex.EncodeToString(sum[:]) != wasmDigest {
		return fmt.Errorf("%s is another file than the one whose parts are known", wasm)
	}
	fmt.Fprintf(d, `
## WebAssembly in %s

The file is compiled from what is below, by github.com/goccy/go-graphviz v0.2.10, whose Dockerfile and Makefile name the
sources. It is taken as that module has it and is not changed. The source of Graphviz is to be had from
https://gitlab.com/graphviz/graphviz.

| software | version | licence | texts |
|---|---|---|---|
`, wasm)
	for _, p := range parts {
		number, err := d.shipped(p.name, p.file)
		if err != nil {
			return err
		}
		fmt.Fprintf(d, "| %s | %s | %s | %s |\n", p.name, p.version, p.kind, number)
	}
	d.WriteString(`
Of wasi-libc and musl the linker takes only what is called; which parts these are the file does not say. The licence of
wasi-libc lets one choose, and MIT is chosen.
`)
	return nil
}
