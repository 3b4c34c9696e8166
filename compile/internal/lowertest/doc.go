// Package lowertest has what tests of lowering share: the strategies to lower with, a checked
// circuit, and its comparison with the reference on every input or on some.
package lowertest
