package main

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// scripts are those that a browser runs, by their names in src/ and beside it.
var scripts = []string{"page", "worker"}

// script bundles one of them. Its first line has the digest of what it was made of.
func script(folder, name string) ([]byte, error) {
	sum, err := digest(folder)
	if err != nil {
		return nil, err
	}
	base, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{"src/" + name + ".js"},
		AbsWorkingDir:     base,
		Bundle:            true,
		MinifyWhitespace:  true,
		MinifySyntax:      true,
		MinifyIdentifiers: true,
		Format:            api.FormatIIFE,
		Target:            api.ES2022,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone,
		Banner:            map[string]string{"js": head(sum)},
		LogLevel:          api.LogLevelSilent,
	})
	if len(result.Errors) > 0 {
		at := ""
		if l := result.Errors[0].Location; l != nil {
			at = fmt.Sprintf("%s:%d: ", l.File, l.Line)
		}
		return nil, errors.New(at + result.Errors[0].Text)
	}
	return result.OutputFiles[0].Contents, nil
}

// head is the first line of a bundled script.
func head(sum string) string { return "/* Made by go generate; sources " + sum + ". Do not edit. */" }

// digest is that of the sources of all scripts: ours, and the lock, which has the digests of the libraries.
func digest(folder string) (string, error) {
	names, err := fs.Glob(os.DirFS(folder), "src/*.js")
	if err != nil {
		return "", err
	}
	slices.Sort(names)
	h := sha256.New()
	for _, name := range append(names, "package-lock.json") {
		text, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s %d\n%s", name, len(text), text)
	}
	return fmt.Sprintf("%x", h.Sum(nil)), nil
}

// library is one that is in the scripts.
type library struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Licence string `json:"licence"`
	Text    string `json:"text"`
}

// libraries returns those of the lock that are no tools for tests, as JSON, with the texts of their licences.
func libraries(folder string) ([]byte, error) {
	var lock struct {
		Packages map[string]struct {
			Version, License string
			Dev              bool
		}
	}
	text, err := os.ReadFile(filepath.Join(folder, "package-lock.json"))
	if err == nil {
		err = json.Unmarshal(text, &lock)
	}
	if err != nil {
		return nil, fmt.Errorf("package-lock.json: %w", err)
	}
	var list []library
	for at, p := range lock.Packages {
		name, ok := strings.CutPrefix(at, "node_modules/")
		if !ok || p.Dev {
			continue
		}
		found, err := filepath.Glob(filepath.Join(folder, filepath.FromSlash(at), "LICENSE*"))
		if err != nil || len(found) != 1 {
			return nil, fmt.Errorf("%s: it has %d files LICENSE, want one", at, len(found))
		}
		text, err := os.ReadFile(found[0])
		if err != nil {
			return nil, err
		}
		list = append(list, library{name, p.Version, p.License, string(text)})
	}
	slices.SortFunc(list, func(a, b library) int { return strings.Compare(a.Name, b.Name) })
	out, err := json.MarshalIndent(list, "", "  ")
	return append(out, '\n'), err
}
