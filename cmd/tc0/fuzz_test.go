package main

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// FuzzLists reads the lists of numbers that flags give.
func FuzzLists(f *testing.F) {
	for _, text := range []string{
		"1..5", "8,2..16*2,3", "1..10+3", "7-0,9", "0-", "1..9223372036854775806*3037000500", "9223372036854775806..9223372036854775807",
		"1..5000000000000000000*3037000500", "1..9223372036854775807*4294967296",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if ns, err := parseN("n", text); err == nil {
			if len(ns) == 0 || len(ns) > mostN || ns[0] < 1 || !slices.IsSorted(ns) {
				t.Fatalf("%q is %d numbers, %v", text, len(ns), ns)
			}
			if ns[len(ns)-1] == math.MaxInt && !strings.Contains(text, "9223372036854775807") {
				t.Fatalf("%q has no end: %v", text, ns)
			}
		} else if !strings.HasPrefix(err.Error(), "--n=") {
			t.Fatalf("error %v", err)
		}
		wires, err := parseOrder("order", text)
		if err == nil && (len(wires) > mostWires || len(wires) > 0 && slices.Min(wires) < 0) {
			t.Fatalf("%q is %d wires, %v", text, len(wires), wires)
		}
		if _, err := parseSteps(text); err != nil && !strings.HasPrefix(err.Error(), "--steps=") {
			t.Fatalf("error %v", err)
		}
	})
}
