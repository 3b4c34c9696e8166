package netlist

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Spelling says which names a format accepts.
type Spelling struct {
	Legal    func(r rune, first bool) bool
	Reserved []string // words with another meaning
	Prefixes []string // no name begins with one of these
	// Apart says that an output has a name of its own, so that it may be called like an
	// input or a gate. Otherwise an output is a signal, and the gate behind it can bear
	// its name.
	Apart bool
}

func (sp Spelling) legal(name string) string {
	if name == "" {
		return "_"
	}
	var b strings.Builder
	for i, r := range name {
		if !sp.Legal(r, i == 0) {
			if i == 0 && sp.Legal(r, false) {
				b.WriteByte('_')
			} else {
				r = '_'
			}
		}
		b.WriteRune(r)
	}
	for _, p := range sp.Prefixes {
		if strings.HasPrefix(b.String(), p) {
			return "_" + b.String()
		}
	}
	return b.String()
}

// NameSet makes names that are legal and different.
type NameSet struct {
	sp    Spelling
	plain [2][utf8.RuneSelf]bool // signs that are legal behind the first, and as the first
	used  nameTable
	last  map[string]int // number behind a name, lest a file of like names take quadratic time
}

// NewNameSet returns a set of the reserved words only.
func NewNameSet(sp Spelling) *NameSet { return newNameSet(sp, 0) }

// newNameSet returns a set with room for so many names.
func newNameSet(sp Spelling, names int) *NameSet {
	s := &NameSet{sp: sp, used: newNameTable(), last: map[string]int{}}
	if names > 0 {
		s.used.expect(names)
	}
	for b := range rune(utf8.RuneSelf) {
		s.plain[0][b], s.plain[1][b] = sp.Legal(b, false), sp.Legal(b, true)
	}
	s.Reserve("")
	for _, w := range sp.Reserved {
		s.Reserve(w)
	}
	return s
}

// legal is [Spelling.legal], faster where all signs are plain.
func (s *NameSet) legal(name string) string {
	signs := &s.plain[1]
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf || !signs[name[i]] {
			return s.sp.legal(name)
		}
		signs = &s.plain[0]
	}
	for _, p := range s.sp.Prefixes {
		if strings.HasPrefix(name, p) {
			return s.sp.legal(name)
		}
	}
	if name == "" {
		return s.sp.legal(name)
	}
	return name
}

// AnyName is the spelling in which every name is legal.
func AnyName() Spelling { return Spelling{Legal: func(rune, bool) bool { return true }} }

// Reserve puts a name into the set as it is.
func (s *NameSet) Reserve(name string) { s.add(name) }

// add puts a name into the set, and reports whether it is new there.
func (s *NameSet) add(name string) bool {
	n := len(s.used.ends)
	return int(s.used.take([]byte(name))) == n
}

// Has reports whether the set has a name.
func (s *NameSet) Has(name string) bool {
	_, ok := s.used.find([]byte(name))
	return ok
}

// Take returns a name that is not in the set yet, and is now: the given one, with
// underscores for signs that are not legal and a number behind it if it is taken.
func (s *NameSet) Take(name string) string {
	name = s.legal(name)
	for base := name; !s.add(name); {
		s.last[base]++
		name = base + "_" + strconv.Itoa(s.last[base])
	}
	return name
}

// Prefix returns g and as many underscores as necessary, so that no name of the set begins with it
// and a digit or another underscore.
func (s *NameSet) Prefix() string {
	longest := -1
	for i := range s.used.ends {
		name := s.used.of(signalID(i))
		rest, ok := strings.CutPrefix(name, "g")
		end := strings.TrimLeft(rest, "_")
		lines := len(rest) - len(end)
		switch {
		case !ok || rest == "":
		case end != "" && end[0] >= '0' && end[0] <= '9':
			longest = max(longest, lines)
		default:
			longest = max(longest, lines-1)
		}
	}
	return "g" + strings.Repeat("_", longest+1)
}
