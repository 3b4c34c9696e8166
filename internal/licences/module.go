package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// systems are those that the command is built for. Some modules are needed on one of them only.
var systems = []string{"linux", "darwin", "windows"}

// module is one that the command is made of.
type module struct {
	path, version string
	folder        string    // where its source is
	time          time.Time // of the version; zero if the cache does not know it
	indirect      bool      // no package of ours imports it
	alone         bool      // only the command for many machines has it
	through       []string  // the modules whose packages import it, in alphabetical order
	notices       []notice
}

// kinds names the licences of a module, each once.
func (m *module) kinds() string {
	var names []string
	for _, n := range m.notices {
		if !slices.Contains(names, n.kind) {
			names = append(names, n.kind)
		}
	}
	return strings.Join(names, ", ")
}

// listed is what go list tells of a package.
type listed struct {
	ImportPath string
	Imports    []string
	Module     *struct {
		Path, Version, Dir string
		Main, Indirect     bool
		Time               time.Time
		Replace            *struct{ Path string }
	}
}

// The commands. The second one is for many machines, and has what the first one has not.
const (
	command = "./cmd/tc0"
	queue   = "./cmd/tc0-queue"
)

// packages returns those that a command is made of on one system. The root is a folder of the project.
func packages(root, command, system string) ([]listed, error) {
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Imports,Module", command)
	cmd.Dir, cmd.Env = root, append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0", "GOFLAGS=-mod=readonly")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, stderr.String())
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(text)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("what go list printed: %w", err)
		}
		all = append(all, p)
	}
}

// modules returns those that commands are made of, in alphabetical order, without the project itself and Go.
func modules(root string, commands ...string) ([]*module, error) {
	found := map[string]*module{}
	var lists [][]listed
	for _, command := range commands {
		for _, system := range systems {
			list, err := packages(root, command, system)
			if err != nil {
				return nil, err
			}
			lists = append(lists, list)
		}
	}
	for _, list := range lists {
		of := map[string]string{} // the module of a package
		for _, p := range list {
			if p.Module == nil { // of Go's own library
				continue
			}
			of[p.ImportPath] = p.Module.Path
			if m := p.Module; !m.Main && found[m.Path] == nil {
				if m.Replace != nil {
					return nil, fmt.Errorf("%s is replaced by %s, which this program does not read", m.Path, m.Replace.Path)
				}
				found[m.Path] = &module{
					path: m.Path, version: m.Version, folder: m.Dir, time: m.Time, indirect: m.Indirect,
				}
			}
		}
		for _, p := range list {
			for _, imported := range p.Imports {
				m, by := found[of[imported]], of[p.ImportPath]
				if m != nil && by != m.path && !slices.Contains(m.through, by) {
					m.through = append(m.through, by)
				}
			}
		}
	}
	all := slices.SortedFunc(maps.Values(found), func(a, b *module) int { return cmp.Compare(a.path, b.path) })
	for _, m := range all {
		slices.Sort(m.through)
		var err error
		if m.notices, err = noticesOf(m); err != nil {
			return nil, err
		}
	}
	return all, nil
}
