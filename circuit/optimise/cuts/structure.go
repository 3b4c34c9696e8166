package cuts

import (
	_ "embed"
	"sync"
)

// structure computes a function of four inputs. Its literals are 2·i, and 1 more for a complement:
// i is an input below 4, and then an AND, in order. The last AND is the result.
type structure struct {
	ands [][2]uint8
	flip uint8 // 1: the result is complemented
}

//go:embed structures.bin
var structuresFile []byte

// structures returns the structures of each class, those of few ANDs first.
var structures = sync.OnceValue(func() [][]structure {
	all := make([][]structure, len(Classes()))
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
			all[class] = append(all[class], s)
		}
	}
	return all
})
