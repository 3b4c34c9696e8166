package circuit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Live marks the gates and sums that an output depends on. Inputs and the constant
// are live always.
func (c *Circuit) Live() (gate, sum []bool) {
	gate, sum = make([]bool, c.Len()), make([]bool, c.SumCount())
	gate[0], sum[0] = true, true
	for _, g := range c.inputs {
		gate[g] = true
	}
	for _, x := range c.Outputs() {
		gate[x.Gate()] = true
	}
	// A gate's users come after it, and a sum's users are either later sums or
	// gates made later than it. Both lists are gone through backwards in step: when
	// gate g is reached, every sum that reads it is done.
	markRefs := func(s int) {
		if !sum[s] {
			return
		}
		for _, r := range c.Refs(SumID(s)) {
			if r.IsSum() {
				sum[r.Sum()] = true
			} else {
				gate[r.Gate()] = true
			}
		}
	}
	newest := c.newestGates()
	next := c.SumCount() - 1
	for g := c.Len() - 1; g >= 0; g-- {
		for next >= 0 && newest[next] >= uint32(g) {
			markRefs(next)
			next--
		}
		if !gate[g] {
			continue
		}
		if s, ok := c.ReadsSum(Gate(g)); ok {
			sum[s] = true
		}
		for _, x := range c.Fanin(Gate(g)) {
			gate[x.Gate()] = true
		}
	}
	return gate, sum
}

// CountReads adds up how often each gate and sum is read by the gates from g on and the sums from s on. Where one made
// many it is quick to ask after some of them, while they are in the cache.
func (c *Nodes) CountReads(g Gate, s SumID, gate, sum []uint32) {
	for i, k := range c.kind[g:] {
		args := c.reads(g + Gate(i))
		if k.ReadsSum() {
			sum[args[0]]++
			continue
		}
		for _, x := range args {
			gate[x>>1]++
		}
	}
	for page := range c.termRef.after(c.sumFirst[s]) {
		for _, r := range page {
			if r.IsSum() {
				sum[r.Sum()]++
			} else {
				gate[r]++
			}
		}
	}
}

// Sweep takes what no output depends on out of how often each gate and sum is read, as [Nodes.CountReads] has counted
// that, and adds the outputs. It marks what is live, as [Circuit.Live] does.
func (c *Circuit) Sweep(gate, sum []uint32, live, liveSum []bool) {
	for _, p := range c.outs {
		for _, x := range p.Wires {
			gate[x.Gate()]++
		}
	}
	for g := range live {
		live[g] = true
	}
	// What a gate or sum reads comes before it, so that one way back is enough.
	var todo []SumID
	drop := func(s SumID) {
		for todo = append(todo[:0], s); len(todo) > 0; {
			s, todo = todo[len(todo)-1], todo[:len(todo)-1]
			liveSum[s] = false
			for _, r := range c.Refs(s) {
				if !r.IsSum() {
					gate[r]--
				} else if sum[r.Sum()]--; sum[r.Sum()] == 0 {
					todo = append(todo, r.Sum())
				}
			}
		}
	}
	for s := range liveSum {
		liveSum[s] = true
	}
	for s := len(sum) - 1; s > 0; s-- {
		if sum[s] == 0 && liveSum[s] {
			drop(SumID(s))
		}
	}
	for g := len(gate) - 1; g >= 0; g-- {
		if gate[g] > 0 || c.kind[g].IsSource() {
			continue
		}
		live[g] = false
		args := c.reads(Gate(g))
		if !c.kind[g].ReadsSum() {
			for _, x := range args {
				gate[x>>1]--
			}
		} else if sum[args[0]]--; sum[args[0]] == 0 && args[0] > 0 {
			drop(SumID(args[0]))
		}
	}
}

// newestGates returns, for each sum, the greatest gate that it or an earlier sum
// reads; a gate that reads the sum is greater.
func (c *Nodes) newestGates() []uint32 {
	newest := make([]uint32, c.SumCount())
	last := uint32(0)
	for s := range newest {
		for _, r := range slices.Backward(c.Refs(SumID(s))) {
			if !r.IsSum() { // the latest one, since they are in order, gates first
				last = max(last, uint32(r.Gate()))
				break
			}
		}
		newest[s] = last
	}
	return newest
}

