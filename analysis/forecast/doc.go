// Package forecast says before a circuit is built what it will be like: gates, wires, memory and time.
//
// A [Forecast] comes from small members of the same family. [Family] builds those of n, 2n, 4n, … for as long as each
// takes a fraction of a second, and counts them. If a polynomial meets all of them, with one to spare, it gives the
// counts at any n. Else they go on from the last two as a power of n. A member that is itself as small is counted.
//
// [Model] takes of the formulas of a trained network what is left of those of a shorter input, whose circuit is built.
//
// If even the smallest member is large, or there is but one circuit, [Program] takes the formulas of package formula,
// which are upper bounds. Merged gates may make the circuit several times smaller, so such a forecast is no
// ground to refuse anything; see [Forecast.Least].
//
// Memory and time follow from the counts by the constants of [Counts], which were measured. Both are rough: tests hold
// the memory to a factor of 2 on all families, and the time depends on the machine.
package forecast
