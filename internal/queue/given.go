package queue

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Digest names what is in a file, or in the files of a folder and of those below it: the SHA-256 of their names, sizes
// and contents, in hexadecimal digits. What is neither a file nor a folder, such as a link in a folder, is refused.
func Digest(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	all := sha256.New()
	add := func(name, file string) error {
		one := sha256.New()
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		defer f.Close()
		size, err := io.Copy(one, f)
		if err == nil {
			fmt.Fprintf(all, "%q %d %x\n", name, size, one.Sum(nil))
		}
		return err
	}
	switch {
	case info.Mode().IsRegular():
		err = add("", path)
	case info.IsDir():
		err = fs.WalkDir(os.DirFS(path), ".", func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil || d.IsDir():
				return err
			case !d.Type().IsRegular():
				return fmt.Errorf("%s is neither a file nor a folder", filepath.Join(path, filepath.FromSlash(name)))
			}
			return add(name, filepath.Join(path, filepath.FromSlash(name)))
		})
	default:
		err = fmt.Errorf("%s is neither a file nor a folder", path)
	}
	return hex.EncodeToString(all.Sum(nil)), err
}

// given finds the model folders and files that a worker was given, by their digests.
func given(paths []string) (map[string]string, error) {
	found := map[string]string{}
	for _, path := range paths {
		digest, err := Digest(path)
		if err != nil {
			return nil, err
		}
		if found[digest], err = filepath.Abs(path); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// lay makes the subjects of a job that are paths appear in a folder under their names, so that the program prints
// what it prints where the job comes from. What is given is looked at again: it may have changed since.
func (j *Job) lay(dir string, given map[string]string) error {
	all := slices.Concat(j.Subjects, j.Files)
	for i, s := range all {
		if s.Digest == "" || slices.Contains(all[:i], s) {
			continue
		}
		path, ok := given[s.Digest]
		if !ok {
			return &unableError{j.ID(), fmt.Errorf("this worker was not given %s, digest %s; --subject gives it", s.Name, s.Digest)}
		}
		if now, err := Digest(path); err != nil {
			return err
		} else if now != s.Digest {
			return &unableError{
				j.ID(), fmt.Errorf("%s has changed since this worker began: digest %s, not %s", path, now, s.Digest),
			}
		}
		at := filepath.Join(dir, filepath.FromSlash(s.Name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			return err
		}
		if err := os.Symlink(path, at); err != nil {
			return err
		}
	}
	return nil
}
