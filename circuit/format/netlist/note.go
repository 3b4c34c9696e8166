package netlist

import "fmt"

// Renamed is the note that something has a name, in a line of the file, that was there before.
func Renamed(thing, was, is string, line int) string {
	return fmt.Sprintf("%s %s, in line %d, has a name that is there before and becomes %s",
		thing, short(was), line, short(is))
}

// More adds to a note that there are n more of its kind.
func More(note string, n int) string {
	if n == 0 {
		return note
	}
	return fmt.Sprintf("%s; %d more like it", note, n)
}

// Cut is the note that latches were cut, the first of which drives an input now and reads an
// output.
func Cut(n int, input, output string) string {
	text := fmt.Sprintf("1 latch is cut: %s is an input now, and its next value the output %s",
		short(input), short(output))
	if n > 1 {
		text = fmt.Sprintf("%d latches are cut: the first, %s, is an input now, and its next value the output %s",
			n, short(input), short(output))
	}
	return text + "; first values and clocks are left out"
}

// NextName is the name of the output that a latch reads, unless it is taken.
func NextName(latch string) string { return latch + "_next" }

// OnlyComb says why a latch is refused, and what reads it; NoLatch also names the latch.
const (
	OnlyComb = "only combinational circuits are read, unless latches are to be cut (--comb)"
	NoLatch  = "a latch: " + OnlyComb
)
