package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"math/big"
	"os"
	"regexp"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/internal/table"
)

type evalCmd struct {
	target
	In    string `placeholder:"FILE" help:"Read the vectors from a file, not from standard input."`
	Bits  bool   `help:"Print the bits of the output wires, port by port, low wire first, not integers."`
	Ports bool   `help:"Print the ports, in order, with their formats, and evaluate nothing."`
}

func (evalCmd) Help() string {
	return `One vector a line: one integer for each input port, or one bit for each input wire, port by port,
low wire first. Blanks and commas may stand anywhere between words; the rest of a line after # is skipped. One
line is printed for each vector; where outputs stand for real numbers, as those of a
regression and the logits of a language model do, these follow after #. A circuit without inputs has one vector, and nothing is read for it.

Examples:

  tc0 eval mlp:n=3,bits=2 --ports
  echo 1 0 3 | tc0 eval mlp:n=3,bits=2
  echo 10 00 11 | tc0 eval mlp:n=3,bits=2 --bits
  tc0 eval head.tc0 --in vectors.txt
  echo 3 5 | tc0 eval adder.blif --group
`
}

// portInfo is the JSON of a port.
type portInfo struct {
	Name    string        `json:"name"`
	Format  string        `json:"format"`
	Wires   int           `json:"wires"`
	Least   circuit.Int   `json:"least"`
	Most    circuit.Int   `json:"greatest"`
	Offset  *circuit.Int  `json:"offset,omitempty"`
	Weights []circuit.Int `json:"weights,omitempty"`
}

func portInfos(ports []circuit.Port) []portInfo {
	list := []portInfo{}
	for _, p := range ports {
		lo, hi := p.Format.Range(len(p.Wires))
		info := portInfo{
			Name:   p.Name,
			Format: p.Format.Kind.String(),
			Wires:  len(p.Wires),
			Least:  lo,
			Most:   hi,
		}
		if !p.Format.Offset.IsZero() {
			info.Offset = &p.Format.Offset
		}
		info.Weights = append(info.Weights, p.Format.Weights...)
		list = append(list, info)
	}
	return list
}

// evaluated is the JSON of one vector.
type evaluated struct {
	In      []circuit.Int `json:"in"`
	Out     []circuit.Int `json:"out"`
	InBits  string        `json:"in_bits"`
	OutBits string        `json:"out_bits"`
	Real    []float64     `json:"real,omitempty"` // the outputs that stand for real numbers, such as logits, as these
}

// evaluatedVectors is the JSON of all vectors.
type evaluatedVectors struct {
	Subject string      `json:"subject"`
	Vectors []evaluated `json:"vectors"`
	In      []portInfo  `json:"input_ports"`
	Out     []portInfo  `json:"output_ports"`
}

func (cmd *evalCmd) Run(a *app) error {
	s, c, err := a.openBuilt(cmd.target)
	if err != nil {
		return err
	}
	if cmd.Ports {
		return a.printPorts(s)
	}
	e := &evaluation{
		a: a, bits: cmd.Bits, of: s.its(), c: c, by: analysis.NewEvaluator(c), results: []evaluated{},
	}
	switch {
	case len(c.InputPorts()) > 0:
		err = cmd.read(a, c.InputPorts(), e)
	case cmd.In != "":
		return errf("--in=%s has no meaning for %s, which has no inputs: it has one vector of outputs", cmd.In, s.short())
	default: // the only vector
		if err = e.take(nil); err == nil {
			err = e.run()
		}
	}
	if err != nil || !a.flags.JSON {
		return err
	}
	return a.emit(evaluatedVectors{s.name(), e.results, portInfos(c.InputPorts()), portInfos(c.OutputPorts())})
}

// evaluation evaluates vectors as they come: many at a time where there are many, and none is kept waiting for others
// that are not there yet. So input without an end has output.
type evaluation struct {
	a       *app
	bits    bool
	of      *common // says what outputs stand for
	c       *circuit.Circuit
	by      *analysis.Evaluator
	waiting [][]bool
	done    int
	results []evaluated // for JSON
}

// mostWaiting is how many vectors are evaluated at a time.
const mostWaiting = 8 * eval.TileLanes

func (e *evaluation) take(v []bool) error {
	e.waiting = append(e.waiting, v)
	if len(e.waiting) < mostWaiting {
		return nil
	}
	return e.run()
}

// run evaluates the vectors that are waiting, and prints their outputs.
func (e *evaluation) run() error {
	if len(e.waiting) == 0 {
		return nil
	}
	in := eval.NewVectors(len(e.c.Inputs()), len(e.waiting))
	for lane, v := range e.waiting {
		for wire, bit := range v {
			in.Set(wire, lane, bit)
		}
	}
	out, err := e.by.Bits(e.a.ctx, in)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	for lane, v := range e.waiting {
		if err = e.one(&text, v, out.Lane(lane)); err != nil {
			break
		}
		e.done++
	}
	e.waiting = e.waiting[:0]
	_, failed := e.a.stdout.Write(text.Bytes())
	return cmp.Or(err, failed)
}

