package eval

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"sync"
	"sync/atomic"

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

	kernels *kernel.Kernels // nil means the best
	blocks  []reg           // logarithms of the blocks that columns are counted by; nil means what suits the kernels
	adders  bool            // no counters of 5, 7 and 15
	narrow  bool            // one tile at a time
	inOrder bool            // steps in the order of the gates
	deep    bool            // gates depth first, and those that are read twice made again soon
	fusing  fusing
	watch   func(wide bool, code []uint32) // told what is run, if not nil
}

// fusing says when logic is fused.
type fusing int

const (
	whenItPays fusing = iota
	atOnce
	never
)

// fuseFrom is how many tiles a plan runs before its logic is fused. That takes as long as it saves on so many.
const fuseFrom = 1 << 10

// Plan is a circuit compiled for evaluation: a straight line of steps over slots. It
// is immutable to its users and may be used by many goroutines at once. A plan that is run on half a million
// lanes compiles itself once more, with logic of two inputs fused to steps of up to three.
type Plan struct {
	c       *circuit.Circuit
	config  Config
	program atomic.Pointer[program]
	run     atomic.Int64 // tiles
	fuse    sync.Once
}

// Compile makes the plan of a circuit. Gates and sums that no output depends on are
// left out. It panics if the plan would have 2^31 values or more, or 2^28 at one time, which takes some
// hundred gigabytes.
func Compile(c *circuit.Circuit, config Config) *Plan {
	if config.kernels == nil {
		config.kernels = kernel.Best()
	}
	if config.Workers <= 0 {
		config.Workers = runtime.GOMAXPROCS(0)
	}
	p := &Plan{c: c, config: config}
	p.program.Store(compile(c, config, config.fusing == atOnce))
	return p
}

// prepare returns the program for so many tiles more.
func (p *Plan) prepare(tiles int) *program {
	if p.run.Add(int64(tiles)) >= fuseFrom && p.config.fusing == whenItPays {
		p.fuse.Do(func() {
			if st := p.program.Load().stats; 4*st.Steps[opcodeNames[opLogic]] > st.all() {
				p.program.Store(compile(p.c, p.config, true))
			}
		})
	}
	return p.program.Load()
}

// Inputs returns the number of input wires, Outputs the number of output wires.
func (p *Plan) Inputs() int { return len(p.c.Inputs()) }

// Outputs returns the number of output wires.
func (p *Plan) Outputs() int { return p.c.OutputCount() }

// Stats says what a plan is made of.
type Stats struct {
	Steps  map[string]int // by name of the step
	Slots  int            // values that live at one time, 64 bytes each
	Adders int            // full adders, those within counts included
}

// Stats counts the plan.
func (p *Plan) Stats() Stats {
	st := p.program.Load().stats
	st.Steps = maps.Clone(st.Steps)
	return st
}

// all is the number of steps.
func (st *Stats) all() (n int) {
	for _, steps := range st.Steps {
		n += steps
	}
	return n
}

// Run evaluates the circuit on all lanes of in, whose rows are the input wires in
// order, and returns the output wires.
func (p *Plan) Run(ctx context.Context, in *Vectors) (*Vectors, error) {
	if in.wires != p.Inputs() {
		return nil, fmt.Errorf("eval: %d input wires for a circuit with %d", in.wires, p.Inputs())
	}
	words := room.Product(p.Outputs(), (in.lanes+63)/64)
	if err := room.Ask("eval: the outputs of a circuit", room.Product(words, 8)); err != nil {
		return nil, err
	}
	out := NewVectors(p.Outputs(), in.lanes)
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
			q.in.reset(p.Inputs(), n)
			q.out.reset(p.Outputs(), n)
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

// tiles calls f for every tile, one or two in a row, from as many goroutines as the plan has workers.
func (p *Plan) tiles(ctx context.Context, lanes int, f func(m *machine, first, end int) error) error {
	count := (lanes + tileLanes - 1) / tileLanes
	program := p.prepare(count)
	workers, grain := min(p.config.Workers, count), 1
	if program.wide && count >= 2*workers {
		grain = 2
	}
	values := room.Sum(int64(program.stats.Slots), int64(p.Inputs()), int64(p.Outputs()))
	if err := room.Ask("eval: the values of a circuit", room.Product(int64(workers*grain), values, 8*tileWords)); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			m := newMachine(program, grain)
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
