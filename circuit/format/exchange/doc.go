// Package exchange knows every file format that a circuit can come from or go to.
//
// [Find] finds the format of a file by its name. [Format.Read] and [Format.Write] read and write
// it. [Format.Write] refuses a gate that the format does not have; [Express] makes it of other
// gates.
package exchange
