package compile

import "github.com/tc0lab/tc0/compile/program"

// Generic weights stand in for trained ones in families: they are fixed by formula
// from the indices and a seed, the same for every n, and none of them is 0, so that
// no wire of the construction is lost by luck.

// genericMatrix returns a matrix with entries in ±1..±top, none of them 0. The tag
// tells apart the matrices of one block.
func genericMatrix(rows, columns int, top int64, seed uint64, tag string) *program.Matrix {
	for _, b := range []byte(tag) {
		seed = mix(seed ^ uint64(b))
	}
	return program.NewMatrix(rows, columns, func(i, j int) int64 {
		h := mix(mix(seed^uint64(i)) ^ uint64(j)<<32)
		w := int64(h>>1%uint64(top)) + 1
		if h&1 == 1 {
			return -w
		}
		return w
	})
}

// genericBias returns a bias of the given length with entries in ±1..±top.
func genericBias(length int, top int64, seed uint64, tag string) []int64 {
	return genericMatrix(1, length, top, seed, tag).Data
}

// mix is the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
func mix(x uint64) uint64 {
	x += 0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}
