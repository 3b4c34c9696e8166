package circuit

import (
	"errors"
	"fmt"
	"slices"
	"unsafe"

	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/room"
)

// Builder makes a circuit gate by gate. It is not safe for concurrent use.
//
// Unless it keeps gates as given, it normalises. It folds constants and merges repeated literals.
// It moves complements out of XOR gates and into the weights of sums. It divides sums by their
// common factor. If a gate or its complement exists already, it returns that gate and does not make
// it again. A threshold gate that is an AND or an OR of literals becomes one, so that the kinds of
// gate in a circuit tell the smallest basis it is in; a threshold gate with unit weights and a
// bound of more than half is counted as a MAJORITY.
type Builder struct {
	c    Circuit
	keep bool

	gates idTable
	sums  idTable
	forms *formTable
	plain plainSums

	bigIndex map[string]int64  // where a number beyond int64 is in c.bigs
	modIndex map[string]uint32 // where a modulus is in c.mods

	lent [2]*uint32 // the last positions of the gates and sums that others read

	stage   StageID
	byName  map[Stage]StageID
	nesting []StageID

	levels *Levels // standard, filled up to where somebody asked

	leastOf SumID // the sum that leastWeight was asked for last
	least   Int

	lits     []Lit   // scratch
	stored   []int64 // the same: weights of a sum
	linear   *Linear
	inNames  map[string]bool
	outNames map[string]bool
	hasBound bool // there is a threshold gate
	full     bool // there is no memory for more
	err      error
}

// ErrTooLarge is returned for a circuit with more than 2^31 gates or 2^32 wires.
var ErrTooLarge = errors.New("circuit: more than 2^31 gates or 2^32 stored wires")

// NewBuilder returns a builder of an empty circuit.
func NewBuilder() *Builder { return NewBuilderSize(0) }

// NewBuilderSize returns a builder with room for the given number of gates, which
// saves time when it is known, as from the header of a file.
func NewBuilderSize(gateCount int) *Builder {
	b := &Builder{
		gates:    newIDTable(gateCount),
		sums:     newIDTable(0),
		bigIndex: map[string]int64{},
		modIndex: map[string]uint32{},
		byName:   map[Stage]StageID{},
		inNames:  map[string]bool{},
		outNames: map[string]bool{},
	}
	c := &b.c
	c.kind = append(make([]gates.Kind, 0, gateCount+1), gates.Const)
	c.first = append(make([]uint32, 0, gateCount+2), 0, 0)
	c.args, c.termRef, c.weights = newPages[uint32](2*gateCount), newPages[Ref](0), newPages[int64](0)
	c.sumFirst = []uint32{0, 0}
	c.sumForm, c.forms = []uint32{0}, []form{emptyForm()}
	c.stages = []Stage{{}}
	b.linear, b.levels = b.Linear(), b.Levels(gates.Standard())
	b.gates.key, b.sums.key, b.forms = b.gateKey, b.sumKey, newFormTable(&c.Nodes)
	return b
}

// slack is the part of a circuit that another one like it may have more.
const slack = 32

// NewBuilderLike returns a builder with room for as many gates and sums as c has.
func NewBuilderLike(c *Circuit) *Builder { return NewBuilderIn(new(Circuit), c) }

// NewBuilderIn is [NewBuilderLike], in the memory of old, which nobody may use any more, nor what it has lent.
func NewBuilderIn(old, c *Circuit) *Builder {
	b := NewBuilderSize(0)
	n := &b.c
	b.gates.hint, b.sums.hint = c.Len()+c.Len()/slack, c.SumCount()
	n.kind, n.first = again(old.kind, c.kind, n.kind), again(old.first, c.first, n.first)
	n.args.again(&old.args, &c.args)
	n.sumFirst, n.sumForm = again(old.sumFirst, c.sumFirst, n.sumFirst), again(old.sumForm, c.sumForm, n.sumForm)
	n.termRef.again(&old.termRef, &c.termRef)
	n.forms = again(old.forms, c.forms, n.forms) // weights may be those of other circuits, too
	return b
}

// again returns a list that begins as said, with room for one like another, in old memory if that is enough.
func again[S ~[]E, E any](old, like, begin S) S {
	if cap(old) < len(like)+len(begin) {
		old = empty(like)
	}
	return append(old[:0], begin...)
}

// nearGate is where a gate with the hash and the arguments wants to be in the table of gates: by the last literal that
// it reads, a later one of two slots for each gate, or by the sum.
func nearGate(kind gates.Kind, args []uint32, hash uint32) uint32 {
	switch {
	case kind.IsLogic():
		return args[len(args)-1]
	case kind.ReadsSum():
		return 2 * args[0]
	}
	return hash
}

// gateKey returns where a gate is in the table of gates; false for sources, which are not there.
func (b *Builder) gateKey(g uint32) (hash, near uint32, ok bool) {
	c := &b.c
	kind, args := c.kind[g], c.reads(Gate(g))
	if kind.IsSource() {
		return 0, 0, false
	}
	hash = gateHash(kind, args)
	return hash, nearGate(kind, args, hash), true
}

