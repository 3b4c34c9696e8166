package circuit

// Follower opens and closes the stages of a circuit in a builder that remakes it gate by
// gate. A stage continues that of the same name within the one that was open at first.
type Follower struct {
	b    *Builder
	c    *Circuit
	open []StageID // of c, outermost first, the root left out
	path []StageID // scratch
}

// Follow returns a Follower of c, which is in stage 0.
func (b *Builder) Follow(c *Circuit) *Follower { return &Follower{b: b, c: c} }

// Enter makes stage id of the circuit the one that new gates belong to.
func (f *Follower) Enter(id StageID) {
	if n := len(f.open); n > 0 && f.open[n-1] == id || n == 0 && id == 0 {
		return
	}
	f.path = f.path[:0] // from id up to the root, which is left out
	for s := id; s != 0; s = f.c.stages[s].Parent {
		f.path = append(f.path, s)
	}
	common := 0
	for common < min(len(f.path), len(f.open)) && f.open[common] == f.path[len(f.path)-1-common] {
		common++
	}
	for len(f.open) > common {
		f.b.End()
		f.open = f.open[:len(f.open)-1]
	}
	for i := len(f.path) - 1 - common; i >= 0; i-- {
		f.b.Begin(f.c.stages[f.path[i]].Name)
		f.open = append(f.open, f.path[i])
	}
}

// Inputs makes all stages of the circuit, in a builder that has none yet under the same
// ids, and its input ports, each in its stage. It sets lits, which is by gate of the
// circuit, to their wires.
func (f *Follower) Inputs(lits []Lit) {
	for id := range StageID(f.c.StageCount()) {
		f.Enter(id)
	}
	for _, p := range f.c.InputPorts() {
		if len(p.Wires) > 0 {
			f.Enter(f.c.StageOf(p.Wires[0].Gate()))
		}
		for i, l := range f.b.InputPort(p.Name, p.Format, len(p.Wires)) {
			lits[p.Wires[i].Gate()] = l
		}
	}
}

// Outputs makes the output ports of the circuit, where lits, by gate of the circuit, has
// become of each, and goes back to stage 0.
func (f *Follower) Outputs(lits []Lit) {
	for _, p := range f.c.OutputPorts() {
		wires := make([]Lit, len(p.Wires))
		for i, l := range p.Wires {
			wires[i] = lits[l.Gate()].NotIf(l.IsComplement())
		}
		f.b.OutputPort(p.Name, p.Format, wires...)
	}
	f.Enter(0)
}
