// Package basis makes a circuit of the gates of one basis out of any circuit.
//
// A threshold gate with weights is one gate, and in TC0 it counts as one. Other models have other
// gates: unweighted majority gates, AND and OR gates, or gates with two inputs, as hardware has
// them. [Legalise] replaces each gate by gates of the wanted basis; the ports, their formats, the
// function and the stages stay. So a ledger of depth and size can be compared with the ledger of
// the given circuit. [Conforms] tells whether a circuit is in a basis.
//
// # MAJ: unweighted majority
//
// A weight of w is w wires. A sum adds up the wires that come from one gate. So the other wires
// come from BUF gates, which are free: copy k of a gate is made once, for all its readers. A gate
// with a negative weight is read complemented. Copies of a constant make the bound exactly more
// than half. AND, OR and THRESHOLD gates thus become one MAJORITY gate each, and depth and size
// stay as they are. Weights are first divided by their common factor, and a weight is cut to the
// least one that decides the gate alone. A XOR or MOD gate depends on a sum alone; it becomes two
// levels, [s ≥ b] for the ends b of the intervals of accepted values, and the majority of these and
// the inputs: s rises by itself, and is taken back at each end (the depth-2 circuit of a symmetric
// function; Muroga, Threshold Logic and Its Applications, 1971). So parity of n takes ⌊n/2⌋ + 1
// gates.
//
// # NC1: two inputs
//
// A sum is added up once, for all its readers, into two rows of bits; it is the total of the two.
// Weights are written with the fewest digits 1 and −1; a negative digit is a complemented bit, for
// −x is ¬x − 1, and all constants are collected and left to the comparisons. Full adders make two
// bits of three in each column (Wallace 1964; Dadda 1965), always from those that arrive first
// (Oklobdzija, Villeger and Liu 1996; the delays are those of Paterson, Pippenger and Zwick 1992).
// A sum that reads another takes its two rows as they are, unless these come late; then it adds up
// the terms of the other sum. To compare, the constant goes in by one more full adder a column, and
// the carry out of the top is computed by a tree of groups that generate or propagate a carry
// (Kogge and Stone 1973; Ladner and Fischer 1980). The depth is O(log of the fan-in) where the
// weights are polynomial in it. AND, OR and XOR become trees that combine first the literals that
// arrive first, which gives the least depth there is (Golumbic 1976): ⌈log₂ n⌉ for n inputs that
// come at once. So do thresholds that are an AND or OR; one of four equal literals that come at
// once takes three levels and seven gates. A MOD gate goes through the bits of its sum as a tree of
// choices whose branches meet where the residues are equal; modulo 2^k it adds up the k lowest bits
// only, so that MOD 2 is the tree of a XOR.
//
// # AC0: AND and OR
//
// AND and OR gates are copied. Any other gate is made from a cut, a set of at most 14 gates that
// decide it: the smallest that is found, as in technology mapping for look-up tables (Cong and Ding
// 1994). Its truth table over the cut is covered by an irredundant OR of ANDs, or its complement is
// covered and the result is an AND of ORs; the smaller of the two is taken (Morreale 1970; Minato
// 1992): two levels over the cut.
//
// If there is no such cut, a threshold gate has three ways. The first is two levels: an OR of the
// least sets of literals that reach the bound, or an AND of those that make it fail, which are the
// irredundant covers of a monotone function, up to 2^14 of them. The second is for gates that are
// like a comparison of two numbers: their heaviest terms decide them except for one value of their
// sum, then the next terms do, and so on. Such a gate becomes an OR over these blocks of literals,
// with four levels for any number of bits. The third is for all sums, those of XOR and MOD gates,
// too: the sum is divided into blocks of up to 14 literals, or with a cut, each is replaced by its
// binary digits, and the digits are added up the same way, in up to six rounds of two levels. In
// the end up to 14 digits are one table, with two levels; up to 28 are a heavy part H and a light
// part L, and [H + L ≥ t] is the OR of [H ≥ v] ∧ [L ≥ t − v] over the values v that matter, with
// four levels.
//
// The choice is by price: two levels less may take up to four times the gates, which are estimated
// as a quarter of the truth tables that are covered. So the rounds and the sizes of their blocks
// are those of least price, and a gate takes two levels if these are at most four times, for each
// two levels saved, the gates of the other way; the gates on one sum share those of its digits.
//
// Sums beyond that, or of more than 4096 literals, are refused with an [*Error]. That is a limit of
// this construction. Parity and majority of n inputs have no circuits of constant depth and
// polynomial size (Furst, Saxe and Sipser 1984; Ajtai 1983; Håstad 1986): what is made of them here
// grows with n, in depth and size.
package basis
