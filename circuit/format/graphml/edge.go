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
			if r.IsSum() {
				d.Text(`<edge source="s`, r.Sum())
			} else {
				d.Text(`<edge source="g`, r.Gate())
			}
			d.Text(`" target="s`, s, `">`)
			d.endWeight(d.c.Weight(s, i))
		}
	}
	for g := range circuit.Gate(d.c.Len()) {
		for _, x := range d.c.Fanin(g) {
			d.Text(`<edge source="g`, x.Gate(), `" target="g`, g, `">`)
			d.endEdge(x.IsComplement())
		}
		s, ok := d.c.ReadsSum(g)
		switch {
		case !ok:
		case d.cfg.Flatten:
			if s != d.sum { // thresholds of one number follow each other
				d.sum = s
				d.from, d.weights = d.c.Flatten(s)
			}
			for i, h := range d.from {
				d.Text(`<edge source="g`, h, `" target="g`, g, `">`)
				d.endWeight(d.weights[i])
			}
		default:
			d.Text(`<edge source="s`, s, `" target="g`, g, `">`)
			d.endWeight(circuit.NewInt(1))
		}
	}
	for i, p := range d.c.OutputPorts() {
		for bit, x := range p.Wires {
			d.Text(`<edge source="g`, x.Gate(), `" target="o`, i, "_", bit, `">`)
			d.endEdge(x.IsComplement())
		}
	}
}

// endWeight ends an edge into a sum, or from one.
func (d *document) endWeight(w circuit.Int) {
	d.data("weight", w)
	d.endEdge(false)
}

func (d *document) endEdge(complement bool) {
	if complement {
		d.WriteString("<data key=\"complement\">true</data></edge>\n")
	} else {
		d.WriteString("<data key=\"complement\">false</data></edge>\n")
	}
}
