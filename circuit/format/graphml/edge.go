package graphml

import "github.com/tc0lab/tc0/circuit"

// edges writes all edges, by target: the terms of sums, the arguments of gates, the
// wires of output ports.
func (d *document) edges() {
	for s := range circuit.SumID(d.c.SumCount()) {
		if d.cfg.Flatten {
			break
		}
		for i, r := range d.c.Refs(s) {
			d.text(`<edge source="`)
			d.ref(r)
			d.text(`" target="s`)
			d.int(int64(s))
			d.text(`">`)
			d.exactData("weight", d.c.Weight(s, i))
			d.endEdge(false)
		}
	}
	for g := range circuit.Gate(d.c.Len()) {
		for _, x := range d.c.Fanin(g) {
			d.text(`<edge source="`)
			d.gate(x.Gate())
			d.text(`" target="`)
			d.gate(g)
			d.text(`">`)
			d.endEdge(x.IsComplement())
		}
		if s, ok := d.c.ReadsSum(g); ok {
			d.sumEdges(s, g)
		}
	}
	for i, p := range d.c.OutputPorts() {
		for bit, x := range p.Wires {
			d.text(`<edge source="`)
			d.gate(x.Gate())
			d.text(`" target="`)
			d.output(i, bit)
			d.text(`">`)
			d.endEdge(x.IsComplement())
		}
	}
}

// sumEdges writes how g reads the sum s.
func (d *document) sumEdges(s circuit.SumID, g circuit.Gate) {
	if !d.cfg.Flatten {
		d.text(`<edge source="s`)
		d.int(int64(s))
		d.text(`" target="`)
		d.gate(g)
		d.text(`"><data key="weight">1</data>`)
		d.endEdge(false)
		return
	}
	from, weights := d.flat.flatten(s)
	for i, h := range from {
		d.text(`<edge source="`)
		d.gate(h)
		d.text(`" target="`)
		d.gate(g)
		d.text(`">`)
		d.exactData("weight", weights[i])
		d.endEdge(false)
	}
}

func (d *document) ref(r circuit.Ref) {
	if r.IsSum() {
		d.text("s")
		d.int(int64(r.Sum()))
		return
	}
	d.gate(r.Gate())
}

func (d *document) endEdge(complement bool) {
	if complement {
		d.text("<data key=\"complement\">true</data></edge>\n")
		return
	}
	d.text("<data key=\"complement\">false</data></edge>\n")
}
