// Package bristol reads and writes circuits in Bristol Fashion, the format in which
// circuits for secure computation are published, and reads the older Bristol Format.
//
// # Grammar
//
//	file    = counts values values { gate }
//	counts  = gates wires EOL                    how many there are
//	values  = n width ... width EOL              of the n inputs; of the n outputs
//	gate    = "2" "1" wire wire wire op2 EOL     op2 = "AND" | "XOR"
//	        | "1" "1" wire wire op1 EOL          op1 = "INV" | "NOT" | "EQW"
//	        | "1" "1" bit wire "EQ" EOL          bit = "0" | "1"
//	        | 2k k wire ... wire "MAND" EOL      3k wires, k ≥ 1
//	EOL     = LF | CR LF
//
// Words are parted by spaces or tabs, and empty lines are read over. Wires are numbered
// from 0. The input values have the first wires, in order, low bits first; the output
// values have the last. The last wires of a line are those that the gate drives. A gate
// reads wires only that are inputs or driven by a gate before it, and no wire is driven
// twice. EQ drives a constant and EQW a copy; INV and NOT are the same; MAND drives wire
// i of its last k with the AND of wires i and k + i.
//
// In the older format, a line of three widths stands in place of the two lines of values: the first
// input, the second, which is 0 if there is one input only, and the output. It is known by the gate
// in the third line.
//
// # What is read
//
// Every gate is kept as it is, so that counts are the published ones: INV becomes a NOT gate, EQW a
// BUF gate and MAND k AND gates. A constant is not a gate. A wire without a driver is accepted if
// it is not read. Memory depends on what has been read of the file. An input wire may be missing in
// the file, so at most 4096 input wires and 8 for each byte are read.
//
// A byte-order mark at the start is left out. A line has at most [netlist.LongestLine] bytes, and
// empty lines have [netlist.MostIdle] together.
//
// # What is written
//
// Gates other than AND, NAND, XOR and XNOR of two inputs, NOT and BUF are refused with a
// [*netlist.UnfitError]; [basis.Express] makes others of them. A complement is an INV, one for each
// gate whose complement is read; NAND and XNOR are an AND or XOR and an INV. An output wire is
// driven by the gate that it shows. If it cannot be, since the wire is an input or an output
// already, an EQW is added, and for a constant an EQ.
//
// Bristol Fashion knows no names and no comments: a port becomes a value of as many wires,
// and comes back named by its place, such as in0 or out0, and unsigned. Other formats of
// ports, names of ports and gates, stages and comments are lost.
//
// Source: N. Smart and others, 'Bristol Fashion' MPC Circuits,
// https://nigelsmart.github.io/MPC-Circuits; for the older format, S. Tillich and
// N. Smart, (Bristol Format) Circuits of Basic Functions Suitable For MPC and FHE.
package bristol
