package graphml

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Config says what is written of a circuit. The zero value works.
type Config struct {
	Name       string           // of the graph; empty: none
	DepthModel gates.DepthModel // what a level is; zero: [gates.Standard]
	Flatten    bool             // multiply sums out; else each sum is a node
}

// Write writes c as a GraphML document. It streams: what it keeps is levels, and
// with Flatten one number for each gate and sum.
//
// Size: a line for each gate, sum, term and output wire; with Flatten a line for
// each gate, wire and output wire.
// Error: that of w.
func Write(w io.Writer, c *circuit.Circuit, cfg Config) error {
	if cfg.DepthModel.Name == "" {
		cfg.DepthModel = gates.Standard()
	}
	d := &document{
		w: bufio.NewWriterSize(w, 1<<16), c: c, cfg: &cfg,
		levels: c.Levels(cfg.DepthModel), flat: newFlattener(c),
	}
	d.findRead()
	d.open()
	d.ports("INPUT", c.InputPorts())
	d.gates()
	d.ports("OUTPUT", c.OutputPorts())
	d.edges()
	d.text("</graph>\n</graphml>\n")
	return d.w.Flush() // its error sticks from the first write on
}

// document is the state of writing one.
type document struct {
	w      *bufio.Writer
	c      *circuit.Circuit
	cfg    *Config
	levels *circuit.Levels
	flat   *flattener
	number []byte // scratch

	constant bool // something reads the constant
	empty    bool // a gate reads the empty sum

	stage circuit.StageID // whose path is at hand
	path  string          // with what XML reserves escaped
}

func (d *document) text(parts ...string) {
	for _, p := range parts {
		d.w.WriteString(p)
	}
}

func (d *document) int(v int64) {
	d.number = strconv.AppendInt(d.number[:0], v, 10)
	d.w.Write(d.number)
}

// data writes a value that needs no escapes.
func (d *document) data(key, value string) {
	d.text(`<data key="`, key, `">`, value, `</data>`)
}

func (d *document) intData(key string, v int64) {
	d.text(`<data key="`, key, `">`)
	d.int(v)
	d.text(`</data>`)
}

// exact writes an integer of any size.
func (d *document) exact(x circuit.Int) {
	if v, small := x.Int64(); small {
		d.int(v)
		return
	}
	d.text(x.String())
}

func (d *document) exactData(key string, x circuit.Int) {
	d.text(`<data key="`, key, `">`)
	d.exact(x)
	d.text(`</data>`)
}

// nameData writes a value that may hold anything.
func (d *document) nameData(key, name string) {
	d.text(`<data key="`, key, `">`)
	d.text(escape(name))
	d.text(`</data>`)
}

// escape makes any text the content of an element.
func escape(text string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(text)) // a Builder never fails
	return b.String()
}

// findRead finds out whether the constant and the empty sum are to be nodes: few
// circuits need them, and a viewer would show them apart from everything.
func (d *document) findRead() {
	for g := range circuit.Gate(d.c.Len()) {
		if s, ok := d.c.ReadsSum(g); ok && s == 0 {
			d.empty = true
		}
		for _, x := range d.c.Fanin(g) {
			d.constant = d.constant || x.IsConst()
		}
	}
	// Sums hold no constants, unless they were kept as they were written.
	for s := range circuit.SumID(d.c.SumCount()) {
		refs := d.c.Refs(s)
		d.constant = d.constant || len(refs) > 0 && !refs[0].IsSum() && refs[0].Gate() == 0
	}
	for _, p := range d.c.OutputPorts() {
		for _, x := range p.Wires {
			d.constant = d.constant || x.IsConst()
		}
	}
}

// keys are the declarations, in the order of the package comment.
var keys = [...]struct{ of, name, typ string }{
	{"graph", "name", "string"},
	{"graph", "depth_model", "string"},
	{"graph", "depth", "int"},
	{"graph", "size", "int"},
	{"graph", "wires", "long"},
	{"node", "kind", "string"},
	{"node", "label", "string"},
	{"node", "level", "int"},
	{"node", "stage", "string"},
	{"node", "bound", "string"},
	{"node", "modulus", "int"},
	{"node", "residues", "string"},
	{"node", "port", "string"},
	{"node", "bit", "int"},
	{"node", "format", "string"},
	{"node", "offset", "string"},
	{"node", "value", "string"},
	{"edge", "weight", "string"},
	{"edge", "complement", "boolean"},
}

// open writes everything before the nodes.
func (d *document) open() {
	d.text(xml.Header, `<graphml xmlns="http://graphml.graphdrawing.org/xmlns"`+
		` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`+
		` xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.1/graphml.xsd">`+"\n")
	for _, k := range keys {
		d.text(`<key id="`, k.name, `" for="`, k.of, `" attr.name="`, k.name, `" attr.type="`, k.typ, "\"/>\n")
	}
	st := d.c.Stats()
	nodes, edges := d.count(&st)
	d.text(`<graph id="circuit" edgedefault="directed" parse.nodes="`)
	d.int(nodes)
	d.text(`" parse.edges="`)
	d.int(edges)
	d.text(`" parse.order="nodesfirst" parse.nodeids="free" parse.edgeids="free">` + "\n")
	if d.cfg.Name != "" {
		d.nameData("name", d.cfg.Name)
	}
	d.nameData("depth_model", d.cfg.DepthModel.Name)
	d.intData("depth", int64(d.levels.Depth))
	d.intData("size", int64(st.Size))
	d.intData("wires", st.Wires)
	d.text("\n")
}

