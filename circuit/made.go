package circuit

// Made returns the circuit made so far, for its gates and sums to be looked at while
// more are added: it grows with the builder. It has no output ports that were not added
// yet, and must not be used once [Builder.Circuit] has returned the circuit itself.
func (b *Builder) Made() *Circuit { return &b.c }
