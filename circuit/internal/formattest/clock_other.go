//go:build !linux

package formattest

import "time"

var start = time.Now()

// Clock returns the seconds that have gone by.
func Clock() float64 { return time.Since(start).Seconds() }
