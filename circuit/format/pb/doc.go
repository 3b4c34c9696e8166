// Package pb describes a circuit by pseudo-Boolean constraints, the linear inequalities over
// literals that pseudo-Boolean solvers read. A threshold gate is two of them for any weights; in
// clauses it would be an adder tree.
//
// # Variables
//
// Variables are numbered as in DIMACS: v is a variable, −v its complement. Variables 1 to n are all
// input wires, in order. After them comes the constant false, if it is read, and then the gates, in
// order, that the roots depend on. The roots are the asserted literals, or the outputs if no
// literal is asserted. NOT and BUF do not have variables of their own; they are literals. Package
// circuit/format/opb writes the constraints to files; circuit/format/cnf writes clauses over the
// same variables.
//
// # Constraints
//
// With positive weights a over literals l and A = Σa, a gate g = [Σ a·l ≥ t] is
//
//	t·¬g + Σ a·l ≥ t                 if g, then the sum is at least t
//	(A−t+1)·g + Σ a·¬l ≥ A−t+1       if not, then it is not
//
// where a weight beyond the bound is cut down to the bound, which has the same solutions in 0 and 1
// (saturation; Chai and Kuehlmann, DAC 2003). Before and after that, weights are divided by their
// greatest common divisor, and the bound is too and rounded up. Sums are flattened. An AND of k
// literals is g = [Σ l ≥ k], an OR [Σ l ≥ 1], a XOR of two literals four clauses.
//
// If literals are asserted, one direction of a gate is enough if the gate is only asked to be 1, or
// only to be 0, as in a monotone circuit (Plaisted and Greenbaum 1986). [Config].OneSided leaves
// the other one out: the constraints are satisfied by the same inputs, but a gate's variable may
// differ from the gate's value.
package pb
