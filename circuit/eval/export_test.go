package eval

// Kernels reports the ratios of the kernels on a circuit, to the benchmarks outside of the package.
var Kernels = kernels
