// Package depthtest has assertions for tests of claims about circuits and families of
// circuits.
//
//	depthtest.Exactly(t, c, 3)                       // one circuit
//	depthtest.AtMost(t, c, 5)
//	depthtest.Computes(t, c, reference)              // and it is the right function
//	depthtest.Golden(t, c, "testdata/head.golden")   // rewritten by go test -update
//
//	head := depthtest.Members(compile.Attention{}, compile.MinDepth)
//	depthtest.Constant(t, head, 2, 3, 4, 8)          // measured, at these n
//	depthtest.Grows(t, recurrent, 2, 3, 4)
//	depthtest.GrowsAtMost(t, head, analysis.Size, 2, 8, 16)
//
//	depthtest.Proved(t, compile.Attention{}, 3)      // for every n, by formula, and compared with circuits
//	depthtest.PolynomialSize(t, compile.Attention{}, 2)
//
// A claim about one circuit or about some n is measured, and a failure says on which
// circuit. Proved and PolynomialSize are about every n: they read the family's program
// with n as a symbol; see [analysis.Prove].
//
// A failure prints the longest path, stage by stage and gate by gate. All assertions return
// whether they hold, and report failures with Errorf, so that a test goes on.
package depthtest
