package netlist

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestOrder compares random graphs of a few gates with what brute force says of them: an order
// has each gate after those that it reads, and a loop is one that is there.
func TestOrder(t *testing.T) {
	answers := map[bool]int{}
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 1))
		n := 1 + r.IntN(9)
		reads := make([][]int32, n)
		for i := range reads {
			for range r.IntN(3) {
				reads[i] = append(reads[i], int32(r.IntN(n+2)-2))
			}
		}
		order, err := Order(n, func(g int32, k int) (int32, bool) {
			if k == len(reads[g]) {
				return 0, false
			}
			return reads[g][k], true
		}, gateAt)
		answers[err == nil]++
		if loops := hasLoop(reads); loops != (err != nil) {
			t.Fatalf("%v: order %v, error %v", reads, order, err)
		}
		if err == nil {
			checkOrder(t, reads, order)
		} else {
			checkLoop(t, reads, err.Error())
		}
	}
	if answers[true] < 100 || answers[false] < 100 {
		t.Errorf("answers %v: the graphs are no test", answers)
	}
}

// gateAt is gate g under its number, at line g+1.
func gateAt(g int32) Token {
	return Token{Text: strconv.AppendInt(nil, int64(g), 10), Pos: Pos{int(g) + 1, 1}}
}

// hasLoop reports whether a gate reaches itself, by closing the relation.
func hasLoop(reads [][]int32) bool {
	reach := make([][]bool, len(reads))
	for i, list := range reads {
		reach[i] = make([]bool, len(reads))
		for _, h := range list {
			if h >= 0 {
				reach[i][h] = true
			}
		}
	}
	for k := range reads {
		for i := range reads {
			for j := range reads {
				reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
			}
		}
	}
	for i := range reads {
		if reach[i][i] {
			return true
		}
	}
	return false
}

func checkOrder(t *testing.T, reads [][]int32, order []int32) {
	t.Helper()
	for place, g := range order {
		for _, h := range reads[g] {
			if at := slices.Index(order, h); h >= 0 && at >= place {
				t.Fatalf("%v: order %v", reads, order)
			}
		}
	}
	if len(order) != len(reads) {
		t.Fatalf("%v: order %v", reads, order)
	}
}

// checkLoop asserts that a message is about gates each of which the next one reads.
func checkLoop(t *testing.T, reads [][]int32, message string) {
	t.Helper()
	var loop []int32
	_, text, named := strings.Cut(message, "the gates ")
	for part := range strings.SplitSeq(text, " -> ") {
		g, line := 0, 0
		if n, _ := fmt.Sscanf(part, "%d (%d:1)", &g, &line); n == 2 && line != g+1 {
			t.Fatalf("%v: %s", reads, message)
		}
		loop = append(loop, int32(g))
	}
	if !named { // line 3:1: "2": depends on itself
		line := 0
		if _, err := fmt.Sscanf(message, "line %d:1:", &line); err != nil {
			t.Fatal(err)
		}
		loop = []int32{int32(line - 1), int32(line - 1)}
	}
	if strings.Contains(message, "more gates") { // the longest are not named in full
		return
	}
	for i, g := range loop[1:] {
		if !slices.Contains(reads[g], loop[i]) {
			t.Fatalf("%v: %s", reads, message)
		}
	}
	if n := len(loop) - 1; loop[0] != loop[n] || named && n < 2 {
		t.Fatalf("%v: %s", reads, message)
	}
}

// TestOrderLongLoop asserts that the message of a long loop is short, and that a very long
// chain is not searched.
func TestOrderLongLoop(t *testing.T) {
	for n, want := range map[int]string{
		20: `line 1:1: "0": depends on itself: the gates 0 (1:1) -> 19 (20:1) -> 18 (19:1) -> 17 (18:1) -> 16 (17:1) -> ` +
			`15 (16:1) -> 14 (15:1) -> 13 (14:1) -> 12 more gates -> 0 form a loop`,
		mostWaiting + 1: `line 1:1: "0": depends on itself`,
	} {
		_, err := Order(n, func(g int32, k int) (int32, bool) { return (g + 1) % int32(n), k == 0 }, gateAt)
		if err == nil || err.Error() != want {
			t.Errorf("a loop of %d gates: %v, want %s", n, err, want)
		}
	}
}
