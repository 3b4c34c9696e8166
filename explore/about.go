package explore

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// About is what is known of a circuit before one looks.
type About struct {
	Name        string         `json:"name"`
	Gates       int            `json:"gates"`            // NOT and BUF apart
	Wires       int64          `json:"wires"`            // flattened; 0 if nobody counted them
	AtMost      bool           `json:"atMost,omitempty"` // wires in views are counted as if no weights cancelled
	Depth       int            `json:"depth"`            // under the model
	DepthModel  string         `json:"depthModel"`
	DepthNote   string         `json:"depthNote"` // one line about what the model counts
	Inputs      int            `json:"inputs"`
	Outputs     int            `json:"outputs"`
	Width       int            `json:"width"` // columns, that of the outputs included
	Most        int            `json:"most"`  // items in view
	Columns     []Column       `json:"columns"`
	Stages      []AboutStage   `json:"stages"`
	Kinds       map[string]int `json:"kinds"`
	Bits        string         `json:"bits"` // the circuit's own input
	Purposes    []Purpose      `json:"purposes"`
	InputPorts  []Port         `json:"inputPorts"`
	OutputPorts []Port         `json:"outputPorts"`
	Text        *Text          `json:"text,omitempty"`
	Steps       []Step         `json:"steps,omitempty"`
}

// AboutStage is a stage in the tree of stages. Stage 0 is the circuit.
type AboutStage struct {
	ID     int    `json:"id"`
	Item   string `json:"item"` // "" of the circuit
	Parent int    `json:"parent"`
	Name   string `json:"name"`
	Path   string `json:"path"`
	Gates  int    `json:"gates"` // NOT, BUF and those of the stages in it included
	Lo     int    `json:"lo"`    // levels
	Hi     int    `json:"hi"`
	Origin string `json:"origin,omitempty"`
}

// Port is a port with how to read it.
type Port struct {
	Name   string `json:"name"`
	Item   string `json:"item"`
	Group  string `json:"group"` // of ports that share a codec
	First  int    `json:"first"` // input or output number of wire 0
	Wires  int    `json:"wires"`
	Format string `json:"format"`
	Least  string `json:"least"`
	Most   string `json:"most"`
	Level  int    `json:"level"` // from which on all its wires are known
	Codec  Codec  `json:"codec"`
}

// About tells what the circuit is. Stages without gates are left out.
func (x *Circuit) About() *About {
	c := x.c
	a := &About{
		Name: x.opt.Name, Gates: c.Size(), Wires: x.opt.Wires, AtMost: x.flow.atMost,
		Depth: x.levels.Depth, DepthModel: x.levels.Model.Name, DepthNote: x.levels.Model.Note,
		Inputs: len(c.Inputs()), Outputs: len(x.tree.wires),
		Width: len(x.columns) + 1, Most: MostItems, Columns: x.columns,
		Kinds: map[string]int{}, Bits: bitText(x.base()),
		InputPorts:  x.ports(c.InputPorts(), "p", x.tree.inAt),
		OutputPorts: x.ports(c.OutputPorts(), "q", x.tree.outAt),
		Text:        x.opt.Text,
		Steps:       x.opt.Steps,
	}
	for g := range circuit.Gate(c.Len()) {
		if k := c.Kind(g); !k.IsSource() {
			a.Kinds[k.String()]++
		}
	}
	a.Purposes = x.purposes()
	for s, e := range x.tree.total {
		if e.gates == 0 && s > 0 {
			continue
		}
		id := circuit.StageID(s)
		stage := AboutStage{
			ID: s, Parent: int(c.Stage(id).Parent), Name: c.Stage(id).Name, Path: c.StagePath(id), Gates: e.gates,
			Lo: x.columns[e.from].Level, Hi: x.columns[e.to].Level, Origin: x.origin(id),
		}
		if s > 0 {
			stage.Item = fmt.Sprintf("s%d", s)
		}
		a.Stages = append(a.Stages, stage)
	}
	return a
}

