package graphviz

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// wazero keeps compiled code in files of a folder and trusts them but for a checksum of the code
// itself. It stops at a file of another kind, and waits at a pipe for a writer. So a file beside
// each one holds its digest, and a file without is thrown away before wazero looks.

const (
	suffix = ".sha256"
	// most is more bytes than compiled code has.
	most = 1 << 26
)

// cacheFolder returns a folder of the user's own with sound files only.
func cacheFolder() (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(base, "tc0", "graphviz")
	if info, err := os.Lstat(dir); err == nil && !info.IsDir() {
		discard(dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	return dir, sweep(dir)
}

// discard removes a cache as well as it can.
func discard(dir string) { _ = os.RemoveAll(dir) }

// sweep removes what is not sound: in the cache are folders, one for each version of wazero, with
// files and their digests.
func sweep(dir string) error {
	folders, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, folder := range folders {
		path := filepath.Join(dir, folder.Name())
		if !folder.IsDir() {
			if err := os.RemoveAll(path); err != nil {
				return err
			}
			continue
		}
		entries, err := os.ReadDir(path)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			name := filepath.Join(path, strings.TrimSuffix(entry.Name(), suffix))
			if sound(name) {
				continue
			}
			if err := errors.Join(os.RemoveAll(name), os.RemoveAll(name+suffix)); err != nil {
				return err
			}
		}
	}
	return nil
}

// sound reports whether a file has the digest that is beside it.
func sound(name string) bool {
	digest, err := read(name + suffix)
	if err != nil {
		return false
	}
	data, err := read(name)
	return err == nil && string(digest) == digestOf(data)
}

// read reads a regular file that is not too long.
func read(name string) ([]byte, error) {
	info, err := os.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > most {
		return nil, fs.ErrInvalid
	}
	return os.ReadFile(name)
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// mark writes the digests of the files of a pattern that have none. Each was made by wazero under
// another name, and so is whole.
func mark(pattern string) error {
	names, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	for _, name := range names {
		if strings.HasSuffix(name, suffix) || strings.HasSuffix(name, ".tmp") { // the latter is being written
			continue
		}
		if _, err := os.Lstat(name + suffix); err == nil {
			continue
		}
		data, err := read(name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(name+suffix, []byte(digestOf(data)), 0o600); err != nil {
			return err
		}
	}
	return nil
}