// Keep makes the builder store every gate as given from now on. It does not fold, merge or look up
// any gate, and NOT and BUF become gates. (Terms of a sum that read the same gate are still added
// up.) Readers of files use it, so that published gate counts and levels can be reproduced.
func (b *Builder) Keep() { b.keep = true }

// Len returns the number of nodes made so far, as [Nodes.Len] does.
func (b *Builder) Len() int { return len(b.c.kind) }

// Made returns the gates and sums made so far. It grows with the builder, and must not be
// used once [Builder.Circuit] has returned the circuit.
func (b *Builder) Made() *Nodes { return &b.c.Nodes }

// Snapshot returns the gates and sums made so far. They stay as they are while the builder makes more, and may be read
// by another goroutine.
func (b *Builder) Snapshot() Nodes {
	n := b.c.Nodes
	n.args.list, n.termRef.list = slices.Clone(n.args.list), slices.Clone(n.termRef.list)
	n.weights.list = slices.Clone(n.weights.list)
	b.lent = [2]*uint32{&n.first[len(n.first)-1], &n.sumFirst[len(n.sumFirst)-1]}
	return n
}

// Begin opens a stage within the current one: the gates made until the matching
// End belong to it. Opening the same name again in the same place continues it.
func (b *Builder) Begin(name string) {
	b.nesting = append(b.nesting, b.stage)
	key := Stage{name, b.stage}
	id, ok := b.byName[key]
	if !ok {
		id = StageID(len(b.c.stages))
		b.c.stages = append(b.c.stages, key)
		b.byName[key] = id
	}
	b.stage = id
}

// End closes the stage opened last.
func (b *Builder) End() {
	n := len(b.nesting)
	if n == 0 {
		panic("circuit: End without Begin")
	}
	b.stage = b.nesting[n-1]
	b.nesting = b.nesting[:n-1]
}

