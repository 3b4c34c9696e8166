package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/internal/table"
)

// count writes an integer with its digits in groups of three.
func count[T int | int64 | uint64](n T) string { return table.Grouped(fmt.Sprint(n)) }

// plural writes a count with its noun.
func plural[T int | int64 | uint64](n T, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return count(n) + " " + noun + "s"
}

// seconds writes a duration.
func seconds(s float64) string {
	switch {
	case s < 0.001:
		return "under 1 ms"
	case s < 1:
		return strconv.Itoa(int(s*1000+0.5)) + " ms"
	}
	return fmt.Sprintf("%.1f s", s)
}

// commas joins names.
func commas(names []string) string { return strings.Join(names, ", ") }

// joined writes values one after another.
func joined[T any](values []T, between string) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = fmt.Sprint(v)
	}
	return strings.Join(parts, between)
}
