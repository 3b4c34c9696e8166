package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// libraries is the list of what the bundled scripts of the page have of others; go generate ./cmd/page writes it.
const libraries = "cmd/page/libraries.json"

// scripts writes what is in the page of tc0 view.
func (d *document) scripts([]*module) error {
	text, err := os.ReadFile(filepath.Join(d.root, libraries))
	if err != nil {
		return err
	}
	var list []struct{ Name, Version, Licence, Text string }
	if err := json.Unmarshal(text, &list); err != nil {
		return fmt.Errorf("%s: %w", libraries, err)
	}
	d.WriteString(`
## The page of tc0 view

Its scripts, cmd/page/page.js and cmd/page/worker.js, are bundled from its own sources, the libraries below and a script of
Go's own. The files that tc0 draw writes with the extension .html have them in them, and a program of Go.

| library | version | licence | texts |
|---|---|---|---|
`)
	for _, l := range list {
		if l.Text == "" || l.Licence == "" {
			return fmt.Errorf("%s: %s has no licence or no text of it", libraries, l.Name)
		}
		fmt.Fprintf(d, "| %s | %s | %s | %s |\n", l.Name, l.Version, l.Licence, d.refer(l.Name, tidy(l.Text)))
	}
	return nil
}
