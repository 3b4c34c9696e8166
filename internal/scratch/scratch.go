// Package scratch makes the files and folders that are not to outlive the command: a file that has
// its name only when it is whole, and folders for other programs. [Clear] removes those that a
// command which is cut off has under way. A kill leaves no part of a file on Linux, but it may leave
// a folder, which is where the system keeps temporary ones.
package scratch

import (
	"os"
	"sync"
)

// set has the names of what is there and is to go.
type set struct {
	lock  sync.Mutex
	names map[string]bool
}

var all set

// begin has create make something and remembers its name, so that there is nothing that is not remembered.
func (s *set) begin(create func() (string, error)) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	name, err := create()
	if err != nil {
		return err
	}
	if s.names == nil {
		s.names = map[string]bool{}
	}
	s.names[name] = true
	return nil
}

func (s *set) end(name string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	delete(s.names, name)
}

// clear removes everything, and keeps the lock.
func (s *set) clear() {
	s.lock.Lock()
	for name := range s.names {
		os.RemoveAll(name)
	}
}

// Clear removes what there is. It is for a command that exits next without an end of its own: from
// then on nothing is made, and who tries waits for ever.
func Clear() { all.clear() }

// Folder makes a folder as [os.MkdirTemp] does, and returns what removes it with all that is in it.
func Folder(dir, pattern string) (name string, remove func(), err error) {
	err = all.begin(func() (string, error) {
		name, err = os.MkdirTemp(dir, pattern)
		return name, err
	})
	if err != nil {
		return "", nil, err
	}
	return name, func() {
		os.RemoveAll(name)
		all.end(name)
	}, nil
}
