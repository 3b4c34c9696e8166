//go:build !unix

package queue

// hold does nothing: what a worker leaves that is killed stays there.
func hold(string) (release func(), err error) { return func() {}, nil }

// sweep does nothing, for it would not know what is in use.
func sweep(string) {}
