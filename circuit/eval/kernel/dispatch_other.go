//go:build !amd64 || purego

package kernel

// assembly returns nothing: there are no kernels but those in Go.
func assembly() []*Kernels { return nil }
