package eval

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/internal/room"
)

const (
	tileWords = 8              // words of a value that one step computes: a cache line
	tileLanes = tileWords * 64 // input vectors a tile
)

// tile holds one value on the lanes of one tile.
type tile [tileWords]uint64

// Config chooses how a plan is run. The zero value is good.
type Config struct {
	Workers int // goroutines; 0 means one for each processor
}

// Plan is a circuit compiled for evaluation: a straight line of steps over slots. It
// is immutable and may be used by many goroutines at once.
type Plan struct {
	code
	slots   int
	workers int
}

// Compile makes the plan of a circuit. Gates and sums that no output depends on are
// left out. It panics if the plan would have 2^31 values or more, which takes some
// hundred gigabytes.
func Compile(c *circuit.Circuit, config Config) *Plan {
	p := &Plan{code: *generate(c), workers: config.Workers}
	if p.workers <= 0 {
		p.workers = runtime.GOMAXPROCS(0)
	}
	p.slots = p.allocate()
	return p
}

// Inputs returns the number of input wires, Outputs the number of output wires.
func (p *Plan) Inputs() int { return len(p.input) }

// Outputs returns the number of output wires.
func (p *Plan) Outputs() int { return len(p.output) }

// Stats says what a plan is made of.
type Stats struct {
	Steps  map[string]int // by name of the step
	Slots  int            // values that live at one time, 64 bytes each
	Adders int            // full adders, those within counts included
}

// Stats counts the plan.
func (p *Plan) Stats() Stats {
	st := Stats{Steps: map[string]int{}, Slots: p.slots}
	for _, s := range p.steps {
		st.Steps[opcodeNames[s.op]]++
		switch s.op {
		case opFull:
			st.Adders++
		case opCount:
			st.Adders += 7 * int(s.n)
		}
	}
	return st
}

// Run evaluates the circuit on all lanes of in, whose rows are the input wires in
// order, and returns the output wires.
func (p *Plan) Run(ctx context.Context, in *Vectors) (*Vectors, error) {
	if in.wires != len(p.input) {
		return nil, fmt.Errorf("eval: %d input wires for a circuit with %d", in.wires, len(p.input))
	}
	words := room.Product(len(p.output), (in.lanes+63)/64)
	if err := room.Ask("eval: the outputs of a circuit", room.Product(words, 8)); err != nil {
		return nil, err
	}
	out := NewVectors(len(p.output), in.lanes)
	err := p.tiles(ctx, in.lanes, func(m *machine, t int) error {
		m.evaluate(in, out, t)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// TileLanes is the number of lanes that Stream hands over at a time; the last tile
// has the rest.
const TileLanes = tileLanes

// Stream evaluates the circuit on the given number of lanes, a tile at a time, so
// that memory does not grow with the lanes. For tile t it calls fill with a matrix
// of zeros for lanes t·TileLanes on, and then drain with that matrix and the
// outputs, which are good until drain returns. Both are called from several
// goroutines at once, and the tiles come in no order. The first error stops all.
func (p *Plan) Stream(
	ctx context.Context, lanes int, fill func(t int, in *Vectors) error, drain func(t int, in, out *Vectors) error,
) error {
	return p.tiles(ctx, lanes, func(m *machine, t int) error {
		n := min(tileLanes, lanes-t*tileLanes)
		m.in.reset(len(p.input), n)
		m.out.reset(len(p.output), n)
		if err := fill(t, &m.in); err != nil {
			return err
		}
		m.evaluate(&m.in, &m.out, 0)
		return drain(t, &m.in, &m.out)
	})
}

// laneMask has ones in the first n lanes.
func laneMask(n int) (mask tile) {
	for w := range mask {
		switch rest := n - 64*w; {
		case rest >= 64:
			mask[w] = ^uint64(0)
		case rest > 0:
			mask[w] = 1<<rest - 1
		}
	}
	return mask
}

// tiles calls f for every tile, from as many goroutines as the plan has workers.
func (p *Plan) tiles(ctx context.Context, lanes int, f func(m *machine, t int) error) error {
	count := (lanes + tileLanes - 1) / tileLanes
	workers := min(p.workers, count)
	tiles := room.Sum(int64(p.slots), int64(len(p.input)), int64(len(p.output)))
	if err := room.Ask("eval: the values of a circuit", room.Product(int64(workers), tiles, 8*tileWords)); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			m := newMachine(p)
			for t := int(next.Add(1)) - 1; t < count && ctx.Err() == nil; t = int(next.Add(1)) - 1 {
				if err := f(m, t); err != nil {
					cancel(err)
				}
			}
		})
	}
	wait.Wait()
	return context.Cause(ctx)
}

// machine is the memory in which one goroutine evaluates a plan.
type machine struct {
	p       *Plan
	slots   []tile
	in, out Vectors // of a stream
}

func newMachine(p *Plan) *machine { return &machine{p: p, slots: make([]tile, p.slots)} }

// evaluate computes tile t of the lanes of in and writes it to the same tile of out.
func (m *machine) evaluate(in, out *Vectors, t int) {
	at := t * tileWords
	for i, slot := range m.p.input {
		if slot != 0 {
			copy(m.slots[slot][:], in.words[i*in.stride+at:])
		}
	}
	m.run()
	mask := laneMask(in.lanes - t*tileLanes)
	for i, slot := range m.p.output {
		row := out.words[i*out.stride+at : i*out.stride+at+tileWords]
		for w := range row {
			row[w] = (m.slots[slot][w] ^ m.p.flip[i]) & mask[w]
		}
	}
}
