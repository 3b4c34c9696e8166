// Package tc0 holds the trained networks that come with the program: see [Models].
//
// The program tc0 takes a neural network as it is really run and builds the
// threshold circuit that computes it, gate by gate, checks that circuit bit for bit
// against the network in integers, and measures its depth and size. Its parts are
//
//	gates/      what one gate is: kinds, truth, class, cost in depth
//	circuit/    how gates are wired: literals, shared sums, builder, levels, evaluation
//	compile/    how a network becomes a circuit: programs, blocks, lowering, trained weights
//	analysis/   what a circuit or a family of circuits is worth
//	explore/    what is seen of a circuit, as data for a page
//	cmd/tc0/    the command
//	testdata/   the trained networks, golden files and script tests
//
// and each reads only from those above it. A network of one's own is read with
// package compile/model, a circuit by hand is wired with package circuit.
package tc0
