package kernel

import (
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"
)

// count is the number of values of the tests: those below fresh are operands, and the others are results.
const (
	count = 200
	fresh = 100
)

// writer makes code.
type writer struct {
	code []uint32
	draw func(n int) int
	next int // result
	used [operations]int
}

// operand draws a value, value 0 more often.
func (w *writer) operand() uint32 {
	if w.draw(8) == 0 {
		return 0
	}
	return uint32(w.draw(fresh)) * Unit
}

// result gives a value that is no operand of the same step.
func (w *writer) result() uint32 {
	w.next = (w.next + 1) % (count - fresh)
	return uint32(fresh+w.next) * Unit
}

func (w *writer) operands(n int) {
	for range n {
		w.code = append(w.code, w.operand())
	}
}

func (w *writer) results(n int) {
	for range n {
		w.code = append(w.code, w.result())
	}
}

// shape gives the numbers of operands and results of the steps that come in runs.
func shape(op uint32) (in, out int) {
	switch {
	case op < Pairs:
		return 2, 1
	case op < Kinds:
		return 3, 1
	}
	pair := map[uint32][2]int{
		Not: {1, 1}, Half: {2, 2}, Full: {3, 2}, Five: {5, 3}, Seven: {7, 3}, Fifteen: {15, 4},
	}[op]
	return pair[0], pair[1]
}

// levels has the logarithms of the blocks.
var levels = map[uint32]int{Eights: 3, Sixteens: 4, SixtyFours: 6}

// step writes a run of steps of an operation.
func (w *writer) step(op uint32) {
	n := 1 + w.draw(4)
	w.used[op] += n
	w.code = append(w.code, op|uint32(n)<<8)
	switch op {
	case Eights, Sixteens, SixtyFours:
		for range n {
			w.operands(1 << levels[op])
			w.results(1)
		}
		w.results(levels[op])
	case AtLeast:
		w.results(1)
		w.operands(1)
		for range n {
			w.code = append(w.code, w.operand()|uint32(w.draw(2)))
		}
	case AndN:
		w.code[len(w.code)-1] = op | 1<<8
		w.results(1)
		p, q := w.draw(40), w.draw(40)
		w.code = append(w.code, uint32(p), uint32(q))
		w.operands(p + q)
	case XorN:
		w.results(1)
		w.operands(n)
	default:
		in, out := shape(op)
		for range n {
			w.operands(in)
			if out == 1 && w.draw(2) == 0 { // in the place of an operand
				w.code = append(w.code, max(w.code[len(w.code)-1-w.draw(in)], Unit))
			} else {
				w.results(out)
			}
		}
	}
}

// naive runs code on one lane by what the package says of it.
func naive(v []int, code []uint32) {
	at := 0
	next := func() *int { at++; return &v[code[at-1]/Unit] }
	sum := func(n int) (s int) {
		for range n {
			s += *next()
		}
		return s
	}
	for code[at] != 0 {
		op, n := code[at]&0xff, int(code[at]>>8)
		at++
		switch op {
		case Eights, Sixteens, SixtyFours:
			total := 0
			for range n {
				total += sum(1 << levels[op])
				carry := total >> levels[op]
				*next() = carry
				total -= carry << levels[op]
			}
			for k := range levels[op] {
				*next() = total >> k & 1
			}
		case AtLeast:
			d, r := next(), *next()
			for range n {
				bit := int(code[at] & 1)
				r = (*next() + 1 - bit + r) / 2
			}
			*d = r
		case AndN:
			d, p, q := next(), int(code[at]), int(code[at+1])
			at += 2
			all := sum(p) == p
			if sum(q) == 0 && all {
				*d = 1
			} else {
				*d = 0
			}
		case XorN:
			d := next()
			*d = sum(n) % 2
		default:
			for range n {
				naiveStep(op, next, sum)
			}
		}
	}
}

func naiveStep(op uint32, next func() *int, sum func(n int) int) {
	in, _ := shape(op)
	switch op {
	case Not:
		x := 1 - *next()
		*next() = x
	case Half, Full, Seven, Fifteen:
		s := sum(in)
		for k := 0; 1<<k <= in; k++ {
			*next() = s >> k & 1
		}
	case Five:
		s := sum(3)
		carry := s / 2
		s = s%2 + sum(2)
		*next() = s % 2
		*next() = carry
		*next() = s / 2
	default:
		index := 4 * *next()
		index += 2 * *next()
		if op >= Pairs {
			index += *next()
		}
		*next() = int(Tables[op] >> index & 1)
	}
}

