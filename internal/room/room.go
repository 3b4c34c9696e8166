// Package room says how much memory a command may take, and refuses what would take more. A program that runs out of
// memory is killed, and with it what else the machine does; one that asks first can say what is too large.
package room

import (
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"sync/atomic"
)

// Limit is a number of bytes, and what sets it.
type Limit struct {
	Bytes int64
	By    string // such as "GOMEMLIMIT"
}

// share of the limit may be taken by data that are in use. The rest is for the garbage between two collections, for
// stacks, and for what is not asked for.
const share = 0.7

// unset is what the runtime has as its limit if there is none.
const unset = math.MaxInt64

// tamed is the limit that Tame gave the runtime; 0 if it gave none.
var tamed atomic.Int64

// given returns what limits this process: GOMEMLIMIT, or whatever else set the limit of the runtime, else what the
// system says.
func given() Limit {
	if set := debug.SetMemoryLimit(-1); set != unset && set != tamed.Load() {
		return Limit{set, "GOMEMLIMIT"}
	}
	return system()
}

// system is the limit of the control group or the memory of the machine, whichever is less.
var system = sync.OnceValue(func() Limit {
	limit := physical()
	if group, ok := controlGroup("/"); ok && group.Bytes < limit.Bytes {
		limit = group
	}
	return limit
})

// Bound returns how many bytes of data may be in use, and what limits them: a share of GOMEMLIMIT if that is set, else
// of the limit of the control group, else of the memory of the machine.
func Bound() Limit {
	l := given()
	return Limit{int64(share * float64(l.Bytes)), fmt.Sprintf("%.0f %% of the %s of %s", 100*share, Text(l.Bytes), l.By)}
}

// Tame has the collector of garbage keep to the limit of the system, too, unless a limit is set already. A command
// calls it when it starts.
func Tame() {
	if debug.SetMemoryLimit(-1) == unset {
		limit := int64((1 + share) / 2 * float64(system().Bytes))
		tamed.Store(limit)
		debug.SetMemoryLimit(limit)
	}
}

// Error says that something would take more memory than there is for it.
type Error struct {
	What  string // what needs it
	Need  int64  // bytes; [math.MaxInt64] if they are more
	Live  int64  // bytes of data in use already
	Bound Limit
	Hint  string // how to need less, with what separates it from the rest; "" if that is not known
}

func (e *Error) Error() string {
	need := Text(e.Need)
	switch e.Need {
	case 0: // what was made is too much already
		need = "more"
	case math.MaxInt64:
		need = "more than 9 EB"
	}
	if e.Live > 0 {
		need += " beside the " + Text(e.Live) + " in use"
	}
	return fmt.Sprintf("%s: this needs %s, and may have %s of memory, %s%s", e.What, need, Text(e.Bound.Bytes), e.Bound.By,
		e.Hint)
}

// Text writes a number of bytes.
func Text(bytes int64) string {
	size, unit := float64(bytes)/1e6, "MB"
	switch {
	case bytes < 100_000:
		size, unit = float64(bytes)/1e3, "kB"
	case size >= 1000:
		size, unit = size/1000, "GB"
	}
	return fmt.Sprintf("%.3g %s", size, unit)
}

// liveBytes reads how many bytes of objects there are, those included that nobody uses any more.
func liveBytes() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// least is what is not worth asking for.
const least = 1 << 16

// Ask returns an [*Error] if so many bytes more than are in use are beyond the bound. What says what needs them.
func Ask(what string, bytes int64) error {
	if bytes > 0 && bytes < least {
		return nil
	}
	bound, live := Bound(), liveBytes()
	if live <= bound.Bytes-bytes {
		return nil
	}
	if bytes <= bound.Bytes { // some of the objects may be garbage
		runtime.GC()
		if live = liveBytes(); live <= bound.Bytes-bytes {
			return nil
		}
	}
	if live < bound.Bytes/100 {
		live = 0 // not worth a word
	}
	return &Error{What: what, Need: bytes, Live: live, Bound: bound}
}

// Must is Ask for code that returns no error. It panics with the error; [Catch] returns it.
func Must(what string, bytes int64) {
	if err := Ask(what, bytes); err != nil {
		panic(err)
	}
}

// Catch makes the panic of Must the error of a function. To be deferred.
func Catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case *Error:
		*err = r
	default:
		panic(r)
	}
}

// Product multiplies numbers from 0 on. It is [math.MaxInt64] if the product is beyond that.
func Product[T int | int64](numbers ...T) int64 {
	product := int64(1)
	for _, n := range numbers {
		switch {
		case n == 0:
			return 0
		case product > math.MaxInt64/int64(n):
			product = math.MaxInt64
		default:
			product *= int64(n)
		}
	}
	return product
}

// Sum adds numbers from 0 on. It is [math.MaxInt64] if the sum is beyond that.
func Sum(numbers ...int64) (sum int64) {
	for _, n := range numbers {
		if sum > math.MaxInt64-n {
			return math.MaxInt64
		}
		sum += n
	}
	return sum
}