// fail ends the build with an error, unless it has failed already.
func (b *Builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// Err returns the first thing that went wrong while building.
func (b *Builder) Err() error { return b.err }

// What a gate and a sum take beside what they read, and a form beside its weights, with their places in the tables, in
// bytes. A literal or a term takes 4, and a weight of a form 8.
const (
	gateBytes = 1 + 4 + 2*8
	sumBytes  = 4 + 4 + 2*8
	formBytes = 32 + 2*8
)

// grows asks for the memory of a list of so many elements of so many bytes that is to grow. If there is
// none, the build fails, and nothing more is made.
func (b *Builder) grows(elements, bytes int) bool {
	return b.asks(room.Product(grown(elements), bytes))
}

// asks asks for so many bytes.
func (b *Builder) asks(bytes int64) bool {
	if b.full {
		return false
	}
	if err := room.Ask("circuit: the gates", bytes); err != nil {
		b.full = true
		b.fail(err)
	}
	return !b.full
}

// gateRoom makes room for n gates, but not for what they read; false if there is none.
func (b *Builder) gateRoom(n int) bool {
	c := &b.c
	if len(c.kind)+n > maxGates || b.full ||
		len(c.kind)+n > cap(c.kind) && !b.grows(max(len(c.kind), n), gateBytes) {
		return false
	}
	extend(&c.kind, n)
	extend(&c.first, n)
	return true
}

// pageRoom makes room for a piece of n elements that does not fit, in pages whose pieces begin at the given positions,
// if there are any; false if there is none. The last position, where the piece is to begin, may become another one. It
// is written to a copy if it is lent.
func pageRoom[E any](b *Builder, p *pages[E], n int, first *[]uint32) bool {
	switch {
	case p.endless(n):
		b.fail(ErrTooLarge)
		return false
	case !b.asks(room.Product(p.more(n), int(unsafe.Sizeof(*new(E))))):
		return false
	}
	if p.grow(n); first == nil {
		return true
	}
	if last := len(*first) - 1; (*first)[last] != p.end() {
		if slices.Contains(b.lent[:], &(*first)[last]) {
			*first = roomFor(*first, cap(*first)-len(*first))
		}
		(*first)[last] = p.end()
	}
	return true
}

// add appends a gate. It returns gate 0 if there is no room for it in 32-bit indices or in memory.
func (b *Builder) add(k gates.Kind, args ...uint32) Gate {
	c := &b.c
	g := Gate(len(c.kind))
	if len(c.kind) >= maxGates {
		b.fail(ErrTooLarge)
		return 0
	}
	if b.full || len(c.kind) == cap(c.kind) && !b.grows(len(c.kind), gateBytes) ||
		!c.args.fits(len(args)) && !pageRoom(b, &c.args, len(args), &c.first) {
		return 0
	}
	c.stageAt(g, b.stage)
	extend(&c.kind, 1)
	extend(&c.first, 1)
	c.kind = append(c.kind, k)
	in := c.args.next(len(args))
	switch len(args) { // most gates, without a call
	case 2:
		in[0], in[1] = args[0], args[1]
	default:
		copy(in, args)
	}
	c.args.take(len(args))
	c.first = append(c.first, c.args.end())
	return g
}

// longList is the length from which a list grows by a quarter only. Its copies take more time than those of a list that
// doubles, but half of the room would be empty at the end, and the memory is what bounds a circuit.
const longList = 1 << 18

// grown is the room of a list of n elements that has grown.
func grown(n int) int {
	if n < longList {
		return 2 * n
	}
	return n + n/4
}

// extend makes room for n more in s, and the room of [grown] if that is used up: append would copy a long list more
// often.
func extend[E any](s *[]E, n int) {
	if len(*s)+n > cap(*s) {
		*s = slices.Grow(*s, max(n, grown(len(*s))-len(*s)))
	}
}

// Input adds an input port of one bit.
func (b *Builder) Input(name string) Lit {
	return b.InputPort(name, Format{Kind: Unsigned}, 1)[0]
}

// Inputs adds n input ports of one bit each, named name[0] to name[n−1].
func (b *Builder) Inputs(name string, n int) []Lit {
	lits := make([]Lit, n)
	for i := range lits {
		lits[i] = b.Input(fmt.Sprintf("%s[%d]", name, i))
	}
	return lits
}

// name takes a name for a port.
func (b *Builder) name(side string, taken map[string]bool, name string) {
	if taken[name] {
		b.fail(fmt.Errorf("circuit: two %s ports are named %q", side, name))
	}
	taken[name] = true
}

// InputPort adds an input port of the given number of wires.
func (b *Builder) InputPort(name string, f Format, wires int) []Lit {
	b.name("input", b.inNames, name)
	if f.Kind == Weighted {
		b.fail(fmt.Errorf("circuit: input port %q: a weighted format has no unique code", name))
	}
	lits := make([]Lit, wires)
	for i := range lits {
		g := b.add(gates.Input)
		b.c.inputs = append(b.c.inputs, g)
		lits[i] = g.Lit()
	}
	b.c.inPorts = append(b.c.inPorts, Port{name, f, slices.Clone(lits)})
	return lits
}

// Output adds output ports of one bit each: a single literal gets the name itself, several get
// name[0], name[1] and so on.
func (b *Builder) Output(name string, lits ...Lit) {
	for i, l := range lits {
		n := name
		if len(lits) > 1 {
			n = fmt.Sprintf("%s[%d]", name, i)
		}
		b.OutputPort(n, Format{Kind: Unsigned}, l)
	}
}

// OutputPort adds an output port.
func (b *Builder) OutputPort(name string, f Format, wires ...Lit) {
	b.name("output", b.outNames, name)
	if f.Kind == Weighted && len(f.Weights) != len(wires) {
		b.fail(fmt.Errorf("circuit: output port %q has %d weights for %d wires", name, len(f.Weights), len(wires)))
	}
	b.c.outs = append(b.c.outs, Port{name, f, slices.Clone(wires)})
}

// OutputSum adds an output port for the value of s as it is: its wires are the
// gates of s, flattened, each with its weight. It costs no gate.
func (b *Builder) OutputSum(name string, s Sum) {
	from, weights := b.Flatten(s)
	wires := make([]Lit, len(from))
	for i, g := range from {
		wires[i] = g.Lit()
	}
	b.OutputPort(name, Format{Kind: Weighted, Offset: s.add, Weights: weights}, wires...)
}

// Circuit ends the build and returns the circuit. The builder must not be used
// afterwards. The error is the first thing that went wrong while building.
func (b *Builder) Circuit() (*Circuit, error) {
	c, err := b.Unchecked()
	if err != nil {
		return nil, err
	}
	c.clip()
	if err := c.Check(); err != nil { // such as a literal of another builder
		return nil, err
	}
	return c, nil
}

// Pruned is [Builder.Circuit] followed by [Circuit.Prune], in the same memory.
func (b *Builder) Pruned() (*Circuit, error) {
	c, err := b.Unchecked()
	if err != nil {
		return nil, err
	}
	if err := c.Check(); err != nil {
		return nil, err
	}
	c.pruneHere()
	return c, nil
}

// Unchecked is [Builder.Circuit] without [Circuit.Check], for those who make many circuits, each out of the
// one before, and check the last. The memory is not cut to what the circuit needs.
func (b *Builder) Unchecked() (*Circuit, error) {
	if b.err != nil {
		return nil, b.err
	}
	if len(b.nesting) > 0 {
		return nil, fmt.Errorf("circuit: stage %q was begun and not ended", b.c.StagePath(b.stage))
	}
	c := b.c
	*b = Builder{err: errors.New("circuit: the builder has already built its circuit")}
	return &c, nil
}
