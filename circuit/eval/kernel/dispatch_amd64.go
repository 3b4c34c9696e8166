//go:build !purego

package kernel

import "golang.org/x/sys/cpu"

// assembly returns the kernels that the processor has instructions for. The flag HasAVX512 would stay set where
// GODEBUG=cpu.avx512f=off says not to use them.
func assembly() (list []*Kernels) {
	if cpu.X86.HasAVX512F {
		list = append(list, &Kernels{
			Name:     "AVX-512",
			TallWide: true,
			narrow:   func(v []uint64, code []uint32) { run512x8(&v[0], &code[0]) },
			wide:     func(v []uint64, code []uint32) { run512x16(&v[0], &code[0]) },
		})
	}
	if cpu.X86.HasAVX2 {
		list = append(list, &Kernels{
			Name:   "AVX2",
			narrow: func(v []uint64, code []uint32) { run256x8(&v[0], &code[0]) },
			wide:   func(v []uint64, code []uint32) { run256x16(&v[0], &code[0]) },
		})
	}
	return list
}
