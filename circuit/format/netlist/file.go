package netlist

import "io"

// File is the part read so far of a file of one model whose signals have names.
type File struct {
	*Scanner
	*Netlist
	name string // of the model
}

// NewFile returns the file that r reads.
func NewFile(r io.Reader, lexis Lexis) *File {
	return &File{Scanner: NewScanner(r, lexis), Netlist: New()}
}

// Expect makes room for a file whose gates take about so many bytes each, and mostly read so many signals, if its
// reader knows how many bytes it has left, as that of a text in memory does, and returns how many gates that may be.
// Growing lists step by step takes longer than reading.
func (f *File) Expect(r io.Reader, perGate, inputs int) int {
	left, ok := r.(interface{ Len() int })
	if !ok {
		return 0
	}
	n := min(left.Len()/perGate, mostExpected)
	f.Netlist.expect(n, inputs)
	return n
}

// mostExpected bounds the room that is made before anything is read.
const mostExpected = 1 << 24

// Lines calls read with each line that has a token, up to the end of the file or an error.
func (f *File) Lines(read func(line []Token) error) error {
	for line, ok := f.Next(); ok; line, ok = f.Next() {
		if err := read(line); err != nil {
			return err
		}
	}
	return f.Err()
}

// Name takes the name of the model, which may be left out.
func (f *File) Name(rest []Token) error {
	f.name = ""
	if len(rest) > 1 {
		return rest[1].Errorf("a model has one name")
	}
	return Each(rest, Token.Name, func(t Token) error {
		f.name = string(t.Text)
		return nil
	})
}

// Outputs declares outputs, whose names must be valid.
func (f *File) Outputs(names []Token, valid func(Token) error) error {
	return Each(names, valid, func(t Token) error {
		f.Output(t)
		return nil
	})
}

// Each calls the steps with each token, one after another, up to the first error.
func Each(tokens []Token, steps ...func(Token) error) error {
	for _, t := range tokens {
		for _, step := range steps {
			if err := step(t); err != nil {
				return err
			}
		}
	}
	return nil
}

// Design makes the circuit by [Netlist.Build], with the ports that the comments describe.
func (f *File) Design(gate Maker) (*Design, error) {
	d, err := f.Build(gate)
	if err != nil {
		return nil, err
	}
	d.Name, d.Comments = f.name, f.comments
	if err := d.TakePorts(f.places); err != nil {
		return nil, err
	}
	return d, nil
}
