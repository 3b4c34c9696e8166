package main

import (
	"math"
	"strconv"
	"strings"
)

// figureWidth is a width as --width has it: 8cm, 1200px, or a number whose unit goes by the format.
type figureWidth struct {
	value float64
	unit  string // cm, px or ""
}

// UnmarshalText reads a width.
func (w *figureWidth) UnmarshalText(text []byte) error {
	number, unit := strings.ToLower(strings.TrimSpace(string(text))), ""
	for _, known := range []string{"cm", "px"} {
		if before, ok := strings.CutSuffix(number, known); ok {
			number, unit = strings.TrimSpace(before), known
		}
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || v <= 0 {
		return errf("%q is no width; one is 8cm, or 1200px for a .png", text)
	}
	*w = figureWidth{v, unit}
	return nil
}

// given reports whether there was a flag.
func (w figureWidth) given() bool { return w.value != 0 }

// of returns the width of a figure in a format: of the column that it is made for in centimetres,
// or in pixels; 0 for that which was not asked for.
func (w figureWidth) of(format string) (cm float64, pixels int, err error) {
	switch pixel := w.unit == "px" || w.unit == "" && format == "png"; {
	case !w.given():
		return 0, 0, nil
	case !pixel:
		return w.value, 0, nil
	case format != "png":
		return 0, 0, errf("--width: a .%s has a width in centimetres, such as 8cm; a .png may have one in pixels", format)
	case w.value != math.Trunc(w.value) || w.value > math.MaxInt32:
		return 0, 0, errf("--width: %v is not a number of pixels", w.value)
	}
	return 0, int(w.value), nil
}
