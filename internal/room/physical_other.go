//go:build !linux

package room

// physical is assumed: the standard library cannot tell the memory of the machine here. GOMEMLIMIT sets another one.
func physical() Limit { return assumed }