// aligned returns words from a multiple of 64 bytes on.
func aligned(n int) []uint64 {
	v := make([]uint64, n+7)
	for uintptr(unsafe.Pointer(&v[0]))%64 != 0 {
		v = v[1:]
	}
	return v[:n]
}

// compare runs code by all kernels, and by the definitions on some lanes. It returns a word for a difference.
func compare(code []uint32, seed uint64) string {
	rng := rand.New(rand.NewPCG(seed, 2))
	wide := aligned(count * 2 * Words)
	for i := range wide[2*Words:] {
		wide[2*Words+i] = rng.Uint64()
		if rng.IntN(4) == 0 { // whole words of one bit, so that wide conjunctions are decided, and are 1
			wide[2*Words+i] = -uint64(rng.IntN(2))
		}
	}
	half := func(h int) []uint64 {
		v := aligned(count * Words)
		for i := range count {
			copy(v[i*Words:][:Words], wide[i*2*Words+h*Words:])
		}
		return v
	}
	var want [2][]uint64
	for h := range want {
		want[h] = half(h)
		lanes := map[int][]int{}
		for range 8 {
			lane := rng.IntN(64 * Words)
			bits := make([]int, count)
			for i := range bits {
				bits[i] = int(want[h][i*Words+lane/64] >> (lane % 64) & 1)
			}
			naive(bits, code)
			lanes[lane] = bits
		}
		Portable().Run(false, want[h], code)
		for lane, bits := range lanes {
			for i, bit := range bits {
				if int(want[h][i*Words+lane/64]>>(lane%64)&1) != bit {
					return "the portable kernel differs from the definitions"
				}
			}
		}
	}
	start := slices.Clone(wide)
	for _, k := range All() {
		copy(wide, start)
		for h := range 2 {
			v := half(h)
			k.Run(false, v, code)
			if !slices.Equal(v, want[h]) {
				return k.Name + " differs on 8 words"
			}
		}
		if !k.HasWide() {
			continue
		}
		k.Run(true, wide, code)
		for h := range 2 {
			if !slices.Equal(half(h), want[h]) {
				return k.Name + " differs on 16 words"
			}
		}
	}
	return ""
}

func TestKernelsAgree(t *testing.T) {
	var used [operations]int
	for seed := range uint64(200) {
		w := &writer{draw: rand.New(rand.NewPCG(seed, 1)).IntN}
		for range 60 {
			w.step(uint32(w.draw(operations)))
		}
		if word := compare(append(w.code, 0), seed); word != "" {
			t.Fatalf("seed %d: %s", seed, word)
		}
		for op, n := range w.used {
			used[op] += n
		}
	}
	for op, n := range used {
		if n < 100 {
			t.Errorf("operation %d was tried %d times", op, n)
		}
	}
	for _, k := range All() {
		t.Logf("%s, wide: %v", k.Name, k.HasWide())
	}
}

// FuzzKernels makes code of bytes.
func FuzzKernels(f *testing.F) {
	f.Add([]byte("some steps of some operations"))
	f.Fuzz(func(t *testing.T, text []byte) {
		w := &writer{draw: func(n int) int {
			if len(text) == 0 {
				return 0
			}
			x := int(text[0]) % n
			text = text[1:]
			return x
		}}
		for len(text) > 0 && len(w.code) < 10_000 {
			w.step(uint32(w.draw(operations)))
		}
		if word := compare(append(w.code, 0), 1); word != "" {
			t.Fatal(word)
		}
	})
}

// A wide conjunction stops early, but what is after it is run.
func TestWideConjunctionThatIsDecided(t *testing.T) {
	for operands := range 70 {
		code := []uint32{AndN | 1<<8, 150 * Unit, uint32(operands), uint32(operands / 2)}
		for i := range operands + operands/2 {
			code = append(code, uint32(i%7)*Unit)
		}
		code = append(code, Not|1<<8, 150*Unit, 151*Unit, 0)
		if word := compare(code, uint64(operands)); word != "" {
			t.Fatalf("%d operands: %s", operands, word)
		}
	}
}
