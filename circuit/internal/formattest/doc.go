// Package formattest supports the tests of the readers and writers of all circuit formats.
//
// It asserts that a circuit that is written is read back as it was. It asserts that bad files
// are refused with the right words at the right place, and that files of other people have the
// known counts. It also runs other programs. Tests that go over several formats at once are in
// package exchange.
package formattest
