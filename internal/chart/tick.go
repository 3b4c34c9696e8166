package chart

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"

	"github.com/tc0lab/tc0/internal/press"
)

// Every marks numbers at equal distances, and parts of them between: ones, halves or fifths.
func Every(from, to, step float64) plot.ConstantTicks {
	parts := 2.0
	if step == math.Trunc(step) && step <= 5 {
		parts = step
	} else if strings.HasSuffix(strings.TrimRight(number(step), "0"), "5") {
		parts = 5
	}
	return marked(from, to, step, parts)
}

// Even marks four or so multiples of 1, 2 or 5 times a power of ten.
var Even = plot.TickerFunc(func(low, high float64) []plot.Tick {
	if !bounded(low, high) {
		return nil
	}
	step := math.Pow10(int(math.Floor(math.Log10((high - low) / 2))))
	for _, times := range []float64{2, 2.5, 2} { // 2, 5, 10
		if (high-low)/step > 5 {
			step *= times
		}
	}
	return Every(math.Ceil(low/step-1e-9)*step, high, step)
})

// marked labels numbers at equal distances, and marks the ends of their parts.
func marked(from, to, step, parts float64) plot.ConstantTicks {
	var ticks plot.ConstantTicks
	if step <= 0 || !(to-from < 1000*step) { // no axis has so many
		return ticks
	}
	for i := 0.0; from+step*i/parts <= to+step/1e6; i++ {
		tick := plot.Tick{Value: from + step*i/parts}
		if math.Mod(i, parts) == 0 {
			tick.Label = number(tick.Value)
		}
		ticks = append(ticks, tick)
	}
	return ticks
}

// Whole marks whole numbers up to a greatest one, and labels five or so of them.
func Whole(most int) plot.ConstantTicks {
	step := 1
	for most/step > 6 {
		if number(float64(step))[0] == '2' {
			step = step / 2 * 5
		} else {
			step *= 2
		}
	}
	return Every(0, float64(most), float64(step))
}

// At marks numbers on a logarithmic axis, and labels those that leave room for it, the
// last one always.
func At(ns []int) plot.ConstantTicks {
	ns = slices.Compact(slices.Sorted(slices.Values(ns)))
	if len(ns) == 0 {
		return nil
	}
	// The least ratio of two labelled n, so that their digits fit beside each other.
	most := ns[len(ns)-1]
	fit := min(11, 38/(len(strconv.Itoa(most))+1))
	apart := math.Max(1.1, math.Pow(float64(most)/float64(ns[0]), 1/float64(fit)))
	ticks := make(plot.ConstantTicks, len(ns))
	last := math.Inf(1)
	for i, v := range slices.Backward(ns) {
		n := float64(v)
		ticks[i].Value = n
		if n*apart <= last*1.0001 {
			ticks[i].Label, last = strconv.Itoa(v), n
		}
	}
	return ticks
}

// Decades marks powers of ten and their multiples on a logarithmic axis. It labels the powers, eight
// or so, or of an axis with few of them 1, 2, 5, 10, 20 and so on.
var Decades = plot.TickerFunc(func(low, high float64) []plot.Tick {
	if !bounded(low, high) || low <= 0 {
		return nil
	}
	from, to := int(math.Floor(math.Log10(low))), int(math.Ceil(math.Log10(high)))
	var inside []int
	for k := from; k <= to; k++ {
		if v := math.Pow10(k); v >= low && v <= high {
			inside = append(inside, k)
		}
	}
	few := len(inside) < 3
	write := func(k int) string { return number(math.Pow10(k)) }
	if !few && (inside[0] < -2 || inside[len(inside)-1] > 3) {
		write = power10
	}
	step := len(inside)/8 + 1
	var ticks []plot.Tick
	for k := from; k <= to; k++ {
		for m := 1.0; m <= 9; m++ {
			v := m * math.Pow10(k)
			power := m == 1 && len(inside) > 0 && (k-inside[0])%step == 0
			if v < low || v > high || m > 1 && step > 1 {
				continue
			}
			tick := plot.Tick{Value: v}
			switch {
			case few && (m == 1 || m == 2 || m == 5 || high < 9*low && (m < 6 || m == 7) || high < 3*low):
				tick.Label = number(v)
			case !few && power:
				tick.Label = write(k)
			}
			ticks = append(ticks, tick)
		}
	}
	return ticks
})

// bounded tells whether there are numbers between two, and not too many to mark.
func bounded(low, high float64) bool {
	return low < high && !math.IsInf(low, 0) && !math.IsInf(high, 0)
}

// power10 writes a power of ten.
func power10(k int) string {
	switch {
	case k == 0:
		return "1"
	case k == 1:
		return "10"
	case k < 0:
		return "10⁻" + press.Superscript(-k)
	}
	return "10" + press.Superscript(k)
}

// widened returns the bounds of a logarithmic axis with a little room around what is drawn.
func widened(low, high float64) (wideLow, wideHigh float64) {
	room := math.Pow(high/low, 0.04)
	return low / room, high * room
}
