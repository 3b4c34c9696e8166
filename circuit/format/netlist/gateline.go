package netlist

import (
	"encoding/binary"
	"math/bits"
)

// GateLine says which lines are read without cutting them into tokens that name the signals that a gate reads, and last
// the one that it drives.
type GateLine struct {
	Signs *Signs
	First byte   // no name begins with it
	Last  byte   // no name ends with it; 0: there is no such byte
	Not   string // no gate drives it
}

// DefineLine defines the gate of a line, which begins the text, by its names from an offset on. It returns how many
// signals the gate reads and the length of the line. The length is 0, and nothing is changed, if the line is not as l
// says, or if the signal is defined already.
func (n *Netlist) DefineLine(l *GateLine, text []byte, at, line, payload int) (inputs, size int) {
	if inputs, size = n.knownLine(l, text, at, line, payload); size > 0 {
		return inputs, size
	}
	words := n.words[:0]
	for {
		w, end := l.next(text, at)
		if w.Size == 0 {
			break
		}
		words = append(words, w)
		at = Blanks(text, end)
	}
	n.words = words
	size, ok := LineEnd(text, at)
	last := len(words) - 1
	if !ok || last < 0 || string(words[last].In(text)) == l.Not ||
		!n.DefineWords(words[last], words[:last], text, line, payload) {
		return 0, 0
	}
	return last, size
}

// next returns the name at an offset of a text, if there is one, and the offset behind it.
func (l *GateLine) next(text []byte, at int) (w Word, end int) {
	w, end = l.Signs.Next(text, at)
	if w.Size > 0 && (text[at] == l.First || text[end-1] == l.Last) {
		w.Size = 0
	}
	return w, end
}

// knownLine is DefineLine where all signals that the gate reads were named before, so that their names are looked up on
// the way. Nearly all lines are such, and what [Signs.Next] and the table of names do is spelled out here.
func (n *Netlist) knownLine(l *GateLine, text []byte, at, line, payload int) (inputs, size int) {
	fanin, late, slots := n.fanin, n.late, n.names.slots
	for at+wordBytes <= len(text) {
		x := binary.LittleEndian.Uint64(text[at:])
		size := bits.TrailingZeros64(stops(x)) / 8
		if size == wordBytes || byte(x>>(8*size)) > ' ' {
			size = l.Signs.more(text, at, size)
		}
		end := at + size
		if size == 0 || text[at] == l.First || text[end-1] == l.Last {
			break
		}
		w := Word{head: x & (1<<(8*size) - 1), At: int32(at), Size: int32(size)}
		if at = end; at < len(text) && text[at] == ' ' {
			at++
		}
		if at < len(text) && text[at] <= ' ' {
			at = Blanks(text, at)
			if size, ok := LineEnd(text, at); ok { // so this is what the gate drives
				if string(w.In(text)) == l.Not || !n.drive(w, text, line, payload) {
					break
				}
				inputs = len(fanin) - len(n.fanin)
				n.fanin, n.late = fanin, late
				return inputs, size
			}
		}
		e := &slots[near(w.head, size)&uint32(len(slots)-1)]
		s := signalID(e.number) - 1
		if e.word != w.head || int(e.size) != size || size > wordBytes {
			var ok bool
			if s, ok = n.names.find(w.In(text)); !ok {
				break
			}
		}
		late = late || n.signals[s].driver == undefined
		Double(&fanin, 1)
		fanin = append(fanin, s)
	}
	return 0, 0
}

// drive begins a gate that drives the signal of a word. It reports false, and changes nothing, if that is defined
// already.
func (n *Netlist) drive(out Word, text []byte, line, payload int) bool {
	at := spot(line)<<columnBits + 1 + spot(out.At) // columns count from 1 on
	s := n.names.takeWord(out, text)
	if int(s) == len(n.signals) {
		n.named(at)
	}
	if n.signals[s].driver != undefined {
		return false
	}
	n.signals[s].driver, n.signals[s].at = int32(len(n.cells)), at
	Double(&n.cells, 1)
	n.cells = append(n.cells, cell{s, int32(payload), len(n.fanin)})
	return true
}
