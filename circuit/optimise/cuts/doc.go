// Package cuts rewrites graphs of ANDs of two literals: it puts smaller structures in the place of
// those that compute a function of at most four gates.
//
// A cut of a gate is a set of gates that decide it. For each gate, in order, the cuts of at most four
// gates are found from those of the two gates that it reads. The function of a cut belongs to one of
// 222 classes of functions that are equal up to order and complements (NPN equivalence), and for most
// classes there are structures of few ANDs. That structure is chosen which saves the most: the gates
// that nothing else reads go, and only those are made that are not there already. Nothing is
// changed that saves nothing.
//
// The structures are in structures.bin, made by the command generate in this folder. Functions
// that take more than 9 ANDs have none, and are left alone; few circuits have them.
//
// Source: Mishchenko, Chatterjee and Brayton, DAG-Aware AIG Rewriting: A Fresh Look at Combinational
// Logic Synthesis, DAC 2006, DOI 10.1145/1146909.1147048.
package cuts
