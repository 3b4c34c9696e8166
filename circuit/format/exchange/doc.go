// Package exchange knows every file format that a circuit can come from or go to.
//
// [Find] tells the format of a file by its name, [Format.Read] and [Format.Write] do the
// rest. What a format has no words for, [Express] makes of gates that it has; [Format.Write]
// itself refuses it.
package exchange
