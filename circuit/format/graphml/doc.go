// Package graphml writes circuits as GraphML, the format in which networkx, igraph,
// Gephi, yEd and others read graphs.
//
// # Document
//
// A document has one directed graph in the namespace
// http://graphml.graphdrawing.org/xmlns, with the attributes of schema 1.1:
//
//	document = <graphml> key* graph </graphml>
//	key      = <key id="…" for="graph|node|edge" attr.name="…" attr.type="…"/>
//	graph    = <graph id="circuit" edgedefault="directed" parse.nodes="N" parse.edges="E"
//	           parse.order="nodesfirst" …> data* node* edge* </graph>
//	node     = <node id="…"> data* </node>
//	edge     = <edge source="…" target="…"> data* </edge>
//	data     = <data key="…"> text </data>
//
// The id of a key is its name. All keys are declared whether they occur or not, all
// nodes come before all edges, and a node comes after those that it reads.
//
// # Nodes
//
//	g7      gate 7: the constant false (only if something reads it), an input or a gate
//	s3      sum 3: the integer Σ weight·source over the edges to it; no gate, no depth
//	o1_0    wire 0 of output port 1, both counted from 0
//
// A gate that compares a number reads s = Σ weight·source over the edges to it: a THRESHOLD or
// MAJORITY is 1 where s ≥ bound, a MOD where s mod modulus is one of residues. By default s is the
// one edge, of weight 1, from a sum; sums read gates and other sums. With [Config.Flatten] the
// document does not have sums: nested sums are multiplied out, and each gate reads only gates, over
// as many edges as it has wires.
//
// # Keys
//
//	graph  name         string   as given; absent if empty
//	graph  depth_model  string   what a level is
//	graph  depth        int      of the circuit under that model
//	graph  size         int      gates, without sources, NOT and BUF
//	graph  wires        long     their fan-in, flattened
//	node   kind         string   CONST, INPUT, AND, …, THRESHOLD; SUM; OUTPUT
//	node   label        string   for viewers
//	node   level        int      of a sum the greatest level that it reads
//	node   stage        string   path of names, joined by /; absent at the root and of ports
//	node   bound        string   THRESHOLD, MAJORITY: an exact integer
//	node   modulus      int      MOD
//	node   residues     string   MOD: integers in increasing order, with spaces between
//	node   port         string   INPUT, OUTPUT: name of the port
//	node   bit          int      INPUT, OUTPUT: which of the port's wires, from 0
//	node   format       string   INPUT, OUTPUT: how the wires of the port stand for a number
//	node   offset       string   INPUT, OUTPUT: the format's offset, an exact integer; absent if 0
//	node   value        string   INPUT, OUTPUT of format "weighted": what the wire counts, an exact integer
//	edge   weight       string   an exact integer; absent of edges to logic gates and outputs
//	edge   complement   boolean  the target reads the complement of the source
//
// Weights, bounds and offsets are text, since they may have more digits than any number type of
// GraphML. A port without wires does not have a node. Names may hold any text: U+FFFD replaces
// characters that XML cannot hold.
package graphml
