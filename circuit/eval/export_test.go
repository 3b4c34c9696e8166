package eval

// Kernels reports the ratios of the kernels on a circuit, to the benchmarks outside of the package.
var Kernels = kernels

// Tiles reports the seconds of a tile for each kernel, and Median those of a call.
var (
	Tiles  = tiles
	Median = median
)
