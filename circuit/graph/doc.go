// Package graph looks at a circuit as a directed graph.
//
// # The view
//
// [Of] shows a circuit to the algorithms of gonum.org/v1/gonum/graph, without a copy. The
// nodes are the gates and the sums, whether an output depends on them or not. Prune the
// circuit first to see only the live ones. An edge goes from x to y if y reads x, once or
// several times. Its weight is what y adds to the depth of a path through x: the cost of
// gate y, and that of the complement where a logic gate reads x complemented. A sum adds
// nothing. So the longest path to a node is its level. The exception is a gate without
// inputs, to which no path leads.
//
// # Questions
//
// Four questions are answered on the circuit's own flat arrays, since circuits have millions
// of gates: which gates lie on a longest path, and on how many ([View.Critical]), which gates
// every path passes ([View.Bottlenecks]), what reaches what ([View.Route]), and how many wires
// go from stage to stage ([NewStages], and [NewFlow] for other groups). The first three take
// time in proportion to the wires as they are stored, or little more. The algorithms of gonum
// give the same answers through the view, and the tests compare the two.
//
// [FindPlace] finds the gates that a person names: by a port, a stage or a number.
package graph