// count returns how many nodes and edges there will be.
func (d *document) count(st *circuit.Stats) (nodes, edges int64) {
	outputs := int64(d.c.OutputCount())
	nodes = int64(d.c.Len()) + outputs
	if !d.constant {
		nodes--
	}
	if d.cfg.Flatten {
		return nodes, st.Wires + int64(st.Gates[gates.Not]+st.Gates[gates.Buf]) + outputs
	}
	nodes += int64(d.c.SumCount() - 1)
	if d.empty {
		nodes++
	}
	edges = outputs
	for g := range circuit.Gate(d.c.Len()) {
		if d.c.Kind(g).ReadsSum() {
			edges++
		}
		edges += int64(len(d.c.Fanin(g)))
	}
	for s := range circuit.SumID(d.c.SumCount()) {
		edges += int64(len(d.c.Refs(s)))
	}
	return nodes, edges
}

// ports writes the nodes of input or output ports.
func (d *document) ports(kind string, ports []circuit.Port) {
	for i := range ports {
		p := &ports[i]
		for bit, x := range p.Wires {
			d.text("<node id=\"")
			if kind == "OUTPUT" {
				d.output(i, bit)
			} else {
				d.gate(x.Gate())
			}
			d.text(`">`)
			d.data("kind", kind)
			label := p.Name
			if len(p.Wires) > 1 {
				label = fmt.Sprintf("%s.%d", p.Name, bit)
			}
			d.nameData("label", label)
			d.intData("level", int64(d.levels.Of(x)))
			d.nameData("port", p.Name)
			d.intData("bit", int64(bit))
			d.nameData("format", p.Format.Kind.String())
			if !p.Format.Offset.IsZero() {
				d.exactData("offset", p.Format.Offset)
			}
			if p.Format.Kind == circuit.Weighted {
				d.exactData("value", p.Format.Weights[bit])
			}
			d.text("</node>\n")
		}
	}
}

// gates writes the nodes of the constant, the sums and the gates, in an order in
// which each comes after those that it reads.
func (d *document) gates() {
	next := circuit.SumID(1)
	if d.empty {
		next = 0
	}
	sumsBefore := func(end circuit.SumID) {
		for ; next < end && !d.cfg.Flatten; next++ {
			d.text(`<node id="s`)
			d.int(int64(next))
			d.text(`"><data key="kind">SUM</data><data key="label">Σ</data>`)
			d.intData("level", int64(d.levels.Sum[next]))
			d.text("</node>\n")
		}
	}
	for g := range circuit.Gate(d.c.Len()) {
		k := d.c.Kind(g)
		if k == gates.Input || k == gates.Const && !d.constant {
			continue
		}
		if s, ok := d.c.ReadsSum(g); ok {
			sumsBefore(s + 1) // all of them were made before g
		}
		d.text(`<node id="`)
		d.gate(g)
		d.text(`">`)
		d.data("kind", k.String())
		d.condition(g, k)
		d.intData("level", int64(d.levels.Gate[g]))
		if path := d.stageOf(g); path != "" {
			d.data("stage", path)
		}
		d.text("</node>\n")
	}
	sumsBefore(circuit.SumID(d.c.SumCount()))
}

// condition writes the label of a gate and what it asks of the sum that it reads.
func (d *document) condition(g circuit.Gate, k gates.Kind) {
	switch k {
	case gates.Threshold, gates.Majority:
		_, t := d.c.Bound(g)
		d.text(`<data key="label">≥ `)
		d.exact(t)
		d.text(`</data>`)
		d.exactData("bound", t)
	case gates.Mod:
		_, m := d.c.Modulus(g)
		d.text(`<data key="label">mod `)
		d.int(m.M)
		d.text(`</data>`)
		d.intData("modulus", m.M)
		d.text(`<data key="residues">`)
		for i, r := range m.Residues {
			if i > 0 {
				d.text(" ")
			}
			d.int(r)
		}
		d.text(`</data>`)
	default:
		d.data("label", k.Symbol())
	}
}

// stageOf returns the path of the stage of g. Gates are made stage by stage, so that
// the last path is nearly always the one wanted.
func (d *document) stageOf(g circuit.Gate) string {
	if id := d.c.StageOf(g); id != d.stage {
		d.stage, d.path = id, escape(d.c.StagePath(id))
	}
	return d.path
}

func (d *document) gate(g circuit.Gate) {
	d.text("g")
	d.int(int64(g))
}

func (d *document) output(port, bit int) {
	d.text("o")
	d.int(int64(port))
	d.text("_")
	d.int(int64(bit))
}
