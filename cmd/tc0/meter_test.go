package main

import (
	"testing"
	"time"
	"unicode/utf8"
)

func TestProgressLine(t *testing.T) {
	start := time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)
	p := progress{
		name: "building attention:n=2000,d=4,bits=3,kind=softmax", unit: "gates", done: 1_230_000, all: 2_460_000,
		part: 0.5, start: start,
	}
	unknown := progress{name: "reading c.tc0", start: start}
	few := progress{name: "verifying, all inputs", unit: "vectors", done: 64, all: 256, part: 0.25, start: start}
	for _, c := range []struct {
		p       progress
		width   int
		seconds int
		want    string
	}{
		{p, 40, 65, "building attention:n=2… 50 %, 1:05 left"},
		{p, 80, 65, "building attention:n=2000,d=4,bits=3,k… 1.23 M of 2.46 M gates, 50 %, 1:05 left"},
		{p, 20, 65, "bu… 50 %, 1:05 left"},
		{unknown, 40, 65, "reading c.tc0 1:05"},
		{few, 40, 20, "verifying, all inputs 25 %, 1:00 left"},
		{few, 80, 20, "verifying, all inputs ██████░░░░░░░░░░░░░░░░ 64 of 256 vectors, 25 %, 1:00 left"},
		{few, 10, 20, "… 25 %, 1"},
		{few, 0, 20, ""},
	} {
		got := c.p.line(c.width, start.Add(time.Duration(c.seconds)*time.Second))
		if n := utf8.RuneCountInString(got); n >= max(c.width, 1) {
			t.Errorf("%q has %d columns of %d", got, n, c.width)
		}
		if got != c.want {
			t.Errorf("in %d columns %q, want %q", c.width, got, c.want)
		}
	}
}

func TestClockAndRounded(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0:00", 61 * time.Second: "1:01", 3599 * time.Second: "59:59", 3661 * time.Second: "1:01 h",
	} {
		if got := clock(d); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1 k", 2_345_118: "2.35 M", 5e9: "5 G"} {
		if got := rounded(n); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
