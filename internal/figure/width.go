package figure

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Width is a width as --width has it: 8cm, 1200px, or a number whose unit goes by the format.
type Width struct {
	value float64
	Unit  string // cm, px or ""
}

// UnmarshalText reads a width.
func (w *Width) UnmarshalText(text []byte) error {
	number, unit := strings.ToLower(strings.TrimSpace(string(text))), ""
	for _, known := range []string{"cm", "px"} {
		if before, ok := strings.CutSuffix(number, known); ok {
			number, unit = strings.TrimSpace(before), known
		}
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || v <= 0 {
		return fmt.Errorf("%q is no width; one is 8cm, or 1200px for a .png", text)
	}
	*w = Width{v, unit}
	return nil
}

// Given reports whether there was a flag.
func (w Width) Given() bool { return w.value != 0 }

// Of returns the width of a figure in a format: of the column that it is made for in centimetres,
// or in pixels; 0 for that which was not asked for.
func (w Width) Of(format string) (cm float64, pixels int, err error) {
	switch pixel := w.Unit == "px" || w.Unit == "" && format == "png"; {
	case !w.Given():
		return 0, 0, nil
	case !pixel:
		return w.value, 0, nil
	case format != "png":
		return 0, 0, fmt.Errorf("--width: a .%s has a width in centimetres, such as 8cm; a .png may have one in pixels", format)
	case w.value != math.Trunc(w.value) || w.value > math.MaxInt32:
		return 0, 0, fmt.Errorf("--width: %v is not a number of pixels", w.value)
	}
	return 0, int(w.value), nil
}
