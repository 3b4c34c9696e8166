package eval

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval/kernel"
	"github.com/tc0lab/tc0/internal/room"
)

const (
	tileWords = kernel.Words   // words of a value on a tile: a cache line
	tileLanes = tileWords * 64 // input vectors a tile
)

// Config chooses how a plan is run. The zero value is good.
type Config struct {
	Workers int // goroutines; 0 means one for each processor
	// EveryGate gives each logic gate a step of its own. Otherwise gates of two inputs are fused, three inputs a step.
	EveryGate bool

	kernels *kernel.Kernels // nil means the best
	blocks  []reg           // logarithms of the blocks that columns are counted by; nil means what suits the kernels
	narrow  bool            // one tile at a time
	inOrder bool            // steps in the order of the gates
	watch   func(wide bool, code []uint32)
}

// Plan is a circuit compiled for evaluation: a straight line of steps over slots. It
// is immutable and may be used by many goroutines at once.
type Plan struct {
	pieces  []piece
	kernels *kernel.Kernels
	wide    bool  // two tiles at a time, where there are enough of them
	input   []reg // slots
	output  []reg
	flip    []uint64 // by output: all ones if it is the complement of its slot
	stats   Stats
	workers int
	watch   func(wide bool, code []uint32) // told what is run, if not nil
}

// Compile makes the plan of a circuit. Gates and sums that no output depends on are
// left out. It panics if the plan would have 2^31 values or more, or 2^28 at one time, which takes some
// hundred gigabytes.
func Compile(c *circuit.Circuit, config Config) *Plan {
	p := &Plan{kernels: config.kernels, workers: config.Workers, watch: config.watch}
	if p.kernels == nil {
		p.kernels = kernel.Best()
	}
	p.wide = p.kernels.HasWide() && !config.narrow
	if p.workers <= 0 {
		p.workers = runtime.GOMAXPROCS(0)
	}
	blocks := config.blocks
	if blocks == nil {
		blocks = []reg{6, 4, 3}
		if p.kernels.IsPortable() { // it has too few registers for more
			blocks = []reg{3}
		}
	}
	code := generate(c, blocks)
	if !config.EveryGate {
		code.fuse()
	}
	if !config.inOrder {
		code.schedule()
	}
	slots := code.allocate()
	if slots > kernel.MostValues {
		panic("eval: the plan has too many values at one time")
	}
	p.pieces, p.stats = code.encode(), code.stats(slots)
	p.input, p.output, p.flip = code.input, code.output, code.flip
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
	st := p.stats
	st.Steps = maps.Clone(st.Steps)
	return st
}

func (c *code) stats(slots int) Stats {
	st := Stats{Steps: map[string]int{}, Slots: slots}
	var steps [numOpcodes]int
	for i := range c.steps.count {
		s := c.steps.at(i)
		steps[s.op]++
		switch s.op {
		case opFull:
			st.Adders++
		case opFixed:
			st.Adders += map[uint32]int{5: 2, 7: 4, 15: 11}[s.n]
		case opCount:
			st.Adders += (1<<s.e - 1) * int(s.n)
		}
	}
	for op, n := range steps {
		if n > 0 {
			st.Steps[opcodeNames[op]] = n
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
	err := p.tiles(ctx, in.lanes, func(m *machine, first, end int) error {
		var parts [2]part
		for t := first; t < end; t++ {
			parts[t-first] = part{in, out, t}
		}
		m.evaluate(parts[:end-first]...)
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
	return p.tiles(ctx, lanes, func(m *machine, first, end int) error {
		var parts [2]part
		for t := first; t < end; t++ {
			q := part{&m.in[t-first], &m.out[t-first], 0}
			n := min(tileLanes, lanes-t*tileLanes)
			q.in.reset(len(p.input), n)
			q.out.reset(len(p.output), n)
			if err := fill(t, q.in); err != nil {
				return err
			}
			parts[t-first] = q
		}
		m.evaluate(parts[:end-first]...)
		for t := first; t < end; t++ {
			if err := drain(t, parts[t-first].in, parts[t-first].out); err != nil {
				return err
			}
		}
		return nil
	})
}

// laneMask has ones in the first n lanes.
func laneMask(n int) (mask [tileWords]uint64) {
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

// tiles calls f for every tile, one or two in a row, from as many goroutines as the plan has workers.
func (p *Plan) tiles(ctx context.Context, lanes int, f func(m *machine, first, end int) error) error {
	count := (lanes + tileLanes - 1) / tileLanes
	workers, grain := min(p.workers, count), 1
	if p.wide && count >= 2*workers {
		grain = 2
	}
	values := room.Sum(int64(p.stats.Slots), int64(len(p.input)), int64(len(p.output)))
	if err := room.Ask("eval: the values of a circuit", room.Product(int64(workers*grain), values, 8*tileWords)); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			m := newMachine(p, grain)
			for ctx.Err() == nil {
				end := int(next.Add(int64(grain)))
				first := end - grain
				if first >= count {
					break
				}
				if err := f(m, first, min(end, count)); err != nil {
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
	values  []uint64   // of all slots in turn, from a multiple of 64 bytes on
	in, out [2]Vectors // of a stream
}

// newMachine returns a machine for so many tiles at a time.
func newMachine(p *Plan, tiles int) *machine {
	values := make([]uint64, p.stats.Slots*tileWords*tiles+tileWords-1)
	for uintptr(unsafe.Pointer(&values[0]))%(8*tileWords) != 0 {
		values = values[1:]
	}
	return &machine{p: p, values: values}
}

// part is tile t of the lanes of two matrices.
type part struct {
	in, out *Vectors
	t       int
}

// evaluate computes the outputs on one or two tiles.
func (m *machine) evaluate(parts ...part) {
	words := tileWords * len(parts)
	clear(m.values[:words])
	for h, q := range parts {
		for i, slot := range m.p.input {
			if slot != 0 {
				copy(m.values[int(slot)*words+h*tileWords:][:tileWords], q.in.words[i*q.in.stride+q.t*tileWords:])
			}
		}
	}
	m.run(len(parts))
	for h, q := range parts {
		mask := laneMask(q.in.lanes - q.t*tileLanes)
		for i, slot := range m.p.output {
			value := m.values[int(slot)*words+h*tileWords:][:tileWords]
			row := q.out.words[i*q.out.stride+q.t*tileWords:][:tileWords]
			for w := range row {
				row[w] = (value[w] ^ m.p.flip[i]) & mask[w]
			}
		}
	}
}

// run computes all steps on so many tiles.
func (m *machine) run(tiles int) {
	for i := range m.p.pieces {
		piece := &m.p.pieces[i]
		if m.p.watch != nil {
			m.p.watch(tiles == 2, piece.code)
		}
		m.p.kernels.Run(tiles == 2, m.values, piece.code)
		if piece.mod != nil {
			piece.mod.run(m.values, tiles*tileWords)
		}
	}
}
