package sketch_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/explore/sketch"
)

// A crowd is a figure in SVG, with all its shapes, and is refused as TikZ.
func TestCrowd(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 201)
	for k := range 6 {
		b.Begin(fmt.Sprint("stage ", k))
		for i := range 200 {
			x[i] = b.And(x[i], x[i+1].Not())
		}
		b.End()
	}
	b.Output("y", x[:200]...)
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	s, err := explore.Open(c, explore.Options{Name: "crowd"})
	if err != nil {
		t.Fatal(err)
	}
	state := explore.State{Open: []string{"s1", "s2", "s3", "s4", "s5", "s6"}, Bits: strings.Repeat("10", 100) + "1"}
	for range 3 { // what unfolds into blocks
		view, err := explore.New(c, explore.Options{}).View(state)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range view.Items {
			if i.Fold && i.Kind == "block" {
				state.Open = append(state.Open, i.ID)
			}
		}
	}
	text, err := sketch.Write(s, state, "svg", sketch.Config{})
	if err != nil {
		t.Fatal(err)
	}
	circles := 0
	for d := xml.NewDecoder(strings.NewReader(string(text))); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if words, ok := token.(xml.CharData); ok && strings.HasPrefix(string(words), "∧") {
			circles++
		}
	}
	if circles < c.Size() {
		t.Errorf("%d of %d gates are drawn", circles, c.Size())
	}
	_, err = sketch.Write(s, state, "tex", sketch.Config{})
	const want = "TikZ is written of 1000 at most, which is a limit of this program: fold some, or write SVG"
	if err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("TikZ of a crowd: %v", err)
	}
}
