package sketch

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/internal/press"
)

// drawn makes the figure of a state.
func drawn(t testing.TB, s *explore.Session, hash string) *figure {
	t.Helper()
	state, err := explore.ParseHash(hash)
	if err != nil {
		t.Fatal(err)
	}
	args, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := s.Do("start", args)
	if err != nil {
		t.Fatal(err)
	}
	var seen start
	if err := json.Unmarshal(answer, &seen); err != nil {
		t.Fatal(err)
	}
	return newFigure(&seen, Config{Palette: press.Paper(), Width: usualWidth})
}

func session(t testing.TB, c *circuit.Circuit, err error) *explore.Session {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	s, err := explore.Open(c, explore.Options{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// long has ports and weights whose texts are long.
func long(t testing.TB) *explore.Session {
	t.Helper()
	b := circuit.NewBuilder()
	x := b.InputPort("an input of a long name[10,20]", circuit.Format{}, 12)
	b.Begin("a stage of a very long name")
	var all []circuit.Lit
	for k := range 6 {
		s := b.Linear()
		for i, l := range x {
			s.AddLit(circuit.NewInt(int64((i+1)*(k+2)*1001-20000)), l)
		}
		all = append(all, b.Threshold(s.Sum(), circuit.NewInt(int64(123456789*(k-2)))))
	}
	b.End()
	b.OutputPort("the output of a long name", circuit.Format{}, b.Xor(all...), b.And(all...))
	c, err := b.Circuit()
	return session(t, c, err)
}

func head(t testing.TB) *explore.Session {
	t.Helper()
	p, err := compile.Attention{Features: 1, Bits: 2}.Program(2)
	if err != nil {
		t.Fatal(err)
	}
	c, err := lower.Program(p, lower.MinDepth)
	return session(t, c, err)
}

// rectangle is where a text stands at most.
func (t *text) rectangle() frame {
	w := wide(t.words, t.size, t.bold)
	x := t.at[0]
	if !t.start {
		x -= w / 2
	}
	return frame{x, t.at[1] - 0.8*t.size, w, t.size}
}

func (f frame) holds(g frame) bool { return f.around(g) == f }

// No number stands on a shape or on another, no text is wider than what it is in, and nothing is
// outside the figure.
func TestNothingMeets(t *testing.T) {
	numbers := 0
	for _, test := range []struct {
		session *explore.Session
		hash    string
	}{
		{head(t), ""},
		{head(t), "open=in0,out0,p0,p1,q0,q1,s2,s3,s4,s5&bits=4.6"},
		{head(t), "open=in0,s2,s3&level=2&select=s4"},
		{head(t), "filter=cone.12.0&open=s3"},
		{long(t), "open=in0,out0,p0,q0,s1&bits=12.fff"},
		{long(t), "open=in0,out0,p0,q0,s1"},
		{long(t), "bits=12.a5a"},
	} {
		f := drawn(t, test.session, test.hash)
		numbers += len(f.numbers)
		for i := range f.numbers {
			at := f.numbers[i].rectangle()
			for _, s := range f.items {
				if at.meets(s.frame) {
					t.Errorf("%q: the number %s stands on %s", test.hash, f.numbers[i].words, s.title)
				}
			}
			for k := range i {
				if at.meets(f.numbers[k].rectangle()) {
					t.Errorf("%q: the number %s stands on %s", test.hash, f.numbers[i].words, f.numbers[k].words)
				}
			}
		}
		inside := func(what string, outer frame, texts []text) {
			for i := range texts {
				if at := texts[i].rectangle(); !outer.holds(at) {
					t.Errorf("%q: %s %q at %v is outside %v", test.hash, what, texts[i].words, at, outer)
				}
				for k := range i {
					if texts[i].rectangle().meets(texts[k].rectangle()) {
						t.Errorf("%q: %q stands on %q", test.hash, texts[i].words, texts[k].words)
					}
				}
			}
		}
		inside("a number", f.box, f.numbers)
		inside("the ruler", f.box, f.ruler)
		for _, s := range f.items {
			inside("in "+s.title, s.frame, s.texts)
		}
		for _, s := range f.frames {
			inside("in "+s.title, s.frame, s.texts)
		}
		for _, w := range f.wires {
			for _, p := range w.points {
				if !f.box.holds(frame{p[0], p[1], 0, 0}) {
					t.Errorf("%q: a line leaves the figure at %v", test.hash, p)
				}
			}
		}
	}
	if numbers < 50 {
		t.Errorf("only %d numbers were drawn", numbers)
	}
}

// A line of many says so by its number, and a number without room is counted.
func TestDroppedNumbersAreCounted(t *testing.T) {
	f := drawn(t, head(t), "open=in0,out0,p0,p1,q0,q1,s2,s3,s4,s5")
	want := 0
	for i := range f.View.Edges {
		if number(&f.View.Edges[i]) != "" {
			want++
		}
	}
	if got := len(f.numbers) + f.dropped; got != want || f.dropped == 0 {
		t.Errorf("%d numbers and %d without room, want %d", len(f.numbers), f.dropped, want)
	}
	if text := fmt.Sprint(f.dropped, " numbers are left out"); f.legendText() == "" || !contains(f.legend, text) {
		t.Errorf("the legend %q lacks %q", f.legendText(), text)
	}
}

func contains(list []string, part string) bool {
	for _, text := range list {
		if len(text) >= len(part) && text[:len(part)] == part {
			return true
		}
	}
	return false
}

func TestHalves(t *testing.T) {
	for name, want := range map[string][2]string{
		"block one/attention": {"block one/", "attention"},
		"first … second":      {"first …", "second"},
		"onewordalone":        {"onewordalone"},
	} {
		got := halves(name, wide("one/attention", 11, true), 11)
		for i, half := range got {
			if half != want[i] {
				t.Errorf("%q: %q, want %q", name, got, want)
			}
		}
	}
}

func TestNum(t *testing.T) {
	for x, want := range map[float64]string{0: "0", -0.001: "0", 1.5: "1.5", 2.346: "2.35", -10: "-10", 100: "100"} {
		if got := num(x); got != want {
			t.Errorf("%v: %s, want %s", x, got, want)
		}
	}
}
