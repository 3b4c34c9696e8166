package basis

import (
	"context"
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// maxNodes is how many gates, or stored wires of unweighted gates, a circuit may
// have before Legalise gives up.
const maxNodes = 1 << 26

// Legalise returns a circuit of gates of the basis only that computes the function of c: it has the
// same ports, and the integer on each is the same on every input. The gates that replace a gate
// stand in the stage of that gate.
//
// Depth: TC0 is c itself. MAJ: that of c, under the standard model, where it has
// THRESHOLD, MAJORITY, AND and OR gates only; 2 for a XOR or MOD gate. NC1: about
// 4·log₂(fan-in) a gate with polynomial weights. AC0: 2 a gate that a cut of 14
// gates or a few sets of literals decide, 4 a comparison, and at most 18.
// Size:  MAJ: that of c for those kinds; a XOR or MOD gate takes one gate more for
// each interval of accepted values. NC1: about 5 gates for each bit that
// is added. AC0: exponential in the size of a cut.
//
// It may be less where a gate turns out to be a constant or a wire, and gates that no
// output depends on are left out. For AC0 it fails with an [*Error] unless each sum
// is a comparison or is brought to few digits, from 4096 literals at most.
//
// It stops when ctx ends, and gives up with an [*Error] beyond 2^26 nodes.
func Legalise(ctx context.Context, c *circuit.Circuit, b Basis) (*circuit.Circuit, error) {
	if b == TC0 {
		return c, nil
	}
	m := newMaker(ctx, c, b)
	var t translator
	switch b {
	case AC0:
		plan, err := planCovers(m)
		if err != nil {
			return nil, err
		}
		t = plan
	case MAJ:
		t = newUnroller(m)
	case NC1:
		t = newAdder(m)
	default:
		return nil, fmt.Errorf("basis: %v is no basis", b)
	}
	made, err := m.finish(t)
	if err != nil {
		return nil, err
	}
	return made, Conforms(made, b)
}

// finish makes the gates and the output ports, and returns the circuit.
func (m *maker) finish(t translator) (*circuit.Circuit, error) {
	if err := m.run(t); err != nil {
		return nil, err
	}
	m.Outputs()
	made, err := m.b.Circuit()
	if err != nil {
		return nil, err
	}
	return made.Prune(), nil
}

// translator makes the gates of one basis.
type translator interface {
	// gate makes the replacement of gate g. Its kind is not a source and not BUF; the caller
	// handles a complement.
	gate(g circuit.Gate, kind gates.Kind) (circuit.Lit, error)
}

// maker makes a circuit out of another, gate by gate.
type maker struct {
	*circuit.Follower
	ctx   context.Context
	c     *circuit.Circuit // the given circuit
	b     *circuit.Builder // of the new one
	basis Basis
	need  []bool // by gate of c: whether it has to be made
	ticks int
	wires int // stored wires that the translator wants to count as nodes

	sum     circuit.SumID // the sum that addSum was asked for last
	from    []circuit.Gate
	weights []circuit.Int
}

// newMaker starts the new circuit: it has the stages of c, under the same ids, and
// its input ports.
func newMaker(ctx context.Context, c *circuit.Circuit, basis Basis) *maker {
	m := &maker{ctx: ctx, c: c, b: circuit.NewBuilder(), basis: basis}
	m.need, _ = c.Live()
	m.Follower = m.b.Follow(c)
	m.Inputs()
	return m
}

func (m *maker) run(t translator) error {
	for g := range circuit.Gate(m.c.Len()) {
		kind, complement := m.c.Kind(g).Plain()
		if kind.IsSource() || !m.need[g] {
			continue
		}
		m.Enter(m.c.StageOf(g))
		if kind == gates.Buf {
			m.Lits[g] = m.Fanin(g)[0].NotIf(complement)
			continue
		}
		l, err := t.gate(g, kind)
		if err != nil {
			return err
		}
		if err := m.room(g); err != nil {
			return err
		}
		m.Lits[g] = l.NotIf(complement)
	}
	return nil
}

// addSum adds sum s of the given circuit to e. It remembers the last sum flattened, since gates on
// one sum mostly come together.
func (m *maker) addSum(e *expression, s circuit.SumID) {
	if m.from == nil || m.sum != s {
		m.sum = s
		m.from, m.weights = m.c.Flatten(s)
	}
	for i, x := range m.from {
		e.add(m.Lits[x], m.weights[i])
	}
}

// room returns an error if the new circuit is too large, or ctx has ended. The gate
// is the one at work.
func (m *maker) room(g circuit.Gate) error {
	if m.b.Len()+m.wires > maxNodes {
		return m.fail(g, "the circuit passes %d nodes when this gate is made; "+
			"take fewer bits, a smaller n or another basis", maxNodes)
	}
	if m.ticks++; m.ticks%256 == 0 {
		return m.ctx.Err()
	}
	return nil
}

func (m *maker) fail(g circuit.Gate, format string, args ...any) error {
	return errorAt(m.c, m.basis, g, format, args...)
}
