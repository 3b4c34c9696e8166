// Package formattest has the tests that the readers and writers of all circuit formats
// share: that a circuit that is written is read back as it was, that bad files are refused
// with the right words at the right place, that files of other people have the known
// counts, and that other programs agree.
package formattest