// Prune returns the circuit without the gates and sums that no output depends on.
// Inputs stay.
func (c *Circuit) Prune() *Circuit { return c.Only(c.Live()) }

// Only returns the circuit of the gates and sums that are marked, in the same order. What these and the outputs
// read, the inputs, the constant and sum 0 must be marked, as [Circuit.Live] does.
func (c *Circuit) Only(gate, sum []bool) *Circuit {
	p := &Circuit{Nodes: Nodes{
		kind: empty(c.kind), first: append(empty(c.first), 0), args: newPages[uint32](int(c.args.end())),
		sumFirst: append(empty(c.sumFirst), 0), sumForm: empty(c.sumForm), termRef: newPages[Ref](int(c.termRef.end())),
	}}
	c.onlyIn(p, gate, sum, false)
	return p
}

// pruneHere is Prune in the memory of c, which becomes the circuit without what is not needed: it takes no more at the
// peak than c and its forms.
func (c *Circuit) pruneHere() {
	gate, sum := c.Live()
	if !slices.Contains(gate, false) && !slices.Contains(sum, false) {
		c.clip()
		return
	}
	p := &Circuit{Nodes: Nodes{
		kind: c.kind[:0], first: c.first[:1], args: newPages[uint32](int(c.args.end())),
		sumFirst: c.sumFirst[:1], sumForm: c.sumForm[:0], termRef: newPages[Ref](int(c.termRef.end())),
	}}
	c.onlyIn(p, gate, sum, true)
	*c = *p
}

// onlyIn is Only in the lists of p, which are empty. They may be those of c: what is kept never moves up. The pages of
// c are used again if they are its own, and nobody else reads them.
func (c *Circuit) onlyIn(p *Circuit, gate, sum []bool, own bool) {
	newGate, newSum := places(gate), places(sum)
	p.bigs, p.mods, p.stages = c.bigs, c.mods, c.stages
	at := uint32(0)
	for g, keep := range gate {
		args := c.args.of(at, c.first[g+1])
		if at = c.first[g+1]; !keep {
			continue
		}
		p.stageAt(Gate(len(p.kind)), c.StageOf(Gate(g)))
		p.kind = append(p.kind, c.kind[g])
		in := p.args.make(len(args), p.first)
		if c.kind[g].ReadsSum() {
			copy(in, args)
			in[0] = newSum[args[0]]
		} else {
			for i, a := range args {
				in[i] = newGate[a>>1]<<1 | a&1
			}
		}
		p.first = append(p.first, p.args.end())
		if own {
			c.args.pass(at, &p.args)
		}
	}
	at = 0
	for s, keep := range sum {
		old := c.termRef.of(at, c.sumFirst[s+1])
		if at = c.sumFirst[s+1]; !keep {
			continue
		}
		refs := p.termRef.make(len(old), p.sumFirst)
		for i, r := range old {
			if r.IsSum() {
				refs[i] = sumRef(SumID(newSum[r.Sum()]))
			} else {
				refs[i] = gateRef(Gate(newGate[r.Gate()]))
			}
		}
		p.sumFirst, p.sumForm = append(p.sumFirst, p.termRef.end()), append(p.sumForm, c.sumForm[s])
		if own {
			c.termRef.pass(at, &p.termRef)
		}
	}
	for _, g := range c.inputs {
		p.inputs = append(p.inputs, Gate(newGate[g]))
	}
	p.inPorts, p.outs = mapPorts(c.inPorts, newGate), mapPorts(c.outs, newGate)
	p.takeForms(c) // when the lists of where gates and sums have come to be are not needed any more
	p.clip()
}

// takeForms gives the sums, whose forms are those of another circuit, forms of their own, in the order in which sums
// are of them, as a builder makes them.
func (c *Circuit) takeForms(from *Circuit) {
	at, forms, weights := make([]uint32, len(from.forms)), append(empty(from.forms), emptyForm()), newPages[int64](0)
	for s, of := range c.sumForm {
		if of != 0 && at[of] == 0 {
			at[of] = uint32(len(forms))
			f := from.forms[of]
			f.from = weights.append(from.weightsOf(&f))
			forms = append(forms, f)
		}
		c.sumForm[s] = at[of]
	}
	c.forms, c.weights = forms, weights
}

