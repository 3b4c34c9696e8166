// Package depthtest has assertions for tests of claims about circuits and families of
// circuits.
//
// A claim about one circuit is counted on it:
//
//	depthtest.Exactly(t, c, 3)
//	depthtest.AtMost(t, c, 5)
//	depthtest.Basis(t, c, gates.AC0)
//	depthtest.Computes(t, c, reference)              // and it is the right function
//	depthtest.Golden(t, c, "testdata/head.golden")   // rewritten by go test -update
//
// A claim about a family at some n is measured, and is not about other n:
//
//	head := depthtest.Members(compile.Attention{}, compile.MinDepth)
//	depthtest.Constant(t, head, 2, 3, 4, 8)
//	depthtest.Grows(t, recurrent, 2, 3, 4)
//	depthtest.GrowsAtMost(t, head, analysis.Size, 2, 8, 16)
//
// A claim about every n is read from the family's program, in which n is a symbol, and
// compared with circuits; see [analysis.Prove]:
//
//	depthtest.Proved(t, compile.Attention{}, 3)
//	depthtest.PolynomialSize(t, compile.Attention{}, 2)
//
// A failure prints the longest path, stage by stage and gate by gate, or the derivation. All
// assertions return whether they hold, and report failures with Errorf, so that a test goes
// on. To import this package defines no flag.
package depthtest
