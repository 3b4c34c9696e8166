package chart

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"

	"github.com/tc0lab/tc0/internal/press"
)

// Decade is the power of ten that is at most v.
func Decade(v float64) float64 { return math.Pow(10, math.Floor(math.Log10(v))) }

// Every marks numbers at equal distances.
func Every(from, to, step float64) plot.ConstantTicks {
	var ticks plot.ConstantTicks
	for v := from; v <= to; v += step {
		ticks = append(ticks, plot.Tick{Value: v, Label: fmt.Sprint(v)})
	}
	return ticks
}

// Whole marks whole numbers up to a greatest one, five or so of them.
func Whole(most int) plot.ConstantTicks {
	step := 1
	for most/step > 6 {
		if fmt.Sprint(step)[0] == '2' {
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
	// The least ratio of two labelled n, so that about a dozen fit.
	apart := math.Max(1.1, math.Pow(float64(ns[len(ns)-1])/float64(ns[0]), 1.0/11))
	ticks := make(plot.ConstantTicks, len(ns))
	last := math.Inf(1)
	for i, v := range slices.Backward(ns) {
		n := float64(v)
		ticks[i].Value = n
		if n*apart <= last*1.0001 {
			ticks[i].Label, last = fmt.Sprint(v), n
		}
	}
	return ticks
}

// OneTwoFive marks 1, 2, 5, 10, 20 and so on, and 0.5, 0.2 and so on.
var OneTwoFive = plot.TickerFunc(func(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for p := Decade(low); p <= high; p *= 10 {
		for _, k := range []float64{1, 2, 5} {
			if v := k * p; v >= low && v <= high {
				ticks = append(ticks, plot.Tick{Value: v, Label: fmt.Sprintf("%.4g", v)})
			}
		}
	}
	return ticks
})

// PowersOfTen marks 1, 10, 100 and so on.
var PowersOfTen = plot.TickerFunc(func(low, high float64) []plot.Tick {
	return powers(math.Round(math.Log10(low)), math.Log10(high), 1, func(k int) string {
		switch k {
		case 0:
			return "1"
		case 1:
			return "10"
		}
		return "10" + press.Superscript(k)
	})
})

// Tenths marks powers of ten up to a greatest number, below 1 too: eight or so of them.
func Tenths(most float64) plot.TickerFunc {
	return func(low, high float64) []plot.Tick {
		from, to := math.Ceil(math.Log10(low)-0.001), math.Log10(math.Min(high, most))
		step := max(1, (int(math.Floor(to+0.001))-int(from))/8+1)
		return powers(from, to, step, func(k int) string {
			if k < -3 || k > 3 { // the font has no superscript minus
				return fmt.Sprintf("1e%d", k)
			}
			return fmt.Sprint(math.Pow(10, float64(k)))
		})
	}
}

// powers marks powers of ten from one exponent to another.
func powers(from, to float64, step int, label func(k int) string) []plot.Tick {
	var ticks []plot.Tick
	for k := int(from); k <= int(math.Floor(to+0.001)); k += step {
		ticks = append(ticks, plot.Tick{Value: math.Pow(10, float64(k)), Label: label(k)})
	}
	return ticks
}
