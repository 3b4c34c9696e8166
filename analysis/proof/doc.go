// Package proof has what a proof about a family of circuits says: a verdict, formulas for every n, their
// derivation, and the circuits that were counted.
//
// It is data. Package analysis makes proofs, package analysis/check checks them, and package
// analysis/paper prints them. It lies below all three, so that the checker does not import the
// prover.
package proof
