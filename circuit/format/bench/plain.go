package bench

import (
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// What a byte is in a plain line.
const (
	inName byte = iota
	blank
	other // a sign, or a byte that only [netlist.Token.Name] can judge
)

var plainClass = func() (class [256]byte) {
	for b := range class {
		switch {
		case b == ' ' || b == '\t':
			class[b] = blank
		case b <= ' ' || b >= 0x7f || isSign(byte(b)):
			class[b] = other
		}
	}
	return class
}()

// plain reads a definition, name = KIND(name, ...), of a gate that is not a table, without cutting
// the line into tokens. It leaves everything else to statement, also what is wrong with a line.
func (f *file) plain(text []byte, at netlist.Pos) bool {
	names := f.names[:0]
	var kind []byte
	// before is the sign that the next word follows.
	before, i := byte('\n'), 0
	for {
		for i < len(text) && plainClass[text[i]] == blank {
			i++
		}
		start := i
		for i < len(text) && plainClass[text[i]] == inName {
			i++
		}
		if i == start {
			return false
		}
		if before == '=' {
			kind = text[start:i]
		} else {
			names = append(names, netlist.Token{Text: text[start:i], Pos: netlist.Pos{Line: at.Line, Col: start + 1}})
		}
		for i < len(text) && plainClass[text[i]] == blank {
			i++
		}
		if i == len(text) {
			return false
		}
		sign := text[i]
		i++
		inList := before == '(' || before == ','
		if inList && sign == ')' {
			break
		}
		if !(before == '\n' && sign == '=' || before == '=' && sign == '(' || inList && sign == ',') {
			return false
		}
		before = sign
	}
	for ; i < len(text); i++ {
		if plainClass[text[i]] != blank {
			return false
		}
	}
	f.names = names
	payload, ok := payloadOf(kind)
	if !ok || payload >= constFalse || gates.Kind(payload).FanIn() == 1 && len(names) != 2 {
		return false
	}
	f.empty = false
	// What is defined already fails here and changes nothing, so that statement tells of it.
	return f.Define(names[0], names[1:], payload) == nil
}
