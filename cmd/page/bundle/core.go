package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// corePackage is the program that runs in the browser.
const corePackage = "github.com/tc0lab/tc0/explore/wasm"

// core makes core.wasm.gz; core.sum, the digest of its sources; and src/wasm_exec.js, the script of Go's own that
// starts it, which has to be of the same version.
func core(folder string, made map[string][]byte) error {
	sum, err := coreDigest(folder)
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "tc0-core")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	out := filepath.Join(temp, "core.wasm")
	flags := []string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", out, corePackage}
	if _, err := inBrowser(folder, flags...); err != nil {
		return err
	}
	binary, err := os.ReadFile(out)
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(binary); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	root, err := inBrowser(folder, "env", "GOROOT")
	if err != nil {
		return err
	}
	starter, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return err
	}
	made["src/wasm_exec.js"] = starter
	made["core.wasm.gz"], made["core.sum"] = packed.Bytes(), []byte(sum+"\n")
	return nil
}

// inBrowser runs the go command for WebAssembly.
func inBrowser(folder string, args ...string) ([]byte, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = folder, append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOFLAGS=-mod=readonly")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w: %s", args[0], err, stderr.String())
	}
	return text, nil
}

// coreDigest is that of the sources of the program in the browser: the files of this project by their names in it, and
// the versions of other modules.
func coreDigest(folder string) (string, error) {
	text, err := inBrowser(folder, "list", "-deps", "-json=ImportPath,Dir,GoFiles,EmbedFiles,Module", corePackage)
	if err != nil {
		return "", err
	}
	var lines []string
	for d := json.NewDecoder(bytes.NewReader(text)); ; {
		var p struct {
			ImportPath, Dir     string
			GoFiles, EmbedFiles []string
			Module              *struct {
				Path, Version string
				Main          bool
			}
		}
		switch err := d.Decode(&p); {
		case errors.Is(err, io.EOF):
			slices.Sort(lines)
			lines = slices.Compact(lines)
			return fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(lines, "\n")))), nil
		case err != nil:
			return "", fmt.Errorf("what go list printed: %w", err)
		case p.Module == nil: // of Go's own library
		case !p.Module.Main:
			lines = append(lines, p.Module.Path+" "+p.Module.Version)
		default:
			for _, name := range slices.Concat(p.GoFiles, p.EmbedFiles) {
				text, err := os.ReadFile(filepath.Join(p.Dir, name))
				if err != nil {
					return "", err
				}
				lines = append(lines, fmt.Sprintf("%s/%s %x", p.ImportPath, name, sha256.Sum256(text)))
			}
		}
	}
}
