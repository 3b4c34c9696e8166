//go:build !linux

package eval

import "time"

var start = time.Now()

// clock returns the seconds that have gone by.
func clock() float64 { return time.Since(start).Seconds() }
