package main

import (
	"io"
	"os"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
)

type evalCmd struct {
	target
	In    string `placeholder:"FILE" help:"Read the vectors from a file, not from standard input."`
	Bits  bool   `help:"Print the bits of the output wires, port by port, low wire first, not integers."`
	Ports bool   `help:"Print the ports, in order, with their formats, and evaluate nothing."`
}

func (evalCmd) Help() string {
	return `One vector a line: one integer for each input port, or one bit for each input wire, port by port, low wire first. Blanks and commas may stand anywhere between words; the rest of a line after # is skipped. One line is printed for each vector.

Examples:

  tc0 eval mlp:n=3,bits=2 --ports
  echo 1 0 3 | tc0 eval mlp:n=3,bits=2
  echo 10 00 11 | tc0 eval mlp:n=3,bits=2 --bits
  tc0 eval head.tc0 --in vectors.txt
`
}

// portInfo is the JSON of a port.
type portInfo struct {
	Name    string            `json:"name"`
	Format  string            `json:"format"`
	Wires   int               `json:"wires"`
	Least   analysis.Number   `json:"least"`
	Most    analysis.Number   `json:"greatest"`
	Offset  *analysis.Number  `json:"offset,omitempty"`
	Weights []analysis.Number `json:"weights,omitempty"`
}

func portInfos(ports []circuit.Port) []portInfo {
	list := []portInfo{}
	for _, p := range ports {
		lo, hi := p.Format.Range(len(p.Wires))
		info := portInfo{Name: p.Name, Format: p.Format.Kind.String(), Wires: len(p.Wires), Least: analysis.Number{Int: lo}, Most: analysis.Number{Int: hi}}
		if !p.Format.Offset.IsZero() {
			info.Offset = &analysis.Number{Int: p.Format.Offset}
		}
		for _, w := range p.Format.Weights {
			info.Weights = append(info.Weights, analysis.Number{Int: w})
		}
		list = append(list, info)
	}
	return list
}

// evaluated is the JSON of one vector.
type evaluated struct {
	In      []analysis.Number `json:"in"`
	Out     []analysis.Number `json:"out"`
	InBits  string            `json:"in_bits"`
	OutBits string            `json:"out_bits"`
}

func (cmd *evalCmd) Run(a *app) error {
	s, c, err := a.openBuilt(cmd.target)
	if err != nil {
		return err
	}
	if cmd.Ports {
		return a.printPorts(s)
	}
	vectors, err := cmd.read(a, c.InputPorts())
	if err != nil {
		return err
	}
	in := eval.NewVectors(len(c.Inputs()), len(vectors))
	for lane, v := range vectors {
		for wire, bit := range v {
			if bit {
				in.Set(wire, lane, true)
			}
		}
	}
	out, err := eval.Compile(c, eval.Config{}).Run(a.ctx, in)
	if err != nil {
		return err
	}
	results := []evaluated{}
	for lane, v := range vectors {
		bits := out.Lane(lane)
		if cmd.Bits && !a.flags.JSON {
			a.printf("%s\n", writeBits(c.OutputPorts(), bits))
			continue
		}
		values, err := decodePorts(c.OutputPorts(), bits)
		if err != nil && !cmd.Bits {
			return errf("vector %d: %w; --bits prints the wires as they are", lane+1, err)
		}
		if !a.flags.JSON {
			a.printf("%s\n", joined(values, " "))
			continue
		}
		ins, err := decodePorts(c.InputPorts(), v)
		if err != nil {
			return err
		}
		results = append(results,
			evaluated{numbers(ins), numbers(values), writeBits(c.InputPorts(), v), writeBits(c.OutputPorts(), bits)})
	}
	if !a.flags.JSON {
		return nil
	}
	return a.emit(map[string]any{
		"subject": s.name(), "input_ports": portInfos(c.InputPorts()), "output_ports": portInfos(c.OutputPorts()), "vectors": results,
	})
}

// read reads the vectors from where the flags say.
func (cmd *evalCmd) read(a *app, ports []circuit.Port) ([][]bool, error) {
	r := &vectorReader{file: "standard input", ports: ports}
	if cmd.In == "" {
		if f, ok := a.stdin.(*os.File); ok && isTerminal(f) {
			a.note("tc0: one vector a line, %s each; the end of input ends it (see --ports)",
				plural(len(ports), "integer"))
		}
		return r.read(interruptible{a, a.stdin})
	}
	f, err := os.Open(cmd.In)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r.file = cmd.In
	return r.read(interruptible{a, f})
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

func numbers(values []circuit.Int) []analysis.Number {
	list := make([]analysis.Number, len(values))
	for i, v := range values {
		list[i] = analysis.Number{Int: v}
	}
	return list
}

func (a *app) printPorts(s subject) error {
	c := s.its().circuit
	in, out, codes := portInfos(c.InputPorts()), portInfos(c.OutputPorts()), s.its().codes
	return a.show(struct {
		Subject string     `json:"subject"`
		Codes   string     `json:"codes,omitempty"`
		In      []portInfo `json:"input_ports"`
		Out     []portInfo `json:"output_ports"`
	}{s.name(), codes, in, out}, func() {
		a.title(s)
		for i, ports := range [][]portInfo{in, out} {
			a.heading("%s", []string{"Input ports", "Output ports"}[i])
			t := newTable("port | format | #wires | #range")
			for _, p := range ports {
				t.row(p.Name, p.Format, p.Wires, bigText(p.Least)+".."+bigText(p.Most))
			}
			a.table(t)
		}
		if codes != "" {
			a.printf("\n")
			a.indented(codes + ".")
		}
	}, true)
}
