package main

import (
	"bufio"
	"fmt"
	"io"
	"math/big"
	"strings"

	"github.com/tc0lab/tc0/circuit"
)

// vectorError says what is wrong with a line of input vectors, and where.
type vectorError struct {
	file         string
	line, column int // from 1; columns in bytes
	what         string
}

// badAt says what is wrong in a column, before the line is known.
func badAt(column int, format string, args ...any) *vectorError {
	return &vectorError{column: column, what: fmt.Sprintf(format, args...)}
}

func (e *vectorError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.file, e.line, e.column, e.what)
}

// token is a word of a line.
type token struct {
	text   string
	column int
}

// end is the column after the word.
func (t token) end() int { return t.column + len(t.text) }

// tokens splits a line at blanks and commas, up to a "#".
func tokens(line string) []token {
	line, _, _ = strings.Cut(line, "#")
	var list []token
	start := -1
	for i := 0; i <= len(line); i++ {
		blank := i == len(line) || strings.IndexByte(" \t\r,", line[i]) >= 0
		switch {
		case blank && start >= 0:
			list = append(list, token{line[start:i], start + 1})
			start = -1
		case !blank && start < 0:
			start = i
		}
	}
	return list
}

// vectorReader reads input vectors, one a line, for the ports of a circuit.
type vectorReader struct {
	file  string
	ports []circuit.Port
	wires int
}

// longestLine is the greatest length of a line.
const longestLine = 1 << 26

// read reads all vectors. Each is one bit for each input wire.
func (r *vectorReader) read(from io.Reader) ([][]bool, error) {
	for _, p := range r.ports {
		r.wires += len(p.Wires)
	}
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, longestLine)
	var list [][]bool
	n := 0
	for lines.Scan() {
		n++
		words := tokens(lines.Text())
		if len(words) == 0 {
			continue
		}
		v, err := r.vector(words)
		if err != nil {
			err.file, err.line = r.file, n
			return nil, err
		}
		list = append(list, v)
	}
	if err := lines.Err(); err != nil {
		return nil, errf("%s:%d: %w", r.file, n+1, err)
	}
	return list, nil
}

// vector reads one line: bits, if it has just as many digits 0 and 1 as there are
// input wires, and else one integer for each port. No line can be meant as both,
// unless an integer has needless zeros in front: one that takes k digits 0 and 1
// needs a port of more than k wires, but for ports of one wire, where both are alike.
func (r *vectorReader) vector(words []token) ([]bool, *vectorError) {
	if bits, ok := r.bits(words); ok {
		return bits, r.checkBits(bits, words[0].column)
	}
	bits := make([]bool, r.wires)
	at := 0
	for i, p := range r.ports {
		if i >= len(words) {
			return nil, badAt(words[len(words)-1].end(), "the line ends before port %s: %d of %d integers (or %d bits) are there",
				p.Name, len(words), len(r.ports), r.wires)
		}
		v, ok := new(big.Int).SetString(words[i].text, 10)
		if !ok {
			return nil, badAt(words[i].column, "port %s: %q is not an integer", p.Name, short(words[i].text))
		}
		k := len(p.Wires)
		if err := p.Format.Encode(circuit.BigInt(v), bits[at:at+k]); err != nil {
			return nil, badAt(words[i].column, "port %s: %s", p.Name, plain(err))
		}
		at += k
	}
	if len(words) > len(r.ports) {
		extra := words[len(r.ports)]
		return nil, badAt(extra.column, "%q is too many: there are %d ports (%d bits)", short(extra.text), len(r.ports),
			r.wires)
	}
	return bits, nil
}

// short cuts a word that would make a message too long.
func short(word string) string {
	if len(word) > 40 {
		return word[:40] + "..."
	}
	return word
}

// bits reads a line of bits, if it is one.
func (r *vectorReader) bits(words []token) ([]bool, bool) {
	var bits []bool
	for _, w := range words {
		for _, c := range []byte(w.text) {
			if c != '0' && c != '1' || len(bits) == r.wires {
				return nil, false
			}
			bits = append(bits, c == '1')
		}
	}
	return bits, len(bits) == r.wires
}

// checkBits refuses bits that are no code of their port, such as two ones in one-hot.
func (r *vectorReader) checkBits(bits []bool, column int) *vectorError {
	for _, p := range r.ports {
		k := len(p.Wires)
		if _, err := p.Format.Decode(bits[:k]); err != nil {
			return badAt(column, "port %s: %s", p.Name, plain(err))
		}
		bits = bits[k:]
	}
	return nil
}

// writeBits writes bits port by port, low wire first.
func writeBits(ports []circuit.Port, bits []bool) string {
	var b strings.Builder
	for i, p := range ports {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(bitText(bits[:len(p.Wires)]))
		bits = bits[len(p.Wires):]
	}
	return b.String()
}

func bitText(bits []bool) string {
	text := make([]byte, len(bits))
	for i, bit := range bits {
		text[i] = "01"[btoi(bit)]
	}
	return string(text)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// decodePorts returns the integer on each port.
func decodePorts(ports []circuit.Port, bits []bool) ([]circuit.Int, error) {
	list := make([]circuit.Int, len(ports))
	for i, p := range ports {
		v, err := p.Format.Decode(bits[:len(p.Wires)])
		if err != nil {
			return nil, errf("port %s: %w", p.Name, err)
		}
		list[i] = v
		bits = bits[len(p.Wires):]
	}
	return list, nil
}
