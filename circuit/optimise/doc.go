// Package optimise makes a circuit smaller that keeps its function.
//
// # What is promised
//
// [Optimise] returns a circuit with the same ports, names, formats and stages that computes the
// same output wires on every input. No pass raises the depth (under the depth model of the
// [Config]), the size, or the number of wires. A gate is only replaced by a literal that is as
// early as the gate was. A result that has more of any of the three is thrown away and reported as
// dropped. The weight may rise in the pass takein alone, in which a threshold gate takes over the
// work of an AND gate behind it; the [Report] gives it pass by pass.
//
// It does not find a minimum: the passes but one are laws for one gate, and look only at the gates that
// it reads. Two circuits of one function stay two circuits. The pass rewrite looks at parts between a
// gate and at most four others; in a circuit of 65,536 gates or more it is not run again once it has
// saved less than one gate in 256, and a second [Optimise] may then find a little more.
//
// No gate has a greater class, by [gates.Kind.Class], than the gates of the circuit, unless the
// Config allows it: AC0 circuits stay AC0, and the XORs of two inputs in them do not grow into
// PARITY.
//
// Fan-in is unbounded here, and flattening makes use of it. A circuit of gates with two
// inputs that is to stay one needs the passes chosen without flatten. One of MAJORITY
// gates only needs them without thresholds and takein.
//
// # Passes
//
// [Passes] lists them. With x, y for literals and each law with its dual:
//
//	dead         gates and sums that no output depends on
//	constants    x∧1 = x, x∧0 = 0, x∧x = x, x∧¬x = 0, x⊕x = 0; gates of one input;
//	             threshold gates whose sum cannot miss, or cannot reach, the bound
//	complements  NAND(x,y) = ¬(x∧y), ¬x⊕y = ¬(x⊕y), where that costs no depth
//	merge        gates with equal inputs, up to De Morgan's law; threshold gates with
//	             equal sums, up to a factor, a sign and a constant
//	rewrite      parts of AND and OR of two inputs that compute a function of at most four
//	             gates, by structures of fewer gates; see package cuts
//	flatten      (x∧y)∧z = x∧y∧z and (x⊕y)⊕z = x⊕y⊕z where nothing else reads x∧y
//	absorption   x∧(x∨y) = x, x∧(¬x∨y) = x∧y, x∧(x∧y) = x∧y, x∧(x⊕y) = x∧¬y,
//	             (x∨y)∧(x∨y∨z) = x∨y
//	parities     (x∨y)∧(¬x∨¬y) = x⊕y
//	thresholds   weights divided by their common factor and cut down to what decides,
//	             the least bound of those that no reachable value tells apart, inputs
//	             without influence left out, smaller weights of the same function;
//	             threshold gates that are AND, OR, MAJORITY or a literal
//	moduli       weights modulo m, common factors, periods; MOD 2 as XOR
//	takein       [s ≥ t]∧x = [s + B·x ≥ t + B] with B = max(s) − t + 1 where nothing
//	             else reads the threshold gate
//
// Cutting a weight down to the least one that decides is the step of every reduction of weights
// (Muroga, Threshold Logic and Its Applications, 1971, chapter 9); least integer weights in general
// are not looked for beyond eight inputs, and there only by lowering them.
//
// A pass goes once through the circuit, in time that grows with its stored wires. From the second round on
// it looks only at gates near which something has changed since, and copies the others. Looks and counts
// use all cores; the result does not depend on how many there are. Rewrite works
// where complements are free and AND and OR cost the same, and does nothing in other depth models. Sums
// that read sums are only divided by common factors, and weights beyond 2^60 are left
// as they are.
package optimise