// one prints the outputs of a vector, or keeps them for JSON.
func (e *evaluation) one(to *bytes.Buffer, v, bits []bool) error {
	if e.bits && !e.a.flags.JSON {
		to.WriteString(writeBits(e.c.OutputPorts(), bits) + "\n")
		return nil
	}
	values, err := decodePorts(e.c.OutputPorts(), bits)
	if err != nil && !e.bits {
		return errf("vector %d: %w; --bits prints the wires as they are", e.done+1, err)
	}
	if !e.a.flags.JSON {
		real := ""
		if list := e.real(values); list != nil {
			real = "  # " + joined(list, " ")
		}
		to.WriteString(joined(values, " ") + real + "\n")
		return nil
	}
	ins, err := decodePorts(e.c.InputPorts(), v)
	if err != nil {
		return err
	}
	e.results = append(e.results,
		evaluated{ins, values, writeBits(e.c.InputPorts(), v), writeBits(e.c.OutputPorts(), bits), e.real(values)})
	return nil
}

// real returns the outputs that stand for real numbers as these, if there are any.
func (e *evaluation) real(values []circuit.Int) []float64 {
	if e.of.unit == 0 {
		return nil
	}
	var list []float64
	for _, v := range values[e.of.unreal:] {
		x, _ := v.Int64() // the levels of a number, or a logit of the network in integers, are no wider
		list = append(list, float64(x)*e.of.unit)
	}
	return list
}

// read reads the vectors from where the flags say, and has them evaluated.
func (cmd *evalCmd) read(a *app, ports []circuit.Port, e *evaluation) error {
	r, from := &vectorReader{file: "standard input", ports: ports}, a.stdin
	if cmd.In == "" {
		if f, ok := a.stdin.(*os.File); ok && isTerminal(f) {
			a.note("tc0: one vector a line, %s each; the end of input ends it (see --ports)",
				plural(len(ports), "integer"))
		}
	} else {
		f, err := openInput(cmd.In)
		if err != nil {
			return err
		}
		defer f.Close()
		r.file, from = cmd.In, f
	}
	if err := r.each(beforeReading{interruptible{a, from}, e.run}, e.take); err != nil {
		return err
	}
	return e.run()
}

// interruptible ends reading when the command is interrupted.
type interruptible struct {
	a *app
	r io.Reader
}

func (i interruptible) Read(b []byte) (int, error) {
	if err := i.a.ctx.Err(); err != nil {
		return 0, err
	}
	return i.r.Read(b)
}

// beforeReading does something before it reads on, which may take until there is more.
type beforeReading struct {
	r  io.Reader
	do func() error
}

func (b beforeReading) Read(p []byte) (int, error) {
	if err := b.do(); err != nil {
		return 0, err
	}
	return b.r.Read(p)
}

// portList is the JSON of the ports of a circuit.
type portList struct {
	Subject string     `json:"subject"`
	Codes   string     `json:"codes,omitempty"`
	In      []portInfo `json:"input_ports"`
	Out     []portInfo `json:"output_ports"`
}

func (a *app) printPorts(s subject) error {
	c := s.its().circuit
	in, out, codes := portInfos(c.InputPorts()), portInfos(c.OutputPorts()), s.its().codes
	return a.show(portList{s.name(), codes, in, out}, func() {
		a.title(s)
		for i, ports := range [][]portInfo{in, out} {
			a.Heading("%s", []string{"Input ports", "Output ports"}[i])
			t := table.New("port | format | #wires | #range")
			for _, p := range ports {
				t.Row(p.Name, p.Format, p.Wires, table.Big(p.Least)+".."+table.Big(p.Most))
			}
			a.Table(t)
		}
		if codes != "" {
			a.Printf("\n")
			a.Indented(codes + ".")
		}
	}, true)
}

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

var wordPattern = regexp.MustCompile(`[^ \t\r,]+`)

// tokens splits a line at blanks and commas, up to a "#".
func tokens(line string) []token {
	line, _, _ = strings.Cut(line, "#")
	var list []token
	for _, at := range wordPattern.FindAllStringIndex(line, -1) {
		list = append(list, token{line[at[0]:at[1]], at[0] + 1})
	}
	return list
}

// vectorReader reads input vectors, one a line, for the ports of a circuit.
type vectorReader struct {
	file  string
	ports []circuit.Port
	wires int
}

// each calls take with each vector: one bit for each input wire.
func (r *vectorReader) each(from io.Reader, take func([]bool) error) error {
	for _, p := range r.ports {
		r.wires += len(p.Wires)
	}
	return eachLine(r.file, from, func(line string, n int) error {
		words := tokens(line)
		if len(words) == 0 {
			return nil
		}
		v, err := r.vector(words)
		if err != nil {
			err.file, err.line = r.file, n
			return err
		}
		return take(v)
	})
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
			return nil, badAt(words[len(words)-1].end(),
				"the line ends before port %s: %d of %d integers (or %d bits) are there", p.Name, len(words),
				len(r.ports), r.wires)
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
