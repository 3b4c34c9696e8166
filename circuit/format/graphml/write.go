package graphml

import (
	"encoding/xml"
	"io"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// Config says which parts of a circuit are written. The zero value works.
type Config struct {
	Name       string           // of the graph; empty: none
	DepthModel gates.DepthModel // what a level is; zero: [gates.Standard]
	Flatten    bool             // multiply sums out; if false, each sum is a node
}

// Write writes c as a GraphML document. It streams: it keeps only levels, and with Flatten the
// terms of one sum.
//
// Size:  a line for each gate, sum, term and output wire; with Flatten a line for each gate,
// wire and output wire.
// Error: the error of w.
func Write(w io.Writer, c *circuit.Circuit, cfg Config) error {
	if cfg.DepthModel.Name == "" {
		cfg.DepthModel = gates.Standard()
	}
	d := &document{
		Printer: netlist.NewPrinter(w), c: c, cfg: &cfg,
		levels: c.Levels(cfg.DepthModel),
	}
	d.findRead()
	d.open()
	d.ports("INPUT", c.InputPorts())
	d.gates()
	d.ports("OUTPUT", c.OutputPorts())
	d.edges()
	d.Text("</graph>\n</graphml>\n")
	return d.Flush() // its error sticks from the first write on
}

// document is the state of writing one.
type document struct {
	netlist.Printer
	c      *circuit.Circuit
	cfg    *Config
	levels *circuit.Levels

	constant bool // something reads the constant
	empty    bool // a gate reads the empty sum

	sum     circuit.SumID // that was multiplied out last
	from    []circuit.Gate
	weights []circuit.Int

	stage circuit.StageID // whose path is at hand
	path  string          // with what XML reserves escaped
}

// data writes a value, made of parts that need no escapes.
func (d *document) data(key string, value ...any) {
	d.WriteString(`<data key="`)
	d.WriteString(key)
	d.WriteString(`">`)
	d.Text(value...)
	d.WriteString(`</data>`)
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
	for _, x := range d.c.Outputs() {
		d.constant = d.constant || x.IsConst()
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
	d.Text(xml.Header, `<graphml xmlns="http://graphml.graphdrawing.org/xmlns"`+
		` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`+
		` xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns`+
		` http://graphml.graphdrawing.org/xmlns/1.1/graphml.xsd">`+"\n")
	for _, k := range keys {
		d.Text(`<key id="`, k.name, `" for="`, k.of, `" attr.name="`, k.name, `" attr.type="`, k.typ, "\"/>\n")
	}
	st := d.c.Stats()
	nodes, edges := d.count(&st)
	d.Text(`<graph id="circuit" edgedefault="directed" parse.nodes="`, nodes, `" parse.edges="`, edges,
		`" parse.order="nodesfirst" parse.nodeids="free" parse.edgeids="free">`+"\n")
	if d.cfg.Name != "" {
		d.data("name", escape(d.cfg.Name))
	}
	d.data("depth_model", escape(d.cfg.DepthModel.Name))
	d.data("depth", d.levels.Depth)
	d.data("size", st.Size)
	d.data("wires", st.Wires)
	d.Text("\n")
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
			if kind == "OUTPUT" {
				d.Text(`<node id="o`, i, "_", bit, `">`)
			} else {
				d.Text(`<node id="g`, x.Gate(), `">`)
			}
			d.data("kind", kind)
			d.data("label", escape(p.WireName(bit)))
			d.data("level", d.levels.Of(x))
			d.data("port", escape(p.Name))
			d.data("bit", bit)
			d.data("format", escape(p.Format.Kind.String()))
			if !p.Format.Offset.IsZero() {
				d.data("offset", p.Format.Offset)
			}
			if p.Format.Kind == circuit.Weighted {
				d.data("value", p.Format.Weights[bit])
			}
			d.Text("</node>\n")
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
			d.Text(`<node id="s`, next, `"><data key="kind">SUM</data><data key="label">Σ</data>`)
			d.data("level", d.levels.Sum[next])
			d.Text("</node>\n")
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
		d.Text(`<node id="g`, g, `">`)
		d.data("kind", k.String())
		d.condition(g, k)
		d.data("level", d.levels.Gate[g])
		if path := d.stageOf(g); path != "" {
			d.data("stage", path)
		}
		d.Text("</node>\n")
	}
	sumsBefore(circuit.SumID(d.c.SumCount()))
}

// condition writes the label of a gate and its condition on the sum that it reads.
func (d *document) condition(g circuit.Gate, k gates.Kind) {
	switch k {
	case gates.Threshold, gates.Majority:
		_, t := d.c.Bound(g)
		d.data("label", "≥ ", t)
		d.data("bound", t)
	case gates.Mod:
		_, m := d.c.Modulus(g)
		d.data("label", "mod ", m.M)
		d.data("modulus", m.M)
		d.Text(`<data key="residues">`)
		d.List(" ", len(m.Residues), func(i int) { d.Text(m.Residues[i]) })
		d.Text(`</data>`)
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