// empty returns an empty list with room for as much as s has, and a little more.
func empty[S ~[]E, E any](s S) S { return make(S, 0, len(s)+len(s)/slack) }

// places returns where each of those that are kept comes to be.
func places(keep []bool) []uint32 {
	at, next := make([]uint32, len(keep)), uint32(0)
	for i, ok := range keep {
		at[i] = next
		if ok {
			next++
		}
	}
	return at
}

func mapPorts(ports []Port, newGate []uint32) []Port {
	out := slices.Clone(ports)
	for i, p := range out {
		out[i].Wires = slices.Clone(p.Wires)
		for j, x := range p.Wires {
			out[i].Wires[j] = Gate(newGate[x.Gate()]).Lit().NotIf(x.IsComplement())
		}
	}
	return out
}

// UnknownOutputError says that a circuit does not have an output of the given name.
type UnknownOutputError struct {
	Name  string
	Known []string // names of output ports, the first ones
	Count int      // of output ports
}

func (e *UnknownOutputError) Error() string {
	const most = 40 // characters of a name
	var list []string
	for _, name := range e.Known {
		if short := []rune(name); len(short) > most {
			name = string(short[:most]) + "…"
		}
		if q := strconv.Quote(name); len(q) != len(name)+2 || strings.Contains(name, " ") || name == "" {
			name = q // names come from files
		}
		list = append(list, name)
	}
	known := strings.Join(list, " ")
	if rest := e.Count - len(e.Known); rest > 0 {
		known += fmt.Sprintf(" and %d more", rest)
	}
	return fmt.Sprintf("circuit: no output %.80q; outputs: %s (NAME.3 is wire 3 of one)", e.Name, known)
}

// mostKnown is how many names an error lists.
const mostKnown = 12

// Cone returns the circuit that computes only the named outputs. It keeps the gates and sums that
// they depend on, and each input port that they read a wire of. A name is the name of an output
// port, or "NAME.3" for wire 3 of a port; that wire becomes a port of that name and of one bit. The
// outputs are in the order of the names, each once.
//
// Error: *UnknownOutputError.
func (c *Circuit) Cone(names ...string) (*Circuit, error) {
	part := *c
	part.inputs, part.inPorts, part.outs = nil, nil, nil
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			continue
		}
		p, err := c.FindOutput(name)
		if err != nil {
			return nil, err
		}
		part.outs = append(part.outs, p)
	}
	live, _ := part.Live() // without inputs, only those that are read are marked
	for _, p := range c.inPorts {
		if slices.ContainsFunc(p.Wires, func(x Lit) bool { return live[x.Gate()] }) {
			part.inPorts = append(part.inPorts, p)
			for _, x := range p.Wires {
				part.inputs = append(part.inputs, x.Gate())
			}
		}
	}
	return part.Prune(), nil
}

// FindOutput finds an output port, or wire 3 of one by "NAME.3", as a port of that name and
// of one bit.
//
// Error: *UnknownOutputError.
func (c *Circuit) FindOutput(name string) (Port, error) {
	for _, p := range c.outs {
		if p.Name == name {
			return p, nil
		}
	}
	dot := strings.LastIndexByte(name, '.')
	wire, err := strconv.Atoi(name[dot+1:])
	if dot < 0 || err != nil || strconv.Itoa(wire) != name[dot+1:] {
		return Port{}, c.unknownOutput(name)
	}
	for _, p := range c.outs {
		if p.Name == name[:dot] && wire >= 0 && wire < len(p.Wires) {
			return Port{Name: name, Wires: p.Wires[wire : wire+1]}, nil
		}
	}
	return Port{}, c.unknownOutput(name)
}

func (c *Circuit) unknownOutput(name string) error {
	e := &UnknownOutputError{Name: name, Count: len(c.outs)}
	for _, p := range c.outs[:min(len(c.outs), mostKnown)] {
		e.Known = append(e.Known, p.Name)
	}
	return e
}
