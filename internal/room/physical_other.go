//go:build !linux

package room

// physical is assumed: the standard library has no word for the memory of the machine here. GOMEMLIMIT sets another one.
func physical() Limit { return assumed }