// origin says what made the gates of a stage: what is said of it, or of the nearest stage around it.
func (x *Circuit) origin(s circuit.StageID) string {
	for ; ; s = x.c.Stage(s).Parent {
		if text, ok := x.opt.Origins[x.c.StagePath(s)]; ok || s == 0 {
			return text
		}
	}
}

func (x *Circuit) ports(ports []circuit.Port, letter string, first []int) []Port {
	list := make([]Port, 0, len(ports))
	for i, p := range ports {
		lo, hi := p.Format.Range(len(p.Wires))
		group := baseName(p.Name)
		codec, ok := x.opt.Codecs[group]
		if !ok {
			codec.Kind = "int"
			if p.Format.Kind == circuit.Weighted {
				codec.Kind = "bits"
			}
		}
		level := uint32(0)
		for _, l := range p.Wires {
			level = max(level, x.levels.Gate[l.Gate()])
		}
		list = append(list, Port{
			p.Name, fmt.Sprintf("%s%d", letter, i), group, first[i], len(p.Wires), p.Format.Kind.String(),
			lo.String(), hi.String(), int(level), codec,
		})
	}
	return list
}

// base returns the circuit's own input.
func (x *Circuit) base() []bool {
	bits := make([]bool, len(x.c.Inputs()))
	for i := range x.opt.Input {
		bits[i] = x.opt.Input[i] == '1'
	}
	return bits
}

func bitText(bits []bool) string {
	var b strings.Builder
	for _, bit := range bits {
		if bit {
			b.WriteByte('1')
		} else {
			b.WriteByte('0')
		}
	}
	return b.String()
}

func readBits(text string, n int) ([]bool, error) {
	if len(text) != n {
		return nil, fmt.Errorf("explore: %d input bits for %d inputs", len(text), n)
	}
	bits := make([]bool, n)
	for i := range text {
		switch text[i] {
		case '1':
			bits[i] = true
		case '0':
		default:
			return nil, fmt.Errorf("explore: input bit %d is %q, neither 0 nor 1", i, text[i])
		}
	}
	return bits, nil
}

// Gate is what there is to know about a gate for the input of the moment.
type Gate struct {
	Gate    int    `json:"gate"`
	Item    string `json:"item"`
	Name    string `json:"name"` // of an input; else g17
	Kind    string `json:"kind"`
	Level   int    `json:"level"`
	Stage   int    `json:"stage"`
	Path    string `json:"path"` // of the stage
	Origin  string `json:"origin,omitempty"`
	Why     string `json:"why,omitempty"`  // what it is for, in words
	When    string `json:"when,omitempty"` // for which values of what it reads it is 1, in words
	Value   bool   `json:"value"`
	Text    string `json:"text"` // the condition, terms beyond a few left out
	Terms   []Term `json:"terms"`
	Count   int    `json:"termCount"`
	Sum     string `json:"sum,omitempty"`       // of the terms that are 1
	Bound   string `json:"threshold,omitempty"` // of a gate that is 1 where the sum reaches it
	Inverse bool   `json:"inverse,omitempty"`   // it is 1 where the sum does not: NOT, NAND, NOR
	Margin  string `json:"margin,omitempty"`    // sum − threshold

	Modulus  int64   `json:"modulus,omitempty"`  // it is 1 where the sum leaves one of the residues
	Residues []int64 `json:"residues,omitempty"` // modulo this

	Readers     []int    `json:"readers"` // gates
	ReaderCount int      `json:"readerCount"`
	Outputs     []string `json:"outputs"` // wires that are this gate, "¬" before those that are its complement
}

// Term is a wire into a gate.
type Term struct {
	Gate   int    `json:"gate"`
	Not    bool   `json:"not,omitempty"`
	Weight string `json:"weight"`
	Value  bool   `json:"value"` // of the gate, complemented where the wire is
	Name   string `json:"name"`
}

// mostTerms is how many terms, readers and children a description lists.
const mostTerms = 512

// Name returns the name of an input, "0" for the constant, and g17 for a gate.
func (x *Circuit) Name(g circuit.Gate) string {
	switch x.c.Kind(g) {
	case gates.Input:
		return x.inputName(int(x.tree.input[g]))
	case gates.Const:
		return "0"
	}
	return fmt.Sprintf("g%d", g)
}
