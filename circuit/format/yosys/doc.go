// Package yosys writes a circuit as a netlist in the JSON of Yosys, which its read_json reads, and with
// it viewers such as DigitalJS and netlistsvg.
//
// # What is written
//
//	file  = { "creator": "tc0", "modules": { name: {
//	            "attributes": { "top": 1 },
//	            "ports":    { name: { "direction": "input" | "output", [ "signed": 1, ] "bits": [ bit, ... ] } },
//	            "cells":    { name: { "type": "$and", "connections": { "A": [ bit ], "B": [ bit ], "Y": [ bit ] } } },
//	            "netnames": { name: { "bits": [ bit, ... ], ... } } } } }
//	bit   = a number from 2 on, or "0" or "1"
//
// There is one module, of the name of the design, or "circuit". Each gate is a cell of one bit, of the types
// $and, $or, $xor, $xnor and $not, which all three programs know: DigitalJS has no $_AND_ and the like, which
// are Yosys's gates after mapping (simplemap makes them). NAND and NOR are the complements of $and and $or, and a
// BUF is the bit that it reads. A complement is a $not cell, one for all its readers. The bit of gate g is
// g + 1, and that of its complement g + 1 more than the number of gates, inputs and the constant.
//
// Wires of a port are its bits, the low one first; a port without wires is left out. "signed" says
// that a port is in two's complement; what other formats mean is lost, since JSON has no comments. Names of
// gates, from the file that the circuit was read from, are netnames. Signs that a name of Yosys must not have
// become underscores, and a name that is taken gets a number.
package yosys
