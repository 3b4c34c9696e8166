// Command bundle makes what package page embeds of other sources: page.js and worker.js of src/*.js and the libraries
// that package-lock.json names, libraries.json with their licences, and core.wasm.gz of package explore.
//
//	go generate ./cmd/page     in the root of the project; npm has to be installed
//
// With the word scripts it makes no core.wasm.gz, and with core nothing else.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

func main() {
	if err := run(".", slices.Contains(os.Args, "core"), slices.Contains(os.Args, "scripts")); err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

// run makes files in the folder of package page: all, or only those asked for.
func run(folder string, onlyCore, onlyScripts bool) error {
	if !onlyScripts {
		if err := write(folder, core); err != nil {
			return err
		}
	}
	if onlyCore {
		return nil
	}
	if err := install(folder); err != nil {
		return err
	}
	return write(folder, bundled)
}

// write makes some files and writes them once all are made.
func write(folder string, files func(folder string, made map[string][]byte) error) error {
	made := map[string][]byte{}
	if err := files(folder, made); err != nil {
		return err
	}
	for name, text := range made {
		if err := os.WriteFile(filepath.Join(folder, filepath.FromSlash(name)), text, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// bundled makes the scripts and the list of libraries.
func bundled(folder string, made map[string][]byte) error {
	for _, name := range scripts {
		text, err := script(folder, name)
		if err != nil {
			return err
		}
		made[name+".js"] = text
	}
	text, err := libraries(folder)
	made["libraries.json"] = text
	return err
}

// install lets npm bring the libraries, unless those of the lock are there.
func install(folder string) error {
	lock, err := os.ReadFile(filepath.Join(folder, "package-lock.json"))
	if err != nil {
		return err
	}
	mark := filepath.Join(folder, "node_modules", ".tc0-lock")
	if have, err := os.ReadFile(mark); err == nil && string(have) == string(lock) {
		return nil
	}
	cmd := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir = folder
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w: %s", err, text)
	}
	return os.WriteFile(mark, lock, 0o666)
}
