package eval

import "unsafe"

// machine is the memory in which one goroutine evaluates a plan.
type machine struct {
	p       *program
	values  []uint64   // of all slots in turn, from a multiple of 64 bytes on
	in, out [2]Vectors // of a stream
}

// newMachine returns a machine for so many tiles at a time.
func newMachine(p *program, tiles int) *machine {
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
