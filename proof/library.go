// Package proof has the library of definitions and theorems that the Coq proof assistant checks, as files. Their order
// is that of _CoqProject. They are read by people in the same order.
package proof

import (
	"embed"
	"path"
	"strings"
)

//go:embed _CoqProject *.v
var files embed.FS

// Project is the name of the file that lists the others.
const Project = "_CoqProject"

// Modules returns the files of the library in the order in which they need each other.
func Modules() []string {
	text, err := files.ReadFile(Project)
	if err != nil {
		panic(err) // it is embedded
	}
	var list []string
	for _, line := range strings.Fields(string(text)) {
		if path.Ext(line) == ".v" {
			list = append(list, line)
		}
	}
	return list
}

// Read returns the text of a file.
func Read(name string) ([]byte, error) { return files.ReadFile(name) }
