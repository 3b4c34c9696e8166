// Package vector makes input vectors of circuits and reads their outputs.
//
// A circuit has wires, and its user thinks of integers: a [Codec] goes from the ones to
// the others, port by port. Inputs to try it on come in two ways.
//
//	Codec.Counted, Codec.Random   bits of wires: for ports of any width, and for many millions
//	All, Sample, Listed           integers within bounds, which may be narrower than a port's
//
// Both make a tile of [eval.TileLanes] vectors at a time, from its number and a seed alone,
// so that many goroutines share one list and every run tries the same. Both begin with
// corners and extremes and go on with random vectors of several kinds, since errors of
// arithmetic live at ties, at carries and at the ends of ranges.
//
// A [PortValue] is an integer on a port, a [MismatchError] says where outputs are wrong, and a
// [PortError] says which ports do not fit.
package vector
