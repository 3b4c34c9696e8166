package scratch

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// File is a file that is at its path once it is whole. Until then it has no name, where the system
// knows of such files, and else one of its own in the same folder.
type File struct {
	*os.File
	path string // where it is to be
	mode fs.FileMode
	name string // what it is called until then; "" for nothing
}

// Create makes an empty file that is to be at a path, with the usual permissions out of mode.
func Create(path string, mode fs.FileMode) (*File, error) {
	if f, err := unnamed(folderOf(path), mode); err == nil {
		return &File{f, path, mode, ""}, nil
	}
	return named(path, mode)
}

// folderOf returns the folder of a path.
func folderOf(path string) string {
	dir, _ := filepath.Split(path)
	return filepath.Clean(dir)
}

// named makes one with a name.
func named(path string, mode fs.FileMode) (*File, error) {
	f := &File{path: path, mode: mode}
	err := f.beside(func(name string) (err error) {
		f.File, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		return err
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// beside finds a name in the folder of the path that nothing has, and has create give it to a file. It
// is short, since that of the path may be as long as names can be.
func (f *File) beside(create func(name string) error) error {
	return all.begin(func() (string, error) {
		for i := 0; ; i++ {
			name := filepath.Join(folderOf(f.path), fmt.Sprintf(".tc0-%d-%d.part", os.Getpid(), i))
			err := create(name)
			if err == nil {
				f.name = name
			}
			if !errors.Is(err, fs.ErrExist) || i > 100 {
				return name, err
			}
		}
	})
}

// Keep settles the file on its disk, closes it and puts it at its path, in the place of what was
// there. After an error there is nothing of it.
func (f *File) Keep() error {
	if err := f.keep(); err != nil {
		f.Drop()
		return err
	}
	return nil
}

func (f *File) keep() error {
	if err := f.Sync(); err != nil {
		return err
	}
	if f.name == "" {
		err := link(f.File, f.path)
		if err == nil {
			return f.Close()
		}
		// A name is not given twice, so what is at the path is taken away by a change of names. Some
		// systems make files without a name and then let nobody give them one.
		if !errors.Is(err, fs.ErrExist) || f.beside(func(name string) error { return link(f.File, name) }) != nil {
			if err := f.copy(); err != nil {
				return err
			}
		}
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.name, f.path); err != nil {
		return err
	}
	all.end(f.name)
	return nil
}

// copy makes f a copy with a name.
func (f *File) copy() error {
	g, err := named(f.path, f.mode)
	if err != nil {
		return err
	}
	_, err = f.Seek(0, io.SeekStart)
	if err == nil {
		_, err = io.Copy(g.File, f.File)
	}
	if err == nil {
		err = g.Sync()
	}
	f.Close()
	*f = *g
	return err
}

// Drop closes the file and leaves nothing of it.
func (f *File) Drop() {
	f.Close()
	if f.name != "" {
		os.Remove(f.name)
		all.end(f.name)
	}
}
