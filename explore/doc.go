// Package explore is a circuit to walk through, as data: what is seen of it, what its gates
// are for an input, and why. It draws nothing. A page shows it, through [Session.Do], from a
// server or from WebAssembly.
//
// # Items
//
// A circuit is a tree of items. The root has the groups of inputs, the stages and the groups of
// outputs. An item has an id, which depends only on the circuit:
//
//	in0   group 0 of input ports, such as x of x[0], x[1]     unfolds into ports
//	p4    input port 4                                        unfolds into gates (its wires)
//	s3    stage 3                                             unfolds into stages, rows, blocks, gates
//	r17   row: the gates from g17 on that read one sum        unfolds into gates
//	b17-90  block: the gates of a stage from g17 to g90       unfolds into rows, blocks, gates
//	g17   gate 17, or the input or the constant of that number
//	z5    sum 5, shown where several gates in view read it
//	out0  group 0 of output ports                             unfolds into ports
//	q4    output port 4                                       unfolds into its wires
//	y7    output wire 7
//
// An item of one child shows the child in its place.
//
// # Layout
//
// A column is a level; gates that are free have columns of their own behind that level. An item
// lies in the columns of its gates, whatever is unfolded. The children of an item have one order,
// by barycentre and index, whatever is unfolded. So what was in view keeps its columns and its
// order when something unfolds. Positions are in units of which a gate is 56 wide and 28 high.
// A view of more than MostStacked items is a crowd: what lies in one column stands in strips side by
// side, as high as there is room, so that one sees all of it at once. There the order is that from the
// top, and places change more. At most MostItems items are in view. An item that has no room for its
// children stays folded, and the view names it.
//
// # Methods
//
// [Session.Do] takes the name of a method and one JSON object, and returns one JSON object. Unknown
// fields are refused. Gates, inputs, outputs and stages are numbers; items are ids; integers of the
// circuit, which may have any size, are strings.
//
//	about  {}                     → About
//	view   State                  → View
//	paint  State                  → Paint: the values of the items of that view
//	repaint {state, turn}         → Repaint: what changed since the paint of that number, or all of it
//	start  State                  → {about, view, paint, change}: sets the state's input too
//	set    {bits} or {values}     → Change; bits "0110…", one for each input; values {"x[0]": "3"}, of
//	                                ports; ports that are not named stay
//	toggle {input}                → Change; input is its number, from 0
//	reset  {}                     → Change: back to the circuit's own input
//	values {}                     → {bits}: of all gates, base64, gate g is bit g%8 of byte g/8
//	gate   {gate}                 → Gate
//	flips  {gate}                 → Flips: the inputs that flip it, each alone, and the items that they are in
//	item   {item}                 → Info
//	wires  {from, to, most}       → {wires: [Wire], more} between two items
//	cone   {gate, depth, out}     → {gates}: what it reads to that depth, 0 for all; out: what reads it
//	path   {output}               → Path: gates on longest paths to an output wire, −1 for all outputs
//	search {text, most}           → {hits: [{item, gate, what, name, open}]}; open: what to unfold to see it;
//	                                the text may be the bound of an output, such as "y[0] >= 1"
//	tiles  {bands, from, to}      → Tiles: gates by column and band, of a part of the height (0..1)
//	hash   State                  → {hash}
//	state  {hash}                 → State
//
// The types are those of Go here, with the names of their json tags.
package explore
