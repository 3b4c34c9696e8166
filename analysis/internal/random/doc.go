// Package random has random families of programs, and compares what a proof prints with their
// circuits. Only tests import it.
//
// A family is drawn before n is known: [Program] is a list of bytes that choose operations, and
// [DrawSpec] draws parameters of a shipped family. Then the family is proved as a user would do it,
// with small circuits, and [Compare] builds the circuit of a member that may be much larger.
package random
