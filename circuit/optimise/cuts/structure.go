package cuts

import (
	_ "embed"
	"sync"
)

// structure computes a function of four inputs. Its literals are 2·i, and 1 more for a complement:
// i is an input below 4, and then an AND, in order. The last AND is the result.
type structure struct {
	ands [][2]uint8
	flip uint8    // 1: the result is complemented
	at   []uint16 // by AND: where it is among those of its class
}

// family are the structures of a class, those of few ANDs first, and all their ANDs, each once: the structures share
// most of them. The literals of ands are those of one structure with all of them.
type family struct {
	list []structure
	ands [][2]uint16
}

//go:embed structures.bin
var structuresFile []byte

// structures returns the structures of each class.
var structures = sync.OnceValue(func() []family {
	all := make([]family, len(Classes()))
	text := structuresFile
	for class := range all {
		count := int(text[0])
		text = text[1:]
		for range count {
			s := structure{flip: text[0] >> 7, ands: make([][2]uint8, text[0]&0x7f)}
			text = text[1:]
			for i := range s.ands {
				s.ands[i] = [2]uint8{text[0], text[1]}
				text = text[2:]
			}
			all[class].list = append(all[class].list, s)
		}
		all[class].share()
	}
	return all
})

// share finds the ANDs of all structures.
func (f *family) share() {
	known := map[[2]uint16]uint16{}
	for i := range f.list {
		s := &f.list[i]
		lit := func(l uint8) uint16 {
			if l < 8 {
				return uint16(l)
			}
			return 2*(4+s.at[l/2-4]) | uint16(l&1)
		}
		for _, and := range s.ands {
			a, b := lit(and[0]), lit(and[1])
			key := [2]uint16{min(a, b), max(a, b)}
			at, ok := known[key]
			if !ok {
				at = uint16(len(f.ands))
				known[key] = at
				f.ands = append(f.ands, key)
			}
			s.at = append(s.at, at)
		}
	}
}
