package netlist

// Text returns the line that [Scanner.Next] read last, without its comment, for readers that cut it in
// their own way. It is in the scanner's memory until the next line.
func (s *Scanner) Text() []byte { return s.text }

// Comments returns the comments so far, in order, without the signs that mark them.
func (s *Scanner) Comments() []string { return s.comments }

// Places returns the lines of the comments so far.
func (s *Scanner) Places() []int { return s.places }
