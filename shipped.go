package tc0

import (
	"embed"
	"io/fs"
)

//go:embed testdata/models/*/config.json testdata/models/*/README.md
//go:embed testdata/models/*/model.safetensors testdata/models/*/tc0.json
//go:embed testdata/models/*/test.safetensors testdata/models/*/calibration.safetensors
var files embed.FS

// Models returns the shipped models, one folder each, with their weights, test and
// calibration data and a README of provenance and licence. They are part of the
// program, so that they can be used from any folder.
func Models() fs.FS { return folder(files, "testdata/models") }

// ModelNames returns the names of the shipped models, in alphabetical order.
func ModelNames() []string { return names(Models()) }

// folder returns a folder of what is embedded.
func folder(files embed.FS, name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic("tc0: " + err.Error())
	}
	return sub
}

// names returns the names in a folder.
func names(files fs.FS) []string {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		panic("tc0: " + err.Error())
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names
}

//go:embed testdata/sudoku/puzzles.txt
var puzzles string

// Puzzles returns the shipped Sudoku puzzles, one a line, from easy to hard; what follows
// a # is a comment.
func Puzzles() string { return puzzles }

//go:embed testdata/denoisers/*/config.json testdata/denoisers/*/README.md testdata/denoisers/*/*.safetensors
var denoisers embed.FS

// Denoisers returns the shipped diffusion models, one folder each.
func Denoisers() fs.FS { return folder(denoisers, "testdata/denoisers") }

// DenoiserNames returns the names of the shipped diffusion models, in alphabetical order.
func DenoiserNames() []string { return names(Denoisers()) }
