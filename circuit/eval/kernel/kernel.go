package kernel

// Words is the number of machine words of a value, 64 lanes each. Wide kernels compute twice as many.
const Words = 8

// Unit is what the numbers of values are multiplied by in code.
const Unit = 16

// MostValues is how many values code can name.
const MostValues = 1 << 32 / Unit

// Kernels runs code: on values of Words words and, if it can, on those of 2·Words.
type Kernels struct {
	Name string
	// TallWide is set if counts of many operands are not slower on 2·Words words. Where a value takes several
	// registers, a kernel goes through the operands as often, and twice as many bytes of them leave the nearest cache.
	TallWide     bool
	narrow, wide func(v []uint64, code []uint32)
}

// All returns what this processor can run, the fastest first. The last is portable Go.
func All() []*Kernels { return all }

var all = append(assembly(), &Kernels{Name: "portable", narrow: portable})

// Best returns the fastest.
func Best() *Kernels { return all[0] }

// Portable returns those in Go.
func Portable() *Kernels { return all[len(all)-1] }

// IsPortable reports whether k is in Go.
func (k *Kernels) IsPortable() bool { return k == Portable() }

// HasWide reports whether k computes 2·Words words of a value at a time.
func (k *Kernels) HasWide() bool { return k.wide != nil }

// Run runs code, which must end with a header of 0 and name only values that are in v, one after another.
// If wide is set they have 2·Words words. They should begin at a multiple of 64 bytes.
func (k *Kernels) Run(wide bool, v []uint64, code []uint32) {
	if wide {
		k.wide(v, code)
	} else {
		k.narrow(v, code)
	}
}

// Operations counts the steps in code by operation; a block is a step, and so is a list.
func Operations(code []uint32) map[uint32]int {
	found := map[uint32]int{}
	for code[0] != 0 {
		op, n := code[0]&0xff, int(code[0]>>8)
		code = code[1+length(op, n, code[1:]):]
		switch op {
		case AtLeast, XorN:
			n = 1
		}
		found[op] += n
	}
	return found
}
